// Time in the bar: a mark that says how it goes, and behind it what can be done to it.
import { h, ICONS, svg } from "../dom.ts";
import type { Say } from "../state.ts";
import { texts } from "../texts/en.ts";
import { isUsual, positionOf, SLIDER, speedOf, speedText, type Time, type TimeWish } from "./labtime.ts";
import "./time.css";

const t = texts.time;
/** Steps that can be taken while it stands, in nanoseconds. */
const STEPS: [number, string][] = [[1e6, "1 ms"], [10e6, "10 ms"], [1e9, "1 s"]];

export class TimeControl {
  readonly element: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #word = h("span");
  readonly #menu: HTMLElement;
  readonly #clock = h("p", { class: "time-clock" });
  readonly #pause: HTMLButtonElement;
  readonly #steps: HTMLButtonElement[];
  readonly #range: HTMLInputElement;
  readonly #speed = h("output", { class: "time-speed" });
  readonly #usual: HTMLButtonElement;
  readonly #whose = h("p", { class: "hint" });

  constructor(
    private readonly time: Time,
    private readonly say: Say,
  ) {
    this.#button = h("button", { type: "button", id: "time", popovertarget: "time-menu", "aria-haspopup": "dialog" }, svg(ICONS.clock), this.#word);
    const button = (text: string, wish: () => TimeWish) => h("button", { type: "button", onclick: () => void this.#wish(wish()) }, text);
    this.#pause = button(t.pause, () => ({ paused: !this.time.now.now?.paused }));
    this.#steps = STEPS.map(([step_ns, text]) => button(`+ ${text}`, () => ({ step_ns })));
    this.#range = h("input", { type: "range", ...SLIDER, value: 0, "aria-label": t.speed, list: "time-speeds", oninput: () => void this.#wish({ speed: speedOf(Number(this.#range.value)) }) });
    this.#usual = button(t.usual, () => ({ speed: 1 }));
    const marks = h("datalist", { id: "time-speeds" }, ...[-1, 0, 1].map((at) => h("option", { value: at })));
    this.#menu = h(
      "div",
      { id: "time-menu", class: "time-menu", popover: "auto", role: "dialog", "aria-label": t.title, ontoggle: (event: ToggleEvent) => this.#toggled(event.newState === "open") },
      h("h2", {}, t.title),
      this.#clock,
      h("div", { class: "time-row" }, this.#pause, ...this.#steps),
      h("label", { class: "time-row" }, h("span", {}, t.speed), this.#range, this.#speed),
      marks,
      h("div", { class: "time-row" }, this.#usual),
      this.#whose,
    );
    this.element = h("div", { class: "time", hidden: true }, this.#button, this.#menu);
    time.now.watch(() => this.#show());
  }

  #show(): void {
    const now = this.time.now.now;
    this.element.hidden = !now;
    if (!now) return;
    const { paused, speed, boards } = now;
    this.#word.textContent = paused ? t.stands : speedText(speed);
    this.#button.classList.toggle("unusual", !isUsual(now));
    this.#button.title = paused ? t.standsHint : isUsual(now) ? t.hint : t.speedHint(speedText(speed));
    this.#button.setAttribute("aria-label", `${this.#word.textContent}: ${this.#button.title}`);
    this.#pause.replaceChildren(svg(paused ? ICONS.run : ICONS.pause, paused), paused ? t.goOn : t.pause);
    for (const step of this.#steps) {
      step.disabled = !paused;
      step.title = paused ? t.stepHint : t.stepOff;
    }
    if (document.activeElement !== this.#range) this.#range.value = String(positionOf(speed));
    this.#range.setAttribute("aria-valuetext", speedText(speed));
    this.#speed.textContent = speedText(speed);
    this.#usual.disabled = Math.abs(speed - 1) < 1e-6;
    this.#whose.textContent = t.whose(boards);
  }

  #toggled(isOpen: boolean): void {
    if (!isOpen) return;
    void this.time.refresh();
    const { bottom, right } = this.#button.getBoundingClientRect();
    this.#menu.style.top = `${bottom + 6}px`;
    this.#menu.style.right = `${Math.max(innerWidth - right, 8)}px`;
    this.#tick();
  }

  /** The clock runs while it is looked at. */
  #tick(): void {
    if (!this.#menu.matches(":popover-open")) return;
    const seconds = Math.max(this.time.clock.now(), 0) / 1e9;
    this.#clock.textContent = t.clock(seconds.toFixed(3));
    requestAnimationFrame(() => this.#tick());
  }

  async #wish(wish: TimeWish): Promise<void> {
    try {
      await this.time.wish(wish);
    } catch (e) {
      this.say((e as Error).message, "bad");
    }
  }
}
