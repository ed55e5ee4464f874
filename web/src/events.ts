// The lab's stream of events and what is done to its boards, over one connection for the whole page.
// Only kinds that somebody looks at are asked for: what is observed costs a board time.
import { texts } from "./texts/en.ts";

/** Milliseconds before a lost connection is tried again, and what that grows to. */
const AGAIN_FIRST = 250;
const AGAIN_MOST = 2000;
/** Milliseconds that the connection stays although nobody looks: from one panel to the next. */
const LINGER = 2000;

export interface LabEvent {
  /** Nanoseconds of the lab's clock. */
  t: number;
  board: string;
  event: string;
  [member: string]: unknown;
}

export interface Wanted {
  /** Kinds of events, as docs/events.md has them. */
  kinds: readonly string[];
  /** Of events that happen on pins only those on these. */
  pins?: readonly number[];
}

/** What is done to a part. */
export interface Step {
  part: string;
  setting: string;
  value: boolean | number | string;
  after_ns?: number;
}

export interface Told {
  event(event: LabEvent): void;
  /** From now on events come: what was before has to be looked at in another way. Called again when some may have been lost. */
  begun?(): void;
  /** So many events were lost, because this page was slow. */
  missed?(count: number): void;
  /** The connection is lost; it is tried again. */
  lost?(): void;
}

interface Subscription extends Told {
  kinds: ReadonlySet<string>;
  pins: ReadonlySet<number> | undefined;
  board: string;
}

/** Kinds that a filter of pins is asked about. */
export const ON_PINS: ReadonlySet<string> = new Set(["pin", "input", "pwm", "adc", "dac", "bits", "pulses", "uart", "i2c", "spi", "onewire", "dht"]);
const PIN_MEMBERS = ["gpio", "scl", "sda", "sck", "mosi", "miso", "tx"] as const;

/** What the server is asked for, so that all of these get theirs; nothing if nobody wants anything. */
export function filterOf(all: Iterable<{ kinds: ReadonlySet<string>; pins: ReadonlySet<number> | undefined; board: string }>): object | undefined {
  const [only, boards, pins] = [new Set<string>(), new Set<string>(), new Set<number>()];
  let isAnyPin = false;
  for (const wanted of all) {
    boards.add(wanted.board);
    for (const kind of wanted.kinds) {
      only.add(kind);
      if (!ON_PINS.has(kind)) continue;
      if (wanted.pins) for (const pin of wanted.pins) pins.add(pin);
      else isAnyPin = true;
    }
  }
  if (!only.size) return undefined;
  const filter = { only: [...only].sort(), boards: [...boards].sort() };
  return isAnyPin || !pins.size ? filter : { ...filter, pins: [...pins].sort((a, b) => a - b) };
}

function passes(event: LabEvent, { kinds, pins, board }: Subscription): boolean {
  if (event.board !== board || !kinds.has(event.event)) return false;
  return !pins || !ON_PINS.has(event.event) || PIN_MEMBERS.some((member) => pins.has(event[member] as number));
}

/** One answer that is waited for: they come in the order of what was sent. */
interface Waiting {
  done(): void;
  refused(why: Error): void;
}

export class Events {
  readonly #subscriptions = new Set<Subscription>();
  #socket: WebSocket | undefined;
  #waiting: Waiting[] = [];
  /** What is sent as soon as there is a connection. */
  #unsent: [string, Waiting][] = [];
  /** The filter that was sent last over this connection. */
  #filter = "";
  /** Those who have been told that events come. */
  #known = new Set<Subscription>();
  #again = AGAIN_FIRST;
  #isDue = false;
  #linger: ReturnType<typeof setTimeout> | undefined;

  /** Events of a board from now on; what comes back ends that. */
  subscribe(wanted: Wanted, board: string, take: Told | Told["event"]): () => void {
    const told = typeof take === "function" ? { event: take } : take;
    const subscription: Subscription = {
      event: (event) => told.event(event),
      begun: () => told.begun?.(),
      missed: (count) => told.missed?.(count),
      lost: () => told.lost?.(),
      kinds: new Set(wanted.kinds),
      pins: wanted.pins && new Set(wanted.pins),
      board,
    };
    this.#subscriptions.add(subscription);
    this.#soon();
    return () => {
      this.#subscriptions.delete(subscription);
      this.#soon();
    };
  }

  /** Does something to a board's parts, at once; fails with the server's words. */
  act(board: string, steps: Step[]): Promise<void> {
    return new Promise((done, refused) => this.#send(JSON.stringify({ act: { board, steps } }), { done, refused }));
  }

  #send(text: string, waiting: Waiting): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#waiting.push(waiting);
      this.#socket.send(text);
    } else {
      this.#unsent.push([text, waiting]);
      this.#connect();
    }
  }

  /** Several panels come and go in one turn: one filter is enough for all of them. */
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#follow();
    });
  }

  #follow(): void {
    clearTimeout(this.#linger);
    const filter = filterOf(this.#subscriptions);
    if (!filter) {
      // There is no filter that lets nothing pass, so the connection ends.
      this.#linger = setTimeout(() => this.#socket?.close(), LINGER);
      return;
    }
    const text = JSON.stringify(filter);
    if (this.#socket?.readyState !== WebSocket.OPEN) return this.#connect();
    if (text === this.#filter) return this.#newcomers();
    this.#filter = text;
    const begun = [...this.#subscriptions];
    const tell = () => begun.forEach((s) => this.#subscriptions.has(s) && s.begun?.());
    // A kind that this server does not know is no reason to be without the others' words.
    this.#send(text, { done: tell, refused: (e) => console.error(e.message) });
    this.#known = new Set(begun);
  }

  #newcomers(): void {
    for (const subscription of this.#subscriptions) if (!this.#known.has(subscription)) subscription.begun?.();
    this.#known = new Set(this.#subscriptions);
  }

  #connect(): void {
    if (this.#socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/events`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#again = AGAIN_FIRST;
      this.#follow();
      for (const [text, waiting] of this.#unsent.splice(0)) this.#send(text, waiting);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      for (const line of data.split("\n")) if (line) this.#take(JSON.parse(line));
    };
    socket.onclose = () => this.#closed();
  }

  #closed(): void {
    const why = new Error(texts.link.away);
    for (const { refused } of this.#waiting.splice(0)) refused(why);
    // What is pressed now must not happen some time later.
    for (const [, { refused }] of this.#unsent.splice(0)) refused(why);
    this.#socket = undefined;
    this.#filter = "";
    this.#known.clear();
    if (!this.#subscriptions.size) return;
    for (const subscription of this.#subscriptions) subscription.lost?.();
    setTimeout(() => this.#follow(), this.#again);
    this.#again = Math.min(this.#again * 2, AGAIN_MOST);
  }

  #take(line: Record<string, unknown>): void {
    if (line["ok"] !== undefined) return this.#waiting.shift()?.done();
    if (typeof line["error"] === "string") return this.#waiting.shift()?.refused(new Error(line["error"]));
    if (line["event"] === "missed") {
      for (const subscription of [...this.#subscriptions]) {
        subscription.missed?.(Number(line["count"]));
        subscription.begun?.();
      }
      return;
    }
    const event = line as LabEvent;
    for (const subscription of [...this.#subscriptions]) if (passes(event, subscription)) subscription.event(event);
  }
}
