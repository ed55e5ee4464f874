// The board's console. What comes is shown as fast as a page can, and no faster; what is typed goes to the board as it is.
import { FitAddon } from "@xterm/addon-fit";
import { type ITheme, Terminal as Xterm } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { texts } from "../texts/en.ts";
import { Flow } from "./flow.ts";

/** Lines above that can be scrolled back to. */
const SCROLLBACK = 5000;
/** Bytes that go to the terminal at a time. */
const PORTION = 32 * 1024;
/** Milliseconds between portions: time for everything else on the page. */
const BREATH = 12;
/** The same while much is left out: nobody can read that, and a picture of it costs more than all else on the page. */
const LONG_BREATH = 80;
/** Milliseconds between two words about what was left out. */
const TELL = 1000;

const COLORS: Record<"light" | "dark", ITheme> = {
  light: {
    background: "#fbfbfa", foreground: "#24292f", cursor: "#0b62c4", cursorAccent: "#fbfbfa", selectionBackground: "#0b62c433",
    black: "#24292f", red: "#b3261e", green: "#1b6e3c", yellow: "#8a5a00", blue: "#0b62c4", magenta: "#8431a8", cyan: "#10707c", white: "#6b7380",
    brightBlack: "#6b7380", brightRed: "#c9372c", brightGreen: "#22863a", brightYellow: "#9a6700", brightBlue: "#1f75d6", brightMagenta: "#9a45c0", brightCyan: "#1b8794", brightWhite: "#24292f",
  },
  dark: {
    background: "#14171c", foreground: "#d8dde5", cursor: "#6db3ff", cursorAccent: "#14171c", selectionBackground: "#6db3ff44",
    black: "#1c212a", red: "#ff8a80", green: "#7fd6a2", yellow: "#f0c36a", blue: "#7ab8ff", magenta: "#d4a3f0", cyan: "#74d3dd", white: "#c4cad4",
    brightBlack: "#8791a0", brightRed: "#ffa79f", brightGreen: "#9be6b9", brightYellow: "#ffd98a", brightBlue: "#a0ccff", brightMagenta: "#e2bdf8", brightCyan: "#98e4ec", brightWhite: "#ffffff",
  },
};

export interface TerminalHooks {
  /** Something is typed. */
  typed(bytes: Uint8Array<ArrayBuffer>): void;
  /** Whether the board waits at its prompt. */
  isAtPrompt(): boolean;
}

export class Terminal {
  readonly #xterm: Xterm;
  readonly #fit = new FitAddon();
  readonly #flow = new Flow();
  #isBusy = false;
  /** Bytes that were left out and not told yet, and when that was told last. */
  #lost = 0;
  #told = 0;
  /** Pieces of the past that are being written: the terminal must not answer what was asked of it then. */
  #past = 0;

  constructor(
    private readonly parent: HTMLElement,
    private readonly hooks: TerminalHooks,
  ) {
    const style = getComputedStyle(document.documentElement);
    this.#xterm = new Xterm({
      scrollback: SCROLLBACK,
      fontFamily: style.getPropertyValue("--mono"),
      fontSize: 13.5,
      lineHeight: 1.25,
      cursorBlink: false,
      minimumContrastRatio: 4.5,
      // A board's output opens nothing.
      linkHandler: null,
    });
    this.#xterm.loadAddon(this.#fit);
    this.#xterm.parser.registerOscHandler(8, () => true);
    this.#xterm.open(parent);
    this.#xterm.textarea?.setAttribute("aria-label", texts.terminal.label);
    this.#listen();
    new ResizeObserver(() => this.#fitIn()).observe(parent);
    this.#fitIn();
  }

  theme(which: "light" | "dark"): void {
    this.#xterm.options.theme = COLORS[which];
  }

  focus(): void {
    this.#xterm.focus();
  }

  /** Nothing was said yet. */
  reset(): void {
    this.#flow.clear();
    this.#lost = 0;
    this.#xterm.reset();
  }

  /** What the board says, or said before this page was there. */
  write(bytes: Uint8Array, isPast: boolean): void {
    if (isPast) {
      this.#past++;
      this.#xterm.write(bytes.slice(), () => this.#past--);
      return;
    }
    this.#flow.push(bytes);
    this.#pump();
  }

  /** So many bytes are missing here. */
  missed(bytes: number): void {
    this.#lost += bytes;
  }

  clear(): void {
    this.#xterm.clear();
  }

  #pump(): void {
    if (this.#isBusy) return;
    const next = this.#flow.take(PORTION);
    if (!next) return;
    this.#isBusy = true;
    this.#lost += next.dropped;
    this.#tellLost();
    this.#xterm.write(next.bytes, () => {
      const wait = next.dropped ? LONG_BREATH : this.#flow.bytes ? BREATH : 0;
      setTimeout(() => {
        this.#isBusy = false;
        this.#pump();
      }, wait);
    });
  }

  /** Says now and then how much was left out, lest that is all there is to read. */
  #tellLost(): void {
    if (!this.#lost || performance.now() - this.#told < TELL) return;
    this.#told = performance.now();
    this.#xterm.write(`\x1b[0m\r\n\x1b[2m${texts.terminal.leftOut(this.#lost)}\x1b[0m\r\n`);
    this.#lost = 0;
  }

  #listen(): void {
    const encoder = new TextEncoder();
    this.#xterm.onData((text) => this.#past > 0 || this.hooks.typed(encoder.encode(text)));
    this.#xterm.onBinary((text) => this.#past > 0 || this.hooks.typed(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    this.#xterm.attachCustomKeyEventHandler((event) => {
      // The page's own keys; and Ctrl-C is the board's, so copying has a key of its own.
      if (event.key === "F5" || event.key === "F6" || (event.ctrlKey && event.key === "Enter")) return false;
      if (event.ctrlKey && event.shiftKey && event.code === "KeyC") {
        if (event.type === "keydown" && this.#xterm.hasSelection()) void navigator.clipboard.writeText(this.#xterm.getSelection());
        event.preventDefault();
        return false;
      }
      return !(event.ctrlKey && event.shiftKey && event.code === "KeyV");
    });
    // Several lines at the prompt go in its paste mode, which leaves their indentation alone.
    this.parent.addEventListener(
      "paste",
      (event) => {
        const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n") ?? "";
        if (!text.trimEnd().includes("\n") || !this.hooks.isAtPrompt()) return;
        event.preventDefault();
        event.stopPropagation();
        this.hooks.typed(encoder.encode(`\x05${text.replace(/\n/g, "\r")}\x04`));
      },
      true,
    );
  }

  #fitIn(): void {
    if (this.parent.clientHeight > 0) this.#fit.fit();
  }
}
