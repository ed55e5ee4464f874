// Signatures in words: short for lists, and which parameter an argument is for.
import type { Known } from "./known.ts";

/** Characters of a signature in a list. */
const SHORT_MAX = 44;

/** The name of a parameter, without stars. */
export const nameOf = (parameter: string): string => /^\**(\w*)/.exec(parameter)?.[1] ?? "";

/** `(id, mode, pull, value=)`: names alone; those that have to be given by name have `=`. Nothing if there is no signature. */
export function short(signature: readonly string[] | undefined): string {
  if (!signature) return "";
  let byName = false;
  const names: string[] = [];
  for (const parameter of signature) {
    if (parameter === "*" || parameter === "/") byName ||= parameter === "*";
    else if (parameter.startsWith("*")) {
      byName ||= !parameter.startsWith("**");
      names.push("…");
    } else names.push(byName ? `${nameOf(parameter)}=` : nameOf(parameter));
  }
  const whole = `(${names.join(", ")})`;
  if (whole.length <= SHORT_MAX) return whole;
  while (names.length && `(${names.join(", ")}, …)`.length > SHORT_MAX) names.pop();
  return `(${names.join(", ")}, …)`;
}

/** What stands behind a name in a list. */
export const hint = (known: Known | undefined): string => (known ? (known.value ?? short(known.signature)) : "");

/** An argument of a call: which one by place, and its name if it has one already. */
export interface Argument {
  nth: number;
  name?: string;
}

/** Which parameter an argument is for; -1 if for none. */
export function parameterOf(signature: readonly string[], { nth, name }: Argument): number {
  if (name !== undefined) {
    const named = signature.findIndex((parameter) => !parameter.startsWith("*") && nameOf(parameter) === name);
    return named >= 0 ? named : signature.findIndex((parameter) => parameter.startsWith("**"));
  }
  let placed = 0;
  for (const [at, parameter] of signature.entries()) {
    if (parameter === "/") continue;
    if (parameter === "*" || parameter.startsWith("**")) return -1;
    if (parameter.startsWith("*") || placed === nth) return at;
    placed++;
  }
  return -1;
}

/** Parameters that have to be given by name: `value=`. Of others it is not certain that they can be. */
export function byName(signature: readonly string[]): string[] {
  const star = signature.findIndex((parameter) => parameter.startsWith("*") && !parameter.startsWith("**"));
  const after = star < 0 ? [] : signature.slice(star + 1);
  return after.filter((parameter) => !parameter.startsWith("*")).map((parameter) => `${nameOf(parameter)}=`);
}

/** The same in plain text, for those who hear it. */
export const spoken = (name: string, { signature, returns, about }: Known): string =>
  `${name}${signature ? `(${signature.filter((one) => one !== "/").join(", ")})` : ""}${returns ? ` → ${returns}` : ""}. ${about ?? ""}`.trim();
