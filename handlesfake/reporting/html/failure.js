// Why a test failed: what its claim says, differences as a table, numbers of requests as links.
const DIFFERENCE = /^(?:E\s)?\s+(\S.*?) {2,}(wanted|recorded) (.+?) {2,}sent (.*)$/;

function failureCard(failure, openEntry) {
  const message = failure.message.replace(/^(AssertionError|Failed): /, "").trimEnd();
  const made = make("div", "failure");
  const when = failure.when && failure.when !== "call" ? `in ${failure.when}` : "";
  const attempt = failure.attempt ? `attempt ${failure.attempt}` : "";
  if (when || attempt) made.append(make("p", "when", [attempt, when].filter(Boolean).join(", ")));
  const [first, ...others] = message.split("\n");
  made.append(make("p", "claim", linked(first, openEntry)));
  let lines = [];
  let rows = [];
  const flushLines = () => {
    if (lines.some((line) => line.trim())) made.append(make("pre", "", linked(dedented(lines), openEntry)));
    lines = [];
  };
  const flushRows = () => {
    if (rows.length) made.append(differences(rows));
    rows = [];
  };
  for (const line of others) {
    const found = DIFFERENCE.exec(line);
    if (found) {
      flushLines();
      rows.push(found.slice(1));
    } else {
      flushRows();
      lines.push(line);
    }
  }
  flushRows();
  flushLines();
  if (failure.text && failure.text.trim() !== failure.message.trim()) {
    const whole = make("details", "", make("summary", "", "What pytest shows"));
    whole.addEventListener("toggle", () => whole.querySelector("pre") ?? whole.append(scrolling(failure.text)));
    made.append(whole);
  }
  return made;
}

/** Lines less the space that all begin with, and less empty ones at the ends. */
function dedented(lines) {
  const edges = lines.filter((line) => line.trim()).map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...edges))).join("\n").replace(/^\s*\n|\s+$/g, "");
}

function scrolling(text) {
  return scrolled(make("pre", "", said(text)), "What pytest shows");
}

/** An element that may scroll, so that the keyboard must reach it. */
function scrolled(element, title) {
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", title);
  return element;
}

function differences(rows) {
  const head = make("tr", "", ...["Field", rows[0][1] === "recorded" ? "Recorded" : "Wanted", "Sent"].map((word) => {
    const cell = make("th", "", word);
    cell.scope = "col";
    return cell;
  }));
  const body = rows.map(([field, , wanted, sent]) => {
    const name = make("th", "", make("code", "", said(field)));
    name.scope = "row";
    return make("tr", "", name, make("td", "", make("code", "wanted", said(wanted))), make("td", "", make("code", "sent", said(sent))));
  });
  const table = make("table", "", make("caption", "", "What differs"), make("thead", "", head), make("tbody", "", ...body));
  return scrolled(make("div", "differs", table), "What differs");
}

/** A text in which each `#3` leads to that request. */
function linked(text, openEntry) {
  const made = make("bdi");
  let end = 0;
  for (const found of text.matchAll(/#(\d+)\b/g)) {
    if (!openEntry(Number(found[1]), true)) continue;
    made.append(text.slice(end, found.index), link(found[0], () => openEntry(Number(found[1]))));
    end = found.index + found[0].length;
  }
  made.append(text.slice(end));
  return made;
}
