// The page lives: it asks what each world was sent, and then for what is new of it and what is known now.
const KINDS = ["all", "refused", "lost", "assumed"];
const timeline = new Timeline(entryButtons);
let kind = "all";
let world = "";
let wanted = null; // the number of the entry that the address names
let marked = null; // the entry that the next one is compared with
let about = null;
let feed = null;
let isLost = false; // no server has answered; another one may answer on this address next
let turn = 0; // a newer loop ends the older one

const stateWorld = () => (world === ALL ? "" : world);

async function round(mine) {
  about = await ask(stateWorld(), "");
  const known = await ask(stateWorld(), "/overview");
  if (mine !== turn) return;
  if (isLost) {
    isLost = false;
    return again();
  }
  const isFirst = feed.read.size === 0;
  const entries = await feed.newer(known.worlds);
  if (mine !== turn) return;
  if (entries === null) return again();
  for (const user of known.users) roles.set(user.xuid, user.role);
  feed.gone(timeline.add(entries, !isFirst));
  showAbout(known);
  showState(known, filterBy);
  showCounts();
  timeline.show(feed.sum("fitting"));
  await showTools(stateWorld());
  if (isFirst) goToWanted();
}

const isOver = (error) => error.status === 404 || error.status === 410;

async function live() {
  const mine = ++turn;
  while (mine === turn) {
    const began = performance.now();
    try {
      await round(mine);
      if (mine !== turn) return;
      say("on", "live");
    } catch (error) {
      if (mine !== turn) return;
      if (isOver(error) && stateWorld()) return choose(""); // the world has ended
      if (error.status === 422) say("off", error.message);
      else say("off", "no connection to the server; it is asked again");
      isLost = true; // what was sent stays to be read until then
    }
    // where there is much to tell, telling it must not be what the server is busy with
    const idle = Math.max(400, 4 * (performance.now() - began));
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 3000 : Math.min(idle, 3000)));
  }
}

/** Start again: another world, another filter, or another past. */
function again() {
  const words = { text: by("filter").value.trim(), kind: kind === "all" ? "" : kind };
  feed = new Feed(world, Object.fromEntries(Object.entries(words).filter(([, word]) => word)));
  timeline.clear();
  live();
}

function say(how, text) {
  if (by("live").textContent === text) return; // or a reader says it each second
  by("live").className = `live ${how}`;
  by("live").textContent = text;
}

function showAbout(known) {
  const switches = [about.mode, about.dialect, about.strict && "strict", about.cassette.split("/").pop()];
  const left = about.world?.expires_in ?? null;
  if (left !== null) switches.push(`ends in ${Math.max(0, Math.ceil(left))} s without use`);
  by("switches").replaceChildren(...switches.filter(Boolean).map((word) => make("span", "tag", word)));
  const total = known.worlds.reduce((sum, one) => sum + one.requests, 0);
  const requests = world === ALL ? total : about.requests;
  const counts = [["requests", requests], ["under way", about.in_flight], ["assumed", about.assumptions]];
  if (about.held) counts.push(["held", about.held]);
  if (about.unanswered) counts.push(["unanswered", about.unanswered]);
  by("counts").replaceChildren(...counts.map(([word, count]) => {
    return make("div", word === "unanswered" ? "alarm" : "", make("dt", "", word), make("dd", "", String(count)));
  }));
  const choices = [["", "default", about.requests]].concat(about.worlds.length ? [[ALL, "all worlds", total]] : []);
  for (const one of known.worlds) {
    if (one.id) choices.push([one.id, one.name, one.requests]);
    else choices[0][2] = one.requests;
  }
  const told = JSON.stringify([choices, world]);
  if (by("world").dataset.told !== told) {
    by("world").replaceChildren(...choices.map(([id, word, sent]) => new Option(sent ? `${word} (${sent})` : word, id, false, isWorld({ id, name: word }, world))));
    by("world").dataset.told = told;
  }
  by("reset").disabled = world === ALL;
  by("state-of").textContent = world === ALL ? "The default world knows" : "What the service knows";
  document.title = requests ? `(${requests}) handlesfake` : "handlesfake";
  const elsewhere = known.worlds.filter((one) => !isWorld(one, world) && one.requests).map((one) => `${one.name || "default"}: ${one.requests}`);
  by("elsewhere").textContent = elsewhere.length ? `Other worlds were sent requests: ${elsewhere.slice(0, 8).join(", ")}.` : "";
  by("first").textContent = firstRequest();
}

function showCounts() {
  const fitting = feed.sum("fitting");
  const shown = timeline.entries.length;
  const isNarrowed = Object.keys(feed.filter).length > 0;
  by("empty").hidden = shown > 0 || isNarrowed;
  by("nothing").hidden = shown > 0 || !isNarrowed;
  by("timeline").classList.toggle("all", world === ALL);
  by("older").hidden = fitting <= shown;
  by("older").textContent = `show older ones: ${fitting - shown} more`;
  const dropped = feed.sum("dropped");
  by("dropped").hidden = dropped === 0;
  by("dropped").textContent = `${dropped} earlier requests are no longer kept whole.`;
  const of = isNarrowed ? `${fitting} found` : "";
  by("shown").textContent = fitting > shown ? `the newest ${shown} of ${fitting}` : of;
}

