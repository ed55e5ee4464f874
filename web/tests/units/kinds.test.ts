// Every kind of part that the server knows has a picture with all of its pins, and examples use only what there is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { scaleOf } from "../../src/bench/circuit/controls.ts";
import { EXAMPLES } from "../../src/bench/circuit/examples.ts";
import { DRAWINGS, ELEMENTS, isLive, type Point, stripKind, STRIPS, ZONES } from "../../src/bench/circuit/kinds.ts";
import { partOf, pinOf } from "../../src/bench/circuit/model.ts";

interface Documented {
  pins: string[];
  settings: Map<string, { fixed: boolean }>;
}

/** The server's table of kinds, as a test of the server writes it into docs/circuit.md. */
const KINDS = new Map(
  readFileSync("../docs/circuit.md", "utf8").split(/^### /m).slice(1).map((text): [string, Documented] => {
    const names = (line: string) => [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);
    const pins = names(text.match(/^Pins: .*$/m)?.[0] ?? "");
    const rows = text.split("| shows")[0]?.match(/^\| `.*$/gm) ?? [];
    return [names(text)[0] as string, { pins, settings: new Map(rows.map((row) => [names(row)[0] as string, { fixed: row.includes("Fixed.") }])) }];
  }),
);

interface Element {
  pinInfo: { name: string; x: number; y: number }[];
}

// A display wants a picture to draw on as soon as it is made.
globalThis.ImageData ??= class {} as never;

/** The elements by their tags, as they can be made without a page. */
const made = (() => {
  const all: Record<string, new () => Element> = createRequire(import.meta.url)("@wokwi/elements");
  const names: Record<string, string> = {
    "wokwi-pushbutton": "PushbuttonElement", "wokwi-buzzer": "BuzzerElement", "wokwi-dht22": "Dht22Element", "wokwi-led": "LEDElement", "wokwi-mpu6050": "MPU6050Element",
    "wokwi-photoresistor-sensor": "PhotoresistorSensorElement", "wokwi-potentiometer": "PotentiometerElement", "wokwi-resistor": "ResistorElement", "wokwi-rgb-led": "RGBLedElement",
    "wokwi-ky-040": "KY040Element", "wokwi-microsd-card": "MicrosdCardElement", "wokwi-servo": "ServoElement", "wokwi-7segment": "SevenSegmentElement",
    "wokwi-slide-switch": "SlideSwitchElement", "wokwi-ssd1306": "SSD1306Element", "wokwi-hc-sr04": "HCSR04Element",
  };
  return (tag: string) => {
    const Made = all[names[tag] ?? ""];
    assert.ok(Made, `${tag} is an element`);
    return new Made();
  };
})();

test("the table of the server was read", () => {
  assert.ok(KINDS.size >= 24, String(KINDS.size));
  assert.deepEqual(KINDS.get("led")?.pins, ["anode", "cathode"]);
});

test("each kind has a picture with all of its pins", () => {
  for (const [kind, { pins }] of KINDS) {
    const drawn = ELEMENTS[kind] ?? DRAWINGS[kind] ?? (STRIPS.has(kind) ? stripKind(8) : undefined);
    assert.ok(drawn, `${kind} has a picture`);
    assert.deepEqual(Object.keys(drawn.pins).sort(), [...pins].sort(), kind);
  }
  for (const kind of [...Object.keys(ELEMENTS), ...Object.keys(DRAWINGS), ...Object.keys(ZONES), ...STRIPS]) assert.ok(KINDS.has(kind), `${kind} is a kind`);
});

test("pins are where the pictures have them, and apart", () => {
  for (const [kind, { tag, pins, size }] of Object.entries(ELEMENTS)) {
    const places = new Map(made(tag).pinInfo.map(({ name, x, y }) => [name, [x, y] as Point]));
    for (const name of Object.values(pins).flat()) {
      const [x, y] = places.get(name) ?? assert.fail(`${kind} has a pin ${name}`);
      assert.ok(x >= -2 && y >= -2 && x <= size[0] + 2 && y <= size[1] + 2, `${kind} ${name} at ${x}, ${y} of ${size}`);
    }
  }
  for (const [kind, { pins, size }] of Object.entries({ ...DRAWINGS, neopixel: stripKind(30) })) {
    const all = Object.values(pins);
    for (const [x, y] of all) assert.ok(x >= 0 && y >= 0 && x <= size[0] && y <= size[1], kind);
    for (const [nth, a] of all.entries()) for (const b of all.slice(nth + 1)) assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) > 7, kind);
  }
});

test("what a hand changes is none of how a part is made", () => {
  const live = (kind: string) => [...(KINDS.get(kind)?.settings ?? [])].filter(([name, { fixed }]) => isLive({ name, fixed })).map(([name]) => name);
  assert.deepEqual(live("button"), ["pressed"]);
  assert.deepEqual(live("led"), []);
  assert.deepEqual(live("dht22"), ["temperature", "humidity"]);
  assert.deepEqual(live("potentiometer"), ["position"]);
  for (const [kind, zones] of Object.entries(ZONES)) for (const { setting } of zones) assert.ok(live(kind).includes(setting), `${kind}.${setting}`);
});

test("examples are made of what there is", () => {
  for (const { id, parts, wires, program } of EXAMPLES) {
    for (const [name, { kind, settings }] of Object.entries(parts)) {
      assert.ok(KINDS.has(kind), `${id}: ${name}`);
      for (const setting of Object.keys(settings)) assert.ok(KINDS.get(kind)?.settings.has(setting), `${id}: ${name}.${setting}`);
    }
    for (const end of wires.flat()) {
      const part = partOf(end);
      if (part === undefined) assert.match(end, /^(GPIO\d+|GND|3V3|5V)$/);
      else assert.ok(KINDS.get(parts[part]?.kind ?? "")?.pins.includes(pinOf(end)), `${id}: ${end}`);
    }
    assert.match(program.name, /^[a-z_]+\.py$/);
  }
});

test("a slider goes from the least to the most, and wide ones by powers", () => {
  const light = scaleOf({ sort: "number", least: 0, most: 100_000 });
  assert.deepEqual([light.value(0), light.value(1000)], [0, 100_000]);
  assert.ok(Math.abs(light.value(500) - 315) < 5, String(light.value(500)));
  for (const value of [0, 3, 300, 40_000]) assert.ok(Math.abs(light.value(light.place(value)) - value) <= value * 0.01 + 0.1);
  const degrees = scaleOf({ sort: "number", least: -40, most: 80 });
  assert.deepEqual([degrees.value(0), degrees.value(500), degrees.value(1000)], [-40, 20, 80]);
  assert.equal(scaleOf({ sort: "number", least: 0, most: 1 }).value(333), 0.333);
});
