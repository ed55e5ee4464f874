// Texts that are nowhere but in this browser yet: kept at each change, so that neither a reload nor a crash loses one.
//
// Each load of the page has a name of its own and holds a lock of that name while it lives. What a page without a lock has left
// behind belongs to whoever finds it.

const PREFIX = "coil.draft.";

export interface Draft {
  text: string;
  /** The version that was changed; null for a file that was nowhere else. */
  version: string | null;
}

export class Drafts {
  readonly #page = crypto.randomUUID();
  #full = false;

  /** `full` is called once, when the browser takes no more. */
  constructor(private readonly full: () => void) {
    // Held until the page is gone, however it goes.
    void navigator.locks?.request(PREFIX + this.#page, () => new Promise(() => {}));
  }

  #key(id: string): string {
    return `${PREFIX}${this.#page}.${id}`;
  }

  keep(id: string, draft: Draft): void {
    try {
      localStorage.setItem(this.#key(id), JSON.stringify(draft));
      this.#full = false;
    } catch {
      if (!this.#full) this.full();
      this.#full = true;
    }
  }

  drop(id: string): void {
    try {
      localStorage.removeItem(this.#key(id));
    } catch {
      // A browser that keeps nothing has nothing to drop.
    }
  }

  /** Calls for each draft that a page has left behind, which is then the caller's to keep. */
  async adopt(take: (id: string, draft: Draft) => void | Promise<void>): Promise<void> {
    if (!navigator.locks) return;
    // One page at a time, lest two take the same.
    await navigator.locks.request(`${PREFIX}adopt`, async () => {
      const held = new Set((await navigator.locks.query()).held?.map((lock) => lock.name));
      for (const key of keysOf()) {
        const [page, id] = split(key);
        if (page === this.#page || held.has(PREFIX + page)) continue;
        const draft = parse(localStorage.getItem(key));
        if (draft) await take(id, draft);
        localStorage.removeItem(key);
      }
    });
  }
}

function keysOf(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function split(key: string): [string, string] {
  const rest = key.slice(PREFIX.length);
  const dot = rest.indexOf(".");
  return [rest.slice(0, dot), rest.slice(dot + 1)];
}

function parse(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? "");
    const isOne = typeof draft.text === "string" && (draft.version === null || typeof draft.version === "string");
    return isOne ? draft : undefined;
  } catch {
    return undefined;
  }
}
