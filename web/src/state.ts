// Values that others watch: what the parts of the page know of each other.

/** A value that tells when it is another one. */
export class Value<T> {
  #value: T;
  readonly #watchers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get now(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher(value);
  }

  /** Calls at once (unless it is not to) and at each change; what comes back ends that. */
  watch(watcher: (value: T) => void, atOnce = true): () => void {
    this.#watchers.add(watcher);
    if (atOnce) watcher(this.#value);
    return () => this.#watchers.delete(watcher);
  }
}

/** What a board does, as the server tells it; `away` is a server that does not answer. */
export interface BoardState {
  is: "away" | "starting" | "prompt" | "running" | "busy" | "gone";
  program?: string;
}

/** What the chip's words mean, as `coil-explain` has it. */
export interface Explained {
  title: string;
  cause: string;
  fix: string;
  code: string | null;
  /** The path of a text that is served with the page, and what it is called. */
  lesson: string;
  topic: string;
  /** A page that says more to those who have the internet. */
  more: string | null;
  said: string;
  place: { file: string; line: number } | null;
}

/** Whether a text is safe: with the server, on its way, in this browser until the server answers, or here alone because its owner has not saved it. */
export type SaveState = "saved" | "saving" | "kept" | "edited";

/** What kind of thing a notice tells. */
export type Tone = "news" | "good" | "bad";
/** Tells whoever sits here something. */
export type Say = (text: string, tone?: Tone) => void;
