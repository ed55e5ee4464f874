// Follows a program's text from name to name: what its imports, assignments and functions are, and what an expression leads to.
import type { Known, Names } from "./known.ts";
import { closing, parts } from "./brackets.ts";

/** What a name in the text leads to: a module, or something in one. */
export type Place = { module: string } | { known: Known; isInstance?: boolean };

/** Names of a text; without a place where it is not known what they are. */
export type Bound = Map<string, Place | undefined>;

/** How far is followed from one expression. */
const STEPS_MAX = 20;

let last: { names: Names; source: string; bound: Bound } | undefined;

/** What imports, assignments and functions of a text give names to; `self.led` is one as well. */
export function bindings(names: Names, source: string): Bound {
  // Each key asks several times.
  if (last?.names !== names || last.source !== source) last = { names, source, bound: read(names, source) };
  return last.bound;
}

function read(names: Names, source: string): Bound {
  const bound: Bound = new Map();
  const lines = source.split("\n");
  for (const [nth, line] of lines.entries()) {
    const plain = /^\s*import\s+([\w., ]+)/.exec(line);
    const from = /^\s*from\s+([\w.]+)\s+import\s+\(?([\w*, ]+)/.exec(line);
    const own = /^(\s*)(?:async\s+)?(def|class)\s+(\w+)(.*)/.exec(line);
    const made = /^\s*((?:self\.)?\w+)\s*(?::[^=]+)?=(?!=)(.*)$/.exec(line) ?? swapped(/^\s*(?:async\s+)?with\s+(.+?)\s+as\s+(\w+)\s*:/.exec(line)) ?? swapped(/^\s*except\s+([\w.]+)()\s+as\s+(\w+)/.exec(line));
    if (plain) for (const one of (plain[1] as string).split(",")) importModule(names, bound, one);
    else if (from) for (const one of (from[2] as string).split(",")) importName(names, bound, from[1] as string, one);
    else if (own) {
      // Methods are no names by themselves.
      if (!own[1]) bound.set(own[3] as string, own[2] === "def" ? ownFunction(own[4] as string, lines[nth + 1] ?? "") : undefined);
    } else if (made) {
      const place = lead(names, bound, made[2] as string);
      const name = made[1] as string;
      // A value that is not known takes a built-in name's meaning, but not that of an object made elsewhere in the text.
      if (place || !bound.has(name)) bound.set(name, place && "known" in place ? place : undefined);
    }
  }
  return bound;
}

/** Name and expression, of a line that has the expression first. What is caught is an object of the class. */
function swapped(found: RegExpExecArray | null): string[] | undefined {
  if (!found) return undefined;
  return found.length > 3 ? ["", found[3] as string, `${found[1]}()`] : ["", found[2] as string, found[1] as string];
}

/** A function of the program itself: `(pin, times=3):` and the line below, where a sentence about it may be. */
function ownFunction(head: string, below: string): Place | undefined {
  const end = head.startsWith("(") ? closing(head, 1) : -1;
  if (end < 0) return undefined;
  const about = /^\s+(?:"""|'''|"|')([^"']+)/.exec(below)?.[1]?.trim();
  return { known: { kind: "function", signature: parts(head.slice(1, end)), ...(about ? { about } : {}) } };
}

function importModule(names: Names, bound: Bound, text: string): void {
  const [, module = "", alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(text) ?? [];
  // `import a.b` binds `a`.
  const name = alias ?? (module.split(".")[0] as string);
  const bindsTo = alias ? module : name;
  if (names[bindsTo]) bound.set(name, { module: bindsTo });
}

function importName(names: Names, bound: Bound, module: string, text: string): void {
  const [, name = "", alias] = /^\s*(\w+|\*)(?:\s+as\s+(\w+))?\s*$/.exec(text) ?? [];
  const all = name === "*" ? Object.keys(names[module] ?? {}).filter((one) => !one.startsWith("_") && names[module]?.[one]?.kind !== "type") : [name];
  for (const one of all) {
    const place = within(names, { module }, one);
    if (place) bound.set(alias ?? one, place);
  }
}

/** What names lead to, one in the other. */
export function follow(names: Names, bound: Bound, path: readonly string[]): Place | undefined {
  let place = start(names, bound, path);
  for (const part of path.slice(path[0] === "self" ? 2 : 1)) place = place && within(names, place, part);
  return place;
}

function start(names: Names, bound: Bound, path: readonly string[]): Place | undefined {
  const first = path[0] === "self" ? `self.${path[1]}` : (path[0] as string);
  if (bound.has(first)) return bound.get(first);
  const builtins = names["builtins"] ?? {};
  const known = Object.hasOwn(builtins, first) ? builtins[first] : undefined;
  return known && known.kind !== "type" ? { known } : undefined;
}

/** What something has: a class its content, a value that of its class. */
export function members(names: Names, place: Place): Record<string, Known> {
  if ("module" in place) return names[place.module] ?? {};
  const { kind, gives, members: own } = place.known;
  if (place.isInstance || kind === "type") return own ?? {};
  // What only objects have, their class has not.
  if (kind === "class") return Object.fromEntries(Object.entries(own ?? {}).filter(([, known]) => known.kind !== "property"));
  return kind === "function" || !gives ? {} : (classAt(names, gives)?.members ?? {});
}

/** A name in a module or in what a value is. */
function within(names: Names, place: Place, name: string): Place | undefined {
  const all = members(names, place);
  const known = Object.hasOwn(all, name) ? all[name] : undefined;
  if (!("module" in place)) return known && { known };
  if (known && known.kind !== "module") return known.kind === "type" ? undefined : { known };
  const inner = [`${place.module}.${name}`, ...(known ? [name] : [])].find((module) => names[module]);
  return inner === undefined ? undefined : { module: inner };
}

/** `re.Match`, wherever its module's name ends. */
function classAt(names: Names, path: string): Known | undefined {
  const dot = path.lastIndexOf(".");
  return names[path.slice(0, dot)]?.[path.slice(dot + 1)];
}

function object(names: Names, path: string | undefined): Place | undefined {
  const known = path === undefined ? undefined : classAt(names, path);
  return known && { known, isInstance: true };
}

/** What an expression leads to, if it is names, calls and literals alone: `Pin(2)`, `s.accept`, `"a b".split()`. */
export function lead(names: Names, bound: Bound, expression: string): Place | undefined {
  let rest = expression.trim().replace(/^await\s+/, "");
  let [place, length] = literal(names, rest);
  if (!length) {
    const path = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/.exec(rest)?.[0] ?? "";
    if (!path) return undefined;
    place = follow(names, bound, path.split("."));
    length = path.length;
  }
  for (let step = 0; step < STEPS_MAX && place; step++) {
    rest = rest.slice(length).trimStart();
    if (rest === "" || rest.startsWith("#")) return place;
    const name = /^\.\s*([A-Za-z_]\w*)/.exec(rest);
    if (name) {
      place = within(names, place, name[1] as string);
      length = name[0].length;
    } else if (rest.startsWith("(")) {
      place = called(names, place);
      const end = closing(rest, 1);
      // A call that goes on in the next line is the whole of it.
      length = end < 0 ? rest.length : end + 1;
    } else return undefined;
  }
  return undefined;
}

/** What a call gives. */
function called(names: Names, place: Place): Place | undefined {
  if ("module" in place || place.isInstance) return undefined;
  if (place.known.kind === "class") return { known: place.known, isInstance: true };
  return place.known.kind === "function" ? object(names, place.known.gives) : undefined;
}

/** What a literal is at the beginning of a text, and how long it is; 0 if there is none. */
function literal(names: Names, text: string): [Place | undefined, number] {
  const quoted = /^([rRuUfF]?|[bB][rR]?|[rR][bB])("""|'''|"|')/.exec(text);
  if (quoted) {
    const [open, prefix = "", quote = ""] = quoted;
    const end = text.slice(open.length).search(new RegExp(`(?<!\\\\)${quote}`));
    return [object(names, /b/i.test(prefix) ? "builtins.bytes" : "builtins.str"), end < 0 ? text.length : open.length + end + quote.length];
  }
  const number = /^\d[\d_]*(\.\d*)?(e[+-]?\d+)?\b/i.exec(text);
  if (number) return [object(names, number[1] || number[2] ? "builtins.float" : "builtins.int"), number[0].length];
  const bracket = text[0] ?? "";
  if (!"[{(".includes(bracket) || !bracket) return [undefined, 0];
  const end = closing(text, 1);
  const inner = text.slice(1, end < 0 ? undefined : end);
  const kind = bracket === "[" ? "list" : bracket === "{" ? (inner.trim() === "" || parts(inner)[0]?.includes(":") ? "dict" : "set") : inner.trim() === "" || parts(inner).length > 1 || /,\s*$/.test(inner) ? "tuple" : undefined;
  return [kind && object(names, `builtins.${kind}`), end < 0 ? text.length : end + 1];
}
