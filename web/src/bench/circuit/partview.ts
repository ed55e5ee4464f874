// One part on the table: its picture, its name, what can be pressed and turned, and where wires begin.
import { h, ICONS, svg } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import { type Box, boxOf, type Spot, sideOf, turned } from "./geometry.ts";
import { MM, type Point, ZONES, type Zone } from "./kinds.ts";
import { canonical, type Part } from "./model.ts";
import { type Picture, pictureOf, type Shown } from "./pictures.ts";
import type { Kind } from "./server.ts";

export class PartView {
  readonly element: HTMLElement;
  readonly #body = h("div", { class: "body" });
  readonly #tag = h("div", { class: "tag" });
  readonly #badge = h("div", { class: "badge", hidden: true }, svg(ICONS.warn));
  #picture: Picture;
  #made = "";
  #at: Point = [0, 0];
  #degrees = 0;
  isNamedAbove = false;

  constructor(
    readonly name: string,
    readonly kind: Kind,
    part: Part,
  ) {
    this.#picture = pictureOf(kind, part.settings);
    this.element = h("div", { class: "part", tabindex: 0, role: "button", "data-part": name, "data-kind": kind.kind }, this.#body, this.#tag, this.#badge);
    this.change(part);
  }

  /** The part is another one now, or elsewhere; where nothing says it, it is here. */
  change(part: Part, otherwise: Point = [0, 0]): void {
    const made = canonical(part.settings);
    if (made !== this.#made) this.#make(part, made);
    this.#degrees = part.turned ?? 0;
    this.place(part.at ? [part.at[0] * MM, part.at[1] * MM] : otherwise);
  }

  /** Lays it somewhere. */
  place(at: Point): void {
    this.#at = at;
    const [width, height] = this.#picture.size;
    const box = this.box;
    this.element.style.transform = `translate(${box.x}px, ${box.y}px)`;
    this.element.style.width = `${box.width}px`;
    this.element.style.height = `${box.height}px`;
    this.#body.style.transform = `translate(${at[0] - box.x}px, ${at[1] - box.y}px) rotate(${this.#degrees}deg)`;
    this.#body.style.width = `${width}px`;
    this.#body.style.height = `${height}px`;
    // The name stands where no wires are.
    const sides = new Set(this.pins.flatMap((pin) => this.spots(pin).map(({ side }) => side)));
    this.isNamedAbove = sides.has("bottom") && !sides.has("top");
    this.element.classList.toggle("named-above", this.isNamedAbove);
  }

  get at(): Point {
    return this.#at;
  }

  get size(): Point {
    return this.#picture.size;
  }

  get box(): Box {
    return boxOf(this.#at, this.#picture.size, this.#degrees);
  }

  get pins(): string[] {
    return [...this.#picture.pins.keys()];
  }

  /** Where wires to this pin can begin. */
  spots(pin: string): Spot[] {
    const { size, pins } = this.#picture;
    const box = this.box;
    return (pins.get(pin) ?? []).map((place) => {
      const [x, y] = turned(place, size, this.#degrees);
      const at: Point = [this.#at[0] + x, this.#at[1] + y];
      return { at, side: sideOf(at, box) };
    });
  }

  /** Where its hands turn about. */
  center(zone: Zone): Point {
    const [x, y] = turned(zone.at, this.#picture.size, this.#degrees);
    return [this.#at[0] + x, this.#at[1] + y];
  }

  zone(does: string | undefined): Zone | undefined {
    return ZONES[this.kind.kind]?.find((zone) => zone.does === does);
  }

  show(shown: Shown): void {
    this.#picture.show(shown);
    const reading = texts.circuit.reading(this.kind.kind, shown);
    this.#tag.replaceChildren(this.name, ...(reading ? [" ", h("span", {}, reading)] : []));
    this.element.setAttribute("aria-label", texts.circuit.partLabel(this.name, this.kind.title, reading));
    this.element.classList.toggle("pressed", shown["pressed"] === true);
  }

  fault(text: string | undefined): void {
    this.#badge.hidden = text === undefined;
    this.#badge.title = text ?? "";
    this.element.classList.toggle("faulty", text !== undefined);
  }

  #make(part: Part, made: string): void {
    this.#made = made;
    this.#picture = pictureOf(this.kind, part.settings);
    const picture = h("div", { class: "picture", inert: true }, this.#picture.element);
    const zones = (ZONES[this.kind.kind] ?? []).map(({ does, at: [x, y], r }) => h("div", { class: "zone", "data-does": does, style: `left:${x - r}px;top:${y - r}px;width:${r * 2}px;height:${r * 2}px` }));
    this.#body.replaceChildren(picture, ...zones);
  }
}
