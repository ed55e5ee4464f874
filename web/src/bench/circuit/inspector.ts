// What is chosen, in words and fields: its name, how it is made, and what each of its pins is wired to. Everything that a pointer does on the
// table can be done here by keys.
import { h, ICONS, iconButton } from "../../dom.ts";
import { prose } from "../../explain.ts";
import { texts } from "../../texts/en.ts";
import { nameOf } from "./controls.ts";
import { isLive } from "./kinds.ts";
import { type Circuit, cut, free, join, joinedTo, NOTHING, nameTrouble, type Segment, type SettingValue } from "./model.ts";
import type { Kind, KindPin, KindSetting } from "./server.ts";
import type { Selection, Table } from "./table.ts";

export interface InspectorHooks {
  change(next: Circuit): void;
  rename(part: string, to: string): void;
  turn(part: string): void;
  remove(what: Selection): void;
  setting(part: string, setting: KindSetting, value: SettingValue): void;
  say(text: string): void;
  close(): void;
}

export class Inspector {
  readonly element = h("section", { class: "inspector", hidden: true });

  constructor(
    private readonly table: Table,
    private readonly hooks: InspectorHooks,
  ) {}

  show(selection: Selection | undefined): void {
    this.element.hidden = selection === undefined;
    if (!selection) return this.element.replaceChildren();
    // Whoever is in a field stays there, whatever else changes.
    const key = document.activeElement instanceof HTMLElement && this.element.contains(document.activeElement) ? document.activeElement.dataset["key"] : undefined;
    const scrolled = this.element.scrollTop;
    this.element.replaceChildren(...("part" in selection ? this.#part(selection.part) : this.#wire(selection.wire)));
    if (key !== undefined) this.element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
    this.element.scrollTop = scrolled;
  }

  /** Brings the keys to the name, or to the first pin that can be wired. */
  focus(what: "name" | "wires"): void {
    const field = this.element.querySelector<HTMLElement>(what === "name" ? ".name" : ".wires select");
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  }

  #wire(wire: Segment): Node[] {
    const t = texts.circuit;
    this.element.setAttribute("aria-label", t.wireLabel(wire.from, wire.to));
    const remove = h("button", { type: "button", "data-key": "remove", onclick: () => this.hooks.remove({ wire }) }, t.wireRemove);
    return [h("div", { class: "head" }, h("h3", {}, t.wire(wire.from, wire.to)), this.#close()), h("div", { class: "fields" }, remove)];
  }

  #part(part: string): Node[] {
    const t = texts.circuit;
    const kind = this.table.kindOf(part);
    this.element.setAttribute("aria-label", part);
    if (!kind) return [];
    const made = kind.settings.filter((setting) => !isLive(setting));
    const tools = h(
      "div",
      { class: "tools" },
      iconButton(ICONS.turn, t.turn, () => this.hooks.turn(part), { "data-key": "turn" }),
      iconButton(ICONS.remove, t.remove, () => this.hooks.remove({ part }), { "data-key": "remove" }),
      this.#close(),
    );
    return [
      h("div", { class: "head" }, this.#name(part), h("h3", {}, kind.title), tools),
      words(kind.text),
      ...(made.length ? [h("div", { class: "fields", role: "group", "aria-label": t.settings }, ...made.map((setting) => this.#setting(part, setting)))] : []),
      h("div", { class: "wires", role: "group", "aria-label": t.wires }, ...kind.pins.map((pin) => this.#pin(part, kind, pin))),
    ];
  }

  #close(): HTMLElement {
    return iconButton(ICONS.close, texts.circuit.close, () => this.hooks.close(), { "data-key": "close" });
  }

  #name(part: string): HTMLElement {
    const t = texts.circuit;
    const input = h("input", {
      type: "text",
      class: "name",
      value: part,
      maxlength: 64,
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": t.name,
      title: t.name,
      "data-key": "name",
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === "Enter") input.blur();
        if (event.key === "Escape") input.value = part;
      },
      onchange: () => {
        const name = input.value.trim();
        const trouble = nameTrouble(this.table.circuit, name, part);
        if (name === part || !trouble) return name === part ? undefined : this.hooks.rename(part, name);
        this.hooks.say(trouble === "form" ? t.badName : t.taken(name));
        input.value = part;
      },
    });
    return input;
  }

  #setting(part: string, setting: KindSetting): HTMLElement {
    const { name, sort, choices = [], usual, least, most, text } = setting;
    const now = this.table.circuit.parts[part]?.settings[name] ?? usual;
    const key = { "data-key": `setting ${name}`, title: text };
    const label = (field: HTMLElement) => h("label", {}, h("span", {}, nameOf(name)), field);
    const set = (value: SettingValue) => this.hooks.setting(part, setting, value);
    if (sort === "choice") {
      const select = h("select", { ...key, onchange: () => set(select.value) }, ...choices.map((choice) => new Option(choice, choice, false, choice === now)));
      return label(select);
    }
    if (sort === "flag") {
      const box = h("input", { ...key, type: "checkbox", checked: now === true, onchange: () => set(box.checked) });
      return label(box);
    }
    const input = h("input", {
      ...key,
      type: "number",
      value: String(now),
      min: least,
      max: most,
      step: sort === "int" ? 1 : "any",
      onchange: () => {
        const value = input.valueAsNumber;
        if (Number.isFinite(value)) set(Math.min(most ?? value, Math.max(least ?? value, sort === "int" ? Math.round(value) : value)));
        else input.value = String(now);
      },
    });
    return label(input);
  }

  /** A pin and the ends that it is wired to. */
  #pin(part: string, kind: Kind, pin: KindPin): HTMLElement {
    const t = texts.circuit;
    const end = `${part}.${pin.name}`;
    const { circuit } = this.table;
    const wires = joinedTo(circuit, end);
    const other = ({ from, to }: Segment) => (from === end ? to : from);
    const [first, ...more] = wires;
    const supply = pin.role === "ground" ? "GND" : pin.role === "power" ? pin.rail : undefined;
    const select = h(
      "select",
      {
        "aria-label": t.wireOf(pin.name, part),
        "data-key": `pin ${pin.name}`,
        "data-pin": end,
        onchange: () => {
          const without = first ? cut(circuit, first) : circuit;
          this.hooks.change(select.value ? join(without, end, select.value) : free(circuit, end));
        },
      },
      new Option(supply ? t.byItself(supply) : t.unwired, "", false, !first),
      ...this.#ends(part, kind, supply !== undefined, first && other(first)),
    );
    const others = more.map((wire) => h("span", { class: "more" }, t.more(other(wire)), iconButton(ICONS.close, t.cut(other(wire)), () => this.hooks.change(cut(circuit, wire)))));
    return h("div", { class: "row" }, h("span", { class: `pin ${pin.role}` }, pin.name), select, ...others);
  }

  /** All that a pin can be wired to. */
  #ends(part: string, kind: Kind, isSupply: boolean, now: string | undefined): Node[] {
    const t = texts.circuit;
    const option = (end: string, words = end) => new Option(words, end, false, end === now);
    const spots = [...new Map((this.table.device?.spots ?? []).map((spot) => [spot.end, spot])).values()];
    const [supplies, pins] = [spots.filter(({ gpio }) => gpio === undefined), spots.filter(({ gpio }) => gpio !== undefined)];
    const group = (label: string, ...options: Node[]) => h("optgroup", { label }, ...options);
    const own = kind.pins.map(({ name }) => `${part}.${name}`);
    const parts = [...this.table.parts.values()].filter(({ name }) => name !== part);
    const known = new Set([...spots.map(({ end }) => end), ...own, ...parts.flatMap((view) => view.pins.map((pin) => `${view.name}.${pin}`)), NOTHING]);
    return [
      ...(now !== undefined && !known.has(now) ? [option(now)] : []),
      group(t.board, ...pins.map(({ end, gpio }) => option(end, `${end} (GPIO${gpio})`))),
      group(t.supplies, ...supplies.map(({ end }) => option(end)), ...(isSupply ? [option(NOTHING)] : [])),
      ...parts.map((view) => group(view.name, ...view.pins.map((pin) => option(`${view.name}.${pin}`, `${view.name}.${pin}`)))),
      group(part, ...own.map((end) => option(end))),
    ];
  }
}

/** What a kind is, of which a click shows all. */
function words(text: string): HTMLElement {
  const all = h("p", { class: "hint", onclick: () => all.classList.add("whole") }, ...prose(text));
  return all;
}
