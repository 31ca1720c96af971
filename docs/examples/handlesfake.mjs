// A test's end of a server that `handlesfake serve` or the fixture mpsd_server has started; copy it, it needs nothing.
// MPSD_CONTROL is what the ready line calls "control". TypeScript reads its types from handlesfake.d.mts.

/** What can be asked of a server; of one world of it, where `url` is that of a world. */
export function control(url = process.env.MPSD_CONTROL) {
  async function call(method, path, body) {
    const answer = await fetch(url + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text); // a failed claim reads as it does in Python
    return text ? JSON.parse(text) : undefined;
  }
  return {
    /** Back to how the server began. */
    reset: () => call("POST", "/reset"),
    /** Add what a state file says: `{users: [{role: "host"}], sessions: [{name: "lobby-1", members: ["host"]}]}`. */
    arrange: (state) => call("POST", "/state", state),
    /** The user of a role, made at the first call: `xuid`, `gamertag`, `authorization`, `headers`. */
    user: (role) => call("PUT", `/users/${encodeURIComponent(role)}`),
    /** Add rules, as a rule file has them: `[{when: {operation: "create_handle"}, then: {refuse: "throttled"}}]`. */
    rules: (rules) => call("POST", "/rules", { rules }),
    /** Claim what was sent: `claim("invited", {xuids: ["guest"], within: 1})`; throws with the nearest thing that was. */
    claim: (name, words = {}) => call("POST", `/assert/${name}`, words),
    /** What was sent: `sent({operation: "create_handle", count: 2, wait: 1})` waits a second for two. */
    sent: async (words = {}) => (await call("GET", `/journal?${new URLSearchParams(words)}`)).entries,
    /** Move the service's time: `clock({advance: "2h"})`, `clock({freeze: true})`. */
    clock: (words) => call("POST", "/clock", words),
    /** Answer open questions otherwise: `choices({invite_to_self: 400})`, or by the name of a set, `choices("realistic")`. */
    choices: (said) => call("POST", "/choices", said),
    /** Break the push connection of a role, a xuid or a ConnectionId: `drop("host", {code: 1001})`, `{mute: true}`. */
    drop: (who, words = {}) => call("POST", `/connections/${encodeURIComponent(who)}/drop`, words),
    /** The open push connections, and whose each is. */
    connections: () => call("GET", "/connections"),
    /** Keep requests waiting: `hold({operation: "create_handle"})`; `release()` lets them go. */
    hold: (words = {}) => call("POST", "/hold", words),
    /** Let `{count: 1}` of them go, or all. */
    release: (words = {}) => call("POST", "/release", words),
    /** A world of its own for one test of many that run at the same time. */
    world: async () => control((await call("POST", "/worlds")).control),
  };
}
