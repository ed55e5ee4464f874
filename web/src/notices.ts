// What is told for a moment, at the lower edge.
import { h, ICONS, iconButton } from "./dom.ts";
import type { Say, Tone } from "./state.ts";
import { texts } from "./texts/en.ts";

/** Milliseconds that one stays; bad news stay until they are put away. */
const STAYS = 6000;
/** Notices at a time. */
const MOST = 4;

export class Notices {
  readonly element = h("div", { class: "notices", role: "log", "aria-label": texts.notices.label, "aria-live": "polite" });

  readonly say: Say = (text: string, tone: Tone = "news") => {
    const last = this.element.lastElementChild;
    // The same again says nothing new.
    if (last?.firstChild?.textContent === text) return;
    const notice = h("div", { class: `notice ${tone}` }, h("p", {}, text));
    notice.append(iconButton(ICONS.close, texts.notices.close, () => notice.remove()));
    this.element.append(notice);
    while (this.element.childElementCount > MOST) this.element.firstElementChild?.remove();
    if (tone !== "bad") setTimeout(() => notice.remove(), STAYS);
  };
}
