// A breakout board: a chip, its name, and pins at the lower edge with their names.
import { hole, label, pad, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

export function module(kind: DrawnKind, title: string, color = "#5b2a86"): SVGSVGElement {
  const [width, height] = kind.size;
  const middle = width / 2;
  const legs = [-9, -3, 3, 9].map((x) => s("path", { d: `M${middle + x} 15v26`, stroke: "#b9bec6", "stroke-width": 2 }));
  return picture(
    width,
    height,
    s("rect", { width, height, rx: 4, fill: color }),
    hole(8, 9),
    hole(width - 8, 9),
    ...legs,
    s("rect", { x: middle - 14, y: 18, width: 28, height: 20, rx: 1.5, fill: "#1c1e22" }),
    s("circle", { cx: middle - 11, cy: 35, r: 1.2, fill: "#5a5f68" }),
    s("rect", { x: 12, y: 24, width: 5, height: 9, fill: "#c9a97a", stroke: "#d9dde2", "stroke-width": 1.4 }),
    s("rect", { x: width - 17, y: 24, width: 5, height: 9, fill: "#2a2d33", stroke: "#d9dde2", "stroke-width": 1.4 }),
    label(middle, 11, title, { "font-weight": 600, "font-size": Math.min(7, (width - 32) / Math.max(title.length * 0.6, 1)) }),
    ...Object.entries(kind.pins).flatMap(([name, [x, y]]) => [pad(x, y), label(x, y - 5.5, name.toUpperCase(), { "font-size": 4 })]),
  );
}
