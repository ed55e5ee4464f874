// Rows of the picture: levels, waves, voltages and what goes over buses. Only what is visible is looked at, and of what is
// closer together than pixels nothing but that it is there.
import { type Piece, piecesOf, sayOf } from "./decode.ts";
import type { Paint } from "./paint.ts";
import type { BusTrack, Item, PinTrack, VoltTrack } from "./signals.ts";
import { HIGH, LOW, UNKNOWN } from "./signals.ts";
import type { Wave } from "./wave.ts";
import { hertzText, type TimeWindow } from "./window.ts";

/** Pixels between edges of a wave above which each is drawn. */
const EDGE_PIXELS = 2.5;
/** Before anything was heard of a pin there is nothing to draw. */
const UNHEARD = -1;
/** The voltage at the upper edge of a row. */
export const VOLTS_MAX = 3.3;
/** Pixels of a piece in which something can be read, and of a letter. */
const READABLE = 9;
const LETTER = 6.7;

/** Where a row is drawn: `ctx` begins at its left edge, below the axis. */
export interface Stage {
  ctx: CanvasRenderingContext2D;
  window: TimeWindow;
  paint: Paint;
  /** Where nothing is known beyond: the moment that it is now. */
  now: number;
  y: number;
  height: number;
  color: string;
}

/** Levels as a line, high ones with a tint below. */
class Line {
  readonly #stroke = new Path2D();
  readonly #tint = new Path2D();
  readonly #dense = new Path2D();
  readonly #unknown = new Path2D();
  readonly top: number;
  readonly low: number;

  constructor(private readonly stage: Stage) {
    this.top = stage.y + 6.5;
    this.low = stage.y + stage.height - 5.5;
  }

  level(level: number, from: number, to: number): void {
    if (to <= from || level === UNHEARD) return;
    if (level === UNKNOWN) {
      const middle = (this.top + this.low) / 2;
      this.#unknown.moveTo(from, middle);
      this.#unknown.lineTo(to, middle);
      return;
    }
    const y = level === HIGH ? this.top : this.low;
    this.#stroke.moveTo(from, y);
    this.#stroke.lineTo(to, y);
    if (level === HIGH) this.#tint.rect(from, this.top, to - from, this.low - this.top);
  }

  edge(x: number): void {
    this.#stroke.moveTo(x, this.top);
    this.#stroke.lineTo(x, this.low);
  }

  /** More edges than pixels. */
  dense(from: number, to: number): void {
    this.#dense.rect(from, this.top - 0.5, Math.max(to - from, 1), this.low - this.top + 1);
  }

