// Events of pins and buses, as docs/events.md has them.

interface At {
  t: number;
}

export interface I2c extends At {
  event: "i2c";
  scl: number;
  sda: number;
  freq: number;
  start: boolean;
  address: number;
  read: boolean;
  bytes: string;
  acked: number | null;
  stop: boolean;
}

export interface Spi extends At {
  event: "spi";
  sck: number | null;
  mosi: number | null;
  miso: number | null;
  freq: number;
  mode: number;
  out: string;
  back: string;
}

export interface Uart extends At {
  event: "uart";
  id: number;
  tx: number | null;
  baudrate: number;
  bits: number;
  parity: "none" | "even" | "odd";
  stop: number;
  inverted: boolean;
  bytes: string;
}

export interface OneWire extends At {
  event: "onewire";
  gpio: number;
  action: "reset" | "read" | "write";
  present?: boolean;
  bits?: number;
  value?: number;
}

export interface Dht extends At {
  event: "dht";
  gpio: number;
  bytes: string;
}

export interface Bits extends At {
  event: "bits";
  gpio: number;
  timing_ns: [number, number, number, number];
  bytes: string;
}

export type BusEvent = I2c | Spi | Uart | OneWire | Dht | Bits;

export type PinEvent =
  | BusEvent
  | (At & { event: "pin" | "input"; gpio: number; level: number })
  | (At & { event: "pwm"; gpio: number; freq: number; duty_u16: number })
  | (At & { event: "adc"; gpio: number; microvolts: number })
  | (At & { event: "dac"; gpio: number; value: number })
  | (At & { event: "pulses"; gpio: number; levels: [number, number][]; repeats: number })
  | (At & { event: "reset"; cause: string })
  | (At & { event: "soft_reset" });

/** All kinds that are drawn. */
export const KINDS = ["pin", "input", "pwm", "adc", "dac", "bits", "pulses", "uart", "i2c", "spi", "onewire", "dht", "reset", "soft_reset"];

/** Two digits a byte, as bytes. */
export function bytesOf(hex: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at + 1 < hex.length; at += 2) bytes.push(parseInt(hex.slice(at, at + 2), 16));
  return bytes;
}

export const hexOf = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
