// What is said over the table: that it is empty, what a wire is waiting for, what the server does not take, what is wrong with the circuit.
import { h, ICONS, iconButton, svg } from "../../dom.ts";
import { prose } from "../../explain.ts";
import { texts } from "../../texts/en.ts";
import type { Fault } from "./live.ts";

export interface StripHooks {
  undo(): void;
  startAnew(): void;
  dismiss(fault: Fault): void;
  choose(part: string): void;
}

export class Strips {
  readonly element: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #wiring = h("p", { class: "strip", role: "status", hidden: true });
  readonly #refused = h("div", { class: "strip bad", role: "alert", hidden: true });
  readonly #broken = h("div", { class: "strip bad", role: "alert", hidden: true });
  readonly #faults = h("ul", { class: "faults", "aria-label": texts.circuit.fault });

  constructor(private readonly hooks: StripHooks) {
    const t = texts.circuit;
    this.#empty = h("div", { class: "empty", hidden: true }, h("strong", {}, t.empty), h("p", {}, t.emptyText));
    this.element = h("div", { class: "strips" }, this.#broken, this.#refused, this.#faults, this.#wiring, this.#empty);
  }

  empty(isEmpty: boolean): void {
    this.#empty.hidden = !isEmpty || !this.#broken.hidden;
  }

  wiring(end: string | undefined): void {
    this.#wiring.hidden = end === undefined;
    if (end !== undefined) this.#wiring.textContent = texts.circuit.wiring(end);
  }

  refused(why: string | undefined): void {
    const t = texts.circuit;
    this.#refused.hidden = why === undefined;
    this.#refused.replaceChildren(...(why === undefined ? [] : [svg(ICONS.warn), h("p", {}, ...prose(t.refused(why))), h("button", { type: "button", onclick: () => this.hooks.undo() }, svg(ICONS.undo), t.undoShort)]));
  }

  broken(why: string | undefined): void {
    this.#broken.hidden = why === undefined;
    this.#broken.replaceChildren(...(why === undefined ? [] : [svg(ICONS.warn), h("p", {}, ...prose(why)), h("button", { type: "button", title: texts.circuit.startAnewHint, onclick: () => this.hooks.startAnew() }, texts.circuit.startAnew)]));
  }

  faults(faults: readonly Fault[]): void {
    const t = texts.circuit;
    this.#faults.replaceChildren(
      ...faults.map((fault) => {
        const { part, text, isOld } = fault;
        const name = part === null ? t.onBoard : part;
        const where = part === null ? h("strong", {}, name) : h("button", { type: "button", class: "link", onclick: () => this.hooks.choose(part) }, name);
        return h("li", { class: `strip fault ${isOld ? "old" : ""}` }, svg(ICONS.warn), h("p", {}, where, " ", ...(isOld ? [`${t.earlier} `] : []), ...prose(text)), iconButton(ICONS.close, t.dismiss, () => this.hooks.dismiss(fault)));
      }),
    );
  }

  clear(): void {
    this.wiring(undefined);
    this.refused(undefined);
    this.broken(undefined);
    this.faults([]);
    this.empty(false);
  }
}
