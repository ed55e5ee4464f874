// How each kind of part is drawn: by which element, how large, and where its pins are. Plain data, which a test compares with the server's table.

/** Pixels of a millimetre, as the elements have them. */
export const MM = 96 / 25.4;

export type Point = readonly [number, number];

/** A kind that `@wokwi/elements` has a picture of. */
export interface ElementKind {
  tag: string;
  /** Pixels. */
  size: Point;
  /** Our pins, and what the element calls them: several if the part has it in several places. */
  pins: Readonly<Record<string, readonly string[]>>;
}

/** A kind that this page has its own drawing of. */
export interface DrawnKind {
  size: Point;
  pins: Readonly<Record<string, Point>>;
}

export const ELEMENTS: Readonly<Record<string, ElementKind>> = {
  button: { tag: "wokwi-pushbutton", size: [67.3, 45.4], pins: { a: ["1.l", "1.r"], b: ["2.l", "2.r"] } },
  buzzer: { tag: "wokwi-buzzer", size: [64.3, 84], pins: { signal: ["2"], gnd: ["1"] } },
  dht22: { tag: "wokwi-dht22", size: [57.1, 116.7], pins: { vcc: ["VCC"], data: ["SDA"], gnd: ["GND"] } },
  led: { tag: "wokwi-led", size: [40, 45], pins: { anode: ["A"], cathode: ["C"] } },
  mpu6050: { tag: "wokwi-mpu6050", size: [81.6, 61.2], pins: { vcc: ["VCC"], gnd: ["GND"], scl: ["SCL"], sda: ["SDA"] } },
  photoresistor: { tag: "wokwi-photoresistor-sensor", size: [173.7, 61.5], pins: { vcc: ["VCC"], out: ["AO"], gnd: ["GND"] } },
  potentiometer: { tag: "wokwi-potentiometer", size: [75.6, 75.6], pins: { vcc: ["VCC"], wiper: ["SIG"], gnd: ["GND"] } },
  resistor: { tag: "wokwi-resistor", size: [59.1, 11.3], pins: { a: ["1"], b: ["2"] } },
  "rgb-led": { tag: "wokwi-rgb-led", size: [42.1, 58], pins: { red: ["R"], green: ["G"], blue: ["B"], common: ["COM"] } },
  "rotary-encoder": { tag: "wokwi-ky-040", size: [116.5, 70.4], pins: { clk: ["CLK"], dt: ["DT"], sw: ["SW"], vcc: ["VCC"], gnd: ["GND"] } },
  "sd-card": { tag: "wokwi-microsd-card", size: [81.6, 77.1], pins: { vcc: ["VCC"], gnd: ["GND"], cs: ["CS"], sck: ["SCK"], mosi: ["DI"], miso: ["DO"] } },
  servo: { tag: "wokwi-servo", size: [170.1, 119.5], pins: { signal: ["PWM"], vcc: ["V+"], gnd: ["GND"] } },
  "seven-segment": {
    tag: "wokwi-7segment",
    size: [47.4, 76],
    pins: { a: ["A"], b: ["B"], c: ["C"], d: ["D"], e: ["E"], f: ["F"], g: ["G"], dp: ["DP"], com: ["COM.1", "COM.2"] },
  },
  "slide-switch": { tag: "wokwi-slide-switch", size: [32.1, 34.9], pins: { left: ["1"], common: ["2"], right: ["3"] } },
  ssd1306: { tag: "wokwi-ssd1306", size: [150, 116], pins: { vcc: ["VIN", "3V3"], gnd: ["GND"], scl: ["CLK"], sda: ["DATA"] } },
  ultrasonic: { tag: "wokwi-hc-sr04", size: [170.1, 94.5], pins: { vcc: ["VCC"], trig: ["TRIG"], echo: ["ECHO"], gnd: ["GND"] } },
};

/** From pin to pin. */
const STEP = 2.54 * MM;

/** Pins in a row from here, `STEP` pixels apart, to the right or downwards. */
function row(names: readonly string[], from: Point, axis: "x" | "y" = "x"): Record<string, Point> {
  return Object.fromEntries(names.map((name, nth) => [name, axis === "x" ? [from[0] + nth * STEP, from[1]] : [from[0], from[1] + nth * STEP]] as const));
}

