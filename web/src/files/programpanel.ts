// The programs of the lab's folder, as a list to choose from.
import { api } from "../api.ts";
import { confirmed, nameFor } from "../dialog.ts";
import { h, ICONS, iconButton } from "../dom.ts";
import { EXAMPLE } from "../examples.ts";
import { baseName, isProgramName, withEnding } from "../names.ts";
import type { Programs } from "../programs.ts";
import { saveAs } from "../save.ts";
import type { Say } from "../state.ts";
import { texts } from "../texts/en.ts";
import { folderAt, picker, takeDrops } from "./drops.ts";
import { TreeView } from "./treeview.ts";

/** Bytes of a file in the workshop's folder. */
const FILE_MAX = 4 * 1024 * 1024;

export interface ProgramPanelHooks {
  programs: Programs;
  open(path: string): Promise<void>;
  /** It has another name, or none, from now on. */
  moved(path: string, to?: string): Promise<void>;
  /** A program's text as it is now, also what has not been saved yet. */
  text(path: string): Promise<string>;
  /** Gives it another text, as if it had been typed. */
  change(path: string, text: string): Promise<void>;
  say: Say;
}

export class ProgramPanel {
  readonly element: HTMLElement;
  readonly #tree: TreeView;

  constructor(private readonly hooks: ProgramPanelHooks) {
    const t = texts.programs;
    this.#tree = new TreeView(t.region, {
      open: (path) => void hooks.open(path),
      rename: (path) => void this.#rename(path),
      remove: (path) => void this.#remove(path),
      history: (path) => void this.history(path),
    });
    const onSelected = (act: (path: string) => Promise<void>) => () => {
      const row = this.#tree.selected.now;
      if (row && !row.isFolder) void act(row.path);
      else hooks.say(texts.files.none);
    };
    const tools = h(
      "div",
      { class: "tools", role: "toolbar", "aria-label": t.region },
      iconButton(ICONS.plus, t.create, () => void this.create()),
      iconButton(ICONS.rename, t.rename, onSelected((path) => this.#rename(path))),
      iconButton(ICONS.history, texts.history.action, onSelected((path) => this.history(path))),
      iconButton(ICONS.remove, t.remove, onSelected((path) => this.#remove(path))),
    );
    const chosen = picker((files) => void this.#upload(files, ""));
    tools.prepend(iconButton(ICONS.upload, t.upload, () => chosen.click()), iconButton(ICONS.download, t.download, onSelected((path) => this.#download(path))));
    const hint = h("p", { class: "hint" }, t.empty);
    this.element = h("section", { class: "files", "aria-label": t.region, id: "programs" }, h("div", { class: "head" }, h("h2", {}, t.region), tools), this.#tree.element, hint, h("p", { class: "drop" }, t.dropHere), chosen);
    takeDrops(this.element, (files, row) => void this.#upload(files, folderAt(row)));
    hooks.programs.list.watch((list) => {
      this.#tree.set(list.map(({ path }) => ({ path })));
      hint.hidden = list.length > 0 || !hooks.programs.isKnown.now;
    });
  }

  select(path: string): void {
    this.#tree.select(path);
  }

  /** A new program, of a name that is asked for. */
  async create(): Promise<void> {
    const t = texts.programs;
    const name = await nameFor(t.create, t.createLabel, t.createName, texts.dialog.create);
    if (name) await this.#make(withEnding(name), "");
  }

  async example(): Promise<void> {
    await this.#make(EXAMPLE.name, EXAMPLE.source);
  }

  /** A program that is wanted: this one, or what is there under its name. */
  async want(name: string, source: string): Promise<void> {
    await this.#try(name, async () => {
      if (!this.hooks.programs.list.now.some(({ path }) => path === name)) await this.hooks.programs.create(name, source);
      await this.hooks.open(name);
    });
  }

  async #make(name: string, source: string): Promise<void> {
    await this.#try(name, async () => {
      if (await this.hooks.programs.create(name, source)) await this.hooks.open(name);
      else this.hooks.say(texts.programs.isThere(name), "bad");
    });
  }

  /** What a program was before. */
  async history(path: string): Promise<void> {
    await this.#try(path, async () => {
      const { showHistory } = await import("./history.ts");
      await showHistory(path, {
        now: () => this.hooks.text(path),
        bring: async (text) => {
          await this.hooks.change(path, text);
          this.hooks.say(texts.history.brought(path), "good");
        },
      });
    });
  }

  /** Files of this machine, of any bytes, beside the programs. */
  async #upload(files: File[], folder: string): Promise<void> {
    const t = texts.programs;
    let count = 0;
    for (const file of files) {
      const path = folder ? `${folder}/${file.name}` : file.name;
      await this.#try(path, async () => {
        if (file.size > FILE_MAX) throw new Error(t.tooBig(file.name, FILE_MAX));
        const there = this.hooks.programs.list.now.find((p) => p.path === path);
        if (there && !(await confirmed(t.replaceQuestion(path), t.replaceText, t.replace))) return;
        const written = await api.write(path, new Uint8Array(await file.arrayBuffer()), there?.version ?? null);
        if (written === undefined) throw new Error(t.isThere(path));
        count++;
      });
    }
    if (count) this.hooks.say(t.uploaded(count), "good");
  }

  async #download(path: string): Promise<void> {
    await this.#try(path, async () => {
      const there = await api.bytes(path);
      if (there) saveAs(baseName(path), new Blob([there.bytes]));
    });
  }

  async #rename(path: string): Promise<void> {
    const t = texts.programs;
    const to = await nameFor(t.rename, t.renameLabel, path, texts.dialog.rename);
    if (!to || to === path) return;
    await this.#try(to, async () => {
      await this.hooks.programs.rename(path, to);
      await this.hooks.moved(path, to);
    });
  }

  async #remove(path: string): Promise<void> {
    const t = texts.programs;
    if (!(await confirmed(t.removeQuestion(path), t.removeText, texts.dialog.remove))) return;
    await this.#try(path, async () => {
      await this.hooks.programs.remove(path);
      await this.hooks.moved(path);
    });
  }

  async #try(name: string, act: () => Promise<void>): Promise<void> {
    if (!isProgramName(name)) return this.hooks.say(texts.programs.badName(name), "bad");
    try {
      await act();
    } catch (e) {
      this.hooks.say((e as Error).message, "bad");
    }
  }
}
