// One board's circuit, here and with the server: changes go there after a short rest, those of others come and are put together with ours.
import { Value } from "../../state.ts";
import { merge } from "./merge.ts";
import { type Circuit, EMPTY, equal, type Part } from "./model.ts";
import { isRefusal, server } from "./server.ts";

/** Milliseconds without a change before it is saved. */
const REST = 400;
/** Milliseconds before a server that did not answer is asked again. */
const AGAIN = 1000;

/** How it is with the file. */
export type Saved = "saved" | "saving" | "away" | "refused";

export interface StoreHooks {
  /** Somebody else had changed it meanwhile, and both changes are in it now. */
  merged(): void;
  /** What an earlier page could not save any more was found. */
  found(): void;
}

interface Draft {
  base: Circuit;
  mine: Circuit;
}

export class CircuitStore {
  readonly circuit = new Value<Circuit>(EMPTY);
  readonly saved = new Value<Saved>("saved");
  /** Why the server does not take it, in its words. */
  readonly refused = new Value<string | undefined>(undefined);
  /** Why the file itself cannot be; nothing is saved over it unless somebody wants that. */
  readonly broken = new Value<string | undefined>(undefined);
  file = "circuit.toml";
  isLoaded = false;
  #version: string | null = null;
  /** What the server has. */
  #base: Circuit = EMPTY;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    readonly board: string,
    private readonly hooks: StoreHooks,
  ) {}

  async load(): Promise<void> {
    await this.#inTurn(() => this.#read());
    this.isLoaded = true;
    // Who was faster than the server has changed nothing yet, and yet something.
    const early = this.circuit.now;
    if (early !== EMPTY) return this.change(merge(EMPTY, early, this.#base));
    this.#show(this.#base);
    const draft = recall(this.board);
    if (!draft || this.broken.now) return;
    const next = merge(draft.base, draft.mine, this.#base);
    if (equal(next, this.#base)) return forget(this.board);
    this.hooks.found();
    this.change(next);
  }

  /** It is to be like this from now on. */
  change(next: Circuit): void {
    if (this.broken.now !== undefined) return;
    this.circuit.set(next);
    this.refused.set(undefined);
    remember(this.board, { base: this.#base, mine: next });
    this.saved.set("saving");
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.save(), REST);
  }

  /** The file that cannot be makes room for an empty one. */
  startAnew(): void {
    this.broken.set(undefined);
    this.change(EMPTY);
    void this.save(true);
  }

  /** Looks whether the file is another one by now, after nobody could say so. */
  refresh(): void {
    void this.#inTurn(() => this.#theirs()).catch(() => {});
  }

  /** The server says that the file is another one now. */
  heard(version: string | null): void {
    void this.#inTurn(async () => {
      if (version !== this.#version) await this.#theirs();
    }).catch(() => {});
  }

  close(): void {
    void this.save();
    this.#isClosed = true;
  }

  async save(evenIfEqual = false): Promise<void> {
    clearTimeout(this.#rest);
    if (this.#isClosed) return;
    try {
      await this.#inTurn(() => this.#write(evenIfEqual));
    } catch (e) {
      this.#failed(e as Error);
    }
  }

  /** One after the other: what is read must not be older than what was written. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #write(evenIfEqual: boolean): Promise<void> {
    for (let isWanted = evenIfEqual; ; isWanted = false) {
      if (this.broken.now !== undefined || this.refused.now !== undefined) return;
      const sent = this.circuit.now;
      if (!isWanted && equal(sent, this.#base)) return this.#settled();
      const version = await server.write(this.board, sent, this.#version);
      if (version === undefined) await this.#theirs();
      else {
        this.#version = version;
        this.#base = sent;
      }
    }
  }

  #settled(): void {
    forget(this.board);
    this.saved.set("saved");
  }

  #failed(why: Error): void {
    if (isRefusal(why)) {
      this.refused.set(why.message);
      this.saved.set("refused");
      return;
    }
    this.saved.set("away");
    if (!this.#isClosed) this.#rest = setTimeout(() => void this.save(), AGAIN);
  }

  /** What somebody else has made of it, with what was changed here and is not saved yet. */
  async #theirs(): Promise<void> {
    const base = this.#base;
    await this.#read();
    const mine = this.circuit.now;
    if (equal(mine, base) || this.broken.now !== undefined) return this.#show(this.#base);
    const next = merge(base, mine, this.#base);
    if (equal(next, mine)) return;
    this.hooks.merged();
    this.change(next);
  }

  async #read(): Promise<void> {
    const { version, file, circuit, error } = await server.circuit(this.board);
    this.#version = version;
    this.#base = tidy(circuit);
    this.file = file;
    this.broken.set(error ?? undefined);
  }

  /** The same again is no other value: nobody needs to draw it anew. */
  #show(circuit: Circuit): void {
    if (!equal(this.circuit.now, circuit)) this.circuit.set(circuit);
  }
}

/** Without what is usual: a part that is not turned. */
function tidy({ parts, wires }: Circuit): Circuit {
  const part = ({ turned, ...rest }: Part): Part => (turned ? { ...rest, turned } : rest);
  return { parts: Object.fromEntries(Object.entries(parts).map(([name, p]) => [name, part(p)])), wires };
}

const keyOf = (board: string) => `coil.circuit.${board}`;

function recall(board: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(board)) ?? "null");
    return draft?.base?.parts && draft?.mine?.parts ? draft : undefined;
  } catch {
    return undefined;
  }
}

function remember(board: string, draft: Draft): void {
  try {
    localStorage.setItem(keyOf(board), JSON.stringify(draft));
  } catch {
    // It is saved a moment later.
  }
}

function forget(board: string): void {
  try {
    localStorage.removeItem(keyOf(board));
  } catch {
    // Nothing was kept either.
  }
}
