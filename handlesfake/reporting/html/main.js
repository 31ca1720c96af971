// The first screen: how the run ended, what failed, and why. The rest is folded, and searched.
const WORDS = { test: ["Failed", "Passed", "Others"], world: ["With claims that failed", "Worlds", "Worlds"] };
const OPEN_AT_FIRST = 3; // failed ones; of more, the first
const lists = [];
let kind = "all";

function idOf({ scope, part, entry }) {
  const words = { [RUN.kind]: scope.id, ...(entry ? { request: `${part}.${entry.number}` } : {}) };
  return new URLSearchParams(words).toString();
}

const linkTo = (place) => `${location.href.split("#")[0]}#${idOf(place)}`;

function showHead() {
  by("headline").textContent = RUN.title;
  by("ran").textContent = RUN.ended;
  by("made").textContent = `Made by ${RUN.made_by}. Credentials in headers are masked, and were never written into this file.`;
  document.title = `${RUN.title} · MPSD report`;
  by("headline").className = RUN.is_failed ? "alarm" : "";
  const counts = [
    [`${RUN.kind}s shown`, RUN.scopes.length],
    ["requests", total(RUN.scopes, (scope) => scope.entries.length)],
    ["refused", total(RUN.scopes, (scope) => scope.entries.filter(isRefused).length)],
    ["lost", total(RUN.scopes, (scope) => scope.entries.filter(isLost).length)],
    ["assumed", total(RUN.scopes, (scope) => scope.assumptions.length)],
    ["rules unused", RUN.unused_rules.length],
  ];
  for (const [word, count] of counts) {
    if (count) by("counts").append(make("div", "", make("dt", "", word), make("dd", "", count.toLocaleString("en"))));
  }
}

function showScopes() {
  const failed = RUN.scopes.filter((scope) => scope.isFailed);
  const others = RUN.scopes.filter((scope) => !scope.isFailed);
  const [first, passed, mixed] = WORDS[RUN.kind];
  const second = others.every((scope) => scope.outcome === "passed") ? passed : mixed;
  for (const [title, scopes] of [[first, failed], [second, others]]) {
    if (!scopes.length) continue;
    const count = make("span", "count", String(scopes.length));
    const list = make("div", "list");
    const section = make("section", "group", make("h2", "", title, " ", count), list);
    by("scopes").append(section);
    lists.push({ scopes, section, list, count });
  }
}

function showRun() {
  if (!RUN.unused_rules.length) return;
  const rules = RUN.unused_rules.map((rule) => make("li", "", said(rule)));
  by("run").append(make("h2", "", "Rules that never acted ", make("span", "count", String(rules.length))), make("ul", "", ...rules));
  by("run").hidden = false;
}

/** Show what is as the search and the buttons say; all words must be met, by a request or by its test. */
function narrow() {
  const words = by("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const isPlain = !words.length && ["all", "failed"].includes(kind);
  let shown = 0;
  let requests = 0;
  for (const group of lists) {
    const found = group.scopes.filter((scope) => {
      if (kind === "failed" && !scope.isFailed) return false;
      const title = [scope.id, scope.outcome, ...scope.failures.map((one) => one.message)].join(" ").toLowerCase();
      const left = words.filter((word) => !title.includes(word));
      const fits = (entry) => KINDS[kind](entry) && left.every((word) => meets(entry, word));
      const count = isPlain ? scope.entries.length : scope.entries.filter(fits).length;
      const isIn = count > 0 || (!left.length && ["all", "failed"].includes(kind));
      if (isIn) {
        scope.fits = fits;
        scope.isAll = !left.length && ["all", "failed"].includes(kind);
        scope.view?.draw();
      }
      requests += isIn ? count : 0;
      return isIn;
    });
    group.lazy?.end();
    group.lazy = new Lazy(group.list, found, (scope) => viewOf(scope).element);
    group.section.hidden = !found.length;
    group.count.textContent = String(found.length);
    shown += found.length;
    if (!isPlain && found.length === 1) viewOf(found[0]).element.open = true;
  }
  const isEmpty = shown === 0;
  by("nothing").hidden = !isEmpty;
  by("nothing").textContent = RUN.scopes.length ? "Nothing is like the search." : "No test of this run used MPSD.";
  by("shown").textContent = isPlain && kind === "all" ? "" : `${counted(shown, RUN.kind)}, ${counted(requests, "request")}`;
}

/** Open what the address names: `#test=…`, `#test=…&request=0.3`. */
function follow() {
  const words = new URLSearchParams(location.hash.slice(1));
  const scope = RUN.scopes.find((one) => one.id === words.get(RUN.kind));
  if (!scope) return;
  for (const group of lists) group.lazy?.reach(scope);
  viewOf(scope).element.open = true;
  scope.view.fill();
  const [part, number] = (words.get("request") ?? "").split(".").map(Number);
  if (!number || !scope.view.openEntry(number, false, part)) {
    scope.view.element.querySelector("summary").focus({ preventScroll: true });
    scope.view.element.scrollIntoView();
  }
}

function choose(name) {
  kind = name;
  for (const button of by("kinds").children) button.setAttribute("aria-pressed", String(button.dataset.kind === name));
  narrow();
}

for (const name of Object.keys(KINDS)) {
  const isThere = name === "all" || RUN.scopes.some((scope) => (name === "failed" ? scope.isFailed : scope.entries.some(KINDS[name])));
  if (!isThere) continue;
  const button = pressable(name[0].toUpperCase() + name.slice(1), () => choose(name));
  button.dataset.kind = name;
  by("kinds").append(button);
}
by("filter").addEventListener("input", narrow);
addEventListener("hashchange", follow);
addEventListener("beforeprint", () => {
  for (const group of lists) group.lazy.more(group.scopes.length);
  for (const { view } of RUN.scopes) if (view?.element.open) for (const one of view.diagrams) one.lazy.more(1000);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    event.preventDefault();
    by("filter").focus();
  }
  if (event.key === "Escape" && by("filter").value) {
    by("filter").value = "";
    narrow();
  }
});
document.body.classList.toggle("framed", !IS_FILE);
usePrinting();
useThemes(by("theme"));
showHead();
showScopes();
showRun();
choose("all");
const failures = RUN.scopes.filter((scope) => scope.isFailed);
for (const scope of failures.length > OPEN_AT_FIRST ? failures.slice(0, 1) : failures) {
  viewOf(scope).element.open = true;
  scope.view.fill();
}
if (RUN.scopes.length === 1) viewOf(RUN.scopes[0]).element.open = true;
follow();
