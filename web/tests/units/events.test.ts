// What the page asks the stream of events for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf } from "../../src/events.ts";

const wanted = (board: string, kinds: string[], pins?: number[]) => ({ board, kinds: new Set(kinds), pins: pins && new Set(pins) });

test("who wants nothing gets no filter, as an empty one lets everything pass", () => {
  assert.equal(filterOf([]), undefined);
  assert.equal(filterOf([wanted("board0", [])]), undefined);
});

test("a filter is what all want together", () => {
  assert.deepEqual(filterOf([wanted("b1", ["part", "fault"]), wanted("b0", ["part"])]), { only: ["fault", "part"], boards: ["b0", "b1"] });
});

test("pins are named only if all who want events of pins name them", () => {
  assert.deepEqual(filterOf([wanted("b", ["pin"], [4, 2]), wanted("b", ["part"])]), { only: ["part", "pin"], boards: ["b"], pins: [2, 4] });
  assert.deepEqual(filterOf([wanted("b", ["pin"], [4]), wanted("b", ["i2c"])]), { only: ["i2c", "pin"], boards: ["b"] });
});
