// Circuits to start with, each with a program that makes it do something.
import type { texts } from "../../texts/en.ts";
import { type Circuit, type Part, snap } from "./model.ts";
import type { Device } from "./server.ts";

/** Where a part lies, from the upper left corner of a board that is wide (with headers above and below) or high (with headers on both sides). */
interface Place {
  wide: readonly [number, number, turned?: number];
  high: readonly [number, number, turned?: number];
}

/** Its title stands in the texts. Ends of the board are called by their GPIO: each kind of board has its own names. */
interface Example {
  id: keyof typeof texts.circuit.exampleTexts;
  parts: Readonly<Record<string, Pick<Part, "kind" | "settings"> & Place>>;
  wires: readonly (readonly [string, string])[];
  program: { name: string; source: string };
}

export const EXAMPLES: readonly Example[] = [
  {
    id: "button-and-led",
    parts: {
      led: { kind: "led", settings: { color: "green" }, wide: [36, -28], high: [-28, 18, 270] },
      button: { kind: "button", settings: {}, wide: [52, -26], high: [-34, 38] },
    },
    wires: [["GPIO27", "led.anode"], ["led.cathode", "GND"], ["GPIO26", "button.a"], ["button.b", "GND"]],
    program: {
      name: "button_and_led.py",
      source: `# The light is on as long as the button is held down.
from machine import Pin
import time

led = Pin(27, Pin.OUT)
button = Pin(26, Pin.IN, Pin.PULL_UP)    # 0 while it is pressed

while True:
    led.value(not button.value())
    time.sleep_ms(5)
`,
    },
  },
  {
    id: "traffic-light",
    parts: {
      red: { kind: "led", settings: { color: "red" }, wide: [38, -28], high: [-28, 2, 270] },
      yellow: { kind: "led", settings: { color: "yellow" }, wide: [26, -28], high: [-28, 18, 270] },
      green: { kind: "led", settings: { color: "green" }, wide: [14, -28], high: [-28, 34, 270] },
      button: { kind: "button", settings: {}, wide: [52, -26], high: [-34, 52] },
    },
    wires: [
      ["GPIO27", "red.anode"], ["red.cathode", "GND"],
      ["GPIO14", "yellow.anode"], ["yellow.cathode", "GND"],
      ["GPIO13", "green.anode"], ["green.cathode", "GND"],
      ["GPIO26", "button.a"], ["button.b", "GND"],
    ],
    program: {
      name: "traffic_light.py",
      source: `# Green for cars, until somebody presses the button and wants to cross.
from machine import Pin
import time

red, yellow, green = Pin(27, Pin.OUT), Pin(14, Pin.OUT), Pin(13, Pin.OUT)
button = Pin(26, Pin.IN, Pin.PULL_UP)    # 0 while it is pressed

def show(r, y, g):
    red.value(r)
    yellow.value(y)
    green.value(g)

while True:
    show(0, 0, 1)
    print("cars drive")
    while button.value():
        time.sleep_ms(10)
    show(0, 1, 0)
    time.sleep(1)
    show(1, 0, 0)
    print("people walk")
    time.sleep(4)
    show(1, 1, 0)
    time.sleep(1)
`,
    },
  },
  {
    id: "weather-station",
    parts: {
      air: { kind: "dht22", settings: { temperature: 21.5, humidity: 48 }, wide: [50, -50], high: [56, 40] },
      eye: { kind: "photoresistor", settings: { light: 500 }, wide: [12, 68], high: [-8, 66, 180] },
      screen: { kind: "ssd1306", settings: {}, wide: [2, -50], high: [42, -4] },
    },
    wires: [["GPIO16", "air.data"], ["GPIO35", "eye.out"], ["GPIO22", "screen.scl"], ["GPIO21", "screen.sda"]],
    program: {
      name: "weather_station.py",
      source: `# Measures once in a second, and shows it on the screen.
from machine import ADC, I2C, Pin
import dht
import framebuf
import time

sensor = dht.DHT22(Pin(16))
eye = ADC(Pin(35), atten=ADC.ATTN_11DB)
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)
picture = bytearray(128 * 64 // 8)
screen = framebuf.FrameBuffer(picture, 128, 64, framebuf.MONO_VLSB)

def command(*numbers):
    i2c.writeto(0x3C, b"\\x00" + bytes(numbers))

# Lines go from left to right and from top to bottom; its charge pump and the screen itself are switched on.
command(0x20, 0, 0xA1, 0xC8, 0x8D, 0x14, 0xAF)

while True:
    sensor.measure()
    light = eye.read_uv() / 3_300_000
    screen.fill(0)
    screen.text("%.1f C" % sensor.temperature(), 0, 0)
    screen.text("%.0f %%" % sensor.humidity(), 72, 0)
    screen.text("light", 0, 28)
    screen.rect(0, 42, 128, 14, 1)
    screen.fill_rect(2, 44, int(light * 124), 10, 1)
    command(0x21, 0, 127, 0x22, 0, 7)
    i2c.writeto(0x3C, b"\\x40" + picture)
    print("temp:", sensor.temperature(), "hum:", sensor.humidity(), "light:", round(light * 100))
    time.sleep(1)
`,
    },
  },
];

/** An example for this kind of board; nothing if the board has not all of its pins. */
export function circuitFor(example: Example, device: Device): Circuit | undefined {
  const ends = new Map<string, string>(device.headers.flatMap(({ pins }) => pins.flatMap(({ gpio, end }) => (gpio === undefined || end === undefined ? [] : [[`GPIO${gpio}`, end] as const]))));
  const wires = example.wires.map((wire) => wire.map((end) => (end.startsWith("GPIO") ? (ends.get(end) ?? "") : end)));
  if (wires.some((wire) => wire.includes(""))) return undefined;
  const [width, height] = device.size;
  const isWide = width > height;
  const parts = Object.entries(example.parts).map(([name, { kind, settings, wide, high }]): [string, Part] => {
    const [x, y, turned] = isWide ? wide : high;
    const at = [snap(x), snap(y)] as const;
    return [name, { kind, settings, at, ...(turned ? { turned } : {}) }];
  });
  return { parts: Object.fromEntries(parts), wires };
}
