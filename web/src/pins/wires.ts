// What goes over a bus as levels of its wires, bit by bit: the same pictures as in the signals that `coil trace` writes.
import { type BusEvent, bytesOf, type Bits, type Dht, type I2c, type OneWire, type Spi, type Uart } from "./events.ts";

const US = 1000;

/** Moments and the level that a wire has from each of them on. */
export interface Edges {
  times: number[];
  levels: number[];
}

/** The wires of a bus while something is drawn on them. */
class Wires {
  readonly lines = new Map<number, Edges>();
  constructor(public at: number) {}

  set(gpio: number | null, level: boolean | number, after = 0): void {
    if (gpio === null) return;
    let line = this.lines.get(gpio);
    if (!line) this.lines.set(gpio, (line = { times: [], levels: [] }));
    line.times.push(this.at + after);
    line.levels.push(Number(level));
  }

  hold(gpio: number, level: number, ns: number): void {
    this.set(gpio, level);
    this.at += ns;
  }
}

/** Nanoseconds of a clock. */
export const periodOf = (freq: number): number => Math.max(Math.floor(1e9 / Math.max(freq, 1)), 4);

/** Bits that a character takes on a wire. */
export const symbolBits = ({ bits, parity, stop }: Pick<Uart, "bits" | "parity" | "stop">): number => 1 + bits + (parity === "none" ? 0 : 1) + stop;

/** How many of an I2C transfer's bytes went over the bus: what a device refuses ends it. */
export const sentOf = ({ read, bytes, acked }: I2c): number => (read ? bytes.length / 2 : Math.min(bytes.length / 2, (acked ?? 0) + 1));

/** Nanoseconds that something takes on the bus. */
export function duration(event: BusEvent): number {
  switch (event.event) {
    case "i2c":
      return periodOf(event.freq) * ((event.start ? 10 : 0) + 9 * (event.acked === null && event.start ? 0 : sentOf(event)) + (event.stop ? 1 : 0));
    case "spi":
      return periodOf(event.freq) * (1.5 + 4 * event.out.length);
    case "uart":
      return ((event.bytes.length / 2) * symbolBits(event) * 1e9) / Math.max(event.baudrate, 1);
    case "onewire":
      return event.action === "reset" ? 960 * US : (event.bits ?? 0) * 70 * US;
    case "dht":
      return event.bytes ? bytesOf(event.bytes).reduce((sum, byte) => sum + (8 * 76 + 44 * ones(byte)) * US, 240 * US) : 0;
    case "bits": {
      const [h0, l0, h1, l1] = event.timing_ns;
      return bytesOf(event.bytes).reduce((sum, byte) => sum + ones(byte) * (h1 + l1) + (8 - ones(byte)) * (h0 + l0), 0);
    }
  }
}

function ones(byte: number): number {
  let count = 0;
  for (let bit = 0; bit < 8; bit++) count += (byte >> bit) & 1;
  return count;
}

/** The wires that something goes over. */
export function pinsOf(event: BusEvent): number[] {
  const isPin = (pin: number | null): pin is number => pin !== null;
  switch (event.event) {
    case "i2c":
      return [event.scl, event.sda];
    case "spi":
      return [event.sck, event.mosi, event.miso].filter(isPin);
    case "uart":
      return [event.tx].filter(isPin);
    default:
      return [event.gpio];
  }
}

/** The levels of its wires, from this moment on. */
export function edgesOf(event: BusEvent, from: number): Map<number, Edges> {
  const wires = new Wires(from);
  switch (event.event) {
    case "i2c":
      i2c(wires, event);
      break;
    case "spi":
      spi(wires, event);
      break;
    case "uart":
      uart(wires, event);
      break;
    case "onewire":
      oneWire(wires, event);
      break;
    case "dht":
      dht(wires, event);
      break;
    case "bits":
      bits(wires, event);
  }
  return wires.lines;
}

