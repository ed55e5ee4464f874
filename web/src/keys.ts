// The page's own keys: run, save, and the way from part to part.

/** Parts of the page, and what in them takes the keys. */
const PARTS: [string, string][] = [
  ["header", "#run"],
  ["#programs", "#programs [tabindex='0']"],
  ["#board-files", "#board-files [tabindex='0']"],
  [".upper", ".cm-content"],
  ["#console", ".xterm-helper-textarea"],
  ["#aux", "#aux [tabindex='0']"],
  ["#bench", "#bench [tabindex='0']"],
];

export interface KeyHooks {
  run(): void;
  save(): void;
}

/** Listens from now on. A question that is open has the keys to itself. */
export function keys(hooks: KeyHooks): void {
  const listen = (event: KeyboardEvent) => {
    if (document.querySelector("dialog[open]")) return;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (event.key === "F5" && !isCtrl && !event.shiftKey) hooks.run();
    else if (isCtrl && event.key === "Enter") hooks.run();
    else if (isCtrl && event.key === "s") hooks.save();
    else if (event.key === "F6") next(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Before editor and terminal, which have keys of their own.
  document.addEventListener("keydown", listen, true);
}

/** Goes to the next part that is there. */
function next(by: 1 | -1): void {
  const here = PARTS.findIndex(([part]) => document.querySelector(part)?.contains(document.activeElement));
  for (let step = 1; step <= PARTS.length; step++) {
    const to = PARTS[(here + by * step + PARTS.length * 2) % PARTS.length]?.[1] ?? "";
    const place = document.querySelector<HTMLElement>(to);
    if (place?.offsetParent) return place.focus();
  }
}
