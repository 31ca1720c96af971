// One entry of the journal: its row, and what opens below it.
const roles = new Map(); // xuid to role, as far as the service knows

/** The role of a xuid, else the xuid. */
const called = (xuid) => roles.get(xuid) || xuid;

/** What tells an entry from those of all worlds. */
const keyOf = (entry) => `${entry.world}#${entry.number}`;

/** The row of an entry: each cell is as high as all others, and cuts what is too long. */
function entryRow(entry) {
  const row = make("tr", `entry${entry.isNew ? " new" : ""}`);
  const body = entry.body && typeof entry.body === "object" ? entry.body : {};
  const session = body.sessionRef?.name ?? sessionIn(entry.target);
  const invited = typeof body.invitedXuid === "string" ? body.invitedXuid : "";
  const what = entry.operation === "unrouted" ? `${entry.method} ${entry.target}` : entry.operation;
  const asked = cell("asked", make("span", "operation", said(what)), " ", entry.type && make("span", "tag info", said(entry.type)));
  const about = make("span", "about", session && said(session), invited && " → ", invited && said(called(invited)));
  asked.firstChild.append(" ", about);
  asked.title = [what, entry.type, session, invited && `→ ${called(invited)}`].filter(Boolean).join(" ");
  const answer = cell("answer", make("span", `tag ${tone(entry)}`, entry.outcome));
  answer.title = [entry.outcome, entry.refusal].filter(Boolean).join(" ");
  if (entry.refusal) answer.firstChild.append(make("span", "why", entry.refusal));
  if (!["mpsd", "real service"].includes(entry.decided_by)) answer.firstChild.append(make("span", "why", "by ", said(entry.decided_by)));
  const assumed = entry.assumptions.length ? make("span", "tag odd", `${entry.assumptions.length} assumed`) : "";
  const rests = cell("evidence quiet", assumed, assumed && " ", entry.evidence ?? "");
  const number = cell("number", entry.of && make("span", "tag of", said(entry.of)), String(entry.number));
  number.title = entry.of;
  row.append(number, cell("time", entry.at.slice(11, 23)), who(entry), asked, answer, cell("took", took(entry)), rests);
  row.setAttribute("aria-expanded", "false");
  return row;
}

function cell(kind, ...children) {
  return make("td", kind, make("div", "cell", ...children));
}

/** `Host` and the end of the xuid; the whole of it is what the pointer is told. */
function who(entry) {
  const found = /^(.*?)\s?(\d{8,})$/.exec(entry.who);
  const short = [said(entry.who)];
  if (found?.[1]) short.splice(0, 1, said(roles.get(found[2]) ?? found[1]), " ", make("bdi", "id", `…${found[2].slice(-4)}`));
  else if (found) short.splice(0, 1, make("bdi", "mono", found[2]));
  const made = cell("who", ...short);
  made.title = entry.who;
  return made;
}

/** `0.4 ms`, `1.20 s`: how long the answer took. */
function took(entry) {
  const ms = entry.duration * 1000;
  if (!Number.isFinite(ms)) return "";
  if (ms < 0.01) return "< 0.01 ms";
  return ms < 1000 ? `${ms.toFixed(ms < 1 ? 2 : ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
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

function entryDetail(entry, buttons) {
  const all = make("td");
  all.append(make("div", "tools", ...buttons));
  if (entry.explained.length) all.append(make("p", "told", said(entry.explained.join("\n"))));
  const sent = make("div", "side", make("h3", "", said(`${entry.method} ${entry.target}`)), headers(entry.headers), json(entry.body ?? (entry.body_text || null)));
  const came = make("div", "side", make("h3", "", entry.outcome), headers(entry.answer_headers), json(entry.answer ?? (entry.answer_text || null)));
  all.append(make("div", "sides", sent, came), facts([
    ["decided by", said(entry.decided_by)],
    ["rests on", entry.evidence],
    ["took", took(entry)],
    ["at", entry.at],
    ["who", said(entry.who)],
    ["world", entry.world && said(entry.called)],
    ["sent by", entry.client === "server" ? "" : [entry.client, entry.source].filter(Boolean).join(" · ")],
  ]));
  for (const box of all.querySelectorAll("pre")) box.tabIndex = 0; // it scrolls
  return make("tr", "detail", all);
}

function headers(pairs) {
  const list = make("dl", "headers");
  for (const [name, value] of pairs) list.append(make("dt", "", said(name)), make("dd", "", said(value)));
  return list;
}
