// What is there at a moment, in words, and which moments are worth going to.
import { texts } from "../texts/en.ts";
import { sayOf } from "./decode.ts";
import type { Row } from "./rows.ts";
import { edgeFrom, HIGH, type Item, type BusTrack, type Moment, momentOf, type PinTrack, UNKNOWN, type VoltTrack } from "./signals.ts";
import { hertzText, spanText } from "./window.ts";

/** What a row shows at this moment, in one line. */
export function sayRow(row: Row, at: number): string {
  const what = row.kind === "pin" ? sayPin(row.track, at) : row.kind === "volts" ? sayVolts(row.track, at) : sayBus(row.track, at);
  return `${row.label}: ${what}`;
}

function sayPin(track: PinTrack, at: number): string {
  const t = texts.pins;
  const moment = momentOf(track, at);
  const { pwm } = moment.wave ?? {};
  if (pwm) return t.pwm(hertzText(pwm.freq), pwm.duty <= 0 ? t.alwaysLow : pwm.duty >= 1 ? t.alwaysHigh : t.share(percent(pwm.duty)));
  if (moment.level === UNKNOWN) return t.unknown;
  const word = moment.level === HIGH ? t.high : t.low;
  if (moment.from === undefined) return word;
  if (moment.to === undefined) return t.since(word, spanText(at - moment.from));
  return [t.lasts(word, spanText(moment.to - moment.from)), ...rhythm(track, moment)].join(", ");
}

/** How often it comes again, if what comes next is as long as it. */
function rhythm(track: PinTrack, { level, from, to }: Moment): string[] {
  if (from === undefined || to === undefined) return [];
  const end = edgeFrom(track, to, 1);
  if (end === undefined) return [];
  const period = end - from;
  const high = (level === HIGH ? to - from : end - to) / period;
  return [`${hertzText(1e9 / period)}, ${percent(high)} ${texts.pins.high}`];
}

const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;

function sayVolts({ volts, kind }: VoltTrack, at: number): string {
  const nth = volts.after(at) - 1;
  if (nth < 0) return texts.pins.notYet;
  return texts.pins.voltsAt[kind](volts.value(nth).toFixed(3), spanText(at - volts.time(nth)));
}

function sayBus(track: BusTrack, at: number): string {
  const item = itemAt(track, at);
  return item ? sayOf(item.event, item.from, item.context) : texts.pins.silent;
}

export function itemAt({ items }: BusTrack, at: number): Item | undefined {
  const item = items.at(items.since(at));
  return item && item.from <= at ? item : undefined;
}

/** The next (1) or last (-1) moment at which something changes in a row. */
export function changeFrom(row: Row, at: number, by: 1 | -1): number | undefined {
  if (row.kind === "pin") return edgeFrom(row.track, at, by);
  if (row.kind === "volts") {
    const { volts } = row.track;
    let nth = volts.after(at);
    if (by > 0) return nth < volts.size ? volts.time(nth) : undefined;
    while (nth > 0 && volts.time(nth - 1) >= at) nth--;
    return nth > 0 ? volts.time(nth - 1) : undefined;
  }
  const { items } = row.track;
  const nth = items.since(at);
  const near = [nth - 1, nth, nth + 1].flatMap((n) => (n >= 0 ? [items.at(n)?.from, items.at(n)?.to] : [])).filter((t): t is number => t !== undefined && (by > 0 ? t > at : t < at));
  return near.length ? (by > 0 ? Math.min(...near) : Math.max(...near)) : undefined;
}

/** The change that is nearest to a moment, if it is not further away than this. */
export function snap(row: Row, at: number, reach: number): number {
  // One that is exactly there counts as well.
  const near = [changeFrom(row, at - 1e-6, 1), changeFrom(row, at, -1)].filter((t): t is number => t !== undefined && Math.abs(t - at) <= reach);
  return near.sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0] ?? at;
}
