// What boards have asked of the cloud and what it answered: a line each, with all of it behind.
import { h, ICONS, iconButton } from "../dom.ts";
import type { LogLine } from "../lab.ts";
import { texts } from "../texts/en.ts";

const t = texts.cloud;
/** Lines that are shown. */
const LINES = 200;

export class Requests {
  readonly element: HTMLElement;
  readonly #rows = h("ol", { class: "request-rows", "aria-label": t.requests });
  readonly #place: HTMLElement;
  readonly #empty = h("p", { class: "hint" }, t.noRequests);
  readonly #only: HTMLInputElement;
  /** Elements of lines that came while somebody pointed at the list: what is read must not move away. */
  #waiting: HTMLElement[] = [];
  readonly #newer = h("button", { type: "button", class: "newer", hidden: true, onclick: () => this.#bring() });
  #last = 0;

  constructor() {
    this.#only = h("input", { type: "checkbox", onchange: () => this.element.classList.toggle("only-refused", this.#only.checked) });
    this.#place = h("div", { class: "request-place" }, this.#empty, this.#rows);
    const head = h("div", { class: "packet-head" }, h("h3", {}, t.requests), this.#newer, h("label", { class: "only" }, this.#only, t.onlyRefused), iconButton(ICONS.clear, t.clear, () => this.clear()));
    this.#place.addEventListener("pointerleave", () => this.#bring());
    this.element = h("section", { class: "requests", "aria-label": t.requests }, head, this.#place);
  }

  /** The number of the newest that is here. */
  get last(): number {
    return this.#last;
  }

  /** The workshop was away, and may count from the start again. */
  anew(): void {
    this.#last = 0;
    this.clear();
  }

  clear(): void {
    this.#rows.replaceChildren();
    this.#waiting = [];
    this.#bring();
    this.#empty.hidden = false;
  }

  /** Newer ones, the newest last. */
  add(lines: LogLine[]): void {
    const newer = lines.filter(({ n }) => n > this.#last);
    if (!newer.length) return;
    this.#last = Math.max(...newer.map(({ n }) => n));
    this.#empty.hidden = true;
    // The newest is above: it is what one looks for.
    this.#waiting = [...newer.reverse().map(row), ...this.#waiting].slice(0, LINES);
    const isRead = this.#rows.matches(":hover") || this.#rows.contains(document.activeElement);
    if (!isRead) return this.#bring();
    this.#newer.hidden = false;
    this.#newer.textContent = t.newer(this.#waiting.length);
  }

  /** Shows those that have waited. */
  #bring(): void {
    this.#newer.hidden = true;
    this.#rows.prepend(...this.#waiting.splice(0));
    while (this.#rows.childElementCount > LINES) this.#rows.lastElementChild?.remove();
  }
}

function row({ at, method, path, status, device, why, sent, answer }: LogLine): HTMLElement {
  const isBad = status >= 400;
  const block = (title: string, text: string | null) => (text ? [h("h4", {}, title), h("pre", {}, h("code", {}, pretty(text)))] : []);
  return h(
    "li",
    { class: isBad && "refused" },
    h(
      "details",
      {},
      h("summary", {}, h("span", { class: "status" }, String(status)), h("span", { class: "call", title: `${method} ${path}` }, h("b", {}, method), ` ${shortPath(path)}`), h("small", {}, device ?? ""), h("small", { class: "at" }, clockOf(at)), why ? h("span", { class: "why" }, why) : null),
      h("div", { class: "whole" }, ...block(t.sent, sent), ...block(t.answer, answer), ...(sent || answer ? [] : [h("p", { class: "hint" }, t.nothing)])),
    ),
  );
}

/** The long number of a device says less than what comes after it: which device it is stands beside it. */
export const shortPath = (path: string): string => path.replace(/^\/v2\/devices\/[0-9a-f]{32}(?=\/)/, "\u2026").replace(/\b([0-9a-f]{4})[0-9a-f]{28}\b/g, "$1\u2026");

function clockOf(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** JSON on several lines; other texts as they are. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
