// A wire that goes on changing by itself, or while something goes over a bus: edges that are worked out where they are looked at.
import type { BusEvent } from "./events.ts";
import type { Span } from "./ring.ts";
import { type Edges, edgesOf } from "./wires.ts";

export interface Wave extends Span {
  /** Nanoseconds between edges, in the middle. */
  pace: number;
  /** The level that it leaves. */
  ends(): number;
  /** What a PWM channel was set to. */
  pwm?: { freq: number; duty: number };
  /** The wire's level at a moment, and the edges after it until another. */
  edges(from: number, to: number): { level: number; edges: Edges };
}

const NO_EDGES: Edges = { times: [], levels: [] };

/** A level for these nanoseconds, and the next, over and over; a wave that does not change is no wave. */
function periodic(from: number, pulses: [level: number, ns: number][], rounds: number): Wave {
  const ends: number[] = [];
  let period = 0;
  for (const [, ns] of pulses) ends.push((period += ns));
  const end = from + period * rounds;
  const last = pulses.at(-1)?.[0] ?? 0;
  return {
    from,
    to: end,
    pace: period / Math.max(pulses.length, 1),
    ends() {
      return this.edges(this.to, this.to).level;
    },
    edges(since, until) {
      if (!(period > 0)) return { level: last, edges: NO_EDGES };
      const edges: Edges = { times: [], levels: [] };
      let round = Math.max(0, Math.floor((since - from) / period));
      let level = round > 0 ? last : (pulses[0]?.[0] ?? 0);
      for (; round < rounds; round++) {
        const base = from + round * period;
        if (base > until) break;
        for (let nth = 0; nth < pulses.length; nth++) {
          const at = base + (nth ? (ends[nth - 1] as number) : 0);
          const now = (pulses[nth] as [number, number])[0];
          if (at > until) break;
          if (at <= since) level = now;
          else {
            edges.times.push(at);
            edges.levels.push(now);
          }
        }
      }
      return { level, edges };
    },
  };
}

/** A level that stays. */
const steady = (from: number, level: number): Wave => ({ from, to: Infinity, pace: Infinity, ends: () => level, edges: () => ({ level, edges: NO_EDGES }) });

/** A PWM channel. A frequency of nothing, and a duty of nothing or all, is a level that stays. */
export function pwmWave(from: number, freq: number, dutyU16: number): Wave {
  const duty = dutyU16 / 65535;
  const period = 1e9 / Math.max(freq, 1e-3);
  if (dutyU16 <= 0 || dutyU16 >= 65535 || freq <= 0) return { ...steady(from, Number(dutyU16 > 0)), pwm: { freq, duty } };
  return { ...periodic(from, [[1, period * duty], [0, period * (1 - duty)]], Infinity), pwm: { freq, duty } };
}

/** Pulses, and so many times again; negative for ever. */
export const pulsesWave = (from: number, levels: [number, number][], repeats: number): Wave => periodic(from, levels, repeats < 0 ? Infinity : repeats + 1);

/** Edges of what was looked at last; a bus may have had thousands. */
const recent = new Map<BusEvent, Map<number, Edges>>();
const RECENT_MAX = 64;

/** The wires of something on a bus, from this moment on. */
export function wiresOf(event: BusEvent, from: number): Map<number, Edges> {
  const known = recent.get(event);
  if (known) return known;
  const made = edgesOf(event, from);
  if (recent.size >= RECENT_MAX) recent.delete(recent.keys().next().value as BusEvent);
  recent.set(event, made);
  return made;
}

/** What one pin does while something goes over a bus. */
export function busWave(event: BusEvent, gpio: number, span: Span, edgesInAll: number): Wave {
  return {
    ...span,
    pace: (span.to - span.from) / Math.max(edgesInAll, 1),
    ends: () => endOf(event, gpio),
    edges(since, until) {
      const all = wiresOf(event, span.from).get(gpio) ?? NO_EDGES;
      let start = 0;
      let end = all.times.length;
      while (start < end) {
        const middle = (start + end) >> 1;
        if ((all.times[middle] as number) > since) end = middle;
        else start = middle + 1;
      }
      let stop = start;
      while (stop < all.times.length && (all.times[stop] as number) <= until) stop++;
      const level = start > 0 ? (all.levels[start - 1] as number) : restOf(event, gpio);
      return { level, edges: { times: all.times.slice(start, stop), levels: all.levels.slice(start, stop) } };
    },
  };
}

/** How a wire rests before something goes over its bus. */
function restOf(event: BusEvent, gpio: number): number {
  if (event.event === "i2c") return Number(event.start);
  if (event.event === "uart") return Number(!event.inverted);
  if (event.event === "spi") return Number(gpio === event.sck && (event.mode & 2) !== 0);
  return Number(event.event !== "bits");
}

/** What it leaves there. */
function endOf(event: BusEvent, gpio: number): number {
  if (event.event === "i2c") return Number(event.stop);
  if (event.event !== "spi" || gpio === event.sck) return restOf(event, gpio);
  return parseInt((gpio === event.mosi ? event.out : event.back).at(-1) ?? "0", 16) & 1;
}

/** About how many edges a pin has while this goes over its bus. */
export function edgeCount(event: BusEvent, gpio: number): number {
  switch (event.event) {
    case "i2c":
      return (event.bytes.length / 2 + 1) * (gpio === event.scl ? 18 : 9);
    case "spi":
      return (event.out.length / 2) * (gpio === event.sck ? 16 : 8);
    case "uart":
      return (event.bytes.length / 2) * 8;
    case "onewire":
      return event.action === "reset" ? 4 : 2 * (event.bits ?? 1);
    default:
      return (event.bytes.length / 2) * 16;
  }
}
