// One board at a time and what is done with it: the link to it, runs of programs, and what they leave behind.
import { api, type Board } from "./api.ts";
import type { Documents } from "./documents.ts";
import type { Editor } from "./editor/editor.ts";
import { showCrash } from "./editor/marks.ts";
import type { Place } from "./explain.ts";
import { type Ended, Link, type News, Refused } from "./link.ts";
import { type BoardState, type Explained, type Say, Value } from "./state.ts";
import { texts } from "./texts/en.ts";

const KEY = "coil.board";
/** Milliseconds before a workshop that did not answer is asked again which boards it has. */
const AGAIN = 1000;
/** Milliseconds that a board may be away before the workshop is asked whether it is still one of its boards. */
const PATIENCE = 3000;

export interface DeskParts {
  editor: Editor;
  documents: Documents;
  say: Say;
  opened(): void;
  bytes(bytes: Uint8Array, isPast: boolean): void;
  missed(bytes: number): void;
  /** The server says something of the board by itself. */
  news(news: News): void;
  /** A program has begun. */
  begun(): void;
  /** It has ended. */
  ended(): void;
  /** It went wrong: why, what the chip said, and where in the program. */
  failed(explained: Explained | null | undefined, traceback: string, where: Place | undefined): void;
}

export class Desk {
  readonly boards = new Value<Board[]>([]);
  readonly chosen = new Value<string | undefined>(undefined);
  readonly state = new Value<BoardState>({ is: "away" });
  link: Link | undefined;
  /** The document that was run last on this board. */
  #ran: string | undefined;

  constructor(private readonly parts: DeskParts) {}

  async start(): Promise<void> {
    try {
      this.boards.set(await api.boards());
    } catch {
      setTimeout(() => void this.start(), AGAIN);
      return;
    }
    const names = this.boards.now.map(({ name }) => name);
    const last = recall();
    this.choose(last && names.includes(last) ? last : names[0]);
  }

  choose(board: string | undefined): void {
    if (!board || board === this.chosen.now) return;
    this.link?.close();
    this.#ran = undefined;
    this.chosen.set(board);
    remember(board);
    const { opened, bytes, missed, news, say } = this.parts;
    const link = new Link(board, {
      opened: () => this.link === link && opened(),
      bytes: (chunk, isPast) => this.link === link && bytes(chunk, isPast),
      refused: (much) => say(texts.terminal.refused(much), "bad"),
      missed: (much) => this.link === link && missed(much),
      news: (what) => this.link === link && news(what),
    });
    this.link = link;
    link.state.watch((state) => {
      if (this.link !== link) return;
      this.state.set(state);
      if (state.is === "away") setTimeout(() => void this.#lookFor(link), PATIENCE);
    });
  }

  /** A workshop that came back may have other boards. */
  async #lookFor(link: Link): Promise<void> {
    if (this.link !== link || link.state.now.is !== "away") return;
    const boards = await api.boards().catch(() => undefined);
    if (!boards) return void setTimeout(() => void this.#lookFor(link), PATIENCE);
    this.boards.set(boards);
    if (!boards.some(({ name }) => name === link.board)) this.choose(boards[0]?.name);
  }

  /** Runs what is in the editor, in place of what runs. */
  async run(): Promise<void> {
    const { editor, documents, say, begun } = this.parts;
    const document = documents.active.now;
    const link = this.link;
    if (!document || !link) return say(texts.editor.nothingToRun);
    if (document.kind === "program") void documents.save();
    const source = editor.text(document.id);
    try {
      if (this.state.now.is === "running") await link.ask("stop");
      if (editor.shown === document.id) showCrash(editor.view, null);
      begun();
      this.#ran = document.id;
      this.#ended(document.id, await link.ask("run", { name: document.path.replace(/^\//, ""), source }));
    } catch (e) {
      // A link that was lost says so in the bar, and the program may still run.
      if (!(e instanceof Refused) || link.state.now.is !== "away") say((e as Error).message, "bad");
    }
  }

  /** Something that has no answer but that it was done. */
  async act(what: "stop" | "soft_reset" | "reset"): Promise<void> {
    await this.#tell(this.link?.ask(what));
  }

  async boot(held: boolean): Promise<void> {
    await this.#tell(this.link?.ask("boot", { held }));
  }

  /** Names that the board has, if it can be asked now. */
  async names(text: string): Promise<string[]> {
    if (this.state.now.is !== "prompt" && this.state.now.is !== "busy") return [];
    return (await this.link?.ask("complete", { text }).catch(() => [])) ?? [];
  }

  /** A line of what was run last from here, if it is still open. */
  placeInRun(line: number): Place | undefined {
    const { program } = this.state.now;
    const id = this.#ran ?? (program === undefined ? undefined : this.parts.documents.idOf(program));
    return id && this.parts.documents.open.now.some((d) => d.id === id) ? this.#place(id, line) : undefined;
  }

  #place(id: string, line: number): Place {
    const { documents, editor } = this.parts;
    const title = documents.open.now.find((d) => d.id === id)?.title ?? "";
    const go = () => {
      documents.activate(id);
      if (editor.shown === id) editor.goTo(line);
    };
    return { text: texts.explain.where(title, line), go };
  }

  async #tell(asked: Promise<true> | undefined): Promise<void> {
    try {
      await asked;
    } catch (e) {
      this.parts.say((e as Error).message, "bad");
    }
  }

  #ended(id: string, ended: Ended): void {
    this.parts.ended();
    if (ended.ended !== "exception") return;
    const { editor, failed } = this.parts;
    const traceback = ended.traceback ?? "";
    const { line } = ended;
    failed(ended.explained, traceback, line === undefined ? undefined : this.#place(id, line));
    if (line === undefined || editor.shown !== id) return;
    const text = traceback.trimEnd().split("\n").at(-1) ?? "";
    showCrash(editor.view, { line, text, explained: ended.explained ?? null });
  }
}

function recall(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(board: string): void {
  try {
    sessionStorage.setItem(KEY, board);
    localStorage.setItem(KEY, board);
  } catch {
    // The first one is chosen next time.
  }
}
