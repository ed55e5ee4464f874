// A learner at the page, step by step, in a real browser and with a real workshop behind it.
//
// Who starts this (crates/coil/tests/e2e/learner.rs) owns the workshop: a line `coil: kill` or `coil: start` on standard output is a wish,
// a line on standard input says that it is fulfilled. Arguments: the page's address, the lab's folder, the browser.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { barriersOf } from "./steps/barriers.mjs";
import { circuit } from "./steps/circuit.mjs";
import { cloud } from "./steps/cloud.mjs";
import { hints } from "./steps/hints.mjs";
import { history } from "./steps/history.mjs";
import { network } from "./steps/network.mjs";
import { pins } from "./steps/pins.mjs";

const [address, lab, browserPath] = process.argv.slice(2);
/** Milliseconds that anything on the page may take. */
const PATIENCE = 15_000;
/** Bytes over the wire until the page can be used, and milliseconds until it shows something. */
const FIRST_LOAD_MAX = 600_000;
const FIRST_PAINT_MAX = 1000;

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function wish(what) {
  console.log(`coil: ${what}`);
  await answers.next();
}

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
let failed = false;
/** What pages complained of. */
const complaints = [];

async function newPage(context, at = address) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (e) => complaints.push(`${e.stack}`));
  page.on("console", (m) => /Content Security Policy|Refused to/.test(m.text()) && complaints.push(m.text()));
  await page.goto(at);
  await page.locator("#state[data-is=prompt]").waitFor();
  return page;
}

const newContext = () => browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
const program = (name) => join(lab, "programs", name);
const onDisk = (name) => {
  try {
    return readFileSync(program(name), "utf8");
  } catch {
    return undefined;
  }
};
/** What the terminal shows, as its rows are in the page. */
const terminal = (page) => page.locator(".xterm-rows").innerText().then((text) => text.replaceAll("\u00a0", " "));
const editorText = (page) => page.locator(".cm-content").evaluate((e) => [...e.querySelectorAll(".cm-line")].map((l) => l.textContent).join("\n"));

