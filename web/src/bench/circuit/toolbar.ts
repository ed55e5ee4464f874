// The buttons above the table.
import { h, ICONS, iconButton, svg } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import { EXAMPLES } from "./examples.ts";
import type { History } from "./history.ts";
import { ZOOM_STEP } from "./stage.ts";
import type { Saved } from "./store.ts";

export interface ToolbarHooks {
  add(): void;
  example(id: string): void;
  undo(): void;
  redo(): void;
  zoom(factor: number): void;
  fit(): void;
  /** Whether buzzers are heard from now on. */
  sound(): boolean;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #sound: HTMLButtonElement;
  readonly #saved = h("span", { class: "saved", role: "status" });

  constructor(hooks: ToolbarHooks) {
    const t = texts.circuit;
    this.#undo = iconButton(ICONS.undo, t.undo, () => hooks.undo(), { disabled: true });
    this.#redo = iconButton(ICONS.redo, t.redo, () => hooks.redo(), { disabled: true });
    this.#sound = iconButton(ICONS.sound, t.sound, () => this.#sound.setAttribute("aria-pressed", String(hooks.sound())), { hidden: true });
    const examples = h("select", { class: "examples", "aria-label": t.examples, title: t.exampleHint, onchange: () => choose() }, new Option(t.example, ""), ...EXAMPLES.map(({ id }) => new Option(t.exampleTexts[id].title, id)));
    const choose = () => {
      const id = examples.value;
      examples.value = "";
      if (id) hooks.example(id);
    };
    this.element = h(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": t.tools },
      h("button", { type: "button", class: "add", title: t.addHint, onclick: () => hooks.add() }, svg(ICONS.plus), t.add),
      examples,
      this.#saved,
      h("div", { class: "tools" }, this.#sound, this.#undo, this.#redo),
      h(
        "div",
        { class: "tools" },
        iconButton(ICONS.farther, t.farther, () => hooks.zoom(1 / ZOOM_STEP)),
        iconButton(ICONS.fit, t.fit, () => hooks.fit()),
        iconButton(ICONS.closer, t.closer, () => hooks.zoom(ZOOM_STEP)),
      ),
    );
  }

  history({ canUndo, canRedo }: History): void {
    this.#undo.disabled = !canUndo;
    this.#redo.disabled = !canRedo;
  }

  /** Whether there is something to be heard, and it is. */
  sound(isThere: boolean, isOn: boolean): void {
    this.#sound.hidden = !isThere;
    this.#sound.setAttribute("aria-pressed", String(isOn));
  }

  saved(state: Saved): void {
    this.#saved.dataset["state"] = state;
    // That all is well needs a sign, not a word.
    const words = texts.circuit.saved[state];
    this.#saved.replaceChildren(...(state === "saved" ? [svg(ICONS.check), h("span", { class: "unseen" }, words)] : [words]));
    this.#saved.title = texts.circuit.saved[state];
  }
}
