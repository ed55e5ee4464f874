// What differs between two texts, line by line, as one reads it.

export interface Line {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Lines beside each other that are compared in full; where more differ all of them are taken for other ones. */
const CELLS_MAX = 4_000_000;

/** All lines of both, those that are gone before those that are new. */
export function lineDifference(before: string, after: string): Line[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const same = (text: string): Line => ({ kind: "same", text });
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

/** Keeps the longest sequence of lines that both have. */
function middle(old: string[], now: string[]): Line[] {
  const [rows, columns] = [old.length, now.length];
  const gone = (text: string): Line => ({ kind: "gone", text });
  const fresh = (text: string): Line => ({ kind: "new", text });
  if (rows * columns > CELLS_MAX) return [...old.map(gone), ...now.map(fresh)];
  const wide = columns + 1;
  const longest = new Uint32Array((rows + 1) * wide);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * wide + j] = old[i] === now[j] ? 1 + (longest[(i + 1) * wide + j + 1] as number) : Math.max(longest[(i + 1) * wide + j] as number, longest[i * wide + j + 1] as number);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && old[i] === now[j]) {
      lines.push({ kind: "same", text: old[i] as string });
      i++;
      j++;
    } else if (i < rows && (j === columns || (longest[(i + 1) * wide + j] as number) >= (longest[i * wide + j + 1] as number))) lines.push(gone(old[i++] as string));
    else lines.push(fresh(now[j++] as string));
  }
  return lines;
}

/** The lines that differ with some around them; a number stands for so many that are the same. */
export function withoutSame(lines: Line[], around = 3): (Line | number)[] {
  const near = lines.map((_, nth) => lines.slice(Math.max(nth - around, 0), nth + around + 1).some(({ kind }) => kind !== "same"));
  const shown: (Line | number)[] = [];
  let left = 0;
  lines.forEach((line, nth) => {
    if (!near[nth]) return void left++;
    if (left) shown.push(left);
    left = 0;
    shown.push(line);
  });
  if (left && shown.length) shown.push(left);
  return shown;
}
