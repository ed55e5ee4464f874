// Where the cursor is in a program: in which call, at which argument, on which name. `|` is the cursor.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "@codemirror/state";
import { callAround, expressionBefore, nameAt } from "../../src/editor/calls.ts";
import { micropython } from "../../src/editor/micropython.ts";

function at(text: string): [EditorState, number] {
  const cursor = text.indexOf("|");
  return [EditorState.create({ doc: text.replace("|", ""), extensions: micropython() }), cursor];
}

test("the call around the cursor and its argument are found", () => {
  const call = (text: string) => {
    const found = callAround(...at(text));
    return found && [found.callee, found.argument.name ?? found.argument.nth];
  };
  const cases: [string, unknown][] = [
    ["Pin(|)", ["Pin", 0]],
    ["Pin(2|)", ["Pin", 0]],
    ["Pin(2,| Pin.OUT)", ["Pin", 1]],
    ["Pin(2, Pin.OUT, value=1|)", ["Pin", "value"]],
    ["Pin(2, value=|)", ["Pin", "value"]],
    ["machine.Pin(2, (1, 2|), 3)", ["machine.Pin", 1]],
    ["print(f(1, 2|), 3)", ["f", 1]],
    ["print(f(1, 2)|, 3)", ["print", 0]],
    ["print('a, b', |)", ["print", 1]],
    ["print('a, |b')", ["print", 0]],
    ["Pin(2).irq(|)", ["Pin(2).irq", 0]],
    ["x = [\n  len(|),\n]\n", ["len", 0]],
    ["pwm = PWM(Pin(2),\n    freq=|50)\n", ["PWM", "freq"]],
    ["Pin(|", ["Pin", 0]],
    ["Pin(2, |\nprint(1)\n", ["Pin", 1]],
    ["Pin|(2)", undefined],
    ["Pin(2)|", undefined],
    ["class A(|B):\n    pass", undefined],
    ["def f(|a):\n    pass", undefined],
    ["x = (1, |2)", undefined],
    ["f(1)  # g(|", undefined],
  ];
  for (const [text, expected] of cases) assert.deepEqual(call(text), expected, text);
});

test("the name at the cursor is found with what is before its dots", () => {
  const name = (text: string) => {
    const [state, cursor] = at(text);
    return nameAt(state, cursor, 1)?.expression;
  };
  const cases: [string, string | undefined][] = [
    ["|print(1)", "print"],
    ["machine.|Pin(2)", "machine.Pin"],
    ["|machine.Pin(2)", "machine"],
    ["Pin(2).val|ue()", "Pin(2).value"],
    ["self.led.|on()", "self.led.on"],
    ["f(|value=1)", undefined],
    ["f(value=|other)", "other"],
    ["def f(|value): pass", undefined],
    ["'|print'", undefined],
    ["# |print", undefined],
    ["from machine import |Pin", "Pin"],
  ];
  for (const [text, expected] of cases) assert.equal(name(text), expected, text);
});

test("the expression before the cursor is found if it has a dot", () => {
  const cases: [string, string | undefined][] = [
    ["x = 'a b'.|", "'a b'."],
    ["x = 'a b'.sp|", "'a b'.sp"],
    ["Pin(2).|\nprint(1)\n", "Pin(2)."],
    ["print(open('a').re|)", "open('a').re"],
    ["x = 1 + y|", undefined],
    ["'a.|b'", undefined],
  ];
  for (const [text, expected] of cases) assert.equal(expressionBefore(...at(text)), expected, text);
});
