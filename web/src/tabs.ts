// A row of tabs over panels, as ARIA has it: arrows choose, one at a time is in the order of keys.
import { h } from "./dom.ts";
import { Value } from "./state.ts";

export interface Panel {
  id: string;
  label: string;
  body: HTMLElement;
  /** What stands beside the tabs while this one is looked at. */
  tools?: HTMLElement;
}

export class Tabs {
  readonly element: HTMLElement;
  readonly active: Value<string>;
  readonly #tabs: HTMLButtonElement[];

  constructor(label: string, panels: Panel[], first: string) {
    this.active = new Value(first);
    this.#tabs = panels.map(({ id, label }) =>
      h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => this.active.set(id) }, label),
    );
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: (event: KeyboardEvent) => this.#key(event, panels) }, ...this.#tabs);
    const bodies = panels.map(({ id, body }) => h("div", { class: "panel", role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` }, body));
    const bar = h("div", { class: "tabbar" }, list, ...panels.map(({ tools }) => tools));
    this.element = h("div", { class: "tabbed" }, bar, ...bodies);
    this.active.watch((active) => {
      panels.forEach(({ id, tools }, nth) => {
        const isActive = id === active;
        this.#tabs[nth]?.setAttribute("aria-selected", String(isActive));
        this.#tabs[nth]?.setAttribute("tabindex", isActive ? "0" : "-1");
        (bodies[nth] as HTMLElement).hidden = !isActive;
        if (tools) tools.hidden = !isActive;
      });
      // Now that it is known how much room its tools leave.
      this.#tabs[panels.findIndex(({ id }) => id === active)]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  /** Marks a tab that has something new, if it is not looked at. */
  badge(id: string, isNew: boolean): void {
    const tab = this.#tabs.find((t) => t.id === `tab-${id}`);
    tab?.classList.toggle("new", isNew && this.active.now !== id);
  }

  #key(event: KeyboardEvent, panels: Panel[]): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = panels.findIndex((p) => p.id === this.active.now);
    const to = (at + by + panels.length) % panels.length;
    this.active.set(panels[to]?.id ?? this.active.now);
    this.#tabs[to]?.focus();
  }
}