async function until(what, holds, patience = PATIENCE) {
  const start = Date.now();
  for (;;) {
    if (await holds()) return;
    if (Date.now() - start > patience) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

async function open(page, name) {
  await page.locator(`#programs [data-path="${name}"]`).click();
  await page.locator(`.filetabs [data-id="program:${name}"][aria-selected=true]`).waitFor();
}

/** Makes a program by the page's own button, and types its text. */
async function create(page, name, text) {
  await page.getByRole("button", { name: "New program" }).first().click();
  // A name without an ending gets it.
  await page.locator("dialog input").fill(name.replace(/\.py$/, ""));
  await page.keyboard.press("Enter");
  await page.locator(`.filetabs [data-id="program:${name}"][aria-selected=true]`).waitFor();
  await write(page, text);
}

async function write(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const saved = (name, text) => until(`${name} is on disk`, () => onDisk(name) === text);

async function step(name, act) {
  const start = Date.now();
  const context = await newContext();
  try {
    await act(context);
    assert.deepEqual(complaints, []);
    console.log(`ok ${name} (${Date.now() - start} ms)`);
  } catch (e) {
    failed = true;
    console.log(`FAILED ${name}: ${e.stack}`);
    for (const page of context.pages()) {
      await page.screenshot({ path: join(lab, `failed-${Date.now()}.png`) }).catch(() => {});
      console.log(`the page said: ${(await page.locator("body").innerText().catch(() => "")).slice(0, 2000)}`);
    }
    complaints.length = 0;
  }
  await context.close();
}

await step("the page is light, and there at once", async (context) => {
  const paints = [];
  for (let round = 0; round < 3; round++) {
    const page = await context.newPage();
    const wire = await context.newCDPSession(page);
    let bytes = 0;
    await wire.send("Network.enable");
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    wire.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(address);
    await page.locator("#state[data-is=prompt]").waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
    assert.ok(bytes > 50_000 && bytes <= FIRST_LOAD_MAX, `${bytes} bytes`);
    console.log(`first load ${bytes} bytes, first paint ${Math.round(paints.at(-1))} ms`);
    await page.close();
  }
  // Others may use this machine: the best one counts.
  assert.ok(Math.min(...paints) <= FIRST_PAINT_MAX, `${paints} ms`);
});

await step("a program is typed, saved, run, and its output seen", async (context) => {
  const page = await newPage(context);
  const text = 'for i in range(3):\n    print("round", i * 7)\n';
  await create(page, "hello.py", "");
  await page.locator(".cm-content").click();
  // Key by key, as one types: the editor indents the second line.
  await page.keyboard.type('for i in range(3):\nprint("round", i * 7');
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Backspace");
  await saved("hello.py", text);
  await page.keyboard.press("Control+Enter");
  await until("its output", async () => (await terminal(page)).includes("round 14"));
  await page.locator("#state[data-is=prompt]").waitFor();
  await page.locator("#tab-variables").click();
  await page.locator(".variables tbody tr", { hasText: "i" }).first().waitFor();
  assert.match(await page.locator(".variables tbody").innerText(), /i\s+int\s+2/);
});

await step("what the compiler refuses is marked while typing", async (context) => {
  const page = await newPage(context);
  await create(page, "wrong.py", "x = 1\nif x\n    print(x)\n");
  await page.locator(".cm-lint-marker-error").waitFor();
  await page.locator(".cm-lint-marker-error").hover();
  await page.locator(".cm-tooltip", { hasText: "SyntaxError" }).waitFor();
  // What it says may lie over the text that is clicked next.
  await page.mouse.move(0, 0);
  await write(page, "x = 1\nif x:\n    print(x)\n");
  await page.locator(".cm-lint-marker-error").waitFor({ state: "detached" });
});

await step("names are offered: the program's, Python's, and the board's", async (context) => {
  const page = await newPage(context);
  await create(page, "names.py", "import machine\nvery_long_name = 1\n");
  await page.keyboard.press("F5");
  await page.locator("#state[data-is=prompt]").waitFor();
  await until("the machine is imported", async () => (await terminal(page)).trimEnd().endsWith(">>>"));
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  for (const [typed, offered] of [["very", "very_long_name"], ["ra", "range"], ["machine.P", "PWM"]]) {
    await page.keyboard.type(typed);
    await page.locator(".cm-tooltip-autocomplete li", { hasText: offered }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Enter");
  }
  await page.keyboard.type("pass");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".cm-tooltip-autocomplete").waitFor({ state: "detached" });
  await page.keyboard.type("very_");
  await page.locator(".cm-tooltip-autocomplete li", { hasText: "very_long_name" }).waitFor();
  await page.keyboard.press("Tab");
  await until("Enter ends a line, Tab takes a name", async () => (await editorText(page)).endsWith("pass\nvery_long_name"));
});

await step("an exception is at its line, and explained", async (context) => {
  const page = await newPage(context);
  await create(page, "fails.py", "a = 1\nprint(a)\nprint(missing)\n");
  await page.locator("#run").click();
  await page.locator(".explanation .said", { hasText: "NameError: name 'missing' isn't defined" }).waitFor();
  assert.ok((await page.locator(".explanation p").allInnerTexts()).length >= 3);
  // The chip's own words are what they were.
  await until("the traceback", async () => /line 3[\s\S]*NameError: name 'missing' isn't defined/.test(await terminal(page)));
  const middle = async (selector) => {
    const box = await page.locator(selector).first().boundingBox();
    return box.y + box.height / 2;
  };
  assert.ok(Math.abs((await middle(".cm-lint-marker-error")) - (await middle(".cm-lineNumbers .cm-gutterElement:has-text('3')"))) < 8);
  await page.locator(".explanation .link").click();
  await page.keyboard.type("a");
  await until("the cursor was at the line", async () => (await editorText(page)).includes("\naprint(missing)"));
});

await step("an endless loop is stopped, by the button and by Ctrl-C", async (context) => {
  const page = await newPage(context);
  await create(page, "endless.py", 'print("begun")\nwhile True:\n    pass\n');
  for (const stop of [() => page.locator("#stop").click(), () => page.locator(".xterm-helper-textarea").press("Control+c")]) {
    await page.keyboard.press("F5");
    await page.locator("#state[data-is=running]").waitFor();
    await until("it runs", async () => (await terminal(page)).includes("begun"));
    await stop();
    await page.locator("#state[data-is=prompt]").waitFor();
  }
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("6 * 7\n");
  await until("the prompt answers", async () => /6 \* 7\s+42\s+>>>/.test(await terminal(page)));
});

await step("a file of any bytes goes to the board and comes back the same", async (context) => {
  const page = await newPage(context);
  const bytes = Buffer.from(Uint8Array.from({ length: 20_011 }, (_, i) => (i * 31 + (i >> 8)) % 256));
  await page.locator("#board-files input[type=file]").setInputFiles({ name: "data.bin", mimeType: "application/octet-stream", buffer: bytes });
  await page.locator('#board-files [data-path="/data.bin"]').waitFor();
  // A file that is no text is not opened but downloaded.
  const download = page.waitForEvent("download");
  await page.locator('#board-files [data-path="/data.bin"]').dblclick();
  assert.deepEqual(readFileSync(await (await download).path()), bytes);
  await page.keyboard.press("Delete");
  await page.locator("dialog button.bad").click();
  await page.locator('#board-files [data-path="/data.bin"]').waitFor({ state: "detached" });
});

await step("files are dropped into folders, renamed, and programs copied to the board", async (context) => {
  const page = await newPage(context);
  const files = page.locator("#board-files");
  const name = async (text) => {
    await page.locator("dialog input").fill(text);
    await page.keyboard.press("Enter");
  };
  await files.getByRole("button", { name: "New folder" }).click();
  await name("things");
  const folder = files.locator('[data-path="/things"]');
  await folder.waitFor();
  const bytes = [0, 255, 13, 10, 128, 26, 4, 3];
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(bytes)], "odd.bin"));
    return transfer;
  }, bytes);
  await folder.dispatchEvent("drop", { dataTransfer: dropped });
  await files.locator('[data-path="/things/odd.bin"]').waitFor();
  await files.locator('[data-path="/things/odd.bin"]').focus();
  await page.keyboard.press("F2");
  await name("even.bin");
  await files.locator('[data-path="/things/even.bin"]').waitFor();
  await open(page, "hello.py");
  await page.getByRole("button", { name: "Copy to the board" }).click();
  await name("copied.py");
  await files.locator('[data-path="/copied.py"]').waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("list(open('/things/even.bin', 'rb').read()) == [0, 255, 13, 10, 128, 26, 4, 3], len(open('copied.py').read())\n");
  const length = (await editorText(page)).length;
  await until("the board has both", async () => (await terminal(page)).includes(`(True, ${length})`));
  await folder.click();
  await page.keyboard.press("Delete");
  await page.locator("dialog button.bad").click();
  await folder.waitFor({ state: "detached" });
});

