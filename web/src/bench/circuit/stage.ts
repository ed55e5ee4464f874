// The table that everything lies on: moved by dragging it, made larger and smaller by wheel, fingers and buttons.
import { h } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import type { Box } from "./geometry.ts";
import type { Point } from "./kinds.ts";

const LEAST = 0.3;
const MOST = 5;
/** One board alone need not fill the table. */
const FITTED_MOST = 2.2;
/** What one turn of the wheel, or one press of a button does. */
export const ZOOM_STEP = 1.25;
/** Pixels around all that is there when it is fitted. */
const AROUND = 26;
/** Pixels that a finger or hand may tremble before it is a drag. */
export const TREMBLE = 4;

/** What somebody has in the hand. */
export interface Grip {
  move(at: Point, event: PointerEvent): void;
  /** Let go; where it was broken off, `isWhole` is false. */
  end(at: Point, isWhole: boolean, event: PointerEvent): void;
}

export interface StageHooks {
  /** What is taken in the hand here; nothing for the table itself. */
  grab(at: Point, event: PointerEvent): Grip | undefined;
  /** The pointer is here, and holds nothing. */
  hover(at: Point | undefined, event: PointerEvent): void;
  /** The table itself was clicked. */
  clicked(at: Point): void;
  /** It is seen from somewhere else. */
  moved(): void;
}

export class Stage {
  readonly world = h("div", { class: "world" });
  readonly element: HTMLElement;
  zoom = 1;
  #x = 0;
  #y = 0;
  /** Whether somebody has chosen what is seen; if not, everything stays fitted. */
  isChosen = false;
  readonly #fingers = new Map<number, PointerEvent>();
  #grip: Grip | undefined;
  #pinch: { far: number; zoom: number } | undefined;

