// What a hand does on the table: moves parts, draws wires, presses buttons, turns knobs.
import type { Zone } from "./kinds.ts";
import { MM, type Point } from "./kinds.ts";
import { changePart, type Circuit, join, type SettingValue, snap } from "./model.ts";
import type { PartView } from "./partview.ts";
import { type Grip, TREMBLE } from "./stage.ts";
import type { PlaceOfPin, Table } from "./table.ts";

/** Degrees that a potentiometer turns from end to end, and an encoder from step to step. */
const POT = 270;
const STEP = 18;

/** What the panel does for the table. */
export interface Hands {
  change(next: Circuit): void;
  /** Something is done to a part, at once. */
  act(part: string, setting: string, value: SettingValue): void;
  /** The same of what changes all the time. */
  slide(part: string, setting: string, value: SettingValue): void;
  /** What a part shows, or is set to. */
  value(part: string, setting: string): SettingValue | undefined;
  /** A part's button goes down or up; kept down until it is pressed again if `isKept`. */
  press(part: string, setting: string, isDown: boolean, isKept: boolean): void;
  /** A button of the board itself. */
  boardButton(name: string, isDown: boolean, isKept: boolean): void;
}

/** What is under the pointer, taken in the hand. */
export function grab(table: Table, hands: Hands, at: Point, event: PointerEvent): Grip | undefined {
  const pin = table.pinAt(at, event);
  const from = table.from.now;
  if (from) return endWire(table, hands, from, pin);
  if (pin) return startWire(table, hands, pin, event);
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const zone = under.find((element): element is HTMLElement => element.classList.contains("zone"));
  const inZone = zone && table.parts.get(zone.closest<HTMLElement>("[data-part]")?.dataset["part"] ?? "");
  if (inZone) return useZone(table, hands, inZone, zone.dataset["does"], at, event);
  // What lies on top counts.
  const { button, wire: key, part: name } = under.map((element) => element.closest<HTMLElement>("[data-button], [data-wire], [data-part]")).find((found) => found)?.dataset ?? {};
  if (button !== undefined) return pressBoard(hands, button, event);
  const wire = table.wires.at(key);
  if (wire) return { move() {}, end: (_, isWhole) => isWhole && table.selection.set({ wire }) };
  const part = table.parts.get(name ?? "");
  return part && movePart(table, hands, part, at, event);
}

function movePart(table: Table, hands: Hands, view: PartView, from: Point, down: PointerEvent, clicked?: () => void): Grip {
  const before = view.at;
  let isDragged = false;
  const place = (at: Point): Point => [snap((before[0] + at[0] - from[0]) / MM), snap((before[1] + at[1] - from[1]) / MM)];
  if (!clicked) table.selection.set({ part: view.name });
  return {
    move: (at, event) => {
      isDragged ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > TREMBLE;
      if (!isDragged) return;
      view.element.classList.add("held");
      const [x, y] = place(at);
      view.place([x * MM, y * MM]);
      table.redraw();
    },
    end: (at, isWhole) => {
      view.element.classList.remove("held");
      if (!isDragged) return isWhole ? clicked?.() : undefined;
      if (isWhole) return hands.change(changePart(table.circuit, view.name, { at: place(at) }));
      view.place(before);
      table.redraw();
    },
  };
}

/** From pin to pin by dragging; a click leaves the wire in the hand. */
function startWire(table: Table, hands: Hands, pin: PlaceOfPin, down: PointerEvent): Grip {
  let isDragged = false;
  table.from.set(pin);
  return {
    move: (at, event) => {
      isDragged ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > TREMBLE * 2;
      table.hover(table.pinAt(at, event), at);
    },
    end: (at, isWhole, event) => {
      if (isWhole && !isDragged) return;
      const to = isWhole ? table.pinAt(at, event) : undefined;
      table.from.set(undefined);
      if (to) hands.change(join(table.circuit, pin.end, to.end));
    },
  };
}

/** The second click of two. */
function endWire(table: Table, hands: Hands, from: PlaceOfPin, pin: PlaceOfPin | undefined): Grip | undefined {
  if (!pin) return undefined;
  return {
    move: (at, event) => table.hover(table.pinAt(at, event), at),
    end: (at, isWhole, event) => {
      const to = isWhole ? (table.pinAt(at, event) ?? pin) : undefined;
      table.from.set(undefined);
      if (to) hands.change(join(table.circuit, from.end, to.end));
    },
  };
}

function useZone(table: Table, hands: Hands, view: PartView, does: string | undefined, at: Point, event: PointerEvent): Grip | undefined {
  const zone = view.zone(does);
  if (!zone) return undefined;
  const part = view.name;
  switch (zone.does) {
    case "press":
      hands.press(part, zone.setting, true, event.shiftKey);
      return { move() {}, end: () => hands.press(part, zone.setting, false, false) };
    case "toggle":
      return movePart(table, hands, view, at, event, () => {
        hands.act(part, zone.setting, hands.value(part, zone.setting) === "right" ? "left" : "right");
      });
    default:
      return turn(hands, view, zone, at);
  }
}

/** A knob follows the hand around its middle. */
function turn(hands: Hands, view: PartView, zone: Zone, from: Point): Grip {
  const [cx, cy] = view.center(zone);
  const angle = ([x, y]: Point) => (Math.atan2(y - cy, x - cx) * 180) / Math.PI;
  const before = Number(hands.value(view.name, zone.setting) ?? 0);
  let [last, all, moved] = [angle(from), 0, false];
  const value = () => (zone.does === "turn" ? Math.min(1, Math.max(0, before + all / POT)) : before + Math.round(all / STEP));
  return {
    move: (at) => {
      const now = angle(at);
      all += ((now - last + 540) % 360) - 180;
      last = now;
      moved ||= Math.abs(all) > STEP / 2;
      if (value() !== hands.value(view.name, zone.setting)) hands.slide(view.name, zone.setting, value());
    },
    end: (at) => {
      // A click beside the middle of an encoder is one step to that side.
      if (!moved && zone.does === "steps") hands.slide(view.name, zone.setting, before + (at[0] < cx ? -1 : 1));
    },
  };
}

function pressBoard(hands: Hands, name: string, event: PointerEvent): Grip {
  hands.boardButton(name, true, event.shiftKey);
  return { move() {}, end: () => hands.boardButton(name, false, false) };
}
