// The keys of the table: everything that a pointer does can be done by them.
import type { Hands } from "./grips.ts";
import type { Inspector } from "./inspector.ts";
import { changePart, type Circuit, GRID, snap, turnPart } from "./model.ts";
import { MM } from "./kinds.ts";
import { ZOOM_STEP } from "./stage.ts";
import type { Selection, Table } from "./table.ts";

export interface KeyParts {
  table: Table;
  inspector: Inspector;
  hands: Hands;
  change(next: Circuit): void;
  remove(what: Selection): void;
  add(): void;
  undo(): void;
  redo(): void;
}

const MOVES: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What listens to keys within the panel. */
export function keysOf(parts: KeyParts): (event: KeyboardEvent) => void {
  return (event) => {
    const field = event.target as HTMLElement;
    // Fields of text have an undo and letters of their own.
    if (field.matches("input[type=text], input[type=search], input[type=number]")) return;
    const isCtrl = event.ctrlKey || event.metaKey;
    const isDone = isCtrl ? history(parts, event) : field.closest(".table") && !field.closest(".inspector") ? onTable(parts, event, field) : false;
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function history({ undo, redo }: KeyParts, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) undo();
  else if (key === "y" || key === "z") redo();
  else return false;
  return true;
}

function onTable(parts: KeyParts, event: KeyboardEvent, field: HTMLElement): boolean {
  const { table, inspector } = parts;
  const part = field.closest<HTMLElement>("[data-part]")?.dataset["part"];
  if (part !== undefined && onPart(parts, event, part)) return true;
  const button = field.closest<SVGElement>("[data-button]")?.dataset["button"];
  if (button !== undefined && (event.key === " " || event.key === "Enter")) {
    if (!event.repeat) held(event, (isDown) => parts.hands.boardButton(button, isDown, isDown && event.shiftKey));
    return true;
  }
  // A part that was pressed has the keys, and was not chosen by that.
  const chosen = table.selection.now ?? (part === undefined ? undefined : { part });
  if ((event.key === "F2" || event.key === "w") && chosen) table.selection.set(chosen);
  switch (event.key) {
    case "Delete":
    case "Backspace":
      if (chosen) parts.remove(chosen);
      return chosen !== undefined;
    case "Escape":
      if (table.from.now) table.from.set(undefined);
      else table.selection.set(undefined);
      return true;
    case "F2":
      inspector.focus("name");
      return true;
    case "w":
      inspector.focus("wires");
      return true;
    case "a":
      parts.add();
      return true;
    case "+":
      table.stage.zoomBy(ZOOM_STEP);
      return true;
    case "-":
      table.stage.zoomBy(1 / ZOOM_STEP);
      return true;
    case "0":
      table.fit();
      return true;
    default:
      return false;
  }
}

function onPart({ table, hands, change }: KeyParts, event: KeyboardEvent, part: string): boolean {
  const view = table.parts.get(part);
  const move = MOVES[event.key];
  if (!view) return false;
  if (move) {
    const [x, y] = view.at;
    change(changePart(table.circuit, part, { at: [snap(x / MM + move[0] * GRID), snap(y / MM + move[1] * GRID)] }));
    return true;
  }
  if (event.key === "r") {
    change(turnPart(table.circuit, part));
    return true;
  }
  if (event.key !== " " && event.key !== "Enter") return false;
  const [press, toggle] = [view.zone("press"), view.zone("toggle")];
  if (event.repeat) return true;
  if (press) held(event, (isDown) => hands.press(part, press.setting, isDown, isDown && event.shiftKey));
  else if (toggle) hands.act(part, toggle.setting, hands.value(part, toggle.setting) === "right" ? "left" : "right");
  return true;
}

/** Down now, and up when the key is let go, wherever the keys are then. */
function held(down: KeyboardEvent, press: (isDown: boolean) => void): void {
  press(true);
  const release = (up: Event) => {
    if (up instanceof KeyboardEvent && up.key !== down.key) return;
    press(false);
    for (const kind of ["keyup", "blur"]) removeEventListener(kind, release, true);
  };
  for (const kind of ["keyup", "blur"]) addEventListener(kind, release, true);
}
