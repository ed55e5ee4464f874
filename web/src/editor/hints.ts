// What calls take and what names mean, beside the text: while a call is typed, where the pointer rests, and where somebody asks by Ctrl-Shift-Space.
import { type EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { h } from "../dom.ts";
import { prose } from "../explain.ts";
import { texts } from "../texts/en.ts";
import { callAround, nameAt } from "./calls.ts";
import { type Described, describe, type Firmware } from "./known.ts";
import { parameterOf, spoken } from "./signature.ts";

/** Milliseconds that the cursor rests before what is shown is read out. */
const REST_MS = 900;
/** Milliseconds that the pointer rests on a name. */
const HOVER_MS = 350;

type Ask = () => Promise<Firmware | undefined>;

/** What is shown at a place of the text. */
interface Hint {
  described: Described;
  /** The parameter that is being typed; -1 for none. */
  parameter: number;
  /** Where it is shown. */
  at: number;
  /** Where the brackets of the call begin; nothing if it is of a name. */
  call?: number;
}

const setFirmware = StateEffect.define<Firmware>();
const firmwareField = StateField.define<Firmware | undefined>({
  create: () => undefined,
  update: (kept, transaction) => transaction.effects.find((e) => e.is(setFirmware))?.value ?? kept,
});

/** Somebody put away what is shown, or asks for it. */
const wish = StateEffect.define<"away" | "show">();

interface Shown {
  hint: Hint | null;
  tooltip: Tooltip | null;
  /** The brackets of the call about which nothing is to be shown. */
  away: number | null;
}

const shown = StateField.define<Shown>({
  create: () => ({ hint: null, tooltip: null, away: null }),
  update(kept, transaction) {
    const { state, docChanged, effects } = transaction;
    const wanted = effects.find((e) => e.is(wish))?.value;
    const isNew = docChanged || transaction.selection !== undefined || wanted !== undefined || effects.some((e) => e.is(setFirmware));
    if (!isNew) return kept;
    const call = hintOfCall(state);
    if (wanted === "away") return { hint: null, tooltip: null, away: kept.hint?.call ?? null };
    let away = wanted === "show" || kept.away === null ? null : transaction.changes.mapPos(kept.away);
    if (call?.call !== away) away = null;
    const hint = away !== null ? null : (call ?? (wanted === "show" ? hintOfName(state) : null));
    return { hint, tooltip: hint && isSame(hint, kept.hint) ? kept.tooltip : hint && tooltipOf(hint), away };
  },
  provide: (field) => showTooltip.from(field, ({ tooltip }) => tooltip),
});

const isSame = (a: Hint, b: Hint | null) => b !== null && a.at === b.at && a.parameter === b.parameter && a.described.name === b.described.name && a.described.known === b.described.known;

function hintOfCall(state: EditorState): Hint | null {
  const firmware = state.field(firmwareField);
  const { empty, head } = state.selection.main;
  const call = firmware && empty ? callAround(state, head) : undefined;
  const described = firmware && call && describe(firmware, state.doc.toString(), call.callee);
  const signature = described?.known.signature;
  if (!call || !described || !signature) return null;
  return { described, parameter: parameterOf(signature, call.argument), at: call.from, call: call.from };
}

function hintOfName(state: EditorState): Hint | null {
  const firmware = state.field(firmwareField);
  const { head } = state.selection.main;
  const name = nameAt(state, head, -1) ?? nameAt(state, head, 1);
  const described = firmware && name && worthTelling(describe(firmware, state.doc.toString(), name.expression));
  return described ? { described, parameter: -1, at: name.from } : null;
}

const worthTelling = (described: Described | undefined) => (described && (described.known.about || described.known.signature || described.known.value !== undefined) ? described : undefined);

function tooltipOf({ described, parameter, at }: Hint): Tooltip {
  // What is read out says the same.
  return { pos: at, above: true, create: () => ({ dom: h("div", { class: "meaning", "aria-hidden": "true" }, ...card(described, parameter)) }) };
}

/** A name's signature, with a parameter marked, and what it means. */
export function card({ name, known }: Described, parameter = -1): Node[] {
  const { signature, returns, value, about } = known;
  const head = h("code", { class: "signature" }, h("b", {}, name));
  if (signature) {
    head.append("(");
    // That arguments before a slash have no name, nobody needs to know who gives them none.
    const told = [...signature.entries()].filter(([, text]) => text !== "/");
    for (const [nth, [at, text]] of told.entries()) head.append(nth ? ", " : "", h(at === parameter ? "mark" : "span", {}, text));
    head.append(")");
    if (returns) head.append(" ", h("span", {}, `→ ${returns}`));
  } else if (value !== undefined) head.append(` = ${value}`);
  return about ? [head, h("p", {}, ...prose(about))] : [head];
}

/** What is shown is read out when the cursor rests: a call once, then only the parameters. */
function reader(ask: Ask) {
  return ViewPlugin.fromClass(
    class {
      readonly live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
      timer: ReturnType<typeof setTimeout> | undefined;
      told: Described | undefined;
      asked = false;

      constructor(readonly view: EditorView) {
        view.dom.append(this.live);
      }

      update(update: ViewUpdate) {
        const { state } = update;
        if (!this.asked && !state.field(firmwareField) && callAround(state, state.selection.main.head)) {
          this.asked = true;
          ask().then((firmware) => {
            this.asked = false;
            if (firmware && this.view.state.field(firmwareField, false) === undefined) this.view.dispatch({ effects: setFirmware.of(firmware) });
          });
        }
        const { hint } = state.field(shown);
        const before = update.startState.field(shown, false)?.hint ?? null;
        if (hint === before) return;
        clearTimeout(this.timer);
        if (!hint) this.say("", undefined);
        else this.timer = setTimeout(() => this.tell(hint), REST_MS);
      }

      tell({ described, parameter }: Hint) {
        const isNew = this.told?.known !== described.known;
        const now = parameter < 0 ? "" : texts.hints.parameter(described.known.signature?.[parameter] ?? "");
        this.say(isNew ? `${spoken(described.name, described.known)} ${now}` : now, described);
      }

      say(text: string, told: Described | undefined) {
        this.told = told;
        if (this.live.textContent !== text) this.live.textContent = text;
      }

      destroy() {
        clearTimeout(this.timer);
        this.live.remove();
      }
    },
  );
}

/** Puts away what is shown of a call; others may have something to do at Esc as well. */
function putAway(view: EditorView): boolean {
  if (view.state.field(shown).hint) view.dispatch({ effects: wish.of("away") });
  return false;
}

function show(ask: Ask) {
  return (view: EditorView): boolean => {
    const state = view.state;
    ask().then((firmware) => {
      if (view.state !== state || !firmware) return;
      view.dispatch({ effects: [...(state.field(firmwareField) ? [] : [setFirmware.of(firmware)]), wish.of("show")] });
    });
    return true;
  };
}

export function hints(ask: Ask): Extension {
  const hover = hoverTooltip(
    async (view, at, side) => {
      const name = nameAt(view.state, at, side);
      const firmware = name && (await ask());
      const described = firmware && worthTelling(describe(firmware, view.state.doc.toString(), name.expression));
      return described ? { pos: name.from, end: name.to, above: true, create: () => ({ dom: h("div", { class: "meaning" }, ...card(described)) }) } : null;
    },
    { hoverTime: HOVER_MS },
  );
  return [firmwareField, shown, reader(ask), hover, Prec.high(keymap.of([{ key: "Escape", run: putAway }, { key: "Mod-Shift-Space", run: show(ask) }]))];
}
