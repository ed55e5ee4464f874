// The page: its parts, and who tells whom.
import "./style/page.css";
import "./style/editor.css";
import "./style/parts.css";
import "./style/circuit.css";
import { api } from "./api.ts";
import { Bar } from "./bar.ts";
import { Bench, WORK } from "./bench/bench.ts";
import { Desk } from "./desk.ts";
import { nameFor } from "./dialog.ts";
import { Documents } from "./documents.ts";
import { h, ICONS, iconButton } from "./dom.ts";
import { Drafts } from "./drafts.ts";
import { Editor } from "./editor/editor.ts";
import { FileTabs } from "./editor/filetabs.ts";
import type { Firmware } from "./editor/known.ts";
import { showComplaints } from "./editor/marks.ts";
import { Events } from "./events.ts";
import { Ear, Explanation, type Place } from "./explain.ts";
import { BoardPanel } from "./files/boardpanel.ts";
import { ProgramPanel } from "./files/programpanel.ts";
import { isWrong, lab } from "./lab.ts";
import { keys } from "./keys.ts";
import { baseName } from "./names.ts";
import { Notices } from "./notices.ts";
import { edge } from "./panes.ts";
import { Plotter } from "./plot/plot.ts";
import { Programs } from "./programs.ts";
import { Tabs } from "./tabs.ts";
import { Terminal } from "./terminal/terminal.ts";
import { texts } from "./texts/en.ts";
import { Time } from "./time/labtime.ts";
import { TimeControl } from "./time/timecontrol.ts";
import * as theme from "./theme.ts";
import { Variables } from "./variables/variables.ts";

/** Milliseconds without a change before the compiler looks at a text. */
const CHECK_REST = 350;
/** Milliseconds at the prompt before the board is asked for its files and variables. */
const LOOK_REST = 150;

theme.start();
const notices = new Notices();
const say = notices.say;
const drafts = new Drafts(() => say(texts.programs.noRoom, "bad"));
const programs: Programs = new Programs(drafts, {
  say,
  copied: (from, to) => {
    say(texts.programs.copied(from, to), "bad");
    void documents.openProgram(to);
  },
  removed: (path) => {
    documents.closeProgram(path);
    say(texts.programs.removed(path));
  },
});

const editorPlace = h("div", { class: "editor", id: "editor", role: "tabpanel", "aria-label": texts.editor.region });
const editor = new Editor(editorPlace, {
  edited: (id, text) => documents.edited(id, text),
  changed: (id) => checkSoon(id),
  names: (text) => desk.names(text),
  firmware: () => firmwareNames(),
});
let firmware: Promise<Firmware> | undefined;

/** Asked for once, when somebody types the first name; again if the workshop did not answer. */
function firmwareNames(): Promise<Firmware | undefined> {
  firmware ??= lab.names();
  return firmware.catch(() => (firmware = undefined));
}

const documents: Documents = new Documents(editor, programs, drafts, () => boardPanel.files, say);

/** The way to a line of a file of the board, as tracebacks and sockets name it. */
function placeOf(file: string, line: number): Place | undefined {
  // What was typed at the prompt is in no file; what was run from here is called the same.
  if (file.startsWith("<")) return desk.placeInRun(line);
  const path = `/${file.replace(/^\/+/, "")}`;
  const go = async () => {
    try {
      if (await documents.openBoardFile(desk.chosen.now ?? "", path)) editor.goTo(line);
      else say(texts.editor.notThere(path));
    } catch (e) {
      say((e as Error).message, "bad");
    }
  };
  return { text: texts.explain.where(path, line), go: () => void go() };
}

/** As `placeOf`, but what is part of the firmware cannot be opened. */
const placeOfCall = (file: string, line: number) => (file.startsWith("<") || boardPanel.has(`/${file.replace(/^\/+/, "")}`) ? placeOf(file, line) : undefined);

const explanation = new Explanation((file, line) => (file.startsWith("<") ? undefined : placeOf(file, line)));
const plotter = new Plotter();
const variables = new Variables(() => desk.link);
const aux = new Tabs(
  texts.aux.label,
  [
    { id: "explain", label: texts.aux.explain, body: explanation.element },
    { id: "variables", label: texts.aux.variables, body: variables.element, tools: variables.tools },
    { id: "plot", label: texts.aux.plot, body: plotter.element, tools: plotter.tools },
  ],
  "explain",
);
const ear = new Ear((tail) => {
  api.explain(tail).then((found) => found && showExplained(found, tail)).catch(() => {});
});

