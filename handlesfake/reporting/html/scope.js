// One test, or one world: a line that opens to why it failed, what was assumed, and its diagrams.
const OUTCOMES = { failed: ["bad", "✕"], passed: ["good", "✓"], skipped: ["", "–"], xfailed: ["odd", "x"], xpassed: ["odd", "!"], seen: ["", "•"] };

class Scope {
  constructor(scope) {
    this.scope = scope;
    scope.view = this;
    this.element = make("details", `scope ${scope.outcome}`, this.line());
    this.element.dataset.place = idOf({ scope }); // no id: the browser would go there by itself, and take the focus along
    this.element.addEventListener("toggle", () => this.element.open && this.fill());
  }

  line() {
    const { scope } = this;
    const [kind, sign] = OUTCOMES[scope.outcome] ?? ["", "•"];
    // an id that a test is parametrised by may hold anything
    const bare = scope.id.split("[")[0];
    const cut = bare.includes("::") ? bare.lastIndexOf("::") + 2 : 0;
    const [path, name] = [scope.id.slice(0, cut), scope.id.slice(cut)];
    const mark = make("span", `mark ${kind}`, sign, make("span", "aside", ` ${scope.outcome}: `));
    const title = make("span", "title", make("span", "name", said(name)), " ", make("span", "path quiet", said(path.replace(/::$/, ""))));
    const refused = scope.entries.filter(isRefused).length;
    const lost = scope.entries.filter(isLost).length;
    const words = [
      scope.entries.length ? counted(scope.entries.length, "request") : "nothing sent",
      refused && `${refused} refused`,
      lost && `${lost} lost`,
      scope.attempts > 1 && counted(scope.attempts, "attempt"),
      scope.seconds !== null && scope.seconds !== undefined && lasted(scope.seconds),
    ];
    const summary = make("summary", "", mark, title, make("span", "sums quiet", words.filter(Boolean).join(" · ")));
    const last = scope.failures.at(-1);
    if (last && scope.isFailed) summary.append(make("span", "reason", said(last.message.split("\n")[0].replace(/^(AssertionError|Failed): /, ""))));
    return summary;
  }

  fill() {
    if (this.diagrams) return;
    const { scope } = this;
    const body = make("div", "inside");
    for (const failure of scope.failures) {
      body.append(failureCard(failure, (number, isQuestion) => this.openNamed(failure, number, isQuestion)));
    }
    if (scope.told) body.append(make("p", "told", said(scope.told)));
    if (scope.unused.length) body.append(make("p", "told", said(scope.unused.join("\n"))));
    this.diagrams = scope.parts.map((part, number) => new Diagram(part, scope, number));
    scope.parts.forEach((part, number) => {
      if (part.title) body.append(make("h3", "", said(part.title)));
      if (part.earlier) body.append(make("p", "quiet", `${counted(part.earlier, "earlier request")} no longer kept`));
      body.append(this.diagrams[number].element);
    });
    if (!scope.entries.length && scope.parts.length) body.append(make("p", "quiet", "Nothing was sent to MPSD."));
    if (scope.assumptions.length) body.append(assumed(scope.assumptions));
    if (IS_FILE) body.append(make("p", "actions", copier("Copy link", () => linkTo({ scope }))));
    this.element.append(body);
    this.draw();
  }

  /** Show what fits; what is inside is only made once it is open. */
  draw() {
    for (const diagram of this.diagrams ?? []) diagram.show(this.scope.fits, this.scope.isAll);
  }

  /** Open the request that a failure names, or only say whether it is known which that is: each double counts from 1. */
  openNamed(failure, number, isQuestion) {
    if (failure.attempt) return false; // what is shown is what the last attempt has sent
    const { parts } = this.scope;
    const places = [...parts.keys()].filter((place) => parts[place].entries.some((one) => one.number === number));
    const named = places.filter((place) => parts[place].double === failure.double);
    const [place, ...others] = named.length ? named : places;
    return !others.length && place !== undefined && this.openEntry(number, isQuestion, place);
  }

  /** Open the request with that number, or only say whether there is one. */
  openEntry(number, isQuestion = false, part = null) {
    for (const [place, one] of this.scope.parts.entries()) {
      const entry = (part === null || part === place) && one.entries.find((each) => each.number === number);
      if (!entry) continue;
      if (!isQuestion) this.reveal(this.diagrams[place], entry);
      return true;
    }
    return false;
  }

  reveal(diagram, entry) {
    const item = diagram.lazy.reach(entry);
    const details = item?.querySelector("details");
    if (!details) return;
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    details.scrollIntoView({ block: "center" });
  }
}

/** The view of a scope: of thousands only those are made that come near. */
const viewOf = (scope) => scope.view ?? new Scope(scope);

function assumed(assumptions) {
  const times = new Map();
  for (const one of assumptions) {
    const found = times.get(one.text) ?? { ...one, count: 0 };
    found.count += 1;
    times.set(one.text, found);
  }
  const items = [...times.values()].map((one) => {
    const count = one.count > 1 ? ` (${one.count} times)` : "";
    return make("li", "", said(one.text + count), one.instead ? make("pre", "", said(one.instead)) : "");
  });
  const head = make("summary", "", make("h3", "", `Taken for granted: ${assumptions.length}`));
  const strict = RUN.kind === "test" ? "mpsd_strict" : "--strict";
  const note = make("p", "quiet", `What was left unsaid, and what would say it. ${strict} refuses these.`);
  return make("details", "assumed", head, note, make("ul", "", ...items));
}
