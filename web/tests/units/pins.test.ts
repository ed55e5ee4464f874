// The logic analyser's memory, its waves, and what it makes of buses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LabClock } from "../../src/clock.ts";
import { dhtMeans, piecesOf, sayOf } from "../../src/pins/decode.ts";
import type { BusEvent, I2c, PinEvent, Uart } from "../../src/pins/events.ts";
import { Lag } from "../../src/pins/lag.ts";
import { changeFrom, sayRow, snap } from "../../src/pins/measure.ts";
import { Ring, Spans } from "../../src/pins/ring.ts";
import { rowsOf } from "../../src/pins/rows.ts";
import { edgeFrom, momentOf, type PinTrack, Signals, UNKNOWN } from "../../src/pins/signals.ts";
import { vcdOf } from "../../src/pins/vcd.ts";
import { pulsesWave, pwmWave } from "../../src/pins/wave.ts";
import { clockText, hertzText, spanText, stepOf, ticks, TimeWindow } from "../../src/pins/window.ts";
import { duration, edgesOf } from "../../src/pins/wires.ts";

const I2C: I2c = { t: 0, event: "i2c", scl: 22, sda: 21, freq: 400_000, start: true, address: 60, read: false, bytes: "00af", acked: 2, stop: true };
const UART: Uart = { t: 0, event: "uart", id: 1, tx: 4, baudrate: 9600, bits: 8, parity: "none", stop: 1, inverted: false, bytes: "6869" };

test("a ring keeps the newest and says what it lost", () => {
  const ring = new Ring(2048);
  for (let i = 0; i < 5000; i++) ring.add(i * 10, i % 2);
  assert.equal(ring.size, 2048);
  assert.equal(ring.time(2047), 49_990);
  assert.equal(ring.lostUntil, (5000 - 2048 - 1) * 10);
  assert.equal(ring.time(ring.after(40_000)), 40_010);
  assert.equal(ring.after(49_990), 2048);
  assert.equal(ring.after(-1), 0);
  // What comes late is shown late: searching needs an order.
  ring.add(5, 1);
  assert.equal(ring.time(2047), 49_990);
});

test("spans are found by time, in whatever order they come, and bounded by what they weigh", () => {
  const spans = new Spans<{ from: number; to: number }>(100, 50, () => 1);
  for (const from of [20, 0, 10]) spans.add({ from, to: from + 5 });
  assert.deepEqual([0, 1, 2].map((nth) => spans.at(nth)?.from), [0, 10, 20]);
  assert.deepEqual([0, 4, 5, 12, 24, 25].map((t) => spans.since(t)), [0, 0, 1, 1, 2, 3]);
  for (let i = 3; i < 200; i++) spans.add({ from: i * 10, to: i * 10 + 5 });
  assert.equal(spans.size, 50);
  assert.equal(spans.lostUntil, 1495);
});

test("PWM has edges where one looks, however long ago it was set", () => {
  const wave = pwmWave(1000, 1000, 16384);
  const { level, edges } = wave.edges(3_600e9 + 1000, 3_600e9 + 1000 + 2.1e6);
  assert.equal(level, 1);
  assert.deepEqual(edges.levels, [0, 1, 0, 1]);
  assert.ok(Math.abs((edges.times[0] as number) - (3_600e9 + 1000 + 250_004)) < 2);
  for (const duty of [0, 65535]) {
    const steady = pwmWave(0, 1000, duty);
    assert.deepEqual(steady.edges(0, 1e12), { level: Number(duty > 0), edges: { times: [], levels: [] } });
  }
});

test("pulses come as often as they are repeated", () => {
  const wave = pulsesWave(100, [[1, 500], [0, 1500]], 1);
  assert.equal(wave.to, 4100);
  assert.deepEqual(wave.edges(100, 9999).edges, { times: [600, 2100, 2600], levels: [0, 1, 0] });
  assert.equal(pulsesWave(0, [[1, 5], [0, 5]], -1).to, Infinity);
});