await step("files of any bytes are dropped among the programs, and come back the same", async (context) => {
  const page = await newPage(context);
  const bytes = [137, 80, 0, 255, 13, 10, 128];
  const dropped = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(bytes)], "odd.png"));
    return transfer;
  }, bytes);
  await page.locator("#programs").dispatchEvent("drop", { dataTransfer: dropped });
  const row = page.locator('#programs [data-path="odd.png"]');
  await row.waitFor();
  assert.deepEqual([...readFileSync(program("odd.png"))], bytes);
  // It is no text, and must not become one.
  await row.dblclick();
  await page.getByText("odd.png is no text").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#programs").getByRole("button", { name: "Download" }).click()]);
  assert.deepEqual([...readFileSync(await download.path())], bytes);
  assert.deepEqual([...readFileSync(program("odd.png"))], bytes);
});

await step("what goes wrong at the prompt is explained as well", async (context) => {
  const page = await newPage(context);
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("1 / 0\n");
  await page.locator(".explanation .said", { hasText: "ZeroDivisionError" }).waitFor();
  // What explains more is there without the internet.
  await page.keyboard.type("raise OSError(-202)\n");
  await page.locator(".explanation .said", { hasText: "OSError" }).waitFor();
  const lesson = page.locator(".explanation .lesson a").first();
  assert.match(await lesson.getAttribute("href"), /^\/read\/.+#/);
  const [read] = await Promise.all([context.waitForEvent("page"), lesson.click()]);
  // The section about this very thing is what is seen, and all others are a click away.
  await read.locator("h2:target").waitFor();
  await read.getByRole("link", { name: "All pages to read" }).click();
  await read.getByRole("heading", { name: "Read on" }).waitFor();
  await read.close();
  const [list] = await Promise.all([context.waitForEvent("page"), page.locator(".bar").getByRole("link", { name: "Read" }).click()]);
  await list.getByRole("link", { name: "Lists and tuples" }).click();
  await list.getByRole("heading", { name: "An index that is not there" }).waitFor();
  await list.close();
  // Several lines are pasted as they are, indentation and all.
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", "for i in range(2):\n    if i:\n        print('pasted', i + 41)\n");
    document.querySelector(".xterm-helper-textarea").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await until("what was pasted ran", async () => (await terminal(page)).includes("pasted 42"));
});

await step("a file of the board is edited and saved there", async (context) => {
  const page = await newPage(context);
  await page.locator("#board-files input[type=file]").setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("one\n") });
  await page.locator('#board-files [data-path="/note.txt"]').click();
  await until("its text", async () => (await editorText(page)) === "one\n");
  await write(page, "two\n");
  await page.locator(".filetabs [data-state=edited]").waitFor();
  // Not with the board yet, and yet not lost: not by closing, and not by a reload.
  await page.getByLabel("Close note.txt").click();
  await page.locator("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.reload();
  await until("its text after a reload", async () => (await editorText(page)) === "two\n");
  await page.locator("#state[data-is=prompt]").waitFor();
  await page.locator(".cm-content").press("Control+s");
  await page.locator(".filetabs [aria-selected=true][data-state=saved]").waitFor();
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type("open('/note.txt').read()\n");
  await until("the board has it", async () => (await terminal(page)).includes("'two\\n'"));
});

