// Which rows there are, in which order and how high: pins on their own, voltages, and each bus above its wires.
import { texts } from "../texts/en.ts";
import type { BusTrack, PinTrack, Signals, VoltTrack } from "./signals.ts";

interface Place {
  id: string;
  label: string;
  /** In small letters below it. */
  about: string;
  height: number;
  /** Which of the colours. */
  color: number;
}

export type Row = Place & ({ kind: "pin"; track: PinTrack } | { kind: "volts"; track: VoltTrack } | { kind: "bus"; track: BusTrack });

const HEIGHT = { pin: 36, wire: 32, volts: 54, bus: 32, twoWays: 46 };
/** Colours that there are. */
export const COLORS = 8;

/** What is printed beside a pin of the board, or its number where nothing is. */
export type PinName = (gpio: number) => string | undefined;

export function rowsOf(signals: Signals, nameOf: PinName): Row[] {
  const t = texts.pins;
  const name = (gpio: number) => nameOf(gpio) ?? `GPIO${gpio}`;
  const about = (gpio: number) => (nameOf(gpio) ? `GPIO${gpio}` : "");
  const rows: Row[] = [];
  const colorOf = (gpio: number) => Math.max(signals.order.indexOf(gpio), 0) % COLORS;
  const isDone = new Set<number>();
  const wire = (gpio: number, height: number, role?: string) => {
    const track = signals.pins.get(gpio);
    if (!track || isDone.has(gpio)) return;
    isDone.add(gpio);
    rows.push({ kind: "pin", id: `pin${gpio}`, track, label: name(gpio), about: [role, about(gpio)].filter(Boolean).join(" · "), height, color: colorOf(gpio) });
  };
  for (const bus of [...signals.buses.values()].sort((a, b) => a.id.localeCompare(b.id))) {
    const isTwoWays = bus.kind === "spi" && bus.pins.length > 2;
    rows.push({ kind: "bus", id: bus.id, track: bus, label: t.bus[bus.kind](bus.unit), about: bus.pins.map(name).join(" "), height: isTwoWays ? HEIGHT.twoWays : HEIGHT.bus, color: colorOf(bus.pins[0] ?? 0) });
    bus.pins.forEach((gpio, nth) => wire(gpio, HEIGHT.wire, bus.pins.length > 1 ? t.roles[bus.kind]?.[nth] : undefined));
  }
  const ofBuses = rows.splice(0);
  for (const gpio of [...signals.pins.keys()].sort((a, b) => a - b)) wire(gpio, HEIGHT.pin);
  for (const track of [...signals.volts.values()].sort((a, b) => a.gpio - b.gpio)) {
    rows.push({ kind: "volts", id: track.kind + track.gpio, track, label: name(track.gpio), about: t.volts[track.kind], height: HEIGHT.volts, color: colorOf(track.gpio) });
  }
  return [...rows, ...ofBuses];
}
