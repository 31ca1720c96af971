// A lobby from beginning to end, by a program that knows nothing but the service's own addresses: create, show, invite,
// query, join, leave; the host hears of the others over the push channel. Sign-in gives tokens and xuids: here the
// environment does. Node 22 or newer; Node 20 with --experimental-websocket.
const MPSD = "https://sessiondirectory.xboxlive.com";
const RTA = "rta.xboxlive.com";
const SCID = "7e570100-1111-4222-8333-444455556666";
const ref = { scid: SCID, templateName: "FakeLobby", name: "lobby-1" };
const session = `/serviceconfigs/${ref.scid}/sessionTemplates/${ref.templateName}/sessions/${ref.name}`;
const host = { xuid: process.env.HOST_XUID, token: process.env.HOST_TOKEN };
const guest = { xuid: process.env.GUEST_XUID, token: process.env.GUEST_TOKEN };

async function call(who, method, path, body) {
  const headers = { Authorization: who.token, "x-xbl-contract-version": "107", "Content-Type": "application/json" };
  const answer = await fetch(MPSD + path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return { status: answer.status, ...(text ? JSON.parse(text) : {}) };
}

/** The push channel of a user: `hear()` gives the next frame, `connection` is what a member record names. */
async function listen(who) {
  const headers = { Authorization: who.token };
  const { nonce } = await (await fetch(`https://${RTA}/nonce`, { headers })).json();
  const socket = new WebSocket(`wss://${RTA}/connect?nonce=${nonce}`, "rta.xboxlive.com.V2");
  const frames = [];
  let wake = () => {};
  socket.onmessage = ({ data }) => { frames.push(JSON.parse(data)); wake(); };
  const hear = async () => {
    while (!frames.length) await new Promise((resolve) => { wake = resolve; });
    return frames.shift();
  };
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  socket.send(`[1,1,"${MPSD}/connections/"]`);
  const [, , , , { ConnectionId: connection }] = await hear();
  return { connection, hear, close: () => socket.close() };
}

/** Tell of a tap: `[3, 0, {shoulderTaps: [{resource, changeNumber, branch}], ...}]`. */
function tapped(frame) {
  for (const { resource, changeNumber } of frame[2].shoulderTaps) console.log(`  tap: ${resource.split("~").at(-1)} change ${changeNumber}`);
}

const channel = await listen(host);
const subscription = { id: "11111111-1111-4111-8111-111111111111", changeTypes: ["everything"] };
const active = { constants: { system: { initialize: true } }, properties: { system: { active: true } } };
const heard = { ...active, properties: { system: { active: true, connection: channel.connection, subscription } } };

console.log("create  ", (await call(host, "PUT", session, { members: { me: heard } })).status);
console.log("activity", (await call(host, "POST", "/handles", { type: "activity", version: 1, sessionRef: ref })).status);
tapped(await channel.hear());  // of one's own activity: a write does not tap the subscription that it makes
const invite = { type: "invite", version: 1, sessionRef: ref, invitedXuid: guest.xuid, inviteAttributes: { titleId: "1234567890" } };
console.log("invite  ", (await call(host, "POST", "/handles", invite)).status);

const query = { type: "activity", scid: SCID, owners: { xuids: [host.xuid] } };
const { results } = await call(guest, "POST", "/handles/query?include=relatedInfo", query);
console.log("query   ", results.length, "activity of the host");
console.log("join    ", (await call(guest, "PUT", `/handles/${results[0].id}/session`, { members: { me: active } })).status);
tapped(await channel.hear());
console.log("leave   ", (await call(guest, "PUT", session, { members: { me: null } })).status, "the guest");
tapped(await channel.hear());
console.log("leave   ", (await call(host, "PUT", session, { members: { me: null } })).status, "the host");
channel.close();