  constructor(private readonly hooks: StageHooks) {
    this.element = h("div", {
      class: "stage",
      tabindex: -1,
      role: "group",
      "aria-label": texts.circuit.table,
      "aria-description": texts.circuit.keys,
      onpointerdown: (event: PointerEvent) => this.#down(event),
      onpointermove: (event: PointerEvent) => this.#move(event),
      onpointerup: (event: PointerEvent) => this.#up(event, true),
      onpointercancel: (event: PointerEvent) => this.#up(event, false),
      onpointerleave: (event: PointerEvent) => !this.#fingers.size && hooks.hover(undefined, event),
    }, this.world);
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Whether somebody has something in the hand. */
  get isHeld(): boolean {
    return this.#fingers.size > 0;
  }

  /** A point of the world, from one of the window. */
  toWorld(x: number, y: number): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return [(x - left - this.#x) / this.zoom, (y - top - this.#y) / this.zoom];
  }

  /** A point within the stage, from one of the world. */
  toStage([x, y]: Point): Point {
    return [x * this.zoom + this.#x, y * this.zoom + this.#y];
  }

  /** The world's point in the middle of what is seen. */
  get middle(): Point {
    return [(this.element.clientWidth / 2 - this.#x) / this.zoom, (this.element.clientHeight / 2 - this.#y) / this.zoom];
  }

  /** Shows all of this. */
  fit({ x, y, width, height }: Box, below = 0): void {
    const [w, h] = [this.element.clientWidth - 2 * AROUND, this.element.clientHeight - 2 * AROUND - below];
    if (w <= 0 || h <= 0) return;
    this.zoom = Math.min(Math.max(Math.min(w / width, h / height), LEAST), FITTED_MOST);
    this.#x = AROUND + (w - width * this.zoom) / 2 - x * this.zoom;
    this.#y = AROUND + (h - height * this.zoom) / 2 - y * this.zoom;
    this.isChosen = false;
    this.#apply();
  }

  /** Larger or smaller, about a point of the window or the middle. */
  zoomBy(factor: number, at?: Point): void {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const [px, py] = at ? [at[0] - left, at[1] - top] : [width / 2, height / 2];
    const zoom = Math.min(Math.max(this.zoom * factor, LEAST), MOST);
    this.#x = px - ((px - this.#x) * zoom) / this.zoom;
    this.#y = py - ((py - this.#y) * zoom) / this.zoom;
    this.zoom = zoom;
    this.isChosen = true;
    this.#apply();
  }

  /** Moves as little as is needed to see this. */
  reveal({ x, y, width, height }: Box, below: number): void {
    const [left, top] = this.toStage([x, y]);
    const [right, bottom] = this.toStage([x + width, y + height]);
    const [w, h] = [this.element.clientWidth, this.element.clientHeight - below];
    const by = (from: number, to: number, room: number) => (to > room - AROUND ? Math.max(room - AROUND - to, AROUND - from) : from < AROUND ? AROUND - from : 0);
    const [dx, dy] = [by(left, right, w), by(top, bottom, h)];
    if (!dx && !dy) return;
    this.#x += dx;
    this.#y += dy;
    this.#apply();
  }

  /** Whether all of this can be seen. */
  isSeen({ x, y, width, height }: Box): boolean {
    const [left, top] = this.toStage([x, y]);
    const [right, bottom] = this.toStage([x + width, y + height]);
    return left >= 0 && top >= 0 && right <= this.element.clientWidth && bottom <= this.element.clientHeight;
  }

  #pan(dx: number, dy: number): void {
    this.#x += dx;
    this.#y += dy;
    this.isChosen = true;
    this.#apply();
  }

  #apply(): void {
    this.world.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.zoom})`;
    this.element.style.setProperty("--zoom", String(this.zoom));
    const step = 9.6 * this.zoom * (this.zoom < 0.8 ? 2 : 1);
    this.element.style.backgroundSize = `${step}px ${step}px`;
    this.element.style.backgroundPosition = `${this.#x}px ${this.#y}px`;
    this.hooks.moved();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // A touchpad scrolls sideways as well: that moves the table.
    if (event.shiftKey || (event.deltaX !== 0 && !event.ctrlKey)) return this.#pan(-event.deltaX || -event.deltaY, event.shiftKey ? 0 : -event.deltaY);
    this.zoomBy(ZOOM_STEP ** (-Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 60)), [event.clientX, event.clientY]);
  }

  #down(event: PointerEvent): void {
    if (event.button > 1) return;
    this.#fingers.set(event.pointerId, event);
    if (this.#fingers.size === 2) {
      // The second finger makes a pinch of what the first one did.
      this.#grip?.end(this.toWorld(event.clientX, event.clientY), false, event);
      this.#grip = undefined;
      this.#pinch = { far: this.#apart(), zoom: this.zoom };
      return;
    }
    const at = this.toWorld(event.clientX, event.clientY);
    this.#grip = (event.button === 0 ? this.hooks.grab(at, event) : undefined) ?? this.#table(event);
    this.element.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    const at = this.toWorld(event.clientX, event.clientY);
    if (!before) return this.hooks.hover(at, event);
    const middle = this.#between();
    this.#fingers.set(event.pointerId, event);
    if (!this.#pinch) return this.#grip?.move(at, event);
    const now = this.#between();
    this.#pan(now[0] - middle[0], now[1] - middle[1]);
    this.zoomBy((this.#pinch.zoom * this.#apart()) / this.#pinch.far / this.zoom, now);
  }

  #up(event: PointerEvent, isWhole: boolean): void {
    if (!this.#fingers.delete(event.pointerId)) return;
    if (this.#pinch) {
      if (!this.#fingers.size) this.#pinch = undefined;
      return;
    }
    this.#grip?.end(this.toWorld(event.clientX, event.clientY), isWhole, event);
    this.#grip = undefined;
  }

  /** The table in the hand. */
  #table(down: PointerEvent): Grip {
    let last = down;
    let isDragged = false;
    return {
      move: (_, event) => {
        isDragged ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > TREMBLE;
        if (!isDragged) return;
        this.#pan(event.clientX - last.clientX, event.clientY - last.clientY);
        last = event;
      },
      end: (at, isWhole) => {
        if (!isDragged && isWhole && down.button === 0) this.hooks.clicked(at);
      },
    };
  }

  #apart(): number {
    const [a, b] = [...this.#fingers.values()];
    return a && b ? Math.max(Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), 1) : 1;
  }

  #between(): Point {
    const all = [...this.#fingers.values()];
    return [all.reduce((sum, e) => sum + e.clientX, 0) / all.length, all.reduce((sum, e) => sum + e.clientY, 0) / all.length];
  }
}
