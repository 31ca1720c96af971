// One request, opened: why, what was sent, what came back, and what that rests on.
function entryDetail(entry, place) {
  const made = make("div", "detail");
  if (entry.explained) made.append(make("p", "told", said(entry.explained.join("\n"))));
  made.append(
    make("div", "sides",
      side("Request", `${entry.method} ${entry.target}`, entry.headers, entry.body, entry.body_text),
      side("Answer", entry.outcome, entry.answer_headers, entry.answer, entry.answer_text),
    ),
    facts([
      ["Decided by", said(entry.decided_by)],
      ["Reason", entry.refusal ?? ""],
      ["Rests on", entry.evidence ?? ""],
      ["Took", entry.duration ? lasted(entry.duration) : ""],
      ["At", entry.at],
      ["By", said(entry.who)],
      ["Service's own", entry.original_status ? String(entry.original_status) : ""],
      ["Sent from", entry.source ? said(entry.source) : ""],
      ["Client", [entry.client, entry.thread].filter(Boolean).join(", ")],
    ]),
    make("p", "actions", copier("Copy as curl", () => curl(entry)), " ", IS_FILE ? copier("Copy link", () => linkTo(place)) : ""),
  );
  return made;
}

function side(title, line, headers, body, text) {
  const made = make("div", "side", make("h3", "", title, " ", make("code", "", said(line))));
  if (headers?.length) {
    const list = make("dl", "headers");
    for (const [name, value] of headers) {
      list.append(make("div", "", make("dt", "", said(name)), make("dd", value.endsWith("(masked)") ? "quiet" : "", said(value))));
    }
    made.append(list);
  }
  made.append(scrolled(json(body ?? text ?? null), `${title} body`));
  return made;
}
