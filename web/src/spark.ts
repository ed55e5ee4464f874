// A small curve without axes: how something went of late.
import { h } from "./dom.ts";

export class Spark {
  readonly element = h("canvas", { class: "spark", "aria-hidden": "true" });
  #points: [number, number][] = [];
  #range: [number, number] | undefined;

  constructor(
    private readonly color: string,
  ) {
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** Moments and values, in the order of time; the least and the most, where they are known, else what the points have. */
  set(points: [number, number][], range?: [number, number]): void {
    this.#points = points;
    this.#range = range;
    this.#draw();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const ctx = this.element.getContext("2d");
    if (!width || !height || !ctx) return;
    const ratio = devicePixelRatio || 1;
    [this.element.width, this.element.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last) return;
    const values = this.#points.map(([, value]) => value);
    const [least, most] = this.#range ?? [Math.min(...values), Math.max(...values)];
    const xOf = (at: number) => (last[0] > first[0] ? ((at - first[0]) / (last[0] - first[0])) * (width - 4) : width - 4);
    const yOf = (value: number) => (most > least ? height - 3 - ((value - least) / (most - least)) * (height - 6) : height / 2);
    const color = getComputedStyle(this.element).getPropertyValue(this.color).trim();
    ctx.strokeStyle = ctx.fillStyle = color;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (const [at, value] of this.#points) ctx.lineTo(xOf(at), yOf(value));
    ctx.stroke();
    ctx.lineTo(xOf(last[0]), height);
    ctx.lineTo(0, height);
    ctx.globalAlpha = 0.12;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.arc(xOf(last[0]), yOf(last[1]), 2.2, 0, 7);
    ctx.fill();
  }
}