  draw(): void {
    const { ctx, color, paint } = this.stage;
    ctx.fillStyle = color;
    ctx.globalAlpha = 0.11;
    ctx.fill(this.#tint);
    ctx.globalAlpha = 0.6;
    ctx.fill(this.#dense);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = color;
    ctx.lineWidth = 1.5;
    ctx.stroke(this.#stroke);
    ctx.strokeStyle = paint.faint;
    ctx.setLineDash([2, 4]);
    ctx.lineWidth = 1;
    ctx.stroke(this.#unknown);
    ctx.setLineDash([]);
  }
}

export function drawPin(stage: Stage, track: PinTrack): void {
  const { window } = stage;
  const { waves } = track;
  const until = Math.min(window.to, stage.now);
  const line = new Line(stage);
  const labels: (() => void)[] = [];
  let at = window.from;
  let before = waves.at(waves.since(at) - 1);
  for (let nth = waves.since(at); nth < waves.size; nth++) {
    const wave = waves.at(nth) as Wave;
    if (wave.from >= until) break;
    if (wave.from > at) drawLevels(line, stage, track, at, wave.from, before);
    const end = Math.min(wave.to, until);
    const [x, xEnd] = [window.xOf(Math.max(wave.from, at)), window.xOf(end)];
    if (xEnd - x >= 1 || wave.pwm) drawWave(line, stage, wave, Math.max(wave.from, at), end, labels);
    else {
      line.dense(Math.floor(x), Math.floor(x) + 1);
      // All that begins within this pixel is drawn by now.
      const next = waves.since(window.timeOf(Math.floor(x) + 1));
      if (next - 1 > nth) nth = next - 1;
    }
    before = waves.at(nth) as Wave;
    at = Math.max(at, Math.min(before.to, until));
  }
  drawLevels(line, stage, track, at, until, before);
  line.draw();
  for (const label of labels) label();
}

/** The levels of a pin that it was set to one by one. */
function drawLevels(line: Line, { window }: Stage, { edges }: PinTrack, from: number, to: number, before: Wave | undefined): void {
  let nth = edges.after(from);
  let level = nth > 0 ? edges.value(nth - 1) : UNHEARD;
  if (before && before.to >= (nth > 0 ? edges.time(nth - 1) : -Infinity)) level = before.ends();
  let x = window.xOf(from);
  const end = window.xOf(to);
  for (;;) {
    const next = nth < edges.size ? window.xOf(edges.time(nth)) : Infinity;
    if (next >= end) break;
    line.level(level, x, next);
    const pixel = Math.floor(next);
    const beyond = nth + 1 < edges.size && window.xOf(edges.time(nth + 1)) < pixel + 1 ? edges.after(window.timeOf(pixel + 1)) : nth + 1;
    const isKnown = level === LOW || level === HIGH;
    level = edges.value(beyond - 1);
    if (beyond - nth > 1) line.dense(pixel, pixel + 1);
    else if (isKnown && level !== UNKNOWN) line.edge(next);
    x = beyond - nth > 1 ? Math.max(next, window.xOf(edges.time(beyond - 1))) : next;
    nth = beyond;
  }
  line.level(level, x, end);
}

function drawWave(line: Line, stage: Stage, wave: Wave, from: number, to: number, labels: (() => void)[]): void {
  const { window } = stage;
  const [x, end] = [window.xOf(from), window.xOf(to)];
  if (wave.pace / window.perPixel >= EDGE_PIXELS) {
    const { level, edges } = wave.edges(from, to);
    let [at, now] = [x, level];
    edges.times.forEach((time, nth) => {
      const next = window.xOf(time);
      line.level(now, at, next);
      if (edges.levels[nth] !== now) line.edge(next);
      [at, now] = [next, edges.levels[nth] as number];
    });
    line.level(now, at, end);
    return;
  }
  if (!wave.pwm) return line.dense(x, end);
  labels.push(() => drawBand(stage, line, wave.pwm as { freq: number; duty: number }, x, end));
}

/** A PWM channel from afar: as high as its duty. */
function drawBand({ ctx, color, paint }: Stage, { top, low }: Line, { freq, duty }: { freq: number; duty: number }, x: number, end: number): void {
  const height = (low - top) * duty;
  ctx.fillStyle = color;
  ctx.globalAlpha = 0.12;
  ctx.fillRect(x, top, end - x, low - top);
  ctx.globalAlpha = 0.4;
  ctx.fillRect(x, low - height, Math.max(end - x, 0.5), height);
  ctx.globalAlpha = 1;
  ctx.fillRect(x, low - height - 0.75, Math.max(end - x, 1), 1.5);
  const text = `${hertzText(freq)} · ${Number((duty * 100).toFixed(1))} %`;
  const [left, right] = [Math.max(x, 0), end];
  if (right - left < text.length * LETTER + 8) return;
  ctx.font = `11px ${paint.mono}`;
  ctx.textAlign = "center";
  ctx.fillStyle = paint.ink;
  ctx.fillText(text, (left + right) / 2, (top + low) / 2 + 0.5);
}

export function drawVolts(stage: Stage, { volts, kind }: VoltTrack): void {
  const { ctx, window, color, paint, y, height } = stage;
  const [top, low] = [y + 7, y + height - 7];
  const yOf = (value: number) => low - (Math.min(value, VOLTS_MAX * 1.05) / VOLTS_MAX) * (low - top);
  ctx.strokeStyle = paint.line;
  ctx.lineWidth = 1;
  for (const at of [0, VOLTS_MAX]) {
    ctx.beginPath();
    ctx.moveTo(0, Math.round(yOf(at)) + 0.5);
    ctx.lineTo(window.width, Math.round(yOf(at)) + 0.5);
    ctx.stroke();
  }
  const path = new Path2D();
  const dots = new Path2D();
  let nth = Math.max(volts.after(window.from) - 1, 0);
  const first = nth;
  const end = Math.min(volts.after(window.to) + 1, volts.size);
  let lastY: number | undefined;
  const isSparse = (end - first) * 5 < window.width;
  // Of what falls into one pixel the smallest and the largest are enough.
  while (nth < end) {
    const x = window.xOf(volts.time(nth));
    const pixel = Math.floor(x);
    let [least, most, value] = [Infinity, -Infinity, volts.value(nth)];
    for (; nth < end && Math.floor(window.xOf(volts.time(nth))) === pixel; nth++) {
      value = volts.value(nth);
      [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
    if (lastY === undefined) path.moveTo(x, yOf(value));
    // What is set stays; between what was read a line is the best that can be said.
    else if (kind === "dac") path.lineTo(x, lastY);
    path.lineTo(x, yOf(most));
    if (least < most) path.lineTo(x, yOf(least));
    lastY = yOf(value);
    path.lineTo(x, lastY);
    if (isSparse) {
      dots.moveTo(x + 2.2, lastY);
      dots.arc(x, lastY, 2.2, 0, 7);
    }
  }
  if (lastY !== undefined) path.lineTo(window.xOf(Math.min(window.to, stage.now)), lastY);
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.stroke(path);
  ctx.fillStyle = color;
  ctx.fill(dots);
}

export function drawBus(stage: Stage, { items }: BusTrack): void {
  const { window } = stage;
  for (let nth = items.since(window.from); nth < items.size; nth++) {
    const item = items.at(nth) as Item;
    if (item.from >= window.to) break;
    const [x, end] = [window.xOf(item.from), window.xOf(item.to)];
    if (end - x >= READABLE) {
      drawItem(stage, item, x, end);
      continue;
    }
    const color = stage.paint.rows[0] as string;
    stage.ctx.fillStyle = color;
    stage.ctx.fillRect(x, stage.y + 7, Math.max(end - x - 1, 1.5), stage.height - 14);
    const next = items.since(window.timeOf(x + 2));
    if (next - 1 > nth) nth = next - 1;
  }
}

/** What was decoded last: a picture looks at the same again and again. */
const decoded = new WeakMap<Item, Piece[]>();

function drawItem(stage: Stage, item: Item, x: number, end: number): void {
  const { ctx, window, paint, y, height } = stage;
  let pieces = decoded.get(item);
  if (!pieces) decoded.set(item, (pieces = piecesOf(item.event, item.from, item.context)));
  const isTwoWays = item.event.event === "spi" && item.event.miso !== null;
  const lane = isTwoWays ? (height - 8) / 2 : height - 10;
  const widest = pieces.reduce((most, piece) => Math.max(most, piece.to - piece.from), 0) / window.perPixel;
  const isLights = pieces[0]?.kind === "light";
  if (widest < READABLE && !isLights) {
    const isBad = pieces.some(({ kind }) => kind === "bad");
    box(stage, x, end, y + 5, height - 10, isBad ? paint.bad : (paint.rows[0] as string), [sayOf(item.event, item.from, item.context)], true);
    return;
  }
  ctx.globalAlpha = 1;
  for (const piece of pieces) {
    const [left, right] = [window.xOf(piece.from), window.xOf(piece.to)];
    if (right < 0 || left > window.width) continue;
    const top = y + (isTwoWays ? 4 + (piece.kind === "back" ? lane + 1 : 0) : 5);
    if (piece.color) light(stage, left, right, top, lane, piece);
    else box(stage, left, right, top, lane - (isTwoWays ? 1 : 0), colorOf(piece, paint), piece.texts, false);
  }
}

function colorOf({ kind }: Piece, paint: Paint): string {
  return { edge: paint.faint, address: paint.rows[4], data: paint.rows[0], back: paint.rows[2], bad: paint.bad, light: paint.faint }[kind] as string;
}

/** A box with the longest of these texts that it has room for; a text may be cut if that is better than nothing. */
function box({ ctx, paint, window }: Stage, left: number, right: number, top: number, height: number, color: string, words: string[], mayCut: boolean): void {
  const [x, end] = [Math.max(left, -4), Math.min(right, window.width + 4)];
  const width = Math.max(end - x - 1, 1);
  ctx.beginPath();
  ctx.roundRect(x, top, width, height, Math.min(4, width / 2));
  ctx.globalAlpha = 0.2;
  ctx.fillStyle = color;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.stroke();
  const room = Math.floor((width - 4) / LETTER);
  let word = words.find(({ length }) => length <= room);
  if (!word && mayCut && room >= 4) word = `${(words[0] ?? "").slice(0, room - 1)}…`;
  if (!word) return;
  ctx.fillStyle = paint.ink;
  ctx.textAlign = "center";
  ctx.font = `11px ${paint.mono}`;
  ctx.fillText(word, x + width / 2, top + height / 2 + 0.5);
}

function light({ ctx, paint }: Stage, left: number, right: number, top: number, height: number, piece: Piece): void {
  const width = Math.max(right - left - 1, 1);
  ctx.fillStyle = piece.color as string;
  ctx.fillRect(left, top, width, height);
  ctx.strokeStyle = paint.line;
  ctx.lineWidth = 1;
  if (width > 4) ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
}
