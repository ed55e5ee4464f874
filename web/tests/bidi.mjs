// A Firefox as it is, driven over WebDriver BiDi: no more of it than `firefox.mjs` needs, and with Playwright's names, so that steps can be shared.
//
// Node 20 has its WebSocket behind `--experimental-websocket`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds that anything on a page may take, and between two looks at it. */
const PATIENCE = 15_000;
const LOOK = 20;

/** Keys without a character, as WebDriver names them. */
const KEYS = { Backspace: "\ue003", Tab: "\ue004", Enter: "\ue007", Shift: "\ue008", Control: "\ue009", Escape: "\ue00c", End: "\ue010", Home: "\ue011", Delete: "\ue017", F5: "\ue035", F6: "\ue036" };

/** What a page does about its policy is told by an event alone; as an error it is heard. */
const TELL_POLICY = `() => document.addEventListener("securitypolicyviolation", (e) => console.error("Content Security Policy: " + e.violatedDirective + " " + e.blockedURI + " " + e.sourceFile + ":" + e.lineNumber))`;

export class Firefox {
  #next = 1;
  #waiting = new Map();
  /** Warnings and errors of all pages. */
  complaints = [];

  static async launch(path) {
    const firefox = new Firefox();
    firefox.profile = mkdtempSync(join(tmpdir(), "coil-firefox-"));
    // A new profile asks, fetches and measures much that is nothing to a learner.
    const quiet = { "app.update.enabled": false, "browser.shell.checkDefaultBrowser": false, "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.enabled": false, "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false, "services.settings.server": "http://127.0.0.1:1", "extensions.update.enabled": false, "dom.disable_beforeunload": true };
    writeFileSync(join(firefox.profile, "user.js"), Object.entries(quiet).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));
    const child = spawn(path, ["--headless", "--no-remote", "--profile", firefox.profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
    firefox.child = child;
    process.on("exit", () => child.kill("SIGKILL"));
    const address = await new Promise((found, failed) => {
      let said = "";
      child.stderr.on("data", (data) => {
        said += data;
        const at = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
        if (at) found(at[1]);
      });
      child.on("exit", () => failed(new Error(`Firefox ended: ${said}`)));
      child.on("error", failed);
    });
    await firefox.#connect(`${address}/session`);
    await firefox.send("session.new", { capabilities: {} });
    await firefox.send("session.subscribe", { events: ["log.entryAdded"] });
    await firefox.send("script.addPreloadScript", { functionDeclaration: TELL_POLICY });
    return firefox;
  }

  #connect(address) {
    this.socket = new WebSocket(address);
    this.socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.method === "log.entryAdded") {
        const { level, text, stackTrace } = message.params;
        if (level === "error" || level === "warn") this.complaints.push(`${level}: ${text} ${JSON.stringify(stackTrace?.callFrames?.slice(0, 3) ?? "")}`);
      }
      const { done, failed } = this.#waiting.get(message.id) ?? {};
      this.#waiting.delete(message.id);
      if (message.type === "error") failed?.(new Error(`${message.error}: ${message.message}`));
      else done?.(message.result);
    };
    return new Promise((done, failed) => {
      this.socket.onopen = done;
      this.socket.onerror = () => failed(new Error(`no way to ${address}`));
    });
  }

  send(method, params) {
    const id = this.#next++;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((done, failed) => this.#waiting.set(id, { done, failed }));
  }

  async newPage(width, height) {
    const { context } = await this.send("browsingContext.create", { type: "tab" });
    await this.send("browsingContext.setViewport", { context, viewport: { width, height } });
    return new Page(this, context);
  }

  async close() {
    await this.send("browser.close", {}).catch(() => {});
    if (this.child.exitCode === null) await new Promise((done) => this.child.once("exit", done));
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

class Page {
  constructor(firefox, context) {
    this.firefox = firefox;
    this.context = context;
    this.mouse = {
      move: (x, y) => this.#point({ type: "pointerMove", x: Math.round(x), y: Math.round(y) }),
      down: () => this.#point({ type: "pointerDown", button: 0 }),
      up: () => this.#point({ type: "pointerUp", button: 0 }),
    };
  }

  goto(url) {
    return this.firefox.send("browsingContext.navigate", { context: this.context, url, wait: "complete" });
  }

  /** What a function of one argument gives in the page. */
  async evaluate(act, argument) {
    const functionDeclaration = `async (argument) => JSON.stringify(await (${act})(JSON.parse(argument)))`;
    const value = JSON.stringify(argument ?? null);
    const answer = await this.firefox.send("script.callFunction", { functionDeclaration, arguments: [{ type: "string", value }], awaitPromise: true, target: { context: this.context } });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.type === "string" ? JSON.parse(answer.result.value) : undefined;
  }

  async waitForFunction(holds, argument, { what = String(holds), polling = LOOK } = {}) {
    const start = Date.now();
    for (;;) {
      const found = await this.evaluate(holds, argument);
      if (found) return found;
      if (Date.now() - start > PATIENCE) throw new Error(`waited in vain: ${what} ${JSON.stringify(argument ?? "")}`);
      await new Promise((done) => setTimeout(done, polling));
    }
  }

  /** The middle of an element that is seen, perhaps the one with this text. */
  middle(selector, text = "") {
    const look = ([selector, text]) => {
      const element = [...document.querySelectorAll(selector)].find((e) => e.checkVisibility() && e.textContent.includes(text));
      element?.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = element?.getBoundingClientRect();
      return box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : undefined;
    };
    return this.waitForFunction(look, [selector, text], { what: "seen" });
  }

  async click(selector, text) {
    await this.mouse.move(...(await this.middle(selector, text)));
    await this.mouse.down();
    await this.mouse.up();
  }

  /** Keys together, as `Control+Enter`. */
  press(keys) {
    const values = keys.split("+").map((key) => KEYS[key] ?? key);
    return this.#keys([...values.map((value) => ({ type: "keyDown", value })), ...values.reverse().map((value) => ({ type: "keyUp", value }))]);
  }

  /** A text, key by key. */
  type(text) {
    const values = [...text].map((c) => (c === "\n" ? KEYS.Enter : c));
    return this.#keys(values.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]));
  }

  wheel(x, y, deltaY) {
    return this.#act({ type: "wheel", id: "wheel", actions: [{ type: "scroll", x: Math.round(x), y: Math.round(y), deltaX: 0, deltaY }] });
  }

  /** A picture, as PNG. */
  async screenshot({ path }) {
    const { data } = await this.firefox.send("browsingContext.captureScreenshot", { context: this.context });
    writeFileSync(path, Buffer.from(data, "base64"));
  }

  close() {
    return this.firefox.send("browsingContext.close", { context: this.context });
  }

  #keys(actions) {
    return this.#act({ type: "key", id: "keys", actions });
  }

  #point(action) {
    return this.#act({ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: [action] });
  }

  #act(source) {
    return this.firefox.send("input.performActions", { context: this.context, actions: [source] });
  }
}
