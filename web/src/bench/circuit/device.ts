// The board itself, drawn from what is known of its kind: headers with their labels, the chip's module, buttons, lights.
import { s } from "./draw.ts";
import { type Box, type Spot, sideOf } from "./geometry.ts";
import { MM, type Point } from "./kinds.ts";
import type { Device, DevicePin } from "./server.ts";

/** How a pin is: its level, or the share of the time at which it is high. */
export type Level = number;

/** Millimetres of the letters beside pins, at most and at least. */
const PRINT = 1.55;
const PRINT_LEAST = 1.1;

const COLORS: Record<string, string> = { blue: "#4da3ff", red: "#ff5348", green: "#4ade80", yellow: "#ffd54a", white: "#f4f7ff", orange: "#ff9d3c" };

export interface PinSpot extends Spot {
  end: string;
  label: string;
  gpio?: number;
}

export class DeviceView {
  readonly element: SVGSVGElement;
  readonly box: Box;
  /** All pins that something can be wired to. */
  readonly spots: PinSpot[] = [];
  readonly #lit = new Map<number, SVGElement[]>();
  readonly #buttons = new Map<string, SVGElement>();

  constructor(readonly device: Device) {
    const [width, height] = device.size;
    this.box = { x: 0, y: 0, width: width * MM, height: height * MM };
    this.element = s(
      "svg",
      { class: "device", width: this.box.width, height: this.box.height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": device.title },
      s("rect", { x: 0, y: 0, width, height, rx: 2, fill: "#16324f" }),
      s("rect", { x: 0.4, y: 0.4, width: width - 0.8, height: height - 0.8, rx: 1.7, fill: "none", stroke: "#2a5078", "stroke-width": 0.25 }),
      this.#usb(),
      ...this.#module(),
      ...this.#led(),
      ...device.buttons.map((button) => this.#button(button)),
      ...device.headers.map((header) => this.#header(header)),
    );
  }

  /** The middle of all pins that programs use. */
  get middle(): Point {
    const used = this.spots.filter(({ gpio }) => gpio !== undefined);
    const mean = (axis: 0 | 1) => used.reduce((sum, { at }) => sum + at[axis], 0) / Math.max(used.length, 1);
    return [mean(0), mean(1)];
  }

  /** A pin is high, low, or high for a share of the time. */
  level(gpio: number, level: Level): void {
    for (const light of this.#lit.get(gpio) ?? []) light.style.opacity = String(level > 0 ? 0.35 + 0.65 * level ** 0.45 : 0);
  }

  clear(): void {
    for (const lights of this.#lit.values()) for (const light of lights) light.style.opacity = "0";
  }

  /** A button of the board is held down. */
  held(name: string, isHeld: boolean): void {
    this.#buttons.get(name)?.classList.toggle("held", isHeld);
  }

  #light(gpio: number, light: SVGElement): SVGElement {
    light.style.opacity = "0";
    this.#lit.set(gpio, [...(this.#lit.get(gpio) ?? []), light]);
    return light;
  }

  #header({ at, step, pins }: Device["headers"][number]): SVGElement {
    const [dx, dy] = step;
    const last: Point = [at[0] + dx * (pins.length - 1), at[1] + dy * (pins.length - 1)];
    const [x, y] = [Math.min(at[0], last[0]) - 1.27, Math.min(at[1], last[1]) - 1.27];
    const [width, height] = [Math.abs(last[0] - at[0]) + 2.54, Math.abs(last[1] - at[1]) + 2.54];
    const strip = s("rect", { x, y, width, height, rx: 0.4, fill: "#101317" });
    const isUpright = Math.abs(dy) >= Math.abs(dx);
    // As large as there is room for beside the module.
    const letters = Math.max(...pins.map(({ label }) => label.length));
    const print = Math.min(PRINT, Math.max(PRINT_LEAST, (isUpright ? this.#room(at[0]) : Infinity) / (letters * 0.64)));
    return s("g", {}, strip, ...pins.flatMap((pin, nth) => this.#pin(pin, [at[0] + dx * nth, at[1] + dy * nth], isUpright, print)));
  }

  /** Millimetres from a header on the left or right to what lies in the middle. */
  #room(x: number): number {
    const { at, size } = this.device.module;
    return (x < this.device.size[0] / 2 ? at[0] - x : x - at[0] - size[0]) - 1.7;
  }

  #pin(pin: DevicePin, [x, y]: Point, isUpright: boolean, print: number): SVGElement[] {
    const [width, height] = this.device.size;
    const place: Point = [x * MM, y * MM];
    const upright = x < width / 2 ? "left" : "right";
    const side = isUpright ? upright : sideOf(place, this.box);
    if (pin.end !== undefined) this.spots.push({ at: place, side, end: pin.end, label: pin.label, ...(pin.gpio === undefined ? {} : { gpio: pin.gpio }) });
    const inward = isUpright ? (x < width / 2 ? 1 : -1) : y < height / 2 ? 1 : -1;
    const at: Point = isUpright ? [x + inward * 1.6, y + print * 0.35] : [x + print * 0.35, y + inward * 1.8];
    const anchor = isUpright === inward > 0 ? "start" : "end";
    const words = s("text", { x: at[0], y: at[1], class: "print", "font-size": print, "text-anchor": anchor, ...(isUpright ? {} : { transform: `rotate(-90 ${at[0]} ${at[1]})` }) }, pin.label);
    const metal = s("rect", { x: x - 0.55, y: y - 0.55, width: 1.1, height: 1.1, rx: 0.15, fill: pin.end === undefined ? "#4a4f57" : "#d7b44a" });
    if (pin.gpio === undefined) return [metal, words];
    const glow = s("circle", { cx: x, cy: y, r: 1.15, class: "high" });
    return [metal, this.#light(pin.gpio, glow), words];
  }

  /** The chip under its metal cover, with the antenna at the end that is away from USB. */
  #module(): SVGElement[] {
    const { at, size } = this.device.module;
    const [[x, y], [width, height]] = [at, size];
    const middle: Point = [x + width / 2, y + height / 2];
    const isUpright = height >= width;
    const away = { bottom: "top", top: "bottom", left: "right", right: "left" }[this.device.usb.side];
    const end = isUpright ? (away === "bottom" ? "bottom" : "top") : away === "left" ? "left" : "right";
    const [w, h] = isUpright ? [width, height] : [height, width];
    const antenna = Math.min(6, h * 0.24);
    const swing = antenna - 2.4;
    const turns = Math.floor((w - 3) / 2.4);
    const meander = `M${-w / 2 + 1.5} ${-h / 2 + 1 + swing}${Array.from({ length: turns }, (_, nth) => `v${nth % 2 ? swing : -swing}h2.4`).join("")}`;
    const [cover, coverHeight] = [-h / 2 + antenna, h - antenna];
    // Drawn upright about its middle, with the antenna above, and then turned.
    const turn = { top: 0, right: 90, bottom: 180, left: 270 }[end];
    const shift = { top: [0, antenna / 2], right: [-antenna / 2, 0], bottom: [0, -antenna / 2], left: [antenna / 2, 0] }[end] as [number, number];
    const words = { "text-anchor": "middle", "font-family": "system-ui, sans-serif", x: middle[0] + shift[0] };
    return [
      s(
        "g",
        { transform: `translate(${middle[0]} ${middle[1]}) rotate(${turn})` },
        s("rect", { x: -w / 2, y: -h / 2, width: w, height: h, rx: 0.5, fill: "#0c0e11" }),
        s("path", { d: meander, fill: "none", stroke: "#b8963c", "stroke-width": 0.45 }),
        s("rect", { x: -w / 2 + 1, y: cover + 0.7, width: w - 2, height: coverHeight - 1.6, rx: 0.6, fill: "#c3c8cf" }),
        s("rect", { x: -w / 2 + 1.5, y: cover + 1.2, width: w - 3, height: coverHeight - 2.6, rx: 0.4, fill: "none", stroke: "#a3a9b1", "stroke-width": 0.25 }),
      ),
      s("text", { ...words, y: middle[1] + shift[1] + 0.2, "font-size": 2.6, "font-weight": 600, fill: "#4b525b" }, "ESP32"),
      s("text", { ...words, y: middle[1] + shift[1] + 2.5, "font-size": 1.25, fill: "#6a727c" }, this.device.title),
    ];
  }

  #usb(): SVGElement {
    const [x, y] = this.device.usb.at;
    const { side } = this.device.usb;
    const isUpright = side === "top" || side === "bottom";
    const [width, height] = isUpright ? [7.5, 5.6] : [5.6, 7.5];
    const out = 1.4;
    const left = side === "left" ? -out : side === "right" ? this.device.size[0] - width + out : x - width / 2;
    const top = side === "top" ? -out : side === "bottom" ? this.device.size[1] - height + out : y - height / 2;
    const shell = s("rect", { x: left, y: top, width, height, rx: 0.7, fill: "#b4bac2", stroke: "#8b929b", "stroke-width": 0.25 });
    return s("g", { class: "usb" }, shell, s("rect", { x: left + 1, y: top + 1, width: width - 2, height: height - 2, rx: 0.4, fill: "none", stroke: "#9aa1aa", "stroke-width": 0.25 }));
  }

  #led(): SVGElement[] {
    const [ux, uy] = this.device.usb.at;
    // Beside the plug, a little way into the board.
    const power = ({ top: [ux + 2, uy + 8.5], bottom: [ux + 2, uy - 8.5], left: [ux + 8, uy + 6.5], right: [ux - 8, uy + 6.5] } as const)[this.device.usb.side];
    const all = [lamp(power, COLORS["red"] as string, "ON")];
    const { led } = this.device;
    if (led) {
      const light = lamp(led.at, COLORS[led.color] ?? COLORS["blue"] ?? "", "LED");
      const lit = light.querySelector<SVGElement>(".lit");
      if (lit) this.#light(led.gpio, lit);
      light.setAttribute("data-led", String(led.gpio));
      all.push(light);
    }
    return all;
  }

  #button({ name, at: [x, y] }: Device["buttons"][number]): SVGElement {
    const below = y + 4 < this.device.size[1] ? y + 3.6 : y - 2.4;
    const button = s(
      "g",
      { class: "device-button", "data-button": name, tabindex: 0, role: "button", "aria-label": name },
      s("rect", { x: x - 1.9, y: y - 1.9, width: 3.8, height: 3.8, rx: 0.4, fill: "#c3c8cf" }),
      s("circle", { cx: x, cy: y, r: 1.3, class: "cap" }),
      s("text", { x, y: below, class: "print", "font-size": 1.6, "text-anchor": "middle" }, name),
    );
    this.#buttons.set(name, button);
    return button;
  }
}

/** A small light on the board, with its glow. */
function lamp([x, y]: Point, color: string, name: string): SVGElement {
  return s(
    "g",
    {},
    s("rect", { x: x - 0.9, y: y - 0.55, width: 1.8, height: 1.1, rx: 0.2, fill: "#e9ecef" }),
    s("g", { class: "lit" }, s("circle", { cx: x, cy: y, r: 2, fill: color, opacity: 0.16 }), s("circle", { cx: x, cy: y, r: 1.4, fill: color, opacity: 0.3 }), s("rect", { x: x - 0.7, y: y - 0.5, width: 1.4, height: 1, rx: 0.2, fill: color }), s("circle", { cx: x, cy: y, r: 0.35, fill: "#fff" })),
    s("text", { x, y: y + 2.3, class: "print", "font-size": 1.2, "text-anchor": "middle" }, name),
  );
}
