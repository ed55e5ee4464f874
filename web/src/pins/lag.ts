// How far the stream of events is behind the lab's clock: what has not come yet must not look as if nothing had happened.

/** Milliseconds of this machine that are always allowed for, and that are believed at most. */
const LEAST = 40;
const MOST = 10_000;
/** Milliseconds of silence after which nothing is on its way. */
const SILENCE = 150;
/** The share by which it falls with each picture. */
const FALLS = 0.15;

export class Lag {
  #now = LEAST;
  /** The most of what came since the last picture. */
  #came = 0;
  #cameAt = -Infinity;

  /** An event came so many milliseconds late, at this moment of this machine's clock. */
  heard(late: number, here: number): void {
    this.#came = Math.max(this.#came, Math.min(late, MOST));
    this.#cameAt = here;
  }

  /** What to allow for in the next picture. */
  next(here: number): number {
    const isSilent = here - this.#cameAt > SILENCE + this.#now;
    const target = this.#came || (isSilent ? 0 : this.#now);
    this.#came = 0;
    this.#now = Math.max(target > this.#now ? target : this.#now + (target - this.#now) * FALLS, LEAST);
    return this.#now;
  }
}
