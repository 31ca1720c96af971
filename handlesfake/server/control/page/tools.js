// What a test has set up in a world: rules, holds, connections, taps, assumptions; and what can be done with them.

let answered = () => {}; // what the open question is told: true when it was agreed to

/** Ask before something is destroyed, or show something; whether it was agreed to. */
function confirmed(question, word, content = "") {
  answered(false); // a question that is still open gives way
  by("question").textContent = question;
  by("content").replaceChildren(typeof content === "string" && content ? make("pre", "", content) : content);
  by("agree").textContent = word;
  if (!by("ask").open) by("ask").showModal();
  return new Promise((resolve) => {
    answered = resolve;
  });
}

function useDialog() {
  const end = (agreed) => {
    answered(agreed); // not by the event "close": it comes later, perhaps when the next question is open
    by("ask").close();
  };
  by("agree").addEventListener("click", () => end(true));
  by("cancel").addEventListener("click", () => end(false));
  by("ask").addEventListener("cancel", () => answered(false)); // the key Escape
}

/** A button that asks first when `question` says something, and tells what went wrong. */
function action(word, label, question, perform) {
  const made = make("button", "small", word);
  made.type = "button";
  made.setAttribute("aria-label", `${word}: ${label}`); // what is read begins with what is seen
  made.addEventListener("click", async () => {
    if (question && !(await confirmed(question, word))) return;
    try {
      await perform();
    } catch (error) {
      await confirmed("The server has refused it.", "close", error.message);
    }
  });
  return made;
}

const NEWEST = 50; // taps that are shown
const PANELS = {
  rules: { path: "/rules", none: "no rule", card: ruleCard },
  holds: { path: "/hold", none: "no hold", card: holdCard },
  connections: { path: "/connections", none: "no client is connected", card: connectionCard },
  taps: { path: "/taps", none: "nothing was pushed", card: tapCard },
  assumptions: { path: "/assumptions", none: "nothing was assumed", card: assumptionCard },
};

/** Ask for the panels that are open, and show them. */
async function showTools(world) {
  for (const [name, panel] of Object.entries(PANELS)) {
    if (!by(name).closest("details").open) continue;
    const found = await ask(world, panel.path);
    by(`${name}-count`).textContent = found.length;
    fill(name, found.slice(-NEWEST).map((one) => panel.card(one, world)), panel.none, `${world} ${JSON.stringify(found.slice(-NEWEST))}`);
  }
}

function ruleCard(rule, world) {
  const counts = make("span", `tag ${rule.fired ? "good" : "odd"}`, rule.fired ? `fired ${rule.fired}` : "never fired");
  const head = make("div", "head", make("span", "name", said(rule.name || rule.rule)), counts, make("span", "quiet", `fits ${rule.met}`));
  if (rule.name) {
    const path = `/rules/${encodeURIComponent(rule.name)}`;
    head.append(action("remove", `the rule ${rule.name}`, `Remove the rule ${rule.name}?`, () => ask(world, path, { method: "DELETE" })));
  }
  return make("div", "card", head, make("div", "id", said(rule.place)));
}

function holdCard(hold, world) {
  const head = make("div", "head", make("span", "name", said(hold.name)), make("span", "tag", `${hold.waiting.length} waiting`));
  const release = (count) => () => post(world, "/release", count ? { name: hold.name, count } : { name: hold.name });
  if (hold.waiting.length) head.append(action("let one go", `of the hold ${hold.name}`, "", release(1)));
  head.append(action("release", `the hold ${hold.name}`, `Let all of ${hold.name} go, and end the hold?`, release(0)));
  return make("div", "card", head, ...hold.waiting.map((one) => make("div", "id", said(`${one.method} ${one.target}`))));
}

function connectionCard(one, world) {
  const name = one.role || one.xuid;
  const head = make("div", "head", make("span", "name", said(name)), one.mute && make("span", "tag odd", "mute"));
  const drop = () => post(world, `/connections/${encodeURIComponent(one.connection)}/drop`);
  head.append(action("drop", `the connection of ${name}`, `Drop the connection of ${name}, as the network would?`, drop));
  return make("div", "card", head, make("div", "id", one.connection));
}

function tapCard(tap) {
  const head = make("div", "head", make("span", "name", said(called(tap.xuid))), make("span", "quiet", `change ${tap.changeNumber}`));
  head.append(said(tap.sessionRef.name), ...tap.changes.map((change) => make("span", "tag", change)));
  return make("div", "card", head, make("div", "id", tap.at));
}

function assumptionCard(one) {
  return make("div", "card", make("div", "", said(one.text)), make("div", "id", said(`to say it: ${one.instead}`)));
}
