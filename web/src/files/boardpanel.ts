// The files on the board: seen, opened, brought there, taken from there.
import { fromBase64, textOf, toBase64 } from "../base64.ts";
import { confirmed, nameFor } from "../dialog.ts";
import type { BoardFiles } from "../documents.ts";
import { h, ICONS, iconButton } from "../dom.ts";
import { type Link, Refused } from "../link.ts";
import { baseName, folderOf } from "../names.ts";
import { saveAs } from "../save.ts";
import type { Say } from "../state.ts";
import { texts } from "../texts/en.ts";
import { folderAt, picker, takeDrops } from "./drops.ts";
import { TreeView } from "./treeview.ts";

/** Bytes of a file that go to a board at a time. */
const FILE_MAX = 4 * 1024 * 1024;

export interface BoardPanelHooks {
  link(): Link | undefined;
  open(path: string): void;
  say: Say;
}

export class BoardPanel {
  readonly element: HTMLElement;
  readonly #tree: TreeView;
  readonly #free = h("p", { class: "free" });
  readonly #hint = h("p", { class: "hint" });
  readonly #picker: HTMLInputElement;

  constructor(private readonly hooks: BoardPanelHooks) {
    const t = texts.files;
    this.#tree = new TreeView(t.region, {
      open: (path) => hooks.open(path),
      rename: (path) => void this.#rename(path),
      remove: (path) => void this.#remove(path),
    });
    this.#picker = picker((files) => void this.#upload(files, this.#folder()));
    const onSelected = (act: (path: string) => Promise<void>) => () => {
      const path = this.#tree.selected.now?.path;
      if (path) void act(path);
      else hooks.say(t.none);
    };
    const tools = h(
      "div",
      { class: "tools", role: "toolbar", "aria-label": t.region },
      iconButton(ICONS.upload, t.upload, () => this.#picker.click()),
      iconButton(ICONS.newFolder, t.folder, () => void this.#makeFolder()),
      iconButton(ICONS.download, t.download, onSelected((path) => this.#download(path))),
      iconButton(ICONS.rename, t.rename, onSelected((path) => this.#rename(path))),
      iconButton(ICONS.remove, t.remove, onSelected((path) => this.#remove(path))),
      iconButton(ICONS.again, t.refresh, () => void this.refresh()),
    );
    const drop = h("p", { class: "drop" }, t.dropHere);
    this.element = h("section", { class: "files", "aria-label": t.region, id: "board-files" }, h("div", { class: "head" }, h("h2", {}, t.region), tools), this.#tree.element, this.#hint, this.#free, drop, this.#picker);
    takeDrops(this.element, (files, row) => void this.#upload(files, folderAt(row)));
  }

  async refresh(): Promise<void> {
    try {
      const found = await this.hooks.link()?.ask("files");
      if (!found) return;
      this.#tree.set(found.files);
      this.#free.textContent = texts.files.free(found.free, found.total);
      this.#hint.textContent = found.files.length ? "" : texts.files.empty;
    } catch (e) {
      this.#hint.textContent = e instanceof Refused && e.busy ? texts.files.busy : (e as Error).message;
    }
  }

  clear(): void {
    this.#tree.set([]);
    this.#free.textContent = "";
    this.#hint.textContent = "";
  }

  /** A program runs: of a board that was not looked at yet nothing is known until it ends. */
  wait(): void {
    if (!this.#free.textContent) this.#hint.textContent = texts.files.busy;
  }

  /** Whether the board had this file when it was looked at last. */
  has(path: string): boolean {
    return this.#tree.has(path);
  }

  /** These files, as documents of the editor. */
  get files(): BoardFiles | undefined {
    const link = this.hooks.link();
    if (!link) return undefined;
    return {
      board: link.board,
      read: async (path) => {
        const { base64 } = await link.ask("read", { path });
        const bytes = fromBase64(base64);
        const text = textOf(bytes);
        if (text === undefined) {
          saveAs(baseName(path), new Blob([bytes]));
          this.hooks.say(texts.files.binary(baseName(path)));
        }
        return text;
      },
      write: (path, text) => this.put(path, new TextEncoder().encode(text)),
    };
  }

  /** Writes a file of the board; whether that was done. */
  async put(path: string, bytes: Uint8Array): Promise<boolean> {
    if (bytes.length > FILE_MAX) {
      this.hooks.say(texts.files.tooBig(baseName(path), FILE_MAX), "bad");
      return false;
    }
    return this.#try(async (link) => {
      await link.ask("write", { path, base64: toBase64(bytes) });
    });
  }

  async #try(act: (link: Link) => Promise<void>): Promise<boolean> {
    const link = this.hooks.link();
    if (!link) return false;
    let isDone = false;
    try {
      await act(link);
      isDone = true;
    } catch (e) {
      this.hooks.say((e as Error).message, "bad");
    }
    await this.refresh();
    return isDone;
  }

  /** The folder that is chosen, or that of the file that is; `` is the root. */
  #folder(): string {
    const row = this.#tree.selected.now;
    return row ? (row.isFolder ? row.path : folderOf(row.path)) : "";
  }

  async #upload(files: File[], folder: string): Promise<void> {
    let count = 0;
    for (const file of files) {
      if (file.size > FILE_MAX) this.hooks.say(texts.files.tooBig(file.name, FILE_MAX), "bad");
      else if (await this.put(`${folder}/${file.name}`, new Uint8Array(await file.arrayBuffer()))) count++;
    }
    if (count) this.hooks.say(texts.files.uploaded(count), "good");
  }

  async #download(path: string): Promise<void> {
    await this.#try(async (link) => saveAs(baseName(path), new Blob([fromBase64((await link.ask("read", { path })).base64)])));
  }

  async #rename(path: string): Promise<void> {
    const to = await nameFor(texts.files.rename, texts.files.renameLabel, baseName(path), texts.dialog.rename);
    if (!to || to === baseName(path)) return;
    await this.#try(async (link) => {
      await link.ask("rename", { from: path, to: to.startsWith("/") ? to : `${folderOf(path)}/${to}` });
    });
  }

  async #remove(path: string): Promise<void> {
    const isFolder = this.#tree.selected.now?.isFolder;
    const text = isFolder ? texts.files.removeFolder : texts.files.removeFile;
    if (!(await confirmed(texts.files.removeQuestion(path), text, texts.dialog.remove))) return;
    await this.#try(async (link) => {
      await link.ask("remove", { path });
    });
  }

  async #makeFolder(): Promise<void> {
    const folder = this.#folder();
    const name = await nameFor(texts.files.folder, texts.files.folderLabel, texts.files.folderName, texts.dialog.create);
    if (!name) return;
    await this.#try(async (link) => {
      await link.ask("make_folder", { path: name.startsWith("/") ? name : `${folder}/${name}` });
    });
  }
}
