// A request as a command. Its credential was never written down: the user who runs it brings one.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const NOT_SAID = ["host", "content-length", "connection", "transfer-encoding", "accept-encoding"]; // curl says them itself

/** A text that replaces other bytes, or their beginning: sent again, it would be another request. */
const isLossy = (text) => text.includes("\uFFFD") || /\.\.\. \(\d+ characters\)$/.test(text);

function curl(entry) {
  const lines = [`curl -i -X ${quoted(entry.method)} "$MPSD_URL"${quoted(entry.target)}`];
  for (const [name, value] of entry.headers ?? []) {
    if (NOT_SAID.includes(name.toLowerCase())) continue;
    if (entry.body !== undefined && name.toLowerCase() === "content-encoding") continue; // it is given unpacked
    const isMasked = value.endsWith("(masked)");
    if (isMasked && name.toLowerCase() !== "authorization") continue;
    lines.push(isMasked ? '-H "Authorization: $AUTHORIZATION"' : `-H ${quoted(`${name}: ${value}`)}`);
  }
  const body = entry.body !== undefined ? JSON.stringify(entry.body) : entry.body_text;
  if (entry.body === undefined && body && isLossy(body)) return `# without its body, which is not shown whole here\n${lines.join(" \\\n  ")}`;
  if (body) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(" \\\n  ");
}
