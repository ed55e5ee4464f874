// Files of this machine that come to the page: dropped on it, or chosen.
import { h } from "../dom.ts";
import { folderOf } from "../names.ts";

/** Hands files on that are dropped on a part of the page, with the row on which they were, if it was one; the part looks so while they are over it. */
export function takeDrops(element: HTMLElement, take: (files: File[], row: HTMLElement | null) => void): void {
  const over = (isOver: boolean) => element.classList.toggle("over", isOver);
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  element.addEventListener("dragleave", (event) => over(element.contains(event.relatedTarget as Node | null)));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    take([...(event.dataTransfer?.files ?? [])], (event.target as Element).closest<HTMLElement>("[data-path]"));
  });
}

/** The folder that a row stands for or is in; without a row it is the root. */
export function folderAt(row: HTMLElement | null): string {
  const path = row?.dataset["path"] ?? "";
  return row?.dataset["folder"] === undefined ? folderOf(path) : path;
}

/** A button's way to files of this machine: what is chosen is handed on. */
export function picker(take: (files: File[]) => void): HTMLInputElement {
  const input: HTMLInputElement = h("input", {
    type: "file",
    multiple: true,
    hidden: true,
    "aria-hidden": "true",
    tabindex: -1,
    onchange: () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      take(files);
    },
  });
  return input;
}
