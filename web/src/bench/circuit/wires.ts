// The wires: drawn as curves over the table, coloured by what they carry.
import { s } from "./draw.ts";
import { type Box, nearest, type Spot, wirePath } from "./geometry.ts";
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

/** Pixels of a wire's end that are seen over its part. */
const TIP = 9;

interface Drawn {
  group: SVGGElement;
  tips: SVGGElement;
  segment: Segment;
}

export const sameWire = (a: Segment, b: Segment): boolean => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
const keyOf = ({ from, to }: Segment) => `${from} ${to}`;

export class Wires {
  /** Below the parts, and above them: where wires end. */
  readonly element = s("svg", { class: "wires", width: 1, height: 1 });
  readonly above = s("svg", { class: "wires", width: 1, height: 1 });
  readonly #stubs = s("g", { class: "stubs" });
  readonly #all = s("g");
  readonly #ends = s("g");
  readonly #rubber = s("path", { class: "rubber", d: "" });
  #drawn = new Map<string, Drawn>();

  constructor() {
    this.element.append(this.#all);
    this.above.append(this.#stubs, this.#ends, this.#rubber);
  }

  draw(circuit: Circuit, spotsOf: SpotsOf, label: (segment: Segment) => string): void {
    const all = nets(circuit);
    const drawn = new Map<string, Drawn>();
    for (const [nth, segment] of segments(circuit).entries()) {
      const ends = nearest(spotsOf(segment.from), spotsOf(segment.to));
      if (!ends) continue;
      const net = all.get(segment.from === NOTHING ? segment.to : segment.from);
      const key = keyOf(segment);
      const { group, tips } = this.#drawn.get(key) ?? wire();
      lay(group, tips, ends, wirePath(ends[0], ends[1], nth));
      for (const element of [group, tips]) {
        element.dataset["role"] = net?.role ?? "signal";
        if (net?.role === "signal") element.style.setProperty("--wire", `var(--wire-${net.nth})`);
        else element.style.removeProperty("--wire");
      }
      group.dataset["wire"] = key;
      group.setAttribute("aria-label", label(segment));
      drawn.set(key, { group, tips, segment });
    }
    for (const [key, { group, tips }] of this.#drawn) {
      if (drawn.has(key)) continue;
      group.remove();
      tips.remove();
    }
    for (const { group, tips } of drawn.values()) {
      if (group.parentNode) continue;
      this.#all.append(group);
      this.#ends.append(tips);
    }
    this.#drawn = drawn;
  }

  /** Supplies that need no wire: what a part has by itself. */
  stubs(stubs: readonly Stub[]): void {
    this.#stubs.replaceChildren(...stubs.map(stub));
  }

  /** What all of them need. */
  get box(): Box {
    const { x, y, width, height } = this.#ends.getBBox();
    return { x, y, width, height };
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

function wire(): Pick<Drawn, "group" | "tips"> {
  const group = s("g", { class: "wire", tabindex: -1, role: "button" }, s("path", { class: "reach" }), s("path", { class: "case" }), s("path", { class: "line" }));
  const tips = s("g", { class: "wire tips", "aria-hidden": "true" }, s("path", { class: "line" }), s("circle", { r: 2.2 }), s("circle", { r: 2.2 }));
  return { group, tips };
}

/** Lays a wire along this path; its tips are above the parts that it goes to. */
function lay(group: SVGGElement, tips: SVGGElement, ends: readonly [Spot, Spot], path: string): void {
  for (const line of [...group.children, tips.firstElementChild as Element]) line.setAttribute("d", path);
  const far = (tips.firstElementChild as SVGPathElement).getTotalLength();
  (tips.firstElementChild as SVGPathElement).style.strokeDasharray = far > 2 * TIP ? `${TIP} ${far - 2 * TIP} ${TIP} 0` : "none";
  tips.querySelectorAll("circle").forEach((dot, nth) => {
    const [x, y] = (ends[nth] as Spot).at;
    dot.setAttribute("cx", String(x));
    dot.setAttribute("cy", String(y));
  });
}

/** A short line with the sign of its supply. */
function stub({ spot: { at: [x, y], side }, role, rail }: Stub): SVGGElement {
  const degrees = { right: 0, bottom: 90, left: 180, top: 270 }[side];
  const sign = role === "ground" ? s("path", { d: "M8 -4v8M10.500 -2.500v5M13 -1v2" }) : s("path", { d: "M8 -3.500v7" });
  return s("g", { class: `stub ${role}`, transform: `translate(${x} ${y}) rotate(${degrees})` }, s("title", {}, rail), s("path", { d: "M0 0h8" }), sign);
}
