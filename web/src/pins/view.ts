// The picture on the page: what pointers and keys do to it, and when it is drawn.
import { h } from "../dom.ts";
import { texts } from "../texts/en.ts";
import * as theme from "../theme.ts";
import type { LabClock } from "../clock.ts";
import { Lag } from "./lag.ts";
import { changeFrom, itemAt, sayRow, snap } from "./measure.ts";
import { type Paint, paintOf } from "./paint.ts";
import { AXIS, type Cursor, drawScene, GUTTER, heightOf, rowAt } from "./picture.ts";
import { pointers } from "./pointers.ts";
import { type PinName, type Row, rowsOf } from "./rows.ts";
import type { Signals } from "./signals.ts";
import { clockText, TimeWindow } from "./window.ts";

/** Pixels within which a cursor goes to a change, or is taken hold of. */
const SNAP = 9;
const GRIP = 5;
/** What one press of a key, and one turn of a wheel, makes larger. */
const ZOOM_KEY = 1.5;
const ZOOM_WHEEL = 1.0015;
/** Nanoseconds that are no difference. */
const HAIR = 0.5;
/** The share of its way to the middle that a cursor goes with each step closer. */
const CLOSER = 0.3;
/** Pixels right of now while it follows. */
const AHEAD = 12;

export interface ViewHooks {
  /** A cursor was put, moved or taken away, or another row chosen. */
  measured(): void;
  /** It follows what happens now, or does so no more. */
  follows(isFollowing: boolean): void;
  /** The key for it was pressed. */
  hold(): void;
}

export class View {
  readonly element: HTMLElement;
  readonly window = new TimeWindow();
  rows: Row[] = [];
  nameOf: PinName = () => undefined;
  selected: string | undefined;
  active: "A" | "B" = "A";
  readonly cursors = new Map<"A" | "B", number>();
  readonly #canvas: HTMLCanvasElement;
  readonly #tip = h("div", { class: "pins-tip", hidden: true });
  #paint: Paint | undefined;
  #follows = true;
  /** Where time stands while nothing is recorded. */
  #heldAt: number | undefined;
  readonly #lag = new Lag();
  /** The moment up to which events have come. */
  #known = 0;
  #isShown = false;
  #isDue = false;
  #top = 0;
  #height = 1;
  #hover: string | undefined;
  #drawn = "";
  #rowsOf = "";

