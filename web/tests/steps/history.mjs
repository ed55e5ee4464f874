// A learner goes back to what a program was before, and is offered names that the board cannot tell.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export async function history(tools) {
  const { step, newPage, create, open, until, saved, editorText, write, lab } = tools;

  await step("an earlier state of a program is compared and brought back", async (context) => {
    const page = await newPage(context);
    const now = "first = 1\nsecond = 22\nthird = 3\n";
    const then = "first = 1\nsecond = 2\nthird = 3\n";
    await create(page, "was.py", now);
    await saved("was.py", now);
    // As if an hour had passed: states of the same minute are one.
    const folder = join(lab, "programs", ".history", "was.py");
    mkdirSync(folder, { recursive: true });
    const before = new Date(Date.now() - 3_600_000).toISOString();
    writeFileSync(join(folder, before.replaceAll(":", "-")), then);
    await page.locator('#programs [data-path="was.py"]').focus();
    await page.keyboard.press("Control+h");
    const dialog = page.locator("dialog.history");
    await dialog.waitFor();
    await dialog.locator(".states li").last().click();
    await dialog.locator(".difference .gone", { hasText: "second = 2" }).waitFor();
    assert.deepEqual(await dialog.locator(".difference .new code").allInnerTexts(), ["second = 22"]);
    await dialog.getByRole("button", { name: "Bring this one back" }).click();
    await dialog.waitFor({ state: "detached" });
    await saved("was.py", then);
    await until("its text", async () => (await editorText(page)) === then);
    await page.locator(".cm-content").press("Control+z");
    await saved("was.py", now);
  });

  await step("a program without a past says so", async (context) => {
    const page = await newPage(context);
    writeFileSync(join(lab, "programs", "new.py"), "x = 1\n");
    await open(page, "new.py");
    await page.getByRole("button", { name: /Earlier states/ }).click();
    await page.locator("dialog.history .hint").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog.history").waitFor({ state: "detached" });
  });

  await step("names are offered while the board is busy", async (context) => {
    const page = await newPage(context);
    await create(page, "busy.py", "import machine\nwhile True:\n    pass\n");
    await page.keyboard.press("F5");
    await page.locator("#state[data-is=running]").waitFor();
    const offered = async (typed, name, kind) => {
      await page.keyboard.press("Control+End");
      await page.keyboard.type(typed);
      await page.locator(`.cm-tooltip-autocomplete li:has(.cm-completionIcon-${kind})`, { hasText: name }).first().waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
    };
    await write(page, "from machine import Pin\nimport machine\nled = Pin(2)\n");
    await offered("machine.DEEPS", "DEEPSLEEP", "constant");
    await offered("machine.PW", "PWM", "class");
    await offered("led.val", "value", "function");
    await offered("import neo", "neopixel", "namespace");
    await page.locator("#stop").click();
    await page.locator("#state[data-is=prompt]").waitFor();
  });
}
