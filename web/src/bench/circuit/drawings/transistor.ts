// A sensor in a small black case on three legs.
import { label, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

export function transistor(kind: DrawnKind): SVGSVGElement {
  const [width, height] = kind.size;
  const legs = Object.values(kind.pins).map(([x, y]) => s("path", { d: `M${x} 30V${y + 2}`, stroke: "#a9aeb6", "stroke-width": 2.2, "stroke-linecap": "round" }));
  return picture(
    width,
    height,
    ...legs,
    s("path", { d: "M4 12a14 12 0 0 1 28 0v20a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z", fill: "#26292e" }),
    s("path", { d: "M4 12h28", stroke: "#3b4047", "stroke-width": 1 }),
    label(width / 2, 20, "DALLAS", { "font-size": 4.6, fill: "#c9ced6" }),
    label(width / 2, 27, "18B20", { "font-size": 6, fill: "#e3e6ea" }),
  );
}
