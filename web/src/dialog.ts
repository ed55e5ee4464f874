// Questions to whoever sits here.
import { h } from "./dom.ts";
import { texts } from "./texts/en.ts";

function ask<T>(title: string, body: Node[], yes: string, value: () => T, isBad: boolean): Promise<T | undefined> {
  return new Promise((done) => {
    let answer: T | undefined;
    const close = (with_?: T) => {
      answer = with_;
      dialog.close();
    };
    const ok = h("button", { type: "submit", class: isBad ? "bad" : "main" }, yes);
    const cancel = h("button", { type: "button", onclick: () => close() }, texts.dialog.cancel);
    const form = h(
      "form",
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          close(value());
        },
      },
      h("h2", {}, title),
      ...body,
      h("div", { class: "buttons" }, cancel, ok),
    );
    const dialog = h("dialog", { "aria-label": title, onclose: () => (dialog.remove(), done(answer)) }, form);
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector("input") ?? (isBad ? cancel : ok)).focus();
    form.querySelector("input")?.select();
  });
}

/** Whether something that cannot be undone is really meant. */
export async function confirmed(title: string, text: string, yes: string): Promise<boolean> {
  return (await ask(title, [h("p", {}, text)], yes, () => true, true)) === true;
}

/** A name; nothing if there is to be none. */
export async function nameFor(title: string, label: string, value: string, yes: string): Promise<string | undefined> {
  const input = h("input", { type: "text", value, autocomplete: "off", spellcheck: "false", maxlength: 200, required: true });
  const name = await ask(title, [h("label", {}, h("span", {}, label), input)], yes, () => input.value.trim(), false);
  return name || undefined;
}
