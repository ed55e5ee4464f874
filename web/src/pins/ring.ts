// What is kept of a signal: the newest, in little memory, found by time.

/** Places that a ring has at first. */
const FIRST = 1024;

/** Moments, each with a number; when it is full the oldest go. */
export class Ring {
  #times = new Float64Array(FIRST);
  #values = new Float32Array(FIRST);
  #first = 0;
  #size = 0;
  /** The moment of the newest that was lost. */
  lostUntil: number | undefined;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#size;
  }

  time(nth: number): number {
    return this.#times[this.#place(nth)] as number;
  }

  value(nth: number): number {
    return this.#values[this.#place(nth)] as number;
  }

  /** Times never go back: what comes late is shown late. */
  add(time: number, value: number): void {
    const last = this.#size ? this.time(this.#size - 1) : time;
    if (this.#size === this.#times.length) this.#makeRoom();
    const at = (this.#first + this.#size) % this.#times.length;
    this.#times[at] = Math.max(time, last);
    this.#values[at] = value;
    this.#size++;
  }

  /** The first that is later than this moment; `size` if none is. */
  after(time: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time(middle) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #place(nth: number): number {
    const at = this.#first + nth;
    return at < this.#times.length ? at : at - this.#times.length;
  }

  #makeRoom(): void {
    const room = this.#times.length;
    if (room >= this.most) {
      this.lostUntil = this.time(0);
      this.#first = (this.#first + 1) % room;
      this.#size--;
      return;
    }
    const [times, values] = [new Float64Array(Math.min(room * 2, this.most)), new Float32Array(Math.min(room * 2, this.most))];
    for (let nth = 0; nth < this.#size; nth++) {
      times[nth] = this.time(nth);
      values[nth] = this.value(nth);
    }
    [this.#times, this.#values, this.#first] = [times, values, 0];
  }
}

/** Something that lasts. */
export interface Span {
  from: number;
  to: number;
}

/** Things that last, in the order in which they begin; when there are too many, or they weigh too much, the oldest go. */
export class Spans<T extends Span> {
  #all: T[] = [];
  #first = 0;
  #weight = 0;
  lostUntil: number | undefined;

  constructor(
    private readonly most: number,
    private readonly mostWeight = Infinity,
    private readonly weigh: (one: T) => number = () => 1,
  ) {}

  get size(): number {
    return this.#all.length - this.#first;
  }

  at(nth: number): T | undefined {
    return this.#all[this.#first + nth];
  }

  get last(): T | undefined {
    return this.size ? this.#all.at(-1) : undefined;
  }

  add(one: T): void {
    // A bus may tell a little late what began before.
    let at = this.#all.length;
    while (at > this.#first && (this.#all[at - 1] as T).from > one.from) at--;
    if (at === this.#all.length) this.#all.push(one);
    else this.#all.splice(at, 0, one);
    this.#weight += this.weigh(one);
    while (this.size > 1 && (this.size > this.most || this.#weight > this.mostWeight)) this.#lose();
  }

  /** The first that has not ended by this moment, given that they do not overlap. */
  since(time: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.at(middle) as T).to > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #lose(): void {
    const oldest = this.#all[this.#first] as T;
    this.#weight -= this.weigh(oldest);
    this.lostUntil = Math.max(this.lostUntil ?? oldest.to, oldest.to);
    this.#first++;
    // To cut an array costs its length: not for each that goes.
    if (this.#first * 2 > this.#all.length) {
      this.#all = this.#all.slice(this.#first);
      this.#first = 0;
    }
  }
}
