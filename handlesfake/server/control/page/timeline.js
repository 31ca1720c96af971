// The journal as a timeline: one row for each request, what was said below the row that is open.
const KEPT = 1000; // rows that stay while it follows; "older" brings back those before

class Timeline {
  /** @param buttons gives the buttons of an opened entry. */
  constructor(buttons) {
    this.buttons = buttons;
    this.entries = [];
    this.open = null; // the entry whose detail is shown
    this.current = null; // the one row that Tab reaches
    by("rows").addEventListener("click", (event) => {
      const entry = this.of(event.target.closest("tr.entry"));
      if (entry) this.toggle(entry);
    });
    by("rows").addEventListener("keydown", (event) => this.pressed(event));
    by("rows").addEventListener("focusin", (event) => this.reach(this.of(event.target.closest("tr.entry"))));
  }

  of(row) {
    return row ? this.entries.find((one) => one.row === row) : null;
  }

  clear() {
    this.entries = [];
    this.open = this.current = null;
    by("rows").replaceChildren();
  }

  /** Newer entries below; those that no longer have room are given back. */
  add(entries, isNew) {
    for (const entry of entries) entry.row = entryRow(entry, isNew);
    by("rows").append(...entries.map((entry) => entry.row));
    this.entries.push(...entries);
    const follows = by("follow").checked && this.open === null;
    const gone = follows ? this.entries.splice(0, Math.max(0, this.entries.length - KEPT)) : [];
    for (const old of gone) old.row.remove();
    if (!this.entries.includes(this.current)) this.reach(this.entries.at(-1) ?? null);
    this.isAtEnd = entries.length > 0 && follows;
    return gone;
  }

  /** Go to the newest, where it follows and there is one that was not there: once all is to be seen. */
  follow() {
    if (this.isAtEnd) by("scroll").scrollTop = by("scroll").scrollHeight;
    this.isAtEnd = false;
  }

  /** Older entries above; what is looked at stays where it is. */
  addBefore(entries) {
    const scroll = by("scroll");
    const below = scroll.scrollHeight - scroll.scrollTop;
    for (const entry of entries) entry.row = entryRow(entry, false);
    by("rows").prepend(...entries.map((entry) => entry.row));
    this.entries.unshift(...entries);
    scroll.scrollTop = scroll.scrollHeight - below;
  }

  reach(entry) {
    if (!entry && this.entries.length) return;
    if (this.current) this.current.row.tabIndex = -1;
    this.current = entry;
    if (entry) entry.row.tabIndex = 0;
  }

  pressed(event) {
    const entry = this.of(event.target.closest("tr.entry"));
    if (!entry || event.target !== entry.row) return; // a button of the detail
    const place = this.entries.indexOf(entry);
    const last = this.entries.length - 1;
    const places = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + 10, PageUp: place - 10, Home: 0, End: last };
    if (event.key === "Enter" || event.key === " ") this.toggle(entry);
    else if (event.key in places) this.entries[Math.min(last, Math.max(0, places[event.key]))].row.focus();
    else return;
    event.preventDefault();
  }

  /** Show what an entry says, or hide it again. */
  toggle(entry) {
    const before = this.open;
    document.querySelector("tr.detail")?.remove();
    before?.row.classList.remove("open");
    before?.row.setAttribute("aria-expanded", "false");
    this.open = before === entry ? null : entry;
    if (this.open === null) return;
    entry.row.classList.add("open");
    entry.row.setAttribute("aria-expanded", "true");
    entry.row.after(entryDetail(entry, this.buttons(entry)));
  }

  /** Open an entry and go there. */
  show(entry) {
    if (this.open !== entry) this.toggle(entry);
    entry.row.focus();
    entry.row.scrollIntoView({ block: "start" });
  }
}
