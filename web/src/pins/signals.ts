// What has been seen of a board's pins and buses: a bounded memory that is drawn and measured.
import { type Context, oneWireNext } from "./decode.ts";
import type { BusEvent, PinEvent } from "./events.ts";
import { Ring, type Span, Spans } from "./ring.ts";
import { busWave, edgeCount, pulsesWave, pwmWave, type Wave } from "./wave.ts";
import { duration, pinsOf } from "./wires.ts";

/** Levels of a wire. */
export const LOW = 0;
export const HIGH = 1;
/** Nobody has said. */
export const UNKNOWN = 2;

/** Edges that are kept of a pin, voltages, and things that went over a bus with the bytes in them. */
const EDGES = 200_000;
const VOLTS = 50_000;
const ITEMS = 20_000;
const ITEM_BYTES = 2 << 20;
const WAVES = 20_000;
const GAPS = 2000;

/** One wire. */
export interface PinTrack {
  gpio: number;
  edges: Ring;
  /** What it does by itself, or while it is part of a bus. */
  waves: Spans<Wave>;
}

/** Voltages that were read or set. */
export interface VoltTrack {
  gpio: number;
  kind: "adc" | "dac";
  volts: Ring;
}

/** Something that went over a bus. */
export interface Item extends Span {
  event: BusEvent;
  context: Context;
}

export interface BusTrack {
  id: string;
  kind: BusEvent["event"];
  pins: number[];
  /** Of UARTs which. */
  unit?: number;
  items: Spans<Item>;
  context: Context;
}

/** A moment at which something happened to all of the board. */
export interface Mark {
  at: number;
  kind: "reset" | "soft_reset";
}

export class Signals {
  readonly pins = new Map<number, PinTrack>();
  readonly volts = new Map<string, VoltTrack>();
  readonly buses = new Map<string, BusTrack>();
  /** Times in which events were missed. The last may go on until now. */
  gaps: Span[] = [];
  marks: Mark[] = [];
  /** All pins in the order in which they were first seen. */
  order: number[] = [];
  /** Changes with each event. */
  version = 0;
  first = Infinity;
  /** When all that is known of has ended: a UART may still send for a while. */
  last = -Infinity;
  /** The moment of the last event. */
  #heard = -Infinity;
  /** Until when buses are busy: what comes over them later begins later. */
  #busy = 0;
  readonly #sending = new Map<number, number>();

  get isEmpty(): boolean {
    return !this.pins.size && !this.volts.size && !this.buses.size;
  }

