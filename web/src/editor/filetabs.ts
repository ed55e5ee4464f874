// The tabs over the editor: what is open, and whether it is safe.
import type { Document, Documents } from "../documents.ts";
import { h, ICONS, iconButton } from "../dom.ts";
import { texts } from "../texts/en.ts";

export class FileTabs {
  readonly element = h("div", { class: "filetabs", role: "tablist", "aria-label": texts.editor.tabs });
  #ends: (() => void)[] = [];

  constructor(private readonly documents: Documents) {
    this.element.addEventListener("keydown", (event) => this.#key(event));
    documents.open.watch(() => this.#draw());
    documents.active.watch(() => this.#draw());
  }

  #draw(): void {
    const hadFocus = this.element.contains(document.activeElement);
    for (const end of this.#ends) end();
    this.#ends = [];
    this.element.replaceChildren(...this.documents.open.now.map((of) => this.#tab(of)));
    const active = this.element.querySelector<HTMLElement>('[aria-selected="true"]');
    active?.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (hadFocus) active?.focus();
  }

  #tab(of: Document): HTMLElement {
    const isActive = of.id === this.documents.active.now?.id;
    const dot = h("span", { class: "dot", "aria-hidden": "true" });
    const tab = h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(isActive),
        "aria-controls": "editor",
        "aria-keyshortcuts": "Delete",
        tabindex: isActive ? 0 : -1,
        "data-id": of.id,
        onclick: () => this.documents.activate(of.id),
        onauxclick: (event: MouseEvent) => event.button === 1 && void this.documents.close(of.id),
      },
      of.title,
      of.board && h("small", {}, texts.editor.onBoard(of.board)),
      dot,
    );
    // A list of tabs has tabs in it and nothing else: who does not see this closes with Delete.
    const close = iconButton(ICONS.close, texts.editor.close(of.title), () => void this.documents.close(of.id), { tabindex: -1, "aria-hidden": "true" });
    this.#ends.push(
      of.state.watch((state) => {
        tab.dataset["state"] = state;
        tab.title = `${of.path}: ${texts.editor.state[state]}`;
      }),
    );
    return h("div", { class: isActive ? "filetab active" : "filetab", role: "presentation" }, tab, close);
  }

  #key(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (by) this.documents.step(by);
    else if (event.key === "Delete" && this.documents.active.now) void this.documents.close(this.documents.active.now.id);
    else return;
    event.preventDefault();
  }
}
