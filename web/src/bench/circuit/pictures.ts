// The picture of a part: what it looks like, where its pins are, and how it looks when it shows something.
import { grid } from "./drawings/grid.ts";
import { digits } from "./drawings/digits.ts";
import { dip } from "./drawings/dip.ts";
import { module } from "./drawings/module.ts";
import { relay } from "./drawings/relay.ts";
import { strip } from "./drawings/strip.ts";
import { transistor } from "./drawings/transistor.ts";
import { make } from "./elements.ts";
import { DRAWINGS, ELEMENTS, moduleOf, type Point, stripKind, STRIPS } from "./kinds.ts";
import type { SettingValue } from "./model.ts";
import type { Kind } from "./server.ts";

/** What a part shows, and what it is set to; by name. */
export type Shown = Readonly<Record<string, SettingValue | undefined>>;

export interface Picture {
  readonly element: HTMLElement | SVGSVGElement;
  /** Pixels, as it is before it is turned. */
  readonly size: Point;
  /** Places of each pin, as before it is turned. */
  readonly pins: ReadonlyMap<string, readonly Point[]>;
  show(shown: Shown): void;
}

const number = (value: SettingValue | undefined, usual = 0) => (typeof value === "number" ? value : usual);
const text = (value: SettingValue | undefined) => (typeof value === "string" ? value : "");

/** Light as eyes see it: half the current looks brighter than half. */
const seen = (current: number) => Math.min(1, Math.max(0, current)) ** 0.45;

/** The picture of a part of this kind that is made like this. */
export function pictureOf(kind: Kind, settings: Shown): Picture {
  if (STRIPS.has(kind.kind)) return stripPicture(settings);
  return ELEMENTS[kind.kind] ? elementPicture(kind.kind, settings) : drawnPicture(kind);
}

function elementPicture(kind: string, settings: Shown): Picture {
  const { tag, size, pins } = ELEMENTS[kind] as (typeof ELEMENTS)[string];
  const element = make(tag);
  Object.assign(element, made(kind, settings));
  const places = new Map(element.pinInfo.map(({ name, x, y }) => [name, [x, y] as Point]));
  const ours = Object.entries(pins).map(([pin, names]) => [pin, names.map((name) => places.get(name)).filter((at) => at !== undefined)] as const);
  return { element, size, pins: new Map(ours), show: (shown) => void Object.assign(element, looks(kind, shown)) };
}

/** Properties of an element that stay. */
function made(kind: string, settings: Shown): object {
  switch (kind) {
    case "led":
      return { color: text(settings["color"]) || "red" };
    case "resistor":
      return { value: String(number(settings["ohms"], 1000)) };
    case "potentiometer":
      return { min: 0, max: 1, step: 0.001 };
    case "photoresistor":
      return { ledPower: true };
    case "button":
      return { color: "#d23f31" };
    default:
      return {};
  }
}

/** Properties of an element that say what the part shows. */
function looks(kind: string, shown: Shown): object {
  switch (kind) {
    case "led":
      return { value: shown["lit"] === true, brightness: seen(number(shown["brightness"])) };
    case "rgb-led":
      return { ledRed: seen(number(shown["red"])), ledGreen: seen(number(shown["green"])), ledBlue: seen(number(shown["blue"])) };
    case "button":
      return { pressed: shown["pressed"] === true };
    case "buzzer":
      return { hasSignal: number(shown["tone"]) > 0 };
    case "servo":
      return { angle: number(shown["angle"]) };
    case "slide-switch":
      return { value: shown["position"] === "right" ? 1 : 0 };
    case "potentiometer":
      return { value: number(shown["position"], 0.5) };
    case "rotary-encoder":
      return { angle: number(shown["position"]) * 18, pressed: shown["pressed"] === true };
    case "seven-segment":
      return { values: [..."abcdefg."].map((segment) => (text(shown["segments"]).includes(segment) ? 1 : 0)) };
    case "ssd1306":
      return typeof shown["pixels"] === "string" ? { imageData: dots(shown["pixels"], shown["size"] === "128x32" ? 32 : 64) } : {};
    case "mpu6050":
      return { led1: shown["awake"] === true };
    default:
      return {};
  }
}

/** The dots of a display as a picture of 128 by 64; one of 32 lines has them in the middle. */
function dots(pixels: string, lines: number): ImageData {
  const image = new ImageData(128, 64);
  const from = lines === 32 ? 16 * 128 : 0;
  for (let nth = 0; nth < pixels.length / 2; nth++) {
    const eight = parseInt(pixels.slice(nth * 2, nth * 2 + 2), 16);
    for (let bit = 0; eight && bit < 8; bit++) if (eight & (0x80 >> bit)) image.data.set([190, 230, 255, 255], (from + nth * 8 + bit) * 4);
  }
  return image;
}

const each = (pins: Readonly<Record<string, Point>>) => new Map(Object.entries(pins).map(([name, at]) => [name, [at]] as const));

function drawnPicture({ kind, title, pins }: Kind): Picture {
  const drawn = DRAWINGS[kind] ?? moduleOf(pins.map(({ name }) => name));
  const [first = title] = title.split(" ");
  const still = (element: SVGSVGElement) => ({ element, show() {} });
  const { element, show } = ((): { element: SVGSVGElement; show(shown: Shown): void } => {
    switch (kind) {
      case "relay": {
        const made = relay(drawn);
        return { element: made.element, show: (shown) => made.show(shown["on"] === true) };
      }
      case "tm1637": {
        const made = digits(drawn);
        return { element: made.element, show: (shown) => made.show(text(shown["segments"]), text(shown["text"]).includes(":"), number(shown["brightness"])) };
      }
      case "shift-register":
        return still(dip(drawn, "74HC595"));
      case "dht11":
        return still(grid(drawn));
      case "ds18b20":
        return still(transistor(drawn));
      case "ds3231":
        return still(module(drawn, first, "#20549c"));
      default:
        return still(module(drawn, first));
    }
  })();
  return { element, size: drawn.size, pins: each(drawn.pins), show };
}

function stripPicture(settings: Shown): Picture {
  const count = Math.max(1, Math.round(number(settings["count"], 8)));
  const drawn = stripKind(count);
  const { element, show } = strip(drawn, count);
  return { element, size: drawn.size, pins: each(drawn.pins), show: (shown) => show(text(shown["pixels"]), text(settings["order"]).length === 4 ? 4 : 3) };
}
