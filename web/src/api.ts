// What the page asks the server over HTTP.
import { textOf } from "./base64.ts";
import type { Explained } from "./state.ts";
import { texts } from "./texts/en.ts";

export interface Board {
  name: string;
  device: string;
  firmware?: string;
}

export interface ProgramInfo {
  path: string;
  size: number;
  version: string;
  modified: number;
}

export interface Complaint {
  line: number;
  column?: number;
  text: string;
  explained?: Explained | null;
}

/** Characters that a browser still sends for a page that is gone: it takes 64 KiB in all. */
const KEPT_ALIVE_MAX = 16_000;

/** The server did not answer at all: asking again later may help. */
export class Unreachable extends Error {}

/** The server said no. */
export class Denied extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

/** Asks, whatever the answer is. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (e) {
    throw new Unreachable(String(e));
  }
}

/** The answer, if the server did what was asked. */
export async function expectOk(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const text = await answer.text().catch(() => "");
  throw new Denied(answer.status, errorIn(text) || `${answer.status} ${answer.statusText}`);
}

function errorIn(text: string): string {
  try {
    const error = JSON.parse(text).error;
    return typeof error === "string" ? error : String(error?.text ?? error?.message ?? text);
  } catch {
    return text.trim();
  }
}

export const sendJson = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** What the server has at this path. */
export const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await expectOk(await call(path, init))).json();

const at = (path: string) => `/api/programs/${path.split("/").map(encodeURIComponent).join("/")}`;

/** The value of an `ETag`, without its quotes. */
const versionOf = (answer: Response) => (answer.headers.get("ETag") ?? "").replace(/^W\//, "").replace(/^"|"$/g, "");

export const api = {
  boards: () => json<Board[]>("/api/boards"),
  programs: () => json<ProgramInfo[]>("/api/programs"),

  /** A program's text and version; nothing if there is none of this name. What is no text is refused: an editor would write it back as something else. */
  async read(path: string): Promise<{ text: string; version: string } | undefined> {
    const there = await this.bytes(path);
    if (!there) return undefined;
    const text = textOf(there.bytes);
    if (text === undefined) throw new Denied(415, texts.programs.notText(path));
    return { text, version: there.version };
  },

  /** A file's bytes and version; nothing if there is none of this name. */
  async bytes(path: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; version: string } | undefined> {
    const answer = await call(at(path), { cache: "no-store" });
    if (answer.status === 404) return undefined;
    await expectOk(answer);
    return { bytes: new Uint8Array(await answer.arrayBuffer()), version: versionOf(answer) };
  },

  /** Writes over this version, or a new file where there must be none: the new version, or nothing if somebody else was faster. */
  async write(path: string, text: string | Uint8Array<ArrayBuffer>, over: string | null): Promise<string | undefined> {
    const headers: Record<string, string> = { "Content-Type": "application/octet-stream" };
    if (over === null) headers["If-None-Match"] = "*";
    else headers["If-Match"] = `"${over}"`;
    // What is on its way when a page is left arrives all the same, if it is not much.
    const keepalive = text.length < KEPT_ALIVE_MAX;
    const answer = await call(at(path), { method: "PUT", headers, body: text, keepalive });
    if (answer.status === 412 || answer.status === 404) return undefined;
    return (await (await expectOk(answer)).json()).version;
  },

  async remove(path: string): Promise<void> {
    const answer = await call(at(path), { method: "DELETE", headers: { "Content-Type": "application/json" } });
    if (answer.status !== 404) await expectOk(answer);
  },

  async rename(path: string, to: string): Promise<void> {
    await expectOk(await call(at(path), sendJson({ rename: to })));
  },

  check: (source: string) => json<{ errors: Complaint[] }>("/api/check", sendJson({ source })),
  explain: (text: string) => json<Explained | null>("/api/explain", sendJson({ text })),
};
