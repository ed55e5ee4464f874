// What differs between two texts, as one change: so that a text from elsewhere moves no cursor that it does not touch.

export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** The smallest single change that makes `after` of `before`; nothing if they are the same. */
export function difference(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
