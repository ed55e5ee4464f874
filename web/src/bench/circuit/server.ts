// What the panel asks the server: kinds of boards and parts, circuits, and what a board shows now.
import { call, Denied, expectOk, json } from "../../api.ts";
import type { Circuit, SettingValue } from "./model.ts";

export interface DevicePin {
  label: string;
  /** What wires call it; nothing can be wired to one without. */
  end?: string;
  gpio?: number;
}

/** A kind of board, in millimetres from its upper left corner. */
export interface Device {
  name: string;
  title: string;
  chip: string;
  size: [number, number];
  headers: { name: string; at: [number, number]; step: [number, number]; pins: DevicePin[] }[];
  led: { gpio: number; at: [number, number]; color: string } | null;
  buttons: { name: string; gpio?: number; at: [number, number] }[];
  usb: { at: [number, number]; side: "top" | "bottom" | "left" | "right" };
  module: { at: [number, number]; size: [number, number] };
}

export interface KindPin {
  name: string;
  role: "power" | "ground" | "input" | "passive" | "scl" | "sda" | "sck" | "mosi" | "miso" | "select";
  rail?: string;
}

export interface KindSetting {
  name: string;
  /** It is made like that: nobody changes it while it runs. */
  fixed: boolean;
  text: string;
  sort: "choice" | "number" | "int" | "flag";
  usual: SettingValue;
  choices?: string[];
  least?: number;
  most?: number;
}

/** A kind of part. */
export interface Kind {
  kind: string;
  title: string;
  text: string;
  pins: KindPin[];
  settings: KindSetting[];
  shows: { name: string; text: string }[];
}

export interface CircuitFile {
  version: string | null;
  file: string;
  circuit: Circuit;
  /** Why the file cannot be, if it cannot. */
  error: string | null;
}

/** What a board and its parts show now. */
export interface Look {
  at_ns: number;
  pins: { gpio: number; output: boolean; level: number; pull: "up" | "down" | null; pwm?: { freq: number; duty_u16: number } }[];
  parts: Record<string, Record<string, SettingValue>>;
}

const at = (board: string, what: string) => `/api/boards/${encodeURIComponent(board)}/${what}`;

export const server = {
  device: (name: string) => json<Device>(`/api/devices/${encodeURIComponent(name)}`),
  parts: () => json<Kind[]>("/api/parts"),
  look: (board: string) => json<Look>(at(board, "look"), { cache: "no-store" }),
  circuit: (board: string) => json<CircuitFile>(at(board, "circuit"), { cache: "no-store" }),

  /** Writes over this version, or where there must be none: the new version, or nothing if somebody else was faster. */
  async write(board: string, circuit: Circuit, over: string | null): Promise<string | undefined> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (over === null) headers["If-None-Match"] = "*";
    else headers["If-Match"] = `"${over}"`;
    // What is on its way when the page is left arrives all the same.
    const answer = await call(at(board, "circuit"), { method: "PUT", headers, body: JSON.stringify({ parts: circuit.parts, wires: circuit.wires }), keepalive: true });
    if (answer.status === 412) return undefined;
    return ((await (await expectOk(answer)).json()) as { version: string }).version;
  },
};

/** The server has understood, and will not do it: asking again is of no use. */
export const isRefusal = (e: unknown): e is Denied => e instanceof Denied && e.status >= 400 && e.status < 500;
