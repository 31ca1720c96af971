// A test's end of a server that `handlesfake serve` or the fixture mpsd_server has started; copy it, it needs nothing.
// MPSD_CONTROL is what the ready line calls "control". TypeScript reads its types from handlesfake.d.mts.

/** What can be asked of a server; of one world of it, where `url` is that of a world. */
export function control(url = process.env.MPSD_CONTROL, record = undefined) {
  if (!url) throw new Error("MPSD_CONTROL does not say where the server is: `handlesfake serve -- COMMAND` sets it");
  async function call(method, path, body, accept = "application/json") {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(url + path, { method, body: sent, headers: { Accept: accept } });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(text.trimEnd()), { status: answer.status }); // a failed claim reads as in Python
    return text && accept === "application/json" ? JSON.parse(text) : text || undefined;
  }
  const own = {
    /** Version, mode, addresses and counts. */
    about: () => call("GET", "/"),
    /** Back to how the server began; of a world, to how the world began. */
    reset: () => call("POST", "/reset"),

    // ---- state

    /** Add what a state file says: `{users: [{role: "host"}], sessions: [{name: "lobby-1", members: ["host"]}]}`. */
    arrange: (state) => call("POST", "/state", state),
    /** The same, instead of the whole present state. */
    replace: (state) => call("PUT", "/state", state),
    /** The whole state, as a state file. */
    state: () => call("GET", "/state"),
    /** Users, sessions and handles as they are now. */
    overview: () => call("GET", "/overview"),
    /** Keep everything as it is now, under a name. */
    snapshot: (name) => call("PUT", at`/snapshots/${name}`),
    /** Go back to what was kept. */
    restore: (name) => call("POST", at`/snapshots/${name}/restore`),
    /** The names of what was kept. */
    snapshots: () => call("GET", "/snapshots"),

    // ---- users

    /** The user of a role, made at the first call, and what is said of it: `xuid`, `gamertag`, `authorization`, `headers`. */
    user: (role, words = {}) => call("PUT", at`/users/${role}`, words),
    /** Make a user, who need not have a role: `{xuid: "9000000000000042"}`. */
    addUser: (words = {}) => call("POST", "/users", words),
    /** The user of a role, who must be there. */
    knownUser: (role) => call("GET", at`/users/${role}`),
    /** All users that have a role. */
    users: () => call("GET", "/users"),
    /** From now on the user's tokens so far are answered 401. */
    expire: (role) => call("POST", at`/users/${role}/expire`),
    /** The user with one more token, which is good. */
    renew: (role) => call("POST", at`/users/${role}/renew`),
    /** The title's own service, and its headers for players: `{users: ["host"]}`. */
    service: (words = {}) => call("POST", "/service", words),
    /** The same for the tokens of the title's service. */
    expireService: (words = {}) => call("POST", "/service/expire", words),
    /** One more token of the service. */
    renewService: (words = {}) => call("POST", "/service/renew", words),

    // ---- claims, and what was sent

    /** Claim what was sent: `claim("invited", {xuids: ["guest"], within: 1})`; throws with the nearest thing that was. */
    claim: (name, words = {}) => call("POST", at`/assert/${name}`, words),
    /** Wait until nothing has come for so long: `{seconds: 0.2}`. */
    settle: (words = {}) => call("POST", "/settle", words),
    /** What was sent: `sent({operation: "create_handle", count: 2, wait: 1})` waits a second for two. */
    sent: async (words = {}) => (await own.journal(words)).entries,
    /** The same with `next`, which is the next `since`, and how many requests are no longer kept whole. */
    journal: (words = {}) => call("GET", `/journal?${new URLSearchParams(words)}`),
    /** The same for people. */
    timeline: (words = {}) => call("GET", `/journal?${new URLSearchParams(words)}`, undefined, "text/plain"),
    /** Forget what was sent; numbers count on. */
    forget: () => call("DELETE", "/journal"),
    /** The invites that MPSD accepted, in order. */
    invites: () => call("GET", "/invites"),
    /** The activities that MPSD accepted, in order. */
    activities: () => call("GET", "/activities"),
    /** What the test left unsaid and the fake took for granted. */
    assumptions: () => call("GET", "/assumptions"),
    /** What a recording did not hold. */
    unanswered: () => call("GET", "/unanswered"),
    /** That was wanted: it fails no claim. */
    wanted: () => call("DELETE", "/unanswered"),

    // ---- bad days

    /** Add rules, as a rule file has them: `[{when: {operation: "create_handle"}, then: {refuse: "throttled"}}]`. */
    rules: (rules) => call("POST", "/rules", { rules }),
    /** The rules, and how often each matched and acted; `{fired: 0}`: those that never acted. */
    ruleCounts: (words = {}) => call("GET", `/rules?${new URLSearchParams(words)}`),
    /** Remove the rule of a name. */
    removeRule: (name) => call("DELETE", at`/rules/${name}`),
    /** Remove all of them. */
    removeRules: () => call("DELETE", "/rules"),
    /** Move the service's time: `clock({advance: "2h"})`, `clock({freeze: true})`. */
    clock: (words) => call("POST", "/clock", words),
    /** The server's time, and whether it stands still. */
    now: () => call("GET", "/clock"),
    /** Answer open questions otherwise: `choices({invite_to_self: 400})`, or by the name of a set, `choices("realistic")`. */
    choices: (said) => call("POST", "/choices", said),
    /** The same, and all others as usual. */
    onlyChoices: (said = {}) => call("PUT", "/choices", said),
    /** How each open question is answered now. */
    chosen: () => call("GET", "/choices"),

    // ---- requests that wait

    /** Keep requests waiting: `hold({operation: "create_handle"})`; `release()` lets them go. */
    hold: (words = {}) => call("POST", "/hold", words),
    /** The holds, and who waits there; `{count: 2, wait: 5}` waits five seconds for two. */
    holds: (words = {}) => call("GET", `/hold?${new URLSearchParams(words)}`),
    /** The `count` requests that wait at a hold, once they do; throws where fewer have come in `wait` seconds. */
    held: async (count = 1, { wait = 5, ...words } = {}) => {
      const waiting = (await own.holds({ ...words, count, wait })).flatMap((hold) => hold.waiting);
      return enough(waiting, count, wait, "requests wait");
    },
    /** Let `{count: 1}` of them go, or all. */
    release: (words = {}) => call("POST", "/release", words),

    // ---- the push channel

    /** What was pushed to each user, or would have been: `{who: "host", session: "lobby-1", count: 2, wait: 5}`. */
    taps: (words = {}) => call("GET", `/taps?${new URLSearchParams(words)}`),
    /** At least `count` taps, once they have come; throws if fewer have come in `wait` seconds. */
    tapped: async (count = 1, { wait = 5, ...words } = {}) =>
      enough(await own.taps({ ...words, count, wait }), count, wait, "taps came"),
    /** The open push connections, and whose each is. */
    connections: () => call("GET", "/connections"),
    /** Break the push connection of a role, a xuid or a ConnectionId: `drop("host", {code: 1001})`, `{mute: true}`. */
    drop: (who, words = {}) => call("POST", at`/connections/${who}/drop`, words),
    /** Tell a client that it may have missed something. */
    resync: (who) => call("POST", at`/connections/${who}/resync`),

    // ---- worlds

    /**
     * A separate world for one test of many that run at the same time: `world({name: t.name, test: t})`. It ends with
     * the test, with `end()`, at the end of an `await using`, and after an hour without use.
     */
    world: async ({ test, ...words } = {}) => {
      const begin = (name) => call("POST", "/worlds", { expires_after: 3600, ...words, name });
      const made = await begin(words.name).catch((error) => {
        if (!/^there is a world/.test(error.message)) throw error; // of a run that was killed, or of another file
        return begin(`${words.name} ${Date.now().toString(36)}`);
      });
      const world = control(made.control, made);
      test?.after(() => world.end());
      return world;
    },
    /** The existing worlds. */
    worlds: () => call("GET", "/worlds"),
    /** What the server says of one of them, by id or name. */
    aboutWorld: (name) => call("GET", at`/worlds/${name}`),
    /** Restart its time, `{expires_after: 120}`. */
    renewWorld: (name, words = {}) => call("POST", at`/worlds/${name}/renew`, words),
    /** Let it end as if its time were over. */
    expireWorld: (name) => call("POST", at`/worlds/${name}/expire`),
    /** End it. */
    endWorld: (name) => call("DELETE", at`/worlds/${name}`),

    /** All of these calls, described. */
    description: () => call("GET", "/openapi.json"),
  };
  if (record) {
    const server = control(record.control.slice(0, record.control.lastIndexOf("/worlds/")));
    /** What POST /worlds has answered: `id`, `name`, `control`, `users`. */
    own.record = record;
    /** End this world; ending it twice is not an error. */
    own.end = () => server.endWorld(record.id).catch((error) => { if (error.status !== 410) throw error; });
    if (Symbol.asyncDispose) own[Symbol.asyncDispose] = own.end;
  }
  return own;
}

/** An address: what is put into it may hold anything. */
function at(parts, ...said) {
  return String.raw({ raw: parts }, ...said.map(encodeURIComponent));
}

function enough(found, count, wait, what) {
  if (found.length >= count) return found;
  throw new Error(`${found.length} ${what} within ${wait} seconds, and not ${count}`);
}
