// What is open: programs of the lab and files of boards, as tabs of one editor, remembered over a reload.
import { confirmed } from "./dialog.ts";
import { baseName } from "./names.ts";
import type { Drafts } from "./drafts.ts";
import type { Editor } from "./editor/editor.ts";
import type { Programs } from "./programs.ts";
import { type SaveState, type Say, Value } from "./state.ts";
import { texts } from "./texts/en.ts";

const REMEMBERED = "coil.open";

export interface Document {
  id: string;
  kind: "program" | "board";
  /** Of files of a board, which. */
  board?: string;
  path: string;
  title: string;
  state: Value<SaveState>;
}

/** Files of the board that is looked at. */
export interface BoardFiles {
  readonly board: string;
  read(path: string): Promise<string | undefined>;
  write(path: string, text: string): Promise<boolean>;
}

const programId = (path: string) => `program:${path}`;
const boardId = (board: string, path: string) => `board:${board}:${path}`;

export class Documents {
  readonly open = new Value<Document[]>([]);
  readonly active = new Value<Document | undefined>(undefined);
  /** Texts of boards' files that an earlier page has left. */
  readonly #left = new Map<string, string>();
  /** Boards' files that were open before and wait for their board. */
  #waiting: string[] = [];

  constructor(
    private readonly editor: Editor,
    private readonly programs: Programs,
    private readonly drafts: Drafts,
    private readonly files: () => BoardFiles | undefined,
    private readonly say: Say,
  ) {
    programs.others = (id, draft) => {
      this.#left.set(id, draft.text);
      // Its own from now on.
      drafts.keep(id, draft);
    };
  }

  /** Opens what was open before; who comes for the first time gets the first program. */
  async restore(): Promise<void> {
    const { ids, active, isFirst } = recall();
    if (isFirst) await this.#openFirst();
    this.#waiting = ids.filter((id) => id.startsWith("board:") && !this.#left.has(id));
    for (const id of [...ids, ...this.#left.keys()]) if (!this.#waiting.includes(id)) await this.#openId(id).catch(() => false);
    const again = this.open.now.find((d) => d.id === active) ?? this.open.now.at(-1);
    if (again) this.activate(again.id);
  }

  /** A board is ready: opens what was open of it. */
  async restoreOf(board: string): Promise<void> {
    const own = this.#waiting.filter((id) => id.startsWith(`board:${board}:`));
    for (const id of own) await this.#openId(id).catch(() => false);
    this.#waiting = this.#waiting.filter((id) => !own.includes(id));
    const first = this.open.now[0];
    if (!this.active.now && first) this.activate(first.id);
  }

  /** The document of a program, if it is open. */
  idOf(path: string): string | undefined {
    return this.open.now.find(({ kind, path: own }) => kind === "program" && own === path)?.id;
  }

  async openProgram(path: string): Promise<boolean> {
    return this.#openAndShow(programId(path));
  }

  async openBoardFile(board: string, path: string): Promise<boolean> {
    return this.#openAndShow(boardId(board, path));
  }

  activate(id: string): void {
    const document = this.open.now.find((d) => d.id === id);
    if (!document) return;
    this.editor.show(id);
    this.active.set(document);
    this.#remember();
  }

  /** The next tab to the right (1) or left (-1), around the ends. */
  step(by: 1 | -1): void {
    const all = this.open.now;
    const at = all.findIndex((d) => d.id === this.active.now?.id);
    const next = all[(at + by + all.length) % all.length];
    if (next) this.activate(next.id);
  }

  /** Closes a tab; what only the tab has is given up if that is really meant. */
  async close(id: string): Promise<void> {
    const document = this.open.now.find((d) => d.id === id);
    if (!document) return;
    if (document.kind === "board" && document.state.now === "edited") {
      const t = texts.editor;
      if (!(await confirmed(t.closeQuestion(document.title), t.closeText, t.closeUnsaved))) return;
    }
    const at = this.open.now.findIndex((d) => d.id === id);
    if (at < 0) return;
    if (document.kind === "program") this.programs.close(document.path);
    else this.drafts.drop(id);
    const rest = this.open.now.filter((d) => d.id !== id);
    this.editor.remove(id);
    this.open.set(rest);
    if (this.active.now?.id === id) {
      const next = rest[Math.min(at, rest.length - 1)];
      this.active.set(undefined);
      if (next) this.activate(next.id);
    }
    this.#remember();
  }

  closeProgram(path: string): void {
    void this.close(programId(path));
  }

  edited(id: string, text: string): void {
    const document = this.open.now.find((d) => d.id === id);
    if (!document) return;
    if (document.kind === "program") this.programs.edited(document.path, text);
    else {
      this.drafts.keep(id, { text, version: null });
      document.state.set("edited");
    }
  }

  /** Saves what has to be asked for: files of a board. Programs are saved by themselves, at once if asked. */
  async save(): Promise<void> {
    const document = this.active.now;
    if (document?.kind !== "board") return this.programs.flush();
    const files = this.files();
    if (files?.board !== document.board) return this.say(texts.editor.otherBoard(document.board ?? ""), "bad");
    const text = this.editor.text(document.id);
    document.state.set("saving");
    const isWritten = await files?.write(document.path, text);
    const isSame = this.editor.text(document.id) === text;
    if (isWritten && isSame) this.drafts.drop(document.id);
    document.state.set(isWritten && isSame ? "saved" : "edited");
  }

  async #openFirst(): Promise<void> {
    await this.programs.relist();
    const first = this.programs.list.now.find(({ path }) => path.endsWith(".py"));
    if (first) await this.#openId(programId(first.path)).catch(() => false);
  }

  async #openAndShow(id: string): Promise<boolean> {
    const isOpen = await this.#openId(id);
    if (isOpen) {
      this.activate(id);
      this.editor.view.focus();
    }
    return isOpen;
  }

