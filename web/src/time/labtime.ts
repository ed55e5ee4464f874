// The lab's time: how it goes, and making it stand, step, or go at another speed. All tabs of the workshop see the same.
import { LabClock, type LabTime } from "../clock.ts";
import { lab } from "../lab.ts";
import { Value } from "../state.ts";

export type TimeWish = { paused: boolean } | { speed: number } | { step_ns: number };

/** Milliseconds between two looks while a step is taken, and after which it is given up. */
const STEP_LOOK = 60;
const STEP_PATIENCE = 30_000;

export class Time {
  readonly clock = new LabClock();
  /** How it goes; nothing as long as it is not known. */
  readonly now = new Value<LabTime | undefined>(undefined);
  #steps = 0;

  /** Asks the workshop; whoever is told by its link need not. */
  async refresh(): Promise<void> {
    const time = await lab.time().catch(() => undefined);
    if (time) this.told(time);
  }

  told(time: LabTime): void {
    this.clock.told(time);
    this.now.set(time);
  }

  /** Fails with the workshop's words. */
  async wish(wish: TimeWish): Promise<void> {
    const before = this.now.now?.now_ns ?? 0;
    this.told(await lab.setTime(wish));
    if ("step_ns" in wish) void this.#followStep(before + wish.step_ns);
  }

  /** A step takes as long as it would otherwise: the clock goes on with it. */
  async #followStep(until: number): Promise<void> {
    const mine = ++this.#steps;
    const patience = performance.now() + STEP_PATIENCE;
    while (mine === this.#steps && this.now.now?.paused && this.now.now.now_ns < until && performance.now() < patience) {
      await new Promise((done) => setTimeout(done, STEP_LOOK));
      await this.refresh();
    }
  }
}

/** Whether time goes as it does outside. */
export const isUsual = (time: LabTime | undefined): boolean => !time || (!time.paused && Math.abs(time.speed - 1) < 1e-6);

/** Speeds as a slider has them: from a tenth to ten times, each tenfold as long as the other. */
export const SLIDER = { min: -1, max: 1, step: 0.05 };
export const speedOf = (position: number): number => Number((10 ** position).toPrecision(2));
export const positionOf = (speed: number): number => Math.min(Math.max(Math.log10(speed), SLIDER.min), SLIDER.max);
/** A speed as it is written. */
export const speedText = (speed: number): string => `${Number(speed.toPrecision(3))}×`;
