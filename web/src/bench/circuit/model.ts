// What is wired to a board, as the page edits it: values that never change, and what makes another one of them. Knows no page.

export interface Part {
  kind: string;
  /** Its upper left corner in millimetres, on the plane of the board; where it is drawn, nothing else. */
  at?: readonly [number, number];
  /** Degrees, clockwise: 0, 90, 180 or 270. */
  turned?: number;
  settings: Readonly<Record<string, SettingValue>>;
}

export type SettingValue = string | number | boolean;

/** Ends that are joined: `D6`, `GND`, `led1.anode`. */
export type Wire = readonly string[];

export interface Circuit {
  readonly parts: Readonly<Record<string, Part>>;
  readonly wires: readonly Wire[];
}

export const EMPTY: Circuit = { parts: {}, wires: [] };

/** Millimetres from pin to pin of everything. */
export const GRID = 2.54;
/** An end that is nothing: a supply pin that is left off on purpose. */
export const NOTHING = "nc";
/** Names that a part can have. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Two joined ends of a wire, and where they are in it. */
export interface Segment {
  wire: number;
  at: number;
  from: string;
  to: string;
}

/** The part that an end belongs to; nothing for pins of the board and supplies. */
export const partOf = (end: string): string | undefined => (end.includes(".") ? end.slice(0, end.indexOf(".")) : undefined);
export const pinOf = (end: string): string => end.slice(end.indexOf(".") + 1);

export const snap = (mm: number): number => Math.round(Math.round(mm / GRID) * GRID * 100) / 100;

/** A name that no part has yet: the kind's, shortened, and a number. */
export function freeName(circuit: Circuit, kind: string): string {
  const stem = SHORT[kind] ?? kind.replace(/-/g, "_");
  for (let nth = 1; ; nth++) if (!(`${stem}${nth}` in circuit.parts)) return `${stem}${nth}`;
}

const SHORT: Record<string, string> = {
  photoresistor: "light",
  potentiometer: "pot",
  "rotary-encoder": "knob",
  "seven-segment": "digit",
  "shift-register": "register",
  "slide-switch": "switch",
  ssd1306: "screen",
  tm1637: "display",
  ultrasonic: "ranger",
  resistor: "r",
};

/** Why this cannot be the name of a part that is called otherwise now; nothing if it can. */
export function nameTrouble(circuit: Circuit, name: string, before: string): "form" | "taken" | undefined {
  if (!NAME.test(name)) return "form";
  return name !== before && name in circuit.parts ? "taken" : undefined;
}

export function addPart(circuit: Circuit, name: string, part: Part): Circuit {
  return { ...circuit, parts: { ...circuit.parts, [name]: part } };
}

export function removePart(circuit: Circuit, name: string): Circuit {
  const { [name]: _, ...parts } = circuit.parts;
  return { parts, wires: withoutEnds(circuit.wires, (end) => partOf(end) === name) };
}

export function renamePart(circuit: Circuit, name: string, to: string): Circuit {
  const parts = Object.fromEntries(Object.entries(circuit.parts).map(([n, part]) => [n === name ? to : n, part]));
  const rename = (end: string) => (partOf(end) === name ? `${to}.${pinOf(end)}` : end);
  return { parts, wires: circuit.wires.map((wire) => wire.map(rename)) };
}

export function changePart(circuit: Circuit, name: string, change: Partial<Part>): Circuit {
  const part = circuit.parts[name];
  return part ? addPart(circuit, name, { ...part, ...change }) : circuit;
}

/** A setting is something else; nothing is what it usually is. */
export function setSetting(circuit: Circuit, name: string, setting: string, value: SettingValue | undefined): Circuit {
  const part = circuit.parts[name];
  if (!part) return circuit;
  const { [setting]: _, ...settings } = part.settings;
  return changePart(circuit, name, { settings: value === undefined ? settings : { ...settings, [setting]: value } });
}

export function turnPart(circuit: Circuit, name: string): Circuit {
  return changePart(circuit, name, { turned: ((circuit.parts[name]?.turned ?? 0) + 90) % 360 });
}

