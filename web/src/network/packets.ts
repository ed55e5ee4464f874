// Packets as they go over the air: the newest, a row each.
import { h, ICONS, iconButton } from "../dom.ts";
import type { LabEvent } from "../events.ts";
import { texts } from "../texts/en.ts";

const t = texts.network;
/** Packets that are kept, and rows that are made for one picture: a board that sends much must not hold up the page. */
const KEPT = 1000;
const ROWS = 300;
const ROWS_AT_ONCE = 60;

export interface Packet {
  t: number;
  board: string;
  sent: boolean;
  bytes: number;
  protocol: string;
  from: string;
  to: string;
  summary: string;
}

/** Whether a packet has all of these words, in whatever order. */
export function matches({ protocol, summary, board }: Packet, words: string[]): boolean {
  const text = `${protocol} ${summary} ${board}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export const wordsOf = (filter: string): string[] => filter.toLowerCase().split(/\s+/).filter(Boolean);

export class Packets {
  readonly element: HTMLElement;
  readonly #rows = h("ol", { class: "packet-rows", "aria-label": t.packets, tabindex: 0 });
  readonly #empty = h("p", { class: "hint" }, t.noPackets);
  readonly #pause: HTMLButtonElement;
  readonly #filter = h("input", { type: "search", placeholder: t.filter, "aria-label": t.filter, spellcheck: "false", oninput: () => this.#filtered() });
  #kept: Packet[] = [];
  #waiting: Packet[] = [];
  #isPaused = false;
  #isDue = false;

  constructor() {
    this.#pause = iconButton(ICONS.pause, t.hold, () => this.#hold(!this.#isPaused), { "aria-pressed": "false" });
    const head = h("div", { class: "packet-head" }, h("h3", {}, t.packets), this.#filter, this.#pause, iconButton(ICONS.clear, t.clear, () => this.clear()));
    this.element = h("section", { class: "packets", "aria-label": t.packets }, head, this.#empty, this.#rows);
  }

  take(event: LabEvent): void {
    const packet = event as unknown as Packet;
    this.#kept.push(packet);
    if (this.#kept.length > 2 * KEPT) this.#kept = this.#kept.slice(-KEPT);
    if (this.#isPaused) return;
    if (!matches(packet, wordsOf(this.#filter.value))) return;
    this.#waiting.push(packet);
    if (this.#waiting.length > ROWS) this.#waiting.shift();
    this.#soon();
  }

  clear(): void {
    this.#kept = [];
    this.#waiting = [];
    this.#rows.replaceChildren();
    this.#empty.hidden = false;
  }

  #hold(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#pause.setAttribute("aria-pressed", String(isPaused));
    if (!isPaused) this.#filtered();
  }

  /** Shows what has passed before as well. */
  #filtered(): void {
    const words = wordsOf(this.#filter.value);
    this.#rows.replaceChildren();
    this.#waiting = this.#kept.filter((packet) => matches(packet, words)).slice(-ROWS);
    this.#empty.hidden = this.#waiting.length > 0;
    this.#empty.textContent = this.#kept.length ? t.noMatch : t.noPackets;
    this.#soon();
  }

  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#isDue = false;
    const rows = this.#rows;
    const follows = rows.scrollTop + rows.clientHeight >= rows.scrollHeight - 30;
    const part = this.#waiting.splice(0, ROWS_AT_ONCE);
    rows.append(...part.map(row));
    while (rows.childElementCount > ROWS) rows.firstElementChild?.remove();
    if (part.length) this.#empty.hidden = true;
    if (follows) rows.scrollTop = rows.scrollHeight;
    if (this.#waiting.length) this.#soon();
  }
}

/** What is told of a packet beside its protocol: who the other is, and what it says. The board's own address says nothing new. */
export function wordsFor({ sent, protocol, from, to, summary }: Pick<Packet, "sent" | "protocol" | "from" | "to" | "summary">): string {
  const name = `${protocol.toUpperCase()} `;
  const rest = summary.toUpperCase().startsWith(name) ? summary.slice(name.length) : summary;
  const way = `${from} > ${to}`;
  return rest.startsWith(way) ? `${sent ? to : from} ${rest.slice(way.length).trim()}` : rest;
}

function row(packet: Packet): HTMLElement {
  const { t: at, sent, bytes, protocol, summary } = packet;
  return h(
    "li",
    { title: t.packet(sent, bytes, summary) },
    h("span", { class: "at" }, (at / 1e9).toFixed(3)),
    h("span", { class: sent ? "way out" : "way in", role: "img", "aria-label": sent ? t.sent : t.received }, sent ? "\u2192" : "\u2190"),
    h("b", { "data-protocol": protocol }, protocol.toUpperCase()),
    h("span", { class: "what" }, wordsFor(packet)),
  );
}