test("the wires of a bus carry what the bus says", () => {
  const lines = edgesOf(I2C, 0);
  const [scl, sda] = [lines.get(22), lines.get(21)];
  const rises = scl?.times.filter((_, nth) => scl.levels[nth] === 1 && nth > 0) ?? [];
  // Nine clocks for the address and each byte, one more rise at the stop.
  assert.equal(rises.length, 28);
  const level = (line: typeof sda, at: number) => line?.levels[line.times.findLastIndex((t) => t <= at)];
  const bits = rises.slice(0, 27).map((at) => level(sda, at));
  assert.deepEqual(bits.slice(0, 9), [0, 1, 1, 1, 1, 0, 0, 0, 0]);
  assert.deepEqual(bits.slice(18), [1, 0, 1, 0, 1, 1, 1, 1, 0]);
  assert.equal(duration(I2C), 2500 * (10 + 18 + 1));
  const tx = edgesOf(UART, 0).get(4);
  assert.deepEqual(tx?.levels.slice(0, 10), [0, 0, 0, 0, 1, 0, 1, 1, 0, 1]);
  assert.ok(Math.abs(duration(UART) - 20 * 104_166.7) < 1);
});

test("pieces follow each other from the first bit to the last", () => {
  const all: BusEvent[] = [
    I2C,
    { ...I2C, read: true, bytes: "010203", acked: 3 },
    { ...I2C, acked: null, bytes: "" },
    UART,
    { t: 0, event: "spi", sck: 18, mosi: 23, miso: null, freq: 1_000_000, mode: 0, out: "9f00", back: "0000" },
    { t: 0, event: "onewire", gpio: 4, action: "write", bits: 8, value: 204 },
    { t: 0, event: "dht", gpio: 14, bytes: "0190010c9e" },
    { t: 0, event: "bits", gpio: 5, timing_ns: [400, 850, 800, 450], bytes: "00ff00ff0000" },
  ];
  for (const event of all) {
    const pieces = piecesOf(event, 1000);
    pieces.slice(1).forEach((piece, nth) => assert.ok(Math.abs(piece.from - (pieces[nth]?.to ?? 0)) < 1e-3, event.event));
    assert.ok((pieces.at(-1)?.to ?? 0) <= 1000 + duration(event) + 1e-3, event.event);
    for (const [gpio, { times }] of edgesOf(event, 1000)) assert.ok((times.at(-1) ?? 0) <= 1000 + duration(event) + 1, `${event.event} ${gpio}`);
  }
  assert.deepEqual(piecesOf(all[7] as BusEvent, 0).map(({ color }) => color), ["#ff0000", "#00ff00"]);
});

test("what buses say, in words", () => {
  assert.equal(sayOf(I2C, 0), "write to 0x3C: 0x00 0xAF");
  assert.equal(sayOf({ ...I2C, acked: null }, 0), "write to 0x3C: nobody answers at this address");
  assert.match(sayOf({ ...I2C, acked: 0 }, 0), /0x00, the last was refused/);
  assert.match(sayOf(UART, 0), /“hi”, 0x68 0x69/);
  assert.equal(dhtMeans({ bytes: "0190010c9e" }).texts[0], "26.8 °C, 40.0 % rH");
  assert.equal(dhtMeans({ bytes: "028a806571" }).texts[0], "-10.1 °C, 65.0 % rH");
  assert.equal(dhtMeans({ bytes: "2d00150042" }).texts[0], "21.0 °C, 45.0 % rH");
  assert.equal(dhtMeans({ bytes: "0190010c00" }).kind, "bad");
  assert.equal(dhtMeans({ bytes: "" }).kind, "bad");
});

const track = (signals: Signals, gpio: number) => signals.pins.get(gpio) as PinTrack;

test("commands of 1-Wire are told from data", () => {
  const signals = new Signals();
  const put = (members: object) => signals.take({ t: signals.last + 1e6, event: "onewire", gpio: 4, ...members } as PinEvent);
  signals.take({ t: 0, event: "onewire", gpio: 4, action: "reset", present: true });
  for (const value of [0xcc, 0x44, 0x44]) put({ action: "write", bits: 8, value });
  const { items } = [...signals.buses.values()][0] as { items: Spans<{ from: number; to: number; event: BusEvent; context: object }> };
  const said = [0, 1, 2, 3].map((nth) => items.at(nth)).map((item) => item && sayOf(item.event, item.from, item.context));
  assert.deepEqual(said, ["reset, somebody answers", "0xCC to all", "0x44 measure", "0x44"]);
});

