// Names from the firmware, what they mean, and differences line by line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Firmware, type Known, describe, namesAfter, namesToImport } from "../../src/editor/known.ts";
import { lineDifference, withoutSame } from "../../src/editor/lines.ts";
import { byName, hint, parameterOf, short } from "../../src/editor/signature.ts";

const f = (about: string, signature: string[] = [], gives?: string): Known => ({ kind: "function", signature, about, ...(gives ? { gives, returns: gives } : {}) });
const FIRMWARE: Firmware = {
  modules: {
    builtins: {
      print: f("Prints.", ["*items: Any", "sep: str = ' '"]),
      open: f("Opens a file.", ["file: str", "mode: str = 'r'"], "io.File"),
      list: { kind: "class", members: { append: f("Puts at the end.", ["x: Any"]), pop: f("Takes the last.", ["i: int = -1"]) } },
      str: { kind: "class", members: { upper: f("Capital letters.", [], "builtins.str"), split: f("Parts.", [], "builtins.list") } },
      dict: { kind: "class", members: { get: f("A value.", ["key: Any"]) } },
      bytes: { kind: "class", members: { decode: f("The text.", [], "builtins.str") } },
      int: { kind: "class", members: { to_bytes: f("Bytes.", [], "builtins.bytes") } },
      OSError: { kind: "class", members: { errno: { kind: "property", gives: "builtins.int" } } },
    },
    io: { File: { kind: "type", members: { readline: f("A line.", ["n: int = -1"], "builtins.str") } }, StringIO: { kind: "class", signature: [] } },
    machine: {
      Pin: { kind: "class", signature: ["id: int", "mode: int = -1", "*", "value: int = …"], about: "A pin.", members: { value: f("The level.", ["x: int = …"]), OUT: { kind: "constant", about: "An output." } } },
      PWM: { kind: "class", members: { duty_u16: { kind: "function" } } },
      reset: { kind: "function" },
      DEEPSLEEP: { kind: "constant", value: "4" },
    },
    socket: { socket: { kind: "class", signature: [], members: { recv: f("Waits for bytes.", ["n: int"], "builtins.bytes"), peer: { kind: "property", gives: "builtins.str" } } } },
    sys: { path: { kind: "constant", gives: "builtins.list" } },
    asyncio: { core: { kind: "module" }, sleep: { kind: "function" }, open_file: f("Opens.", [], "io.File") },
    "asyncio.core": { Task: { kind: "class" } },
  },
  about: { machine: "The chip's hardware." },
};
const labels = (source: string, path: string) => namesAfter(FIRMWARE, source, path).map(({ label }) => label);

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
  assert.deepEqual(labels("", "list."), ["append", "pop"]);
});

test("a class that programs cannot name is not offered", () => {
  assert.deepEqual(labels("import io", "io."), ["StringIO"]);
  assert.deepEqual(labels("from io import *", "File."), []);
  assert.deepEqual(namesToImport(FIRMWARE, "from io import ")?.map(({ label }) => label), ["StringIO"]);
});

test("what a program makes has the names of its class", () => {
  assert.deepEqual(labels("from machine import Pin\nled = Pin(2, Pin.OUT)\n", "led."), ["value", "OUT"]);
  assert.deepEqual(labels("import machine\n    led = machine.PWM(machine.Pin(2))\n", "led.du"), ["duty_u16"]);
  assert.deepEqual(labels("led = Pin(2)", "led."), []);
  assert.deepEqual(labels("from machine import Pin\nclass Lamp:\n    def __init__(self):\n        self.led = Pin(\n            2)\n", "self.led."), ["value", "OUT"]);
});

test("what is given by a call, written as it is, or kept has the names of its kind", () => {
  const file = ["readline"];
  const text = ["upper", "split"];
  const cases: [string, string, string[]][] = [
    ["f = open('a')", "f.", file],
    ["with open('a') as f:", "f.", file],
    ["f = await asyncio.open_file()", "f.", []],
    ["import asyncio\nf = await asyncio.open_file()", "f.", file],
    ["f = open('a')\nline = f.readline()", "line.", text],
    ["import socket\ns = socket.socket()\ntext = s.recv(10).decode().upper()", "text.", text],
    ["x = 'a(b' # c", "x.", text],
    ['x = """', "x.", text],
    ["x = b'\\''", "x.", ["decode"]],
    ["x = [1, 2]", "x.", ["append", "pop"]],
    ["x: list = []", "x.", ["append", "pop"]],
    ["x = {}", "x.", ["get"]],
    ["x = {'a': 1}", "x.", ["get"]],
    ["x = 'a b'.split()", "x.", ["append", "pop"]],
    ["x = 12", "x.", ["to_bytes"]],
    ["import sys\nwhere = sys.path", "where.", ["append", "pop"]],
    ["import sys", "sys.path.", ["append", "pop"]],
    ["try:\n    pass\nexcept OSError as e:", "e.", ["errno"]],
    ["import socket\ns = socket.socket()", "s.", ["recv", "peer"]],
    ["import socket\ns = socket.socket()", "s.peer.", text],
    ["", "'a b'.sp", text],
    ["from machine import Pin", "Pin(2).", ["value", "OUT"]],
  ];
  for (const [source, path, expected] of cases) assert.deepEqual(labels(source, path), expected, source);
});

