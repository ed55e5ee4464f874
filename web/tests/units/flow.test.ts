// What waits for the terminal: bounded, in order, and honest about what it lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Flow, LEFT, WAITING_MAX } from "../../src/terminal/flow.ts";

const numbered = (from: number, much: number) => Uint8Array.from({ length: much }, (_, i) => (from + i) % 251);

test("what fits comes out as it went in", () => {
  const flow = new Flow();
  let sent = 0;
  for (const much of [1, 1000, 3, 70_000, 5]) {
    flow.push(numbered(sent, much));
    sent += much;
  }
  let got = 0;
  for (let next = flow.take(4096); next; next = flow.take(4096)) {
    assert.ok(next.bytes.length <= 4096 && next.bytes.length > 0);
    assert.equal(next.dropped, 0);
    assert.deepEqual(next.bytes, numbered(got, next.bytes.length));
    got += next.bytes.length;
  }
  assert.equal(got, sent);
  assert.equal(flow.bytes, 0);
});

test("of too much the newest stays, and every lost byte is counted", () => {
  const flow = new Flow();
  let sent = 0;
  while (sent < 5_000_000) {
    flow.push(numbered(sent, 9973));
    sent += 9973;
    assert.ok(flow.bytes <= WAITING_MAX);
  }
  const first = flow.take(100);
  assert.ok(first && first.dropped >= 5_000_000 - WAITING_MAX - 9973);
  assert.deepEqual(first.bytes, numbered(first.dropped, 100));
  let got = first.bytes.length;
  for (let next = flow.take(LEFT); next; next = flow.take(LEFT)) got += next.bytes.length;
  assert.equal(first.dropped + got, sent);
});
