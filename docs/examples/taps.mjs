// node --experimental-websocket taps.mjs: hear over the push channel that a session has changed.
import { arrange, user } from "./handlesfake.mjs";

const { MPSD_URL, MPSD_RTA } = process.env;
const host = await user("host");
const { nonce } = await (await fetch(new URL("/nonce", MPSD_URL), { headers: host.headers })).json();
const socket = new WebSocket(`${MPSD_RTA}?nonce=${nonce}`, "rta.xboxlive.com.V2");
const frames = [];
let wake = () => {};
socket.onmessage = ({ data }) => { frames.push(JSON.parse(data)); wake(); };
const hear = async () => {
  while (!frames.length) await new Promise((resolve) => { wake = resolve; });
  return frames.shift();
};
await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
socket.send('[1,1,"https://sessiondirectory.xboxlive.com/connections/"]');
const connection = (await hear())[4].ConnectionId;

const subscription = { id: "11111111-1111-4111-8111-111111111111", changeTypes: ["everything"] };
const system = { active: true, connection, subscription };
const path = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1";
const headers = { ...host.headers, "Content-Type": "application/json" };
const body = JSON.stringify({ members: { me: { properties: { system } } } });
await fetch(MPSD_URL + path, { method: "PUT", headers, body });
const own = (await hear())[2].shoulderTaps[0];

await arrange({ users: [{ role: "guest" }], sessions: [{ name: "lobby-1", members: ["guest"] }] });
const tap = (await hear())[2].shoulderTaps[0];
console.log(tap.resource, tap.changeNumber > own.changeNumber);
socket.close();
