// A learner looks at the air, makes it fail, and lets time stand.
import assert from "node:assert/strict";
import { runBeside } from "./pins.mjs";

export async function network(tools) {
  const { step, newPage, until, terminal, create } = tools;

  await step("who is on the air is shown, and its packets", async (context) => {
    const page = await newPage(context);
    await runBeside(tools, page, "network", "asks.py", "import socket\nfor i in range(3):\n    try:\n        print(socket.getaddrinfo('broker.example', 80)[0][-1][0])\n    except OSError as e:\n        print(e)\n");
    await page.locator(".air-list li", { hasText: "workshop" }).waitFor();
    await page.locator(".air-list li.chosen", { hasText: /192\.168\.\d+\.\d+/ }).waitFor();
    await page.locator(".packet-rows li", { hasText: "broker.example" }).first().waitFor();
    await page.locator(".packet-head input").fill("dns broker");
    await until("the others are gone", async () => (await page.locator(".packet-rows b").allInnerTexts()).every((name) => name === "DNS"));
    assert.ok((await page.locator(".packet-rows li").count()) >= 2);
    await page.locator(".packet-head input").fill("nothing has this");
    await page.locator(".packets .hint").waitFor();
    assert.equal(await page.locator(".packet-rows li").count(), 0);
  });

  await step("the network fails on purpose, and all is well again", async (context) => {
    const page = await newPage(context);
    await page.locator("#tab-network").click();
    await page.locator("[data-fault=services] select").selectOption("503");
    await page.locator("[data-fault=services].wrong").waitFor();
    // Who looks elsewhere, or comes later, is reminded of it.
    await page.locator("#tab-pins").click();
    await page.locator("#tab-network.new").waitFor();
    await page.reload();
    await page.locator("#tab-network.new").waitFor();
    await page.locator("#tab-network").click();
    await create(page, "fails503.py", "import urequests\nr = urequests.get('http://api-m2x.att.com/v2/status')\nprint('the service', 'says', r.status_code)\nr.close()\n");
    await page.keyboard.press("F5");
    await until("the service fails", async () => (await terminal(page)).includes("the service says 503"));
    // A value that is not among those to choose from.
    await page.locator("[data-fault=loss] select").selectOption("…");
    await page.locator("[data-fault=loss] input").fill("3%");
    await page.keyboard.press("Enter");
    await until("it is so", async () => (await page.locator("[data-fault=loss] select").inputValue()) === "3%");
    await page.locator("[data-fault=loss] select").selectOption("…");
    await page.locator("[data-fault=loss] input").fill("much");
    await page.keyboard.press("Enter");
    await page.locator(".notice.bad").waitFor();
    await page.locator(".all-well").click();
    await until("nothing is wrong", async () => (await page.locator(".fault.wrong").count()) === 0);
    assert.ok(await page.locator(".all-well").isDisabled());
  });

  await step("open sockets are shown with the line that opened them", async (context) => {
    const page = await newPage(context);
    await runBeside(tools, page, "memory", "leaks.py", "import socket\n\nkept = [socket.socket() for i in range(3)]\n");
    await until("three sockets", async () => (await page.locator(".sockets li").count()) === 3);
    for (const name of ["Python's memory", "The chip's own memory"]) assert.ok(Number(await page.getByRole("meter", { name }).getAttribute("aria-valuemax")) > 10_000);
    await page.locator(".sockets button.link").last().click();
    await until("the line", async () => page.evaluate(() => document.querySelector(".cm-activeLine")?.textContent?.startsWith("kept =")));
    await page.locator("#soft-reset").click();
    await page.locator(".sockets li").first().waitFor({ state: "detached" });
  });

  await step("time stands, takes a step, and goes slower", async (context) => {
    const page = await newPage(context);
    const menu = page.locator("#time-menu");
    await page.locator("#time").click();
    await menu.getByRole("button", { name: "Pause" }).click();
    await page.locator("#time.unusual", { hasText: "time stands" }).waitFor();
    const clock = () => page.locator(".time-clock").innerText();
    await page.waitForTimeout(300);
    const before = await clock();
    await page.waitForTimeout(300);
    assert.equal(await clock(), before);
    await menu.getByRole("button", { name: "+ 1 s" }).click();
    await until("a second", async () => Math.abs(parseFloat(await clock()) - parseFloat(before) - 1) < 0.02);
    await menu.getByRole("button", { name: "Go on" }).click();
    await page.locator("#time.unusual").waitFor({ state: "detached" });
    await page.getByRole("slider", { name: "Speed" }).fill("-0.3");
    await page.locator("#time.unusual", { hasText: "0.5×" }).waitFor();
    // Another tab is told.
    const other = await newPage(context);
    await other.locator("#time.unusual", { hasText: "0.5×" }).waitFor();
    await page.bringToFront();
    await menu.getByRole("button", { name: "Back to 1×" }).click();
    await page.locator("#time:not(.unusual)").waitFor();
    await other.locator("#time:not(.unusual)").waitFor();
  });
}
