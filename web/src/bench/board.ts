// The board on the table and what is wired to it: this puts its pieces together, and is what they ask for everything.
import { type Board, Denied } from "../api.ts";
import { confirmed } from "../dialog.ts";
import { h } from "../dom.ts";
import type { Events } from "../events.ts";
import type { News } from "../link.ts";
import type { Say } from "../state.ts";
import { texts } from "../texts/en.ts";
import type { BenchPanel } from "./bench.ts";
import { Card } from "./circuit/card.ts";
import { circuitFor, EXAMPLES } from "./circuit/examples.ts";
import type { Hands } from "./circuit/grips.ts";
import { History } from "./circuit/history.ts";
import { Inspector } from "./circuit/inspector.ts";
import { keysOf } from "./circuit/keys.ts";
import { isLive, MM } from "./circuit/kinds.ts";
import { type Fault, Live } from "./circuit/live.ts";
import { addPart, type Circuit, cut, EMPTY, equal, freeName, type Part, removePart, renamePart, setSetting, type SettingValue, snap, turnPart, wired } from "./circuit/model.ts";
import { Palette, usualOf } from "./circuit/palette.ts";
import { pictureOf, type Shown } from "./circuit/pictures.ts";
import { type Device, type Kind, type KindSetting, server } from "./circuit/server.ts";
import { Sound } from "./circuit/sound.ts";
import { CircuitStore } from "./circuit/store.ts";
import { Strips } from "./circuit/strips.ts";
import { type Selection, Table } from "./circuit/table.ts";
import { Toolbar } from "./circuit/toolbar.ts";

/** Milliseconds that a press has at least. */
const PRESS = 60;
/** Milliseconds that faults of another circuit may come before the circuit. */
const TOLD_BEFORE = 1500;

export interface BoardHooks {
  events: Events;
  say: Say;
  /** What is known of a board. */
  known(name: string): Board | undefined;
  /** The board's EN, and its BOOT. */
  reset(): void;
  boot(isHeld: boolean): void;
  /** A program is wanted in the editor; it is made if it is not there. */
  program(name: string, source: string): void;
}

export class BoardPanel implements BenchPanel {
  readonly element = h("section", { class: "circuit" });
  readonly #table: Table;
  readonly #card: Card;
  readonly #inspector: Inspector;
  readonly #palette: Palette;
  readonly #toolbar: Toolbar;
  readonly #strips: Strips;
  readonly #place = h("div", { class: "table" });
  readonly #note = h("p", { class: "hint note" });
  readonly #history = new History();
  readonly #sound = new Sound();
  /** Buttons that stay down, when each went down last, and those that are about to come up. */
  readonly #kept = new Set<string>();
  readonly #pressed = new Map<string, number>();
  readonly #rising = new Map<string, ReturnType<typeof setTimeout>>();
  #store: CircuitStore | undefined;
  #live: Live | undefined;
  #kinds: Kind[] = [];
  #board: string | undefined;
  #isShown = false;
  #isOwn = false;

