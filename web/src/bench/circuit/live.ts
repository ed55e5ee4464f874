// What a board and its parts show, as it happens; and what is done to the parts.
import type { Events, LabEvent } from "../../events.ts";
import type { SettingValue } from "./model.ts";
import { type Look, server } from "./server.ts";

/** Events of pins in a second that a page can follow; above that it looks at them now and then. */
const PINS_MOST = 20_000;
/** Milliseconds between two such looks, and until it tries to follow again. */
const LOOKS = 250;
const CALM = 4000;
/** Milliseconds before a board that did not come to it is looked at again. */
const AGAIN = 2000;

export interface Fault {
  part: string | null;
  text: string;
  /** Another program has begun since. */
  isOld?: boolean;
  /** When this page heard of it. */
  heard: number;
}

export interface LiveHooks {
  /** These parts show something else. */
  parts(names: ReadonlySet<string>): void;
  /** A pin is high for this share of the time. */
  pin(gpio: number, level: number): void;
  /** The board starts anew: all pins rest. */
  reset(): void;
  faults(faults: readonly Fault[]): void;
  failed(why: string): void;
  /** Events come again after they did not. */
  begun(): void;
}

type Shown = Record<string, SettingValue>;

export class Live {
  readonly #shown = new Map<string, Shown>();
  /** When something was told last, in the lab's time; a look can be older. */
  readonly #told = new Map<string, number>();
  readonly #changed = new Set<string>();
  readonly #levels = new Map<number, number>();
  #faults: Fault[] = [];
  #ends: (() => void)[] = [];
  #isDue = false;
  #pins = 0;
  #timers = new Set<ReturnType<typeof setTimeout>>();
  /** What is on its way, and what comes after it. */
  readonly #acts = new Map<string, SettingValue | undefined>();

  constructor(
    private readonly events: Events,
    readonly board: string,
    private readonly gpios: readonly number[],
    private readonly hooks: LiveHooks,
  ) {}

  get isOn(): boolean {
    return this.#ends.length > 0;
  }

  start(): void {
    if (this.isOn) return;
    const begun = () => {
      this.hooks.begun();
      void this.look();
    };
    this.#ends = [this.events.subscribe({ kinds: ["part", "fault", "reset", "soft_reset"] }, this.board, { event: (e) => this.#take(e), begun }), () => {}];
    this.#follow();
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** What a part shows, and what it was set to. */
  shown(part: string): Shown {
    return this.#shown.get(part) ?? {};
  }

  /** Another circuit is wired: what was wrong with the old one is of no interest, what was heard so many milliseconds ago may be the new one's. */
  rewired(since: number): void {
    const start = performance.now() - since;
    this.#faults = this.#faults.filter(({ heard }) => heard > start);
    this.hooks.faults(this.#faults);
  }

  dismiss(fault: Fault): void {
    this.#faults = this.#faults.filter((f) => f !== fault);
    this.hooks.faults(this.#faults);
  }

  /** Does something to a part, at once. */
  act(part: string, setting: string, value: SettingValue): void {
    this.#set(part, setting, value);
    this.events.act(this.board, [{ part, setting, value }]).catch((e: Error) => this.hooks.failed(e.message));
  }

  /** The same of something that is changed all the time: only the newest counts. */
  slide(part: string, setting: string, value: SettingValue): void {
    this.#set(part, setting, value);
    const key = `${part}.${setting}`;
    if (this.#acts.has(key)) return void this.#acts.set(key, value);
    this.#acts.set(key, undefined);
    const done = () => {
      const next = this.#acts.get(key);
      this.#acts.delete(key);
      if (next !== undefined) this.slide(part, setting, next);
    };
    this.events.act(this.board, [{ part, setting, value }]).then(done, (e: Error) => {
      this.#acts.delete(key);
      this.hooks.failed(e.message);
    });
  }

  async look(): Promise<void> {
    try {
      this.#looked(await server.look(this.board));
    } catch {
      if (this.isOn) this.#later(() => void this.look(), AGAIN);
    }
  }

  #looked({ at_ns, parts, pins }: Look): void {
    for (const [part, shows] of Object.entries(parts ?? {})) {
      for (const [name, value] of Object.entries(shows)) if ((this.#told.get(`${part}.${name}`) ?? -1) <= at_ns) this.#set(part, name, value);
    }
    for (const { gpio, level, pwm } of pins ?? []) {
      if ((this.#told.get(`pin ${gpio}`) ?? -1) <= at_ns) this.#level(gpio, pwm ? pwm.duty_u16 / 65_535 : level);
    }
  }

  #follow(): void {
    const pins = this.events.subscribe({ kinds: ["pin", "input", "pwm"], pins: this.gpios }, this.board, (e) => this.#pin(e));
    this.#ends[1] = pins;
    const count = () => {
      const many = this.#pins > PINS_MOST;
      this.#pins = 0;
      if (!this.isOn) return;
      if (!many) return this.#later(count, 1000);
      pins();
      this.#glance(CALM / LOOKS);
    };
    this.#later(count, 1000);
  }

  /** Looks so often, in place of following every edge. */
  #glance(times: number): void {
    if (!this.isOn) return;
    if (times <= 0) return this.#follow();
    server.look(this.board).then((look) => this.#looked(look), () => {});
    this.#later(() => this.#glance(times - 1), LOOKS);
  }

  #later(act: () => void, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #take(event: LabEvent): void {
    if (event.event === "part") {
      const [part, name] = [String(event["part"]), String(event["name"])];
      this.#told.set(`${part}.${name}`, event.t);
      this.#set(part, name, event["value"] as SettingValue);
    } else if (event.event === "fault") {
      const fault = { part: (event["part"] as string | null) ?? null, text: String(event["text"]), heard: performance.now() };
      this.#faults = [...this.#faults.filter(({ part, text }) => part !== fault.part || text !== fault.text), fault];
      this.hooks.faults(this.#faults);
    } else {
      // It may be mended by now: the board says it again, if it is not.
      this.#faults = this.#faults.map((fault) => ({ ...fault, isOld: true }));
      this.hooks.faults(this.#faults);
      if (event.event === "soft_reset") return;
      this.#levels.clear();
      this.hooks.reset();
    }
  }

  #pin(event: LabEvent): void {
    this.#pins++;
    const gpio = Number(event["gpio"]);
    this.#told.set(`pin ${gpio}`, event.t);
    this.#level(gpio, event.event === "pwm" ? Number(event["duty_u16"]) / 65_535 : Number(event["level"]));
  }

  #level(gpio: number, level: number): void {
    if (this.#levels.get(gpio) === level) return;
    this.#levels.set(gpio, level);
    this.#draw();
    this.#moved.add(gpio);
  }

  readonly #moved = new Set<number>();

  #set(part: string, name: string, value: SettingValue): void {
    const shown = this.#shown.get(part) ?? {};
    if (shown[name] === value) return;
    this.#shown.set(part, { ...shown, [name]: value });
    this.#changed.add(part);
    this.#draw();
  }

  /** Once for each picture, however much happens in between. */
  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      const [parts, pins] = [new Set(this.#changed), [...this.#moved]];
      this.#changed.clear();
      this.#moved.clear();
      if (parts.size) this.hooks.parts(parts);
      for (const gpio of pins) this.hooks.pin(gpio, this.#levels.get(gpio) ?? 0);
    });
  }
}
