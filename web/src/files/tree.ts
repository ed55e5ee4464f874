// A list of paths as a tree, and as the rows that are to be seen.

export interface Item {
  path: string;
  size?: number;
  folder?: boolean;
}

export interface Row {
  path: string;
  name: string;
  /** From 1. */
  level: number;
  isFolder: boolean;
  size: number | undefined;
}

/** Rows of all folders that are open, folders before files, both by name. Folders that are only in paths of files are there as well. */
export function rowsOf(items: Item[], isOpen: (folder: string) => boolean): Row[] {
  const children = new Map<string, Map<string, Row>>();
  for (const item of items) put(children, item.path, item.folder === true, item.size);
  const rows: Row[] = [];
  const walk = (folder: string) => {
    const inside = [...(children.get(folder)?.values() ?? [])];
    inside.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
    for (const row of inside) {
      rows.push(row);
      if (row.isFolder && isOpen(row.path)) walk(row.path);
    }
  };
  walk("");
  return rows;
}

function put(children: Map<string, Map<string, Row>>, path: string, isFolder: boolean, size?: number): void {
  const slash = path.lastIndexOf("/");
  const above = path.slice(0, Math.max(slash, 0));
  if (above && !children.get(above)) put(children, above, true);
  if (isFolder && !children.has(path)) children.set(path, new Map());
  const siblings = children.get(above) ?? new Map<string, Row>();
  children.set(above, siblings);
  if (siblings.get(path)?.isFolder) return;
  const level = path.replace(/^\//, "").split("/").length;
  siblings.set(path, { path, name: path.slice(slash + 1), level, isFolder, size });
}

/** Whether a file is a text by its name. */
export const isText = (path: string): boolean => /\.(?:py|pyi|txt|md|json|jsonl|toml|csv|tsv|html?|css|js|xml|svg|cfg|ini|conf|log|ya?ml)$/i.test(path);

/** A number of bytes, short. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1000 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
