// Where brackets of Python end, and what is between commas. Brackets within texts are text.

/** Walks over what is in no text: the first place from `from` on for which this holds, with the brackets that are open there. */
function walk(text: string, from: number, holds: (depth: number, char: string) => boolean): number {
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    if (quote) {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
      continue;
    }
    if (holds(depth, char)) return at;
    if (char === '"' || char === "'") quote = char;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
  }
  return -1;
}

/** Where the bracket ends that begins before `from`; -1 if it is not in this text. */
export const closing = (text: string, from: number): number => walk(text, from, (depth, char) => depth === 0 && ")]}".includes(char));

/** What is between commas that are in no brackets. */
export function parts(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (;;) {
    const comma = walk(text, from, (depth, char) => depth === 0 && char === ",");
    const part = text.slice(from, comma < 0 ? undefined : comma).trim();
    if (part) found.push(part);
    if (comma < 0) return found;
    from = comma + 1;
  }
}
