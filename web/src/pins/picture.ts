// The whole picture: names at the left, the axis above, rows, what was missed, cursors. Draws what it is told, and keeps nothing.
import { texts } from "../texts/en.ts";
import { drawBus, drawPin, drawVolts, type Stage } from "./drawrows.ts";
import type { Paint } from "./paint.ts";
import type { Row } from "./rows.ts";
import { HIGH, LOW, momentOf, type Signals } from "./signals.ts";
import { ticks, type TimeWindow } from "./window.ts";

/** Pixels of the names, and of the axis. */
export const GUTTER = 92;
export const AXIS = 24;
/** Pixels between ticks at least. */
const TICK = 96;

export interface Cursor {
  name: "A" | "B";
  at: number;
  isActive: boolean;
}

export interface Scene {
  signals: Signals;
  rows: Row[];
  window: TimeWindow;
  /** Pixels by which the rows are scrolled. */
  top: number;
  height: number;
  now: number;
  cursors: Cursor[];
  selected: string | undefined;
  hover: string | undefined;
  /** The moment whose values stand beside the names. */
  valuesAt: number;
}

/** The whole of a picture, with its lower left corner at 0, `height`. */
export function drawScene(ctx: CanvasRenderingContext2D, scene: Scene, paint: Paint): void {
  const { window, height } = scene;
  const width = GUTTER + window.width;
  ctx.textBaseline = "middle";
  ctx.fillStyle = paint.paper;
  ctx.fillRect(0, 0, width, height);
  ctx.save();
  ctx.beginPath();
  ctx.rect(GUTTER, 0, window.width, height);
  ctx.clip();
  ctx.translate(GUTTER, 0);
  drawAxis(ctx, scene, paint);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, AXIS, window.width, height - AXIS);
  ctx.clip();
  eachRow(scene, (row, y) => drawRow(ctx, scene, paint, row, y));
  drawMissed(ctx, scene, paint);
  ctx.restore();
  drawCursors(ctx, scene, paint);
  ctx.restore();
  drawNames(ctx, scene, paint);
}

/** All rows that are to be seen, and where. */
function eachRow({ rows, top, height }: Scene, act: (row: Row, y: number) => void): void {
  let y = AXIS - top;
  for (const row of rows) {
    if (y + row.height > AXIS && y < height) act(row, y);
    y += row.height;
  }
}

/** The row at this height of the picture. */
export function rowAt(rows: Row[], top: number, y: number): Row | undefined {
  let low = AXIS - top;
  if (y < AXIS) return undefined;
  return rows.find((row) => y < (low += row.height));
}

/** The height of all rows. */
export const heightOf = (rows: Row[]): number => rows.reduce((sum, { height }) => sum + height, 0);

function drawAxis(ctx: CanvasRenderingContext2D, { window, height }: Scene, paint: Paint): void {
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "center";
  for (const { at, text, isFull } of ticks(window.from, window.to, TICK * window.perPixel)) {
    const x = Math.round(window.xOf(at)) + 0.5;
    ctx.strokeStyle = paint.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, AXIS - 5);
    ctx.lineTo(x, height);
    ctx.stroke();
    ctx.fillStyle = isFull ? paint.ink : paint.faint;
    ctx.fillText(text, x, AXIS / 2 - 1);
  }
  ctx.strokeStyle = paint.line;
  ctx.beginPath();
  ctx.moveTo(0, AXIS - 0.5);
  ctx.lineTo(window.width, AXIS - 0.5);
  ctx.stroke();
}

function drawRow(ctx: CanvasRenderingContext2D, { window, now, selected, hover }: Scene, paint: Paint, row: Row, y: number): void {
  if (row.id === selected || row.id === hover) {
    ctx.globalAlpha = row.id === selected ? 0.07 : 0.04;
    ctx.fillStyle = paint.accent;
    ctx.fillRect(0, y, window.width, row.height);
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = paint.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(0, y + row.height - 0.5);
  ctx.lineTo(window.width, y + row.height - 0.5);
  ctx.stroke();
  const stage: Stage = { ctx, window, paint, now, y, height: row.height, color: paint.rows[row.color] as string };
  if (row.kind === "pin") drawPin(stage, row.track);
  else if (row.kind === "volts") drawVolts(stage, row.track);
  else drawBus(stage, row.track);
  const kept = row.kind === "pin" ? row.track.edges : row.kind === "volts" ? row.track.volts : row.track.items;
  if (kept.lostUntil !== undefined) hatch(ctx, paint, 0, window.xOf(kept.lostUntil), y, row.height - 1, texts.pins.forgotten);
}

/** Times of which nothing is known, resets, and what is not yet. */
function drawMissed(ctx: CanvasRenderingContext2D, { signals, window, now, height }: Scene, paint: Paint): void {
  for (const { from, to } of signals.gaps) {
    const [x, end] = [window.xOf(from), window.xOf(Math.min(to, now))];
    // What has only just begun to be missed is no time yet.
    if (end > x && end > 0 && x < window.width) hatch(ctx, paint, x, Math.max(end, x + 2), AXIS, height - AXIS, texts.pins.missed);
  }
  ctx.font = "11px system-ui, sans-serif";
  ctx.textAlign = "left";
  for (const { at, kind } of signals.marks) {
    const x = Math.round(window.xOf(at)) + 0.5;
    if (x < -80 || x > window.width) continue;
    ctx.strokeStyle = paint.warn;
    ctx.setLineDash([4, 3]);
    ctx.beginPath();
    ctx.moveTo(x, AXIS);
    ctx.lineTo(x, height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = paint.warn;
    ctx.fillText(texts.pins.marks[kind], x + 4, height - 9);
  }
}

function hatch(ctx: CanvasRenderingContext2D, paint: Paint, from: number, to: number, y: number, height: number, word: string): void {
  const [x, end] = [Math.max(from, 0), Math.min(to, ctx.canvas.clientWidth)];
  if (end <= x) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, end - x, height);
  ctx.clip();
  ctx.globalAlpha = 0.85;
  ctx.fillStyle = paint.sheet;
  ctx.fillRect(x, y, end - x, height);
  ctx.globalAlpha = 0.5;
  ctx.strokeStyle = paint.faint;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = Math.floor((x - height) / 8) * 8; at < end; at += 8) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.font = "11px system-ui, sans-serif";
  const wide = ctx.measureText(word).width + 10;
  if (end - x > wide + 8) {
    ctx.fillStyle = paint.sheet;
    ctx.fillRect((x + end - wide) / 2, y + Math.min(height, 34) / 2 - 8, wide, 16);
    ctx.fillStyle = paint.faint;
    ctx.textAlign = "center";
    ctx.fillText(word, (x + end) / 2, y + Math.min(height, 34) / 2);
  }
  ctx.restore();
}