test("a pin's level, how long it lasts and how often it comes are measured", () => {
  const signals = new Signals();
  for (let i = 0; i < 10; i++) signals.take({ t: i * 500e6, event: "pin", gpio: 2, level: i % 2 });
  const [row] = rowsOf(signals, () => "D2");
  assert.ok(row);
  assert.equal(sayRow(row, 600e6), "D2: high for 500 ms, 1 Hz, 50 % high");
  assert.equal(sayRow(row, 4_600e6), "D2: high for 100 ms until now");
  assert.equal(sayRow(row, -1), "D2: not known yet");
  assert.equal(changeFrom(row, 600e6, 1), 1000e6);
  assert.equal(changeFrom(row, 600e6, -1), 500e6);
  assert.equal(changeFrom(row, 4_600e6, 1), undefined);
  assert.equal(snap(row, 1010e6, 20e6), 1000e6);
  assert.equal(snap(row, 1100e6, 20e6), 1100e6);
});

test("what takes a pin ends what it did before", () => {
  const signals = new Signals();
  signals.take({ t: 0, event: "pwm", gpio: 2, freq: 1000, duty_u16: 32768 });
  signals.take({ t: 10e6, event: "pin", gpio: 2, level: 0 });
  const pin = track(signals, 2);
  assert.equal(momentOf(pin, 5.1e6).wave?.pwm?.freq, 1000);
  assert.deepEqual(momentOf(pin, 11e6), { level: 0, from: 10e6, to: undefined });
  assert.equal(edgeFrom(pin, 5.1e6, 1), 5.5e6 + 1e6 * (32768 / 65535 - 0.5));
  signals.take({ t: 20e6, event: "reset", cause: "software" });
  assert.equal(momentOf(pin, 21e6).level, UNKNOWN);
});

test("an event that comes late ends nothing that began after it", () => {
  const signals = new Signals();
  signals.take({ t: 100, event: "pwm", gpio: 2, freq: 1000, duty_u16: 32768 });
  signals.take({ t: 90, event: "pin", gpio: 2, level: 1 });
  assert.equal(momentOf(track(signals, 2), 5e6).wave?.pwm?.freq, 1000);
});

test("a bus begins when it is free, and its wires rest after it", () => {
  const signals = new Signals();
  signals.take(I2C);
  signals.take({ ...I2C, t: 10 });
  const bus = [...signals.buses.values()][0];
  assert.equal(bus?.items.at(1)?.from, duration(I2C));
  assert.equal(momentOf(track(signals, 22), 2 * duration(I2C) + 5).level, 1);
  // A UART sends by itself: another bus need not wait for it.
  signals.take({ ...UART, t: 1e6 });
  signals.take({ ...I2C, t: 1e6 + 5 });
  assert.equal(bus?.items.at(2)?.from, 1e6 + 5);
});

test("what was missed is a gap up to the next event", () => {
  const signals = new Signals();
  signals.missed();
  assert.equal(signals.gaps.length, 0);
  signals.take({ t: 5, event: "pin", gpio: 1, level: 1 });
  signals.missed();
  signals.missed();
  signals.take({ t: 50, event: "pin", gpio: 1, level: 1 });
  assert.deepEqual(signals.gaps, [{ from: 5, to: 50 }]);
  // What a UART still sends has nothing to do with what was missed.
  signals.take({ ...UART, t: 60, bytes: "00".repeat(100) });
  signals.missed();
  signals.goesOn(90);
  assert.deepEqual(signals.gaps.at(-1), { from: 60, to: 90 });
});

test("a window holds what is below the pointer while it zooms", () => {
  const window = new TimeWindow(400);
  window.fit(0, 4e9);
  const held = window.timeOf(130);
  window.zoom(7, 130);
  assert.ok(Math.abs(window.timeOf(130) - held) < 1e-3);
  window.zoom(1e30, 10);
  assert.ok(window.perPixel > 0);
  window.zoom(1e-60, 10);
  assert.ok(Number.isFinite(window.from));
});

