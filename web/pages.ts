// What pages say before any script runs: it stands in the texts, and is put into their `{{…}}` when they are made. The desk's own page is
// `index.html`; those beside it are in `pages/`.
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Plugin } from "vite";
import { texts } from "./src/texts/en.ts";

const FOLDER = join(import.meta.dirname, "pages");

/** The text of a path such as `login.title`, as HTML has it. */
function text(page: string, path: string): string {
  let at: unknown = texts;
  for (const name of path.split(".")) at = (at as Record<string, unknown> | undefined)?.[name];
  if (typeof at !== "string") throw new Error(`${page} asks for the text ${path}, which is none of src/texts/en.ts`);
  return at.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const filled = (page: string, html: string) => html.replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => text(page, path));

/** Fills the desk's page, and puts the others beside it. */
export const pages = (): Plugin => ({
  name: "pages",
  transformIndexHtml: (html, { filename }) => filled(basename(filename), html),
  generateBundle() {
    for (const page of readdirSync(FOLDER)) {
      this.emitFile({ type: "asset", fileName: page, source: filled(page, readFileSync(join(FOLDER, page), "utf8")) });
    }
  },
});
