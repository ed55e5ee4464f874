// What goes wrong on the air, as controls that say what they do.
import { h } from "../dom.ts";
import { prose } from "../explain.ts";
import type { Fault } from "../lab.ts";
import { texts } from "../texts/en.ts";

const t = texts.network;
/** What belongs together, in the order in which a program meets it. What the workshop has besides comes last. */
const GROUPS: [keyof typeof t.groups, string[]][] = [
  ["wifi", ["access-point", "signal", "password"]],
  ["names", ["dhcp", "dns", "ntp"]],
  ["services", ["services", "certificates", "portal"]],
  ["way", ["loss", "latency", "bandwidth"]],
];
/** Stands for a value that is not among those to choose from. */
const OTHER = "\u2026";

export class Faults {
  readonly element: HTMLElement;
  readonly #well: HTMLButtonElement;
  readonly #places = new Map<string, HTMLElement>();
  readonly #rows = new Map<string, Row>();
  #wrong: Fault[] = [];

  constructor(private readonly set: (faults: string[]) => void) {
    this.#well = h("button", { type: "button", class: "all-well", disabled: true, onclick: () => set(this.#wrong.map(({ name, usual }) => `${name}=${usual}`)) }, t.allWell);
    const groups = [...GROUPS.map(([id]) => id), "other" as const].map((id) => {
      const place = h("div", { class: "fault-group", hidden: true, role: "group", "aria-label": t.groups[id] }, h("h4", {}, t.groups[id]));
      this.#places.set(id, place);
      return place;
    });
    this.element = h("section", { class: "air-section" }, h("div", { class: "air-head" }, h("h3", {}, t.faults), this.#well), h("p", { class: "hint" }, t.faultsAbout), ...groups);
  }

  show(faults: Fault[]): void {
    for (const fault of faults) {
      let row = this.#rows.get(fault.name);
      if (!row) {
        row = new Row(fault, (value) => this.set([`${fault.name}=${value}`]));
        this.#rows.set(fault.name, row);
        const id = GROUPS.find(([, names]) => names.includes(fault.name))?.[0] ?? "other";
        const place = this.#places.get(id) as HTMLElement;
        place.hidden = false;
        place.append(row.element);
      }
      row.show(fault);
    }
    this.#wrong = faults.filter(({ value, usual }) => value !== usual);
    this.#well.disabled = !this.#wrong.length;
    this.#well.classList.toggle("main", this.#wrong.length > 0);
  }
}

/** One of them: what it is, what boards meet, and what it can be. */
class Row {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;
  readonly #other: HTMLInputElement;
  #value = "";

  constructor(fault: Fault, set: (value: string) => void) {
    const words = t.faultWords[fault.name];
    const title = words?.title ?? fault.name;
    this.#select = h("select", {
      "aria-label": title,
      onchange: () => {
        if (this.#select.value !== OTHER) return set(this.#select.value);
        this.#other.hidden = false;
        this.#other.focus();
      },
    });
    this.#other = h("input", { type: "text", hidden: true, "aria-label": t.otherOf(title, fault.values), placeholder: fault.values.replaceAll("`", ""), title: fault.values, spellcheck: "false", onchange: () => this.#other.value.trim() && set(this.#other.value.trim()) });
    const id = `fault-${fault.name}`;
    const about = h("p", { class: "hint", id }, ...prose(words?.text ?? fault.text));
    this.#select.setAttribute("aria-describedby", id);
    this.element = h("div", { class: "fault", "data-fault": fault.name }, h("div", { class: "fault-what" }, h("b", {}, title), about), h("div", { class: "fault-value" }, this.#select, this.#other));
  }

  show({ name, value, usual, choices }: Fault): void {
    this.element.classList.toggle("wrong", value !== usual);
    if (value === this.#value) return;
    this.#value = value;
    const known = choices.includes(value) ? choices : [...choices, value];
    const words = t.faultWords[name]?.values;
    // Whatever else can be typed is only offered where there is more than on and off.
    const options = known.map((choice) => new Option(words?.[choice] ?? (choice === usual ? t.usual(choice) : choice), choice, false, choice === value));
    if (choices.length > 2) options.push(new Option(t.other, OTHER));
    this.#select.replaceChildren(...options);
    this.#select.value = value;
    this.#other.hidden = true;
    this.#other.value = "";
  }
}
