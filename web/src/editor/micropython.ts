// Python as MicroPython has it: the words that mean something to its compiler, and the names that are always there.
import { type Completion, type CompletionContext, type CompletionResult, completeAnyWord } from "@codemirror/autocomplete";
import { python } from "@codemirror/lang-python";
import { LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { h } from "../dom.ts";
import { callAround, expressionBefore } from "./calls.ts";
import { card } from "./hints.ts";
import { describe, type Firmware, type Known, namesAfter, namesToImport, type Offer } from "./known.ts";
import { byName, hint } from "./signature.ts";

/** What the compiler treats on its own: constants, how a function is compiled, types of viper. */
const WORDS = /@(?:micropython|rp2|asyncio)\.\w+|\bconst(?=\()|\bptr(?:8|16|32)?\b/g;
/** Where a word is no code. */
const NO_CODE = /String|Comment|FormatString/;

const decorator = new MatchDecorator({
  regexp: WORDS,
  decorate(add, from, to, _match, view) {
    if (!NO_CODE.test(syntaxTree(view.state).resolveInner(from, 1).name)) add(from, to, Decoration.mark({ class: "tok-micropython" }));
  },
});

const words = ViewPlugin.fromClass(
  class {
    marks: DecorationSet;
    constructor(view: EditorView) {
      this.marks = decorator.createDeco(view);
    }
    update(update: ViewUpdate) {
      // The tree may have grown without a change of the text.
      const isNew = syntaxTree(update.startState) !== syntaxTree(update.state);
      this.marks = isNew ? decorator.createDeco(update.view) : decorator.updateDeco(update, this.marks);
    }
  },
  { decorations: (plugin) => plugin.marks },
);

/** Python, coloured by classes (`tok-…`) that the page's style has. */
export function micropython() {
  const language = python();
  // Names of another Python must not be offered.
  return [new LanguageSupport(language.language), syntaxHighlighting(classHighlighter), words];
}

const KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(" ");
const BUILTINS =
  "abs all any bin bool bytearray bytes callable chr classmethod complex delattr dict dir divmod enumerate eval exec filter float frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type zip ArithmeticError AssertionError AttributeError EOFError Exception ImportError IndexError KeyboardInterrupt KeyError MemoryError NameError NotImplementedError OSError RuntimeError StopIteration SyntaxError SystemExit TypeError ValueError ZeroDivisionError".split(" ");

const ALWAYS = [
  ...KEYWORDS.map((label) => ({ label, type: "keyword" })),
  ...BUILTINS.map((label) => ({ label, type: /^[A-Z]/.test(label) ? "class" : "function" })),
];

const inText = (context: CompletionContext) => NO_CODE.test(syntaxTree(context.state).resolveInner(context.pos, -1).name);

/** Whether a line imports, as far as it has been typed: then only names to import are offered. */
function imports({ state, pos }: CompletionContext): boolean {
  return namesToImport({ modules: {} }, state.sliceDoc(state.doc.lineAt(pos).from, pos)) !== undefined;
}

/** Words of the file, and those that are always there. */
export async function wordsOfFile(context: CompletionContext): Promise<CompletionResult | null> {
  if (inText(context) || imports(context) || context.matchBefore(/\.\w*/)) return null;
  const found = await completeAnyWord(context);
  // Without a kind, a word is one with the same from elsewhere.
  return found && { ...found, options: found.options.map(({ label }) => ({ label })) };
}

/** Keywords and built-in names. */
export function alwaysThere(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/\w+/);
  if (inText(context) || imports(context) || context.matchBefore(/\.\w*/) || (!word && !context.explicit)) return null;
  return { from: word?.from ?? context.pos, options: ALWAYS, validFor: /^\w*$/ };
}

/** What is asked for names: the board, and what is known of its firmware if the board cannot be asked. */
export interface NameSources {
  /** Names that the running board has for a text such as `machine.P`; none if it cannot be asked now. */
  board(text: string): Promise<string[]>;
  firmware(): Promise<Firmware | undefined>;
}

interface Explained extends Completion {
  known?: Known;
}

const completionOf = ({ label, type, boost, known }: Offer): Explained => ({
  label,
  type,
  ...(boost === undefined ? {} : { boost }),
  ...(known ? { known } : {}),
  ...(known?.about || known?.signature ? { info: () => h("div", { class: "meaning" }, ...card({ name: label, known })) } : {}),
});

/** Signatures and values behind the names. They are no part of the names, so that one from elsewhere is still the same. */
export const behindNames = {
  render: (completion: Completion): Node | null => {
    const text = hint((completion as Explained).known);
    return text ? h("span", { class: "behind" }, text) : null;
  },
  position: 80,
};

/** What is under a name: as the running board has it, else as its firmware does. Kinds, signatures and meaning are the firmware's, which the board does not tell. */
export function fromBoard({ board, firmware }: NameSources) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (inText(context)) return null;
    const path = context.matchBefore(/[A-Za-z_][\w.]*/);
    const line = context.state.doc.lineAt(context.pos);
    const toImport = namesToImport((await firmware()) ?? { modules: {} }, context.state.sliceDoc(line.from, context.pos));
    if (toImport) return toImport.length ? { from: context.matchBefore(/\w*/)?.from ?? context.pos, options: toImport.map(completionOf), validFor: /^\w*$/ } : null;
    const isPath = path && context.state.sliceDoc(path.from - 1, path.from) !== ".";
    if (!isPath) return afterExpression(context, await firmware());
    const dot = path.text.lastIndexOf(".");
    if (dot < 0 && path.text.length < 2 && !context.explicit) return null;
    const [found, known] = await Promise.all([board(path.text), firmware()]);
    const offers = known ? namesAfter(known, context.state.doc.toString(), path.text) : [];
    const byLabel = new Map(offers.map((offer) => [offer.label, offer]));
    const names = found.length ? found.map((label) => byLabel.get(label) ?? { label }) : offers;
    const options = [...names.map((one) => ("type" in one ? completionOf(one) : one)), ...(known && dot < 0 ? namedArguments(context, path.from, known) : [])];
    return options.length ? { from: path.from + dot + 1, options, validFor: /^\w*$/ } : null;
  };
}

/** What an argument that begins here can be called. */
function namedArguments({ state }: CompletionContext, from: number, firmware: Firmware): Completion[] {
  const call = callAround(state, from);
  // Within an argument are names of the program alone.
  if (!call || !/[(,]\s*$/.test(state.sliceDoc(call.from, from))) return [];
  const signature = describe(firmware, state.doc.toString(), call.callee)?.known.signature ?? [];
  return byName(signature).map((label) => ({ label, type: "property", boost: 1 }));
}

/** What is in a value that has no name, which the board cannot be asked for: `"a b".`, `Pin(2).`. */
function afterExpression(context: CompletionContext, firmware: Firmware | undefined): CompletionResult | null {
  const expression = expressionBefore(context.state, context.pos);
  if (expression === undefined || !firmware) return null;
  const options = namesAfter(firmware, context.state.doc.toString(), expression).map(completionOf);
  return options.length ? { from: context.matchBefore(/\w*/)?.from ?? context.pos, options, validFor: /^\w*$/ } : null;
}
