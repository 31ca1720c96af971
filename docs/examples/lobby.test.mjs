// node --test: a lobby bot in JavaScript, met by a server on a real port.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { control } from "./handlesfake.mjs";

const mpsd = process.env.MPSD_URL; // a bot of yours has this in its settings
let fake;

async function invite(host, sessionRef, invitedXuid) {
  const body = { type: "invite", version: 1, sessionRef, invitedXuid, inviteAttributes: { titleId: "1234567890" } };
  const headers = { ...host.headers, "Content-Type": "application/json" };
  return fetch(`${mpsd}/handles`, { method: "POST", headers, body: JSON.stringify(body) });
}

const lobby = { scid: "7e570100-1111-4222-8333-444455556666", templateName: "FakeLobby", name: "lobby-1" };

beforeEach(async (t) => {
  fake = await control().world({ name: t.name, test: t }); // each test has a world, and its tokens lead there
  await fake.arrange({
    users: [{ role: "host" }, { role: "guest" }],
    sessions: [{ name: "lobby-1", members: ["host"] }],
  });
});

test("the guest is invited", async () => {
  const [host, guest] = [await fake.user("host"), await fake.user("guest")];
  const answer = await invite(host, lobby, guest.xuid);
  assert.equal(answer.status, 201);
  await fake.claim("invited", { xuids: ["guest"], by: "host", session: "lobby-1", times: 1 });
});

test("a failure says what was sent instead", async () => {
  await invite(await fake.user("host"), lobby, "3210");
  await assert.rejects(fake.claim("invited", { xuids: ["guest"] }), /was not invited/);
});

test("who has no connection cannot be mute, and open questions are answered as the test says", async () => {
  assert.deepEqual(await fake.connections(), []);
  await assert.rejects(fake.drop("host", { mute: true }), /there is no connection of Host/);
  assert.equal((await fake.choices({ invite_to_self: 400 })).invite_to_self, 400);
  const host = await fake.user("host");
  assert.equal((await invite(host, lobby, host.xuid)).status, 400);
});

test("a busy service is met", async () => {
  await fake.rules([{ name: "busy", when: { type: "invite" }, then: { refuse: "throttled" } }]);
  const answer = await invite(await fake.user("host"), lobby, "3210");
  assert.equal(answer.status, 429);
  const [entry] = await fake.sent({ type: "invite" });
  assert.equal(entry.decided_by, "rule 'busy'");
});
