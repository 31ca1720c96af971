// An entry in the words of other tools: curl, HAR, a comparison.
const MASK = "(masked)"; // what the server writes instead of a credential
const OWN = new Set(["host", "content-length", "connection", "accept-encoding", "transfer-encoding", "authorization", "expect"]);

const quoted = (text) => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

async function copy(text, button) {
  const word = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
  } catch {
    await confirmed("Copy this by hand: the browser allows no page to do it here.", "done", text);
  }
  setTimeout(() => (button.textContent = word), 1500);
}

/** A text that replaces other bytes, or their beginning: sent again, it would be another request. */
const isLossy = (text) => text.includes("\uFFFD") || /\.\.\. \(\d+ characters\)$/.test(text);

/** The request of an entry as a command, with a token that leads to its world; the journal keeps none. */
async function curlOf(entry, about) {
  const xuid = /(\d{8,})$/.exec(entry.who)?.[1];
  const user = (await ask(entry.world, "/users")).find((one) => one.xuid === xuid);
  const parts = ["curl", about.ca && `--cacert ${quoted(about.ca)}`, `-X ${quoted(entry.method)}`, quoted(about.url + entry.target)];
  const lines = [parts.filter(Boolean).join(" ")];
  if (user) lines.push(`-H ${quoted(`Authorization: ${user.authorization}`)}`);
  const isJson = entry.body !== null && entry.body !== undefined;
  for (const [name, value] of entry.headers) {
    if (isJson && name.toLowerCase() === "content-encoding") continue; // it is given unpacked
    if (!OWN.has(name.toLowerCase()) && !value.includes(MASK)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  const sent = textOf(entry.body, entry.body_text);
  if (!isJson && isLossy(sent)) return `# without its body, which is not shown whole here\n${lines.join(" \\\n  ")}`;
  if (sent) lines.push(`--data-raw ${quoted(sent)}`);
  return lines.join(" \\\n  ");
}

/** A body as it may be sent: JSON is written again, other text as it was. */
const textOf = (body, text) => (body === null || body === undefined ? text ?? "" : JSON.stringify(body));

function harOf(entries, about) {
  const CODINGS = new Set(["content-encoding", "transfer-encoding"]); // bodies are plain here
  const size = (text) => new TextEncoder().encode(text).length;
  const pairs = (found, text) => found.filter(([name]) => !CODINGS.has(name.toLowerCase())).map(([name, value]) => {
    return { name, value: name.toLowerCase() === "content-length" ? String(size(text)) : value };
  });
  const kind = (found) => found.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "application/json";
  const one = (entry, sent, came) => ({
    startedDateTime: entry.at,
    time: entry.duration * 1000,
    request: {
      method: entry.method, url: about.url + entry.target, httpVersion: "HTTP/1.1", cookies: [], headers: pairs(entry.headers, sent),
      queryString: [...new URL(entry.target, about.url).searchParams].map(([name, value]) => ({ name, value })),
      headersSize: -1, bodySize: size(sent),
      ...(sent && { postData: { mimeType: kind(entry.headers), text: sent } }),
    },
    response: {
      status: entry.status ?? 0, statusText: "", httpVersion: "HTTP/1.1", cookies: [], headers: pairs(entry.answer_headers, came),
      content: { size: size(came), mimeType: kind(entry.answer_headers), text: came },
      redirectURL: "", headersSize: -1, bodySize: size(came),
    },
    cache: {},
    timings: { send: 0, wait: entry.duration * 1000, receive: 0 },
    comment: [entry.called, `#${entry.number}`, entry.who, entry.fault].filter(Boolean).join(" "),
  });
  const made = entries.map((entry) => one(entry, textOf(entry.body, entry.body_text), textOf(entry.answer, entry.answer_text)));
  return { log: { version: "1.2", creator: { name: "handlesfake", version: about.version }, entries: made } };
}

function download(name, text) {
  const anchor = make("a");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(anchor.href);
}

/** Each place in which two entries differ, with both values. */
function differences(one, other) {
  const COMPARED = ["who", "method", "target", "headers", "body", "body_text", "outcome", "refusal", "decided_by", "answer_headers", "answer", "answer_text"];
  const places = (entry) => {
    const found = new Map();
    const walk = (value, place) => {
      const inside = value && typeof value === "object" ? Object.entries(value) : [];
      if (!inside.length) found.set(place, JSON.stringify(value) ?? "");
      for (const [name, part] of inside) walk(part, `${place}.${name}`);
    };
    for (const field of COMPARED) {
      const isHeaders = field.endsWith("headers");
      walk(isHeaders ? Object.fromEntries(entry[field].map(([name, value]) => [name.toLowerCase(), value])) : entry[field], field);
    }
    return found;
  };
  const [left, right] = [places(one), places(other)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((place) => left.get(place) !== right.get(place))
    .map((place) => [place, left.get(place) ?? "(not there)", right.get(place) ?? "(not there)"]);
}

function comparison(one, other) {
  const heads = ["where", `#${one.number}`, `#${other.number}`].map((word) => make("th", "", word));
  const lines = differences(one, other).map((cells) => make("tr", "", ...cells.map((cell) => make("td", "mono", said(cell)))));
  if (!lines.length) return make("p", "", "They are the same but for number and time.");
  return make("table", "compared", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...lines));
}
