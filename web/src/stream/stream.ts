// The page of a lab's events: a table of what is chosen above it, as it happens.
import { texts } from "../texts/en.ts";
import { type Line, missed, note, row } from "./row.ts";

/** What can be chosen, and the events that are meant by it. */
const GROUPS = [
  ["output", ["print", "exception", "no_memory"]],
  ["resets", ["reset", "soft_reset", "sleep", "wake"]],
  ["pins", ["pin", "input", "pwm", "adc", "dac", "bits", "pulses"]],
  ["buses", ["uart", "i2c", "spi", "onewire", "dht"]],
  ["network", ["packet"]],
  ["parts", ["part", "fault"]],
] as const;
/** Rows that are kept; the oldest go. */
const ROWS = 1000;
/** Rows that are made at a time: a board that does more than can be read must not freeze the page. */
const ROWS_AT_ONCE = 200;
/** Milliseconds before a lost connection is tried again. */
const AGAIN = 1000;

function find<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

const rows = find<HTMLTableSectionElement>("rows");
const board = find<HTMLSelectElement>("board");
const state = find("state");
let socket: WebSocket | undefined;
let isPaused = false;
/** Lines that are not shown yet, and how many were too many. */
let waiting: Line[] = [];
let skipped = 0;
let isDue = false;

function say(text: string, how: "open" | "lost"): void {
  state.textContent = text;
  state.className = how;
}

const boxes = () => [...document.querySelectorAll<HTMLInputElement>("#groups input")];

/** What the server is asked for. */
function filter(): { only: readonly string[]; boards: string[] } {
  const on = boxes().map((box, n) => (box.checked ? (GROUPS[n]?.[1] ?? []) : []));
  const kinds = on.flat();
  // A filter without kinds would let all of them pass.
  if (!kinds.length) return { only: ["wake"], boards: ["-"] };
  return { only: on.every((group) => group.length) ? [] : kinds, boards: board.value ? [board.value] : [] };
}

function ask(): void {
  remember();
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(filter()));
}

function connect(): void {
  socket = new WebSocket(`ws://${location.host}/api/events`);
  socket.onopen = () => {
    say(texts.stream.live, "open");
    ask();
    void showBoards();
  };
  socket.onmessage = (message: MessageEvent<string>) => message.data.split("\n").forEach(take);
  socket.onclose = () => {
    say(texts.stream.lost, "lost");
    setTimeout(connect, AGAIN);
  };
}

function take(text: string): void {
  if (!text) return;
  const line = JSON.parse(text) as Line & { error?: string };
  if (line.error) say(line.error, "lost");
  if (!line.event || isPaused) return;
  waiting.push(line);
  if (waiting.length > ROWS) skipped += waiting.shift()?.event === "missed" ? 0 : 1;
  drawSoon();
}

function drawSoon(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(draw);
}

function draw(): void {
  isDue = false;
  const follows = innerHeight + scrollY >= document.body.scrollHeight - 40;
  if (skipped) rows.append(note(texts.stream.skipped(skipped)));
  skipped = 0;
  rows.append(...waiting.splice(0, ROWS_AT_ONCE).map((line) => missed(line) ?? row(line)));
  while (rows.childElementCount > ROWS) rows.firstElementChild?.remove();
  find("empty").hidden = rows.childElementCount > 0;
  if (follows) scrollTo(0, document.body.scrollHeight);
  if (waiting.length) drawSoon();
}

async function showBoards(): Promise<void> {
  const answer = await fetch("/api/boards");
  const all = (await answer.json()) as { name: string; device: string; tty?: string }[];
  const items = all.map(({ name, device, tty }) => {
    const item = document.createElement("li");
    const bold = document.createElement("b");
    bold.textContent = name;
    item.append(bold, ` ${device}`);
    item.title = tty ?? "";
    return item;
  });
  find("boards").replaceChildren(...items);
  const chosen = board.value || recall().board || "";
  board.replaceChildren(new Option(texts.stream.all, ""), ...all.map(({ name }) => new Option(name, name, false, name === chosen)));
  ask();
}

interface Choice {
  off?: string[];
  board?: string;
}

/** What was chosen before, if the browser keeps it. */
function recall(): Choice {
  try {
    return (JSON.parse(localStorage.getItem("stream") ?? "{}") as Choice | null) ?? {};
  } catch {
    return {};
  }
}

function remember(): void {
  const off = boxes().flatMap((box, n) => (box.checked ? [] : (GROUPS[n]?.[0] ?? [])));
  try {
    localStorage.setItem("stream", JSON.stringify({ off, board: board.value } satisfies Choice));
  } catch {
    // A private window keeps nothing.
  }
}

const off = new Set(recall().off);
for (const [group] of GROUPS) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !off.has(group);
  label.append(box, texts.stream.groups[group]);
  find("groups").append(label);
}
find("tools").addEventListener("change", ask);
find("tools").addEventListener("submit", (submit) => submit.preventDefault());
const pause = find<HTMLButtonElement>("pause");
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.textContent = isPaused ? texts.stream.goOn : texts.stream.pause;
});
find("clear").addEventListener("click", () => {
  waiting = [];
  rows.replaceChildren();
  find("empty").hidden = false;
});
connect();
