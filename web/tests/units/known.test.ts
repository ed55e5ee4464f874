// Names from the firmware, and differences line by line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Names, namesAfter, namesToImport } from "../../src/editor/known.ts";
import { lineDifference, withoutSame } from "../../src/editor/lines.ts";

const NAMES: Names = {
  builtins: { print: { kind: "function" }, list: { kind: "class", members: { append: "function" } } },
  machine: { Pin: { kind: "class", members: { value: "function", OUT: "constant" } }, PWM: { kind: "class", members: { duty_u16: "function" } }, reset: { kind: "function" }, DEEPSLEEP: { kind: "constant", value: "4" } },
  asyncio: { core: { kind: "module" }, sleep: { kind: "function" } },
  "asyncio.core": { Task: { kind: "class" } },
};
const labels = (source: string, path: string) => namesAfter(NAMES, source, path).map(({ label }) => label);

test("names are found by what a program imports", () => {
  assert.deepEqual(labels("import machine", "machine.P"), ["Pin", "PWM", "reset", "DEEPSLEEP"]);
  assert.deepEqual(labels("import machine as m", "m."), ["Pin", "PWM", "reset", "DEEPSLEEP"]);
  assert.deepEqual(labels("import machine as m", "machine."), []);
  assert.deepEqual(labels("from machine import Pin as P, PWM", "P."), ["value", "OUT"]);
  assert.deepEqual(labels("import time, machine", "machine.Pin."), ["value", "OUT"]);
  assert.deepEqual(labels("from machine import *", "Pin."), ["value", "OUT"]);
  assert.deepEqual(labels("import asyncio", "asyncio.core."), ["Task"]);
  assert.deepEqual(labels("from asyncio import core", "core."), ["Task"]);
  assert.deepEqual(labels("", "nothing."), []);
  assert.deepEqual(labels("import machine", "machine.Pin.OUT."), []);
  assert.deepEqual(labels("", "list."), ["append"]);
});

test("what a program makes has the names of its class", () => {
  assert.deepEqual(labels("from machine import Pin\nled = Pin(2, Pin.OUT)\n", "led."), ["value", "OUT"]);
  assert.deepEqual(labels("import machine\n    led = machine.PWM(machine.Pin(2))\n", "led.du"), ["duty_u16"]);
  assert.deepEqual(labels("led = Pin(2)", "led."), []);
});

test("names have a kind, and constants their value", () => {
  assert.deepEqual(namesAfter(NAMES, "import machine", "machine.").at(-1), { label: "DEEPSLEEP", type: "constant", detail: "4" });
  assert.ok(namesAfter(NAMES, "import machine", "ma").some(({ label, type }) => label === "machine" && type === "namespace"));
});

test("a line that imports is offered modules, and what is in them", () => {
  const found = (line: string) => namesToImport(NAMES, line)?.map(({ label }) => label);
  for (const line of ["import ", "import ma", "import time, ma", "import time as t, ma", "from ", "from ma"]) assert.deepEqual(found(line), ["machine", "asyncio", "asyncio.core"], line);
  for (const line of ["from machine import ", "from machine import Pin, P", "from machine import (Pin, "]) assert.deepEqual(found(line), ["Pin", "PWM", "reset", "DEEPSLEEP"], line);
  for (const line of ["important = ma", "x = 1", "from machine import Pin; x", "# import ma x y"]) assert.equal(found(line), undefined, line);
});

test("lines that differ are told, and both texts can be made of them", () => {
  const cases = [["", "a"], ["a\nb\nc", "a\nc"], ["a\nb\nc\nd", "b\nx\nd\ne"], ["same", "same"], ["1\n2\n3", "3\n2\n1"]] as const;
  for (const [before, after] of cases) {
    const lines = lineDifference(before, after);
    assert.equal(lines.filter(({ kind }) => kind !== "new").map(({ text }) => text).join("\n"), before);
    assert.equal(lines.filter(({ kind }) => kind !== "gone").map(({ text }) => text).join("\n"), after);
  }
  assert.deepEqual(lineDifference("a\nb\nc", "a\nc").map(({ kind }) => kind), ["same", "gone", "same"]);
  const start = performance.now();
  lineDifference(Array.from({ length: 5000 }, (_, i) => `a${i}`).join("\n"), Array.from({ length: 5000 }, (_, i) => `b${i}`).join("\n"));
  assert.ok(performance.now() - start < 500);
});

test("what is the same far from a difference is left out", () => {
  const text = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const shown = withoutSame(lineDifference(text.join("\n"), [...text.slice(0, 10), "other", ...text.slice(11)].join("\n")));
  assert.deepEqual([shown[0], shown.at(-1), shown.length], [7, 6, 10]);
  assert.deepEqual(withoutSame(lineDifference("a\nb", "a\nb")), []);
});