/** Joins two ends; as it was if they are joined by a wire already, or are one. */
export function join(circuit: Circuit, from: string, to: string): Circuit {
  if (from === to || (from === NOTHING && to === NOTHING)) return circuit;
  if (circuit.wires.some((wire) => wire.includes(from) && wire.includes(to))) return circuit;
  // What was left off on purpose is not any more.
  const wires = circuit.wires.filter((wire) => !(wire.includes(NOTHING) && (wire.includes(from) || wire.includes(to))));
  return { ...circuit, wires: [...wires, [from, to]] };
}

/** Cuts a wire between two of its ends. */
export function cut(circuit: Circuit, segment: Segment): Circuit {
  const wires = circuit.wires.flatMap((wire, nth) => (nth === segment.wire ? [wire.slice(0, segment.at + 1), wire.slice(segment.at + 1)] : [wire]));
  return { ...circuit, wires: wires.filter((wire) => wire.length > 1) };
}

/** Takes all wires off an end. */
export function free(circuit: Circuit, end: string): Circuit {
  return { ...circuit, wires: withoutEnds(circuit.wires, (e) => e === end) };
}

export function segments(circuit: Circuit): Segment[] {
  return circuit.wires.flatMap((wire, nth) => wire.slice(1).map((to, at) => ({ wire: nth, at, from: wire[at] as string, to })));
}

/** The ends that wires lead to from here, one step. */
export function joinedTo(circuit: Circuit, end: string): Segment[] {
  return segments(circuit).filter(({ from, to }) => from === end || to === end);
}

function withoutEnds(wires: readonly Wire[], goes: (end: string) => boolean): Wire[] {
  return wires.map((wire) => wire.filter((end) => !goes(end))).filter((wire) => wire.length > 1);
}

const SUPPLIES: Record<string, "power" | "ground"> = { "3V3": "power", "5V": "power", VIN: "power", VUSB: "power", GND: "ground" };

/** What a net carries, as far as its wires say it. */
export type NetRole = "power" | "ground" | "signal";

export interface Net {
  role: NetRole;
  ends: ReadonlySet<string>;
  /** The nth of those that carry signals. */
  nth: number;
}

/** The net of each end that a wire leads to. */
export function nets(circuit: Circuit): Map<string, Net> {
  const above = new Map<string, string>();
  const root = (end: string): string => {
    const up = above.get(end);
    return up === undefined || up === end ? end : root(up);
  };
  for (const wire of circuit.wires) {
    for (const end of wire) {
      if (end === NOTHING) continue;
      if (!above.has(end)) above.set(end, end);
      above.set(root(end), root(wire[0] as string));
    }
  }
  const found = new Map<string, Set<string>>();
  for (const end of above.keys()) {
    const set = found.get(root(end)) ?? new Set();
    found.set(root(end), set.add(end));
  }
  const all = new Map<string, Net>();
  const taken = new Set<number>();
  for (const ends of found.values()) {
    const supply = [...ends].map((end) => SUPPLIES[end]).find((role) => role);
    const net = { role: supply ?? "signal", ends, nth: supply ? 0 : colorOf(ends, taken) } as const;
    for (const end of ends) all.set(end, net);
  }
  return all;
}

/** How many colours there are for nets of signals. */
export const COLORS = 8;

/** A colour that stays the same when other nets come and go, and is nobody else's as long as there are enough. */
function colorOf(ends: ReadonlySet<string>, taken: Set<number>): number {
  const name = [...ends].sort()[0] ?? "";
  let hash = 0;
  for (const c of name) hash = (hash * 31 + c.charCodeAt(0)) >>> 0;
  let nth = hash % COLORS;
  for (let tries = 0; taken.has(nth) && tries < COLORS; tries++) nth = (nth + 1) % COLORS;
  taken.add(nth);
  return nth;
}

/** What the board notices of a circuit: not where it is drawn. */
export function wired({ parts, wires }: Circuit): string {
  return canonical([Object.entries(parts).map(([name, { kind, settings }]) => [name, kind, settings]).sort(), wires]);
}

export function equal(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** A text that is the same for the same value, in whatever order its members are. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v) => (v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v));
}
