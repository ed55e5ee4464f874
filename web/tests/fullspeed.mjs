// What a minute of a board that prints as fast as it can does to the page. By hand: `node --experimental-websocket tests/fullspeed.mjs ADDRESS BROWSER [SECONDS]`.
//
// Says once in five seconds what reaches the tab, how late timers are, how long a key takes until it is shown, and what memory the page's process has.
// Chromium is driven without Playwright: that has each message of a WebSocket told to it, which costs more than the page.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Firefox } from "./bidi.mjs";

const [address, path, seconds = "60"] = process.argv.slice(2);
const isFirefox = path.includes("firefox");
/** Milliseconds between two lines of the report. */
const ROUND = 5000;
const PROGRAM = "n = 0\nwhile True:\n    print('line', n, 'of a program that never rests, as wide as lines of programs are')\n    n += 1\n";

/** Counts what comes over the page's WebSockets, and how late its timers are; runs before the page does. */
function watch() {
  const seen = (globalThis.seen = { messages: 0, bytes: 0, missed: 0, lost: 0, gaps: [], keys: [] });
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      if (!String(given[0]).endsWith("/link")) return;
      this.addEventListener("message", ({ data }) => {
        seen.messages++;
        seen.bytes += data.byteLength ?? data.length;
        const lost = typeof data === "string" && JSON.parse(data).missed;
        if (!lost) return;
        seen.missed++;
        seen.lost += lost;
      });
    }
  };
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => seen.keys.push(performance.now() - timeStamp))), true);
  let last = performance.now();
  setInterval(() => (seen.gaps.push(performance.now() - last), (last = performance.now())), 20);
}

/** What was counted since the last time. */
function take() {
  const { seen } = globalThis;
  const gaps = seen.gaps.sort((a, b) => a - b);
  const counted = { messages: seen.messages, bytes: seen.bytes, missed: seen.missed, lost: seen.lost, middle: gaps[gaps.length >> 1], worst: gaps.at(-1), key: Math.max(...seen.keys), heap: performance.memory?.usedJSHeapSize, elements: document.querySelectorAll("*").length };
  Object.assign(seen, { messages: 0, bytes: 0, missed: 0, lost: 0, gaps: [], keys: [] });
  return counted;
}

/** The biggest process of this browser that shows pages: megabytes that it holds, what of them is its own, and hundredths of seconds that it has worked. */
function memory(parent) {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,rss=,args="], { encoding: "utf8" }).trim().split("\n");
  const processes = rows.map((row) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(row)).map(([, pid, above, rss, line]) => ({ pid, above, rss: Number(rss), line }));
  const family = new Set([String(parent)]);
  for (let grown = true; grown; ) {
    const before = family.size;
    for (const { pid, above } of processes) if (family.has(above)) family.add(pid);
    grown = family.size > before;
  }
  const pages = processes.filter(({ pid, line }) => family.has(pid) && /--type=renderer|-isForBrowser/.test(line));
  const { pid, rss } = pages.sort((a, b) => b.rss - a.rss)[0];
  const own = /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1];
  const worked = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return { rss: rss / 1024, own: Number(own) / 1024, ticks: Number(worked[11]) + Number(worked[12]) };
}

/** A page as this needs it, in Firefox. */
async function openFirefox() {
  const firefox = await Firefox.launch(path);
  await firefox.send("script.addPreloadScript", { functionDeclaration: String(watch) });
  const page = await firefox.newPage(1280, 800);
  return { page, pid: firefox.child.pid, close: () => firefox.close() };
}

