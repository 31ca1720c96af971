// A sequence diagram: a lane for each who sent, MPSD, and the push channel; each message opens to all that was said.
const MPSD = "MPSD";
const PUSH = "push channel";
const OTHERS = "others";
const TOLD_FROM = 0.01; // seconds; what is quicker says nothing
const WIDEST = 6; // lanes of callers; who comes later shares the last one

class Diagram {
  constructor(part, scope, number) {
    this.part = part;
    this.scope = scope;
    this.number = number;
    this.lanes = lanesOf(part);
    this.element = make("div", "diagram");
    this.element.setAttribute("role", "group");
    this.element.style.setProperty("--lanes", this.lanes.length);
    this.element.setAttribute("aria-label", `Sequence of ${counted(part.entries.length, "request")}`);
    const heads = make("div", "lanes", ...this.lanes.map((lane) => make("span", "lane", make("b", "", said(short(lane))), isXuid(lane))));
    heads.setAttribute("aria-hidden", "true");
    this.list = make("ol", "messages");
    this.element.append(heads, this.list);
    this.list.addEventListener("keydown", (event) => stepThrough(event, this.list));
  }

  /** Show those that `fits`; the pushed ones only where nothing is left out. */
  show(fits, isAll) {
    this.lazy?.end();
    const taps = isAll ? this.part.taps : [];
    const items = taps.filter((tap) => tap.after === 0 || tap.after < (this.part.entries[0]?.number ?? 0));
    const pushed = Map.groupBy ? Map.groupBy(taps, (tap) => tap.after) : grouped(taps);
    for (const entry of this.part.entries) {
      if (!fits(entry)) continue;
      items.push(entry, ...(pushed.get(entry.number) ?? []));
    }
    this.lazy = new Lazy(this.list, items, (item) => (item.number ? this.message(item) : this.tap(item)));
    const first = this.list.querySelector("summary");
    if (first) first.tabIndex = 0;
    this.element.hidden = items.length === 0;
    return items.length;
  }

  lane(who) {
    const place = this.lanes.indexOf(who);
    return place < 0 ? this.lanes.indexOf(OTHERS) : place;
  }

  message(entry) {
    const from = this.lane(entry.who);
    const to = this.lanes.indexOf(MPSD);
    const kind = tone(entry);
    const isUnheard = entry.status === undefined; // the service never acted
    const strip = make("span", `strip ${kind}`,
      arrow("ask", from, to, isUnheard ? "broken" : ""),
      label("ask-label", from, to, this.lanes.length,
        make("span", this.lanes[from] === OTHERS ? "sender shared" : "sender", said(short(entry.who)), " "), make("b", "", said(asked(entry))), " ", make("span", "quiet", said([entry.session, entry.invited && `→ ${named(entry.invited)}`].filter(Boolean).join(" ")))),
      isUnheard ? "" : arrow("come", to, from, entry.fault ? "broken" : ""),
      label("come-label", from, to, this.lanes.length, ...cameOf(entry, kind)),
    );
    const summary = make("summary", "", make("span", "no", `#${entry.number}`), strip);
    summary.tabIndex = -1;
    const opened = make("details", "message", summary);
    opened.dataset.place = idOf({ scope: this.scope, part: this.number, entry });
    opened.addEventListener("toggle", () => {
      if (opened.open && !opened.querySelector(".detail")) opened.append(entryDetail(entry, { scope: this.scope, part: this.number, entry }));
    });
    return make("li", "", opened);
  }

  tap(tap) {
    const [to, mpsd, push] = [this.lane(tap.who), this.lanes.indexOf(MPSD), this.lanes.indexOf(PUSH)];
    const change = tap.change === null ? "session gone" : `change ${tap.change}`;
    const strip = make("span", "strip push", arrow("pushed", mpsd, push, ""), arrow("come", push, to, ""),
      label("come-label", to, push, this.lanes.length, make("span", "tag info", "push"), " ",
        make("span", "", "to ", said(short(tap.who))), " ", make("span", "quiet", said([tap.session, change, ...tap.changes].join(" · ")))));
    return make("li", "", make("div", "message", make("span", "no", ""), strip));
  }
}

function lanesOf(part) {
  const xuids = Object.keys(part.users); // in the order in which the test has made them
  const rank = (who) => (xuids.indexOf(/\d*$/.exec(who)[0]) + 1) || Infinity;
  const callers = [...new Set([...part.entries.map((entry) => entry.who), ...part.taps.map((tap) => tap.who)])];
  callers.sort((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
  const shown = callers.length > WIDEST ? [...callers.slice(0, WIDEST - 1), OTHERS] : callers;
  return [...shown, MPSD, ...(part.taps.length ? [PUSH] : [])];
}

function isXuid(lane) {
  const found = /^.+ (\d{12,})$/.exec(lane);
  return found ? make("small", "quiet", `…${found[1].slice(-4)}`) : "";
}

function grouped(taps) {
  const found = new Map();
  for (const tap of taps) found.set(tap.after, [...(found.get(tap.after) ?? []), tap]);
  return found;
}

/** On paper the lanes' lines are elements: printers leave backgrounds out. */
function usePrinting() {
  addEventListener("beforeprint", () => {
    for (const strip of document.querySelectorAll(".strip")) {
      const lanes = Number(getComputedStyle(strip).getPropertyValue("--lanes"));
      for (let lane = 0; lane < lanes; lane += 1) {
        const life = make("span", "life");
        life.style.setProperty("--lane", lane);
        strip.prepend(life);
      }
    }
  });
  addEventListener("afterprint", () => document.querySelectorAll(".life").forEach((life) => life.remove()));
}

function arrow(kind, from, to, how) {
  const made = make("span", `arrow ${kind} ${from < to ? "right" : "left"} ${how}`);
  made.style.setProperty("--first", Math.min(from, to));
  made.style.setProperty("--span", Math.abs(to - from));
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** What stands above an arrow: over the whole of it, or, where that is short, over a piece that ends where it ends. */
function label(kind, from, to, lanes, ...children) {
  const made = make("span", `label ${kind}`, ...children);
  const [first, last] = [(from + 0.5) / lanes, (to + 0.5) / lanes];
  made.style.setProperty("--start", Math.max(0, Math.min(first, last - 0.45)));
  made.style.setProperty("--end", last);
  if (last - first < 0.45) made.classList.add("close");
  return made;
}

function cameOf(entry, kind) {
  const said_status = entry.status === undefined ? entry.outcome : String(entry.outcome);
  const found = [make("span", `tag ${kind}`, `${SIGNS[kind]} ${said_status}`)];
  if (entry.refusal) found.push(" ", make("span", "why", entry.refusal));
  if (isRuled(entry)) found.push(" ", make("span", "why", said(`by ${entry.decided_by}`)));
  if (entry.duration >= TOLD_FROM) found.push(" ", make("span", "quiet", lasted(entry.duration)));
  if (entry.assumptions) found.push(" ", make("span", "tag odd", `${entry.assumptions.length} assumed`));
  return found;
}

/** Arrows go from message to message: a diagram is one stop of the Tab key. */
function stepThrough(event, list) {
  const here = event.target.closest("summary");
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  if (!here || !(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...list.querySelectorAll("summary")];
  const place = Math.max(0, Math.min(all.length - 1, all.indexOf(here) + steps[event.key]));
  here.tabIndex = -1;
  all[place].tabIndex = 0;
  all[place].focus();
  event.preventDefault();
}
