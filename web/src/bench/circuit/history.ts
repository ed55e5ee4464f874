// What was changed here, to be taken back and done again, whatever others change meanwhile.
import { merge } from "./merge.ts";
import { type Circuit, equal } from "./model.ts";

/** Changes that can be taken back. */
const DEPTH = 200;

interface Change {
  before: Circuit;
  after: Circuit;
}

export class History {
  #done: Change[] = [];
  #undone: Change[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Something was changed. */
  add(before: Circuit, after: Circuit): void {
    this.#done.push({ before, after });
    if (this.#done.length > DEPTH) this.#done.shift();
    this.#undone = [];
  }

  /** The circuit without the last change that still makes a difference. */
  undo(now: Circuit): Circuit | undefined {
    for (let change = this.#done.pop(); change; change = this.#done.pop()) {
      const next = merge(change.after, change.before, now);
      if (equal(next, now)) continue;
      this.#undone.push({ before: next, after: now });
      return next;
    }
    return undefined;
  }

  redo(now: Circuit): Circuit | undefined {
    for (let change = this.#undone.pop(); change; change = this.#undone.pop()) {
      const next = merge(change.before, change.after, now);
      if (equal(next, now)) continue;
      this.#done.push({ before: now, after: next });
      return next;
    }
    return undefined;
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }
}
