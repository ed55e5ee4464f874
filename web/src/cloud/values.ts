// Values of streams as they are read: how long ago, how exact, and which of them belong together.
import { texts } from "../texts/en.ts";

const t = texts.cloud;
/** Milliseconds without a value after which something new has begun, if values came much faster otherwise. */
const PAUSE = 60_000;

/** How long ago something was, roughly. */
export function agoText(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 3) return t.now;
  if (seconds < 90) return t.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? t.minutes(minutes) : t.hours(Math.round(minutes / 60));
}

/** A value as it is read: not more digits than help. */
export const valueText = (value: number | string | null): string => (value === null ? "–" : typeof value === "number" ? String(Number(value.toPrecision(6))) : value);

/** What came since the last long pause: an hour without values would press what is of now into a corner. */
export function ofLate(points: [number, number][]): [number, number][] {
  const steps = points.slice(1).map(([at], nth) => at - (points[nth]?.[0] ?? at));
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  const cut = steps.findLastIndex((step) => step > Math.max(PAUSE, usual * 20));
  // One value alone is no curve yet.
  return points.length - cut - 1 > 2 ? points.slice(cut + 1) : points;
}
