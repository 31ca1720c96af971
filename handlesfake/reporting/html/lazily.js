// Long lists: a piece is made as the reader comes near it, so that five thousand requests cost no more than fifty.
const PIECE = 100;

class Lazy {
  /** Fill `list` with what `make(item)` gives; a button below it makes more, and presses itself when it is near. */
  constructor(list, items, make) {
    this.list = list;
    this.items = items;
    this.make = make;
    this.next = 0;
    this.button = pressable("", () => this.focusing(() => this.more()));
    this.button.className = "more";
    this.watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.more(), { rootMargin: "800px" });
    this.list.after(this.button);
    this.more();
    this.watch.observe(this.button);
  }

  more(until = this.next + PIECE) {
    const end = Math.min(until, this.items.length);
    const made = document.createDocumentFragment();
    for (; this.next < end; this.next += 1) made.append(this.make(this.items[this.next]));
    this.list.append(made);
    const left = this.items.length - this.next;
    this.button.hidden = left === 0;
    this.button.textContent = `Show ${Math.min(left, PIECE)} of ${left.toLocaleString("en")} more`;
    if (left === 0) this.watch.disconnect();
    else {
      // an observer tells of changes only: the button may be near still
      this.watch.unobserve(this.button);
      this.watch.observe(this.button);
    }
  }

  /** Whoever pressed the button goes on where the new piece begins. */
  focusing(add) {
    const before = this.list.children.length;
    add();
    this.list.children[before]?.querySelector("summary")?.focus();
  }

  /** See that the item is there; its element. */
  reach(item) {
    const place = this.items.indexOf(item);
    if (place < 0) return null;
    if (place >= this.next) this.more(place + 1);
    return this.list.children[place];
  }

  end() {
    this.watch.disconnect();
    this.button.remove();
    this.list.replaceChildren();
  }
}

function pressable(text, press) {
  const made = make("button", "", text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** A button that copies what `text()` gives, and says that it did. */
function copier(word, text) {
  const button = pressable(word, async () => {
    button.textContent = (await copied(text())) ? "Copied" : "The browser refused";
    setTimeout(() => { button.textContent = word; }, 1500);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", "aside", text);
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
