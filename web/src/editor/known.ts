// Names that the firmware has and what they mean, for where the board cannot be asked: found from the text alone.
import { bindings, lead, members, type Place } from "./follow.ts";

/** What a name stands for, as editors call it. */
export type Sort = "class" | "function" | "constant" | "property" | "namespace";

export interface Known {
  /** `function`, `class`, `module`, `constant`; `property` of what only objects have, `type` of a class without a name. */
  kind: string;
  value?: string;
  /** The parameters of a function, or of what makes an object of a class. */
  signature?: string[];
  /** What a function gives, as annotations are written. */
  returns?: string;
  /** The class of that, or of what a constant is: `re.Match`. */
  gives?: string;
  about?: string;
  members?: Record<string, Known>;
}

/** Modules by name, and the names in them. */
export type Names = Record<string, Record<string, Known>>;

export interface Firmware {
  modules: Names;
  /** What modules are for. */
  about?: Record<string, string>;
}

export interface Offer {
  label: string;
  type: Sort;
  /** What is said of it. */
  known?: Known;
  /** Constants come after what can be called. */
  boost?: number;
}

/** A name and what is known of it. */
export interface Described {
  name: string;
  known: Known;
}

const SORTS: Record<string, Sort> = { class: "class", function: "function", module: "namespace", property: "property" };
const sortOf = (kind: string): Sort => SORTS[kind] ?? "constant";

/** Names after an expression such as `machine.Pin.`, `led.` or `"a b".sp`: of whatever is before its last dot, in a text. */
export function namesAfter(firmware: Firmware, source: string, expression: string): Offer[] {
  const dot = expression.lastIndexOf(".");
  const bound = bindings(firmware.modules, source);
  if (dot < 0) return [...offers(firmware, "builtins"), ...boundNames(firmware, bound)];
  const place = lead(firmware.modules, bound, expression.slice(0, dot));
  if (place && "module" in place) return offers(firmware, place.module);
  return Object.entries(place ? members(firmware.modules, place) : {}).map(([label, known]) => ({
    label,
    type: sortOf(known.kind),
    known,
    ...(sortOf(known.kind) === "constant" ? { boost: -1 } : {}),
  }));
}

/** Names for a line that imports, as far as it has been typed; nothing if it is none. */
export function namesToImport(firmware: Firmware, line: string): Offer[] | undefined {
  const from = /^\s*from\s+([\w.]+)\s+import\s+\(?[\w\s,]*$/.exec(line);
  if (from) return offers(firmware, from[1] as string);
  if (!/^\s*(?:from\s+[\w.]*|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*[\w.]*)$/.test(line)) return undefined;
  return Object.keys(firmware.modules)
    .filter((name) => name !== "builtins")
    .map((label) => ({ label, type: "namespace", known: moduleKnown(firmware, label) }));
}

/** What an expression such as `led.value` or `open("a").read` is, as far as it can be told from the text. */
export function describe(firmware: Firmware, source: string, expression: string): Described | undefined {
  const place = lead(firmware.modules, bindings(firmware.modules, source), expression);
  const name = /(\w+)\s*$/.exec(expression)?.[1];
  if (!place || name === undefined) return undefined;
  if ("module" in place) return { name, known: moduleKnown(firmware, place.module) };
  // An object is described by what it is an object of, but not by how one is made.
  const { signature: _, ...rest } = place.known;
  return { name, known: place.isInstance && place.known.kind === "class" ? { ...rest, kind: "constant" } : place.known };
}

const moduleKnown = (firmware: Firmware, module: string): Known => {
  const about = firmware.about?.[module];
  return { kind: "module", ...(about === undefined ? {} : { about }) };
};

function offers(firmware: Firmware, module: string): Offer[] {
  return Object.entries(firmware.modules[module] ?? {})
    .filter(([, known]) => known.kind !== "type")
    .map(([label, known]) => ({ label, type: sortOf(known.kind), known }));
}

/** What a text has given names to. */
function boundNames(firmware: Firmware, bound: ReadonlyMap<string, Place | undefined>): Offer[] {
  const found: Offer[] = [];
  for (const [label, place] of bound) {
    if (!place || label.includes(".")) continue;
    if ("module" in place) found.push({ label, type: "namespace", known: moduleKnown(firmware, place.module) });
    else if (!place.isInstance) found.push({ label, type: sortOf(place.known.kind), known: place.known });
  }
  return found;
}
