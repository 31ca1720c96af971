// A test's end of a server that `handlesfake serve` or the fixture mpsd_server has started; copy it, it needs nothing.
// MPSD_CONTROL is what the ready line calls "control".
const control = process.env.MPSD_CONTROL;

async function call(method, path, body) {
  const answer = await fetch(control + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text); // a failed claim reads as it does in Python
  return text ? JSON.parse(text) : undefined;
}

/** Back to how the server began. */
export const reset = () => call("POST", "/reset");

/** Add what a state file says: `{users: [{role: "host"}], sessions: [{name: "lobby-1", members: ["host"]}]}`. */
export const arrange = (state) => call("POST", "/state", state);

/** The user of a role: `xuid`, `gamertag`, `authorization`, `headers`. */
export const user = (role) => call("GET", `/users/${role}`);

/** Add rules, as a rule file has them: `[{when: {operation: "create_handle"}, then: {refuse: "throttled"}}]`. */
export const rules = (rules) => call("POST", "/rules", { rules });

/** Claim what was sent: `claim("invited", {xuids: ["guest"], within: 1})`; throws with the nearest thing that was. */
export const claim = (name, words = {}) => call("POST", `/assert/${name}`, words);
