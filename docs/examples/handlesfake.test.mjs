// node --test: what the helper can, tried against a server on a real port. It reads as examples, too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control } from "./handlesfake.mjs";

const mpsd = process.env.MPSD_URL;
const ref = { scid: "7e570100-1111-4222-8333-444455556666", templateName: "FakeLobby", name: "lobby-1" };
const session = `/serviceconfigs/${ref.scid}/sessionTemplates/${ref.templateName}/sessions/${ref.name}`;
const activity = { type: "activity", version: 1, sessionRef: ref };

async function send(user, method, path, body) {
  const headers = { ...user.headers, "Content-Type": "application/json" };
  return (await fetch(mpsd + path, { method, headers, body: body && JSON.stringify(body) })).status;
}
const show = (user) => send(user, "POST", "/handles", activity);
const inviteOf = (invitedXuid) => ({ type: "invite", version: 1, sessionRef: ref, invitedXuid, inviteAttributes: { titleId: "1234567890" } });

/** A world of the test, in which a host is in a lobby, and a guest is not. */
async function party(t) {
  const fake = await control().world({ name: t.name, test: t });
  await fake.arrange({ users: [{ role: "host" }, { role: "guest" }], sessions: [{ name: "lobby-1", members: ["host"] }] });
  return fake;
}

test("a world has the test's name, its users, and a time to live", async (t) => {
  const fake = await control().world({ name: t.name, users: ["host"], expires_after: 60, test: t });
  const here = (await control().worlds()).filter((one) => one.id === fake.record.id);
  assert.deepEqual(here.map((one) => [one.name, one.expires_after]), [[t.name, 60]]);
  assert.equal((await control().aboutWorld(t.name)).world.id, fake.record.id);
  assert.equal((await control().renewWorld(t.name, { expires_after: 120 })).expires_after, 120);
  assert.equal(fake.record.users.host.role, "host");
});

test("a name that is taken is no trouble for the next run", async (t) => {
  const [one, other] = [await control().world({ name: t.name, test: t }), await control().world({ name: t.name, test: t })];
  assert.equal(one.record.name, t.name);
  assert.ok(other.record.name.startsWith(`${t.name} `));
});

test("a world ends by itself, and what ends it again is no mistake", async (t) => {
  const fake = await control().world({ name: t.name, users: ["host"] });
  await control().expireWorld(fake.record.id);
  await assert.rejects(fake.about(), { status: 410 });
  assert.equal(await show(fake.record.users.host), 401);
  await fake.end();
});

test("a world ends with `await using`, or when the test says", async () => {
  const fake = await control().world();
  await (Symbol.asyncDispose ? fake[Symbol.asyncDispose]() : fake.end()); // older than Node 18.18
  await assert.rejects(fake.about(), { status: 410 });
  await assert.rejects(control().endWorld(fake.record.id), { status: 410 });
  await assert.rejects(control().aboutWorld("no such world"), { status: 404 });
});

test("a snapshot is gone back to", async (t) => {
  const fake = await party(t);
  await fake.snapshot("before");
  assert.equal(await show(await fake.user("host")), 201);
  await fake.restore("before");
  assert.deepEqual(await fake.snapshots(), ["before"]);
  assert.deepEqual(await fake.sent(), []);
  await fake.claim("no_activity", { user: "host" });
});

test("tokens expire, and are renewed", async (t) => {
  const fake = await party(t);
  const host = await fake.user("host");
  await fake.expire("host");
  assert.equal(await show(host), 401);
  assert.equal(await show(await fake.renew("host")), 201);
});

test("the title's own service has tokens that expire and are renewed, too", async (t) => {
  const fake = await party(t);
  const read = async (service) => send(service, "GET", session);
  const service = await fake.service({ users: ["host"] });
  assert.equal(await read(service), 200);
  await fake.expireService();
  assert.equal(await read(service), 401);
  assert.notEqual((await fake.renewService()).authorization, service.authorization);
});

test("users are made, found and named", async (t) => {
  const fake = await party(t);
  assert.equal((await fake.addUser({ xuid: "9000000000000042", gamertag: "Far" })).gamertag, "Far");
  assert.equal((await fake.user("a/b c", { follows: ["host"] })).role, "a/b c");
  assert.equal((await fake.knownUser("a/b c")).role, "a/b c");
  assert.deepEqual((await fake.users()).map((one) => one.role), ["host", "guest", "a/b c"]);
  await assert.rejects(fake.knownUser("hots"), /did you mean 'host'/);
});

test("requests wait, one goes on, then the others", async (t) => {
  const fake = await party(t);
  await fake.hold({ operation: "create_handle" });
  const host = await fake.user("host");
  const sent = [show(host), show(host)];
  assert.deepEqual(await fake.held(2), [{ method: "POST", target: "/handles" }, { method: "POST", target: "/handles" }]);
  await fake.release({ count: 1 });
  assert.equal(await Promise.race(sent), 201);
  assert.equal((await fake.held(1)).length, 1);
  assert.deepEqual((await fake.holds()).map((one) => one.name), ["create_handle"]);
  await fake.release();
  assert.deepEqual(await Promise.all(sent), [201, 201]);
});

test("who waits for requests that do not come is told", async (t) => {
  const fake = await party(t);
  await fake.hold({ operation: "create_handle" });
  await assert.rejects(fake.held(1, { wait: 0.01 }), /^Error: 0 requests wait within 0.01 seconds, and not 1$/);
});

