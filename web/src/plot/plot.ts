// The plotter: curves of the numbers that the board prints.
import type uPlot from "uplot";
import { h, ICONS, iconButton } from "../dom.ts";
import { Flow } from "../terminal/flow.ts";
import { texts } from "../texts/en.ts";
import { Lines, numbersIn, Table } from "./parse.ts";

/** Rows that are kept. */
const ROWS = 1000;
const COLUMNS = 8;
/** Milliseconds between two pictures. */
const PACE = 60;
/** Lines that are looked at for one picture: the newest. */
const LINES = 2000;
const STROKES = ["--plot-1", "--plot-2", "--plot-3", "--plot-4", "--plot-5", "--plot-6", "--plot-7", "--plot-8"];

export class Plotter {
  readonly element: HTMLElement;
  readonly tools: HTMLElement;
  readonly #canvas = h("div", { class: "plot" });
  readonly #empty = h("p", { class: "hint" }, texts.plot.empty);
  readonly #flow = new Flow();
  readonly #table = new Table(ROWS, COLUMNS);
  #lines = new Lines();
  #make: typeof uPlot | undefined;
  #plot: uPlot | undefined;
  #drawn = "";
  #isShown = false;
  #isPaused = false;
  #due = false;

  constructor() {
    const pause = iconButton(ICONS.pause, texts.plot.pause, () => {
      this.#isPaused = !this.#isPaused;
      pause.setAttribute("aria-pressed", String(this.#isPaused));
      this.#soon();
    }, { "aria-pressed": "false" });
    this.tools = h("div", { class: "tools" }, pause, iconButton(ICONS.clear, texts.plot.clear, () => this.clear()));
    this.element = h("div", { class: "plotter" }, this.#empty, this.#canvas);
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
  }

  /** What the board says. */
  take(bytes: Uint8Array): void {
    this.#flow.push(bytes);
    this.#soon();
  }

  /** Whether somebody looks. */
  async show(isShown: boolean): Promise<void> {
    this.#isShown = isShown;
    if (!isShown) return;
    this.#make ??= (await import("./uplot.ts")).default;
    this.#soon();
  }

  clear(): void {
    this.#flow.clear();
    this.#lines = new Lines();
    this.#table.clear();
    this.#soon();
  }

  /** Other colours. */
  restyle(): void {
    this.#drawn = "";
    this.#soon();
  }

  #soon(): void {
    if (this.#due || !this.#isShown || !this.#make || this.#isPaused) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#read();
      this.#draw();
    }, PACE);
  }

  #read(): void {
    let lines: string[] = [];
    for (let next = this.#flow.take(1 << 16); next; next = this.#flow.take(1 << 16)) {
      lines.push(...this.#lines.take(next.bytes));
      if (lines.length > LINES) lines = lines.slice(-LINES);
    }
    for (const line of lines) {
      const numbers = numbersIn(line);
      if (numbers) this.#table.add(numbers, texts.plot.unnamed);
    }
  }

  #draw(): void {
    const { columns, rows } = this.#table;
    const isEmpty = rows.length < 2;
    this.#empty.hidden = !isEmpty;
    this.#canvas.hidden = isEmpty;
    if (isEmpty) return;
    const names = [...columns.keys()];
    const from = Math.max(0, rows.length - ROWS);
    const data: uPlot.AlignedData = [rows.slice(from), ...[...columns.values()].map((column) => column.slice(from))];
    const drawn = names.join("\n");
    if (this.#plot && drawn === this.#drawn) return this.#plot.setData(data);
    this.#drawn = drawn;
    this.#plot?.destroy();
    this.#plot = this.#make && new this.#make(this.#options(names), data, this.#canvas);
    // How high the legend is can be told when it has been laid out.
    requestAnimationFrame(() => this.#resize());
  }

  #options(names: string[]): uPlot.Options {
    const style = getComputedStyle(this.element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const [ink, grid] = [color("--plot-ink"), color("--plot-grid")];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "11px system-ui, sans-serif" };
    const series = names.map((label, nth) => ({ label, stroke: color(STROKES[nth % STROKES.length] as string), width: 1.75, points: { show: false } }));
    return {
      ...this.#size(),
      scales: { x: { time: false } },
      axes: [{ ...axis, size: 28 }, { ...axis, size: 48 }],
      series: [{ label: texts.plot.row }, ...series],
      cursor: { points: { size: 6 } },
      legend: { live: true },
    };
  }

  #size(): { width: number; height: number } {
    const { paddingTop, paddingBottom, paddingLeft, paddingRight } = getComputedStyle(this.#canvas);
    const around = (a: string, b: string) => parseFloat(a) + parseFloat(b);
    const legend = this.#canvas.querySelector<HTMLElement>(".u-legend")?.offsetHeight ?? 30;
    const width = this.#canvas.clientWidth - around(paddingLeft, paddingRight);
    const height = this.#canvas.clientHeight - around(paddingTop, paddingBottom) - legend;
    return { width: Math.max(width, 50), height: Math.max(height, 60) };
  }

  #resize(): void {
    if (this.#canvas.clientWidth > 0) this.#plot?.setSize(this.#size());
  }
}
