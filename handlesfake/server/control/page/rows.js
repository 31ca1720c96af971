// Which rows of the timeline are in the document: those about what is seen, and those that are in use.
// All rows are of one height, so that the place of each is known without it; only what was said below one is not.
const BESIDE = 20; // rows above and below those that are seen

/** A narrow window shows fewer, and a cell over more than those would make more. */
const countedColumns = () => [...document.querySelectorAll("#timeline th")].filter((head) => head.offsetWidth > 0).length || 1;

class Rows {
  /** @param timeline whose entries, open one and current one are shown. */
  constructor(scroll, body, timeline) {
    Object.assign(this, { scroll, body, timeline });
    this.height = 30; // of one row; measured as soon as there is one
    this.entryOf = new WeakMap();
    this.shown = new Set(); // entries that have a row
    scroll.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(scroll);
  }

  /** Bring the document to what is to be seen now; rows that stay are not touched, or they would lose the focus. */
  draw() {
    this.put();
    const height = this.shown.values().next().value?.row.getBoundingClientRect().height;
    if (!height || Math.abs(height - this.height) < 0.01) return;
    this.height = height;
    this.put();
  }

  put() {
    const { entries, open, detail, missing } = this.timeline;
    const places = this.wanted();
    this.columns = countedColumns(); // now: once gaps are gone, asking for a size makes the browser scroll
    const wanted = new Set(places.map((place) => entries[place]));
    for (const gap of this.body.querySelectorAll(":scope > .gap")) gap.remove();
    for (const entry of this.shown) if (!wanted.has(entry)) this.forget(entry);
    let at = this.body.firstChild;
    const put = (row) => {
      if (row === at) at = at.nextSibling;
      else this.body.insertBefore(row, at);
    };
    let next = 0;
    for (const place of places) {
      if (place > next) put(this.gap(place - next));
      const entry = entries[place];
      if (!entry.row) this.remember(entry);
      entry.row.setAttribute("aria-rowindex", missing + place + 2); // the first row is that of the headings
      put(entry.row);
      if (entry === open) put(detail);
      next = place + 1;
    }
    if (entries.length > next) put(this.gap(entries.length - next));
    if (detail) detail.firstChild.colSpan = this.columns;
  }

  /** The places of the entries that are to be in the document, in order. */
  wanted() {
    const { entries, open, current, detail } = this.timeline;
    const above = this.scroll.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
    const below = open ? (entries.indexOf(open) + 1) * this.height : Infinity;
    const place = (way) => (way <= below ? way : Math.max(below, way - detail.offsetHeight)) / this.height;
    const first = Math.max(0, Math.floor(place(above)) - BESIDE);
    const last = Math.min(entries.length, Math.ceil(place(above + this.scroll.clientHeight)) + BESIDE);
    const found = Array.from({ length: Math.max(0, last - first) }, (_, number) => first + number);
    const used = [current, open].filter(Boolean).map((entry) => entries.indexOf(entry));
    return [...new Set([...found, ...used])].filter((one) => one >= 0).sort((one, other) => one - other);
  }

  remember(entry) {
    entry.row = entryRow(entry);
    entry.isNew = false; // it arrives once
    entry.row.tabIndex = entry === this.timeline.current ? 0 : -1;
    this.entryOf.set(entry.row, entry);
    this.shown.add(entry);
  }

  forget(entry) {
    entry.row.remove();
    delete entry.row;
    this.shown.delete(entry);
  }

  gap(count) {
    const cell = make("td");
    cell.colSpan = this.columns;
    cell.style.height = `${count * this.height}px`;
    const row = make("tr", "gap", cell);
    row.setAttribute("aria-hidden", "true");
    return row;
  }
}
