// The one editor, and what it shows: a state per document, with its own undo.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionStatus, selectedCompletionIndex, setSelectedCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyField, historyKeymap, indentLess, insertTab, toggleComment } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Transaction } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { texts } from "../texts/en.ts";
import { difference } from "./diff.ts";
import { hints } from "./hints.ts";
import type { Firmware } from "./known.ts";
import { marks } from "./marks.ts";
import { alwaysThere, behindNames, fromBoard, micropython, wordsOfFile } from "./micropython.ts";

const UNDO = "coil.undo.";
/** Characters of a document's undo that are kept over a reload. */
const UNDO_MAX = 300_000;

export interface EditorHooks {
  /** Whoever sits here has changed a document. */
  edited(id: string, text: string): void;
  /** The document that is shown has another text, whoever changed it. */
  changed(id: string): void;
  /** Names that the board has for a text such as `machine.P`. */
  names(text: string): Promise<string[]>;
  /** Names that the boards' firmware has, and what they mean; nothing if the workshop does not answer. */
  firmware(): Promise<Firmware | undefined>;
}

export class Editor {
  readonly view: EditorView;
  #shown: string | undefined;
  readonly #states = new Map<string, { state: EditorState; top: number }>();

  constructor(
    parent: HTMLElement,
    private readonly hooks: EditorHooks,
  ) {
    this.view = new EditorView({ parent, state: EditorState.create() });
  }

  has(id: string): boolean {
    return this.#states.has(id);
  }

  get shown(): string | undefined {
    return this.#shown;
  }

  add(id: string, text: string): void {
    const extensions = this.#extensions(id);
    const state = recallUndo(id, text, extensions) ?? EditorState.create({ doc: text, extensions });
    this.#states.set(id, { state, top: 0 });
  }

  /** Keeps what can be undone, for the next load of the page in this tab. */
  rememberUndo(): void {
    this.#putAside();
    for (const [id, { state }] of this.#states) {
      const text = JSON.stringify(state.toJSON({ history: historyField }));
      try {
        if (text.length <= UNDO_MAX) sessionStorage.setItem(UNDO + id, text);
        else sessionStorage.removeItem(UNDO + id);
      } catch {
        // Without room the text is kept, and its undo is not.
      }
    }
  }

  /** Shows a document that was added. */
  show(id: string): void {
    const next = this.#states.get(id);
    if (!next || this.#shown === id) return;
    this.#putAside();
    this.#shown = id;
    this.view.setState(next.state);
    this.view.scrollDOM.scrollTop = next.top;
    this.hooks.changed(id);
  }

  remove(id: string): void {
    this.#states.delete(id);
    if (this.#shown === id) {
      this.#shown = undefined;
      this.view.setState(EditorState.create());
    }
  }

  text(id: string): string {
    return this.#stateOf(id)?.doc.toString() ?? "";
  }

  /** Gives a document another text, which somebody else has written. */
  replace(id: string, text: string): void {
    const kept = this.#states.get(id);
    const state = this.#stateOf(id);
    const changes = state && difference(state.doc.toString(), text);
    if (!kept || !changes) return;
    // Undo goes back over one's own changes alone.
    const spec = { changes, annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true)] };
    if (this.#shown === id) this.view.dispatch(spec);
    else kept.state = kept.state.update(spec).state;
  }

  /** Gives the document that is shown another text, as whoever sits here would: it can be taken back. */
  change(text: string): void {
    const changes = difference(this.view.state.doc.toString(), text);
    if (changes) this.view.dispatch({ changes, userEvent: "input.history", scrollIntoView: true });
    this.view.focus();
  }

  /** Puts the cursor at a line, counted from 1. */
  goTo(line: number): void {
    const at = this.view.state.doc.line(Math.min(Math.max(line, 1), this.view.state.doc.lines));
    this.view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
    this.view.focus();
  }

  #stateOf(id: string): EditorState | undefined {
    return this.#shown === id ? this.view.state : this.#states.get(id)?.state;
  }

  #putAside(): void {
    const kept = this.#shown && this.#states.get(this.#shown);
    if (!kept) return;
    kept.state = this.view.state;
    kept.top = this.view.scrollDOM.scrollTop;
  }

  #extensions(id: string): Extension {
    return [
      lineNumbers(),
      highlightActiveLineGutter(),
      history(),
      foldGutter(),
      drawSelection(),
      EditorState.allowMultipleSelections.of(true),
      EditorState.tabSize.of(4),
      indentUnit.of("    "),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      // Enter ends a line, unless one of the names was chosen; so no key has to wait until the list has been seen.
      autocompletion({ override: [wordsOfFile, alwaysThere, fromBoard({ board: (text) => this.hooks.names(text), firmware: () => this.hooks.firmware() })], icons: true, selectOnOpen: false, interactionDelay: 0, addToOptions: [behindNames] }),
      hints(() => this.hooks.firmware()),
      rectangularSelection(),
      crosshairCursor(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      micropython(),
      marks,
      keymap.of([
        { key: "Tab", run: acceptFirst },
        { key: "Tab", run: insertIndent, shift: indentLess },
        { key: "Mod-/", run: toggleComment },
        ...closeBracketsKeymap,
        // Ctrl-Enter runs the program.
        ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
        ...searchKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...lintKeymap,
      ]),
      EditorView.contentAttributes.of({ "aria-label": texts.editor.label, tabindex: "0", spellcheck: "false" }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        if (!update.transactions.some((t) => t.annotation(Transaction.remote))) this.hooks.edited(id, update.state.doc.toString());
        this.hooks.changed(id);
      }),
    ];
  }
}

/** The state with the undo that was kept, if it is of this text. */
function recallUndo(id: string, text: string, extensions: Extension): EditorState | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(UNDO + id) ?? "null");
    return kept?.doc === text ? EditorState.fromJSON(kept, { extensions }, { history: historyField }) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the name that is chosen among those offered, or the first. */
function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== "active") return false;
  if (selectedCompletionIndex(view.state) === null) view.dispatch({ effects: setSelectedCompletion(0) });
  acceptCompletion(view);
  return true;
}

/** Indents what is selected, or puts in spaces up to the next stop. */
function insertIndent(view: EditorView): boolean {
  const { state } = view;
  if (state.selection.ranges.some((range) => !range.empty)) return insertTab(view);
  view.dispatch(
    state.changeByRange((range) => {
      const column = range.head - state.doc.lineAt(range.head).from;
      const insert = " ".repeat(4 - (column % 4));
      return { changes: { from: range.head, insert }, range: range.map(state.changes({ from: range.head, insert }), 1) };
    }),
    { userEvent: "input", scrollIntoView: true },
  );
  return true;
}
