// The journal as a timeline: one row for each request, what was said below the row that is open.
const KEPT = 1000; // entries that stay while it follows; "older" brings back those before

class Timeline {
  /** @param buttons gives the buttons of an opened entry. */
  constructor(buttons) {
    this.buttons = buttons;
    this.entries = [];
    this.missing = 0; // how many there are before these
    this.open = this.detail = null; // the entry of which more is shown, and the row that shows it
    this.current = null; // the one row that Tab reaches
    this.rows = new Rows(by("scroll"), by("rows"), this);
    by("rows").addEventListener("click", (event) => {
      const entry = this.of(event.target);
      if (entry) this.toggle(entry);
    });
    by("rows").addEventListener("keydown", (event) => this.pressed(event));
    by("rows").addEventListener("focusin", (event) => this.reach(this.of(event.target)));
  }

  of(element) {
    return this.rows.entryOf.get(element.closest("tr.entry"));
  }

  clear() {
    this.entries = [];
    this.open = this.detail = this.current = null;
    for (const entry of this.rows.shown) this.rows.forget(entry);
    by("rows").replaceChildren();
  }

  /** Newer entries below; those that no longer have room are given back. */
  add(entries, isNew) {
    for (const entry of entries) entry.isNew = isNew;
    this.entries.push(...entries);
    const follows = by("follow").checked && this.open === null;
    const gone = follows ? this.entries.splice(0, Math.max(0, this.entries.length - KEPT)) : [];
    if (!this.entries.includes(this.current)) this.reach(this.entries.at(-1));
    this.isAtEnd = entries.length > 0 && follows;
    return gone;
  }

  /** Show what was added, and how many there are in all; go to the newest where it follows and that one is new. */
  show(total) {
    this.missing = Math.max(0, total - this.entries.length);
    by("timeline").setAttribute("aria-rowcount", this.missing + this.entries.length + 1);
    by("timeline").hidden = this.entries.length === 0;
    this.rows.draw();
    if (this.isAtEnd) this.toEnd();
    this.isAtEnd = false;
  }

  toEnd() {
    by("scroll").scrollTop = by("scroll").scrollHeight;
    this.rows.draw();
  }

  /** Older entries above; what is looked at stays where it is. */
  addBefore(entries, total) {
    const scroll = by("scroll");
    const below = scroll.scrollHeight - scroll.scrollTop;
    this.entries.unshift(...entries);
    this.show(total());
    scroll.scrollTop = scroll.scrollHeight - below;
    this.rows.draw();
  }

  reach(entry) {
    if (!entry) return;
    if (this.current?.row) this.current.row.tabIndex = -1;
    this.current = entry;
    if (entry.row) entry.row.tabIndex = 0;
  }

  /** Go to an entry, wherever it is. */
  focus(entry, block = "nearest") {
    this.reach(entry);
    this.rows.draw();
    entry.row.focus({ preventScroll: true });
    entry.row.scrollIntoView({ block });
    this.rows.draw();
  }

  pressed(event) {
    const entry = this.of(event.target);
    if (!entry || event.target !== entry.row) return; // a button of the detail
    const place = this.entries.indexOf(entry);
    const last = this.entries.length - 1;
    const places = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + 10, PageUp: place - 10, Home: 0, End: last };
    if (event.key === "Enter" || event.key === " ") this.toggle(entry);
    else if (event.key in places) this.focus(this.entries[Math.min(last, Math.max(0, places[event.key]))]);
    else return;
    event.preventDefault();
  }

  /** Show what an entry says, or hide it again. */
  toggle(entry) {
    const before = this.open;
    this.detail?.remove();
    this.mark(before, false);
    this.open = before === entry ? null : entry;
    this.detail = this.open && entryDetail(entry, this.buttons(entry));
    this.rows.draw();
    this.mark(this.open, true);
  }

  mark(entry, isOpen) {
    entry?.row?.classList.toggle("open", isOpen);
    entry?.row?.setAttribute("aria-expanded", String(isOpen));
  }

  /** Open an entry and go there. */
  reveal(entry) {
    if (this.open !== entry) this.toggle(entry);
    this.focus(entry, "start");
  }
}
