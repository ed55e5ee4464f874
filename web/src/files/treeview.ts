// A tree on the page, for pointers and keys alike: a click chooses, and opens what is a text; arrows move and open, Enter opens a file, F2 renames, Delete removes.
import { h, ICONS, svg } from "../dom.ts";
import { Value } from "../state.ts";
import { bytesText, isText, type Item, type Row, rowsOf } from "./tree.ts";

export interface TreeHooks {
  open(path: string): void;
  rename(path: string): void;
  remove(path: string): void;
  /** What it was before, where that is kept. */
  history?(path: string): void;
}

export class TreeView {
  readonly element: HTMLElement;
  readonly selected = new Value<Row | undefined>(undefined);
  #items: Item[] = [];
  #rows: Row[] = [];
  readonly #shut = new Set<string>();

  constructor(
    label: string,
    private readonly hooks: TreeHooks,
  ) {
    this.element = h("ul", { class: "tree", role: "tree", "aria-label": label, onkeydown: (event: KeyboardEvent) => this.#key(event) });
  }

  set(items: Item[]): void {
    this.#items = items;
    this.#draw();
  }

  /** Whether there is such a path. */
  has(path: string): boolean {
    return this.#items.some((item) => item.path === path);
  }

  select(path: string): void {
    this.#choose(this.#rows.find((row) => row.path === path));
  }

  #draw(): void {
    const hadFocus = this.element.contains(document.activeElement);
    this.#rows = rowsOf(this.#items, (folder) => !this.#shut.has(folder));
    const chosen = this.#rows.find((row) => row.path === this.selected.now?.path);
    this.selected.set(chosen);
    this.element.replaceChildren(...this.#rows.map((row) => this.#item(row)));
    this.#choose(chosen, hadFocus);
  }

  #item(row: Row): HTMLElement {
    const size = row.size === undefined ? undefined : h("span", { class: "size" }, bytesText(row.size));
    const item = h(
      "li",
      {
        role: "treeitem",
        tabindex: -1,
        "aria-level": row.level,
        "aria-expanded": row.isFolder ? String(!this.#shut.has(row.path)) : undefined,
        "aria-selected": "false",
        title: row.path,
        "data-path": row.path,
        "data-folder": row.isFolder,
        onclick: () => {
          this.#choose(row, true);
          if (row.isFolder) this.#toggle(row);
          else if (isText(row.path)) this.hooks.open(row.path);
        },
        ondblclick: () => row.isFolder || isText(row.path) || this.hooks.open(row.path),
        onfocus: () => this.selected.now?.path === row.path || this.#choose(row),
      },
      svg(row.isFolder ? ICONS.folder : ICONS.file),
      h("span", { class: "name" }, row.name),
      size,
    );
    item.style.setProperty("--level", String(row.level));
    return item;
  }

  #choose(row: Row | undefined, focus = false): void {
    this.selected.set(row);
    const at = row ? this.#rows.indexOf(row) : -1;
    [...this.element.children].forEach((child, nth) => {
      child.setAttribute("aria-selected", String(nth === at));
      child.setAttribute("tabindex", nth === Math.max(at, 0) ? "0" : "-1");
    });
    if (focus) (this.element.children[at] as HTMLElement | undefined)?.focus();
  }

  #toggle(row: Row): void {
    if (!this.#shut.delete(row.path)) this.#shut.add(row.path);
    this.#draw();
  }

  #key(event: KeyboardEvent): void {
    const row = this.selected.now ?? this.#rows[0];
    if (row && !row.isFolder && this.hooks.history && event.ctrlKey && event.key === "h") {
      event.preventDefault();
      return this.hooks.history(row.path);
    }
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#rows.findIndex((r) => r.path === row.path);
    const isOpen = row.isFolder && !this.#shut.has(row.path);
    const keys: Record<string, () => void> = {
      ArrowDown: () => this.#go(this.selected.now ? at + 1 : 0),
      ArrowUp: () => this.#go(at - 1),
      Home: () => this.#go(0),
      End: () => this.#go(this.#rows.length - 1),
      ArrowRight: () => (row.isFolder && !isOpen ? this.#toggle(row) : this.#go(at + 1)),
      ArrowLeft: () => (isOpen ? this.#toggle(row) : this.#go(this.#rows.findLastIndex((r, nth) => nth < at && r.level < row.level))),
      Enter: () => (row.isFolder ? this.#toggle(row) : this.hooks.open(row.path)),
      F2: () => this.hooks.rename(row.path),
      Delete: () => this.hooks.remove(row.path),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    this.#choose(row, true);
    act();
  }

  #go(to: number): void {
    const row = this.#rows[to];
    if (row) this.#choose(row, true);
  }
}
