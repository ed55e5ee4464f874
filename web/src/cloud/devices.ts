// The lab's devices in the cloud: what each has sent last, as numbers and curves.
import { h, ICONS, svg } from "../dom.ts";
import { type CloudDevice, lab, type Stream } from "../lab.ts";
import { Spark } from "../spark.ts";
import { texts } from "../texts/en.ts";
import { Chart } from "./chart.ts";
import { agoText, ofLate, valueText } from "./values.ts";

const t = texts.cloud;
/** Values of a small curve, and of a large one. */
const FEW = 120;
const MANY = 500;
/** Milliseconds within which a value is a new one. */
const FRESH = 2500;

class StreamRow {
  readonly element: HTMLElement;
  readonly #value = h("b", { class: "value" });
  readonly #ago = h("small");
  readonly #spark = new Spark("--plot-1");
  readonly #chart = new Chart();
  readonly #button: HTMLButtonElement;
  #shown: Stream | undefined;
  #isLarge = false;

  constructor(
    private readonly device: string,
    name: string,
  ) {
    this.#button = h("button", { type: "button", class: "stream", "aria-expanded": "false", title: t.enlarge, onclick: () => this.#enlarge() }, svg(ICONS.chevron), h("span", { class: "stream-name" }, name), this.#spark.element, this.#value, this.#ago);
    this.#chart.element.hidden = true;
    this.element = h("li", {}, this.#button, this.#chart.element);
  }

  show(stream: Stream, now: number): void {
    const isNew = stream.at !== this.#shown?.at || stream.value !== this.#shown?.value;
    this.#shown = stream;
    this.#value.textContent = `${valueText(stream.value)}${stream.unit ? ` ${stream.unit}` : ""}`;
    this.#value.title = valueText(stream.value);
    this.#ago.textContent = stream.at === null ? "" : agoText(now - stream.at);
    this.element.classList.toggle("fresh", stream.at !== null && now - stream.at < FRESH);
    if (isNew) void this.#load();
  }

  restyle(): void {
    this.#chart.restyle();
    void this.#load();
  }

  async #load(): Promise<void> {
    const stream = this.#shown;
    if (!stream || stream.at === null) return;
    const found = await lab.values(this.device, stream.name, this.#isLarge ? MANY : FEW).catch(() => undefined);
    const points = ofLate((found ?? []).filter((point): point is [number, number] => typeof point[1] === "number"));
    // What is a text has no curve.
    this.#spark.element.hidden = points.length < 2;
    this.#spark.set(points.slice(-FEW));
    if (this.#isLarge) await this.#chart.show(points, stream.unit ?? "");
  }

  #enlarge(): void {
    this.#isLarge = !this.#isLarge;
    this.#button.setAttribute("aria-expanded", String(this.#isLarge));
    this.#button.title = this.#isLarge ? t.reduce : t.enlarge;
    this.#chart.element.hidden = !this.#isLarge;
    void this.#load();
  }
}

export class Devices {
  readonly element = h("div", { class: "devices" });
  readonly #empty = h("div", { class: "hint" }, h("p", {}, t.empty), h("pre", {}, h("code", {}, t.example)));
  readonly #silent = h("p", { class: "hint" });
  readonly #cards = new Map<string, { element: HTMLElement; seen: HTMLElement; streams: Map<string, StreamRow>; list: HTMLElement }>();

  show(devices: CloudDevice[]): void {
    const now = Date.now();
    const speaking = devices.filter(({ streams }) => streams.length > 0);
    const silent = devices.filter(({ streams }) => !streams.length);
    for (const device of speaking) this.#card(device, now);
    for (const [id, { element }] of this.#cards) if (!speaking.some((device) => device.id === id)) element.remove(), this.#cards.delete(id);
    this.#empty.hidden = speaking.length > 0;
    this.#silent.hidden = !silent.length;
    this.#silent.textContent = t.silent(silent.map(({ name }) => name));
    const order = [...speaking.map(({ id }) => this.#cards.get(id)?.element), this.#empty, this.#silent].filter((element) => element !== undefined);
    // What is moved loses the focus: only if it must be.
    if (order.some((element, nth) => this.element.children[nth] !== element)) this.element.replaceChildren(...order);
  }

  restyle(): void {
    for (const { streams } of this.#cards.values()) for (const row of streams.values()) row.restyle();
  }

  #card({ id, name, seen, streams }: CloudDevice, now: number): void {
    let card = this.#cards.get(id);
    if (!card) {
      const [seenPlace, list] = [h("small"), h("ul")];
      card = { element: h("section", { class: "device-card", "aria-label": name }, h("h3", {}, name, " ", seenPlace), list), seen: seenPlace, streams: new Map(), list };
      this.#cards.set(id, card);
    }
    card.seen.textContent = seen === null ? "" : t.seen(agoText(now - seen));
    for (const stream of streams) {
      let row = card.streams.get(stream.name);
      if (!row) {
        row = new StreamRow(id, stream.name);
        card.streams.set(stream.name, row);
        card.list.append(row.element);
      }
      row.show(stream, now);
    }
  }
}