/** The same in Chromium. */
async function openChromium() {
  const profile = mkdtempSync(join(tmpdir(), "coil-chromium-"));
  const child = spawn(path, ["--headless", "--no-sandbox", "--no-first-run", "--enable-precise-memory-info", "--window-size=1280,800", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const port = await new Promise((found) => child.stderr.on("data", (data) => /listening on ws:\/\/[^:]+:(\d+)/.test(data) && found(RegExp.$1)));
  const [{ webSocketDebuggerUrl }] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()).filter(({ type }) => type === "page");
  const socket = new WebSocket(webSocketDebuggerUrl);
  const waiting = [];
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting[id]?.(result);
  };
  await new Promise((done) => (socket.onopen = done));
  const send = (method, params) => new Promise((done) => socket.send(JSON.stringify({ id: waiting.push(done) - 1, method, params })));
  await send("Page.enable", {});
  await send("Page.addScriptToEvaluateOnNewDocument", { source: `(${watch})()` });
  const codes = { Enter: 13, Backspace: 8, F5: 116 };
  const page = {
    goto: (url) => send("Page.navigate", { url }),
    async evaluate(act, argument) {
      const expression = `(async () => JSON.stringify(await (${act})(${JSON.stringify(argument)})))()`;
      const { result } = await send("Runtime.evaluate", { expression, awaitPromise: true });
      return result.type === "string" ? JSON.parse(result.value) : undefined;
    },
    async waitForFunction(holds) {
      for (const start = Date.now(); !(await page.evaluate(holds)); await new Promise((done) => setTimeout(done, 20))) if (Date.now() - start > 15_000) throw new Error(`waited in vain: ${holds}`);
    },
    async click(selector) {
      const find = (selector) => document.querySelector(selector).getBoundingClientRect().toJSON();
      const { x, y, width, height } = await page.evaluate(find, selector);
      for (const type of ["mousePressed", "mouseReleased"]) await send("Input.dispatchMouseEvent", { type, x: x + width / 2, y: y + height / 2, button: "left", clickCount: 1 });
    },
    async press(key) {
      const text = key === "Enter" ? "\r" : undefined;
      for (const type of ["keyDown", "keyUp"]) await send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: codes[key], text: type === "keyDown" ? text : undefined });
    },
    async type(text) {
      for (const key of text) for (const type of ["keyDown", "keyUp"]) await send("Input.dispatchKeyEvent", { type, key, text: type === "keyDown" ? key : undefined });
    },
  };
  const close = async () => {
    child.kill();
    await new Promise((done) => child.once("exit", done));
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  return { page, pid: child.pid, close };
}

const { page, pid, close } = await (isFirefox ? openFirefox() : openChromium());
await page.goto(address);
await page.waitForFunction(() => document.querySelector("#state[data-is=prompt]"));
await page.click('#programs [aria-label="New program"]');
await page.waitForFunction(() => document.querySelector("dialog input"));
await page.type(`fast${Date.now() % 1e6}`);
await page.press("Enter");
await page.waitForFunction(() => document.querySelector(".cm-content")?.textContent === "");
// Typed text would be indented; what is pasted is not.
await page.evaluate((text) => {
  document.querySelector(".cm-content").focus();
  document.execCommand("insertText", false, text);
}, PROGRAM);
await page.press("F5");
await page.waitForFunction(() => document.querySelector("#state[data-is=running]"));
await page.waitForFunction(() => /line \d{4}/.test(document.querySelector(".xterm-rows").innerText));
await page.click(".cm-content");
console.log(`before: ${JSON.stringify(memory(pid))}`);
await page.evaluate(take);
const start = Date.now();
for (let round = start; Date.now() - start < Number(seconds) * 1000; round = Date.now()) {
  const before = memory(pid).ticks;
  while (Date.now() - round < ROUND) {
    await page.type("#");
    await page.press("Backspace");
    await new Promise((done) => setTimeout(done, 500));
  }
  const took = (Date.now() - round) / 1000;
  const counted = await page.evaluate(take);
  const { rss, own, ticks } = memory(pid);
  const each = (n) => Math.round(n / took);
  console.log(
    `${Math.round((Date.now() - start) / 1000)} s: ${each(counted.messages)} messages/s, ${(counted.bytes / took / 1e6).toFixed(2)} MB/s, ${each(counted.missed)} missed/s of ${(counted.lost / took / 1e6).toFixed(2)} MB/s; ` +
      `timers ${counted.middle.toFixed(0)} and ${counted.worst.toFixed(0)} ms; a key ${counted.key.toFixed(0)} ms; ${Math.round((ticks - before) / took)} % of a core, heap ${((counted.heap ?? NaN) / 1e6).toFixed(0)} MB, process ${rss.toFixed(0)} MB, its own ${own.toFixed(0)} MB; ${counted.elements} elements`,
  );
}
const stop = Date.now();
await page.click("#stop");
await page.waitForFunction(() => document.querySelector("#state[data-is=prompt]"));
console.log(`stopped after ${Date.now() - stop} ms`);
await close();
process.exit(0);
