// What was recorded as signals (IEEE 1364), for PulseView and GTKWave.
import type { PinName } from "./rows.ts";
import { type PinTrack, type Signals, UNKNOWN } from "./signals.ts";
import type { Wave } from "./wave.ts";

/** Edges of a wave that are written; what has more is unknown from there on. */
const EDGES = 20_000;

interface Signal {
  declaration: string;
  changes: [number, string][];
}

export function vcdOf(signals: Signals, nameOf: PinName, board: string): string {
  const all: Signal[] = [];
  const word = (text: string) => text.replace(/[^A-Za-z0-9]/g, "_");
  const named = (gpio: number) => `GPIO${gpio}${nameOf(gpio) ? `_${word(nameOf(gpio) as string)}` : ""}`;
  for (const track of [...signals.pins.values()].sort((a, b) => a.gpio - b.gpio)) {
    const code = codeOf(all.length);
    all.push({ declaration: `$var wire 1 ${code} ${named(track.gpio)} $end`, changes: levels(track, signals.last).map(([t, level]) => [t, `${level === UNKNOWN ? "x" : level}${code}`]) });
  }
  for (const { gpio, kind, volts } of signals.volts.values()) {
    const code = codeOf(all.length);
    const changes: [number, string][] = [];
    for (let nth = 0; nth < volts.size; nth++) changes.push([volts.time(nth), `r${Number(volts.value(nth).toFixed(6))} ${code}`]);
    all.push({ declaration: `$var real 64 ${code} ${kind.toUpperCase()}${gpio}_volts $end`, changes });
  }
  const head = ["$version coil $end", "$timescale 1 ns $end", `$scope module ${word(board) || "board"} $end`, ...all.map(({ declaration }) => declaration), "$upscope $end", "$enddefinitions $end"];
  const changes = all.flatMap(({ changes }) => changes).sort((a, b) => a[0] - b[0]);
  const lines: string[] = [];
  let last = -1;
  for (const [t, text] of changes) {
    const at = Math.max(Math.round(t), 0);
    if (at > last) lines.push(`#${(last = at)}`);
    lines.push(text);
  }
  return `${[...head, ...lines].join("\n")}\n`;
}

/** Codes are printable and begin like no value. */
const codeOf = (nth: number): string => `a${nth.toString(36)}`;

/** All levels of a pin: those it was set to, and those of its waves. */
function levels({ edges, waves }: PinTrack, last: number): [number, number][] {
  const found: [number, number][] = [];
  let nth = 0;
  const until = (time: number) => {
    for (; nth < edges.size && edges.time(nth) < time; nth++) found.push([edges.time(nth), edges.value(nth)]);
  };
  for (let at = 0; at < waves.size; at++) {
    const wave = waves.at(at) as Wave;
    until(wave.from);
    const end = Math.min(wave.to, last);
    const reach = Number.isFinite(wave.pace) ? wave.from + wave.pace * EDGES : end;
    const { level, edges: drawn } = wave.edges(wave.from, Math.min(end, reach));
    found.push([wave.from, level], ...drawn.times.map((time, place): [number, number] => [time, drawn.levels[place] as number]));
    if (reach < end) found.push([reach, UNKNOWN]);
    // Levels that were set within a wave are no news of the wire.
    while (nth < edges.size && edges.time(nth) < end) nth++;
  }
  until(Infinity);
  return found;
}
