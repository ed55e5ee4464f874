// What calls take and names mean, while a program is typed.
import assert from "node:assert/strict";

export async function hints({ step, newPage, create, until, editorText }) {
  await step("names say how they are called and what they mean", async (context) => {
    const page = await newPage(context);
    await create(page, "hints.py", "from machine import Pin\nled = Pin(2)\n");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("led.va");
    const row = page.locator(".cm-tooltip-autocomplete li", { hasText: "value" }).first();
    await row.waitFor();
    assert.match(await row.innerText(), /value\s*\(x\)/);
    await page.keyboard.press("ArrowDown");
    await page.locator(".cm-completionInfo", { hasText: "The level, 0 or 1" }).waitFor();
    await page.keyboard.press("Enter");
    await until("the name is taken", async () => (await editorText(page)).endsWith("led.value"));
    await page.locator(".cm-line", { hasText: "led = Pin" }).locator("span", { hasText: "Pin" }).first().hover();
    await page.locator(".meaning", { hasText: "by its GPIO number" }).waitFor();
    await page.mouse.move(0, 0);
  });

  await step("a call says what it takes and marks what is being typed", async (context) => {
    const page = await newPage(context);
    await create(page, "calls.py", "from machine import Pin, PWM\n");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+End");
    const marked = page.locator(".cm-tooltip .meaning mark, .cm-tooltip.meaning mark");
    await page.keyboard.type("pwm = PWM(");
    await until("the first parameter", async () => (await marked.allInnerTexts()).join() === "dest: Pin | int");
    await page.keyboard.type("Pin(2), fre");
    await until("the second one", async () => (await marked.allInnerTexts())[0]?.startsWith("freq: int"));
    await page.keyboard.press("Escape");
    await page.locator(".cm-tooltip-autocomplete").waitFor({ state: "detached" });
    await page.keyboard.type("q=50, duty_");
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "duty_u16=" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.type("u16=");
    await until("the one that is named", async () => (await marked.allInnerTexts())[0]?.startsWith("duty_u16"));
    // Who does not see it hears it when the cursor rests.
    await page.locator(".cm-editor [role=status]", { hasText: "Now: duty_u16: int" }).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await marked.waitFor({ state: "detached" });
    await page.keyboard.type("3");
    await until("it stays away", async () => (await editorText(page)).includes("duty_u16=3") && (await marked.count()) === 0);
    await page.keyboard.press("Control+Shift+Space");
    await until("it comes back when it is asked for", async () => (await marked.allInnerTexts())[0]?.startsWith("duty_u16"));
    await page.keyboard.press("End");
    await marked.waitFor({ state: "detached" });
  });
}
