// What the report is about: its data, and what each part of it is called and counted as.
const RUN = JSON.parse(by("data").textContent);

/** A page in a frame of another report has no own address. */
const IS_FILE = location.protocol !== "about:";

const isRefused = (entry) => Boolean(entry.refusal) || entry.status >= 400;
const isLost = (entry) => Boolean(entry.fault) || entry.status === undefined;
const isRuled = (entry) => !["mpsd", "real service", "nobody"].includes(entry.decided_by);

/** Which requests each button shows; `failed` is about tests. */
const KINDS = {
  all: () => true,
  failed: () => true,
  refused: isRefused,
  lost: isLost,
  assumed: (entry) => Boolean(entry.assumptions),
  "by a rule": isRuled,
};

/** `1 request`, `2 requests`. */
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** The sum of what `count` says of each. */
const total = (items, count) => items.reduce((sum, item) => sum + count(item), 0);

function tone(entry) {
  if (isLost(entry)) return "odd";
  return isRefused(entry) ? "bad" : "good";
}

/** A sign beside the colour, which not everybody sees. */
const SIGNS = { good: "✓", bad: "✕", odd: "⚡" };

function asked(entry) {
  const what = entry.operation === "unrouted" ? `${entry.method} ${entry.target}` : entry.operation;
  return [what, entry.type].filter(Boolean).join(" ");
}

function about(entry) {
  return [entry.session, entry.invited && `→ ${entry.invited}`].filter(Boolean).join(" ");
}

/** All that the search looks at, in lower case; made when it is first asked for. */
function textOf(entry) {
  entry.text ??= [
    entry.who, asked(entry), about(entry), entry.method, entry.target, entry.outcome, entry.refusal,
    entry.decided_by, entry.evidence, entry.fault, entry.source, entry.body && JSON.stringify(entry.body), entry.body_text,
    ...(entry.explained ?? []),
  ].join(" ").toLowerCase();
  return entry.text;
}

/** Whether a word of the search is met: `#12` is the request of that number, anything else a part of what it says. */
const meets = (entry, word) => (/^#\d+$/.test(word) ? word === `#${entry.number}` : textOf(entry).includes(word));

/** `Host`, of `Host 9000000000000001`; a xuid alone is its end. */
function short(who) {
  const found = /^(.*?)\s?(\d{12,})$/.exec(who);
  if (!found) return who;
  return found[1] || `…${found[2].slice(-4)}`;
}

/** The role, of `Host 9000000000000001`; a xuid alone is whole: a test may claim it. */
const named = (who) => /^(.*?)\s?\d{12,}$/.exec(who)?.[1] || who;

for (const scope of RUN.scopes) {
  scope.entries = scope.parts.flatMap((part) => part.entries);
  scope.fits = () => true;
  scope.isAll = true;
  scope.isFailed = scope.outcome === "failed";
}

/** `lasted(0.0123)` is `12 ms`. */
function lasted(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 120 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds / 60)} min`;
}
