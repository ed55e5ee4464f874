// What keeps people out who see little or nothing, or use no mouse: axe-core looks for it, in all parts of the page and in both colours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The levels of WCAG 2.2 that public services owe, and what the makers of axe-core know besides. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What colours change. */
const COLOURS = ["color-contrast", "link-in-text-block"];
const SCHEMES = [["light", RULES], ["dark", COLOURS]];

/** What is in somebody's way, in words that lead to it, and where it was met first. */
async function look(page, found, where, only, part = "html") {
  const { violations } = await page.evaluate(([at, runOnly]) => window.axe.run(at, { runOnly, resultTypes: ["violations"] }), [part, only]);
  for (const { id, help, nodes } of violations) {
    for (const { target, any, html } of nodes) {
      // What is printed on the picture of a part is not what the part is called.
      if (id === "label-content-name-mismatch" && html.startsWith('<div class="part')) continue;
      const what = `${help} (${id}) at ${target.join(" ")}${any[0] ? `: ${any[0].message}` : ""}`;
      if (!found.has(what)) found.set(what, where);
    }
  }
}

/** What can stand open on the page: how it is opened, and what it is then. */
const OPEN = [
  ["the palette of parts", (page) => page.locator("#tab-board").click().then(() => page.getByRole("button", { name: "Add a part" }).click()), ".palette"],
  ["the question for a name", (page) => page.getByRole("button", { name: "New program" }).first().click(), "dialog[open]"],
  ["earlier states", (page) => page.getByRole("button", { name: /^Earlier states/ }).click(), "dialog[open]"],
  ["the time", (page) => page.locator("#time").click(), "#time-menu"],
];

export async function barriersOf({ step, newPage, create, until, terminal, address }) {
  await step("nothing on the page is in the way of who sees little or uses no mouse", async (context) => {
    const found = new Map();
    const page = await newPage(context);
    await create(page, "barriers.py", "import gc\nfor i in range(3):\n    print(i, i * i)\nnothing.at_all()\n");
    await page.keyboard.press("F5");
    await until("the exception", async () => (await terminal(page)).includes("NameError"));
    await page.locator(".examples").selectOption("weather-station");
    // What lies on the table already is replaced only by who says so.
    const [sure, its] = [page.getByRole("button", { name: "Add it" }), page.locator(".filetabs [data-id='program:weather_station.py']")];
    await sure.or(its).waitFor();
    if (await sure.isVisible()) await sure.click();
    await its.waitFor();
    const tabsOf = (place) => page.locator(`${place} [role=tab]`).evaluateAll((all) => all.map((tab) => tab.id));
    const [right, below] = [await tabsOf("#bench"), await tabsOf("#aux")];
    assert.ok(right.length >= 5 && below.length >= 3, `${right} ${below}`);
    await page.evaluate(AXE);
    for (const [colorScheme, only] of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const [nth, tab] of right.entries()) {
        const both = [tab, below[nth % below.length]];
        for (const one of both) {
          await page.locator(`#${one}`).click();
          await page.locator(`#${one.replace("tab", "panel")}`).waitFor();
        }
        await look(page, found, `${both}, ${colorScheme}`, only);
      }
      for (const [what, act, shown] of OPEN) {
        await act(page);
        await page.locator(shown).waitFor();
        await look(page, found, `${what}, ${colorScheme}`, only, shown);
        await page.keyboard.press("Escape");
        await page.locator(shown).waitFor({ state: "hidden" });
      }
    }
    await page.goto(`${address}/stream.html`);
    await page.evaluate(AXE);
    for (const [colorScheme, only] of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await look(page, found, `stream.html, ${colorScheme}`, only);
    }
    assert.deepEqual([...found].map(([what, where]) => `${where}: ${what}`), []);
  });
}
