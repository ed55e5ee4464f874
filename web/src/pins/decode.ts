// What goes over a bus in words: when each part of it is there, and what it means, in a long and a short form.
import { type BusEvent, bytesOf, type Dht, hexOf, type I2c, type OneWire, type Spi, type Uart } from "./events.ts";
import { texts } from "../texts/en.ts";
import type { Span } from "./ring.ts";
import { duration, periodOf, sentOf, symbolBits } from "./wires.ts";

/** What a piece is, which says its colour. */
export type PieceKind = "edge" | "address" | "data" | "back" | "bad" | "light";

export interface Piece extends Span {
  kind: PieceKind;
  /** From the longest to the shortest: what fits is shown. */
  texts: string[];
  /** Of a light. */
  color?: string;
}

/** What has to be known of a bus besides what goes over it now. */
export interface Context {
  /** 1-Wire: what the next byte that is written means. */
  expects?: OneWireByte;
}

export type OneWireByte = "rom" | "function" | "data";

const t = texts.pins;

export function piecesOf(event: BusEvent, from: number, context: Context = {}): Piece[] {
  switch (event.event) {
    case "i2c":
      return i2c(event, from);
    case "spi":
      return spi(event, from);
    case "uart":
      return uart(event, from);
    case "onewire":
      return [oneWire(event, from, context)];
    case "dht":
      return [{ from, to: from + duration(event), ...dhtMeans(event) }];
    case "bits":
      return lights(event.bytes, from, from + duration(event));
  }
}

/** All of it in one line, for those who point at it. */
export function sayOf(event: BusEvent, from: number, context: Context = {}): string {
  switch (event.event) {
    case "i2c": {
      const bytes = bytesOf(event.bytes).slice(0, sentOf(event));
      const head = event.start ? t.i2cHead(hexOf(event.address), event.read) : t.i2cMore;
      if (event.start && event.acked === null) return `${head}: ${t.nobody}`;
      const isRefused = !event.read && (event.acked ?? 0) < event.bytes.length / 2;
      return `${head}${bytes.length ? `: ${some(bytes)}` : ""}${isRefused ? `, ${t.refused}` : ""}`;
    }
    case "spi":
      return t.spi(some(bytesOf(event.out)), some(bytesOf(event.back)));
    case "uart":
      return t.uart(quoted(bytesOf(event.bytes)), some(bytesOf(event.bytes)));
    case "bits":
      return t.lights(lights(event.bytes, from, from + 1).map((piece) => piece.color ?? piece.texts[0] ?? "").slice(0, SOME).join(" "));
    default:
      return piecesOf(event, from, context)[0]?.texts[0] ?? "";
  }
}

/** Bytes that are told of many. */
const SOME = 16;
const some = (bytes: number[]) => bytes.slice(0, SOME).map(hexOf).join(" ") + (bytes.length > SOME ? ` … (${bytes.length})` : "");

