// What pointers do on a picture: one drags it or something on it, two make it larger and smaller, a press that does not move is a click.

/** Pixels that a pointer may move and still be a click. */
const STILL = 4;
/** Pixels that two fingers are apart at least, for what is made of their distance. */
const APART = 20;

interface Spot {
  x: number;
  y: number;
}

export interface Grips<T> {
  /** What can be dragged here, instead of the picture. */
  grab(at: Spot): T | undefined;
  drag(what: T, to: Spot): void;
  pan(dx: number, dy: number): void;
  zoom(by: number, x: number): void;
  click(at: Spot): void;
  /** A pointer is there without being pressed. */
  point(at: Spot): void;
  leave(): void;
}

/** Listens on this element from now on. */
export function pointers<T>(element: HTMLElement, grips: Grips<T>): void {
  const down = new Map<number, Spot>();
  let grabbed: T | undefined;
  let moved = 0;
  const spot = ({ offsetX: x, offsetY: y }: PointerEvent): Spot => ({ x, y });

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, spot(event));
    moved = 0;
    grabbed = down.size === 1 ? grips.grab(spot(event)) : undefined;
  });
  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    const now = spot(event);
    if (!before) return grips.point(now);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    moved += Math.abs(dx) + Math.abs(dy);
    if (grabbed !== undefined) return grips.drag(grabbed, now);
    if (other) {
      const wide = (one: Spot) => Math.max(Math.abs(one.x - other.x), APART);
      grips.zoom(wide(now) / wide(before), (now.x + other.x) / 2);
      return grips.pan(dx / 2, 0);
    }
    if (moved >= STILL) grips.pan(dx, dy);
  });
  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return;
    const isClick = event.type === "pointerup" && moved < STILL && grabbed === undefined;
    grabbed = undefined;
    if (isClick) grips.click(spot(event));
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => grips.leave());
}
