// What is wired to a board, as the page edits it: parts and wires, changes that meet, what is taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, freePlace, sideOf, turned } from "../../src/bench/circuit/geometry.ts";
import { History } from "../../src/bench/circuit/history.ts";
import { merge } from "../../src/bench/circuit/merge.ts";
import { addPart, changePart, type Circuit, cut, EMPTY, free, freeName, join, joinedTo, nameTrouble, nets, removePart, renamePart, segments, setSetting, snap, turnPart } from "../../src/bench/circuit/model.ts";

const led = (settings = {}) => ({ kind: "led", at: [10.16, 20.32] as const, settings });
const BASE: Circuit = {
  parts: { led1: led({ color: "red" }), r: { kind: "resistor", settings: {} } },
  wires: [["D6", "r.a"], ["r.b", "led1.anode", "D7"], ["led1.cathode", "GND"]],
};

test("parts get names that nobody has, and can be called otherwise", () => {
  assert.equal(freeName(EMPTY, "led"), "led1");
  assert.equal(freeName(BASE, "led"), "led2");
  assert.equal(freeName(EMPTY, "rgb-led"), "rgb_led1");
  assert.equal(nameTrouble(BASE, "r", "led1"), "taken");
  assert.equal(nameTrouble(BASE, "a b", "led1"), "form");
  assert.equal(nameTrouble(BASE, "led1", "led1"), undefined);
  const renamed = renamePart(BASE, "led1", "red");
  assert.deepEqual(Object.keys(renamed.parts), ["red", "r"]);
  assert.deepEqual(renamed.wires, [["D6", "r.a"], ["r.b", "red.anode", "D7"], ["red.cathode", "GND"]]);
});

test("with a part its wires go, and what they joined otherwise stays joined", () => {
  const without = removePart(BASE, "led1");
  assert.deepEqual(without, { parts: { r: BASE.parts["r"] }, wires: [["D6", "r.a"], ["r.b", "D7"]] });
});

test("wires are drawn, cut and taken off", () => {
  assert.equal(segments(BASE).length, 4);
  assert.deepEqual(cut(BASE, segments(BASE)[1] as never).wires, [["D6", "r.a"], ["led1.anode", "D7"], ["led1.cathode", "GND"]]);
  assert.deepEqual(joinedTo(BASE, "led1.anode").map(({ from, to }) => [from, to]), [["r.b", "led1.anode"], ["led1.anode", "D7"]]);
  assert.deepEqual(free(BASE, "led1.anode").wires, [["D6", "r.a"], ["r.b", "D7"], ["led1.cathode", "GND"]]);
  // The same once more, and a wire from a pin to itself, change nothing.
  assert.equal(join(BASE, "D7", "led1.anode"), BASE);
  assert.equal(join(BASE, "D6", "D6"), BASE);
  assert.deepEqual(join({ parts: {}, wires: [["a.vcc", "nc"]] }, "a.vcc", "3V3").wires, [["a.vcc", "3V3"]]);
});

test("settings, places and turns", () => {
  assert.deepEqual(setSetting(BASE, "led1", "ohms", 0).parts["led1"]?.settings, { color: "red", ohms: 0 });
  assert.deepEqual(setSetting(BASE, "led1", "color", undefined).parts["led1"]?.settings, {});
  assert.equal(turnPart(turnPart(turnPart(turnPart(BASE, "r"), "r"), "r"), "r").parts["r"]?.turned, 0);
  assert.deepEqual([snap(0), snap(1.26), snap(1.28), snap(-3.7), snap(30)], [0, 0, 2.54, -2.54, 30.48]);
  assert.deepEqual(turned([0, 0], [40, 20], 90), [30, -10]);
  assert.deepEqual(boxOf([0, 0], [40, 20], 90), { x: 10, y: -10, width: 20, height: 40 });
  assert.equal(sideOf([39, 10], { x: 0, y: 0, width: 40, height: 20 }), "right");
  const board = { x: 0, y: 0, width: 100, height: 100 };
  // Beside the board in a wide window, below it in a high one; never over anything.
  const [right] = freePlace([30, 30], board, [], 10, 5, [400, 200], [100, 50]);
  assert.ok(right >= 120);
  const [, above] = freePlace([30, 30], board, [], 10, 5, [200, 400], [50, 0]);
  assert.ok(above <= -50);
  const [x, y] = freePlace([30, 30], board, [{ x: 120, y: 0, width: 30, height: 100 }], 10, 5, [400, 200], [100, 50]);
  assert.ok(x >= 160 || x <= 80 || y >= 110 || y <= -40, `${x}, ${y}`);
});

test("nets have what all their wires join, and a colour that stays", () => {
  const all = nets(BASE);
  assert.equal(all.get("led1.cathode")?.role, "ground");
  assert.equal(all.get("D7")?.role, "signal");
  assert.deepEqual([...(all.get("D7")?.ends ?? [])].sort(), ["D7", "led1.anode", "r.b"]);
  assert.equal(all.get("D6")?.nth === all.get("D7")?.nth, false);
  assert.equal(nets(join(BASE, "D2", "D3")).get("D7")?.nth, all.get("D7")?.nth);
  assert.equal(nets(join(BASE, "led1.anode", "5V")).get("r.b")?.role, "power");
});

test("two changes of one circuit become one, part by part and wire by wire", () => {
  const mine = join(changePart(BASE, "led1", { at: [0, 0] }), "D2", "led1.anode");
  const theirs = setSetting(removePart(addPart(BASE, "b", { kind: "button", settings: {} }), "r"), "led1", "color", "blue");
  const both = merge(BASE, mine, theirs);
  assert.deepEqual(both.parts, { led1: led({ color: "blue" }) && { ...led({ color: "blue" }), at: [0, 0] }, b: { kind: "button", settings: {} } });
  assert.deepEqual(both.wires, [["led1.anode", "D7"], ["led1.cathode", "GND"], ["D2", "led1.anode"]]);
  // Who removes a part removes it, whatever the other did to it.
  assert.equal("led1" in merge(BASE, removePart(BASE, "led1"), setSetting(BASE, "led1", "ohms", 0)).parts, false);
  assert.equal("led1" in merge(BASE, changePart(BASE, "led1", { turned: 90 }), removePart(BASE, "led1")).parts, true);
  assert.deepEqual(merge(BASE, BASE, theirs), theirs);
});

test("undo takes back one's own change and leaves those of others", () => {
  const history = new History();
  const moved = changePart(BASE, "led1", { at: [0, 0] });
  history.add(BASE, moved);
  const others = addPart(moved, "b", { kind: "button", settings: {} });
  const undone = history.undo(others);
  assert.deepEqual(undone?.parts["led1"]?.at, [10.16, 20.32]);
  assert.ok(undone && "b" in undone.parts);
  const redone = history.redo(undone);
  assert.deepEqual(redone?.parts["led1"]?.at, [0, 0]);
  assert.ok(history.canUndo && !history.canRedo);
  history.add(redone as Circuit, EMPTY);
  assert.equal(history.canRedo, false);
});
