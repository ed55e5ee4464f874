// What a hand changes while the program runs: a slider, a button, a switch for each such setting of a part.
import { h, ICONS, iconButton } from "../../dom.ts";
import { texts } from "../../texts/en.ts";
import type { Hands } from "./grips.ts";
import { isLive } from "./kinds.ts";
import type { SettingValue } from "./model.ts";
import type { Kind, KindSetting } from "./server.ts";

/** Numbers that go further than this are on a scale of powers: one sees moonlight and the sun. */
const WIDE = 10_000;
/** Places of a slider. */
const PLACES = 1000;

/** A control, and how it takes what the part is set to now. */
export interface Control {
  element: HTMLElement;
  update(value: SettingValue | undefined): void;
}

/** The controls of a part, by setting; empty if nothing of it is changed by hand. */
export function controlsOf(part: string, kind: Kind, hands: Hands): Map<string, Control> {
  const all = new Map<string, Control>();
  for (const setting of kind.settings) {
    const control = isLive(setting) && controlOf(part, kind, setting, hands);
    if (control) all.set(setting.name, control);
  }
  return all;
}

export const nameOf = (setting: string): string => texts.circuit.settingNames[setting] ?? setting.replace(/_/g, " ");

function controlOf(part: string, kind: Kind, setting: KindSetting, hands: Hands): Control | undefined {
  if (setting.sort === "flag") return press(part, setting, hands);
  if (setting.sort === "choice") return choice(part, setting, hands);
  if (kind.kind === "rotary-encoder") return steps(part, setting, hands);
  return setting.least === undefined || setting.most === undefined || setting.most > 1e8 ? undefined : slider(part, setting, hands);
}

function press(part: string, { name }: KindSetting, hands: Hands): Control {
  const t = texts.circuit;
  const set = (isDown: boolean, isKept = false) => hands.press(part, name, isDown, isKept);
  const isPress = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
  const button = h(
    "button",
    {
      type: "button",
      class: "press",
      "data-key": `press ${name}`,
      onpointerdown: (event: PointerEvent) => event.button === 0 && set(true, event.shiftKey),
      onpointerup: () => set(false),
      onpointercancel: () => set(false),
      onpointerleave: () => set(false),
      onblur: () => set(false),
      onkeydown: (event: KeyboardEvent) => {
        if (!isPress(event)) return;
        event.preventDefault();
        if (!event.repeat) set(true, event.shiftKey);
      },
      onkeyup: (event: KeyboardEvent) => isPress(event) && set(false),
    },
    t.press,
  );
  const lock = iconButton(ICONS.lock, t.hold, () => {
    const isKept = lock.getAttribute("aria-pressed") !== "true";
    // Pressed once more, what is kept down comes up.
    set(true, isKept);
    if (!isKept) set(false);
  });
  return {
    element: h("div", { class: "control" }, button, lock),
    update(value) {
      button.classList.toggle("down", value === true);
      lock.setAttribute("aria-pressed", String(value === true));
    },
  };
}

function choice(part: string, { name, choices = [] }: KindSetting, hands: Hands): Control {
  const buttons = choices.map((value) => h("button", { type: "button", "data-key": `${name} ${value}`, onclick: () => hands.act(part, name, value) }, value));
  return {
    element: h("div", { class: "control choice", role: "group", "aria-label": nameOf(name) }, ...buttons),
    update: (value) => buttons.forEach((button, nth) => button.setAttribute("aria-pressed", String(choices[nth] === value))),
  };
}

function steps(part: string, { name }: KindSetting, hands: Hands): Control {
  const t = texts.circuit;
  let now = 0;
  const step = (by: number) => hands.slide(part, name, now + by);
  const value = h("output", {}, "0");
  const button = (text: string, label: string, by: number) => h("button", { type: "button", "aria-label": label, title: label, "data-key": `step ${by}`, onclick: () => step(by) }, text);
  return {
    element: h("div", { class: "control" }, h("span", {}, nameOf(name)), button("−", t.left, -1), value, button("+", t.right, 1)),
    update(to) {
      now = Number(to ?? 0);
      value.textContent = String(now);
    },
  };
}

/** Places of a slider and values, there and back. */
export function scaleOf({ sort, least = 0, most = 1 }: Pick<KindSetting, "sort" | "least" | "most">): { value(place: number): number; place(value: number): number } {
  const isWide = most - least >= WIDE && least >= 0;
  const digits = sort === "int" ? 0 : most - least <= 2 ? 3 : most - least <= 300 ? 1 : 0;
  const tidy = (value: number) => Math.min(most, Math.max(least, Number(value.toFixed(isWide && value < 10 ? 1 : digits))));
  if (!isWide) return { value: (place) => tidy(least + ((most - least) * place) / PLACES), place: (value) => ((value - least) / (most - least)) * PLACES };
  const far = Math.log10(most - least + 1);
  return { value: (place) => tidy(least + 10 ** ((far * place) / PLACES) - 1), place: (value) => (Math.log10(Math.max(value - least, 0) + 1) / far) * PLACES };
}

function slider(part: string, setting: KindSetting, hands: Hands): Control {
  const { name } = setting;
  const scale = scaleOf(setting);
  const unit = texts.circuit.units[name];
  const isShare = setting.least === 0 && setting.most === 1 && !unit;
  const words = (value: number) => (isShare ? `${Math.round(value * 100)} %` : `${value}${unit ? ` ${unit}` : ""}`);
  const value = h("output", {});
  const range = h("input", {
    type: "range",
    min: 0,
    max: PLACES,
    step: "any",
    "aria-label": nameOf(name),
    title: setting.text,
    "data-key": name,
    oninput: () => set(scale.value(range.valueAsNumber)),
    // The browser's own steps would be too small to be seen.
    onkeydown: (event: KeyboardEvent) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      set(scale.value(Math.min(PLACES, Math.max(0, range.valueAsNumber + by * 10))));
    },
  });
  const set = (to: number) => {
    update(to);
    hands.slide(part, name, to);
  };
  const update = (to: SettingValue | undefined) => {
    const now = Number(to ?? setting.usual);
    if (Math.abs(scale.place(now) - range.valueAsNumber) > 0.5) range.value = String(scale.place(now));
    value.textContent = words(Number(now.toPrecision(6)));
    range.setAttribute("aria-valuetext", value.textContent);
  };
  return { element: h("label", { class: "control" }, h("span", {}, nameOf(name)), range, value), update };
}
