// Which lines the plotter takes for numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines, numbersIn, Table } from "../../src/plot/parse.ts";

test("lines of numbers, as plotters take them", () => {
  const cases: [string, [string, number][]][] = [
    ["21.5", [["", 21.5]]],
    ["  -3 ", [["", -3]]],
    ["1, 2,3", [["", 1], ["", 2], ["", 3]]],
    ["1 2\t3", [["", 1], ["", 2], ["", 3]]],
    ["(1, -2.5)", [["", 1], ["", -2.5]]],
    ["[4, 5]", [["", 4], ["", 5]]],
    ["temp:20.5", [["temp", 20.5]]],
    ["temp: 20.5 hum: 40", [["temp", 20.5], ["hum", 40]]],
    ["temp=20.5, hum=40", [["temp", 20.5], ["hum", 40]]],
    ["Air temperature: 20.5 C, humidity: 40 %", [["Air temperature", 20.5], ["humidity", 40]]],
    ["temp 20.5", [["temp", 20.5]]],
    ["1e3 .5 5.", [["", 1000], ["", 0.5], ["", 5]]],
    ["größe: 3", [["größe", 3]]],
  ];
  for (const [line, found] of cases) assert.deepEqual(numbersIn(line), found, line);
});

test("lines that are something else", () => {
  for (const line of ["", ">>> ", "hello", "192.168.4.1", "12:30:45", "MicroPython v1.29.0", ">>> 1 + 2", "1,,2", "nan", "0x10", "2026-11-29", "x:", "1 2 three", "9".repeat(301)]) {
    assert.equal(numbersIn(line), undefined, line);
  }
});

test("a hostile line takes no time", () => {
  const start = performance.now();
  for (const line of ["a ".repeat(150), "a:".repeat(150), "1e".repeat(150), " ".repeat(299) + "x", "_".repeat(300)]) numbersIn(line);
  assert.ok(performance.now() - start < 200);
});

test("lines that come in pieces are whole, and one without an end does not grow", () => {
  const lines = new Lines();
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.deepEqual(lines.take(bytes("temp: 2")), []);
  assert.deepEqual(lines.take(bytes("1\r\n3\n4")), ["temp: 21", "3"]);
  for (let i = 0; i < 100; i++) assert.deepEqual(lines.take(bytes("x".repeat(1000))), []);
  assert.equal(lines.take(bytes("\n"))[0]?.length, 300);
});

test("a table keeps the newest rows and forgets columns that nothing fills", () => {
  const table = new Table(10, 2);
  const unnamed = (nth: number) => `value ${nth}`;
  table.add([["old", 1]], unnamed);
  for (let i = 0; i < 100; i++) table.add([["", i], ["third", 0]], unnamed);
  assert.ok(table.rows.length <= 15);
  assert.equal(table.rows.at(-1), 100);
  assert.equal(table.columns.get("value 1")?.at(-1), 99);
  assert.equal(table.columns.has("old"), false);
  assert.equal(table.columns.get("value 1")?.length, table.rows.length);
});
