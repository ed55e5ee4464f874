// Names of files: what can be one, and what a second copy is called.

/** `blink.py` as `blink_mine.py`, `blink_mine2.py` and so on. */
export function copyName(path: string, nth: number): string {
  const slash = path.lastIndexOf("/") + 1;
  const dot = path.lastIndexOf(".");
  const cut = dot > slash ? dot : path.length;
  return `${path.slice(0, cut)}_mine${nth > 1 ? nth : ""}${path.slice(cut)}`;
}

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder that a path is in, without a slash at its end; of `/a.py` and `a.py` it is empty. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/** Whether something can be the name of a program. */
export function isProgramName(name: string): boolean {
  const parts = name.split("/");
  return parts.every((part) => part !== "" && !part.startsWith(".") && part.length <= 200 && !/[\0-\x1f\\]/.test(part));
}

/** A name with `.py` if it has no ending. */
export const withEnding = (name: string): string => (/\.[A-Za-z0-9]+$/.test(baseName(name)) ? name : `${name}.py`);
