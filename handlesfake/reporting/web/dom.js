// Small words for the page's elements. What came over the wire becomes text, never markup.
const by = (id) => document.getElementById(id);

/** An element: `make("span", "tag good", "201")`; children are elements or texts. */
function make(name, kind = "", ...children) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** JSON with a little colour. */
function json(value) {
  const pre = make("pre");
  if (value === null || value === undefined) {
    pre.append(make("span", "quiet", "no body"));
    return pre;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;
  let end = 0;
  for (const found of typeof value === "string" ? [] : text.matchAll(token)) {
    pre.append(text.slice(end, found.index));
    const kind = found[1] ? (found[2] ? "key" : "string") : found[3] ? "number" : "word";
    pre.append(make("span", kind, found[1] ?? found[0]), found[2] ?? "");
    end = found.index + found[0].length;
  }
  pre.append(text.slice(end));
  return pre;
}

/** `[["decided by", "mpsd"], ...]` as a list; pairs that say nothing are left out. */
function facts(pairs) {
  const list = make("dl", "facts");
  for (const [word, said] of pairs) if (said) list.append(make("dt", "", word), make("dd", "", said));
  return list;
}

/** Something that looks like text and can be pressed. */
function link(text, press) {
  const made = make("button", "link", text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** A user's text, which must not turn the text around it. */
const said = (text) => make("bdi", "", String(text));
