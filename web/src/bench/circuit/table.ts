// Board, parts and wires on the table: drawn from the circuit, found under the pointer, chosen.
import { h } from "../../dom.ts";
import { Value } from "../../state.ts";
import { texts } from "../../texts/en.ts";
import { DeviceView } from "./device.ts";
import { s } from "./draw.ts";
import { type Box, freePlace, type Spot, union } from "./geometry.ts";
import { grab, type Hands } from "./grips.ts";
import { MM, type Point } from "./kinds.ts";
import { type Circuit, EMPTY, GRID, partOf, pinOf, type Segment, segments } from "./model.ts";
import { PartView } from "./partview.ts";
import type { Device, Kind } from "./server.ts";
import { Stage } from "./stage.ts";
import { sameWire, type Stub, Wires } from "./wires.ts";

/** Pixels on the screen within which a pin is meant, by mouse and by finger. */
const REACH = { mouse: 9, pen: 12, touch: 20 } as const;
/** Pixels of what is said below a board that has no parts. */
const EMPTY_ROOM = 84;
/** Pixels of a part's name, about. */
const NAME = { width: 76, height: 15 };
/** Pixels between parts that nobody has laid anywhere. */
const GAP = GRID * MM * 2;

export type Selection = { part: string } | { wire: Segment };

/** A place where a wire can begin. */
export interface PlaceOfPin extends Spot {
  end: string;
}

export class Table {
  readonly stage: Stage;
  readonly selection = new Value<Selection | undefined>(undefined);
  /** The end that a wire is being drawn from. */
  readonly from = new Value<PlaceOfPin | undefined>(undefined);
  readonly wires = new Wires();
  readonly parts = new Map<string, PartView>();
  device: DeviceView | undefined;
  circuit: Circuit = EMPTY;
  readonly #tip = h("div", { class: "tip", role: "tooltip", hidden: true });
  readonly #dots = s("svg", { class: "pins", width: 1, height: 1 });
  readonly #laid = new Map<string, Point>();
  #pins: PlaceOfPin[] = [];
  #kinds = new Map<string, Kind>();
  #hovered: PlaceOfPin | undefined;

