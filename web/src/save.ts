// Giving something to the browser as a file.
import { h } from "./dom.ts";

/** Milliseconds that the browser has to take it. */
const TAKES = 1000;

export function saveAs(name: string, what: Blob): void {
  const address = URL.createObjectURL(what);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), TAKES);
}