function i2c(wires: Wires, event: I2c): void {
  const { scl, sda } = event;
  const period = periodOf(event.freq);
  const quarter = Math.floor(period / 4);
  const bit = (level: number | boolean) => {
    wires.set(sda, level, quarter);
    wires.set(scl, 1, 2 * quarter);
    wires.set(scl, 0, period);
    wires.at += period;
  };
  const byte = (value: number, isAcked: boolean) => {
    for (let nth = 7; nth >= 0; nth--) bit((value >> nth) & 1);
    bit(!isAcked);
  };
  if (event.start) {
    wires.set(sda, 1);
    wires.set(scl, 1, quarter);
    wires.set(sda, 0, 2 * quarter);
    wires.set(scl, 0, 3 * quarter);
    wires.at += period;
    byte((event.address << 1) | Number(event.read), event.acked !== null);
  }
  const sent = event.acked === null && event.start ? 0 : sentOf(event);
  const acked = event.acked ?? 0;
  bytesOf(event.bytes)
    .slice(0, sent)
    // The board refuses the last byte that it reads.
    .forEach((value, nth) => byte(value, event.read ? nth + 1 < sent : nth < acked));
  if (event.stop) {
    wires.set(sda, 0, quarter);
    wires.set(scl, 1, 2 * quarter);
    wires.set(sda, 1, 3 * quarter);
    wires.at += period;
  }
}

function spi(wires: Wires, event: Spi): void {
  const { sck, mosi, miso, mode } = event;
  const period = periodOf(event.freq);
  const [quarter, half] = [Math.floor(period / 4), Math.floor(period / 2)];
  const restsHigh = (mode & 2) !== 0;
  const data = mode & 1 ? quarter : 0;
  const back = bytesOf(event.back);
  wires.set(sck, restsHigh);
  wires.at += period;
  bytesOf(event.out).forEach((byte, nth) => {
    for (let bit = 7; bit >= 0; bit--) {
      wires.set(sck, !restsHigh, quarter);
      wires.set(mosi, (byte >> bit) & 1, data);
      wires.set(miso, ((back[nth] ?? 0) >> bit) & 1, data);
      wires.set(sck, restsHigh, quarter + half);
      wires.at += period;
    }
  });
}

function uart(wires: Wires, event: Uart): void {
  const { tx, inverted } = event;
  const start = wires.at;
  const put = (bit: boolean, nth: number) => {
    wires.at = start + Math.floor((nth * 1e9) / Math.max(event.baudrate, 1));
    wires.set(tx, bit !== inverted);
  };
  const length = symbolBits(event);
  bytesOf(event.bytes).forEach((byte, nth) => {
    const symbol = [false, ...Array.from({ length: event.bits }, (_, bit) => ((byte >> bit) & 1) === 1)];
    if (event.parity !== "none") symbol.push((ones(byte & ((1 << event.bits) - 1)) % 2 === 1) === (event.parity === "even"));
    while (symbol.length < length) symbol.push(true);
    symbol.forEach((bit, place) => put(bit, nth * length + place));
  });
}

function oneWire(wires: Wires, { gpio, action, present, bits = 0, value = 0 }: OneWire): void {
  if (action === "reset") {
    wires.hold(gpio, 0, 480 * US);
    wires.hold(gpio, 1, 30 * US);
    if (present) wires.hold(gpio, 0, 120 * US);
    wires.set(gpio, 1);
    return;
  }
  for (let bit = 0; bit < Math.min(bits, 8); bit++) {
    const low = (value >> bit) & 1 ? 6 : action === "write" ? 60 : 30;
    wires.hold(gpio, 0, low * US);
    wires.hold(gpio, 1, (70 - low) * US);
  }
}

function dht(wires: Wires, { gpio, bytes }: Dht): void {
  if (!bytes) return;
  wires.hold(gpio, 1, 30 * US);
  wires.hold(gpio, 0, 80 * US);
  wires.hold(gpio, 1, 80 * US);
  for (const byte of bytesOf(bytes).slice(0, 5)) {
    for (let bit = 7; bit >= 0; bit--) {
      wires.hold(gpio, 0, 50 * US);
      wires.hold(gpio, 1, ((byte >> bit) & 1 ? 70 : 26) * US);
    }
  }
  wires.hold(gpio, 0, 50 * US);
  wires.set(gpio, 1);
}

function bits(wires: Wires, { gpio, timing_ns, bytes }: Bits): void {
  for (const byte of bytesOf(bytes)) {
    for (let bit = 7; bit >= 0; bit--) {
      const at = (byte >> bit) & 1 ? 2 : 0;
      wires.hold(gpio, 1, timing_ns[at] as number);
      wires.hold(gpio, 0, timing_ns[at + 1] as number);
    }
  }
  wires.set(gpio, 0);
}
