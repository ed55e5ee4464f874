// Where things are on the table: turned boxes, ways of wires, places for what has none yet. Pixels, at a zoom of one.
import type { Point } from "./kinds.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A way out of a pin. */
export type Side = "left" | "right" | "top" | "bottom";

export interface Spot {
  at: Point;
  side: Side;
}

/** A point of something of this size when it is turned about its middle, clockwise. */
export function turned([x, y]: Point, [width, height]: Point, degrees: number): Point {
  const [dx, dy] = [x - width / 2, y - height / 2];
  const [tx, ty] = { 90: [-dy, dx], 180: [-dx, -dy], 270: [dy, -dx] }[degrees] ?? [dx, dy];
  return [width / 2 + (tx as number), height / 2 + (ty as number)];
}

/** The box of something of this size that is turned about its middle. */
export function boxOf([x, y]: Point, [width, height]: Point, degrees: number): Box {
  if (degrees % 180 === 0) return { x, y, width, height };
  return { x: x + (width - height) / 2, y: y + (height - width) / 2, width: height, height: width };
}

/** The side of a box that a point in it is nearest to; where it is as near to two, the one where more of it is. */
export function sideOf([x, y]: Point, box: Box): Side {
  const ways: [number, Side][] = [
    [y - box.y, "top"],
    [box.y + box.height - y, "bottom"],
    [x - box.x, "left"],
    [box.x + box.width - x, "right"],
  ];
  return ways.sort(([a], [b]) => a - b)[0]?.[1] as Side;
}

const OUT: Record<Side, Point> = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] };

/** A wire as a path: it leaves each pin to its side, and has some slack. */
export function wirePath(from: Spot, to: Spot, nth = 0): string {
  const [ax, ay] = from.at;
  const [bx, by] = to.at;
  const [aOut, bOut] = [OUT[from.side], OUT[to.side]];
  const far = Math.hypot(bx - ax, by - ay);
  // Wires side by side are not alike, so that they can be told apart.
  const slack = Math.min(18 + far * 0.32, 120) + (nth % 5) * 5;
  return `M${round(ax)} ${round(ay)}C${round(ax + aOut[0] * slack)} ${round(ay + aOut[1] * slack)} ${round(bx + bOut[0] * slack)} ${round(by + bOut[1] * slack)} ${round(bx)} ${round(by)}`;
}

const round = (n: number) => Math.round(n * 10) / 10;

/** The two places that are nearest to each other. */
export function nearest(from: readonly Spot[], to: readonly Spot[]): [Spot, Spot] | undefined {
  let best: [Spot, Spot] | undefined;
  let least = Infinity;
  for (const one of from) {
    for (const other of to) {
      const far = Math.hypot(one.at[0] - other.at[0], one.at[1] - other.at[1]);
      if (far < least) [best, least] = [[one, other], far];
    }
  }
  return best;
}

export function union(boxes: readonly Box[]): Box | undefined {
  if (!boxes.length) return undefined;
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

const meet = (a: Box, b: Box, gap: number) => a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

/** A free place around the board for something of this size: where all of it together fits best into a window of these proportions, and then near this point. */
export function freePlace(size: Point, board: Box, taken: readonly Box[], gap: number, step: number, window: Point, near: Point = [board.x + board.width, board.y]): Point {
  const all = union([board, ...taken]) as Box;
  const [fromX, fromY] = [step * Math.floor((all.x - size[0] - gap * 3) / step), step * Math.floor((all.y - size[1] - gap * 3) / step)];
  let best: Point = [all.x, all.y + all.height + gap];
  let least = Infinity;
  for (let y = fromY; y <= all.y + all.height + gap * 3; y += step) {
    for (let x = fromX; x <= all.x + all.width + gap * 3; x += step) {
      const box = { x, y, width: size[0], height: size[1] };
      // Wires need more room beside the board.
      if (meet(box, board, gap * 2) || taken.some((other) => meet(box, other, gap))) continue;
      const { width, height } = union([all, box]) as Box;
      const far = Math.hypot(x + size[0] / 2 - near[0], y + size[1] / 2 - near[1]);
      const cost = Math.max(width / window[0], height / window[1]) + far / 1e5;
      if (cost < least) [best, least] = [[x, y], cost];
    }
  }
  return best;
}