test("what is not known is not guessed", () => {
  const pin = "from machine import Pin\n";
  for (const [source, path] of [
    [`${pin}x = Pin(2).value()`, "x."],
    [`${pin}x = Pin(2) + 1`, "x."],
    [`${pin}x = (Pin(2))`, "x."],
    [`${pin}x = [Pin(2)][0]`, "x."],
    [`${pin}x == Pin(2)`, "x."],
    ["def open(name):\n    pass\nf = open('a')", "f."],
    ["str = 1 + 1", "str."],
    ["import socket", "socket.socket.peer."],
    ["x = 'a'.constructor", "x."],
  ] as const)
    assert.deepEqual(labels(source, path), [], source);
  // Properties are of objects.
  assert.deepEqual(labels("import socket", "socket.socket."), ["recv"]);
});

test("names have a kind, and what is said of them", () => {
  const last = namesAfter(FIRMWARE, "import machine", "machine.").at(-1);
  assert.deepEqual([last?.label, last?.type, hint(last?.known)], ["DEEPSLEEP", "constant", "4"]);
  assert.ok(namesAfter(FIRMWARE, "import machine", "ma").some(({ label, type, known }) => label === "machine" && type === "namespace" && known?.about === "The chip's hardware."));
  const told = (source: string, expression: string) => {
    const found = describe(FIRMWARE, source, expression);
    return found && `${found.name}${short(found.known.signature)}: ${found.known.about}`;
  };
  const pin = "from machine import Pin\nled = Pin(2)\n";
  assert.equal(told(pin, "Pin"), "Pin(id, mode, value=): A pin.");
  assert.equal(told(pin, "led"), "led: A pin.");
  assert.equal(told(pin, "led.value"), "value(x): The level.");
  assert.equal(told(pin, "Pin(2).value"), "value(x): The level.");
  assert.equal(told("", "'a'.upper"), "upper(): Capital letters.");
  assert.equal(told("def blink(pin, times=3):\n    \"\"\"Lets it blink.\"\"\"\n", "blink"), "blink(pin, times): Lets it blink.");
  assert.equal(told("import machine", "machine"), "machine: The chip's hardware.");
  assert.equal(told("", "nothing"), undefined);
});

test("a line that imports is offered modules, and what is in them", () => {
  const found = (line: string) => namesToImport(FIRMWARE, line)?.map(({ label }) => label);
  for (const line of ["import ", "import ma", "import time, ma", "import time as t, ma", "from ", "from ma"]) assert.deepEqual(found(line), ["io", "machine", "socket", "sys", "asyncio", "asyncio.core"], line);
  for (const line of ["from machine import ", "from machine import Pin, P", "from machine import (Pin, "]) assert.deepEqual(found(line), ["Pin", "PWM", "reset", "DEEPSLEEP"], line);
  for (const line of ["important = ma", "x = 1", "from machine import Pin; x", "# import ma x y"]) assert.equal(found(line), undefined, line);
});

test("a signature is short in a list, and says which arguments need their name", () => {
  assert.equal(short(["id: int", "mode: int = -1", "*", "value: int = …"]), "(id, mode, value=)");
  assert.equal(short(["*items: Any", "sep: str = ' '"]), "(…, sep=)");
  assert.equal(short(["url: str", "**kw: Any"]), "(url, …)");
  assert.equal(short([]), "()");
  assert.equal(short(undefined), "");
  const long = short(Array.from({ length: 20 }, (_, i) => `argument${i}: int`));
  assert.ok(long.length <= 44 && long.endsWith(", …)"), long);
});

test("only what must be given by name is offered by name", () => {
  assert.deepEqual(byName(["id: int", "mode: int = -1", "*", "value: int = …", "hold: bool = …", "**kw: Any"]), ["value=", "hold="]);
  assert.deepEqual(byName(["*items: Any", "sep: str = ' '"]), ["sep="]);
  assert.deepEqual(byName(["n: int", "**kw: Any"]), []);
});

test("an argument is for the parameter of its place or name", () => {
  const signature = ["id: int", "mode: int = -1", "*", "value: int = …", "**kw: Any"];
  const at = (nth: number, name?: string) => signature[parameterOf(signature, name === undefined ? { nth } : { nth, name })];
  assert.deepEqual([at(0), at(1), at(2)], ["id: int", "mode: int = -1", undefined]);
  assert.deepEqual([at(1, "value"), at(2, "id"), at(2, "other")], ["value: int = …", "id: int", "**kw: Any"]);
  assert.equal(parameterOf(["a", "*more: Any", "sep: str"], { nth: 5 }), 1);
  assert.equal(parameterOf(["a"], { nth: 0, name: "b" }), -1);
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