await step("a reload loses nothing, not even what was typed a moment before", async (context) => {
  const page = await newPage(context);
  await create(page, "reload.py", "first = 1\n");
  await saved("reload.py", "first = 1\n");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("second = 2");
  await page.reload();
  await until("the text", async () => (await editorText(page)) === "first = 1\nsecond = 2");
  await saved("reload.py", "first = 1\nsecond = 2");
  // And it can be taken back.
  await page.locator(".cm-content").press("Control+z");
  await until("undo", async () => (await editorText(page)) === "first = 1\n");
  // What the board said before is there as well.
  await until("the terminal's past", async () => (await terminal(page)).includes(">>>"));
});

await step("a page that crashes loses nothing", async (context) => {
  const page = await newPage(context);
  await create(page, "crash.py", "kept = 1\n");
  await saved("crash.py", "kept = 1\n");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("and_this = 2");
  const wire = await context.newCDPSession(page);
  wire.send("Page.crash").catch(() => {});
  await page.waitForEvent("crash");
  await page.close();
  const again = await newPage(context);
  await open(again, "crash.py");
  await until("the text", async () => (await editorText(again)) === "kept = 1\nand_this = 2");
  await saved("crash.py", "kept = 1\nand_this = 2");
});

await step("a workshop that dies and comes back has what was typed meanwhile", async (context) => {
  const page = await newPage(context);
  await create(page, "restart.py", "before = 1\n");
  await saved("restart.py", "before = 1\n");
  await wish("kill");
  await page.locator("#state[data-is=away]").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("meanwhile = 2");
  await page.locator(".filetabs [data-state=kept]").waitFor();
  assert.equal(onDisk("restart.py"), "before = 1\n");
  await wish("start");
  await page.locator("#state[data-is=prompt]").waitFor();
  await saved("restart.py", "before = 1\nmeanwhile = 2");
  await page.locator(".filetabs [aria-selected=true][data-state=saved]").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText('print("after", 40 + 2)');
  await page.keyboard.press("F5");
  await until("it runs as before", async () => (await terminal(page)).includes("after 42"));
});