const desk: Desk = new Desk({
  editor,
  documents,
  say,
  opened() {
    // A workshop that was started anew has another clock.
    void time.refresh();
    terminal.reset();
    plotter.clear();
    ear.clear();
  },
  bytes(bytes, isPast) {
    terminal.write(bytes, isPast);
    plotter.take(bytes);
    if (!isPast) ear.take(bytes);
  },
  missed: (bytes) => terminal.missed(bytes),
  news: (news) => {
    if (news.time) time.told(news.time);
    bench.news(news);
  },
  begun: () => {
    explanation.clear();
    plotter.clear();
    ear.clear();
    aux.badge("explain", false);
  },
  // A short one may be over before its state was told.
  ended: () => {
    isStale = true;
    lookSoon();
  },
  failed: (...what) => {
    ear.clear();
    showExplained(...what);
  },
});

const boardPanel: BoardPanel = new BoardPanel({
  link: () => desk.link,
  open: (path) => {
    documents.openBoardFile(desk.chosen.now ?? "", path).catch((e) => say(e.message, "bad"));
  },
  say,
});
const programPanel = new ProgramPanel({
  programs,
  say,
  async open(path) {
    try {
      if (!(await documents.openProgram(path))) say(texts.editor.notThere(path));
    } catch (e) {
      say((e as Error).message, "bad");
    }
  },
  async text(path) {
    const id = documents.idOf(path);
    return id ? editor.text(id) : ((await api.read(path))?.text ?? "");
  },
  async change(path, text) {
    if (await documents.openProgram(path)) editor.change(text);
  },
  async moved(path, to) {
    const wasOpen = documents.open.now.some((d) => d.kind === "program" && d.path === path);
    documents.closeProgram(path);
    if (to && wasOpen) await documents.openProgram(to);
  },
});

const events = new Events();
const time = new Time();
const known = (name: string) => desk.boards.now.find((board) => board.name === name);
const bench: Bench = new Bench(
  [
    {
      id: "board",
      label: texts.bench.board,
      load: async () => new (await import("./bench/board.ts")).BoardPanel({
        events,
        say,
        known,
        reset: () => void desk.act("reset"),
        boot: (isHeld) => void desk.boot(isHeld),
        program: (name, source) => void programPanel.want(name, source),
      }),
    },
    { id: "pins", label: texts.pins.tab, load: async () => new (await import("./pins/pinspanel.ts")).PinsPanel({ events, time, known }) },
    { id: "memory", label: texts.memory.tab, load: async () => new (await import("./memory/memorypanel.ts")).MemoryPanel({ events, known, find: placeOfCall }) },
    { id: "network", label: texts.network.tab, load: async () => new (await import("./network/networkpanel.ts")).NetworkPanel({ events, say, wrong: (isWrong) => bench.badge("network", isWrong) }) },
    { id: "cloud", label: texts.cloud.tab, load: async () => new (await import("./cloud/cloudpanel.ts")).CloudPanel() },
  ],
  (why) => say(why.message, "bad"),
);

const bar = new Bar({
  choose: (board) => desk.choose(board),
  run: () => void desk.run(),
  stop: () => void desk.act("stop"),
  softReset: () => void desk.act("soft_reset"),
  reset: () => void desk.act("reset"),
  boot: (isHeld) => void desk.boot(isHeld),
}, new TimeControl(time, say).element, bench.toggle);

const terminalPlace = h("div", { class: "xterm-place" });
lay();
const terminal: Terminal = new Terminal(terminalPlace, {
  typed: (bytes) => desk.link?.type(bytes) || say(texts.link.away, "bad"),
  isAtPrompt: () => desk.state.now.is === "prompt",
});

/** Puts all parts into the page. */
function lay(): void {
  const t = texts.panes;
  const work = h("div", { class: "work" });
  const sides = h("div", { class: "sides" });
  const lower = h("div", { class: "lower" });
  const consoleRegion = h(
    "section",
    { class: "console", "aria-label": texts.terminal.region, id: "console" },
    h("div", { class: "head" }, h("h2", {}, texts.terminal.region), h("div", { class: "tools" }, iconButton(ICONS.clear, texts.terminal.clear, () => terminal.clear()))),
    terminalPlace,
  );
  sides.append(programPanel.element, edge(sides, { property: "--programs", label: t.tree, side: "before", axis: "y", size: 260, least: 90, others: 160 }), boardPanel.element);
  lower.append(consoleRegion, edge(lower, { property: "--aux", label: t.aux, side: "after", axis: "x", size: 250, least: 236, others: 260 }), h("section", { class: "aux", "aria-label": texts.aux.label, id: "aux" }, aux.element));
  const upper = h("section", { class: "upper", "aria-label": texts.editor.region }, h("div", { class: "filebar" }, new FileTabs(documents).element, copyTool(), saveTool()), editorPlace, welcome());
  work.append(upper, edge(work, { property: "--lower", label: t.console, side: "after", axis: "y", size: 300, least: 110, others: 160 }), lower);
  const rest = h("main", { class: "rest" });
  rest.append(sides, edge(rest, { property: "--sides", label: t.side, side: "before", axis: "x", size: 230, least: 180, others: () => WORK + bench.element.clientWidth, beside: bench.element }), work, bench.edge(rest, sides), bench.element);
  document.body.replaceChildren(bar.element, rest, notices.element);
}

