// The panel of pins: a logic analyser that is fed by the stream of events.
import type { Board } from "../api.ts";
import type { BenchPanel } from "../bench/bench.ts";
import { server } from "../bench/circuit/server.ts";
import type { LabClock } from "../clock.ts";
import { h, ICONS, iconButton, svg } from "../dom.ts";
import type { Events, LabEvent } from "../events.ts";
import { lab } from "../lab.ts";
import { saveAs } from "../save.ts";
import { texts } from "../texts/en.ts";
import type { Time } from "../time/labtime.ts";
import { KINDS, type PinEvent } from "./events.ts";
import "./pins.css";
import type { PinName } from "./rows.ts";
import { Signals } from "./signals.ts";
import { vcdOf } from "./vcd.ts";
import { View } from "./view.ts";
import { hertzText, spanText } from "./window.ts";

const t = texts.pins;
/** Where the edge that was waited for is to be seen, as a share of the width. */
const TRIGGER_AT = 0.3;
/** Nanoseconds before now that may have been missed when the stream begins anew. */
const UNSURE = 100e6;
/** Milliseconds before the board is looked at, so that it is once for all that is missed in that time. */
const LOOK = 300;
/** Events in a second that are too many to be recorded while nobody looks. */
const MUCH = 5000;

export interface PinsHooks {
  events: Events;
  time: Time;
  /** What is known of a board; one that lies on a real table has no firmware of ours. */
  known(name: string): Board | undefined;
}

export class PinsPanel implements BenchPanel {
  readonly element: HTMLElement;
  readonly #clock: LabClock;
  readonly #signals = new Signals();
  readonly #view: View;
  readonly #hold: HTMLButtonElement;
  readonly #trigger = h("select", { "aria-label": t.trigger, title: t.triggerHint, onchange: () => this.#arm() });
  readonly #live: HTMLButtonElement;
  readonly #measured = h("p", { class: "pins-measured" });
  readonly #said = h("p", { class: "pins-said", role: "status" });
  readonly #empty = h("div", { class: "pins-empty" });
  #board: string | undefined;
  #end: (() => void) | undefined;
  #isHeld = false;
  /** The edge that is waited for, and when it came. */
  #armed: { gpio: number; level: number } | undefined;
  #fired: number | undefined;
  #triggersOf = "";
  #looking: ReturnType<typeof setTimeout> | undefined;
  #isShown = false;
  #count = 0;
  #countedSince = 0;