  clear(): void {
    for (const all of [this.pins, this.volts, this.buses, this.#sending]) all.clear();
    [this.gaps, this.marks, this.order] = [[], [], []];
    [this.first, this.last, this.#heard, this.#busy] = [Infinity, -Infinity, -Infinity, 0];
    this.version++;
  }

  /** From the last event on, or from this moment on, nothing is known, until the next. */
  missed(from = -Infinity): void {
    if (!Number.isFinite(this.#heard) || this.gaps.at(-1)?.to === Infinity) return;
    this.gaps.push({ from: Math.max(this.#heard, from), to: Infinity });
    if (this.gaps.length > GAPS) this.gaps.shift();
    this.version++;
  }

  /** From this moment on events come again. */
  goesOn(at: number): void {
    const gap = this.gaps.at(-1);
    if (gap?.to === Infinity) gap.to = Math.max(at, gap.from);
  }

  take(event: PinEvent): void {
    const { t } = event;
    this.goesOn(t);
    this.version++;
    this.first = Math.min(this.first, t);
    this.last = Math.max(this.last, t);
    this.#heard = Math.max(this.#heard, t);
    switch (event.event) {
      case "pin":
      case "input":
        return this.#level(event.gpio, t, event.level ? HIGH : LOW);
      case "pwm":
        return this.#wave(event.gpio, pwmWave(t, event.freq, event.duty_u16));
      case "pulses":
        return this.#wave(event.gpio, pulsesWave(t, event.levels, event.repeats));
      case "adc":
        return this.#volts("adc", event.gpio, t, event.microvolts / 1e6);
      case "dac":
        return this.#volts("dac", event.gpio, t, (event.value * 3.3) / 255);
      case "reset":
      case "soft_reset":
        return this.#reset(t, event.event);
      default:
        return this.#bus(event);
    }
  }

  /** How a pin is when somebody begins to look, if nothing was heard of it. */
  begins(gpio: number, t: number, level: number, pwm?: { freq: number; duty_u16: number }): void {
    if (this.pins.has(gpio)) return;
    if (pwm) this.#wave(gpio, pwmWave(t, pwm.freq, pwm.duty_u16));
    else this.pin(gpio).edges.add(t, level ? HIGH : LOW);
    this.first = Math.min(this.first, t);
    this.last = Math.max(this.last, t);
    this.#heard = Math.max(this.#heard, t);
    this.version++;
  }

  pin(gpio: number): PinTrack {
    let track = this.pins.get(gpio);
    this.#seen(gpio);
    if (!track) this.pins.set(gpio, (track = { gpio, edges: new Ring(EDGES), waves: new Spans(WAVES) }));
    return track;
  }

  #level(gpio: number, t: number, level: number): void {
    const { edges, waves } = this.pin(gpio);
    endWave(waves.last, t);
    edges.add(t, level);
  }

  #wave(gpio: number, wave: Wave): void {
    const { waves } = this.pin(gpio);
    endWave(waves.last, wave.from);
    waves.add(wave);
  }

  #volts(kind: "adc" | "dac", gpio: number, t: number, volts: number): void {
    const id = kind + gpio;
    let track = this.volts.get(id);
    this.#seen(gpio);
    if (!track) this.volts.set(id, (track = { gpio, kind, volts: new Ring(VOLTS) }));
    track.volts.add(t, volts);
  }

  #seen(gpio: number): void {
    if (!this.order.includes(gpio)) this.order.push(gpio);
  }

  #reset(at: number, kind: Mark["kind"]): void {
    this.marks.push({ at, kind });
    if (this.marks.length > GAPS) this.marks.shift();
    for (const bus of this.buses.values()) bus.context = {};
    if (kind === "soft_reset") return;
    // Nobody drives a pin of a chip that has just been reset.
    for (const { edges, waves } of this.pins.values()) {
      endWave(waves.last, at);
      if (edges.size && edges.value(edges.size - 1) !== UNKNOWN) edges.add(at, UNKNOWN);
    }
  }

  #bus(event: BusEvent): void {
    const pins = pinsOf(event);
    const isUart = event.event === "uart";
    const begins = isUart ? Math.max(event.t, this.#sending.get(event.id) ?? 0) : Math.max(event.t, this.#busy);
    const span = { from: begins, to: begins + duration(event) };
    if (isUart) this.#sending.set(event.id, span.to);
    else this.#busy = span.to;
    this.last = Math.max(this.last, span.to);
    for (const gpio of pins) this.#wave(gpio, busWave(event, gpio, span, edgeCount(event, gpio)));
    const unit = isUart ? event.id : undefined;
    const id = [event.event, unit ?? "", ...pins].join(" ");
    let bus = this.buses.get(id);
    if (!bus) {
      bus = { id, kind: event.event, pins, ...(unit === undefined ? {} : { unit }), items: new Spans(ITEMS, ITEM_BYTES, ({ event }) => 64 + sizeOf(event)), context: {} };
      this.buses.set(id, bus);
    }
    bus.items.add({ ...span, event, context: bus.context });
    if (event.event === "onewire") bus.context = oneWireNext(event, bus.context);
  }
}

/** Something else has the wire from then on. */
function endWave(wave: Wave | undefined, at: number): void {
  // What comes late was before it, and ends nothing.
  if (wave && at >= wave.from) wave.to = Math.min(wave.to, at);
}

const sizeOf = (event: BusEvent): number => (event.event === "spi" ? event.out.length * 2 : event.event === "onewire" ? 0 : event.bytes.length);

/** What a wire is at a moment: its level, since when, and until when (nothing if it still is). */
export interface Moment {
  level: number;
  from: number | undefined;
  to: number | undefined;
  wave?: Wave;
}

/** The wave that goes on at this moment. */
export function waveAt({ waves }: PinTrack, at: number): Wave | undefined {
  const wave = waves.at(waves.since(at));
  return wave && wave.from <= at ? wave : undefined;
}

/** What a pin is at a moment. */
export function momentOf(track: PinTrack, at: number): Moment {
  const wave = waveAt(track, at);
  if (wave) return inWave(wave, at);
  const { edges, waves } = track;
  const next = edges.after(at);
  // A wave that has ended leaves its last level, if nothing came after it.
  const before = waves.at(waves.since(at) - 1);
  const later = waves.at(waves.since(at));
  const ends = [next < edges.size ? edges.time(next) : Infinity, later?.from ?? Infinity];
  const to = Math.min(...ends);
  const edge = next > 0 ? edges.time(next - 1) : -Infinity;
  if (before && before.to > edge) return { level: before.ends(), from: before.to, to: to === Infinity ? undefined : to };
  if (next === 0) return { level: UNKNOWN, from: undefined, to: to === Infinity ? undefined : to };
  return { level: edges.value(next - 1), from: edge, to: to === Infinity ? undefined : to };
}

/** How far edges of a wave are looked for: some of them. */
const reachOf = ({ pace }: Wave): number => (Number.isFinite(pace) ? pace * 40 : 0);

function inWave(wave: Wave, at: number): Moment {
  const reach = reachOf(wave);
  const since = Math.max(wave.from, at - reach);
  const { level, edges } = wave.edges(since, Math.min(wave.to, at + reach));
  let nth = 0;
  while (nth < edges.times.length && (edges.times[nth] as number) <= at) nth++;
  return { level: nth ? (edges.levels[nth - 1] as number) : level, from: nth ? edges.times[nth - 1] : wave.from, to: edges.times[nth], wave };
}

/** The next (1) or the last (-1) edge of a pin from a moment on; nothing if there is none. */
export function edgeFrom(track: PinTrack, at: number, by: 1 | -1): number | undefined {
  const { edges, waves } = track;
  if (by > 0) {
    const next = edges.after(at);
    const candidates = [next < edges.size ? edges.time(next) : Infinity];
    for (let nth = waves.since(at); nth < waves.size && nth < waves.since(at) + 2; nth++) {
      const wave = waves.at(nth) as Wave;
      if (wave.from > at) candidates.push(wave.from);
      else candidates.push(wave.edges(at, Math.min(wave.to, at + reachOf(wave))).edges.times[0] ?? wave.to);
    }
    const found = Math.min(...candidates.filter((time) => time > at));
    return Number.isFinite(found) ? found : undefined;
  }
  const candidates: number[] = [];
  let before = edges.after(at) - 1;
  while (before >= 0 && edges.time(before) >= at) before--;
  if (before >= 0) candidates.push(edges.time(before));
  const here = waves.since(at);
  for (const nth of [here, here - 1]) {
    const wave = nth >= 0 ? waves.at(nth) : undefined;
    if (!wave || wave.from >= at) continue;
    candidates.push(wave.from);
    const until = Math.min(wave.to, at);
    const found = wave.edges(Math.max(wave.from, until - reachOf(wave)), until).edges.times.filter((time) => time < at);
    if (found.length) candidates.push(found.at(-1) as number);
    if (wave.to < at && Number.isFinite(wave.to)) candidates.push(wave.to);
  }
  return candidates.length ? Math.max(...candidates) : undefined;
}
