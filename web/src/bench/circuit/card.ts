// What stands beside the part that is chosen: what it meets, to be changed while the program runs.
import { h } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import { type Control, controlsOf } from "./controls.ts";
import type { Hands } from "./grips.ts";
import type { Table } from "./table.ts";

/** Pixels between the part and what stands beside it. */
const GAP = 22;

export class Card {
  readonly element = h("div", { class: "card", role: "group", hidden: true });
  #part: string | undefined;
  #controls = new Map<string, Control>();

  constructor(
    private readonly table: Table,
    private readonly hands: Hands,
  ) {}

  /** Shows the controls of this part, if it has any. */
  show(part: string | undefined): void {
    const kind = part === undefined ? undefined : this.table.kindOf(part);
    if (part !== this.#part) {
      this.#part = part;
      this.#controls = part !== undefined && kind ? controlsOf(part, kind, this.hands) : new Map();
      this.element.replaceChildren(...[...this.#controls.values()].map(({ element }) => element));
      this.element.setAttribute("aria-label", texts.circuit.now(part ?? ""));
    }
    this.update();
    this.place();
  }

  /** Takes what the part is set to now. */
  update(): void {
    const part = this.#part;
    if (part !== undefined) for (const [setting, control] of this.#controls) control.update(this.hands.value(part, setting));
  }

  /** Below its part, or above it where there is no room. */
  place(): void {
    const view = this.#part === undefined ? undefined : this.table.parts.get(this.#part);
    this.element.hidden = !view || this.#controls.size === 0;
    if (!view || this.element.hidden) return;
    const { stage } = this.table;
    const { x, y, width, height } = view.box;
    const [left, top] = stage.toStage([x, y]);
    const [right, bottom] = stage.toStage([x + width, y + height]);
    const { offsetWidth: w, offsetHeight: hh } = this.element;
    const { clientWidth } = stage.element;
    const clientHeight = stage.element.clientHeight - this.table.covered;
    const at = Math.min(Math.max((left + right - w) / 2, 6), clientWidth - w - 6);
    const isBelow = bottom + GAP + hh < clientHeight || top < hh + GAP;
    this.element.style.transform = `translate(${at}px, ${Math.max(6, isBelow ? Math.min(bottom + GAP, clientHeight - hh - 6) : top - hh - GAP)}px)`;
  }
}