function welcome(): HTMLElement {
  const t = texts.programs;
  const place = h(
    "div",
    { class: "welcome" },
    h("h2", {}, texts.editor.welcome),
    h("p", {}, texts.editor.welcomeText),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "main", id: "example", onclick: () => void programPanel.example() }, t.example),
      h("button", { type: "button", onclick: () => void programPanel.create() }, t.create),
    ),
  );
  documents.active.watch((active) => {
    place.hidden = active !== undefined;
    editorPlace.hidden = active === undefined;
    if (active?.kind === "program") programPanel.select(active.path);
  });
  programs.list.watch((list) => (place.querySelector<HTMLElement>("#example") as HTMLElement).hidden = list.length > 0);
  return place;
}

function copyTool(): HTMLElement {
  const button = iconButton(ICONS.toBoard, texts.editor.toBoard, async () => {
    const active = documents.active.now;
    if (active?.kind !== "program") return;
    const text = editor.text(active.id);
    const name = await nameFor(texts.editor.toBoardQuestion, texts.editor.toBoardLabel, baseName(active.path), texts.dialog.copy);
    if (name && (await boardPanel.put(`/${name.replace(/^\/+/, "")}`, new TextEncoder().encode(text)))) say(texts.editor.copied(name), "good");
  });
  documents.active.watch((active) => (button.hidden = active?.kind !== "program"));
  return button;
}

function saveTool(): HTMLElement {
  const button = iconButton(ICONS.toBoard, texts.editor.save, () => void documents.save());
  documents.active.watch((active) => (button.hidden = active?.kind !== "board"));
  return button;
}

function showExplained(...what: Parameters<Explanation["show"]>): void {
  explanation.show(...what);
  if (aux.active.now === "plot") aux.badge("explain", true);
  else aux.active.set("explain");
}

let checking: ReturnType<typeof setTimeout> | undefined;

/** Has the compiler look at a text when it has rested. */
function checkSoon(id: string): void {
  clearTimeout(checking);
  checking = setTimeout(async () => {
    const source = editor.text(id);
    const found = await api.check(source).catch(() => undefined);
    // Meanwhile it may be another text.
    if (found && editor.shown === id && editor.text(id) === source) showComplaints(editor.view, found.errors);
  }, CHECK_REST);
}

keys({ run: () => void desk.run(), save: () => void documents.save() });
// A file that is dropped beside the board's files must not replace the page.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
// Whoever leaves takes nothing with them that is not kept; the server gets it sooner, though.
addEventListener("pagehide", () => {
  programs.flush();
  editor.rememberUndo();
});

desk.boards.watch((boards) => bar.boards(boards, desk.chosen.now));
desk.chosen.watch((board) => {
  document.title = board ? texts.title(board) : "Coil";
  bar.boards(desk.boards.now, board);
  boardPanel.clear();
  variables.clear();
  bench.board(board);
});
/** Whether something ran that may have left files and variables behind. */
let isStale = true;
let looking: ReturnType<typeof setTimeout> | undefined;
desk.state.watch((state) => {
  bar.show(state);
  // What the page itself asks for makes a board busy, and is no reason to ask again.
  if (state.is !== "prompt" && state.is !== "busy") isStale = true;
  if (state.is === "running") boardPanel.wait();
  lookSoon();
});

function lookSoon(): void {
  if (desk.state.now.is !== "prompt" || !isStale) return;
  isStale = false;
  clearTimeout(looking);
  looking = setTimeout(lookAgain, LOOK_REST);
}

function lookAgain(): void {
  if (desk.state.now.is !== "prompt" && desk.state.now.is !== "busy") return;
  void boardPanel.refresh();
  void documents.restoreOf(desk.chosen.now ?? "");
  if (aux.active.now === "variables") void variables.refresh();
}

aux.active.watch((active) => {
  aux.badge(active, false);
  void plotter.show(active === "plot");
  if (active === "variables" && desk.link) void variables.refresh();
});
theme.shown.watch((which) => {
  terminal.theme(which);
  plotter.restyle();
});

void desk.start();
void time.refresh();
// What somebody let go wrong an hour ago is easily forgotten.
void lab.air().then((air) => bench.badge("network", isWrong(air)), () => {});
void programs.start().then(() => documents.restore());