  async #openId(id: string): Promise<boolean> {
    if (this.editor.has(id)) return true;
    const document = id.startsWith("program:") ? await this.#program(id) : await this.#boardFile(id);
    if (!document) return false;
    this.open.set([...this.open.now, document]);
    return true;
  }

  async #program(id: string): Promise<Document | undefined> {
    const path = id.slice("program:".length);
    const text = await this.programs.open(path, (text) => this.editor.replace(id, text));
    const state = this.programs.state(path);
    // Opened twice at once, the second is late.
    if (text === undefined || !state || this.editor.has(id)) return undefined;
    this.editor.add(id, text);
    return { id, kind: "program", path, title: path, state };
  }

  async #boardFile(id: string): Promise<Document | undefined> {
    const [, board = "", path = ""] = /^board:([^:]*):(.*)$/.exec(id) ?? [];
    const left = this.#left.get(id);
    const files = this.files();
    const text = left ?? (files?.board === board ? await files.read(path) : undefined);
    this.#left.delete(id);
    if (text === undefined || this.editor.has(id)) return undefined;
    this.editor.add(id, text);
    return { id, kind: "board", board, path, title: baseName(path), state: new Value<SaveState>(left === undefined ? "saved" : "edited") };
  }

  #remember(): void {
    const text = JSON.stringify({ ids: [...this.open.now.map((d) => d.id), ...this.#waiting], active: this.active.now?.id });
    try {
      sessionStorage.setItem(REMEMBERED, text);
      localStorage.setItem(REMEMBERED, text);
    } catch {
      // A private window may keep nothing.
    }
  }
}

/** What this tab had open; a new one has what the last one had. */
function recall(): { ids: string[]; active?: string; isFirst?: boolean } {
  try {
    const kept = sessionStorage.getItem(REMEMBERED) ?? localStorage.getItem(REMEMBERED);
    if (kept === null) return { ids: [], isFirst: true };
    const { ids, active } = JSON.parse(kept);
    return { ids: Array.isArray(ids) ? ids.map(String) : [], active: String(active) };
  } catch {
    return { ids: [] };
  }
}
