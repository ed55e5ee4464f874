// One stream with axes, as large as there is room.
import type uPlot from "uplot";
import { h } from "../dom.ts";

const HEIGHT = 190;

export class Chart {
  readonly element = h("div", { class: "stream-chart" });
  #make: typeof uPlot | undefined;
  #plot: uPlot | undefined;
  #points: [number, number][] = [];
  #unit = "";

  constructor() {
    new ResizeObserver(() => this.element.clientWidth && this.#plot?.setSize({ width: this.element.clientWidth, height: HEIGHT })).observe(this.element);
  }

  async show(points: [number, number][], unit: string): Promise<void> {
    this.#points = points;
    if (unit !== this.#unit) this.restyle();
    this.#unit = unit;
    this.#make ??= (await import("../plot/uplot.ts")).default;
    this.#draw();
  }

  /** Other colours. */
  restyle(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#draw();
  }

  #draw(): void {
    if (!this.#make || !this.element.clientWidth) return;
    const data: uPlot.AlignedData = [this.#points.map(([at]) => at / 1000), this.#points.map(([, value]) => value)];
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = new this.#make(this.#options(), data, this.element);
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(this.element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const [ink, grid] = [color("--plot-ink"), color("--plot-grid")];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "11px system-ui, sans-serif" };
    const two = (n: number) => String(n).padStart(2, "0");
    const clock = (s: number) => {
      const at = new Date(s * 1000);
      return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
    };
    return {
      width: this.element.clientWidth,
      height: HEIGHT,
      axes: [
        { ...axis, size: 26, space: 70, values: (_, ticks) => ticks.map(clock) },
        { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => `${tick}${this.#unit ? ` ${this.#unit}` : ""}`) },
      ],
      series: [{ value: (_, at) => (at === null ? "" : clock(at)) }, { stroke: color("--plot-1"), width: 1.75, points: { show: this.#points.length < 40, size: 5 }, value: (_, value) => (value === null ? "" : `${value} ${this.#unit}`) }],
      cursor: { points: { size: 7 } },
      legend: { show: false },
    };
  }
}
