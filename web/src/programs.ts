// The programs of the lab's folder: their texts here, in the browser's keeping and with the server agree in the end, and none is ever lost.
//
// A change is a draft in the browser at once and goes to the server a moment later, over the version that it changes. Somebody else
// who was faster keeps the file; one's own text becomes a second one.
import { api, type ProgramInfo, Unreachable } from "./api.ts";
import type { Drafts } from "./drafts.ts";
import { copyName } from "./names.ts";
import { type SaveState, type Say, Value } from "./state.ts";
import { texts } from "./texts/en.ts";

/** Milliseconds without a change before the server gets it. */
const REST = 400;
/** Milliseconds before a server that did not answer is asked again. */
const AGAIN = 1000;
/** Names that are tried for a second copy. */
const COPIES_MAX = 100;

interface Open {
  text: string;
  version: string | null;
  state: Value<SaveState>;
  isChanged: boolean;
  isOnItsWay: boolean;
  /** Changes of somebody else came while something was on its way. */
  isStale: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Calls the editor with a text that replaces its own. */
  replace: ((text: string) => void) | undefined;
}

export interface Hooks {
  say: Say;
  /** A conflict made a second file. */
  copied(from: string, to: string): void;
  /** A program that was open is gone. */
  removed(path: string): void;
}