await step("two tabs agree, and another editor's change is seen", async (context) => {
  const one = await newPage(context);
  await create(one, "shared.py", "one = 1\n");
  await saved("shared.py", "one = 1\n");
  const two = await newPage(context);
  await open(two, "shared.py");
  await one.bringToFront();
  await one.locator(".cm-content").click();
  await one.keyboard.press("Control+End");
  await one.keyboard.type("more = 2");
  await until("the other tab has it", async () => (await editorText(two)) === "one = 1\nmore = 2");
  writeFileSync(program("shared.py"), "from outside = 3\n");
  for (const page of [one, two]) await until("a change from outside", async () => (await editorText(page)) === "from outside = 3\n");
  await one.locator(".xterm-helper-textarea").focus();
  await one.keyboard.type("'typed in ' + 'one'\n");
  await until("both see the terminal", async () => (await terminal(two)).includes("'typed in one'"));
});

await step("of two texts for one file neither is lost", async (context) => {
  const page = await newPage(context);
  await create(page, "both.py", "base = 0\n");
  await saved("both.py", "base = 0\n");
  // The page cannot hear of the other change in time.
  await context.setOffline(true);
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("mine = 1");
  await page.locator(".filetabs [data-state=kept]").waitFor();
  writeFileSync(program("both.py"), "theirs = 2\n");
  await context.setOffline(false);
  await saved("both_mine.py", "base = 0\nmine = 1");
  assert.equal(onDisk("both.py"), "theirs = 2\n");
  await page.locator(".notice.bad", { hasText: "both_mine.py" }).waitFor();
  await open(page, "both.py");
  await until("the file shows the other", async () => (await editorText(page)) === "theirs = 2\n");
});

await step("what a board prints is text, whatever it is", async (context) => {
  const page = await newPage(context);
  await page.exposeFunction("taken", () => complaints.push("the board's output became a program"));
  const evil = `<img src=x onerror=taken()><script>taken()</script>`;
  await create(page, "evil.py", `evil = "${evil}"\nprint(evil)\nprint("\\x1b]8;;javascript:taken()\\x07" + "link\\x1b]8;;\\x07")\nprint("\\x1b]0;title\\x07end")\nraise ValueError(evil)\n`);
  await page.keyboard.press("F5");
  await page.locator(".explanation", { hasText: "ValueError" }).waitFor();
  await until("it is there as text", async () => (await terminal(page)).includes("<img src=x"));
  await page.locator("#tab-variables").click();
  await page.locator(".variables td.value", { hasText: "<script>" }).waitFor();
  assert.equal(await page.locator("img[src=x], body script").count(), 0);
  await page.getByText("link", { exact: true }).first().click({ trial: true, timeout: 500 }).catch(() => {});
});