test("ticks are round and say what they are", () => {
  assert.deepEqual([1, 3, 20, 21, 7e8].map(stepOf), [1, 5, 20, 50, 1e9]);
  assert.deepEqual(ticks(0, 3e9, 0.9e9).map(({ text }) => text), ["0 s", "1 s", "2 s", "3 s"]);
  const fine = ticks(1_999_998_000, 2_000_002_000, 900);
  assert.deepEqual(fine.map(({ text }) => text), ["+998 µs", "+999 µs", "2.000 s", "+1 µs", "+2 µs"]);
  assert.ok(ticks(0, 1e13, 1e10).length < 2000);
  assert.equal(clockText(1_234_567_890, 1000), "1.234568 s");
  assert.deepEqual([0, 12, 1500, 2.5e6, 61e9, 100e6].map(spanText), ["0 ns", "12 ns", "1.5 µs", "2.5 ms", "1 min 1.0 s", "100 ms"]);
  assert.deepEqual([0.02, 1, 999.99999, 2.5e6].map(hertzText), ["20 mHz", "1 Hz", "1 kHz", "2.5 MHz"]);
});

test("the lab's clock goes on between what is heard of it", () => {
  let here = 0;
  const clock = new LabClock(() => here);
  clock.heard(5e9);
  here = 1000;
  assert.equal(clock.now(), 6e9);
  clock.heard(5.9e9);
  assert.equal(clock.now(), 6e9);
  clock.told({ now_ns: 7e9, speed: 0.5, paused: false });
  here = 2000;
  assert.equal(clock.now(), 7.5e9);
  clock.told({ now_ns: 7.5e9, speed: 0.5, paused: true });
  here = 9000;
  assert.equal(clock.now(), 7.5e9);
  // A workshop that was started anew has another clock.
  clock.told({ now_ns: 60e9, speed: 1, paused: false });
  clock.heard(1e9);
  assert.equal(clock.now(), 1e9);
});

test("events that come late hold the picture back, and it catches up", () => {
  const lag = new Lag();
  assert.equal(lag.next(0), 40);
  lag.heard(900, 10);
  assert.equal(lag.next(20), 900);
  // As long as more may be on its way it stays.
  assert.equal(lag.next(300), 900);
  for (let here = 1100; here < 2000; here += 16) lag.next(here);
  assert.equal(lag.next(2000), 40);
});

test("what was recorded is a file of signals", () => {
  const signals = new Signals();
  signals.take({ t: 0, event: "pin", gpio: 2, level: 0 });
  signals.take({ t: 1000, event: "pwm", gpio: 2, freq: 1_000_000, duty_u16: 32768 });
  signals.take({ t: 3000, event: "pin", gpio: 2, level: 0 });
  signals.take({ t: 4000, event: "adc", gpio: 36, microvolts: 1_650_000 });
  const lines = vcdOf(signals, (gpio) => (gpio === 2 ? "D2" : undefined), "board0").split("\n");
  assert.ok(lines.includes("$var wire 1 a0 GPIO2_D2 $end"));
  assert.ok(lines.includes("r1.65 a1"));
  const times = lines.filter((line) => line.startsWith("#")).map((line) => Number(line.slice(1)));
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  assert.deepEqual(times, [0, 1000, 1500, 2000, 2500, 3000, 4000]);
});

test("a pin that is met in the middle has its level or its wave, and what was heard of it before counts more", () => {
  const signals = new Signals();
  signals.begins(2, 1000, 1);
  signals.begins(4, 1000, 0, { freq: 1000, duty_u16: 16384 });
  signals.begins(2, 2000, 0);
  assert.equal(signals.pins.get(2)?.edges.size, 1);
  const wave = signals.pins.get(4)?.waves.last;
  assert.deepEqual([wave?.from, wave?.to], [1000, Infinity]);
  assert.equal(signals.pins.get(4)?.edges.size, 0);
});
