// The part beside the editor: what is on the table, a panel each. A panel is loaded when it is looked at for the first time.
import { h, ICONS, svg } from "../dom.ts";
import type { News } from "../link.ts";
import { edge } from "../panes.ts";
import { Tabs } from "../tabs.ts";
import { Value } from "../state.ts";
import { texts } from "../texts/en.ts";

const KEY = "coil.bench";
/** A window narrower than this has room for the editor alone, unless somebody wants it otherwise. */
const ROOM = 1200;
/** Pixels that the editor and the terminal keep. */
export const WORK = 380;

export interface BenchPanel {
  readonly element: HTMLElement;
  /** What stands beside the tabs while it is looked at. */
  readonly tools?: HTMLElement;
  /** Whether somebody looks: who is not looked at must ask for nothing. */
  show(isShown: boolean): void;
  /** Another board is chosen, or none. */
  board(name: string | undefined): void;
  /** Something that the server says over the board's link. */
  news?(news: News): void;
}

export interface BenchTab {
  id: string;
  label: string;
  load(): Promise<BenchPanel>;
}

export class Bench {
  readonly element: HTMLElement;
  /** The button that shows and hides all of it. */
  readonly toggle: HTMLButtonElement;
  readonly isOpen: Value<boolean>;
  readonly #tabs: Tabs;
  readonly #panels = new Map<string, BenchPanel>();
  readonly #places = new Map<string, { body: HTMLElement; tools: HTMLElement }>();
  #board: string | undefined;
  #shown: string | undefined;

  constructor(private readonly all: BenchTab[], private readonly failed: (why: Error) => void) {
    const t = texts.bench;
    const kept = recall();
    this.isOpen = new Value(kept.isOpen ?? innerWidth >= ROOM);
    const panels = all.map(({ id, label }) => {
      const place = { body: h("div", { class: "bench-panel" }), tools: h("div", { class: "tools" }) };
      this.#places.set(id, place);
      return { id, label, ...place };
    });
    this.#tabs = new Tabs(t.label, panels, all.some(({ id }) => id === kept.tab) ? (kept.tab as string) : (all[0]?.id ?? ""));
    this.element = h("section", { class: "bench", id: "bench", "aria-label": t.region }, this.#tabs.element);
    this.toggle = h("button", { type: "button", id: "bench-toggle", title: t.toggleHint, "aria-controls": "bench", onclick: () => this.isOpen.set(!this.isOpen.now) }, svg(ICONS.bench), t.toggle);
    this.isOpen.watch((isOpen) => {
      this.element.hidden = !isOpen;
      this.toggle.setAttribute("aria-pressed", String(isOpen));
    });
    const changed = () => {
      remember(this.isOpen.now, this.#tabs.active.now);
      this.#look();
    };
    this.#look();
    this.isOpen.watch(changed, false);
    this.#tabs.active.watch(changed, false);
    // A page that nobody sees asks for nothing.
    document.addEventListener("visibilitychange", () => this.#look());
  }

  /** The edge before it, in this area, where another part stands before the editor. */
  edge(area: HTMLElement, before: Element): HTMLElement {
    const bar = edge(area, { property: "--bench", label: texts.bench.width, side: "after", axis: "x", size: 430, least: 300, others: () => WORK + before.clientWidth, beside: before });
    this.isOpen.watch((isOpen) => {
      bar.hidden = !isOpen;
      area.classList.toggle("with-bench", isOpen);
    });
    return bar;
  }

  board(name: string | undefined): void {
    this.#board = name;
    for (const panel of this.#panels.values()) panel.board(name);
  }

  news(news: News): void {
    for (const panel of this.#panels.values()) panel.news?.(news);
  }

  /** Marks a panel that has something to tell, as long as it is not looked at. */
  badge(id: string, isMarked: boolean): void {
    this.#tabs.badge(id, isMarked);
  }

  /** Shows a panel, and all of it. */
  look(id: string): void {
    this.isOpen.set(true);
    this.#tabs.active.set(id);
  }

  #look(): void {
    const shown = this.isOpen.now && !document.hidden ? this.#tabs.active.now : undefined;
    if (shown === this.#shown) return;
    if (this.#shown) this.#panels.get(this.#shown)?.show(false);
    this.#shown = shown;
    if (!shown) return;
    const panel = this.#panels.get(shown);
    if (panel) panel.show(true);
    else void this.#load(shown);
  }

  async #load(id: string): Promise<void> {
    try {
      const panel = await this.all.find((tab) => tab.id === id)?.load();
      if (!panel || this.#panels.has(id)) return;
      this.#panels.set(id, panel);
      this.#places.get(id)?.body.replaceChildren(panel.element);
      if (panel.tools) this.#places.get(id)?.tools.replaceChildren(panel.tools);
      panel.board(this.#board);
      if (this.#shown === id) panel.show(true);
    } catch (e) {
      // The workshop may be away; looking once more loads it.
      this.#shown = undefined;
      this.failed(e as Error);
    }
  }
}

function recall(): { isOpen?: boolean; tab?: string } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function remember(isOpen: boolean, tab: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ isOpen, tab }));
  } catch {
    // It is as at first next time.
  }
}
