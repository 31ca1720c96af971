// The same in TypeScript: `node lobby.mts` from Node 23.6 on, else `tsc` first. Throws where the lobby is not shown.
import { control, type Entry, type Held, type SessionRef, type Time, type World } from "./handlesfake.mjs";

declare const process: { env: Record<string, string | undefined> };
const ref: SessionRef = { scid: "7e570100-1111-4222-8333-444455556666", templateName: "FakeLobby", name: "lobby-1" };

const fake: World = await control().world({ name: "the lobby in TypeScript", users: ["host"], expires_after: 60 });
try {
  await fake.arrange({ sessions: [{ name: "lobby-1", members: ["host"] }] });
  await fake.snapshot("before");
  await fake.hold({ operation: "create_handle" });
  const sent = fetch(`${process.env.MPSD_URL}/handles`, {
    method: "POST",
    headers: { ...fake.record.users.host.headers, "Content-Type": "application/json" },
    body: JSON.stringify({ type: "activity", version: 1, sessionRef: ref }),
  });
  const waiting: Held[] = await fake.held(1);
  await fake.release({ count: waiting.length });
  await sent;

  const { holds } = await fake.claim("activity", { user: "host", session: "lobby-1" });
  const [entry]: Entry[] = await fake.sent({ operation: "create_handle", count: 1, wait: 5 });
  console.log(`${entry.operation} ${entry.type}: ${entry.status}, ${holds}`);

  const { frozen }: Time = await fake.clock({ freeze: true, advance: "2h" });
  await fake.restore("before");
  console.log(`${frozen}: ${(await fake.sent()).length} requests, ${(await fake.taps({ who: "host" })).length} taps`);
} finally {
  await fake.end();
}
