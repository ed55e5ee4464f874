// Small things of the panels of network, cloud and time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ofLate } from "../../src/cloud/values.ts";
import { pretty, shortPath } from "../../src/cloud/requests.ts";
import { matches, wordsFor, wordsOf } from "../../src/network/packets.ts";
import { isUsual, positionOf, speedOf, speedText } from "../../src/time/labtime.ts";

const PACKET = { t: 0, board: "board0", sent: true, bytes: 58, protocol: "tcp", from: "192.168.4.2:50000", to: "198.18.0.1:80", summary: "TCP 192.168.4.2:50000 > 198.18.0.1:80 [SYN]" };

test("a packet is told by who the other is and what it says", () => {
  assert.equal(wordsFor(PACKET), "198.18.0.1:80 [SYN]");
  assert.equal(wordsFor({ ...PACKET, sent: false }), "192.168.4.2:50000 [SYN]");
  assert.equal(wordsFor({ ...PACKET, protocol: "arp", summary: "who has 192.168.4.1" }), "who has 192.168.4.1");
});

test("packets are found by words in any order", () => {
  for (const filter of ["", "tcp", "SYN 198", "198.18.0.1 tcp board0"]) assert.ok(matches(PACKET, wordsOf(filter)), filter);
  for (const filter of ["udp", "tcp rst"]) assert.ok(!matches(PACKET, wordsOf(filter)), filter);
});

test("a curve shows what came since the last long pause", () => {
  const run = (from: number) => Array.from({ length: 5 }, (_, nth): [number, number] => [from + nth * 1000, nth]);
  assert.equal(ofLate([...run(0), ...run(600_000)]).length, 5);
  assert.equal(ofLate([...run(0), ...run(30_000)]).length, 10);
  assert.equal(ofLate([...run(0), [600_000, 1]]).length, 6);
  assert.deepEqual(ofLate([]), []);
});

test("paths are told by what they end in", () => {
  const id = "75ed7be11c6ca9631d1e50320dee9663";
  assert.equal(shortPath(`/v2/devices/${id}/streams/numeric/value`), "…/streams/numeric/value");
  assert.equal(shortPath(`/v2/devices/${id}`), "/v2/devices/75ed…");
  assert.equal(shortPath("/update?field1=2"), "/update?field1=2");
  assert.equal(pretty('{"a":1}'), '{\n  "a": 1\n}');
  assert.equal(pretty("<b>"), "<b>");
});

test("a slider's positions are speeds, each ten times the one a step before", () => {
  assert.deepEqual([-1, 0, 1, -0.3].map(speedOf), [0.1, 1, 10, 0.5]);
  for (const speed of [0.1, 0.5, 1, 2, 10]) assert.ok(Math.abs(speedOf(positionOf(speed)) - speed) < 0.01);
  assert.equal(positionOf(100), 1);
  assert.equal(speedText(0.25), "0.25×");
  const time = { now_ns: 0, speed: 1, paused: false, boards: 1 };
  assert.deepEqual([undefined, time, { ...time, speed: 2 }, { ...time, paused: true }].map(isUsual), [true, true, false, false]);
});
