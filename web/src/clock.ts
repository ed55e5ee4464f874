// What the lab's clock shows now, as far as it can be told from here: from the last that was heard of it, and how fast it goes.

/** How the time of the lab goes. */
export interface LabTime {
  now_ns: number;
  speed: number;
  paused: boolean;
  boards: number;
}

/** Nanoseconds that what was heard of may be behind the last before: then the clock has started anew. */
const ANEW = 2e9;

export class LabClock {
  #at = 0;
  #heard = 0;
  #rate = 1;
  #isKnown = false;

  /** `here` is this machine's clock in milliseconds. */
  constructor(private readonly here: () => number = () => performance.now()) {}

  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** How fast it goes; 0 if it stands. */
  get rate(): number {
    return this.#rate;
  }

  /** Nanoseconds of the lab's clock. */
  now(): number {
    return this.#at + (this.here() - this.#heard) * 1e6 * this.#rate;
  }

  /** Something happened at this moment: it is at least that late. */
  heard(t: number): void {
    if (this.#isKnown && t <= this.now() && this.now() - t < ANEW * Math.max(this.#rate, 1)) return;
    this.#set(t);
  }

  /** The lab says how late it is, and how fast it goes from now on. */
  told({ now_ns, speed, paused }: Pick<LabTime, "now_ns" | "speed" | "paused">): void {
    this.#rate = paused ? 0 : speed;
    this.#set(now_ns);
  }

  #set(t: number): void {
    this.#at = t;
    this.#heard = this.here();
    this.#isKnown = true;
  }
}
