// All that the page says, in English. Another language is another file of this shape.
import type { BoardState } from "../state.ts";

const kilo = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`);

export const texts = {
  title: (board: string) => `${board} · Coil`,
  bar: {
    label: "Board",
    board: "Board",
    run: "Run",
    runHint: "Run the program (Ctrl-Enter or F5)",
    stop: "Stop",
    stopHint: "Stop the program (Ctrl-C in the terminal)",
    softReset: "Soft reset",
    softResetHint: "Start MicroPython anew, as Ctrl-D at the prompt does; main.py runs",
    en: "EN",
    enHint: "The board's EN button: a reset, as after power-on",
    boot: "BOOT",
    bootHint: "The board's BOOT button (GPIO0): down as long as it is held. Shift-click keeps it down",
    events: "Events",
    eventsHint: "What happens on all boards: pins, buses, the network",
    theme: { system: "Colours as the system has them", light: "Light colours", dark: "Dark colours" },
    noBoards: "no boards",
  },
  state(state: BoardState, isBootHeld: boolean): string {
    const held = isBootHeld ? ", BOOT is held" : "";
    switch (state.is) {
      case "away":
        return "The workshop does not answer; trying again …";
      case "starting":
        return `starting${held}`;
      case "prompt":
        return `ready${held}`;
      case "running":
        return `running ${state.program ?? "a program"}${held}`;
      case "busy":
        return `busy${held}`;
      case "gone":
        return "the board is not there";
      default:
        return `${String(state.is)}${held}`;
    }
  },
  link: {
    away: "The workshop does not answer, so nothing reaches the board. Is `coil up` still running?",
    lost: "The connection to the workshop was lost before the board had answered.",
  },
  panes: {
    side: "Width of the lists of files",
    tree: "Height of the list of programs",
    console: "Height of the terminal",
    aux: "Width of the part beside the terminal",
  },
  bench: {
    region: "Bench",
    label: "On the bench",
    toggle: "Bench",
    toggleHint: "Show or hide what is on the table: the board and what is wired to it",
    width: "Width of the bench",
    board: "Board",
  },
  circuit: {
    region: (board: string) => `What is wired to ${board}`,
    tools: "Circuit",
    none: "Choose a board above; then it lies here.",
    real: "This board lies on your own table, so there is no picture of it here: look at it, and wire its parts by hand. Editor, terminal and files work with it as with any other.",
    failed: (why: string) => `The board cannot be shown: ${why}`,
    add: "Add a part",
    addHint: "Add a part to the table (A)",
    example: "Examples",
    exampleHint: "A circuit that is wired already, with a program for it",
    examples: "Add an example circuit",
    exampleOver: "This takes the place of what is wired now. Ctrl-Z brings it back.",
    exampleYes: "Add it",
    empty: "Nothing is wired to the board yet.",
    emptyText: "Add a part and drag wires from pin to pin, or start with an example.",
    sound: "Hear the buzzers",
    undo: "Take back the last change (Ctrl-Z)",
    undoShort: "Take it back",
    redo: "Do it again (Ctrl-Y)",
    closer: "Closer (+)",
    farther: "Farther (-)",
    fit: "Show all of it (0)",
    saved: { saved: "Saved", saving: "Saving …", away: "Kept in this browser until the workshop answers", refused: "Not saved" },
    merged: "The circuit was changed elsewhere at the same time. Both changes are in it.",
    found: "What was wired here before the page ended has been saved now.",
    refused: (why: string) => `Not saved: ${why}`,
    broken: (file: string, why: string) => `The file ${file} cannot be used: ${why}`,
    startAnew: "Start with an empty circuit",
    wiring: (end: string) => `A wire from ${end}: click the pin that it goes to. Esc gives it up.`,
    palette: "Parts",
    search: "Search",
    nothingFound: "There is no such part.",
    close: "Close",
    name: "Name",
    turn: "Turn (R)",
    remove: "Delete (Del)",
    settings: "Made like this",
    wires: "Wires",
    wireOf: (pin: string, part: string) => `Wire ${part}.${pin} to`,
    more: (end: string) => `and ${end}`,
    cut: (end: string) => `Remove the wire to ${end}`,
    unwired: "not wired",
    byItself: (supply: string) => `on ${supply} by itself`,
    board: "Board",
    supplies: "Supplies",
    wire: (from: string, to: string) => `Wire: ${from} – ${to}`,
    wireLabel: (from: string, to: string) => `Wire from ${from} to ${to}`,
    wireRemove: "Remove this wire (Del)",
    partLabel: (name: string, kind: string, reading: string) => `${name}, ${kind}${reading ? `, ${reading}` : ""}`,
    badName: "A name has letters, digits, `_` and `-`, and no space.",
    taken: (name: string) => `There is a part \`${name}\` already.`,
    press: "Press",
    hold: "Keep it down",
    left: "One step to the left",
    right: "One step to the right",
    fault: "What is wrong with the circuit",
    earlier: "in an earlier run:",
    table: "Table: the board and its parts",
    dismiss: "Put away",
    onBoard: "Board",
    now: (part: string) => `What ${part} meets`,
    units: { temperature: "°C", humidity: "%", light: "lx", distance: "cm", x: "g", y: "g", z: "g", turn_x: "°/s", turn_y: "°/s", turn_z: "°/s" } as Record<string, string>,
    /** Names of settings, where the word alone does not say it. */
    settingNames: {
      ohms: "resistance (Ω)",
      bounce: "bounce (ms)",
      least_us: "shortest pulse (µs)",
      most_us: "longest pulse (µs)",
      turn_x: "turn x",
      turn_y: "turn y",
      turn_z: "turn z",
      tone: "tone (Hz)",
      megabytes: "size (MB)",
    } as Record<string, string>,
    /** What a part shows, in a word or two; nothing where its picture says it. */
    reading(kind: string, shown: Readonly<Record<string, unknown>>): string {
      const is = (name: string, unit: string, digits = 0) => (typeof shown[name] === "number" ? `${(shown[name] as number).toFixed(digits).replace(/\.0+$/, "")} ${unit}` : "");
      switch (kind) {
        case "dht11":
        case "dht22":
          return [is("temperature", "°C", 1), is("humidity", "%")].filter(Boolean).join(", ");
        case "ds18b20":
        case "lm75":
          return is("temperature", "°C", 1);
        case "ds3231":
          return typeof shown["time"] === "string" ? shown["time"] : "";
        case "ultrasonic":
          return is("distance", "cm");
        case "photoresistor":
          return is("light", "lx");
        case "potentiometer":
          return typeof shown["position"] === "number" ? `${Math.round(shown["position"] * 100)} %` : "";
        case "rotary-encoder":
          return typeof shown["position"] === "number" ? `${shown["position"]}` : "";
        case "servo":
          return typeof shown["angle"] === "number" ? `${Math.round(shown["angle"])}°` : "";
        case "buzzer":
          return typeof shown["tone"] === "number" && shown["tone"] > 0 ? `${Math.round(shown["tone"])} Hz` : "";
        case "shift-register":
          return typeof shown["outputs"] === "number" ? shown["outputs"].toString(2).padStart(8, "0") : "";
        case "sd-card":
          return typeof shown["reads"] === "number" ? `${shown["reads"]} read, ${String(shown["writes"] ?? 0)} written` : "";
        default:
          return "";
      }
    },
    keys: "Arrows move a part, R turns it, Space presses it, W wires it, Delete removes it.",
  },
  editor: {
    label: "Program",
    region: "Editor",
    tabs: "Open files",
    close: (name: string) => `Close ${name}`,
    closeQuestion: (name: string) => `Close ${name} without saving it?`,
    closeText: "The board has the file as it was before; what was changed is lost. Ctrl-S saves it to the board.",
    closeUnsaved: "Close without saving",
    state: {
      saved: "saved",
      saving: "saving …",
      kept: "kept in this browser until the workshop answers",
      edited: "not saved to the board yet (Ctrl-S)",
    },
    onBoard: (board: string) => `on ${board}`,
    toBoard: "Copy to the board",
    toBoardQuestion: "Copy this program to the board",
    toBoardLabel: "Name on the board (main.py runs at each start)",
    copied: (name: string) => `${name} is on the board now.`,
    save: "Save to the board (Ctrl-S)",
    otherBoard: (board: string) => `This file is ${board}'s; choose that board above to save it.`,
    welcome: "Nothing is open",
    welcomeText: "A program is a file in the workshop's folder. It is saved while you type, and Ctrl-Enter runs it on the board.",
    nothingToRun: "Open a program first; then this runs it.",
    notThere: (name: string) => `${name} is not there any more.`,
  },
  programs: {
    region: "Programs",
    create: "New program",
    createLabel: "Name",
    createName: "program.py",
    example: "Start with an example",
    rename: "Rename",
    renameLabel: "New name",
    remove: "Delete",
    removeQuestion: (name: string) => `Delete ${name}?`,
    removeText: "It goes to the folder programs/.history of the workshop.",
    empty: "No programs yet.",
    badName: (name: string) => `\`${name}\` cannot be the name of a program: no part may be empty or start with a dot.`,
    isThere: (name: string) => `There is a program \`${name}\` already; choose another name.`,
    copied: (from: string, to: string) => `${from} was changed elsewhere as well. Your text is in ${to}; ${from} shows the other one.`,
    removed: (name: string) => `${name} was deleted or renamed elsewhere.`,
    notSaved: (name: string, why: string) => `${name} is not saved: ${why}. It is kept in this browser and tried again.`,
    tooManyCopies: (name: string) => `there is no free name for another copy of ${name}; delete some of its copies`,
    noRoom: "This browser's storage is full: what you type is with the workshop alone, a moment later than usual.",
  },
  files: {
    region: "On the board",
    refresh: "Look again",
    upload: "Upload files",
    folder: "New folder",
    folderLabel: "Name of the folder",
    folderName: "lib",
    download: "Download",
    rename: "Rename",
    renameLabel: "New name",
    remove: "Delete",
    removeQuestion: (name: string) => `Delete ${name} from the board?`,
    removeFile: "A board keeps no second copy.",
    removeFolder: "All that is in it goes with it. A board keeps no second copy.",
    free: (free: number, total: number) => `${kilo(free)} of ${kilo(total)} free`,
    busy: "To be seen when the program has ended.",
    empty: "There are no files on the board.",
    binary: (name: string) => `${name} is no text; it was downloaded instead.`,
    tooBig: (name: string, most: number) => `${name} is larger than ${kilo(most)}, the most that goes to a board at a time.`,
    uploaded: (count: number) => (count === 1 ? "One file is on the board now." : `${count} files are on the board now.`),
    dropHere: "Drop files to put them on the board",
    none: "Choose a file first.",
  },
  terminal: {
    region: "Terminal",
    label: "Terminal of the board",
    leftOut: (bytes: number) => `[ ${kilo(bytes)} left out: the board says more than can be shown ]`,
    refused: (bytes: number) => `${kilo(bytes)} did not reach the board: it takes nothing now. Paste less at a time, or stop its program.`,
    clear: "Clear the terminal",
  },
  aux: {
    label: "Beside the terminal",
    explain: "Explanation",
    variables: "Variables",
    plot: "Plotter",
  },
  explain: {
    empty: "When something goes wrong on the board, this says why and what to do.",
    where: (file: string, line: number) => `${file}, line ${line}`,
    why: "Why",
    fix: "What to do",
    read: "Read on",
    unknown: "There is no explanation for this one yet. The last line of the traceback says what is wrong, the lines above it where.",
  },
  variables: {
    refresh: "Look again",
    name: "Name",
    type: "Type",
    value: "Value",
    size: "Size",
    empty: "What the program's variables hold is shown here when it has ended.",
    none: "There are no variables.",
    busy: "To be seen when the program has ended.",
    length: (count: number) => `${count}`,
    bytes: (count: number) => `${count} B`,
  },
  plot: {
    empty: "Numbers that the program prints are drawn here: `print(21.5)`, `print(1, 2)` or `print('temp:', 21.5)`, a line at a time.",
    pause: "Hold the picture",
    clear: "Start anew",
    row: "line",
    unnamed: (nth: number) => `value ${nth}`,
  },
  pins: {
    tab: "Pins",
    label: "Pins over time",
    role: "logic analyser",
    keys: "Up and Down choose a row. Left and Right take the cursor to its changes, with Shift by a pixel. A and B choose a cursor, Delete takes it away. Plus and Minus zoom, Page Up and Page Down move in time, Home and End go to the start and to now, F shows all, Space holds.",
    tools: "Tools of the picture of pins",
    hold: "Hold",
    holdHint: "Stop recording and look in peace (Space)",
    goOn: "Go on",
    goOnHint: "Record again (Space)",
    live: "Now \u25b8",
    zoomIn: "Larger (+, or turn the wheel)",
    zoomOut: "Smaller (\u2212, or turn the wheel)",
    fit: "Show all of it (F)",
    clear: "Start anew",
    save: "Save as signals (VCD, for PulseView and GTKWave)",
    trigger: "Hold by itself",
    triggerHint: "Hold by itself when a pin changes",
    noTrigger: "Hold when \u2026",
    triggerOn: (pin: string, level: number) => `${pin} ${level ? "goes high \u2191" : "goes low \u2193"}`,
    empty: "What happens on the board's pins is drawn here over time: levels, PWM, voltages, and what goes over I2C, SPI, UART and other buses. Run a program that uses one:",
    example: "from machine import Pin\nimport time\nled = Pin(2, Pin.OUT)\nwhile True:\n    led.value(not led.value())\n    time.sleep(0.5)",
    howTo: "Click to put a cursor, drag to move in time, turn the wheel to zoom.",
    another: "A second click measures the time between.",
    high: "high",
    low: "low",
    unknown: "not known yet",
    since: (level: string, span: string) => `${level} for ${span} until now`,
    lasts: (level: string, span: string) => `${level} for ${span}`,
    pwm: (freq: string, duty: string) => `PWM, ${freq}, ${duty}`,
    share: (duty: string) => `${duty} of the time high`,
    alwaysLow: "always low",
    alwaysHigh: "always high",
    notYet: "no value yet",
    voltsAt: {
      adc: (volts: string, ago: string) => `${volts} V, read ${ago} before`,
      dac: (volts: string, ago: string) => `${volts} V, set ${ago} before`,
    },
    volts: { adc: "ADC, volts", dac: "DAC, volts" },
    silent: "nothing goes over the bus",
    missed: "not recorded",
    forgotten: "forgotten",
    marks: { reset: "reset", soft_reset: "soft reset" },
    bus: {
      i2c: () => "I2C",
      spi: () => "SPI",
      uart: (unit?: number) => `UART ${unit ?? ""}`,
      onewire: () => "1-Wire",
      dht: () => "DHT",
      bits: () => "Lights",
    },
    roles: { i2c: ["clock", "data"], spi: ["clock", "out", "back"] } as Record<string, string[]>,
    start: "start",
    stop: "stop",
    read: "read",
    write: "write",
    nobody: "nobody answers at this address",
    nobodyShort: "nobody",
    refused: "the last was refused",
    i2cHead: (address: string, isRead: boolean) => (isRead ? `read from ${address}` : `write to ${address}`),
    i2cMore: "goes on",
    spi: (out: string, back: string) => `out ${out}, back ${back}`,
    uart: (text: string, bytes: string) => `${text}, ${bytes}`,
    lights: (colors: string) => `colours ${colors}`,
    reset: "reset",
    present: "reset, somebody answers",
    absent: "reset, nobody answers",
    dhtSilent: "nobody answers",
    dhtSilentShort: "nobody",
    dhtSum: "the sum is wrong",
    dhtSumShort: "sum?",
    romCommands: { 0xcc: "to all", 0x55: "choose one", 0x33: "who are you", 0xf0: "search", 0xec: "search alarms" } as Record<number, string>,
    functionCommands: { 0x44: "measure", 0xbe: "read memory", 0x4e: "write memory", 0x48: "keep settings", 0xb8: "recall settings", 0xb4: "how powered" } as Record<number, string>,
  },
  memory: {
    tab: "Memory",
    empty: "Looking at the board \u2026",
    python: "Python's memory",
    aboutPython: "What your program's objects take. What is no longer used is collected when the room gets scarce, so that this goes up and down; when nothing is left there is a MemoryError.",
    chip: "The chip's own memory",
    aboutChip: "Beside Python's: WiFi, sockets and encrypted connections are here. Each HTTPS connection that was not closed takes about 40 KB; when nothing is left the next one fails.",
    numbers: (free: number, total: number, lowest: number) => `${kilo(free)} of ${kilo(total)} free, ${kilo(lowest)} at worst`,
    lowest: (bytes: number) => `At worst ${kilo(bytes)} were free`,
    sockets: "Open sockets",
    socketsOpen: (count: number) => (count ? `Open sockets: ${count}` : "Open sockets"),
    noSockets: "No connection is open. One that your program opens and does not close stays here, with the line that opened it.",
    call: (file: string, line: number, name: string) => `${file}:${line} ${name}`,
  },
  dialog: { cancel: "Cancel", create: "Create", rename: "Rename", remove: "Delete", copy: "Copy" },
  notices: { label: "Notices", close: "Put away" },
};
