// What was sent in one world or in all of them, as far as it fits the filter; the server does the filtering.
const ROOT = "/_handlesfake";
const ALL = "*"; // no world of a server has this id
const PAGE = 500; // entries that are asked for at first
const MOST = 4000; // and that are asked for at once: each time twice as many

async function ask(world, path, words = {}) {
  const at = ROOT + (world ? `/worlds/${encodeURIComponent(world)}` : "") + path;
  const answer = await fetch(at, { headers: { Accept: "application/json" }, ...words });
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { status: answer.status });
  return answer.status === 204 ? null : answer.json();
}

const post = (world, path, body = {}) => ask(world, path, { method: "POST", body: JSON.stringify(body) });

const inOrder = (one, other) => one.at.localeCompare(other.at) || one.world.localeCompare(other.world) || one.number - other.number;

/** Whether a world is the one that an address or a choice names, by id or name. */
const isWorld = (one, said) => one.id === said || (said !== "" && one.name === said);

class Feed {
  /** @param chosen a world, or all of them. */
  constructor(chosen, filter) {
    this.chosen = chosen;
    this.filter = filter;
    this.read = new Map(); // the id of a world to what is known of its journal
    this.page = PAGE;
  }

  async journal(world, name, words) {
    const query = new URLSearchParams({ ...this.filter, ...words });
    const sent = await ask(world, `/journal?${query}`).catch((error) => {
      if (error.status === 410) return { entries: [], written: 0, fitting: 0, dropped: 0 }; // it has ended meanwhile
      throw error;
    });
    for (const entry of sent.entries) Object.assign(entry, { world, called: name, of: this.chosen === ALL ? name || "default" : "" });
    return sent;
  }

  /** Entries since the last time; null when what is shown is no longer a part of what there is. */
  async newer(worlds) {
    const found = [];
    for (const { id, name, requests } of worlds.filter((one) => this.chosen === ALL || isWorld(one, this.chosen))) {
      const known = this.read.get(id);
      if (known && requests < known.written) return null; // it was reset meanwhile
      if (known && requests === known.written) continue;
      const sent = await this.journal(id, name, known ? { since: known.written, newest: PAGE } : { newest: PAGE });
      if (known && (sent.fitting > PAGE || sent.written < known.written)) return null;
      const first = known?.first ?? sent.entries[0]?.number ?? sent.written + 1;
      this.read.set(id, { name, written: sent.written, first, fitting: (known?.fitting ?? 0) + sent.fitting, dropped: known?.dropped ?? sent.dropped });
      found.push(...sent.entries);
    }
    return found.sort(inOrder);
  }

  /** The entries before those that are shown. */
  async older(shown) {
    const found = [];
    const newest = this.page;
    this.page = Math.min(2 * newest, MOST);
    for (const [id, known] of this.read) {
      const here = shown.filter((entry) => entry.world === id).length;
      if (known.fitting <= here) continue;
      const sent = await this.journal(id, known.name, { before: known.first, newest });
      known.first = sent.entries[0]?.number ?? known.first;
      if (!sent.entries.length) known.fitting = here; // they are no longer kept
      found.push(...sent.entries);
    }
    return found.sort(inOrder);
  }

  /** Entries that are shown no more: "older" begins before what is left. */
  gone(entries) {
    for (const entry of entries) this.read.get(entry.world).first = entry.number + 1;
  }

  /** Everything that fits, whole. */
  async everything() {
    const found = [];
    for (const [id, known] of this.read) found.push(...(await this.journal(id, known.name, {})).entries);
    return found.sort(inOrder);
  }

  sum(field) {
    return [...this.read.values()].reduce((sum, known) => sum + known[field], 0);
  }
}