function drawCursors(ctx: CanvasRenderingContext2D, { cursors, window, height }: Scene, paint: Paint): void {
  const [one, two] = cursors;
  if (one && two) {
    const [from, to] = [window.xOf(Math.min(one.at, two.at)), window.xOf(Math.max(one.at, two.at))];
    ctx.globalAlpha = 0.06;
    ctx.fillStyle = paint.accent;
    ctx.fillRect(from, AXIS, to - from, height - AXIS);
    ctx.globalAlpha = 1;
  }
  for (const { name, at, isActive } of cursors) {
    const x = Math.round(window.xOf(at)) + 0.5;
    if (x < -10 || x > window.width + 10) continue;
    ctx.strokeStyle = paint.accent;
    ctx.lineWidth = isActive ? 1.5 : 1;
    ctx.beginPath();
    ctx.moveTo(x, AXIS - 4);
    ctx.lineTo(x, height);
    ctx.stroke();
    ctx.fillStyle = paint.accent;
    ctx.beginPath();
    ctx.roundRect(x - 8, AXIS - 18, 16, 15, 3);
    ctx.fill();
    ctx.fillStyle = paint.onAccent;
    ctx.font = "bold 11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.fillText(name, x, AXIS - 10);
  }
}

function drawNames(ctx: CanvasRenderingContext2D, scene: Scene, paint: Paint): void {
  const { height, selected, valuesAt, window, top } = scene;
  ctx.fillStyle = paint.sheet;
  ctx.fillRect(0, 0, GUTTER, height);
  eachRow(scene, (row, y) => {
    if (row.id === selected) {
      ctx.fillStyle = paint.accent;
      ctx.fillRect(0, Math.max(y, AXIS), 3, y + row.height - Math.max(y, AXIS) - 1);
    }
    const middle = y + row.height / 2;
    ctx.textAlign = "left";
    ctx.fillStyle = paint.ink;
    ctx.font = "600 12px system-ui, sans-serif";
    ctx.fillText(row.label, 10, row.about ? middle - 6 : middle, GUTTER - 40);
    ctx.font = "10px system-ui, sans-serif";
    ctx.fillStyle = paint.faint;
    if (row.about) ctx.fillText(row.about, 10, middle + 7, GUTTER - 14);
    ctx.textAlign = "right";
    ctx.font = `11px ${paint.mono}`;
    ctx.fillStyle = paint.rows[row.color] as string;
    ctx.fillText(valueOf(row, valuesAt), GUTTER - 8, row.about ? middle - 6 : middle);
    ctx.strokeStyle = paint.line;
    ctx.beginPath();
    ctx.moveTo(0, y + row.height - 0.5);
    ctx.lineTo(GUTTER, y + row.height - 0.5);
    ctx.stroke();
  });
  ctx.fillStyle = paint.sheet;
  ctx.fillRect(0, 0, GUTTER, AXIS);
  ctx.strokeStyle = paint.line;
  ctx.beginPath();
  ctx.moveTo(GUTTER - 0.5, 0);
  ctx.lineTo(GUTTER - 0.5, height);
  ctx.moveTo(0, AXIS - 0.5);
  ctx.lineTo(GUTTER, AXIS - 0.5);
  ctx.stroke();
  const all = heightOf(scene.rows);
  const room = height - AXIS;
  if (all <= room) return;
  ctx.fillStyle = paint.faint;
  ctx.globalAlpha = 0.5;
  ctx.fillRect(GUTTER + window.width - 5, AXIS + (top / all) * room, 4, (room / all) * room);
  ctx.globalAlpha = 1;
}

/** What a row is at, in a few letters. */
function valueOf(row: Row, at: number): string {
  if (row.kind === "bus") return "";
  if (row.kind === "volts") {
    const nth = row.track.volts.after(at) - 1;
    return nth < 0 ? "" : row.track.volts.value(nth).toFixed(2);
  }
  const { level, wave } = momentOf(row.track, at);
  if (wave?.pwm) return `${Math.round(wave.pwm.duty * 100)} %`;
  return level === HIGH ? "1" : level === LOW ? "0" : "";
}
