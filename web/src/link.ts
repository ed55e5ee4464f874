// The way to one board: its console, what can be asked of it, what it does. Comes back by itself when it is lost.
import type { LabTime } from "./clock.ts";
import { type BoardState, type Explained, Value } from "./state.ts";
import { texts } from "./texts/en.ts";

/** Milliseconds before a lost connection is tried again, and what that grows to. */
const AGAIN_FIRST = 250;
const AGAIN_MOST = 2000;
/** Bytes of what a board said before that the server keeps. */
const PAST_MAX = 64 * 1024;

export interface BoardFile {
  path: string;
  size?: number;
  folder?: boolean;
}

export interface Variable {
  name: string;
  type: string;
  value: string;
  size?: number;
  length?: number;
}

export interface Ended {
  ended: "done" | "stopped" | "reset" | "exception";
  traceback?: string;
  line?: number;
  explained?: Explained | null;
}

/** What can be asked: members, and what the answer is. */
interface Doings {
  run: [{ name: string; source: string; fresh?: boolean }, Ended];
  stop: [object, true];
  soft_reset: [object, true];
  reset: [object, true];
  boot: [{ held: boolean }, true];
  files: [object, { files: BoardFile[]; free: number; total: number }];
  read: [{ path: string }, { base64: string }];
  write: [{ path: string; base64: string }, true];
  remove: [{ path: string }, true];
  rename: [{ from: string; to: string }, true];
  make_folder: [{ path: string }, true];
  variables: [object, Variable[]];
  complete: [{ text: string }, string[]];
}

/** What the server says by itself, beside how the board is. */
export interface News {
  /** The circuit's new version; nothing if there is no circuit any more. */
  circuit?: string | null;
  /** How the lab's time goes now. */
  time?: LabTime;
}

/** A request that was not done, in words for whoever asked. */
export class Refused extends Error {
  constructor(
    text: string,
    /** A program runs, and that is all that is wrong. */
    readonly busy: boolean,
  ) {
    super(text);
  }
}

interface Waiting {
  done(value: never): void;
  refused(why: Error): void;
}

export interface Listener {
  /** A connection is made: what the board said before comes again. */
  opened(): void;
  /** Bytes of the console, to be copied if they are kept; whether they were said before the connection was made. */
  bytes(bytes: Uint8Array, isPast: boolean): void;
  /** So many typed bytes were too many: the board takes none now. */
  refused(bytes: number): void;
  /** The server left out so many bytes, because this tab was slow. */
  missed(bytes: number): void;
  /** Something else that the server says by itself. */
  news(news: News): void;
}

/** A link to a board; made once for each that is looked at, and closed for good. */
export class Link {
  readonly state = new Value<BoardState>({ is: "away" });
  #socket: WebSocket | undefined;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #again = AGAIN_FIRST;
  #closed = false;
  /** Bytes of the past that may still come. */
  #past = 0;

  constructor(
    readonly board: string,
    private readonly listener: Listener,
  ) {
    this.#connect();
  }

  /** Types these bytes on the board's console; false if there is no way to it. */
  type(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(bytes);
    return true;
  }

  ask<D extends keyof Doings>(what: D, members: Doings[D][0] = {}): Promise<Doings[D][1]> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new Refused(texts.link.away, false));
    const id = this.#next++;
    socket.send(JSON.stringify({ id, do: what, ...members }));
    return new Promise((done, refused) => this.#waiting.set(id, { done, refused }));
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  #connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/boards/${encodeURIComponent(this.board)}/link`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.#again = AGAIN_FIRST;
      this.#past = PAST_MAX;
      this.listener.opened();
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") this.#take(data);
      else {
        const isPast = this.#past > 0;
        this.#past -= data.byteLength;
        this.listener.bytes(new Uint8Array(data), isPast);
        giveBack(data);
      }
    };
    socket.onclose = () => {
      const lost = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { refused } of lost) refused(new Refused(texts.link.lost, false));
      if (this.#closed) return;
      this.state.set({ is: "away" });
      setTimeout(() => this.#closed || this.#connect(), this.#again);
      this.#again = Math.min(this.#again * 2, AGAIN_MOST);
    };
  }

  #take(text: string): void {
    const message = JSON.parse(text);
    if (typeof message.id === "number") {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) waiting?.refused(new Refused(String(message.error.text), (message.error.busy ?? message.busy) === true));
      else waiting?.done(message.ok as never);
    } else if (message.state) {
      // It comes after all that was said before.
      this.#past = 0;
      this.state.set({ is: message.state, program: message.program });
    } else if (typeof message.refused === "number") {
      this.listener.refused(message.refused);
    } else if (typeof message.missed === "number") {
      this.listener.missed(message.missed);
    } else {
      this.listener.news(message as News);
    }
  }
}

/** Frees a message's memory, where that can be done: some browsers gather hundreds of megabytes before they tidy up by themselves. */
function giveBack(data: ArrayBuffer & { transfer?(length: number): ArrayBuffer }): void {
  data.transfer?.(0);
}
