// Making pictures out of SVG elements. Texts become text nodes, as everywhere.

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number | undefined>;

/** An SVG element with attributes and children. */
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A picture of so many pixels. */
export const picture = (width: number, height: number, ...children: Node[]): SVGSVGElement =>
  s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "drawing", "aria-hidden": "true" }, ...children);

/** Printed words. */
export const label = (x: number, y: number, text: string, more: Attributes = {}): SVGTextElement =>
  s("text", { x, y, fill: "#fff", "font-size": 5, "text-anchor": "middle", "font-family": "system-ui, sans-serif", ...more }, text);

/** A pin of a header, seen from above. */
export const pad = (x: number, y: number): SVGGElement =>
  s("g", {}, s("circle", { cx: x, cy: y, r: 3, fill: "#d7b44a" }), s("circle", { cx: x, cy: y, r: 1.5, fill: "#3a3326" }));

/** A hole for a screw. */
export const hole = (x: number, y: number): SVGCircleElement => s("circle", { cx: x, cy: y, r: 4, fill: "var(--mat)", stroke: "#d7b44a", "stroke-width": 1.2 });
