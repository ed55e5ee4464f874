// What the page asks of the lab besides its programs: boards from inside, time, air, cloud.
import { call, expectOk, json, sendJson } from "./api.ts";
import type { Look as BoardLook } from "./bench/circuit/server.ts";
import type { LabTime } from "./clock.ts";
import type { Firmware } from "./editor/known.ts";

/** A board from inside, now: its memory and sockets as well. */
export interface Look extends BoardLook {
  heap: { total: number; used: number; free: number } | null;
  idf_heap: { total: number; free: number; lowest: number } | null;
  sockets: { socket: number; kind: string; calls: string[] }[];
}

export interface Network {
  ssid: string;
  channel: number;
  rssi: number;
  security: string;
}

export interface Station {
  board: string;
  mac: string;
  connected: boolean;
  address: string | null;
}

/** Something that can go wrong on the air. */
export interface Fault {
  name: string;
  value: string;
  usual: string;
  choices: string[];
  /** What else it can be, in words. */
  values: string;
  text: string;
}

export interface Air {
  networks: Network[];
  stations: Station[];
  faults: Fault[];
}

/** Whether something goes wrong on purpose. */
export const isWrong = ({ faults }: Air): boolean => faults.some(({ value, usual }) => value !== usual);

export interface Stream {
  name: string;
  unit: string | null;
  value: number | string | null;
  at: number | null;
}

export interface CloudDevice {
  id: string;
  name: string;
  seen: number | null;
  streams: Stream[];
}

export interface Cloud {
  url: string;
  devices: CloudDevice[];
}

/** What a program was, until this moment. */
export interface State {
  at: number;
  size: number;
}

/** A request that the cloud answered. */
export interface LogLine {
  n: number;
  at: number;
  method: string;
  path: string;
  status: number;
  device: string | null;
  /** Why it was refused. */
  why: string | null;
  sent: string | null;
  answer: string | null;
}

const statePath = (path: string) => `/api/programs-history/${path.split("/").map(encodeURIComponent).join("/")}`;
const board = (name: string) => `/api/boards/${encodeURIComponent(name)}`;

export const lab = {
  look: (name: string) => json<Look>(`${board(name)}/look`),
  time: () => json<LabTime>("/api/time"),
  air: () => json<Air>("/api/air"),
  setFaults: (faults: string[]) => json<Air>("/api/air", sendJson({ faults })),
  cloud: () => json<Cloud>("/api/cloud"),
  /** The newest values of a stream, oldest first: moments and what was sent then. */
  values: (device: string, stream: string, limit: number) => json<[number, number | string][]>(`/api/cloud/values?${new URLSearchParams({ device, stream, limit: String(limit) })}`),
  log: (after: number) => json<LogLine[]>(`/api/cloud/log?after=${after}`),
  /** Earlier states of a program, the newest first. */
  history: (path: string) => json<State[]>(statePath(path)),
  /** The text of one of them. */
  state: async (path: string, at: number) => (await expectOk(await call(`${statePath(path)}?at=${at}`))).text(),
  /** What the boards' firmware knows, and what that means. */
  names: () => json<Firmware>("/api/names"),
  setTime: (wish: { paused: boolean } | { speed: number } | { step_ns: number }) => json<LabTime>("/api/time", sendJson(wish)),
};
