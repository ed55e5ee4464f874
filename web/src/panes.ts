// Edges between the parts of the page, which can be moved and stay where they were put.
import { h } from "./dom.ts";

const KEY = "coil.panes";
const STEP = 16;

export interface Edge {
  /** The custom property with the size in pixels. */
  property: string;
  label: string;
  /** The part whose size it is lies before the edge (left, above), or after it. */
  side: "before" | "after";
  axis: "x" | "y";
  size: number;
  least: number;
  /** Pixels that must be left for the others. */
  others: number | (() => number);
  /** Another part whose size says how much is left. */
  beside?: Element;
}

/** An edge of this area, to be put into its grid. */
export function edge(area: HTMLElement, of: Edge): HTMLElement {
  const isX = of.axis === "x";
  const others = () => (typeof of.others === "number" ? of.others : of.others());
  const most = () => Math.max(of.least, (isX ? area.clientWidth : area.clientHeight) - others());
  /** What somebody has chosen, and what there is room for. */
  let chosen = recall()[of.property] ?? of.size;
  let size = chosen;
  const fit = () => {
    size = Math.round(Math.min(Math.max(chosen, of.least), most()));
    area.style.setProperty(of.property, `${size}px`);
    bar.setAttribute("aria-valuenow", String(size));
    bar.setAttribute("aria-valuemax", String(most()));
  };
  const apply = (wanted: number, keep: boolean) => {
    chosen = wanted;
    fit();
    chosen = size;
    if (keep) remember(of.property, size);
  };
  const grows = (by: number) => (of.side === "before" ? by : -by);
  const bar = h("div", {
    class: `edge ${of.axis}`,
    role: "separator",
    tabindex: 0,
    "aria-label": of.label,
    "aria-orientation": isX ? "vertical" : "horizontal",
    "aria-valuemin": of.least,
    onkeydown: (event: KeyboardEvent) => {
      const by = { ArrowLeft: -STEP, ArrowUp: -STEP, ArrowRight: STEP, ArrowDown: STEP }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      apply(size + grows(by), true);
    },
    ondblclick: () => apply(of.size, true),
    onpointerdown: (down: PointerEvent) => {
      const [start, before] = [isX ? down.clientX : down.clientY, size];
      bar.setPointerCapture(down.pointerId);
      bar.onpointermove = (move) => apply(before + grows((isX ? move.clientX : move.clientY) - start), false);
      bar.onlostpointercapture = () => {
        bar.onpointermove = null;
        remember(of.property, size);
      };
    },
  });
  const watch = new ResizeObserver(fit);
  for (const element of of.beside ? [area, of.beside] : [area]) watch.observe(element);
  return bar;
}

function recall(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function remember(property: string, size: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recall(), [property]: size }));
  } catch {
    // They are where they are at first next time.
  }
}