test("a tap is waited for", async (t) => {
  const fake = await party(t);
  const waiting = fake.tapped(1, { who: "host", session: "lobby-1", wait: 30 });
  const subscription = { id: "22222222-2222-4222-8222-222222222222", changeTypes: ["everything"] };
  const system = { active: true, connection: "11111111-1111-4111-8111-111111111111", subscription };
  const host = await fake.user("host");
  await send(host, "PUT", session, { members: { me: { properties: { system } } } });
  await send(host, "PUT", session, { properties: { custom: { map: "dust" } } });
  const [tap] = await waiting;
  assert.deepEqual([tap.xuid, tap.connection, tap.sessionRef.name], [host.xuid, system.connection, "lobby-1"]);
  await assert.rejects(fake.tapped(1, { who: "guest", wait: 0.01 }), /^Error: 0 taps came within 0.01 seconds, and not 1$/);
});

test("who has no connection cannot lose it", async (t) => {
  const fake = await party(t);
  assert.deepEqual(await fake.connections(), []);
  await assert.rejects(fake.drop("host", { mute: true }), /there is no connection of Host/);
  await assert.rejects(fake.resync("host"), /there is no connection 'host'/);
});

test("time stands, and moves as the test says", async (t) => {
  const fake = await party(t);
  await fake.clock({ freeze: true, set: "2026-01-06T10:00:00Z" });
  assert.deepEqual(await fake.clock({ advance: "2h" }), { now: "2026-01-06T12:00:00+00:00", frozen: true });
  assert.deepEqual(await fake.now(), { now: "2026-01-06T12:00:00+00:00", frozen: true });
});

test("a rule acts, is counted, and goes", async (t) => {
  const fake = await party(t);
  const busy = { name: "busy", when: { type: "activity" }, then: { refuse: "throttled" } };
  await fake.rules([busy, { ...busy, name: "idle", when: { type: "invite" } }]);
  const host = await fake.user("host");
  assert.equal(await show(host), 429);
  assert.deepEqual((await fake.ruleCounts({ fired: 0 })).map((one) => one.name), ["idle"]);
  await fake.removeRule("busy");
  assert.equal(await show(host), 201);
  await fake.removeRules();
  assert.deepEqual(await fake.ruleCounts(), []);
});

test("open questions are answered as the test says, and as usual again", async (t) => {
  const fake = await party(t);
  assert.equal((await fake.choices({ invite_to_self: 400 })).invite_to_self, 400);
  assert.equal((await fake.onlyChoices("realistic")).invite_to_self, 201);
  assert.equal((await fake.chosen()).tap_interval, 2.6);
});

test("what was sent is waited for, told and forgotten", async (t) => {
  const fake = await party(t);
  const waiting = fake.journal({ operation: "create_handle", count: 2, wait: 30 });
  const [host, guest] = [await fake.user("host"), await fake.user("guest")];
  await show(host);
  await send(host, "POST", "/handles", inviteOf(guest.xuid));
  const { entries, next } = await waiting;
  assert.deepEqual(entries.map((one) => one.type), ["activity", "invite"]);
  assert.equal(next, 2);
  assert.match(await fake.timeline({ newest: 1 }), /create_handle invite/);
  assert.deepEqual((await fake.invites()).map((one) => one.invitedXuid), [guest.xuid]);
  assert.deepEqual((await fake.activities()).map((one) => one.sessionRef.name), ["lobby-1"]);
  await fake.settle({ seconds: 0.01 });
  await fake.forget();
  assert.deepEqual(await fake.sent(), []);
});

test("claims hold, or say what was sent instead", async (t) => {
  const fake = await party(t);
  const [host, guest] = [await fake.user("host"), await fake.user("guest")];
  await fake.claim("no_invites");
  await fake.claim("not_invited", { xuids: ["guest"] });
  await show(host);
  await send(host, "POST", "/handles", inviteOf(guest.xuid));
  await fake.claim("invited", { xuids: ["guest"], by: "host", session: "lobby-1", times: 1, within: 1 });
  await fake.claim("activity", { user: "host", session: "lobby-1" });
  await fake.claim("no_activity", { user: "guest" });
  await fake.claim("sent", { operation: "create_handle", fields: { type: "invite" }, times: 1 });
  await fake.claim("not_sent", { operation: "put_session" });
  await fake.claim("in_order", { steps: [["create_handle", { type: "activity" }], ["create_handle", { type: "invite" }]] });
  await fake.claim("no_assumptions");
  await fake.claim("all_answered");
  await assert.rejects(fake.claim("invited", { xuids: ["host"] }), { status: 409, message: /was not invited/ });
});

test("what was left unsaid is told, and nothing was unanswered", async (t) => {
  const fake = await control().world({ users: ["host"], test: t });
  assert.equal(await show(await fake.user("host")), 201);
  assert.ok((await fake.assumptions()).map((one) => one.question).includes("session"));
  assert.deepEqual(await fake.unanswered(), []);
  await fake.wanted();
});

test("the state is read, replaced and reset", async (t) => {
  const fake = await party(t);
  const state = await fake.state();
  await fake.replace({ users: ["far"] });
  assert.deepEqual((await fake.overview()).users.map((one) => one.role), ["far"]);
  await fake.replace(state);
  assert.equal((await fake.about()).sessions, 1);
  await fake.reset();
  assert.equal((await fake.about()).sessions, 0);
  assert.equal((await fake.description()).openapi, "3.1.0");
});
