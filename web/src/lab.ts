// What the page asks of the lab besides its programs: boards from inside, time, air, cloud.
import { json, sendJson } from "./api.ts";
import type { Look as BoardLook } from "./bench/circuit/server.ts";
import type { LabTime } from "./clock.ts";

/** A board from inside, now: its memory and sockets as well. */
export interface Look extends BoardLook {
  heap: { total: number; used: number; free: number } | null;
  idf_heap: { total: number; free: number; lowest: number } | null;
  sockets: { socket: number; kind: string; calls: string[] }[];
}

const board = (name: string) => `/api/boards/${encodeURIComponent(name)}`;

export const lab = {
  look: (name: string) => json<Look>(`${board(name)}/look`),
  time: () => json<LabTime>("/api/time"),
  setTime: (wish: { paused: boolean } | { speed: number } | { step_ns: number }) => json<LabTime>("/api/time", sendJson(wish)),
};
