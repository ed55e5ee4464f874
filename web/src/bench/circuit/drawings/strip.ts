// Lights in a row, or in rows, each of any colour.
import { label, pad, picture, s } from "../draw.ts";
import { type DrawnKind, STRIP_LEFT, stripOf } from "../kinds.ts";

/** Light as eyes see it: half the current looks brighter than half. */
const seen = (byte: number) => Math.round(255 * (byte / 255) ** 0.45);

export function strip(kind: DrawnKind, count: number): { element: SVGSVGElement; show(pixels: string, has: 3 | 4): void } {
  const [width, height] = kind.size;
  const { columns, rows, pitch } = stripOf(count);
  const top = (height - rows * pitch) / 2;
  const lights = Array.from({ length: count }, (_, nth) => {
    const [x, y] = [STRIP_LEFT + ((nth % columns) + 0.5) * pitch, top + (Math.floor(nth / columns) + 0.5) * pitch];
    const half = pitch * 0.36;
    const glow = s("circle", { cx: x, cy: y, r: pitch * 0.62, fill: "none", opacity: 0.4 });
    const light = s("circle", { cx: x, cy: y, r: half * 0.78, fill: "#d9d9d2" });
    return { glow, light, body: s("rect", { x: x - half, y: y - half, width: half * 2, height: half * 2, rx: 1, fill: "#f6f6f2" }) };
  });
  const element = picture(
    width,
    height,
    s("rect", { width, height, rx: 3, fill: "#1f2226" }),
    ...Object.entries(kind.pins).flatMap(([name, [x, y]]) => [pad(x, y), label(x + 4.5, y + 1.4, name === "gnd" ? "−" : name === "vcc" ? "+" : "DI", { "font-size": 4, "text-anchor": "start" })]),
    ...lights.map(({ body }) => body),
    ...lights.map(({ glow }) => glow),
    ...lights.map(({ light }) => light),
  );
  const show = (pixels: string, has: 3 | 4) => {
    lights.forEach(({ glow, light }, nth) => {
      const bytes = Array.from({ length: has }, (_, i) => parseInt(pixels.slice((nth * has + i) * 2, (nth * has + i) * 2 + 2), 16) || 0);
      const white = bytes[3] ?? 0;
      const [r, g, b] = [0, 1, 2].map((i) => Math.min(255, (bytes[i] ?? 0) + white)) as [number, number, number];
      const isLit = r + g + b > 0;
      const color = `rgb(${seen(r)} ${seen(g)} ${seen(b)})`;
      light.setAttribute("fill", isLit ? color : "#d9d9d2");
      glow.setAttribute("fill", isLit ? color : "none");
    });
  };
  return { element, show };
}
