// What a learner does with the board on the table: wires parts, presses a button, sees a light, and finds all of it again.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Presses whose way is measured, and milliseconds that they may take: from the button on the page to the light on the page. */
const PRESSES = 100;
export const MEDIAN_MAX = 50;
export const WORST_MAX = 100;
/** Others may use this machine: the best of so many rounds counts. */
const ROUNDS = 5;

const BUTTON_AND_LED = `from machine import Pin
import time
led, button = Pin(27, Pin.OUT), Pin(26, Pin.IN, Pin.PULL_UP)
print("ready to be pressed")
while True:
    led.value(not button.value())
    time.sleep_ms(2)
`;

/** The middle of a pin, of those that have this name the first. */
export async function pin(page, end) {
  const box = await page.locator(`[data-end="${end}"]`).first().boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** Drags a wire from pin to pin. */
export async function wire(page, from, to) {
  await page.mouse.move(...(await pin(page, from)));
  await page.mouse.down();
  await page.mouse.move(...(await pin(page, to)), { steps: 6 });
  await page.mouse.up();
  await page.locator(`.wire[aria-label="Wire from ${from} to ${to}"]`).waitFor({ state: "attached" });
}

/** Adds a part by searching for it. */
export async function add(page, words, name) {
  await page.getByRole("button", { name: "Add a part" }).click();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.locator(`[data-part=${name}]`).waitFor();
  await page.keyboard.press("Escape");
}

export const saved = (page) => page.locator(".toolbar .saved[data-state=saved]").waitFor();
const isLit = (page, led) => page.locator(`[data-part=${led}] wokwi-led`).evaluate((e) => e.value);
/** What is pressed on a part, in the window. */
async function zone(page, part) {
  const box = await page.locator(`[data-part=${part}] .zone`).first().boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function board(newPage, context) {
  const page = await newPage(context);
  await page.locator("#tab-board").click();
  await page.locator(".device").waitFor();
  return page;
}

/** Takes everything off the table. */
async function empty(page) {
  for (let left = await page.locator("[data-part]").count(); left > 0; left--) {
    await page.locator("[data-part]").first().focus();
    await page.keyboard.press("Delete");
  }
  await saved(page);
}

/** All steps, with what `desk.mjs` has for them. */
export async function circuit({ step, newPage, until, create, terminal, lab }) {
  await step("an example circuit does something in a few seconds", async (context) => {
    const page = await board(newPage, context);
    await empty(page);
    const start = Date.now();
    await page.locator(".examples").selectOption({ label: "Button and LED" });
    await page.locator('.filetabs [data-id="program:button_and_led.py"][aria-selected=true]').waitFor();
    await saved(page);
    await page.locator("#run").click();
    await page.locator("#state[data-is=running]").waitFor();
    await page.mouse.move(...(await zone(page, "button")));
    await page.mouse.down();
    await until("the light", () => isLit(page, "led"));
    await page.mouse.up();
    await until("no light", async () => !(await isLit(page, "led")));
    console.log(`an example: ${Date.now() - start} ms until it had lit up and gone out`);
    await page.locator("#stop").click();
    await page.locator("#state[data-is=prompt]").waitFor();
    await empty(page);
  });

  await step("an LED and a button are wired, a program runs, and a press lights it at once", async (context) => {
    const page = await board(newPage, context);
    await add(page, "led", "led1");
    await add(page, "push button", "button1");
    for (const [from, to] of [["D6", "led1.anode"], ["led1.cathode", "GND"], ["D2", "button1.a"]]) await wire(page, from, to);
    // The last one by two clicks.
    await page.mouse.click(...(await pin(page, "button1.b")));
    await page.mouse.click(...(await pin(page, "GND")));
    await page.locator('.wire[aria-label="Wire from button1.b to GND"]').waitFor({ state: "attached" });
    await saved(page);
    await create(page, "press.py", BUTTON_AND_LED);
    await page.keyboard.press("F5");
    await until("it runs", async () => (await terminal(page)).includes("ready to be pressed"));
    try {
      await measured(page);
    } finally {
      // What follows needs the prompt, whatever came of this.
      await page.locator("#stop").click();
      await page.locator("#state[data-is=prompt]").waitFor();
    }
    // All is as it was after a reload.
    const before = await drawn(page);
    await page.reload();
    await page.locator("[data-part=led1]").waitFor();
    await until("it is as it was", async () => JSON.stringify(await drawn(page)) === JSON.stringify(before));
  });

  await step("keys alone wire, move, turn, rename and remove, and undo takes it back", async (context) => {
    const page = await board(newPage, context);
    await page.locator("[data-part=led1]").waitFor();
    const style = (part) => page.locator(`[data-part=${part}]`).evaluate((e) => [e.style.transform, e.querySelector(".body").style.transform].join());
    const first = await style("led1");
    await page.locator("[data-part=led1]").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("r");
    assert.notEqual(await style("led1"), first);
    await page.keyboard.press("w");
    const select = page.locator('select[data-pin="led1.anode"]');
    assert.ok(await select.evaluate((e) => e === document.activeElement), "the keys are at the first pin");
    await select.selectOption("D3");
    await page.locator('.wire[aria-label="Wire from led1.anode to D3"]').waitFor({ state: "attached" });
    await page.locator(".inspector .name").fill("light");
    await page.keyboard.press("Enter");
    await page.locator("[data-part=light]").waitFor();
    await page.locator("[data-part=light]").focus();
    await page.keyboard.press("Delete");
    await page.locator("[data-part=light]").waitFor({ state: "detached" });
    assert.equal(await page.locator('.wire[aria-label*="light"]').count(), 0);
    for (let changes = 0; changes < 5; changes++) await page.keyboard.press("Control+z");
    assert.equal(await style("led1"), first);
    await page.locator('.wire[aria-label="Wire from D6 to led1.anode"]').waitFor({ state: "attached" });
    await page.keyboard.press("Control+y");
    assert.notEqual(await style("led1"), first);
    await page.keyboard.press("Control+z");
    // A wire is chosen and removed by the pointer as well.
    const wire = page.locator('.wire[aria-label="Wire from D2 to button1.a"]');
    await page.mouse.click(...(await seen(wire)));
    await page.keyboard.press("Delete");
    await wire.waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await wire.waitFor({ state: "attached" });
    await saved(page);
  });

  await step("what cannot be is said where it is, and two tabs agree", async (context) => {
    const page = await board(newPage, context);
    const other = await board(newPage, context);
    await page.bringToFront();
    await page.locator("[data-part=led1]").focus();
    await page.locator('select[data-pin="led1.anode"]').selectOption("3V3");
    await saved(page);
    await other.locator('.wire[aria-label="Wire from led1.anode to 3V3"]').waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    // Supplies that are wired together: the server refuses that, and the drawing stays.
    await page.mouse.click(...(await pin(page, "3V3")));
    await page.mouse.click(...(await pin(page, "GND")));
    await page.locator(".strip.bad", { hasText: "Not saved" }).waitFor();
    await page.locator('.wire[aria-label="Wire from 3V3 to GND"]').waitFor({ state: "attached" });
    assert.equal(await other.locator('.wire[aria-label="Wire from 3V3 to GND"]').count(), 0);
    await page.locator(".strip.bad:visible button").click();
    await page.locator(".strip.bad:visible").waitFor({ state: "detached" });
    await saved(page);
    await empty(page);
    await until("the other tab is empty as well", async () => (await other.locator("[data-part]").count()) === 0);
  });

  await step("a change that meets another one is in the file together with it", async (context) => {
    const page = await board(newPage, context);
    writeFileSync(fileOf(lab), '# by hand\n[parts.one]\nkind = "led"\npins = { anode = "D6", cathode = "GND" }\n');
    await page.locator("[data-part=one]").waitFor();
    // The page cannot hear of the other change in time, nor save its own.
    await context.setOffline(true);
    await page.locator("[data-part=one]").focus();
    await page.locator('select[data-pin="one.anode"]').selectOption("D7");
    await page.locator(".toolbar .saved[data-state=away]").waitFor();
    writeFileSync(fileOf(lab), `${readFileSync(fileOf(lab), "utf8")}\n[parts.two]\nkind = "button"\n`);
    // What was changed is kept by the browser, should the page end now.
    await context.setOffline(false);
    await page.locator("[data-part=two]").waitFor();
    await saved(page);
    const text = readFileSync(fileOf(lab), "utf8");
    assert.match(text, /^# by hand$/m);
    assert.match(text, /D7/);
    assert.doesNotMatch(text, /D6/);
    assert.match(text, /parts\.two/);
    await empty(page);
  });
}

/** A place where a wire can be seen: parts lie over it. */
const seen = (wire) =>
  wire.locator(".line").evaluate((line) => {
    for (let share = 0.15; share < 0.9; share += 0.05) {
      const at = line.getPointAtLength(line.getTotalLength() * share).matrixTransform(line.getScreenCTM());
      if (document.elementFromPoint(at.x, at.y)?.closest("[data-wire]") === line.parentNode) return [at.x, at.y];
    }
    throw new Error("the wire is nowhere to be seen");
  });

const fileOf = (lab) => join(lab, "board0.circuit.toml");

/** What is on the table: parts and where they are, wires. */
const drawn = (page) =>
  page.evaluate(() => ({
    parts: [...document.querySelectorAll("[data-part]")].map((e) => `${e.dataset.part} ${e.dataset.kind} ${e.style.transform}`).sort(),
    wires: [...document.querySelectorAll(".wire")].map((e) => e.getAttribute("aria-label")).sort(),
  }));

/** A press reaches the light within its time. */
async function measured(page) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { median, worst } = await measure(page, await zone(page, "button1"), "led1");
    console.log(`from a press to the light: ${median.toFixed(0)} ms in the middle, ${worst.toFixed(0)} ms for 99 of 100`);
    if (median <= MEDIAN_MAX && worst <= WORST_MAX) return;
    rounds.push([median, worst]);
  }
  assert.fail(`a press takes too long: ${rounds.join("; ")}`);
}

/** Milliseconds from a press at this place of the page until the light is on there. */
export async function measure(page, at, led) {
  await page.evaluate((led) => {
    globalThis.watch?.disconnect();
    globalThis.took = [];
    globalThis.lit = false;
    let pressed;
    document.addEventListener("pointerdown", () => (pressed = performance.now()), true);
    const light = document.querySelector(`[data-part=${led}] wokwi-led`).shadowRoot.querySelector(".light");
    globalThis.watch = new MutationObserver(() => {
      globalThis.lit = light.style.display !== "none";
      if (globalThis.lit && pressed !== undefined) globalThis.took.push(performance.now() - pressed);
      pressed = undefined;
    });
    globalThis.watch.observe(light, { attributes: true, attributeFilter: ["style"] });
  }, led);
  await page.mouse.move(...at);
  for (let nth = 1; nth <= PRESSES; nth++) {
    await page.mouse.down();
    await page.waitForFunction((nth) => globalThis.took.length >= nth, nth, { polling: 5 });
    await page.mouse.up();
    await page.waitForFunction(() => !globalThis.lit, undefined, { polling: 5 });
  }
  const took = (await page.evaluate(() => globalThis.took)).sort((a, b) => a - b);
  return { median: took[took.length >> 1], worst: took[Math.ceil(took.length * 0.99) - 1] };
}