/** Characters as they are, what cannot be seen as Python writes it. */
const charOf = (byte: number): string =>
  ({ 9: "\\t", 10: "\\n", 13: "\\r", 32: "␣" })[byte] ?? (byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`);
const quoted = (bytes: number[]) => `“${bytes.slice(0, 4 * SOME).map((byte) => (byte === 32 ? " " : charOf(byte))).join("")}${bytes.length > 4 * SOME ? "…" : ""}”`;
const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, "0");

function i2c(event: I2c, from: number): Piece[] {
  const period = periodOf(event.freq);
  const pieces: Piece[] = [];
  let at = from;
  const put = (clocks: number, kind: PieceKind, ...words: string[]) => {
    pieces.push({ from: at, to: (at += clocks * period), kind, texts: words });
  };
  if (event.start) {
    const address = hexOf(event.address);
    put(1, "edge", t.start, "S");
    put(8, "address", `${address} ${event.read ? t.read : t.write}`, `${address} ${event.read ? "R" : "W"}`, hex(event.address));
    if (event.acked === null) put(1, "bad", t.nobodyShort, "NACK", "N");
    else put(1, "edge", "ACK", "A");
  }
  const bytes = bytesOf(event.bytes);
  const sent = event.start && event.acked === null ? 0 : sentOf(event);
  bytes.slice(0, sent).forEach((byte, nth) => {
    put(8, event.read ? "back" : "data", hexOf(byte), hex(byte));
    const isAcked = event.read ? nth + 1 < sent : nth < (event.acked ?? 0);
    // The board ends its reading that way: nothing is wrong then.
    put(1, isAcked || event.read ? "edge" : "bad", isAcked ? "ACK" : "NACK", isAcked ? "A" : "N");
  });
  if (event.stop) put(1, "edge", t.stop, "P");
  return pieces;
}

function spi(event: Spi, from: number): Piece[] {
  const period = periodOf(event.freq);
  const at = (nth: number) => from + period * (1 + 8 * nth);
  const row = (bytes: string, kind: PieceKind) => bytesOf(bytes).map((byte, nth) => ({ from: at(nth), to: at(nth + 1), kind, texts: [hexOf(byte), hex(byte)] }));
  return [...row(event.out, "data"), ...(event.miso === null ? [] : row(event.back, "back"))];
}

function uart(event: Uart, from: number): Piece[] {
  const length = (symbolBits(event) * 1e9) / Math.max(event.baudrate, 1);
  return bytesOf(event.bytes).map((byte, nth) => ({ from: from + nth * length, to: from + (nth + 1) * length, kind: "data", texts: [`${charOf(byte)}  ${hexOf(byte)}`, charOf(byte)] }));
}

/** Words of 1-Wire's commands: those that choose a device, and those of its thermometers. */
const ROM: Record<number, string> = t.romCommands;
const FUNCTION: Record<number, string> = t.functionCommands;

/** What is expected after this. */
export function oneWireNext({ action, bits, value }: OneWire, { expects }: Context): Context {
  if (action === "reset") return { expects: "rom" };
  if (action !== "write" || bits !== 8 || expects === undefined) return expects ? { expects } : {};
  // Who chooses one by its number goes on with eight bytes; what they are is not told apart here.
  if (expects === "rom") return { expects: value === 0xcc || value === 0x33 ? "function" : "data" };
  return { expects: "data" };
}

function oneWire(event: OneWire, from: number, { expects }: Context): Piece {
  const to = from + duration(event);
  if (event.action === "reset") return { from, to, kind: event.present ? "address" : "bad", texts: event.present ? [t.present, t.reset] : [t.absent, t.reset] };
  const value = event.value ?? 0;
  const word = event.action === "write" && event.bits === 8 ? { rom: ROM, function: FUNCTION, data: undefined }[expects ?? "data"]?.[value] : undefined;
  const shown = event.bits === 1 ? String(value) : hexOf(value);
  return { from, to, kind: event.action === "write" ? "data" : "back", texts: [...(word ? [`${shown} ${word}`] : []), shown, event.bits === 1 ? shown : hex(value)] };
}

/** Temperature and humidity of a DHT11 or a DHT22. A DHT22's humidity is at most 1000 tenths, a DHT11's at least 20 whole ones. */
export function dhtMeans({ bytes }: Pick<Dht, "bytes">): Pick<Piece, "kind" | "texts"> {
  const [a = 0, b = 0, c = 0, d = 0, sum] = bytesOf(bytes);
  if (sum === undefined) return { kind: "bad", texts: [t.dhtSilent, t.dhtSilentShort] };
  if (((a + b + c + d) & 0xff) !== sum) return { kind: "bad", texts: [t.dhtSum, t.dhtSumShort] };
  const isDht22 = a <= 3;
  const humidity = isDht22 ? ((a << 8) | b) / 10 : a + b / 10;
  const size = isDht22 ? (((c & 0x7f) << 8) | d) / 10 : c + (d & 0x7f) / 10;
  const isCold = ((isDht22 ? c : d) & 0x80) !== 0;
  const degrees = isCold ? -size : size;
  return { kind: "back", texts: [`${degrees.toFixed(1)} °C, ${humidity.toFixed(1)} % rH`, `${degrees.toFixed(1)} °C`, degrees.toFixed(0)] };
}

/** The colours of lights in a row: three bytes each, green first, or four if it comes out even with four alone. */
function lights(bytes: string, from: number, to: number): Piece[] {
  const all = bytesOf(bytes);
  const each = all.length % 3 === 0 ? 3 : all.length % 4 === 0 ? 4 : 1;
  const count = all.length / each;
  const at = (nth: number) => from + ((to - from) * nth) / count;
  return Array.from({ length: count }, (_, nth) => {
    const [green = 0, red = 0, blue = 0] = all.slice(nth * each, nth * each + each);
    if (each === 1) return { from: at(nth), to: at(nth + 1), kind: "data", texts: [hexOf(green), hex(green)] };
    return { from: at(nth), to: at(nth + 1), kind: "light", texts: [`${nth + 1}: ${red}, ${green}, ${blue}`, String(nth + 1)], color: `#${hex(red)}${hex(green)}${hex(blue)}`.toLowerCase() };
  });
}
