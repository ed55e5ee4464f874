// Four digits of seven segments with a colon, on their board.
import { label, pad, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

/** The segments `a` to `g` of a digit of 10 by 18, as lines. */
const LINES = ["M1.500 1h7", "M9.200 1.700v6.600", "M9.200 9.700v6.600", "M1.500 17h7", "M.800 9.700v6.600", "M.800 1.700v6.600", "M1.500 9h7"];
const DARK = "#33211f";
const LIT = "#ff4a36";

export function digits(kind: DrawnKind): { element: SVGSVGElement; show(segments: string, hasColon: boolean, brightness: number): void } {
  const [width, height] = kind.size;
  const places = [0, 1, 2, 3].map((nth) => {
    const lines = LINES.map((d) => s("path", { d, stroke: DARK, "stroke-width": 1.7, "stroke-linecap": "round" }));
    const x = 34 + nth * 29 + (nth > 1 ? 6 : 0);
    return { lines, element: s("g", { transform: `translate(${x} 18) skewX(-5) scale(2.1 2.5)` }, ...lines) };
  });
  const colon = [32, 48].map((cy) => s("circle", { cx: 93, cy, r: 2.6, fill: DARK }));
  const element = picture(
    width,
    height,
    s("rect", { width, height, rx: 4, fill: "#1d3f74" }),
    s("rect", { x: 22, y: 9, width: width - 30, height: height - 20, rx: 2, fill: "#171514" }),
    ...places.map(({ element }) => element),
    ...colon,
    label(width / 2 + 6, height - 3.5, "TM1637", { "font-size": 5 }),
    ...Object.entries(kind.pins).flatMap(([name, [x, y]]) => [pad(x, y), label(x + 4.4, y + 1.4, name.toUpperCase(), { "font-size": 4, "text-anchor": "start" })]),
  );
  const show = (segments: string, hasColon: boolean, brightness: number) => {
    const color = brightness > 0 ? `color-mix(in oklab, ${LIT} ${55 + brightness * 5.6}%, ${DARK})` : DARK;
    places.forEach(({ lines }, nth) => {
      const bits = parseInt(segments.slice(nth * 2, nth * 2 + 2), 16) || 0;
      lines.forEach((line, bit) => line.setAttribute("style", `stroke: ${bits & (1 << bit) ? color : DARK}`));
    });
    for (const dot of colon) dot.setAttribute("style", `fill: ${hasColon ? color : DARK}`);
  };
  return { element, show };
}