await step("printed numbers are curves", async (context) => {
  const page = await newPage(context);
  await create(page, "curve.py", "for i in range(50):\n    print('temp:', 20 + i % 7, 'hum:', 40 - i % 5)\n");
  await page.locator("#tab-plot").click();
  await page.keyboard.press("F5");
  await page.locator(".u-legend .u-label", { hasText: "temp" }).waitFor();
  assert.deepEqual(await page.locator(".u-legend .u-label").allInnerTexts(), ["line", "temp", "hum"]);
  const colors = await page.locator(".plot canvas").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    return [...seen];
  });
  for (const color of ["47,127,214", "224,116,43"]) assert.ok(colors.includes(color), `${color} of ${colors}`);
});

await step("a board that prints as fast as it can leaves the page at ease", async (context) => {
  const page = await newPage(context);
  await create(page, "fast.py", "n = 0\nwhile True:\n    print('line', n, 'of a program that never rests, as wide as lines of programs are')\n    n += 1\n");
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    setInterval(() => (globalThis.gaps.push(performance.now() - last), (last = performance.now())), 20);
  });
  await page.keyboard.press("F5");
  await until("it prints", async () => /line \d{4}/.test(await terminal(page)));
  const start = Date.now();
  let waits = [];
  while (Date.now() - start < 10_000) {
    const before = Date.now();
    await page.locator(".cm-content").press("End");
    await page.keyboard.type("#");
    await until("a typed character", async () => (await editorText(page)).includes("#"));
    await page.keyboard.press("Backspace");
    await until("it is gone", async () => !(await editorText(page)).includes("#"));
    waits.push(Date.now() - before);
    await new Promise((done) => setTimeout(done, 400));
  }
  const gaps = (await page.evaluate(() => globalThis.gaps)).sort((a, b) => a - b);
  const [median, worst] = [gaps[gaps.length >> 1], gaps.at(-1)];
  const [used, nodes] = await page.evaluate(() => [performance.memory.usedJSHeapSize, document.querySelectorAll("*").length]);
  console.log(`full speed: timers of 20 ms came after ${median.toFixed(0)} ms in the middle, ${worst.toFixed(0)} ms at worst; typing and erasing took ${Math.max(...waits)} ms at worst; ${(used / 1e6).toFixed(0)} MB, ${nodes} elements`);
  assert.ok(median < 100 && Math.max(...waits) < 5000, "the page was not at ease");
  assert.ok(used < 150e6 && nodes < 5000, "the page grew");
  await page.locator("#stop").click();
  await page.locator("#state[data-is=prompt]").waitFor();
});

await step("keys reach everything, and what is reached has a name", async (context) => {
  const page = await newPage(context);
  await open(page, "hello.py");
  const regions = [];
  await page.locator("#run").focus();
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press("F6");
    regions.push(await page.evaluate(() => document.activeElement.closest("header, #programs, #board-files, .upper, #console, #aux, #bench")?.id || document.activeElement.closest("header, .upper")?.className));
  }
  assert.deepEqual(regions, ["programs", "board-files", "upper", "console", "aux", "bench", "bar"]);
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([hidden]), [role=tree], [role=tablist], [role=separator], textarea")]
      .filter((e) => e.offsetParent && !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length || e.title))
      .map((e) => e.outerHTML.slice(0, 200)),
  );
  assert.deepEqual(unnamed, []);
  // An edge moves by keys, and stays there over a reload.
  const edge = page.getByRole("separator", { name: "Height of the terminal" });
  const before = Number(await edge.getAttribute("aria-valuenow"));
  await edge.press("ArrowUp");
  const after = Number(await edge.getAttribute("aria-valuenow"));
  assert.ok(after > before);
  await page.reload();
  await until("the edge is where it was", async () => Number(await edge.getAttribute("aria-valuenow")) === after);
  await page.goto(`${address}/stream.html`);
  await page.locator("#state.open").waitFor();
});

const tools = { step, newPage, create, open, write, until, saved, terminal, editorText, lab, address };
for (const learn of [hints, circuit, pins, network, cloud, history, barriersOf]) await learn(tools);

await browser.close();
process.exit(failed ? 1 : 0);
