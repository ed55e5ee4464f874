// The part of time that is looked at, and the ticks along it.

/** Nanoseconds of a pixel: from well below one to an hour on a screen. */
const PER_PIXEL_MIN = 0.05;
const PER_PIXEL_MAX = 1e10;

export class TimeWindow {
  /** The moment at the left edge. */
  from = 0;
  /** Nanoseconds of a pixel. */
  perPixel = 1e7;

  constructor(public width = 1) {}

  get to(): number {
    return this.from + this.width * this.perPixel;
  }

  xOf(time: number): number {
    return (time - this.from) / this.perPixel;
  }

  timeOf(x: number): number {
    return this.from + x * this.perPixel;
  }

  /** Makes everything larger (above 1) or smaller; what is at `x` stays there. */
  zoom(by: number, x: number): void {
    const held = this.timeOf(x);
    this.perPixel = Math.min(Math.max(this.perPixel / by, PER_PIXEL_MIN), PER_PIXEL_MAX);
    this.from = held - x * this.perPixel;
  }

  pan(pixels: number): void {
    this.from -= pixels * this.perPixel;
  }

  /** Shows all from one moment to another, with a little beside it. */
  fit(from: number, to: number): void {
    const room = Math.max(to - from, 10);
    this.perPixel = Math.min(Math.max((room * 1.06) / this.width, PER_PIXEL_MIN), PER_PIXEL_MAX);
    this.from = (from + to - this.width * this.perPixel) / 2;
  }
}

export interface Tick {
  at: number;
  text: string;
  /** A whole one of the next unit: told in full. */
  isFull: boolean;
}

const UNITS: [number, string][] = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

/** The step between ticks that are at least so far apart: 1, 2 or 5 of a power of ten. */
export function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least * 0.999) as number;
}

/** Ticks from one moment to another, at least so many nanoseconds apart. Below a millisecond they tell what is beyond the last whole one. */
export function ticks(from: number, to: number, least: number): Tick[] {
  const step = stepOf(least);
  const found: Tick[] = [];
  const [unit, name] = UNITS.find(([size]) => step >= size) ?? [1, "ns"];
  const whole = unit * 1000;
  for (let nth = Math.ceil(from / step); nth * step <= to; nth++) {
    const at = nth * step;
    if (at < 0) continue;
    const rest = at - Math.floor(at / whole) * whole;
    // Floating numbers: what is a hair below a whole one is it.
    const isFull = unit === 1e9 || rest < step / 2 || whole - rest < step / 2;
    found.push({ at, isFull, text: isFull ? clockText(at, unit === 1e9 ? step : whole) : `+${trimmed(rest / unit)} ${name}` });
  }
  return found;
}

const trimmed = (value: number) => String(Number(value.toFixed(3)));

/** A moment of the lab's clock in seconds, as exact as this step. */
export function clockText(at: number, step: number): string {
  const digits = Math.min(Math.max(Math.ceil(9 - Math.log10(Math.max(step, 1)) - 1e-9), 0), 9);
  return `${(at / 1e9).toFixed(digits)} s`;
}

/** How long something is, in the unit that suits it: three or four digits. */
export function spanText(ns: number): string {
  const size = Math.abs(ns);
  if (size >= 60e9) return `${ns < 0 ? "−" : ""}${Math.floor(size / 60e9)} min ${(((size / 1e9) % 60)).toFixed(1)} s`;
  const [unit, name] = UNITS.find(([of]) => size >= of * 0.9999995) ?? [1, "ns"];
  return `${digits(ns / unit)} ${name}`;
}

/** A frequency in the unit that suits it. */
export function hertzText(hertz: number): string {
  for (const [unit, name] of [[1e6, "MHz"], [1e3, "kHz"]] as const) if (hertz >= unit * 0.9999995) return `${digits(hertz / unit)} ${name}`;
  return hertz >= 0.1 ? `${digits(hertz)} Hz` : `${digits(hertz * 1000)} mHz`;
}

const digits = (value: number) => String(Number(value.toPrecision(4))).replace("-", "−");
