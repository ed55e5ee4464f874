// Bytes that wait to be shown: so many at most. A board that says more than can be shown loses the oldest, and is told how many.

/** Bytes that wait at most. */
export const WAITING_MAX = 256 * 1024;
/** Bytes that are left when there were too many. */
export const LEFT = 64 * 1024;

/** Bytes are copied in and out: what came over the wire can be given back at once, and what waits has one place for good. */
export class Flow {
  #ring: Uint8Array | undefined;
  #start = 0;
  #bytes = 0;
  #dropped = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    const ring = (this.#ring ??= new Uint8Array(WAITING_MAX));
    const all = this.#bytes + chunk.length;
    let from = 0;
    if (all > WAITING_MAX) {
      const drop = all - LEFT;
      const old = Math.min(drop, this.#bytes);
      from = drop - old;
      this.#start = (this.#start + old) % WAITING_MAX;
      this.#bytes -= old;
      this.#dropped += drop;
    }
    const kept = chunk.subarray(from);
    const end = (this.#start + this.#bytes) % WAITING_MAX;
    const fits = Math.min(kept.length, WAITING_MAX - end);
    ring.set(kept.subarray(0, fits), end);
    ring.set(kept.subarray(fits), 0);
    this.#bytes += kept.length;
  }

  /** The oldest bytes, so many at most, and how many before them were dropped; nothing if nothing waits. */
  take(most: number): { bytes: Uint8Array; dropped: number } | undefined {
    if (!this.#ring || !this.#bytes) return undefined;
    const bytes = new Uint8Array(Math.min(most, this.#bytes));
    const first = this.#ring.subarray(this.#start, this.#start + bytes.length);
    bytes.set(first);
    bytes.set(this.#ring.subarray(0, bytes.length - first.length), first.length);
    this.#start = (this.#start + bytes.length) % WAITING_MAX;
    this.#bytes -= bytes.length;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return { bytes, dropped };
  }

  clear(): void {
    this.#bytes = 0;
    this.#dropped = 0;
  }
}