  constructor(
    private readonly signals: Signals,
    private readonly clock: LabClock,
    private readonly hooks: ViewHooks,
  ) {
    this.#canvas = h("canvas", {
      tabindex: 0,
      role: "application",
      "aria-roledescription": texts.pins.role,
      "aria-label": texts.pins.label,
      "aria-describedby": "pins-keys",
      onkeydown: (event: KeyboardEvent) => this.#key(event),
      onwheel: (event: WheelEvent) => this.#wheel(event),
    });
    pointers<"A" | "B">(this.#canvas, {
      grab: ({ x, y }) => {
        this.#tip.hidden = true;
        return this.#cursorAt(x - GUTTER, y);
      },
      drag: (name, { x, y }) => this.#put(name, x - GUTTER, rowAt(this.rows, this.#top, y)),
      pan: (dx, dy) => this.#pan(dx, dy),
      zoom: (by, x) => this.zoom(by, x - GUTTER),
      click: (at) => this.#click(at),
      point: ({ x, y }) => this.#point(x, y),
      leave: () => this.#leave(),
    });
    this.element = h("div", { class: "pins-view" }, this.#canvas, this.#tip, h("p", { id: "pins-keys", class: "unseen" }, texts.pins.keys));
    new ResizeObserver(() => this.#resize()).observe(this.element);
    theme.shown.watch(() => {
      this.#paint = undefined;
      this.redraw();
    });
  }

  get follows(): boolean {
    return this.#follows;
  }

  /** The moment up to which something is known. */
  get now(): number {
    return this.#heldAt ?? this.#known;
  }

  /** An event of this moment has come. */
  came(t: number): void {
    const { rate } = this.clock;
    if (rate) this.#lag.heard((this.clock.now() - t) / rate / 1e6, performance.now());
    this.#soon();
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    if (isShown) this.redraw();
  }

  /** Time stands in the picture, or goes on. */
  hold(isHeld: boolean): void {
    // All that has come is to be seen.
    this.#heldAt = isHeld ? Math.max(this.now, Math.min(this.signals.last, this.clock.now())) : undefined;
    this.redraw();
  }

  follow(isFollowing = true): void {
    if (isFollowing !== this.#follows) {
      this.#follows = isFollowing;
      this.hooks.follows(isFollowing);
    }
    this.redraw();
  }

  /** Makes larger or smaller around a cursor that is to be seen, now, or the middle. */
  zoom(by: number, x?: number): void {
    const cursor = this.cursors.get(this.active);
    const at = cursor === undefined ? undefined : this.window.xOf(cursor);
    const isSeen = at !== undefined && at >= 0 && at <= this.window.width;
    this.window.zoom(by, this.#follows ? this.window.width - AHEAD : (x ?? (isSeen ? at : this.window.width / 2)));
    // What one comes closer to comes to the middle.
    if (!this.#follows && x === undefined && isSeen && by > 1) this.window.pan((this.window.width / 2 - at) * CLOSER);
    this.redraw();
  }

  /** All that is known. */
  fit(): void {
    if (!Number.isFinite(this.signals.first)) return;
    this.follow(false);
    this.window.fit(this.signals.first, Math.max(this.signals.last, this.signals.first + 1000));
    this.redraw();
  }

  /** Puts a moment at this share of the width. */
  lookAt(at: number, share: number): void {
    this.follow(false);
    this.window.from = at - this.window.width * share * this.window.perPixel;
    this.redraw();
  }

  /** Starts anew. */
  clear(): void {
    this.cursors.clear();
    this.selected = undefined;
    this.#top = 0;
    this.#rowsOf = "";
    this.follow();
    this.hooks.measured();
  }

  row(): Row | undefined {
    return this.rows.find(({ id }) => id === this.selected) ?? this.rows[0];
  }

  /** Names may have changed. */
  rename(nameOf: PinName): void {
    this.nameOf = nameOf;
    this.#rowsOf = "";
    this.redraw();
  }

  redraw(): void {
    this.#drawn = "";
    this.#soon();
  }

  #soon(): void {
    if (this.#isDue || !this.#isShown) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#frame();
      // Time goes on by itself.
      if (this.#follows && this.#heldAt === undefined) this.#soon();
    });
  }

  #frame(): void {
    if (!this.#isShown) return;
    this.#arrange();
    if (this.clock.isKnown) this.#known = Math.max(this.clock.now() - this.#lag.next(performance.now()) * this.clock.rate * 1e6, 0);
    const now = this.now;
    const { window } = this;
    if (this.#follows) window.from = now - (window.width - AHEAD) * window.perPixel;
    // Less than half a pixel is no other picture.
    const drawn = `${this.signals.version} ${Math.round((window.from / window.perPixel) * 2)} ${window.perPixel}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const ctx = this.#canvas.getContext("2d", { alpha: false });
    if (!ctx) return;
    const ratio = devicePixelRatio || 1;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#paint ??= paintOf(this.element);
    const cursors: Cursor[] = [...this.cursors].map(([name, at]) => ({ name, at, isActive: name === this.active }));
    const active = this.cursors.get(this.active);
    drawScene(ctx, { signals: this.signals, rows: this.rows, window, top: this.#top, height: this.#height, now, cursors, selected: this.selected, hover: this.#hover, valuesAt: active ?? Math.min(window.to, now) }, this.#paint);
  }

  /** Rows are made anew when there are others. */
  #arrange(): void {
    const { pins, volts, buses } = this.signals;
    const key = `${pins.size} ${volts.size} ${buses.size}`;
    if (key === this.#rowsOf) return;
    this.#rowsOf = key;
    this.rows = rowsOf(this.signals, this.nameOf);
    this.#scroll(0);
  }

  #scroll(by: number): void {
    const most = Math.max(heightOf(this.rows) - (this.#height - AXIS), 0);
    this.#top = Math.min(Math.max(this.#top + by, 0), most);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.element;
    if (!clientWidth || !clientHeight) return;
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    // What was in the middle of time stays at the right edge while it follows, at the left otherwise.
    this.window.width = Math.max(clientWidth - GUTTER, 10);
    this.#height = clientHeight;
    this.#scroll(0);
    this.redraw();
    this.#frame();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const x = event.offsetX - GUTTER;
    const isAcross = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isAcross && !event.ctrlKey) this.#pan(-(event.deltaX || event.deltaY), 0);
    else this.zoom(ZOOM_WHEEL ** (-event.deltaY * (event.deltaMode === 1 ? 30 : 1) * (event.ctrlKey ? 4 : 1)), x);
  }

  #pan(dx: number, dy: number): void {
    if (dx) {
      this.follow(false);
      this.window.pan(dx);
      // As far as now is enough.
      if (this.window.from > this.now) this.window.from = this.now;
    }
    this.#scroll(-dy);
    this.redraw();
  }

  #cursorAt(x: number, y: number): "A" | "B" | undefined {
    const reach = y < AXIS ? 9 : GRIP;
    return (["B", "A"] as const).find((name) => {
      const at = this.cursors.get(name);
      return at !== undefined && Math.abs(this.window.xOf(at) - x) <= reach;
    });
  }

  #click({ x, y }: { x: number; y: number }): void {
    const row = rowAt(this.rows, this.#top, y);
    if (row) this.selected = row.id;
    if (x >= GUTTER) this.#put(this.#next(x - GUTTER), x - GUTTER, row);
    else this.#changed();
  }

  /** Which cursor a click puts: one that is not there yet, or the nearer. */
  #next(x: number): "A" | "B" {
    const [a, b] = [this.cursors.get("A"), this.cursors.get("B")];
    if (a === undefined) return "A";
    if (b === undefined) return "B";
    const at = this.window.timeOf(x);
    return Math.abs(a - at) <= Math.abs(b - at) ? "A" : "B";
  }

  #put(name: "A" | "B", x: number, row: Row | undefined): void {
    const at = this.window.timeOf(Math.min(Math.max(x, 0), this.window.width));
    this.active = name;
    this.cursors.set(name, row ? snap(row, at, SNAP * this.window.perPixel) : at);
    this.#changed();
  }

  #changed(): void {
    this.hooks.measured();
    this.redraw();
  }

  /** Says what is below the pointer. */
  #point(x: number, y: number): void {
    const row = rowAt(this.rows, this.#top, y);
    const isCursor = x >= GUTTER && this.#cursorAt(x - GUTTER, y) !== undefined;
    this.#canvas.style.cursor = isCursor ? "ew-resize" : x < GUTTER || y < AXIS ? "default" : "crosshair";
    if (row?.id !== this.#hover) {
      this.#hover = row?.id;
      this.redraw();
    }
    let at = this.window.timeOf(x - GUTTER);
    // What goes over a bus may be narrower than a pointer can point.
    if (row?.kind === "bus" && !itemAt(row.track, at)) at = snap(row, at, SNAP * this.window.perPixel);
    this.#tip.hidden = !row || x < GUTTER || at > this.now;
    if (!row || this.#tip.hidden) return;
    this.#tip.textContent = sayRow(row, at);
    const room = this.element.clientWidth;
    this.#tip.style.left = `${Math.min(x + 12, room - this.#tip.offsetWidth - 6)}px`;
    const below = y + 18 + this.#tip.offsetHeight < this.#height;
    this.#tip.style.top = `${below ? y + 18 : y - 12 - this.#tip.offsetHeight}px`;
  }

  #leave(): void {
    this.#tip.hidden = true;
    if (this.#hover === undefined) return;
    this.#hover = undefined;
    this.redraw();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const by = event.key === "ArrowRight" ? 1 : -1;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#step(by, event.shiftKey),
      ArrowRight: () => this.#step(by, event.shiftKey),
      ArrowUp: () => this.#choose(-1),
      ArrowDown: () => this.#choose(1),
      "+": () => this.zoom(ZOOM_KEY),
      "=": () => this.zoom(ZOOM_KEY),
      "-": () => this.zoom(1 / ZOOM_KEY),
      PageUp: () => this.#pan(this.window.width / 2, 0),
      PageDown: () => this.#pan(-this.window.width / 2, 0),
      Home: () => Number.isFinite(this.signals.first) && this.lookAt(this.signals.first, 0.05),
      End: () => this.follow(),
      f: () => this.fit(),
      a: () => this.#activate("A"),
      b: () => this.#activate("B"),
      Delete: () => this.#remove(),
      " ": () => this.hooks.hold(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #activate(name: "A" | "B"): void {
    this.active = name;
    if (!this.cursors.has(name)) this.cursors.set(name, this.window.timeOf(this.window.width / 2));
    this.#changed();
  }

  #remove(): void {
    this.cursors.delete(this.active);
    this.active = this.cursors.has("A") ? "A" : "B";
    if (!this.cursors.size) this.active = "A";
    this.#changed();
  }

  /** Moves the cursor to the next change of its row, or by a pixel. */
  #step(by: 1 | -1, isSmall: boolean): void {
    const row = this.row();
    const at = this.cursors.get(this.active) ?? this.window.timeOf(by > 0 ? 0 : this.window.width);
    const to = isSmall ? at + by * this.window.perPixel : row && changeFrom(row, at + by * HAIR, by);
    if (to === undefined || to > this.now) return this.#changed();
    this.cursors.set(this.active, to);
    const x = this.window.xOf(to);
    if (x < 0 || x > this.window.width) this.lookAt(to, 0.5);
    else if (this.#follows) this.follow(false);
    this.#changed();
  }

  #choose(by: 1 | -1): void {
    const at = this.rows.findIndex(({ id }) => id === this.selected);
    const to = this.rows[Math.min(Math.max(at + by, 0), this.rows.length - 1)];
    if (!to) return;
    this.selected = to.id;
    let y = -this.#top;
    for (const row of this.rows) {
      if (row === to) break;
      y += row.height;
    }
    if (y < 0) this.#scroll(y);
    else if (y + to.height > this.#height - AXIS) this.#scroll(y + to.height - (this.#height - AXIS));
    this.#changed();
  }

  /** What the active cursor shows in the chosen row. */
  said(): string {
    const row = this.row();
    const at = this.cursors.get(this.active);
    if (!row) return "";
    if (at === undefined) return this.selected ? sayRow(row, Math.min(this.now, this.window.to)) : "";
    return `${this.active}, ${clockText(at, Math.max(this.window.perPixel, 1))} – ${sayRow(row, at)}`;
  }
}
