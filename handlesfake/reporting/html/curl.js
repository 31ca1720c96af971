// A request as a command. Its credential was never written down: whoever runs it brings one.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const NOT_SAID = ["host", "content-length", "connection", "transfer-encoding", "accept-encoding"]; // curl says them itself

function curl(entry) {
  const lines = [`curl -i -X ${quoted(entry.method)} "$MPSD_URL"${quoted(entry.target)}`];
  for (const [name, value] of entry.headers ?? []) {
    if (NOT_SAID.includes(name.toLowerCase())) continue;
    const isMasked = value.endsWith("(masked)");
    if (isMasked && name.toLowerCase() !== "authorization") continue;
    lines.push(isMasked ? '-H "Authorization: $AUTHORIZATION"' : `-H ${quoted(`${name}: ${value}`)}`);
  }
  const body = entry.body !== undefined ? JSON.stringify(entry.body) : entry.body_text;
  if (body) lines.push(`--data-raw ${quoted(body)}`);
  return lines.join(" \\\n  ");
}
