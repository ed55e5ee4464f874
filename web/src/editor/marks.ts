// What is wrong, at its line: what the compiler says of the text, and where the last run ended.
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { Complaint } from "../api.ts";
import { h } from "../dom.ts";
import { prose } from "../explain.ts";
import type { Explained } from "../state.ts";

/** Where a run ended, and with what. */
export interface Crash {
  line: number;
  text: string;
  explained: Explained | null;
}

interface Kept extends Crash {
  /** Where the line starts now. */
  from: number;
}

const setCrash = StateEffect.define<Kept | null>();

/** The crash moves with its line, and is gone when that is changed. */
const crash = StateField.define<Kept | null>({
  create: () => null,
  update(kept, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCrash)) return effect.value;
    if (!kept || !transaction.docChanged) return kept;
    const line = transaction.startState.doc.lineAt(kept.from);
    if (transaction.changes.touchesRange(line.from, line.to)) return null;
    return { ...kept, from: transaction.changes.mapPos(kept.from, 1) };
  },
});

const setComplaints = StateEffect.define<Complaint[]>();
const complaints = StateField.define<Complaint[]>({
  create: () => [],
  update(kept, transaction) {
    for (const effect of transaction.effects) if (effect.is(setComplaints)) return effect.value;
    return kept;
  },
});

export const marks: Extension = [crash, complaints, lintGutter()];

/** Shows what the compiler says of this text. */
export function showComplaints(view: EditorView, found: Complaint[]): void {
  view.dispatch({ effects: setComplaints.of(found) });
  redraw(view);
}

/** Shows where the last run ended; nothing if it ended well. */
export function showCrash(view: EditorView, ended: Crash | null): void {
  const isThere = ended && ended.line >= 1 && ended.line <= view.state.doc.lines;
  const kept = isThere ? { ...ended, from: view.state.doc.line(ended.line).from } : null;
  view.dispatch({ effects: [setCrash.of(kept), ...(kept ? [EditorView.scrollIntoView(kept.from, { y: "nearest", yMargin: 40 })] : [])] });
  redraw(view);
}

function redraw(view: EditorView): void {
  const { state } = view;
  const found = state.field(complaints).map((c) => diagnostic(state, c.line, c.column, c.text, c.explained ?? null));
  const kept = state.field(crash);
  if (kept) found.push(diagnostic(state, state.doc.lineAt(kept.from).number, undefined, kept.text, kept.explained));
  view.dispatch(setDiagnostics(state, found));
}

function diagnostic(state: EditorState, at: number, column: number | undefined, text: string, explained: Explained | null): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(at, 1), state.doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  const from = Math.min(line.from + (column ? column - 1 : indent), line.to);
  return {
    from,
    to: Math.max(line.to, from),
    severity: "error",
    message: text,
    renderMessage: () =>
      h("div", { class: "mark" }, h("code", { class: "said" }, text), explained && h("p", {}, ...prose(explained.cause)), explained && h("p", {}, ...prose(explained.fix))),
  };
}
