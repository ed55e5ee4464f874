// Making elements. Whatever text comes in becomes a text node, never markup.

type Props = Record<string, string | number | boolean | undefined | ((event: never) => void)>;
type Child = Node | string | null | undefined;

/** An element with attributes (`onclick` and the like are listeners; `false` and `undefined` leave one out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as unknown as EventListener);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button with an icon; its label is what it says to those who do not see it, and its tooltip. */
export function iconButton(icon: string, label: string, onclick: (event: MouseEvent) => void, more: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick, ...more }, svg(icon));
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of 16 by 16, drawn as strokes along this path. */
export function svg(path: string, filled = false): SVGSVGElement {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  if (filled) line.setAttribute("class", "filled");
  picture.append(line);
  return picture;
}

/** Paths of the icons, drawn for this page. */
export const ICONS = {
  run: "M4.5 3v10l8.5-5z",
  stop: "M4 4h8v8H4z",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  plus: "M8 3v10M3 8h10",
  folder: "M2 12.5v-9h4l1.5 2H14v7z",
  newFolder: "M2 12.5v-9h4l1.5 2H14v7zM8 7.5v3M6.5 9h3",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  upload: "M8 11V3M5 6l3-3 3 3M3 13h10",
  download: "M8 3v8M5 8l3 3 3-3M3 13h10",
  rename: "M3 13l.7-3L11 2.700l2.300 2.300L6 12.300zM3 13h10",
  remove: "M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.6 9h5.800l.6-9",
  close: "M4 4l8 8M12 4l-8 8",
  toBoard: "M2 8h8M7 5l3 3-3 3M11 2.500h3v11h-3",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.500A5.500 5.500 0 1 1 6.500 3a4.500 4.500 0 0 0 6.500 6.500z",
  auto: "M8 2.500a5.500 5.500 0 1 0 0 11zM8 2.500a5.500 5.500 0 0 1 0 11",
  clear: "M3 13h10M5.500 10.500L3 8l5.500-5.500L13 7l-3.500 3.500z",
  bench: "M2.500 3h11v10h-11zM9.500 3v10M11 6h1M11 8h1M11 10h1",
  warn: "M8 2L14.500 13.500H1.500zM8 6.500v3M8 11.500v.100",
  undo: "M6 3L2.500 6.500L6 10M3 6.500h6a4 4 0 0 1 0 7H6",
  redo: "M10 3l3.500 3.500L10 10M13 6.500H7a4 4 0 0 0 0 7h3",
  closer: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l4 4M5.200 7h3.600M7 5.200v3.600",
  farther: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l4 4M5.200 7h3.600",
  fit: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  turn: "M12.500 8A4.500 4.500 0 1 1 8 3.500h4M9.800 1.200L12.200 3.500L9.800 5.800",
  check: "M3 8.500l3.500 3.500L13 4.500",
  sound: "M3 6h2.500L9 3v10L5.500 10H3zM11.500 5.500a3.500 3.500 0 0 1 0 5M13 3.500a6.300 6.300 0 0 1 0 9",
  lock: "M4 7.500h8V14H4zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500",
  chevron: "M6 3.500L10.500 8L6 12.500",
  history: "M3 8a5 5 0 1 0 1.600-3.700M3 2.500v3h3M8 5.500V8l2 1.200",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.500V8l2.500 1.500",
  pause: "M5.500 3.500v9M10.500 3.500v9",
} as const;
