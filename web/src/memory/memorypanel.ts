// The board's memory and its open sockets: what runs out without a word in the program.
import type { Board } from "../api.ts";
import type { BenchPanel } from "../bench/bench.ts";
import { h } from "../dom.ts";
import type { Events, LabEvent } from "../events.ts";
import type { Place } from "../explain.ts";
import { lab, type Look } from "../lab.ts";
import { Spark } from "../spark.ts";
import { texts } from "../texts/en.ts";
import "./memory.css";

const t = texts.memory;
/** Milliseconds between two looks, and before one that an event asks for. */
const PACE = 1000;
const SOON = 120;
/** Looks that a curve shows. */
const PAST = 120;
/** The share of Python's memory that is left when it gets tight, and the bytes of the chip's: those of an encrypted connection. */
const TIGHT = 0.1;
const TLS = 40_000;

export interface MemoryHooks {
  events: Events;
  /** What is known of a board; one that lies on a real table has no firmware of ours. */
  known(name: string): Board | undefined;
  /** The way to a line of a file that a board names, if there is one. */
  find(file: string, line: number): Place | undefined;
}

/** One kind of memory: a bar, its numbers, and how it went. */
class Gauge {
  readonly element: HTMLElement;
  readonly #fill = h("div", { class: "fill" });
  readonly #lowestMark = h("div", { class: "lowest" });
  readonly #numbers = h("p", { class: "numbers" });
  readonly #warning = h("p", { class: "tight-word", role: "status", hidden: true });
  readonly #bar: HTMLElement;
  readonly #spark: Spark;
  #past: [number, number][] = [];

  /** `tight` says what no longer fits. */
  constructor(
    title: string,
    about: string,
    color: string,
    private readonly tight: (total: number, free: number) => string | undefined,
  ) {
    this.#spark = new Spark(color);
    this.#bar = h("div", { class: "bar-of", role: "meter", "aria-label": title, "aria-valuemin": 0 }, this.#fill, this.#lowestMark);
    this.#fill.style.background = `var(${color})`;
    this.element = h("section", { class: "gauge" }, h("h3", {}, title), this.#numbers, this.#bar, this.#warning, this.#spark.element, h("p", { class: "hint" }, about));
  }

  clear(): void {
    this.#past = [];
  }

  /** Bytes in all, free now and at worst. */
  show(total: number, free: number, lowest: number): void {
    const used = Math.max(total - free, 0);
    const share = (bytes: number) => `${Math.min((bytes / Math.max(total, 1)) * 100, 100)}%`;
    this.#fill.style.width = share(used);
    this.#lowestMark.style.left = share(total - lowest);
    this.#lowestMark.title = t.lowest(lowest);
    this.#numbers.textContent = t.numbers(free, total, lowest);
    this.#bar.setAttribute("aria-valuemax", String(total));
    this.#bar.setAttribute("aria-valuenow", String(used));
    this.#bar.setAttribute("aria-valuetext", t.numbers(free, total, lowest));
    const word = this.tight(total, free);
    this.element.classList.toggle("tight", word !== undefined);
    this.#warning.hidden = word === undefined;
    if (word !== undefined && this.#warning.textContent !== word) this.#warning.textContent = word;
    this.#past.push([performance.now(), used]);
    this.#past = this.#past.slice(-PAST);
    this.#spark.set(this.#past, [0, total]);
  }
}

export class MemoryPanel implements BenchPanel {
  readonly element: HTMLElement;
  readonly #python = new Gauge(t.python, t.aboutPython, "--plot-1", (total, free) => (free < total * TIGHT ? t.pythonTight : undefined));
  readonly #chip = new Gauge(t.chip, t.aboutChip, "--plot-5", (_, free) => (free < TLS ? t.chipTight : undefined));
  readonly #sockets = h("ul", { class: "sockets" });
  readonly #socketsHead = h("h3", {}, t.sockets);
  readonly #noSockets = h("p", { class: "hint" }, t.noSockets);
  readonly #all: HTMLElement;
  readonly #hint = h("p", { class: "hint" }, t.empty);
  #board: string | undefined;
  #isShown = false;
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The fewest free bytes that were seen of Python's heap. */
  #lowest = Infinity;
  #drawn = "";

  constructor(private readonly hooks: MemoryHooks) {
    this.#all = h("div", { hidden: true }, this.#python.element, this.#chip.element, h("section", { class: "gauge" }, this.#socketsHead, this.#noSockets, this.#sockets));
    this.element = h("div", { class: "memory" }, this.#hint, this.#all);
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    this.#follow();
  }

  board(name: string | undefined): void {
    this.#board = name;
    this.#forget();
    this.#all.hidden = true;
    this.#hint.hidden = false;
    this.#hint.textContent = this.#isReal ? t.real : t.empty;
    this.#follow();
  }

  get #isReal(): boolean {
    return this.#board !== undefined && !this.hooks.known(this.#board)?.firmware;
  }

  #forget(): void {
    [this.#lowest, this.#drawn] = [Infinity, ""];
    this.#python.clear();
    this.#chip.clear();
  }

  #follow(): void {
    this.#end?.();
    this.#end = undefined;
    clearTimeout(this.#timer);
    if (!this.#isShown || !this.#board || this.#isReal) return;
    this.#end = this.hooks.events.subscribe({ kinds: ["socket", "idf_heap", "no_memory", "reset", "soft_reset"] }, this.#board, (event) => this.#take(event));
    void this.#look();
  }

  #take({ event }: LabEvent): void {
    // Another start is another history.
    if (event === "reset" || event === "soft_reset") this.#forget();
    this.#later(SOON);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    const board = this.#board;
    if (!board) return;
    try {
      const look = await lab.look(board);
      if (board === this.#board) this.#draw(look);
    } catch (e) {
      this.#hint.hidden = false;
      this.#hint.textContent = (e as Error).message;
    }
    if (this.#isShown && board === this.#board) this.#later(PACE);
  }

  #draw({ heap, idf_heap, sockets }: Look): void {
    this.#hint.hidden = true;
    this.#all.hidden = false;
    this.#python.element.hidden = !heap;
    if (heap) {
      this.#lowest = Math.min(this.#lowest, heap.free);
      this.#python.show(heap.total, heap.free, this.#lowest);
    }
    this.#chip.element.hidden = !idf_heap;
    if (idf_heap) this.#chip.show(idf_heap.total, idf_heap.free, idf_heap.lowest);
    const drawn = JSON.stringify(sockets);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#socketsHead.textContent = t.socketsOpen(sockets.length);
    this.#noSockets.hidden = sockets.length > 0;
    this.#sockets.replaceChildren(...sockets.map((socket) => h("li", {}, h("b", {}, `${socket.kind.toUpperCase()} ${socket.socket}`), ...this.#calls(socket.calls))));
  }

  /** Who opened it: the program's own line first, then what it called. */
  #calls(calls: string[]): HTMLElement[] {
    return [...calls].reverse().map((call) => {
      const [, file = "", line = "0", name = ""] = /^(.*):(\d+) (.*)$/.exec(call) ?? [];
      const place = file ? this.hooks.find(file, Number(line)) : undefined;
      const text = file ? t.call(file, Number(line), name) : call;
      return place ? h("button", { type: "button", class: "link", onclick: () => place.go() }, place.text) : h("span", {}, text);
    });
  }
}
