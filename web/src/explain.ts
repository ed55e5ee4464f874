// What went wrong, in plain words: beside the terminal, where the chip's own words stay as they are.
import { h } from "./dom.ts";
import type { Explained } from "./state.ts";
import { texts } from "./texts/en.ts";

/** Bytes at the end of what the board said that are looked at. */
const TAIL = 6000;
/** Milliseconds of silence before that. */
const SILENCE = 250;
/** Signs that something went wrong; whether it did, the server knows. */
const WRONG = /Traceback|Error\b|rst:0x/;
/** Who stops a program knows why it ended. */
const STOPPED = /KeyboardInterrupt:?\s*(?:>>> )?$/;

/** A text whose parts between backticks are code. */
export function prose(text: string): (Node | string)[] {
  return text.split("`").map((part, nth) => (nth % 2 ? h("code", {}, part) : part));
}

/** Where all that can be read is listed. */
export const CONTENTS = "/read/docs/learn/README.md";

/** A link beside which the page stays. */
export function away(href: string, text: string, title?: string): HTMLElement {
  return h("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** A place in a program, and the way there. */
export interface Place {
  text: string;
  go(): void;
}

export class Explanation {
  readonly element = h("div", { class: "explanation", "aria-live": "polite" });

  /** `find` tells how to get to a line of a file that a traceback names, if there is a way. */
  constructor(private readonly find: (file: string, line: number) => Place | undefined) {
    this.clear();
  }

  clear(): void {
    const contents = h("p", { class: "lesson" }, away(CONTENTS, texts.explain.contents));
    this.element.replaceChildren(h("p", { class: "hint" }, texts.explain.empty), contents);
  }

  /** Shows why; without an explanation the chip's own words and where to look. */
  show(explained: Explained | null | undefined, traceback?: string, where?: Place): void {
    const t = texts.explain;
    if (!explained) {
      const last = traceback?.trimEnd().split("\n").at(-1) ?? "";
      this.element.replaceChildren(h("h3", {}, h("code", {}, last)), h("p", {}, t.unknown));
      return;
    }
    const { title, said, place, cause, fix, code, lesson, topic, more } = explained;
    const at = where ?? (place ? this.find(place.file, place.line) : undefined);
    this.element.replaceChildren(
      h("h3", {}, ...prose(title)),
      h("p", { class: "said" }, h("code", {}, said.trim())),
      ...(at ? [h("button", { type: "button", class: "link", onclick: at.go }, at.text)] : []),
      h("h4", {}, t.why),
      h("p", {}, ...prose(cause)),
      h("h4", {}, t.fix),
      h("p", {}, ...prose(fix)),
      ...(code ? [h("pre", {}, h("code", {}, code))] : []),
      h("p", { class: "lesson" }, `${t.read}: `, away(`/read/${lesson}`, topic)),
      ...(more ? [h("p", { class: "lesson more" }, away(more, t.more))] : []),
    );
  }
}

/** Finds what went wrong in what the board says by itself: at its prompt, and in programs that nobody here has started. */
export class Ear {
  readonly #tail = new Uint8Array(TAIL);
  #bytes = 0;
  #isNew = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly heard: (tail: string) => void) {}

  /** A board may say much: all that is done at once is to keep the end. */
  take(bytes: Uint8Array): void {
    const end = bytes.subarray(-TAIL);
    const left = Math.min(this.#bytes, TAIL - end.length);
    this.#tail.copyWithin(0, this.#bytes - left, this.#bytes);
    this.#tail.set(end, left);
    this.#bytes = left + end.length;
    this.#isNew = true;
    this.#timer ??= setTimeout(() => this.#listen(), SILENCE);
  }

  /** What was said until now is explained already. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#bytes = 0;
  }

  #listen(): void {
    this.#timer = undefined;
    if (this.#isNew) {
      this.#isNew = false;
      this.#timer = setTimeout(() => this.#listen(), SILENCE);
      return;
    }
    const tail = new TextDecoder().decode(this.#tail.subarray(0, this.#bytes));
    if (!WRONG.test(tail)) return;
    this.clear();
    if (!STOPPED.test(tail)) this.heard(tail);
  }
}
