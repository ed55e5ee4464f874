// Two changes of one circuit, made at the same time, as one. Undo is the same: what was there before, put over what is there now.
import { canonical, type Circuit, equal, type Part, partOf, type Wire } from "./model.ts";

/** What came from `base` to `mine`, done to `theirs`. Where both changed the same, mine counts. */
export function merge(base: Circuit, mine: Circuit, theirs: Circuit): Circuit {
  const parts: Record<string, Part> = {};
  for (const name of new Set([...Object.keys(theirs.parts), ...Object.keys(mine.parts)])) {
    const part = mergePart(base.parts[name], mine.parts[name], theirs.parts[name]);
    if (part) parts[name] = part;
  }
  const isThere = (end: string) => (partOf(end) ?? "") in parts || partOf(end) === undefined;
  const wires = mergeWires(base.wires, mine.wires, theirs.wires)
    .map((wire) => wire.filter(isThere))
    .filter((wire) => wire.length > 1);
  return { parts, wires };
}

function mergePart(base: Part | undefined, mine: Part | undefined, theirs: Part | undefined): Part | undefined {
  if (equal(mine, base)) return theirs;
  if (equal(theirs, base) || !mine || !theirs || mine.kind !== theirs.kind) return mine;
  const settings = { ...theirs.settings };
  for (const name of new Set([...Object.keys(base?.settings ?? {}), ...Object.keys(mine.settings)])) {
    const value = mine.settings[name];
    if (equal(value, base?.settings[name])) continue;
    if (value === undefined) delete settings[name];
    else settings[name] = value;
  }
  const merged: Part = { ...theirs, settings };
  if (!equal(mine.at, base?.at) && mine.at) merged.at = mine.at;
  if (!equal(mine.turned, base?.turned) && mine.turned !== undefined) merged.turned = mine.turned;
  return merged;
}

/** A wire is one and the same whatever the order of its ends. */
const key = (wire: Wire) => canonical([...wire].sort());

function mergeWires(base: readonly Wire[], mine: readonly Wire[], theirs: readonly Wire[]): readonly Wire[] {
  const [before, after] = [new Set(base.map(key)), new Set(mine.map(key))];
  const kept = theirs.filter((wire) => !before.has(key(wire)) || after.has(key(wire)));
  const there = new Set(kept.map(key));
  return [...kept, ...mine.filter((wire) => !before.has(key(wire)) && !there.has(key(wire)))];
}
