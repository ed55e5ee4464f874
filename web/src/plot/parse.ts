// Numbers in printed lines, as the plotters of Thonny and Arduino take them: `1.5`, `1, 2`, `1 2`, `temp:20.5 hum:40`, `temp = 20.5 C`.

/** Characters of a line that is looked at. */
const LINE_MAX = 300;
/** Numbers of a line. */
const NUMBERS_MAX = 12;

/** A name (not needed), a number, a unit (not needed), and what parts it from the next. */
const ONE =
  /\s*(?:([\p{L}_][\p{L}\p{N}_.°%/-]*(?: [\p{L}_][\p{L}\p{N}_.°%/-]*){0,3})(?:\s*[:=]\s*|\s+))?([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?)(?:\s?[\p{L}%°µΩ/]{1,4}(?=\s*(?:[,;]|$)))?(?:\s*[,;]\s*|\s+|$)/uy;

/** Names and numbers of a line, in order; a number without a name has the empty one. Nothing if the line is something else. */
export function numbersIn(line: string): [string, number][] | undefined {
  if (line.length > LINE_MAX) return undefined;
  const text = line.trim().replace(/^[([]\s*|\s*[)\]]$/g, "");
  const found: [string, number][] = [];
  ONE.lastIndex = 0;
  while (ONE.lastIndex < text.length) {
    const match = ONE.exec(text);
    if (!match || found.length === NUMBERS_MAX) return undefined;
    const number = Number(match[2]);
    if (!Number.isFinite(number)) return undefined;
    found.push([match[1] ?? "", number]);
  }
  return found.length ? found : undefined;
}

/** Lines of bytes that come in pieces. */
export class Lines {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** Whole lines that these bytes end. */
  take(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    // What has no end for so long is no line of numbers.
    this.#rest = (lines.pop() ?? "").slice(-LINE_MAX);
    return lines;
  }
}

/** Rows of numbers by the names of their columns; the oldest go. */
export class Table {
  readonly columns = new Map<string, (number | null)[]>();
  rows: number[] = [];
  #next = 0;

  constructor(
    private readonly rowsMax: number,
    private readonly columnsMax: number,
  ) {}

  add(numbers: [string, number][], unnamed: (nth: number) => string): void {
    const row = new Map(numbers.map(([name, number], nth) => [name || unnamed(nth + 1), number]));
    for (const name of row.keys()) {
      if (!this.columns.has(name) && this.columns.size < this.columnsMax) this.columns.set(name, this.rows.map(() => null));
    }
    this.rows.push(this.#next++);
    for (const [name, column] of this.columns) column.push(row.get(name) ?? null);
    // Not one by one: that would move all of them each time.
    if (this.rows.length > this.rowsMax * 1.5) {
      this.rows = this.rows.slice(-this.rowsMax);
      for (const [name, column] of this.columns) {
        const left = column.slice(-this.rowsMax);
        if (left.some((n) => n !== null)) this.columns.set(name, left);
        else this.columns.delete(name);
      }
    }
  }

  clear(): void {
    this.columns.clear();
    this.rows = [];
    this.#next = 0;
  }
}
