// Light or dark: as the system has it, or as somebody has chosen.
import { Value } from "./state.ts";

export type Choice = "system" | "light" | "dark";
const KEY = "coil.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const choice = new Value<Choice>(recall());
/** What it comes to. */
export const shown = new Value<"light" | "dark">("light");

export function start(): void {
  choice.watch(apply);
  dark.addEventListener("change", apply);
}

export function next(): void {
  const order: Choice[] = ["system", "light", "dark"];
  choice.set(order[(order.indexOf(choice.now) + 1) % order.length] as Choice);
  try {
    localStorage.setItem(KEY, choice.now);
  } catch {
    // It is as the system has it next time.
  }
}

function apply(): void {
  document.documentElement.dataset["theme"] = choice.now;
  shown.set(choice.now === "system" ? (dark.matches ? "dark" : "light") : choice.now);
}

function recall(): Choice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}
