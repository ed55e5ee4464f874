// The stream of a lab's events as a table. What comes from boards is put in as text, never as markup.

const GROUPS = [
  ["Output", ["print", "exception", "no_memory"]],
  ["Resets", ["reset", "soft_reset", "sleep", "wake"]],
  ["Pins", ["pin", "input", "pwm", "adc", "dac", "bits", "pulses"]],
  ["Buses", ["uart", "i2c", "spi", "onewire", "dht"]],
  ["Network", ["packet"]],
  ["Parts", ["part", "fault"]],
];
/** Rows that are kept; the oldest go. */
const ROWS = 1000;
/** Rows that are made at a time: a board that does more than can be read must not freeze the page. */
const ROWS_AT_ONCE = 200;
/** Milliseconds before a lost connection is tried again. */
const AGAIN = 1000;
const BAD = new Set(["exception", "no_memory", "fault"]);

const find = (id) => document.getElementById(id);
const rows = find("rows");
let socket;
let paused = false;
/** Lines that are not shown yet, and how many were too many. */
let waiting = [];
let skipped = 0;
let isDue = false;

function say(text, how) {
  find("state").textContent = text;
  find("state").className = how;
}

function filter() {
  const boxes = [...document.querySelectorAll("#groups input")];
  const on = boxes.filter((box) => box.checked);
  const only = on.length === boxes.length ? [] : on.flatMap((box) => GROUPS[box.value][1]);
  const board = find("board").value;
  return { only, boards: board ? [board] : [], nothing: on.length === 0 };
}

function ask() {
  remember();
  const { only, boards, nothing } = filter();
  // A filter without kinds would let all of them pass.
  const wanted = nothing ? { only: ["wake"], boards: ["-"] } : { only, boards };
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(wanted));
}

function connect() {
  socket = new WebSocket(`ws://${location.host}/api/events`);
  socket.onopen = () => {
    say("live", "open");
    ask();
    showBoards();
  };
  socket.onmessage = (message) => message.data.split("\n").forEach(take);
  socket.onclose = () => {
    say("The workshop does not answer. Is `coil up` still running? Trying again …", "lost");
    setTimeout(connect, AGAIN);
  };
}

function take(line) {
  if (!line) return;
  const event = JSON.parse(line);
  if (event.error) say(event.error, "lost");
  if (!event.event || paused) return;
  waiting.push(event);
  if (waiting.length > ROWS) {
    skipped += waiting.shift().event === "missed" ? 0 : 1;
  }
  if (!isDue) {
    isDue = true;
    requestAnimationFrame(draw);
  }
}

function draw() {
  isDue = false;
  const follows = innerHeight + scrollY >= document.body.scrollHeight - 40;
  const part = waiting.splice(0, ROWS_AT_ONCE);
  if (skipped) part.unshift({ event: "missed", count: skipped, here: true });
  skipped = 0;
  rows.append(...part.map(row));
  while (rows.childElementCount > ROWS) rows.firstElementChild.remove();
  find("empty").hidden = rows.childElementCount > 0;
  if (follows) scrollTo(0, document.body.scrollHeight);
  if (waiting.length && !isDue) {
    isDue = true;
    requestAnimationFrame(draw);
  }
}

function row(event) {
  const { t, board, event: kind, ...rest } = event;
  const tr = document.createElement("tr");
  if (BAD.has(kind)) tr.className = "bad";
  if (kind === "missed") tr.className = "warn";
  const cells = kind === "missed" ? ["", "", "missed", missed(event)] : [time(t), board, kind, what(kind, rest)];
  for (const cell of cells) {
    const td = document.createElement("td");
    td.append(...(Array.isArray(cell) ? cell : [cell]));
    tr.append(td);
  }
  return tr;
}

const missed = ({ count, here }) =>
  here ? `${count} more than this page shows; choose less above` : `${count} events came faster than they were taken`;

/** Nanoseconds of the lab's clock as seconds to the microsecond. */
const time = (ns) => (Math.floor(ns / 1000) / 1e6).toFixed(6);

function what(kind, rest) {
  if (kind === "print" && rest.hex === undefined) return rest.text;
  if (kind === "exception") return rest.text;
  if (kind === "packet") return rest.summary;
  if (kind === "fault") return rest.text;
  const told = Object.entries(rest).filter(([, value]) => value !== null && value !== "");
  return told.flatMap(([name, value]) => {
    const label = document.createElement("i");
    label.textContent = `${name} `;
    return [label, `${typeof value === "string" ? value : JSON.stringify(value)}  `];
  });
}

async function showBoards() {
  const answer = await fetch("/api/boards");
  const boards = await answer.json();
  find("boards").replaceChildren(
    ...boards.map((board) => {
      const item = document.createElement("li");
      const name = document.createElement("b");
      name.textContent = board.name;
      item.append(name, ` ${board.device}`);
      item.title = board.tty;
      return item;
    }),
  );
  const chosen = find("board").value || recall().board || "";
  const choices = boards.map((board) => new Option(board.name, board.name, false, board.name === chosen));
  find("board").replaceChildren(new Option("all", ""), ...choices);
  ask();
}

/** What was chosen before, if the browser keeps it. */
function recall() {
  try {
    return JSON.parse(localStorage.getItem("stream")) ?? {};
  } catch {
    return {};
  }
}

function remember() {
  const off = [...document.querySelectorAll("#groups input:not(:checked)")].map((box) => GROUPS[box.value][0]);
  try {
    localStorage.setItem("stream", JSON.stringify({ off, board: find("board").value }));
  } catch {
    // A private window keeps nothing.
  }
}

const off = new Set(recall().off ?? []);
find("groups").append(
  ...GROUPS.map(([name], number) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", value: number, checked: !off.has(name) });
    label.append(box, name);
    return label;
  }),
);
find("tools").addEventListener("change", ask);
find("tools").addEventListener("submit", (submit) => submit.preventDefault());
find("pause").addEventListener("click", ({ target }) => {
  paused = !paused;
  target.setAttribute("aria-pressed", paused);
  target.textContent = paused ? "Go on" : "Pause";
});
find("clear").addEventListener("click", () => {
  waiting = [];
  rows.replaceChildren();
  find("empty").hidden = false;
});
connect();
