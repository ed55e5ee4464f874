// The wires: drawn as curves over the table, coloured by what they carry.
import { s } from "./draw.ts";
import { nearest, type Spot, wirePath } from "./geometry.ts";
import type { Point } from "./kinds.ts";
import { type Circuit, nets, NOTHING, type Segment, segments } from "./model.ts";

/** Where wires can begin at an end. */
export type SpotsOf = (end: string) => readonly Spot[];

/** A supply that a pin is on by itself. */
export interface Stub {
  spot: Spot;
  role: "power" | "ground";
  rail: string;
}

export const sameWire = (a: Segment, b: Segment): boolean => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
const keyOf = ({ from, to }: Segment) => `${from} ${to}`;

export class Wires {
  readonly element = s("svg", { class: "wires", width: 1, height: 1 });
  readonly #stubs = s("g", { class: "stubs" });
  readonly #all = s("g");
  readonly #rubber = s("path", { class: "rubber", d: "" });
  #drawn = new Map<string, { group: SVGGElement; segment: Segment }>();

  constructor() {
    this.element.append(this.#stubs, this.#all, this.#rubber);
  }

  draw(circuit: Circuit, spotsOf: SpotsOf, label: (segment: Segment) => string): void {
    const all = nets(circuit);
    const drawn = new Map<string, { group: SVGGElement; segment: Segment }>();
    for (const [nth, segment] of segments(circuit).entries()) {
      const ends = nearest(spotsOf(segment.from), spotsOf(segment.to));
      if (!ends) continue;
      const net = all.get(segment.from === NOTHING ? segment.to : segment.from);
      const key = keyOf(segment);
      const group = this.#drawn.get(key)?.group ?? wire();
      const path = wirePath(ends[0], ends[1], nth);
      for (const line of group.children) if (line.tagName === "path") line.setAttribute("d", path);
      group.querySelectorAll("circle").forEach((dot, i) => {
        const [x, y] = (ends[i] as Spot).at;
        dot.setAttribute("cx", String(x));
        dot.setAttribute("cy", String(y));
      });
      group.dataset["role"] = net?.role ?? "signal";
      group.style.setProperty("--wire", net && net.role === "signal" ? `var(--wire-${net.nth})` : "");
      if (!net || net.role !== "signal") group.style.removeProperty("--wire");
      group.dataset["wire"] = key;
      group.setAttribute("aria-label", label(segment));
      drawn.set(key, { group, segment });
    }
    for (const [key, { group }] of this.#drawn) if (!drawn.has(key)) group.remove();
    for (const { group } of drawn.values()) if (!group.parentNode) this.#all.append(group);
    this.#drawn = drawn;
  }

  /** Supplies that need no wire: what a part has by itself. */
  stubs(stubs: readonly Stub[]): void {
    this.#stubs.replaceChildren(...stubs.map(stub));
  }

  at(key: string | undefined): Segment | undefined {
    return key === undefined ? undefined : this.#drawn.get(key)?.segment;
  }

  select(selected: Segment | undefined): void {
    for (const { group, segment } of this.#drawn.values()) group.classList.toggle("selected", selected !== undefined && sameWire(segment, selected));
  }

  /** Lights up the wires of an end, or of none. */
  hint(ends: ReadonlySet<string>): void {
    for (const { group, segment } of this.#drawn.values()) group.classList.toggle("hinted", ends.has(segment.from) || ends.has(segment.to));
  }

  /** Wires that the server does not take. */
  refuse(words: string | undefined): void {
    const named = (end: string) => words !== undefined && words.includes(end);
    for (const { group, segment } of this.#drawn.values()) group.classList.toggle("refused", named(segment.from) && named(segment.to));
  }

  /** The wire that is being drawn. */
  rubber(from: Spot | undefined, to?: Spot | Point): void {
    if (!from || !to) return this.#rubber.setAttribute("d", "");
    const end: Spot = "side" in to ? to : { at: to, side: ({ left: "right", right: "left", top: "bottom", bottom: "top" } as const)[from.side] };
    this.#rubber.setAttribute("d", wirePath(from, end));
  }
}

function wire(): SVGGElement {
  return s("g", { class: "wire", tabindex: -1, role: "button" }, s("path", { class: "reach" }), s("path", { class: "case" }), s("path", { class: "line" }), s("circle", { r: 2.2 }), s("circle", { r: 2.2 }));
}

/** A short line with the sign of its supply. */
function stub({ spot: { at: [x, y], side }, role, rail }: Stub): SVGGElement {
  const degrees = { right: 0, bottom: 90, left: 180, top: 270 }[side];
  const sign = role === "ground" ? s("path", { d: "M8 -4v8M10.500 -2.500v5M13 -1v2" }) : s("path", { d: "M8 -3.500v7" });
  return s("g", { class: `stub ${role}`, transform: `translate(${x} ${y}) rotate(${degrees})` }, s("title", {}, rail), s("path", { d: "M0 0h8" }), sign);
}
