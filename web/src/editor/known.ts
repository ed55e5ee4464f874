// Names that the firmware has, for where the board cannot be asked: found from the text alone, by its imports and what it makes.

/** What a name stands for, as editors call it. */
export type Sort = "class" | "function" | "constant" | "namespace";

export interface Known {
  kind: string;
  value?: string;
  members?: Record<string, string>;
}

/** Modules by name, and the names in them. */
export type Names = Record<string, Record<string, Known>>;

export interface Offer {
  label: string;
  type: Sort;
  /** What a constant is. */
  detail?: string;
  /** Constants come after what can be called. */
  boost?: number;
}

/** What a name in the text leads to: a module, a class, or one of a class. */
type Place = { module: string } | { known: Known };

const sortOf = (kind: string): Sort => (kind === "class" || kind === "function" ? kind : kind === "module" ? "namespace" : "constant");

/** Names after a path such as `machine.Pin.` or `led.`: whatever is before the last dot, in a text. */
export function namesAfter(names: Names, source: string, path: string): Offer[] {
  const parts = path.split(".").slice(0, -1);
  if (!parts.length) return imported(names, source);
  const place = follow(names, bindings(names, source), parts);
  if (!place) return [];
  if ("known" in place) return Object.entries(place.known.members ?? {}).map(([label, kind]) => ({ label, type: sortOf(kind), ...(sortOf(kind) === "constant" ? { boost: -1 } : {}) }));
  return offers(names[place.module] ?? {});
}

/** Names for a line that imports, as far as it has been typed; nothing if it is none. */
export function namesToImport(names: Names, line: string): Offer[] | undefined {
  const from = /^\s*from\s+([\w.]+)\s+import\s+\(?[\w\s,]*$/.exec(line);
  if (from) return offers(names[from[1] as string] ?? {});
  if (/^\s*(?:from\s+[\w.]*|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*[\w.]*)$/.test(line)) return Object.keys(names).filter((name) => name !== "builtins").map((label) => ({ label, type: "namespace" }));
  return undefined;
}

function offers(module: Record<string, Known>): Offer[] {
  return Object.entries(module).map(([label, { kind, value }]) => ({ label, type: sortOf(kind), ...(value === undefined ? {} : { detail: value }) }));
}

function imported(names: Names, source: string): Offer[] {
  const found: Offer[] = Object.entries(names["builtins"] ?? {}).map(([label, { kind }]) => ({ label, type: sortOf(kind) }));
  for (const [label, place] of bindings(names, source)) {
    if ("module" in place) found.push({ label, type: "namespace" });
    else if (!place.isInstance) found.push({ label, type: sortOf(place.known.kind) });
  }
  return found;
}

type Bound = { module: string } | { known: Known; isInstance?: boolean };

/** What imports and simple assignments of a text give names to. */
function bindings(names: Names, source: string): Map<string, Bound> {
  const bound = new Map<string, Bound>();
  for (const line of source.split("\n")) {
    const plain = /^\s*import\s+([\w., ]+)/.exec(line);
    const from = /^\s*from\s+([\w.]+)\s+import\s+\(?([\w*, ]+)/.exec(line);
    const made = /^\s*(?:self\.)?(\w+)\s*=\s*([A-Za-z_][\w.]*)\(/.exec(line);
    if (plain) for (const one of (plain[1] as string).split(",")) importModule(names, bound, one);
    else if (from) for (const one of (from[2] as string).split(",")) importName(names, bound, from[1] as string, one);
    else if (made) {
      const place = follow(names, bound, (made[2] as string).split("."));
      if (place && "known" in place && place.known.kind === "class") bound.set(made[1] as string, { known: place.known, isInstance: true });
    }
  }
  return bound;
}

function importModule(names: Names, bound: Map<string, Bound>, text: string): void {
  const [, module = "", alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(text) ?? [];
  // `import a.b` binds `a`.
  const name = alias ?? (module.split(".")[0] as string);
  const bindsTo = alias ? module : name;
  if (names[bindsTo]) bound.set(name, { module: bindsTo });
}

function importName(names: Names, bound: Map<string, Bound>, module: string, text: string): void {
  const [, name = "", alias] = /^\s*(\w+|\*)(?:\s+as\s+(\w+))?\s*$/.exec(text) ?? [];
  const all = name === "*" ? Object.keys(names[module] ?? {}).filter((one) => !one.startsWith("_")) : [name];
  for (const one of all) {
    const place = within(names, { module }, one);
    if (place) bound.set(alias ?? one, place);
  }
}

function follow(names: Names, bound: Map<string, Bound>, parts: string[]): Place | undefined {
  const builtin = names["builtins"]?.[parts[0] as string];
  let place: Place | undefined = bound.get(parts[0] as string) ?? (builtin && { known: builtin });
  for (const part of parts.slice(1)) place = place && within(names, place, part);
  return place;
}

/** A name in a module; what is in a class leads nowhere. */
function within(names: Names, place: Place, name: string): Place | undefined {
  if (!("module" in place)) return undefined;
  const known = names[place.module]?.[name];
  if (known?.kind !== "module") return known ? { known } : names[`${place.module}.${name}`] ? { module: `${place.module}.${name}` } : undefined;
  const inner = [`${place.module}.${name}`, name].find((module) => names[module]);
  return inner === undefined ? undefined : { module: inner };
}
