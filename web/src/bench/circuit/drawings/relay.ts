// A relay on its board: the coil's light, and which contact is joined.
import { label, pad, picture, s } from "../draw.ts";
import type { DrawnKind } from "../kinds.ts";

export function relay(kind: DrawnKind): { element: SVGSVGElement; show(isOn: boolean): void } {
  const [width, height] = kind.size;
  const light = s("circle", { cx: 24, cy: 14, r: 4, fill: "#4a2222" });
  const glow = s("circle", { cx: 24, cy: 14, r: 8, fill: "#ff5a4d", opacity: 0 });
  const contact = s("path", { d: "", stroke: "#fff", "stroke-width": 1.6, fill: "none", "stroke-linecap": "round" });
  const terminals = (["no", "com", "nc"] as const).map((name) => {
    const [x, y] = kind.pins[name] as readonly [number, number];
    return s(
      "g",
      {},
      s("rect", { x: x - 22, y: y - 8.6, width: 29, height: 17.2, fill: "#1f7a3f", stroke: "#176032", "stroke-width": 0.8 }),
      s("circle", { cx: x - 12, cy: y, r: 5.6, fill: "#c9ced6" }),
      s("path", { d: `M${x - 15.5} ${y - 3}l7 6`, stroke: "#6d737c", "stroke-width": 1.6 }),
      label(x - 26, y + 1.8, name.toUpperCase(), { "text-anchor": "end", "font-size": 5 }),
    );
  });
  const element = picture(
    width,
    height,
    s("rect", { width, height, rx: 4, fill: "#1d3f74" }),
    s("rect", { x: 32, y: 20, width: 66, height: 56, rx: 2, fill: "#2f6fd0" }),
    s("rect", { x: 34, y: 22, width: 62, height: 52, rx: 2, fill: "none", stroke: "#5b92e5" }),
    label(65, 34, "RELAY 5V", { "font-size": 7, "font-weight": 600 }),
    s("path", { d: "M46 60h10M74 50h10M74 68h10", stroke: "#fff", "stroke-width": 1.6, "stroke-linecap": "round" }),
    contact,
    s("circle", { cx: 57, cy: 60, r: 1.8, fill: "#fff" }),
    ...terminals,
    ...(["in", "vcc", "gnd"] as const).flatMap((name) => {
      const [x, y] = kind.pins[name] as readonly [number, number];
      return [pad(x, y), label(x + 6, y + 1.6, name.toUpperCase(), { "text-anchor": "start", "font-size": 5 })];
    }),
    glow,
    light,
  );
  const show = (isOn: boolean) => {
    light.setAttribute("fill", isOn ? "#ff5a4d" : "#4a2222");
    glow.setAttribute("opacity", isOn ? "0.45" : "0");
    contact.setAttribute("d", isOn ? "M57 60L74 50" : "M57 60L74 68");
  };
  show(false);
  return { element, show };
}
