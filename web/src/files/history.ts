// What a program was before: earlier states, how each differs from now, and the way back to it.
import { h } from "../dom.ts";
import { lineDifference, withoutSame } from "../editor/lines.ts";
import { lab, type State } from "../lab.ts";
import { texts } from "../texts/en.ts";
import { bytesText } from "./tree.ts";
import "./history.css";

const t = texts.history;

export interface HistoryHooks {
  /** The text as it is now. */
  now(): Promise<string>;
  /** Makes this the text; as any change, it can be taken back. */
  bring(text: string): Promise<void>;
}

/** When a state was put away, as one says it. */
export function whenText(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  const clock = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (then.toDateString() === today.toDateString()) return t.today(clock);
  if (then.toDateString() === yesterday.toDateString()) return t.yesterday(clock);
  return `${then.toLocaleDateString()} ${clock}`;
}

class HistoryDialog {
  readonly #list = h("ul", { class: "states", role: "listbox", "aria-label": t.states, tabindex: 0, onkeydown: (event: KeyboardEvent) => this.#key(event) });
  readonly #difference = h("div", { class: "difference", role: "region", "aria-label": t.difference, tabindex: 0, "aria-live": "polite" });
  readonly #bring = h("button", { type: "button", class: "main", disabled: true, onclick: () => void this.#bringBack() }, t.bring);
  readonly #dialog: HTMLDialogElement;
  #at = -1;
  #text: string | undefined;

  constructor(
    private readonly path: string,
    private readonly states: State[],
    private readonly now: string,
    private readonly hooks: HistoryHooks,
  ) {
    const close = h("button", { type: "button", onclick: () => this.#dialog.close() }, t.close);
    const body = states.length ? h("div", { class: "history-body" }, this.#list, this.#difference) : h("p", { class: "hint" }, t.none);
    const legend = h("p", { class: "hint legend" }, h("span", { class: "gone" }, t.legendThen), h("span", { class: "new" }, t.legendNow));
    this.#dialog = h("dialog", { class: "history", "aria-label": t.title(path), onclose: () => this.#dialog.remove() }, h("h2", {}, t.title(path)), body, ...(states.length ? [legend] : []), h("div", { class: "buttons" }, close, ...(states.length ? [this.#bring] : [])));
    const opened = Date.now();
    this.#list.append(
      ...states.map(({ at, size }, nth) =>
        h("li", { role: "option", id: `state-${nth}`, "aria-selected": "false", onclick: () => void this.#choose(nth) }, h("span", {}, whenText(at, opened)), h("small", {}, bytesText(size))),
      ),
    );
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    if (!this.states.length) return;
    this.#list.focus();
    void this.#choose(0);
  }

  #key(event: KeyboardEvent): void {
    const to: number | undefined = { ArrowDown: this.#at + 1, ArrowUp: this.#at - 1, Home: 0, End: this.states.length - 1 }[event.key];
    if (event.key === "Enter" && !this.#bring.disabled) void this.#bringBack();
    if (to === undefined) return;
    event.preventDefault();
    void this.#choose(Math.min(Math.max(to, 0), this.states.length - 1));
  }

  async #choose(nth: number): Promise<void> {
    const state = this.states[nth];
    if (!state || nth === this.#at) return;
    this.#at = nth;
    this.#text = undefined;
    this.#bring.disabled = true;
    [...this.#list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === nth)));
    this.#list.setAttribute("aria-activedescendant", `state-${nth}`);
    this.#list.children[nth]?.scrollIntoView({ block: "nearest" });
    try {
      const text = await lab.state(this.path, state.at);
      // Another may have been chosen meanwhile.
      if (this.#at !== nth) return;
      this.#text = text;
      this.#bring.disabled = text === this.now;
      this.#show(text);
    } catch (e) {
      this.#difference.replaceChildren(h("p", { class: "hint" }, (e as Error).message));
    }
  }

  #show(text: string): void {
    if (text === this.now) return this.#difference.replaceChildren(h("p", { class: "hint" }, t.same));
    const sign = { same: " ", gone: "+", new: "−" };
    const lines = withoutSame(lineDifference(text, this.now)).map((line) =>
      typeof line === "number" ? h("div", { class: "skipped" }, t.skipped(line)) : h("div", { class: line.kind }, h("span", { class: "sign", "aria-label": t.signs[line.kind] }, sign[line.kind]), h("code", {}, line.text || " ")),
    );
    this.#difference.replaceChildren(...lines);
    this.#difference.scrollTop = 0;
  }

  async #bringBack(): Promise<void> {
    if (this.#text === undefined) return;
    this.#dialog.close();
    await this.hooks.bring(this.#text);
  }
}

/** Opens it; fails if the workshop does not answer. */
export async function showHistory(path: string, hooks: HistoryHooks): Promise<void> {
  const [states, now] = await Promise.all([lab.history(path), hooks.now()]);
  new HistoryDialog(path, states, now, hooks).open();
}
