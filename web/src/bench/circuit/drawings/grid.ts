// A sensor of the air behind the grid of its blue case.
import { label, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

export function grid(kind: DrawnKind): SVGSVGElement {
  const [width, height] = kind.size;
  const bars = [0, 1, 2, 3, 4].flatMap((row) => [0, 1, 2].map((column) => s("rect", { x: 10 + column * 14, y: 12 + row * 8.4, width: 11.5, height: 4.6, rx: 1.2, fill: "#14506e" })));
  const legs = Object.values(kind.pins).map(([x, y]) => s("path", { d: `M${x} 66V${y + 2}`, stroke: "#a9aeb6", "stroke-width": 2.2, "stroke-linecap": "round" }));
  return picture(
    width,
    height,
    ...legs,
    s("rect", { x: 2, y: 2, width: width - 4, height: 68, rx: 4, fill: "#2f8fc0" }),
    s("rect", { x: 5, y: 5, width: width - 10, height: 62, rx: 2, fill: "none", stroke: "#57abd4", "stroke-width": 1 }),
    ...bars,
    label(width / 2, 63, "DHT11", { "font-size": 7, "font-weight": 600 }),
  );
}
