// What the stream's events look like as rows of a table. What comes from boards is put in as text, never as markup.
import { h } from "../dom.ts";
import { texts } from "../texts/en.ts";

/** A line of the stream; `t` is nanoseconds of the lab's clock. */
export interface Line {
  event: string;
  t?: number;
  board?: string;
  [told: string]: unknown;
}

/** Kinds that are somebody's mistake. */
const BAD = new Set(["exception", "no_memory", "fault"]);

/** A row for an event. */
export function row(line: Line): HTMLTableRowElement {
  const { t, board, event, ...told } = line;
  const cells = [time(t ?? 0), board ?? "", event].map((text) => h("td", {}, text));
  return h("tr", { class: BAD.has(event) ? "bad" : undefined }, ...cells, h("td", {}, ...what(event, told)));
}

/** A row that says that something is not here. */
export const note = (text: string): HTMLTableRowElement => h("tr", { class: "warn" }, ...["", "", "missed", text].map((cell) => h("td", {}, cell)));

/** Nanoseconds of the lab's clock as seconds to the microsecond. */
const time = (ns: number) => (Math.floor(ns / 1000) / 1e6).toFixed(6);

function what(event: string, told: Record<string, unknown>): (Node | string)[] {
  const { text, summary, hex } = told;
  if (event === "print" && hex === undefined) return [String(text)];
  if (event === "exception" || event === "fault") return [String(text)];
  if (event === "packet") return [String(summary)];
  const known = Object.entries(told).filter(([, value]) => value !== null && value !== "");
  return known.flatMap(([name, value]) => [h("i", {}, `${name} `), `${typeof value === "string" ? value : JSON.stringify(value)}  `]);
}

/** The row for what the server says was missed, if it is that. */
export const missed = (line: Line): HTMLTableRowElement | undefined => (line.event === "missed" ? note(texts.stream.missed(Number(line["count"]))) : undefined);