  constructor(private readonly hooks: BoardHooks) {
    const hands = this.#hands();
    this.#table = new Table(hands, () => this.#card?.place());
    this.#card = new Card(this.#table, hands);
    this.#inspector = new Inspector(this.#table, {
      change: (next) => this.#change(next),
      rename: (part, to) => this.#rename(part, to),
      turn: (part) => this.#change(turnPart(this.#table.circuit, part)),
      remove: (what) => this.#remove(what),
      setting: (part, setting, value) => this.#setting(part, setting, value),
      say: (text) => hooks.say(text, "bad"),
      close: () => this.#table.selection.set(undefined),
    });
    this.#palette = new Palette({ add: (kind, at) => this.#add(kind, at), closed: () => this.#table.stage.element.focus() });
    this.#toolbar = new Toolbar({
      add: () => this.#palette.open(this.#kinds),
      example: (id) => void this.#example(id),
      undo: () => this.#again("undo"),
      redo: () => this.#again("redo"),
      zoom: (factor) => this.#table.stage.zoomBy(factor),
      fit: () => this.#table.fit(),
      sound: () => {
        this.#sound.toggle();
        return this.#sound.isOn;
      },
    });
    this.#strips = new Strips({ undo: () => this.#again("undo"), startAnew: () => this.#store?.startAnew(), dismiss: (fault) => this.#live?.dismiss(fault), choose: (part) => this.#table.selection.set({ part }) });
    this.#place.append(this.#table.stage.element, this.#card.element, this.#strips.element, this.#inspector.element, this.#palette.element);
    this.element.append(this.#toolbar.element, this.#place, this.#note);
    this.element.addEventListener("keydown", keysOf({
      table: this.#table,
      inspector: this.#inspector,
      hands,
      change: (next) => this.#change(next),
      remove: (what) => this.#remove(what),
      add: () => this.#palette.open(this.#kinds),
      undo: () => this.#again("undo"),
      redo: () => this.#again("redo"),
    }));
    this.#table.selection.watch((selection) => this.#chosen(selection));
    this.#table.from.watch((from) => this.#strips.wiring(from?.end));
  }

  board(name: string | undefined): void {
    if (name === this.#board) return;
    this.#board = name;
    this.#store?.close();
    this.#live?.stop();
    [this.#store, this.#live] = [undefined, undefined];
    this.#history.clear();
    this.#kept.clear();
    this.#strips.clear();
    void this.#start(name);
  }

  show(isShown: boolean): void {
    this.#isShown = isShown;
    if (isShown) this.#live?.start();
    else this.#live?.stop();
    this.#hear();
  }

  news({ circuit }: News): void {
    if (circuit !== undefined) this.#store?.heard(circuit);
  }

  /** Everything about a board: its picture, the parts there are, what is wired. */
  async #start(name: string | undefined): Promise<void> {
    const device = name === undefined ? undefined : this.hooks.known(name);
    if (name === undefined || !device?.firmware) return this.#tell(name === undefined ? texts.circuit.none : texts.circuit.real);
    try {
      const [drawn, kinds] = await Promise.all([server.device(device.device), this.#kinds.length ? this.#kinds : server.parts()]);
      if (this.#board !== name) return;
      this.#kinds = kinds;
      await this.#open(name, drawn);
    } catch (e) {
      if (this.#board !== name) return;
      this.#tell(e instanceof Denied && e.status === 404 ? texts.circuit.real : texts.circuit.failed((e as Error).message));
      // The workshop may come back.
      if (!(e instanceof Denied)) setTimeout(() => this.#board === name && void this.#start(name), 1000);
    }
  }

  async #open(name: string, device: Device): Promise<void> {
    this.#tell(undefined);
    this.element.setAttribute("aria-label", texts.circuit.region(name));
    this.#table.circuit = EMPTY;
    this.#table.start(device, this.#kinds);
    const store = new CircuitStore(name, { merged: () => this.hooks.say(texts.circuit.merged), found: () => this.hooks.say(texts.circuit.found, "good") });
    this.#store = store;
    const gpios = [...new Set(device.headers.flatMap(({ pins }) => pins.flatMap(({ gpio }) => gpio ?? [])).concat(device.led?.gpio ?? []))];
    const live = new Live(this.hooks.events, name, gpios, {
      parts: (names) => this.#show(names),
      pin: (gpio, level) => this.#table.device?.level(gpio, level),
      reset: () => this.#table.device?.clear(),
      faults: (faults) => this.#faults(faults),
      failed: (why) => this.hooks.say(why, "bad"),
      begun: () => store.refresh(),
    });
    this.#live = live;
    store.circuit.watch((circuit) => this.#draw(circuit));
    store.saved.watch((saved) => {
      this.#toolbar.saved(saved);
      if (saved === "saved" && live.isOn) void live.look();
    });
    store.refused.watch((why) => {
      this.#strips.refused(why);
      this.#table.wires.refuse(why);
    });
    store.broken.watch((why) => this.#strips.broken(why === undefined ? undefined : texts.circuit.broken(store.file, why)));
    await store.load();
    this.#draw(store.circuit.now);
    if (this.#isShown) live.start();
  }

  /** Words in place of the table. */
  #tell(text: string | undefined): void {
    this.#note.textContent = text ?? "";
    this.#note.hidden = text === undefined;
    for (const part of [this.#toolbar.element, this.#place]) part.hidden = text !== undefined;
    if (text !== undefined) this.#inspector.show(undefined);
  }

  #draw(circuit: Circuit): void {
    // The server may have told what is wrong with it before it told that it is another one.
    if (wired(circuit) !== wired(this.#table.circuit)) this.#live?.rewired(this.#isOwn ? 0 : TOLD_BEFORE);
    this.#table.draw(circuit);
    this.#strips.empty(this.#store?.isLoaded === true && Object.keys(circuit.parts).length === 0);
    this.#show(new Set(Object.keys(circuit.parts)));
    this.#chosen(this.#table.selection.now);
    this.#toolbar.history(this.#history);
  }

  #show(names: ReadonlySet<string>): void {
    for (const name of names) this.#table.parts.get(name)?.show(this.#shown(name));
    this.#card.update();
    this.#hear();
  }

  /** Buzzers sound while somebody looks at them. */
  #hear(): void {
    const buzzers = [...this.#table.parts.values()].filter(({ kind }) => kind.kind === "buzzer");
    this.#toolbar.sound(buzzers.length > 0, this.#sound.isOn);
    this.#sound.play(new Map(buzzers.map(({ name }) => [name, this.#isShown ? Number(this.#live?.shown(name)["tone"] ?? 0) : 0])));
  }

  /** What a part shows, over what it is set to, over what its kind usually is. */
  #shown(name: string): Shown {
    const kind = this.#table.kindOf(name);
    const set = kind ? { ...usualOf(kind), ...this.#table.circuit.parts[name]?.settings } : {};
    // How it is made is not what it shows, although both have one name (the tone of a buzzer).
    for (const setting of kind?.settings ?? []) if (!isLive(setting) && kind?.shows.some((shows) => shows.name === setting.name)) delete set[setting.name];
    return { ...set, ...this.#live?.shown(name) };
  }

  #faults(faults: readonly Fault[]): void {
    this.#strips.faults(faults);
    for (const [name, view] of this.#table.parts) view.fault(faults.find(({ part, isOld }) => part === name && !isOld)?.text);
  }

  #chosen(selection: Selection | undefined): void {
    this.#inspector.show(selection);
    this.#table.covered = this.#inspector.element.offsetHeight;
    this.#place.style.setProperty("--covered", `${this.#table.covered}px`);
    if (selection && "part" in selection) this.#table.reveal(selection.part);
    else if (!selection) this.#table.restore();
    this.#card.show(selection && "part" in selection ? selection.part : undefined);
  }

  #change(next: Circuit): void {
    const before = this.#table.circuit;
    if (!this.#store || equal(next, before)) return this.#table.draw(before);
    this.#history.add(before, next);
    this.#own(next);
  }

  /** A change that is made here. */
  #own(next: Circuit): void {
    this.#isOwn = true;
    this.#store?.change(next);
    this.#isOwn = false;
  }

  #again(what: "undo" | "redo"): void {
    const next = this.#history[what](this.#table.circuit);
    if (next) this.#own(next);
    this.#toolbar.history(this.#history);
  }

  #add(kind: Kind, at?: { x: number; y: number }): void {
    const { circuit, stage } = this.#table;
    const name = freeName(circuit, kind.kind);
    const { size } = pictureOf(kind, usualOf(kind));
    const [x, y] = at ? stage.toWorld(at.x, at.y).map((n, nth) => n - (size[nth] as number) / 2) as [number, number] : this.#table.placeFor(size);
    const part: Part = { kind: kind.kind, at: [snap(x / MM), snap(y / MM)], settings: {} };
    this.#change(addPart(circuit, name, part));
    this.#table.fitFor(name);
    this.#table.selection.set({ part: name });
    this.#table.parts.get(name)?.element.focus();
  }

  #rename(part: string, to: string): void {
    this.#change(renamePart(this.#table.circuit, part, to));
    this.#table.selection.set({ part: to });
  }

  #remove(what: Selection): void {
    const { circuit } = this.#table;
    this.#table.selection.set(undefined);
    this.#change("part" in what ? removePart(circuit, what.part) : cut(circuit, what.wire));
    this.#table.stage.element.focus();
  }

  #setting(part: string, { name, usual }: KindSetting, value: SettingValue): void {
    this.#change(setSetting(this.#table.circuit, part, name, value === usual ? undefined : value));
  }

  async #example(id: string): Promise<void> {
    const t = texts.circuit;
    const example = EXAMPLES.find((e) => e.id === id);
    const circuit = example && this.#table.device && circuitFor(example, this.#table.device.device);
    if (!example || !circuit) return;
    const isOver = Object.keys(this.#table.circuit.parts).length > 0;
    if (isOver && !(await confirmed(t.exampleTexts[example.id].title, t.exampleOver, t.exampleYes))) return;
    this.#change(circuit);
    this.#table.fit();
    this.hooks.program(example.program.name, example.program.source);
  }

  #hands(): Hands {
    return {
      change: (next) => this.#change(next),
      act: (part, setting, value) => this.#live?.act(part, setting, value),
      slide: (part, setting, value) => this.#live?.slide(part, setting, value),
      value: (part, setting) => this.#shown(part)[setting],
      press: (part, setting, isDown, isKept) => {
        const key = `${part}.${setting}`;
        // What is kept down goes up when it is pressed once more.
        if (!isDown && this.#kept.has(key)) return;
        if (isDown && isKept && !this.#kept.has(key)) this.#kept.add(key);
        else if (isDown) this.#kept.delete(key);
        this.#press(part, setting, isDown);
      },
      boardButton: (name, isDown, isKept) => this.#boardButton(name, isDown, isKept),
    };
  }

  /** Down at once; up when the board had time to see it, as nobody's finger is faster. */
  #press(part: string, setting: string, isDown: boolean): void {
    const live = this.#live;
    const key = `${part}.${setting}`;
    const act = () => {
      this.#rising.delete(key);
      if (live?.isOn && (live.shown(part)[setting] ?? false) !== isDown) live.act(part, setting, isDown);
    };
    clearTimeout(this.#rising.get(key));
    // Pressed again before it came up: both are seen.
    if (isDown && this.#rising.has(key)) live?.act(part, setting, false);
    const rest = isDown ? 0 : (this.#pressed.get(key) ?? 0) + PRESS - performance.now();
    if (isDown) this.#pressed.set(key, performance.now());
    if (rest > 0) this.#rising.set(key, setTimeout(act, rest));
    else act();
  }

  #boardButton(name: string, isDown: boolean, isKept: boolean): void {
    const button = this.#table.device?.device.buttons.find((b) => b.name === name);
    if (!button) return;
    if (!isDown && this.#kept.has(name)) return;
    if (isDown && isKept && !this.#kept.has(name)) this.#kept.add(name);
    else if (isDown) this.#kept.delete(name);
    this.#table.device?.held(name, isDown);
    if (button.gpio === 0) this.hooks.boot(isDown);
    else if (isDown) this.hooks.reset();
  }
}
