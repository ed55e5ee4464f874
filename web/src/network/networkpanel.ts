// The air around the boards: access points, who is connected, what goes wrong, and what goes over it.
import type { BenchPanel } from "../bench/bench.ts";
import { h } from "../dom.ts";
import type { Events } from "../events.ts";
import { type Air, isWrong, lab, type Network } from "../lab.ts";
import type { Say } from "../state.ts";
import { texts } from "../texts/en.ts";
import { Faults } from "./faults.ts";
import "./network.css";
import { Packets } from "./packets.ts";

const t = texts.network;
/** Milliseconds between two looks. */
const PACE = 1500;
/** How strong a signal must be for each of the bars. */
const BARS = [-88, -78, -68, -58];

export interface NetworkHooks {
  events: Events;
  say: Say;
  /** Whether something goes wrong on the air: who looks elsewhere should know it. */
  wrong(isWrong: boolean): void;
}


export class NetworkPanel implements BenchPanel {
  readonly element: HTMLElement;
  readonly #networks = h("ul", { class: "air-list" });
  readonly #stations = h("ul", { class: "air-list" });
  readonly #hint = h("p", { class: "hint", hidden: true });
  readonly #faults: Faults;
  readonly #packets = new Packets();
  #board: string | undefined;
  #isShown = false;
  #end: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawn = "";
  #isWrong = false;

  constructor(private readonly hooks: NetworkHooks) {
    this.#faults = new Faults((faults) => void this.#set(faults));
    const around = h("section", { class: "air-section" }, h("h3", {}, t.around), this.#networks, this.#stations, this.#hint);
    this.element = h("div", { class: "network" }, h("div", { class: "air" }, around, this.#faults.element), this.#packets.element);
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    if (!isShown) this.hooks.wrong(this.#isWrong);
    this.#follow();
  }

  board(name: string | undefined): void {
    if (name !== this.#board) this.#packets.clear();
    this.#board = name;
    this.#drawn = "";
    this.#follow();
  }

  #follow(): void {
    this.#end?.();
    this.#end = undefined;
    clearTimeout(this.#timer);
    if (!this.#isShown) return;
    if (this.#board) this.#end = this.hooks.events.subscribe({ kinds: ["packet"] }, this.#board, (event) => this.#packets.take(event));
    void this.#look();
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#draw(await lab.air());
      this.#hint.hidden = true;
    } catch (e) {
      this.#hint.hidden = false;
      this.#hint.textContent = (e as Error).message;
    }
    clearTimeout(this.#timer);
    if (this.#isShown) this.#timer = setTimeout(() => void this.#look(), PACE);
  }

  async #set(faults: string[]): Promise<void> {
    try {
      this.#draw(await lab.setFaults(faults));
    } catch (e) {
      this.hooks.say((e as Error).message, "bad");
      // What was chosen is not what is.
      this.#drawn = "";
      void this.#look();
    }
  }

  #draw(air: Air): void {
    const drawn = JSON.stringify(air);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#isWrong = isWrong(air);
    const signal = air.faults.find(({ name }) => name === "signal");
    const isGone = air.faults.some(({ name, value }) => name === "access-point" && value === "gone");
    this.#networks.replaceChildren(...air.networks.map((network) => networkRow(network, isGone, signal && signal.value !== signal.usual ? Number(signal.value) : undefined)));
    this.#stations.replaceChildren(
      ...air.stations.map(({ board, connected, address, mac }) =>
        h(
          "li",
          { class: board === this.#board && "chosen" },
          h("span", { class: connected ? "state on" : "state off", "aria-hidden": "true" }),
          h("b", {}, board),
          h("span", {}, connected ? (address ?? t.noAddress) : t.notConnected),
          h("small", { title: t.mac }, mac),
        ),
      ),
    );
    this.#faults.show(air.faults);
  }
}

function networkRow({ ssid, channel, rssi, security }: Network, isGone: boolean, weaker: number | undefined): HTMLElement {
  const strength = weaker ?? rssi;
  const bars = isGone ? 0 : BARS.filter((least) => strength >= least).length;
  const isOpen = security === "open";
  return h(
    "li",
    {},
    h("span", { class: "bars", role: "img", "aria-label": t.bars(bars), "data-bars": bars }, ...BARS.map((_, nth) => h("i", { class: nth < bars && "on" }))),
    h("b", {}, ssid),
    h("span", {}, isGone ? t.gone : t.strength(strength)),
    h("small", {}, `${t.channel(channel)}, ${isOpen ? t.open : security.toUpperCase()}`),
  );
}