/** A breakout board with its pins at the lower edge: also how a kind is drawn that this page does not know. */
export function moduleOf(pins: readonly string[]): DrawnKind {
  const width = Math.max(76, pins.length * STEP + 12);
  const size = [width, 62] as const;
  return { size, pins: row(pins, [(width - (pins.length - 1) * STEP) / 2, 55]) };
}

/** A shift register from above: pin 1 at the lower left corner. */
const DIP_LOWER = ["qb", "qc", "qd", "qe", "qf", "qg", "qh", "gnd"];
const DIP_UPPER = ["vcc", "qa", "ser", "oe", "rclk", "srclk", "srclr", "qhs"];

export const DRAWINGS: Readonly<Record<string, DrawnKind>> = {
  dht11: { size: [60, 92], pins: row(["vcc", "data", "gnd"], [30 - STEP, 88]) },
  ds18b20: { size: [36, 62], pins: row(["gnd", "data", "vcc"], [18 - STEP, 58]) },
  ds3231: moduleOf(["vcc", "gnd", "scl", "sda"]),
  lm75: moduleOf(["vcc", "gnd", "scl", "sda", "os"]),
  relay: { size: [150, 92], pins: { ...row(["in", "vcc", "gnd"], [7, 46 - STEP], "y"), ...row(["no", "com", "nc"], [143, 46 - 2 * STEP], "y"), com: [143, 46], nc: [143, 46 + 2 * STEP] } },
  "shift-register": { size: [8 * STEP + 6, 56], pins: { ...row(DIP_LOWER, [STEP / 2 + 3, 52]), ...row(DIP_UPPER, [STEP / 2 + 3, 4]) } },
  tm1637: { size: [164, 84], pins: row(["clk", "dio", "vcc", "gnd"], [7, 42 - 1.5 * STEP], "y") },
};

/** How lights in a row are laid out. */
export interface Strip {
  columns: number;
  rows: number;
  /** Pixels from light to light. */
  pitch: number;
}

export function stripOf(count: number): Strip {
  const columns = count <= 8 ? count : count <= 64 ? 8 : count <= 256 ? 16 : 32;
  const pitch = count <= 64 ? 22 : count <= 256 ? 16 : 10;
  return { columns, rows: Math.ceil(count / columns), pitch };
}

/** Pixels left of the first light, where the pins are. */
export const STRIP_LEFT = 20;

export function stripKind(count: number): DrawnKind {
  const { columns, rows, pitch } = stripOf(count);
  const height = Math.max(rows * pitch + 8, 3 * STEP + 8);
  return { size: [STRIP_LEFT + columns * pitch + 8, height], pins: row(["din", "vcc", "gnd"], [6, height / 2 - STEP], "y") };
}

/** Kinds whose drawing depends on their settings. */
export const STRIPS: ReadonlySet<string> = new Set(["neopixel"]);

/** Something of a part that a hand takes: a round place on its picture. */
export interface Zone {
  /** Held down; pushed to the other side; turned as far as it goes; turned step by step. */
  does: "press" | "toggle" | "turn" | "steps";
  setting: string;
  at: Point;
  r: number;
}

export const ZONES: Readonly<Record<string, readonly Zone[]>> = {
  button: [{ does: "press", setting: "pressed", at: [33.6, 22.7], r: 17 }],
  "slide-switch": [{ does: "toggle", setting: "position", at: [16, 9], r: 16 }],
  potentiometer: [{ does: "turn", setting: "position", at: [37.6, 30.5], r: 27 }],
  "rotary-encoder": [
    { does: "steps", setting: "position", at: [36.4, 28.5], r: 25 },
    { does: "press", setting: "pressed", at: [36.4, 28.5], r: 11 },
  ],
};

/** Settings that say how a part is made and are kept in the file, though they could change while it runs. */
const MADE: ReadonlySet<string> = new Set(["bounce", "ohms", "address", "count", "order", "size", "tone", "type", "active", "least_us", "most_us"]);

/** Whether somebody changes this by hand while the program runs; the others are in the file. */
export const isLive = (setting: { name: string; fixed: boolean }): boolean => !setting.fixed && !MADE.has(setting.name);
