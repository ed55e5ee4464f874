// The bar above: which board, what it does, and its buttons.
import type { Board } from "./api.ts";
import { h, ICONS, svg } from "./dom.ts";
import { away, CONTENTS } from "./explain.ts";
import { type BoardState, Value } from "./state.ts";
import { texts } from "./texts/en.ts";
import * as theme from "./theme.ts";

/** Milliseconds that a board is busy before it is said: what is done at once needs no word. */
const BUSY = 400;

export interface BarHooks {
  choose(board: string): void;
  run(): void;
  stop(): void;
  softReset(): void;
  reset(): void;
  boot(isHeld: boolean): void;
}

export class Bar {
  readonly element: HTMLElement;
  readonly #boards: HTMLSelectElement;
  readonly #state = h("p", { class: "state", role: "status", id: "state" });
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #isHeld = new Value(false);
  readonly #needBoard: HTMLButtonElement[];
  #board: BoardState = { is: "away" };
  #busy: ReturnType<typeof setTimeout> | undefined;

  constructor(hooks: BarHooks, ...more: Node[]) {
    const t = texts.bar;
    const button = (text: string, title: string, onclick: () => void, more = {}) => h("button", { type: "button", title, onclick, ...more }, text);
    this.#boards = h("select", { "aria-label": t.board, id: "board", onchange: () => hooks.choose(this.#boards.value) });
    this.#run = h("button", { type: "button", class: "main", id: "run", title: t.runHint, onclick: () => hooks.run() }, svg(ICONS.run, true), t.run);
    this.#stop = h("button", { type: "button", id: "stop", title: t.stopHint, onclick: () => hooks.stop() }, svg(ICONS.stop, true), t.stop);
    const soft = button(t.softReset, t.softResetHint, () => hooks.softReset(), { id: "soft-reset" });
    const en = button(t.en, t.enHint, () => hooks.reset(), { id: "en" });
    const boot = this.#bootButton(hooks);
    this.#needBoard = [this.#run, soft, en, boot];
    const events = h("a", { href: "stream.html", title: t.eventsHint }, t.events);
    const read = away(CONTENTS, t.read, t.readHint);
    this.element = h(
      "header",
      { class: "bar" },
      h("h1", {}, h("img", { src: "icon.svg", alt: "", width: 20, height: 20 }), "Coil"),
      this.#boards,
      h("div", { class: "group" }, this.#run, this.#stop),
      h("div", { class: "group" }, soft, en, boot),
      this.#state,
      ...more,
      read,
      events,
      themeButton(),
    );
    this.#isHeld.watch((isHeld) => {
      boot.setAttribute("aria-pressed", String(isHeld));
      this.show(this.#board);
    });
  }

  boards(boards: Board[], chosen: string | undefined): void {
    const options = boards.map(({ name, device }) => new Option(`${name} (${device})`, name, false, name === chosen));
    this.#boards.replaceChildren(...(options.length ? options : [new Option(texts.bar.noBoards, "")]));
    this.#boards.disabled = !options.length;
  }

  show(board: BoardState): void {
    clearTimeout(this.#busy);
    if (board.is === "busy" && this.#board.is !== "busy") {
      this.#busy = setTimeout(() => this.#draw(board), BUSY);
      return;
    }
    this.#draw(board);
  }

  #draw(board: BoardState): void {
    this.#board = board;
    const text = texts.state(board, this.#isHeld.now);
    // Said once: a live region says again what is set again.
    if (this.#state.textContent !== text) this.#state.textContent = text;
    this.#state.dataset["is"] = board.is;
    const isThere = board.is !== "away" && board.is !== "gone";
    for (const button of this.#needBoard) button.disabled = !isThere;
    this.#stop.disabled = !isThere;
    this.#stop.classList.toggle("active", board.is === "running");
  }

  #bootButton(hooks: BarHooks): HTMLButtonElement {
    const hold = (isHeld: boolean) => {
      if (isHeld === this.#isHeld.now) return;
      this.#isHeld.set(isHeld);
      hooks.boot(isHeld);
    };
    let isKept = false;
    const release = () => isKept || hold(false);
    const isPress = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
    return h(
      "button",
      {
        type: "button",
        id: "boot",
        title: texts.bar.bootHint,
        "aria-pressed": "false",
        onpointerdown: (event: PointerEvent) => {
          if (event.button !== 0) return;
          isKept = event.shiftKey && !isKept;
          hold(true);
        },
        onpointerup: release,
        onpointercancel: release,
        onpointerleave: release,
        onblur: release,
        onkeydown: (event: KeyboardEvent) => {
          if (!isPress(event) || event.repeat) return;
          isKept = event.shiftKey && !isKept;
          hold(true);
        },
        onkeyup: (event: KeyboardEvent) => isPress(event) && release(),
      },
      texts.bar.boot,
    );
  }
}

function themeButton(): HTMLButtonElement {
  const button = h("button", { type: "button", class: "icon", id: "theme", onclick: () => theme.next() });
  theme.choice.watch((choice) => {
    const icon = { system: ICONS.auto, light: ICONS.sun, dark: ICONS.moon }[choice];
    button.replaceChildren(svg(icon));
    button.title = texts.bar.theme[choice];
    button.setAttribute("aria-label", texts.bar.theme[choice]);
  });
  return button;
}