export class Programs {
  readonly list = new Value<ProgramInfo[]>([]);
  /** Whether the list is there. */
  readonly isKnown = new Value(false);
  readonly #open = new Map<string, Open>();
  #listing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly drafts: Drafts,
    private readonly hooks: Hooks,
  ) {}

  /** Takes what earlier pages have left, and follows what others change. */
  async start(): Promise<void> {
    await this.adopt();
    this.#follow();
    // A page that is being left may have held its lock until now.
    setTimeout(() => void this.adopt(), AGAIN);
  }

  /** Texts that a page which is gone could not give to the server. */
  async adopt(): Promise<void> {
    const adopting = this.drafts.adopt(async (id, draft) => {
      if (!id.startsWith("program:")) return this.others(id, draft);
      const path = id.slice("program:".length);
      const open = this.#open.get(path);
      if (open?.isChanged || open?.isOnItsWay) return this.#keepCopy(path, draft.text);
      if (open) {
        open.version = draft.version;
        open.replace?.(draft.text);
        return this.edited(path, draft.text);
      }
      this.#open.set(path, fresh(draft.text, draft.version, true));
      this.drafts.keep(id, draft);
      void this.#send(path);
    });
    // What could not be kept elsewhere stays a draft, for the next page.
    await adopting.catch((e) => this.hooks.say(String(e.message), "bad"));
  }

  /** Whom drafts belong to that are no programs. */
  others: (id: string, draft: { text: string; version: string | null }) => void = () => {};

  /** A program's text, for an editor that hears of changes from elsewhere; nothing if it is not there. */
  async open(path: string, replace: (text: string) => void): Promise<string | undefined> {
    let open = this.#open.get(path);
    if (!open) {
      const there = await api.read(path);
      // A draft may have been adopted meanwhile.
      open = this.#open.get(path) ?? (there && fresh(there.text, there.version, false));
      if (!open) return undefined;
      this.#open.set(path, open);
    }
    open.replace = replace;
    return open.text;
  }

  state(path: string): Value<SaveState> | undefined {
    return this.#open.get(path)?.state;
  }

  /** An editor has another text than before. */
  edited(path: string, text: string): void {
    const open = this.#open.get(path);
    if (!open || open.text === text) return;
    open.text = text;
    open.isChanged = true;
    this.drafts.keep(`program:${path}`, { text, version: open.version });
    if (!open.isOnItsWay) open.state.set("saving");
    this.#later(path, open, REST);
  }

  /** No editor shows it any more. What is not with the server yet still goes there. */
  close(path: string): void {
    const open = this.#open.get(path);
    if (!open) return;
    open.replace = undefined;
    if (open.isChanged) void this.#send(path);
    else if (!open.isOnItsWay) this.#open.delete(path);
  }

  /** Sends at once what has not been sent. */
  flush(): void {
    for (const [path, open] of this.#open) if (open.isChanged) void this.#send(path);
  }

  /** A new program; false if there is one of this name. */
  async create(path: string, text: string): Promise<boolean> {
    const version = await api.write(path, text, null);
    if (version === undefined) return false;
    if (!this.#open.has(path)) this.#open.set(path, fresh(text, version, false));
    await this.relist();
    return true;
  }

  async rename(path: string, to: string): Promise<void> {
    await this.#settled(path);
    await api.rename(path, to);
    this.#forget(path);
    await this.relist();
  }

  async remove(path: string): Promise<void> {
    await this.#settled(path);
    this.#forget(path);
    await api.remove(path);
    await this.relist();
  }

  async relist(): Promise<void> {
    try {
      this.list.set(await api.programs());
      this.isKnown.set(true);
    } catch (e) {
      if (!(e instanceof Unreachable)) this.hooks.say(String((e as Error).message), "bad");
    }
  }

  #forget(path: string): void {
    const open = this.#open.get(path);
    clearTimeout(open?.timer);
    this.#open.delete(path);
    this.drafts.drop(`program:${path}`);
  }

  /** Sends what waits, and waits until nothing is on its way. */
  async #settled(path: string): Promise<void> {
    const open = this.#open.get(path);
    if (open?.isChanged) await this.#send(path);
    while (open?.isOnItsWay) await pause(20);
  }

  #later(path: string, open: Open, time: number): void {
    clearTimeout(open.timer);
    open.timer = setTimeout(() => void this.#send(path), time);
  }

  async #send(path: string): Promise<void> {
    const open = this.#open.get(path);
    if (!open?.isChanged || open.isOnItsWay) return;
    clearTimeout(open.timer);
    const text = open.text;
    open.isOnItsWay = true;
    open.isChanged = false;
    open.state.set("saving");
    try {
      const version = await api.write(path, text, open.version);
      if (version === undefined) await this.#giveWay(path, open, text);
      else {
        open.version = version;
        this.#arrived(path, open);
      }
    } catch (e) {
      open.isChanged = true;
      open.state.set("kept");
      if (!(e instanceof Unreachable)) this.hooks.say(texts.programs.notSaved(path, (e as Error).message), "bad");
      this.#later(path, open, AGAIN);
    }
    open.isOnItsWay = false;
    if (open.isStale && !open.isChanged) await this.#refresh(path, open);
  }

  /** The server has what was sent; there may be more by now. */
  #arrived(path: string, open: Open): void {
    if (open.isChanged) {
      this.drafts.keep(`program:${path}`, { text: open.text, version: open.version });
      this.#later(path, open, REST);
    } else {
      this.drafts.drop(`program:${path}`);
      open.state.set("saved");
      if (!open.replace) this.#open.delete(path);
    }
  }

  /** The file is not what this text was a change of. */
  async #giveWay(path: string, open: Open, sent: string): Promise<void> {
    const theirs = await api.read(path);
    if (theirs?.text === sent || theirs?.text === open.text) {
      open.version = theirs.version;
      return this.#arrived(path, open);
    }
    if (!theirs) {
      // Removed elsewhere while it was being changed here: who changes it wants it.
      open.version = null;
      open.isChanged = true;
      return this.#later(path, open, 0);
    }
    const mine = open.text;
    await this.#keepCopy(path, mine);
    if (open.text !== mine) {
      // Typed while the copy was made; it goes there as well.
      await this.#keepCopy(path, open.text);
    }
    open.text = theirs.text;
    open.version = theirs.version;
    open.isChanged = false;
    open.replace?.(theirs.text);
    this.#arrived(path, open);
  }

  /** Puts a text beside a file, under a name that is free. */
  async #keepCopy(path: string, text: string): Promise<void> {
    for (let nth = 1; nth <= COPIES_MAX; nth++) {
      const name = copyName(path, nth);
      if ((await api.write(name, text, null)) !== undefined) {
        this.hooks.copied(path, name);
        return this.relist();
      }
      if ((await api.read(name))?.text === text) return;
    }
    throw new Error(texts.programs.tooManyCopies(path));
  }

  /** Somebody has changed a file, perhaps this page itself. */
  async #changed(path: string, version: string | null): Promise<void> {
    const open = this.#open.get(path);
    if (!open || version === open.version) return;
    if (open.isOnItsWay || open.isChanged) open.isStale = true;
    else await this.#refresh(path, open);
  }

  async #refresh(path: string, open: Open): Promise<void> {
    open.isStale = false;
    try {
      const there = await api.read(path);
      if (open.isChanged || open.isOnItsWay) return;
      if (!there) {
        this.#open.delete(path);
        this.hooks.removed(path);
      } else if (there.version !== open.version) {
        open.version = there.version;
        open.text = there.text;
        open.replace?.(there.text);
      }
    } catch {
      // The next connection looks again.
    }
  }

  /** Changes may have been missed. */
  #lookAll(): void {
    for (const [path, open] of this.#open) if (!open.isChanged && !open.isOnItsWay) void this.#refresh(path, open);
  }

  #follow(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/programs-changes`);
    socket.onopen = () => {
      void this.relist();
      this.flush();
      this.#lookAll();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const { path, version, missed } = JSON.parse(data);
      if (missed) this.#lookAll();
      else void this.#changed(path, version);
      clearTimeout(this.#listing);
      this.#listing = setTimeout(() => void this.relist(), 50);
    };
    socket.onclose = () => setTimeout(() => this.#follow(), AGAIN);
  }
}

function fresh(text: string, version: string | null, isChanged: boolean): Open {
  const state = new Value<SaveState>(isChanged ? "kept" : "saved");
  return { text, version, state, isChanged, isOnItsWay: false, isStale: false, timer: undefined, replace: undefined };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
