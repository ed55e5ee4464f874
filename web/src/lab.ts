// What the page asks of the lab besides its programs: boards from inside, time, air, cloud.
import { json, sendJson } from "./api.ts";
import type { LabTime } from "./clock.ts";

/** A kind of board, as far as its pins' names go. */
export interface Device {
  headers: { pins: { label: string; gpio?: number }[] }[];
}

/** A board from inside, now. */
export interface Look {
  at_ns: number;
  pins: { gpio: number; output: boolean; level: number; pull: "up" | "down" | null }[];
  heap: { total: number; used: number; free: number } | null;
  idf_heap: { total: number; free: number; lowest: number } | null;
  sockets: { socket: number; kind: string; calls: string[] }[];
}

const board = (name: string) => `/api/boards/${encodeURIComponent(name)}`;

export const lab = {
  device: (name: string) => json<Device>(`/api/devices/${encodeURIComponent(name)}`),
  look: (name: string) => json<Look>(`${board(name)}/look`),
  time: () => json<LabTime>("/api/time"),
  setTime: (wish: { paused: boolean } | { speed: number } | { step_ns: number }) => json<LabTime>("/api/time", sendJson(wish)),
};