  constructor(private readonly hands: Hands, moved: () => void) {
    this.stage = new Stage({
      grab: (at, event) => grab(this, this.hands, at, event),
      hover: (at, event) => this.hover(at && this.pinAt(at, event), at),
      clicked: () => (this.from.now ? this.from.set(undefined) : this.selection.set(undefined)),
      moved: () => {
        this.hover(undefined);
        moved();
      },
    });
    this.stage.element.append(this.#tip);
    // Whom the keys reach is chosen; a press by the pointer is no choice.
    this.stage.element.addEventListener("focusin", ({ target }) => {
      const part = target instanceof HTMLElement && !this.stage.isHeld ? target.dataset["part"] : undefined;
      if (part !== undefined) this.selection.set({ part });
    });
    this.selection.watch(() => this.#mark());
    this.from.watch((from) => {
      this.stage.element.classList.toggle("wiring", from !== undefined);
      this.wires.rubber(undefined);
    });
    new ResizeObserver(() => this.stage.isChosen || this.fit()).observe(this.stage.element);
  }

  /** Another board lies here. */
  start(device: Device, kinds: Kind[]): void {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.device = new DeviceView(device);
    this.parts.clear();
    this.#laid.clear();
    this.selection.set(undefined);
    this.from.set(undefined);
    this.stage.isChosen = false;
    this.stage.world.replaceChildren(this.device.element, this.wires.element, this.wires.above, this.#dots);
  }

  kind(name: string): Kind | undefined {
    return this.#kinds.get(name);
  }

  /** The kind of a part. */
  kindOf(part: string): Kind | undefined {
    return this.#kinds.get(this.circuit.parts[part]?.kind ?? "");
  }

  draw(circuit: Circuit): void {
    const isFirst = this.circuit === EMPTY;
    this.circuit = circuit;
    for (const [name, view] of this.parts) {
      if (circuit.parts[name]?.kind === view.kind.kind) continue;
      view.element.remove();
      this.parts.delete(name);
      this.#laid.delete(name);
    }
    for (const [name, part] of Object.entries(circuit.parts)) {
      const kind = this.#kinds.get(part.kind);
      if (!kind) continue;
      let view = this.parts.get(name);
      if (view) view.change(part, this.#laid.get(name) ?? view.at);
      else {
        view = new PartView(name, kind, part);
        this.parts.set(name, view);
        this.stage.world.insertBefore(view.element, this.wires.above);
      }
      if (!part.at && !this.#laid.has(name)) this.#lay(name, view);
    }
    this.redraw();
    const chosen = this.selection.now;
    if (chosen && "part" in chosen && !this.parts.has(chosen.part)) this.selection.set(undefined);
    if (chosen && "wire" in chosen && !segments(circuit).some((segment) => sameWire(segment, chosen.wire))) this.selection.set(undefined);
    if (this.from.now && !this.spotsOf(this.from.now.end).length) this.from.set(undefined);
    this.#mark();
    // Later on nothing moves under somebody's hand.
    if (isFirst) this.fit();
  }

  /** Wires and pins, where the parts are now. */
  redraw(): void {
    this.#pins = [...(this.device?.spots ?? [])];
    for (const view of this.parts.values()) for (const pin of view.pins) for (const spot of view.spots(pin)) this.#pins.push({ ...spot, end: `${view.name}.${pin}` });
    this.wires.draw(this.circuit, (end) => this.spotsOf(end), ({ from, to }) => texts.circuit.wireLabel(from, to));
    this.wires.stubs(this.#stubs());
    this.#dots.replaceChildren(...this.#pins.map(({ at: [cx, cy], end }) => s("circle", { cx, cy, r: 3, "data-end": end })));
  }

  spotsOf(end: string): readonly Spot[] {
    const part = partOf(end);
    if (part !== undefined) return this.parts.get(part)?.spots(pinOf(end)) ?? [];
    return this.device?.spots.filter((spot) => spot.end === end) ?? [];
  }

  /** The pin that is meant here. */
  pinAt([x, y]: Point, event: PointerEvent): PlaceOfPin | undefined {
    const reach = (REACH[event.pointerType as keyof typeof REACH] ?? REACH.mouse) * (this.from.now ? 1.5 : 1) / this.stage.zoom;
    let best: PlaceOfPin | undefined;
    let least = reach;
    for (const pin of this.#pins) {
      const far = Math.hypot(pin.at[0] - x, pin.at[1] - y);
      if (far <= least) [best, least] = [pin, far];
    }
    return best;
  }

  /** The pointer is at this pin, or at none; a wire that is being drawn follows it. */
  hover(pin: PlaceOfPin | undefined, at?: Point): void {
    const from = this.from.now;
    if (from && at) this.wires.rubber(from, pin && pin.end !== from.end ? pin : at);
    if (pin === this.#hovered) return;
    this.#hovered = pin;
    this.#tip.hidden = !pin;
    this.wires.hint(new Set(pin ? [pin.end] : []));
    this.stage.element.classList.toggle("at-pin", pin !== undefined);
    this.#dots.querySelector(".hovered")?.classList.remove("hovered");
    if (!pin) return;
    this.#dots.children[this.#pins.indexOf(pin)]?.classList.add("hovered");
    this.#tip.replaceChildren(...this.#words(pin));
    const [x, y] = this.stage.toStage(pin.at);
    this.#tip.style.transform = `translate(${Math.min(Math.max(x, 60), this.stage.element.clientWidth - 60)}px, ${y < 50 ? y + 14 : y - 12}px) translate(-50%, ${y < 50 ? 0 : -100}%)`;
  }

  get box(): Box | undefined {
    const around = [...this.parts.values()].map(named);
    const wires = this.circuit.wires.length ? [this.wires.box] : [];
    return union([...(this.device ? [this.device.box] : []), ...around, ...wires]);
  }

  fit(): void {
    // What is said over an empty table needs room as well.
    if (this.box) this.stage.fit(this.box, Math.max(this.covered, this.parts.size ? 0 : EMPTY_ROOM));
  }

  /** Pixels at the lower edge that something else covers. */
  covered = 0;

  /** Shows all of it, if this part cannot be seen. */
  fitFor(part: string): void {
    const view = this.parts.get(part);
    if (view && !this.stage.isSeen(view.box)) this.fit();
  }

  /** Shows all of it again, if nobody has chosen what is to be seen. */
  restore(): void {
    if (!this.stage.isChosen && this.box && !this.stage.isSeen(this.box)) this.fit();
  }

  /** Moves the table if what is chosen could not be seen. */
  reveal(part: string): void {
    const view = this.parts.get(part);
    if (view) this.stage.reveal(view.box, this.covered);
  }

  /** A free place beside the board. */
  placeFor(size: Point): Point {
    const taken = [...this.parts.values()].map(named);
    const board = this.device?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const { clientWidth, clientHeight } = this.stage.element;
    // Its name may stand above it or below.
    const [width, height] = [Math.max(size[0], NAME.width), size[1] + NAME.height * 2];
    const [x, y] = freePlace([width, height], board, taken, GAP, GRID * MM * 2, [Math.max(clientWidth, 300), Math.max(clientHeight, 300)], this.device?.middle);
    return [x + (width - size[0]) / 2, y + NAME.height];
  }

  #lay(name: string, view: PartView): void {
    // It takes no room while its own place is looked for.
    this.parts.delete(name);
    const at = this.placeFor([view.box.width, view.box.height]);
    this.parts.set(name, view);
    const [dx, dy] = [view.box.x - view.at[0], view.box.y - view.at[1]];
    this.#laid.set(name, [at[0] - dx, at[1] - dy]);
    view.place([at[0] - dx, at[1] - dy]);
  }

  #stubs(): Stub[] {
    const wired = new Set(this.circuit.wires.flat());
    return [...this.parts.values()].flatMap((view) =>
      view.kind.pins.flatMap(({ name, role, rail }): Stub[] => {
        const spot = view.spots(name)[0];
        if ((role !== "power" && role !== "ground") || !spot || wired.has(`${view.name}.${name}`)) return [];
        return [{ spot, role, rail: role === "ground" ? "GND" : (rail ?? "") }];
      }),
    );
  }

  #words(pin: PlaceOfPin): (Node | string)[] {
    const t = texts.circuit;
    const part = partOf(pin.end);
    if (part === undefined) {
      const spot = this.device?.spots.find((known) => known === pin);
      return [h("strong", {}, spot?.label ?? pin.end), ...(spot?.gpio === undefined ? [] : [` GPIO${spot.gpio}`])];
    }
    const known = this.kindOf(part)?.pins.find(({ name }) => name === pinOf(pin.end));
    const isFree = !this.circuit.wires.some((wire) => wire.includes(pin.end));
    const supply = known?.role === "ground" ? "GND" : known?.role === "power" ? (known.rail ?? "") : undefined;
    return [h("strong", {}, pinOf(pin.end)), ` ${part}`, ...(supply && isFree ? [h("br"), t.byItself(supply)] : [])];
  }

  #mark(): void {
    const chosen = this.selection.now;
    const part = chosen && "part" in chosen ? chosen.part : undefined;
    for (const [name, view] of this.parts) {
      view.element.classList.toggle("selected", name === part);
      view.element.setAttribute("aria-pressed", String(name === part));
    }
    this.wires.select(chosen && "wire" in chosen ? chosen.wire : undefined);
  }
}

/** The room that a part and its name take. */
function named({ box: { x, y, width, height }, isNamedAbove }: PartView): Box {
  const more = Math.max(0, NAME.width - width);
  return { x: x - more / 2, y: isNamedAbove ? y - NAME.height : y, width: width + more, height: height + NAME.height };
}
