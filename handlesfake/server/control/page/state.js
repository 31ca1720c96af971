// What the service knows now: sessions with their members, handles, users.

function showState(known, filterBy) {
  for (const kind of ["sessions", "handles", "users"]) by(`${kind}-count`).textContent = known.counts[kind];
  fill("sessions", known.sessions.map((session) => sessionCard(session, filterBy)), "no session yet");
  fill("handles", known.handles.map((handle) => handleCard(handle, filterBy)), "no handle yet");
  fill("users", known.users.length ? [people(known.users, filterBy)] : [], "no users yet");
  by("now").textContent = `${known.now.slice(11, 19)} UTC`;
  by("now").title = known.now;
}

const shownIn = new Map(); // id of a place to what it was made from

/** Replace what is shown, unless it is the same: an open detail stays open, and so does what has the focus. */
function fill(id, elements, otherwise, from = null) {
  const place = by(id);
  const made = make("div", "", ...(elements.length ? elements : [make("span", "none", otherwise)]));
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.of));
  for (const one of made.querySelectorAll("details")) one.open = open.has(one.dataset.of);
  const isSame = from === null ? place.firstChild?.isEqualNode(made) : shownIn.get(id) === from;
  shownIn.set(id, from);
  if (isSame) return;
  place.replaceChildren(made);
}

function sessionCard(session, filterBy) {
  const head = make("div", "head", make("span", "name", link(said(session.name), () => filterBy(session.name))));
  head.append(make("span", "tag", said(session.template_name)), make("span", "quiet", `change ${session.change_number}`));
  if (session.assumed) head.append(make("span", "tag odd", "assumed"));
  if (session.properties?.system?.closed) head.append(make("span", "tag", "closed"));
  const members = make("ul", "members");
  for (const member of session.members) {
    const status = member.status === "active" ? "" : make("span", "quiet", member.status);
    const dot = make("span", `dot ${member.status}`);
    dot.title = member.status;
    const xuid = member.called === member.xuid ? "" : make("bdi", "id", member.xuid);
    members.append(make("li", "", dot, said(member.called), xuid, status));
  }
  const card = make("div", "card", head, make("div", "id", session.scid), members);
  if (Object.keys(session.properties?.custom ?? {}).length) card.append(more(session.name, "custom", session.properties.custom));
  return card;
}

function handleCard(handle, filterBy) {
  const head = make("div", "head", make("span", "tag info", handle.type), make("span", "name", said(handle.owner || "nobody")));
  if (handle.invited) head.append(make("span", "", "→ ", said(handle.invited)));
  const to = make("div", "", make("span", "quiet", "to "), link(said(handle.session), () => filterBy(handle.session)));
  if (handle.expires) to.append(make("span", "quiet", `  until ${handle.expires.slice(11, 19)}`));
  return make("div", "card", head, to, make("div", "id", handle.id), more(handle.id, "document", handle.document));
}

function more(of, word, value) {
  const made = make("details", "", make("summary", "", word), json(value));
  made.dataset.of = `${word} ${of}`;
  return made;
}

function people(users, filterBy) {
  const table = make("table", "people");
  for (const user of users) {
    const name = link(said(user.role || user.xuid), () => filterBy(user.xuid));
    const tags = user.assumed ? make("span", "tag odd", "assumed") : "";
    const lines = user.connections.map((one) => {
      const tag = make("span", one.state === "connected" ? "tag info" : "tag odd", one.state);
      tag.title = one.id;
      return tag;
    });
    table.append(make("tr", "", make("td", "", name, " ", tags, ...lines), make("td", "mono", user.xuid), make("td", "quiet", said(user.gamertag))));
  }
  return table;
}
