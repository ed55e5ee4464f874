// A learner looks at pins over time.
//
// Each of these modules takes what tests/desk.mjs has: `step`, `newPage`, `create`, `until` and so on.
import assert from "node:assert/strict";

/** Makes a program and runs it, with a panel of the bench beside it. */
export async function runBeside({ create }, page, tab, name, text) {
  await page.locator(`#tab-${tab}`).click();
  await create(page, name, text);
  await page.keyboard.press("F5");
}

const said = (page) => page.locator(".pins-said").innerText();

/** Goes to a row by one of its names, by keys. */
async function choose({ until }, page, ...names) {
  const canvas = page.locator(".pins-view canvas");
  await canvas.focus();
  for (let i = 0; i < 20; i++) await canvas.press("ArrowUp");
  const isThere = async () => {
    const text = await said(page);
    return names.some((name) => text.includes(`${name}:`));
  };
  await until(`a row ${names}`, async () => {
    if (await isThere()) return true;
    await canvas.press("ArrowDown");
    return isThere();
  });
}

export async function pins(tools) {
  const { step, newPage, until, terminal } = tools;
  /** What a program says at its end: the terminal shows what others said before as well. */
  const end = (name) => `${name} ends ${Date.now() % 1e6}`;
  /** The program has come to its end, and what it did to this page. */
  const done = async (page, word) => {
    await until("the program's end", async () => (await terminal(page)).includes(word));
    await page.waitForTimeout(500);
  };

  await step("a pin is drawn over time, and measured", async (context) => {
    const page = await newPage(context);
    const word = end("blinks");
    await runBeside(tools, page, "pins", "blinks.py", "from machine import Pin, PWM\nimport time\nled = Pin(2, Pin.OUT)\nfor i in range(20):\n    led.value(i % 2)\n    time.sleep_ms(50)\npwm = PWM(Pin(26), freq=1000, duty_u16=16384)\ntime.sleep_ms(300)\n" + `print('${word}')\n`);
    await done(page, word);
    const canvas = page.locator(".pins-view canvas");
    await canvas.focus();
    await page.keyboard.press(" ");
    await page.locator(".pins-hold[aria-pressed=true]").waitFor();
    await choose(tools, page, "A0", "GPIO2");
    await page.keyboard.press("End");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowLeft");
    await until("a level and how long it lasts", async () => /: (high|low) for (4[5-9]|5\d)(\.\d+)? ms, (9|10)(\.\d+)? Hz/.test(await said(page)));
    await page.keyboard.press("b");
    await page.keyboard.press("a");
    const at = await said(page);
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await said(page), at);
    assert.match(await page.locator(".pins-measured").innerText(), /Δt .*1\/Δt/);
    await choose(tools, page, "D2", "GPIO26");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Delete");
    await until("what PWM does", async () => /PWM, (99\d Hz|1 kHz), 25 % of the time high/.test(await said(page)));
    // With a pointer: two clicks are two cursors, a drag moves time, what is below the pointer is said.
    const box = await canvas.boundingBox();
    const spot = (x, y) => [box.x + x, box.y + y];
    await page.mouse.click(...spot(box.width - 120, 45));
    await page.mouse.click(...spot(box.width - 60, 45));
    const first = await page.locator(".pins-measured").innerText();
    assert.match(first, /Δt .*1\/Δt/);
    await page.mouse.move(...spot(box.width - 100, 45));
    assert.match(await page.locator(".pins-tip").innerText(), /: (high|low|not known|PWM)/);
    await page.mouse.down();
    await page.mouse.move(...spot(150, 45), { steps: 4 });
    await page.mouse.up();
    assert.equal(await page.locator(".pins-measured").innerText(), first);
    await page.mouse.wheel(0, 400);
    // The picture is no empty one.
    const colors = await canvas.evaluate((c) => {
      const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return seen.size;
    });
    assert.ok(colors > 10, `${colors} colours`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /Save as signals/ }).click()]);
    assert.match(download.suggestedFilename(), /\.vcd$/);
  });

  await step("what goes over a bus is said in words", async (context) => {
    const page = await newPage(context);
    const word = end("buses");
    await runBeside(tools, page, "pins", "buses.py", "from machine import I2C, UART, Pin\nI2C(0, scl=Pin(22), sda=Pin(21)).scan()\nUART(2, 9600, tx=17, rx=4).write('Hi!')\n" + `print('${word}')\n`);
    await done(page, word);
    await page.locator(".pins-view canvas").focus();
    await page.keyboard.press(" ");
    await choose(tools, page, "UART 2");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await until("characters and bytes", async () => (await said(page)).includes("“Hi!”, 0x48 0x69 0x21"));
    await choose(tools, page, "I2C");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await until("an address that nobody has", async () => (await said(page)).includes("nobody answers at this address"));
  });

  await step("the picture holds by itself when a pin changes", async (context) => {
    const page = await newPage(context);
    await runBeside(tools, page, "pins", "waits.py", "from machine import Pin\nimport time\nled = Pin(2, Pin.OUT, value=0)\nled.on()\nled.off()\ntime.sleep(4)\nled.on()\ntime.sleep(60)\n");
    await page.locator(".pins-bar select option[value='2:1']").waitFor({ state: "attached" });
    await page.locator(".pins-bar select").selectOption("2:1");
    await page.locator(".pins-hold[aria-pressed=true]").waitFor();
    assert.match(await said(page), /: high for/);
    await page.locator("#stop").click();
    await page.locator("#state[data-is=prompt]").waitFor();
  });

  await step("a pin that changes as fast as it can leaves the page at ease", async (context) => {
    const page = await newPage(context);
    await page.evaluate(() => {
      globalThis.frames = [];
      let last = performance.now();
      const frame = (now) => {
        globalThis.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    await runBeside(tools, page, "pins", "fastpin.py", "from machine import Pin\np = Pin(26, Pin.OUT)\nwhile True:\n    p.on(); p.off()\n");
    await page.locator(".pins-empty").waitFor({ state: "hidden" });
    await page.waitForTimeout(6000);
    const frames = (await page.evaluate(() => globalThis.frames)).slice(-240).sort((a, b) => a - b);
    const used = await page.evaluate(() => performance.memory.usedJSHeapSize);
    console.log(`a fast pin: ${frames[frames.length >> 1].toFixed(0)} ms from picture to picture in the middle, ${frames.at(-1).toFixed(0)} ms at worst; ${(used / 1e6).toFixed(0)} MB`);
    assert.ok(frames[frames.length >> 1] < 50 && used < 200e6);
    await page.locator("#stop").click();
    await page.locator("#state[data-is=prompt]").waitFor();
  });
}