  constructor(private readonly hooks: PinsHooks) {
    this.#clock = hooks.time.clock;
    hooks.time.now.watch(() => this.#view.redraw(), false);
    this.#view = new View(this.#signals, this.#clock, {
      measured: () => this.#measure(),
      follows: () => this.#showState(),
      hold: () => this.#holds(!this.#isHeld),
    });
    this.#hold = h("button", { type: "button", class: "pins-hold", "aria-pressed": "false", onclick: () => this.#holds(!this.#isHeld) });
    this.#live = h("button", { type: "button", class: "main pins-live", hidden: true, onclick: () => this.#view.follow() }, t.live);
    const view = this.#view;
    const bar = h(
      "div",
      { class: "pins-bar", role: "toolbar", "aria-label": t.tools },
      this.#hold,
      this.#trigger,
      h("span", { class: "space" }),
      iconButton(ICONS.farther, t.zoomOut, () => view.zoom(1 / 2)),
      iconButton(ICONS.closer, t.zoomIn, () => view.zoom(2)),
      iconButton(ICONS.fit, t.fit, () => view.fit()),
      iconButton(ICONS.download, t.save, () => this.#save()),
      iconButton(ICONS.clear, t.clear, () => this.#clear()),
    );
    this.element = h("div", { class: "analyser" }, bar, h("div", { class: "pins-place" }, view.element, this.#empty, this.#live), h("div", { class: "pins-foot" }, this.#measured, this.#said));
    this.#explain();
    this.#showState();
    this.#showTriggers();
    // A page that nobody sees asks for nothing.
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#end && this.#rest() : this.#listen()));
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    this.#view.show(isShown);
    if (isShown) this.#listen();
  }

  board(name: string | undefined): void {
    if (name === this.#board) return;
    this.#board = name;
    this.#end?.();
    this.#end = undefined;
    this.#isHeld = false;
    this.#view.hold(false);
    this.#clear();
    this.#showState();
    this.#explain();
    void this.#learnNames();
    this.#listen();
  }

  /** Records from now on, also while another panel is looked at: what a program did before is what one wants to see. */
  #listen(): void {
    if (this.#end || this.#isHeld || !this.#board || this.#isReal || document.hidden) return;
    void this.hooks.time.refresh();
    let isFirst = this.#signals.isEmpty;
    let isBehind = false;
    this.#end = this.hooks.events.subscribe({ kinds: KINDS }, this.#board, {
      event: (event) => this.#take(event),
      begun: () => {
        // Where the stream goes on after some were missed its next event says.
        if (!isFirst && !isBehind) {
          this.#signals.missed(this.#clock.now() - UNSURE);
          this.#signals.goesOn(this.#clock.now());
        }
        [isFirst, isBehind] = [false, false];
        this.#lookSoon();
      },
      missed: () => {
        isBehind = true;
        this.#signals.missed();
      },
      lost: () => this.#signals.missed(),
    });
  }

  /** Records no more; what happens from now on is missed. */
  #rest(): void {
    this.#end?.();
    this.#end = undefined;
    this.#signals.missed(this.#clock.now());
  }

  /** What is observed costs a board time: nobody looks, and it does much. */
  #isTooMuch(): boolean {
    const here = performance.now();
    if (here - this.#countedSince > 1000) [this.#count, this.#countedSince] = [0, here];
    return ++this.#count > MUCH && !this.#isShown;
  }

  #take(event: LabEvent): void {
    const { t: at } = event;
    if (this.#isTooMuch()) return this.#rest();
    this.#clock.heard(at);
    const wasEmpty = this.#signals.isEmpty;
    this.#signals.take(event as unknown as PinEvent);
    if (wasEmpty !== this.#signals.isEmpty) this.#empty.hidden = true;
    this.#watch(event);
    this.#view.came(at);
    this.#showTriggers();
  }

  /** Looks for the edge that is waited for, and holds when it is where it is to be seen. */
  #watch(event: LabEvent): void {
    const { gpio, level } = this.#armed ?? {};
    if (gpio === undefined || this.#fired !== undefined || (event.event !== "pin" && event.event !== "input")) return;
    if (event["gpio"] !== gpio || event["level"] !== level) return;
    this.#fired = event.t;
    const { window } = this.#view;
    const rest = ((1 - TRIGGER_AT) * window.width * window.perPixel) / 1e6;
    setTimeout(() => {
      if (this.#fired !== event.t || this.#isHeld) return;
      this.#holds(true);
      this.#view.cursors.set("A", event.t);
      this.#view.selected = `pin${gpio}`;
      this.#view.lookAt(event.t, TRIGGER_AT);
      this.#measure();
    }, Math.min(rest, 60_000));
  }

  #holds(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#view.hold(isHeld);
    if (isHeld) this.#rest();
    else {
      this.#fired = undefined;
      this.#listen();
      this.#view.follow();
    }
    this.#showState();
  }

  #arm(): void {
    const [gpio, level] = this.#trigger.value.split(":").map(Number);
    this.#armed = gpio !== undefined && level !== undefined ? { gpio, level } : undefined;
    this.#fired = undefined;
    if (this.#armed && this.#isHeld) this.#holds(false);
    this.#showState();
  }

  #clear(): void {
    this.#signals.clear();
    this.#view.clear();
    this.#empty.hidden = false;
    this.#fired = undefined;
    this.#triggersOf = "";
    this.#showTriggers();
    if (this.#end) this.#lookSoon();
  }

  /** Looks soon, and once where much is missed. */
  #lookSoon(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      void this.#look();
    }, LOOK);
  }

  /** How the pins are now: those that the board drives are shown before they change. */
  async #look(): Promise<void> {
    const board = this.#board;
    if (!board) return;
    const found = await lab.look(board).catch(() => undefined);
    if (!found || board !== this.#board) return;
    this.#clock.heard(found.at_ns);
    for (const { gpio, output, level, pwm } of found.pins) if (output) this.#signals.begins(gpio, found.at_ns, level, pwm);
    this.#empty.hidden = !this.#signals.isEmpty;
    this.#view.redraw();
    this.#showTriggers();
  }

  async #learnNames(): Promise<void> {
    const device = this.#board && this.hooks.known(this.#board)?.device;
    const names = new Map<number, string>();
    this.#view.rename((gpio) => names.get(gpio));
    if (!device || this.#isReal) return;
    const found = await server.device(device).catch(() => undefined);
    for (const { pins } of found?.headers ?? []) for (const { label, gpio } of pins) if (gpio !== undefined && !names.has(gpio)) names.set(gpio, label);
    this.#view.rename((gpio) => names.get(gpio));
    this.#triggersOf = "";
    this.#showTriggers();
  }

  /** What there is to be seen, as long as nothing is. */
  #explain(): void {
    this.#empty.replaceChildren(...(this.#isReal ? [h("p", {}, t.real)] : [h("p", {}, t.empty), h("pre", {}, h("code", {}, t.example))]));
  }

  get #isReal(): boolean {
    return this.#board !== undefined && !this.hooks.known(this.#board)?.firmware;
  }

  #name(gpio: number): string {
    return this.#view.nameOf(gpio) ?? `GPIO${gpio}`;
  }

  /** The edges that can be waited for: of pins that something happened on. */
  #showTriggers(): void {
    const pins = [...this.#signals.pins.keys()].sort((a, b) => a - b);
    const key = pins.join();
    if (key === this.#triggersOf && this.#trigger.options.length) return;
    this.#triggersOf = key;
    const chosen = this.#trigger.value;
    const options = pins.flatMap((gpio) => ([1, 0] as const).map((level) => new Option(t.triggerOn(this.#name(gpio), level), `${gpio}:${level}`)));
    this.#trigger.replaceChildren(new Option(t.noTrigger, ""), ...options);
    if (options.some(({ value }) => value === chosen)) this.#trigger.value = chosen;
    else this.#armed = undefined;
  }

  #showState(): void {
    this.#hold.replaceChildren(svg(this.#isHeld ? ICONS.run : ICONS.pause, this.#isHeld), this.#isHeld ? t.goOn : t.hold);
    this.#hold.title = this.#isHeld ? t.goOnHint : t.holdHint;
    this.#hold.setAttribute("aria-pressed", String(this.#isHeld));
    this.#live.hidden = this.#isHeld || this.#view.follows;
    this.#trigger.classList.toggle("armed", this.#isArmed);
    this.#measure();
  }

  get #isArmed(): boolean {
    return this.#armed !== undefined && this.#fired === undefined && !this.#isHeld;
  }

  /** What the cursors say. */
  #measure(): void {
    const { cursors } = this.#view;
    const [a, b] = [cursors.get("A"), cursors.get("B")];
    const between = a !== undefined && b !== undefined ? Math.abs(b - a) : undefined;
    this.#measured.replaceChildren(
      ...(between === undefined
        ? [h("span", { class: "hint" }, this.#isArmed ? t.waiting : cursors.size ? t.another : t.howTo)]
        : [h("b", {}, "Δt "), spanText(between), ...(between > 0 ? [h("b", {}, "1/Δt "), hertzText(1e9 / between)] : [])]),
    );
    const said = this.#view.said();
    if (this.#said.textContent !== said) this.#said.textContent = said;
  }

  #save(): void {
    const name: PinName = this.#view.nameOf;
    saveAs(`${this.#board ?? "board"}.vcd`, new Blob([vcdOf(this.#signals, name, this.#board ?? "board")], { type: "text/plain" }));
  }
}
