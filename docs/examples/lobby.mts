// The same in TypeScript: `node lobby.mts` from Node 23.6 on, else `tsc` first. Throws where the lobby is not shown.
import { control, type SessionRef } from "./handlesfake.mjs";

declare const process: { env: Record<string, string | undefined> };
const ref: SessionRef = { scid: "7e570100-1111-4222-8333-444455556666", templateName: "FakeLobby", name: "lobby-1" };

const fake = control();
await fake.reset();
await fake.arrange({ users: [{ role: "host" }], sessions: [{ name: "lobby-1", members: ["host"] }] });
const host = await fake.user("host");
await fetch(`${process.env.MPSD_URL}/handles`, {
  method: "POST",
  headers: { ...host.headers, "Content-Type": "application/json" },
  body: JSON.stringify({ type: "activity", version: 1, sessionRef: ref }),
});
const { holds } = await fake.claim("activity", { user: "host", session: "lobby-1" });
const [entry] = await fake.sent({ operation: "create_handle" });
console.log(`${entry.operation} ${entry.type}: ${entry.status}, ${holds}`);
