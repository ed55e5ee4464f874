// Python as MicroPython has it: the words that mean something to its compiler, and the names that are always there.
import { type CompletionContext, type CompletionResult, completeAnyWord } from "@codemirror/autocomplete";
import { python } from "@codemirror/lang-python";
import { LanguageSupport, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { type Names, namesAfter, namesToImport } from "./known.ts";

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

/** Words of the file, and those that are always there. */
export async function wordsOfFile(context: CompletionContext): Promise<CompletionResult | null> {
  if (inText(context) || context.matchBefore(/\.\w*/)) return null;
  const found = await completeAnyWord(context);
  // Without a kind, a word is one with the same from elsewhere.
  return found && { ...found, options: found.options.map(({ label }) => ({ label })) };
}

/** Keywords and built-in names. */
export function alwaysThere(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/\w+/);
  if (inText(context) || context.matchBefore(/\.\w*/) || (!word && !context.explicit)) return null;
  return { from: word?.from ?? context.pos, options: ALWAYS, validFor: /^\w*$/ };
}

/** What is asked for names: the board, and what is known of its firmware if the board cannot be asked. */
export interface NameSources {
  /** Names that the running board has for a text such as `machine.P`; none if it cannot be asked now. */
  board(text: string): Promise<string[]>;
  firmware(): Promise<Names | undefined>;
}

/** What is under a name: as the running board has it, else as its firmware does. Kinds are the firmware's, which the board does not tell. */
export function fromBoard({ board, firmware }: NameSources) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    if (inText(context)) return null;
    const path = context.matchBefore(/[A-Za-z_][\w.]*/);
    const line = context.state.doc.lineAt(context.pos);
    const imports = namesToImport((await firmware()) ?? {}, context.state.sliceDoc(line.from, context.pos));
    if (imports) return imports.length ? { from: context.matchBefore(/\w*/)?.from ?? context.pos, options: imports, validFor: /^\w*$/ } : null;
    if (!path) return null;
    const dot = path.text.lastIndexOf(".");
    if (dot < 0 && path.text.length < 2 && !context.explicit) return null;
    const [found, names] = await Promise.all([board(path.text), firmware()]);
    const known = names ? namesAfter(names, context.state.doc.toString(), path.text) : [];
    const sorts = new Map(known.map((offer) => [offer.label, offer]));
    const options = found.length ? found.map((label) => sorts.get(label) ?? { label }) : known;
    return options.length ? { from: path.from + dot + 1, options, validFor: /^\w*$/ } : null;
  };
}
