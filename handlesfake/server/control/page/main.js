// The page lives: it asks for what was sent since, a second at a time, and then for what is known now.
const ROOT = "/_handlesfake";
const FIRST = 500; // entries that the page begins with
const timeline = new Timeline();
let world = new URLSearchParams(location.hash.slice(1)).get("world") ?? "";
let since = null;
let turn = 0; // a newer loop ends the older one

async function ask(path) {
  const answer = await fetch(ROOT + (world ? `/worlds/${encodeURIComponent(world)}` : "") + path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  return answer.json();
}

async function round() {
  const about = await ask("");
  showAbout(about);
  const first = since === null || about.requests < since; // it was reset meanwhile
  if (first) {
    timeline.clear();
    since = Math.max(0, about.requests - FIRST);
  }
  const wait = first ? 0 : 1;
  const sent = await ask(`/journal?since=${since}&wait=${wait}`);
  return { first, sent, known: await ask("/overview") };
}

async function live() {
  const mine = ++turn;
  while (mine === turn) {
    const began = performance.now();
    let idle = 1000; // of this, the server waits for something to be sent
    try {
      const { first, sent, known } = await round();
      if (mine !== turn) return;
      idle = sent.entries.length ? 0 : idle;
      for (const user of known.users) roles.set(user.xuid, user.role);
      timeline.add(sent.entries, !first);
      since = sent.next;
      showState(known, filterBy);
      say("on", "live");
    } catch (error) {
      if (mine !== turn) return;
      if (error.status === 422 && world) return choose(""); // the world has ended
      say("off", "no connection to the server");
      since = null; // another one may answer on this address next
    }
    // where there is much to tell, telling it must not be what the server is busy with
    const took = Math.max(0, performance.now() - began - idle);
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 3000 : Math.max(150, 4 * took)));
  }
}

function say(kind, text) {
  by("live").className = `live ${kind}`;
  by("live").textContent = text;
}

function showAbout(about) {
  const switches = [about.mode, about.dialect, about.strict && "strict", about.cassette.split("/").pop()];
  by("switches").replaceChildren(...switches.filter(Boolean).map((word) => make("span", "tag", word)));
  const counts = [["requests", about.requests], ["under way", about.in_flight], ["assumed", about.assumptions]];
  if (about.held) counts.push(["held", about.held]);
  if (about.unanswered) counts.push(["unanswered", about.unanswered]);
  by("counts").replaceChildren(...counts.map(([word, count]) => {
    return make("div", word === "unanswered" ? "alarm" : "", make("dd", "", String(count)), make("dt", "", word));
  }));
  const names = ["", ...about.worlds];
  if (by("world").options.length !== names.length || [...by("world").options].some((one, place) => one.value !== names[place])) {
    by("world").replaceChildren(...names.map((name) => new Option(name || "default", name, false, name === world)));
  }
  document.title = about.requests ? `(${about.requests}) handlesfake` : "handlesfake";
  by("first").textContent = firstRequest(about);
}

function firstRequest(about) {
  const trust = about.ca ? `--cacert ${quoted(about.ca)} ` : "";
  const arrange = `curl ${location.origin}${ROOT}/state -d '{"users": [{"role": "host"}], "sessions": [{"name": "lobby-1", "members": ["host"]}]}'\n\n`;
  return `${about.strict ? arrange : ""}curl ${trust}${about.url}/handles \\
  -H 'Authorization: XBL3.0 x=9000000000000001;any' \\
  -H 'X-Xbl-Contract-Version: 107' -H 'Content-Type: application/json' -d '
  {"type": "activity", "version": 1, "sessionRef": {
   "scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}}'`;
}

const quoted = (text) => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function choose(name) {
  world = name;
  roles.clear();
  since = null;
  history.replaceState(null, "", name ? `#world=${encodeURIComponent(name)}` : location.pathname);
  live();
}

function filterBy(text) {
  by("filter").value = text.toLowerCase();
  timeline.filter();
}

for (const kind of Object.keys(KINDS)) {
  const button = make("button", "", kind);
  button.type = "button";
  button.setAttribute("aria-pressed", String(kind === "all"));
  button.addEventListener("click", () => {
    timeline.kind = kind;
    for (const other of by("kinds").children) other.setAttribute("aria-pressed", String(other === button));
    timeline.filter();
  });
  by("kinds").append(button);
}
useThemes(by("theme"));
by("filter").addEventListener("input", () => timeline.filter());
by("world").addEventListener("change", () => choose(by("world").value));
by("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(by("first").textContent);
  by("copy").textContent = "copied";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && event.target.tagName !== "INPUT") {
    event.preventDefault();
    by("filter").focus();
  }
  if (event.key === "Escape") filterBy("");
});
live();
