// What the program's variables hold.
import { h, ICONS, iconButton } from "../dom.ts";
import { type Link, Refused, type Variable } from "../link.ts";
import { texts } from "../texts/en.ts";

/** What a program uses more than it makes. */
const ASIDE = /^(?:module|type|function|generator|closure|bound_method)$/;

/** Values first: they are what one looks for. */
const inOrder = (found: Variable[]) => [...found.filter(({ type }) => !ASIDE.test(type)), ...found.filter(({ type }) => ASIDE.test(type))];

export class Variables {
  readonly element: HTMLElement;
  readonly tools = h("div", { class: "tools" }, iconButton(ICONS.again, texts.variables.refresh, () => void this.refresh()));
  readonly #body = h("tbody");
  readonly #table: HTMLElement;
  readonly #hint = h("p", { class: "hint" }, texts.variables.empty);

  constructor(private readonly link: () => Link | undefined) {
    const t = texts.variables;
    const heads = [t.name, t.type, t.value, t.size].map((text) => h("th", { scope: "col" }, text));
    this.#table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), this.#body);
    this.#table.hidden = true;
    this.element = h("div", { class: "variables" }, this.#hint, this.#table);
  }

  async refresh(): Promise<void> {
    try {
      const found = await this.link()?.ask("variables");
      if (found) this.#show(found);
    } catch (e) {
      this.#hint.textContent = e instanceof Refused && e.busy ? texts.variables.busy : (e as Error).message;
      this.#hint.hidden = false;
    }
  }

  clear(): void {
    this.#body.replaceChildren();
    this.#table.hidden = true;
    this.#hint.hidden = false;
    this.#hint.textContent = texts.variables.empty;
  }

  #show(found: Variable[]): void {
    this.#body.replaceChildren(
      ...inOrder(found).map(({ name, type, value, size, length }) => {
        const much = length !== undefined ? texts.variables.length(length) : size !== undefined ? texts.variables.bytes(size) : "";
        return h("tr", { class: ASIDE.test(type) && "aside" }, h("th", { scope: "row" }, name), h("td", { class: "type" }, type), h("td", { class: "value", title: value }, value), h("td", { class: "number" }, much));
      }),
    );
    this.#table.hidden = found.length === 0;
    this.#hint.hidden = found.length > 0;
    this.#hint.textContent = texts.variables.none;
  }
}
