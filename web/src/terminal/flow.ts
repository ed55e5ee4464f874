// Bytes that wait to be shown: so many at most. A board that says more than can be shown loses the oldest, and is told how many.

/** Bytes that wait at most. */
export const WAITING_MAX = 256 * 1024;
/** Bytes that are left when there were too many. */
export const LEFT = 64 * 1024;

export class Flow {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= WAITING_MAX) return;
    while (this.#bytes > LEFT) {
      const first = this.#chunks[0] as Uint8Array;
      const much = Math.min(first.length, this.#bytes - LEFT);
      if (much === first.length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(much);
      this.#bytes -= much;
      this.#dropped += much;
    }
  }

  /** The oldest bytes, so many at most, and how many before them were dropped; nothing if nothing waits. */
  take(most: number): { bytes: Uint8Array; dropped: number } | undefined {
    const dropped = this.#dropped;
    const first = this.#chunks.shift();
    if (!first) return undefined;
    this.#dropped = 0;
    const parts = [first.subarray(0, most)];
    let much = parts[0]?.length ?? 0;
    if (first.length > most) this.#chunks.unshift(first.subarray(most));
    while (much < most && this.#chunks[0] && much + this.#chunks[0].length <= most) {
      const next = this.#chunks.shift() as Uint8Array;
      parts.push(next);
      much += next.length;
    }
    this.#bytes -= much;
    return { bytes: joined(parts, much), dropped };
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#dropped = 0;
  }
}

function joined(parts: Uint8Array[], much: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const all = new Uint8Array(much);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
