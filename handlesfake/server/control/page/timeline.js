// The journal as a timeline: one row for each request, its bodies and reasons below it.
const KEPT = 1000; // rows; older ones stay in the journal

const KINDS = {
  all: () => true,
  refused: (entry) => entry.refusal !== null || entry.status >= 400,
  lost: (entry) => entry.fault !== null || entry.status === null,
  assumed: (entry) => entry.assumptions.length > 0,
};

class Timeline {
  constructor() {
    this.entries = [];
    this.kind = "all";
    this.words = [];
    this.open = null; // the number of the entry whose detail is shown
  }

  clear() {
    this.entries = [];
    this.open = null;
    by("rows").replaceChildren();
    this.count();
  }

  add(entries, isNew) {
    const rows = by("rows");
    for (const entry of entries) {
      this.entries.push(entry);
      entry.row = this.row(entry, isNew);
      entry.row.hidden = !this.fits(entry);
      rows.append(entry.row);
    }
    while (this.entries.length > KEPT) {
      const old = this.entries.shift();
      if (this.open === old.number) this.toggle(old);
      old.row.remove();
    }
    this.count();
    if (entries.length && by("follow").checked && this.open === null) by("scroll").scrollTop = by("scroll").scrollHeight;
  }

  fits(entry) {
    return KINDS[this.kind](entry) && this.words.every((word) => entry.text.includes(word));
  }

  filter() {
    this.words = by("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of this.entries) {
      entry.row.hidden = !this.fits(entry);
      if (entry.row.hidden && this.open === entry.number) this.toggle(entry);
    }
    this.count();
  }

  count() {
    const shown = this.entries.filter((entry) => !entry.row.hidden).length;
    by("timeline").hidden = shown === 0;
    by("empty").hidden = this.entries.length > 0;
    by("nothing").hidden = shown > 0 || this.entries.length === 0;
    by("shown").textContent = shown === this.entries.length ? "" : `${shown} of ${this.entries.length}`;
  }

  row(entry, isNew) {
    const row = make("tr", `entry${isNew ? " new" : ""}`);
    const body = entry.body && typeof entry.body === "object" ? entry.body : {};
    const session = body.sessionRef?.name ?? sessionIn(entry.target);
    const invited = typeof body.invitedXuid === "string" ? body.invitedXuid : "";
    const about = [session, invited && `→ ${called(invited)}`].filter(Boolean).join(" ");
    const what = entry.operation === "unrouted" ? `${entry.method} ${entry.target}` : entry.operation;
    const asked = make("td", "asked", make("span", "operation", what), " ", entry.type && make("span", "tag info", entry.type));
    asked.append(" ", make("span", "about", about));
    const answer = make("td", "answer", make("span", `tag ${tone(entry)}`, entry.outcome));
    if (entry.refusal) answer.append(make("span", "why", entry.refusal));
    if (!["mpsd", "real service"].includes(entry.decided_by)) answer.append(make("span", "why", `by ${entry.decided_by}`));
    const rests = make("td", "evidence quiet", entry.evidence ?? "");
    if (entry.assumptions.length) rests.append(" ", make("span", "tag odd", `${entry.assumptions.length} assumed`));
    row.append(
      make("td", "number", String(entry.number)),
      make("td", "time", entry.at.slice(11, 23)),
      who(entry),
      asked, answer, rests,
    );
    entry.text = [
      `#${entry.number}`, entry.who, what, entry.type, about, invited, entry.outcome, entry.refusal, entry.decided_by,
      entry.evidence, entry.fault, entry.target, entry.assumptions.length ? "assumed" : "",
    ].join(" ").toLowerCase();
    row.tabIndex = 0;
    row.setAttribute("aria-expanded", "false");
    row.addEventListener("click", () => this.toggle(entry));
    row.addEventListener("keydown", (event) => this.pressed(event, entry));
    return row;
  }

  pressed(event, entry) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Enter" || event.key === " ") this.toggle(entry);
    else if (steps[event.key]) {
      const shown = this.entries.filter((one) => !one.row.hidden);
      shown[shown.indexOf(entry) + steps[event.key]]?.row.focus();
    } else return;
    event.preventDefault();
  }

  toggle(entry) {
    const before = this.entries.find((one) => one.number === this.open);
    document.querySelector("tr.detail")?.remove();
    for (const one of [before, entry]) {
      one?.row.classList.remove("open");
      one?.row.setAttribute("aria-expanded", "false");
    }
    if (this.open === entry.number) {
      this.open = null;
      return;
    }
    this.open = entry.number;
    entry.row.classList.add("open");
    entry.row.setAttribute("aria-expanded", "true");
    entry.row.after(detail(entry));
  }
}

const roles = new Map(); // xuid to role, as far as the service knows

/** The role of a xuid, else the xuid. */
const called = (xuid) => roles.get(xuid) || xuid;

/** `Host` and the end of the xuid; the whole of it is what the pointer is told. */
function who(entry) {
  const cell = make("td", "who");
  const found = /^(.*?)\s?(\d{8,})$/.exec(entry.who);
  if (!found) cell.append(entry.who);
  else if (found[1]) cell.append(make("span", "", roles.get(found[2]) ?? found[1]), " ", make("span", "id", `…${found[2].slice(-4)}`));
  else cell.append(make("span", "mono", found[2]));
  cell.title = entry.who;
  return cell;
}

function tone(entry) {
  if (entry.fault !== null || entry.status === null) return "odd";
  return entry.status < 400 ? "good" : "bad";
}

function sessionIn(target) {
  const found = /\/sessions\/([^/?]+)/i.exec(target);
  try {
    return found ? decodeURIComponent(found[1]) : "";
  } catch {
    return found[1];
  }
}

function detail(entry) {
  const cell = make("td");
  cell.colSpan = 6;
  if (entry.explained.length) cell.append(make("p", "told", entry.explained.join("\n")));
  const sent = make("div", "side", make("h4", "", `${entry.method} ${entry.target}`), json(entry.body));
  const came = make("div", "side", make("h4", "", entry.outcome), json(entry.answer));
  cell.append(make("div", "sides", sent, came), facts([
    ["decided by", entry.decided_by],
    ["rests on", entry.evidence],
    ["at", entry.at],
    ["who", entry.who],
    ["sent by", entry.client === "server" ? "" : [entry.client, entry.source].filter(Boolean).join(" · ")],
  ]));
  return make("tr", "detail", cell);
}
