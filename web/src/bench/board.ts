// The board on the table and what is wired to it.
import type { Events } from "../events.ts";
import { h } from "../dom.ts";
import type { Say } from "../state.ts";
import type { BenchPanel } from "./bench.ts";

export interface BoardHooks {
  events: Events;
  say: Say;
}

export class BoardPanel implements BenchPanel {
  readonly element = h("div", { class: "circuit" });

  constructor(readonly hooks: BoardHooks) {}

  show(): void {}

  board(): void {}
}