function firstRequest() {
  const trust = about.ca ? `--cacert ${quoted(about.ca)} ` : "";
  const control = location.origin + ROOT + (stateWorld() ? `/worlds/${encodeURIComponent(stateWorld())}` : "");
  const arrange = `curl ${trust}${control}/state -d '{"users": [{"role": "host"}], "sessions": [{"name": "lobby-1", "members": ["host"]}]}'\n\n`;
  const user = `token=$(curl -s ${trust}-X PUT ${control}/users/host | sed -n 's/^  "authorization": "\\(.*\\)",/\\1/p')\n\n`;
  const token = stateWorld() ? `"Authorization: $token"` : "'Authorization: XBL3.0 x=9000000000000001;any'";
  return `${about.strict ? arrange : ""}${stateWorld() ? user : ""}curl ${trust}${about.url}/handles \\
  -H ${token} \\
  -H 'X-Xbl-Contract-Version: 107' -H 'Content-Type: application/json' -d '
  {"type": "activity", "version": 1, "sessionRef": {
   "scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}}'`;
}

// ---- what a reader does

function entryButtons(entry) {
  const number = `#${entry.number}`;
  const curl = action("copy as curl", number, "", async () => copy(await curlOf(entry, about), curl));
  const whole = action("copy JSON", number, "", () => copy(JSON.stringify({ ...entry, row: undefined, isNew: undefined }, null, 2), whole));
  const at = action("copy link", number, "", () => copy(location.href.split("#")[0] + addressOf(entry), at));
  const isOther = marked && marked !== entry;
  const word = isOther ? `compare with #${marked.number}` : "compare";
  const compare = action(word, number, "", async () => {
    if (isOther) {
      const question = `#${marked.number} and #${entry.number}`;
      const content = comparison(marked, entry);
      marked = null;
      await confirmed(question, "close", content);
    } else {
      marked = entry;
      compare.textContent = "now open another one";
      compare.removeAttribute("aria-label");
    }
  });
  return [curl, whole, at, compare];
}

function addressOf(entry) {
  return `#${new URLSearchParams({ ...(entry.world && { world: entry.world }), entry: entry.number })}`;
}

function goToWanted() {
  if (wanted === null) return;
  const entry = timeline.entries.find((one) => one.number === wanted);
  const number = `#${wanted}`;
  if (entry) timeline.reveal(entry);
  if (entry || by("filter").value === number) wanted = null;
  else filterBy(number); // it is older than those that are shown
}

function choose(name) {
  world = name;
  marked = null;
  roles.clear();
  history.replaceState(null, "", name ? `#world=${encodeURIComponent(name)}` : location.pathname);
  again();
}

function fromAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  world = said.get("world") ?? "";
  wanted = /^\d+$/.test(said.get("entry") ?? "") ? Number(said.get("entry")) : null;
  again();
}

function filterBy(text) {
  by("filter").value = text.toLowerCase();
  again();
}

async function showOlder() {
  const asked = feed;
  const found = await asked.older(timeline.entries);
  if (asked !== feed) return;
  by("follow").checked = false; // or the next request would take them away again
  timeline.addBefore(found, () => feed.sum("fitting"));
  showCounts();
}

function showTab(name) {
  document.body.dataset.tab = name;
  for (const one of document.querySelectorAll("#tabs button")) one.setAttribute("aria-pressed", String(one.dataset.tab === name));
}

for (const word of KINDS) {
  const button = make("button", "", word);
  button.type = "button";
  button.setAttribute("aria-pressed", String(word === kind));
  button.addEventListener("click", () => {
    kind = word;
    for (const other of by("kinds").children) other.setAttribute("aria-pressed", String(other === button));
    again();
  });
  by("kinds").append(button);
}
useThemes(by("theme"));
useDialog();
let typing = 0;
by("filter").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(again, 150);
});
by("world").addEventListener("change", () => choose(by("world").value));
by("older").addEventListener("click", showOlder);
by("follow").addEventListener("change", () => {
  if (by("follow").checked) timeline.toEnd();
});
by("copy").addEventListener("click", () => copy(by("first").textContent, by("copy")));
by("har").addEventListener("click", async () => download("handlesfake.har", JSON.stringify(harOf(await feed.everything(), about), null, 1)));
by("reset").addEventListener("click", async () => {
  const question = `Reset ${about?.world?.name ?? "the default world"}? State, rules, holds, clock and journal go back to how the server began.`;
  if (await confirmed(question, "reset")) await post(stateWorld(), "/reset");
});
for (const one of document.querySelectorAll("#tabs button")) one.addEventListener("click", () => showTab(one.dataset.tab));
addEventListener("hashchange", fromAddress);
document.addEventListener("keydown", (event) => {
  if (by("ask").open) return;
  if (event.key === "/" && event.target.tagName !== "INPUT") {
    event.preventDefault();
    showTab("traffic");
    by("filter").focus();
  }
  if (event.key !== "Escape") return;
  const { open } = timeline;
  if (open) {
    timeline.toggle(open);
    timeline.focus(open);
  } else if (by("filter").value) filterBy("");
});
showTab("traffic");
fromAddress();
