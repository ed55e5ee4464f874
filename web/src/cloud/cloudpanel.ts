// The workshop's cloud beside the program that sends to it: devices with their last values, and the log of requests.
import { Unreachable } from "../api.ts";
import type { BenchPanel } from "../bench/bench.ts";
import { h } from "../dom.ts";
import { lab } from "../lab.ts";
import { texts } from "../texts/en.ts";
import * as theme from "../theme.ts";
import "./cloud.css";
import { Devices } from "./devices.ts";
import { Requests } from "./requests.ts";

const t = texts.cloud;
/** Milliseconds between two looks. */
const PACE = 1000;

export class CloudPanel implements BenchPanel {
  readonly element: HTMLElement;
  readonly #link = h("a", { target: "_blank", rel: "noopener noreferrer", hidden: true }, t.page);
  readonly #hint = h("p", { class: "hint", hidden: true });
  readonly #devices = new Devices();
  readonly #requests = new Requests();
  #isShown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLooking = false;

  constructor() {
    const above = h("div", { class: "cloud-above" }, h("div", { class: "air-head" }, h("h2", {}, t.title), this.#link), this.#hint, this.#devices.element);
    this.element = h("div", { class: "cloud" }, above, this.#requests.element);
    theme.shown.watch(() => this.#devices.restyle(), false);
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    clearTimeout(this.#timer);
    if (isShown) void this.#look();
  }

  board(): void {
    // The cloud is the whole workshop's.
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const [{ url, devices }, lines] = await Promise.all([lab.cloud(), lab.log(this.#requests.last)]);
      this.#hint.hidden = true;
      this.#link.hidden = false;
      if (this.#link.getAttribute("href") !== url) this.#link.setAttribute("href", url);
      this.#devices.show(devices);
      this.#requests.add(lines);
    } catch (e) {
      if (e instanceof Unreachable) this.#requests.anew();
      this.#hint.hidden = false;
      this.#hint.textContent = (e as Error).message;
    }
    this.#isLooking = false;
    clearTimeout(this.#timer);
    if (this.#isShown) this.#timer = setTimeout(() => void this.#look(), PACE);
  }
}
