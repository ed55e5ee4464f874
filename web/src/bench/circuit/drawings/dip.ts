// A chip with legs on both sides, as it is put into a breadboard.
import { label, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

export function dip(kind: DrawnKind, title: string): SVGSVGElement {
  const [width, height] = kind.size;
  const pins = Object.entries(kind.pins);
  const legs = pins.map(([, [x, y]]) => s("rect", { x: x - 1.8, y: y < height / 2 ? y - 3 : y - 7, width: 3.6, height: 10, rx: 0.8, fill: "#b9bec6" }));
  const names = pins.map(([name, [x, y]]) => {
    const isUpper = y < height / 2;
    const at = { x, y: isUpper ? 12 : height - 12 };
    const turned = { transform: `rotate(-90 ${at.x} ${at.y})`, "text-anchor": isUpper ? "end" : "start", "font-size": 4.2, fill: "#c9ced6", dy: 1.5 };
    return label(at.x, at.y, name.toUpperCase(), turned);
  });
  return picture(
    width,
    height,
    ...legs,
    s("rect", { x: 1, y: 8, width: width - 2, height: height - 16, rx: 2, fill: "#24272c" }),
    s("path", { d: `M1 ${height / 2 - 4}a4 4 0 0 1 0 8z`, fill: "#3d4249" }),
    s("circle", { cx: 6, cy: height - 26, r: 1.3, fill: "#5a5f68" }),
    label(width / 2 + 2, height / 2 + 2, title, { "font-size": 5.5, fill: "#e3e6ea", "letter-spacing": 0.4 }),
    ...names,
  );
}
