// All kinds of parts, to be searched, and laid on the table by a click, a key, or by dragging.
import { h, ICONS, iconButton } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import { pictureOf, type Shown } from "./pictures.ts";
import type { Kind } from "./server.ts";
import { TREMBLE } from "./stage.ts";

/** Pixels that a picture in the list has. */
const ROOM = { width: 84, height: 56 };

export interface PaletteHooks {
  /** A part of this kind is wanted, where the pointer let go or anywhere. */
  add(kind: Kind, at?: { x: number; y: number }): void;
  closed(): void;
}

export const usualOf = (kind: Kind): Shown => Object.fromEntries(kind.settings.map(({ name, usual }) => [name, usual]));

export class Palette {
  readonly element: HTMLElement;
  readonly #search: HTMLInputElement;
  readonly #list = h("div", { class: "kinds" });
  readonly #none = h("p", { class: "hint", hidden: true }, texts.circuit.nothingFound);
  #kinds: { kind: Kind; button: HTMLElement; words: string }[] = [];

  constructor(private readonly hooks: PaletteHooks) {
    const t = texts.circuit;
    this.#search = h("input", { type: "search", placeholder: t.search, "aria-label": t.search, autocomplete: "off", spellcheck: "false", oninput: () => this.#filter() });
    this.element = h(
      "div",
      { class: "palette", role: "dialog", "aria-label": t.palette, hidden: true, onkeydown: (event: KeyboardEvent) => this.#key(event) },
      h("div", { class: "head" }, this.#search, iconButton(ICONS.close, t.close, () => this.close())),
      this.#list,
      this.#none,
    );
  }

  open(kinds: Kind[]): void {
    if (this.#kinds.length !== kinds.length) {
      this.#kinds = kinds.map((kind) => ({ kind, button: this.#button(kind), words: `${kind.kind} ${kind.title} ${kind.text}`.toLowerCase() }));
      this.#list.replaceChildren(...this.#kinds.map(({ button }) => button));
    }
    this.element.hidden = false;
    this.#search.value = "";
    this.#filter();
    this.#search.focus();
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.hooks.closed();
  }

  #filter(): void {
    const wanted = this.#search.value.trim().toLowerCase().split(/\s+/);
    let found = 0;
    for (const { button, words } of this.#kinds) {
      button.hidden = !wanted.every((word) => words.includes(word));
      if (!button.hidden) found++;
    }
    this.#none.hidden = found > 0;
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#kinds.filter(({ button }) => !button.hidden);
    const at = shown.findIndex(({ button }) => button === document.activeElement);
    const columns = Math.max(1, Math.floor(this.#list.clientWidth / (ROOM.width + 16)));
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: at < 0 ? 1 : columns, ArrowUp: -columns }[event.key];
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && at < 0 && shown[0]) this.#add(shown[0].kind);
    else if (by !== undefined && (at >= 0 || by > 0) && !(at < 0 && event.key === "ArrowRight")) (shown[at + by]?.button ?? (at + by < 0 ? this.#search : undefined))?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #add(kind: Kind, at?: { x: number; y: number }): void {
    this.close();
    this.hooks.add(kind, at);
  }

  #button(kind: Kind): HTMLElement {
    const button = h("button", { type: "button", class: "kind", title: kind.text, "data-kind": kind.kind }, thumb(kind), h("span", {}, kind.title));
    button.addEventListener("click", () => this.#add(kind));
    button.addEventListener("pointerdown", (event) => this.#drag(kind, button, event));
    return button;
  }

  /** A picture of it goes with the pointer. */
  #drag(kind: Kind, button: HTMLElement, down: PointerEvent): void {
    if (down.button !== 0 || down.pointerType === "touch") return;
    let ghost: HTMLElement | undefined;
    const move = (event: PointerEvent) => {
      if (!ghost && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < TREMBLE * 2) return;
      if (!ghost) {
        ghost = thumb(kind);
        ghost.classList.add("ghost");
        document.body.append(ghost);
        this.element.classList.add("away");
      }
      ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px) translate(-50%, -50%)`;
    };
    const end = (event: PointerEvent) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      this.element.classList.remove("away");
      if (!ghost) return;
      ghost.remove();
      // It was dragged: the click that follows is none.
      const swallow = (click: Event) => click.stopImmediatePropagation();
      button.addEventListener("click", swallow, { capture: true });
      setTimeout(() => button.removeEventListener("click", swallow, { capture: true }));
      if (event.type === "pointerup") this.#add(kind, { x: event.clientX, y: event.clientY });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }
}

/** A part as a small picture. */
function thumb(kind: Kind): HTMLElement {
  const { element, size, show } = pictureOf(kind, usualOf(kind));
  show({});
  const scale = Math.min(ROOM.width / size[0], ROOM.height / size[1], 1);
  const holder = h("div", { class: "picture", inert: true, style: `width:${size[0]}px;height:${size[1]}px;transform:translate(-50%,-50%) scale(${scale})` }, element);
  return h("div", { class: "thumb", style: `width:${ROOM.width}px;height:${ROOM.height}px` }, holder);
}
