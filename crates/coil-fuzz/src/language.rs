//! The language: source texts, and generated programs.

use crate::chance::Choices;
use crate::generate;
use crate::machine;
use coil_vm::compiler::{ErrorKind, Mode, Options, bytecode, compile, is_incomplete};

/// Pieces of source texts.
pub(crate) const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "=",
    "==",
    "*",
    "**",
    "\n",
    "\n    ",
    "    ",
    "\t",
    "if ",
    "else ",
    "elif ",
    "yield ",
    "yield from ",
    "await ",
    "return ",
    "break\n",
    "continue\n",
    "def ",
    "class ",
    "lambda ",
    "x",
    "1",
    "'",
    "\"",
    "'''",
    "f'{",
    "!r:",
    "not ",
    ":=",
    "->",
    ".",
    "...",
    "0x",
    "1_0",
    "@",
    "@micropython.viper\n",
    "@micropython.native\n",
    "async ",
    "for ",
    " in ",
    "nonlocal x\n",
    "global x\n",
    "\\",
    "\\\n",
    "\r",
    "\0",
    "é",
    "finally:\n",
    "except:\n",
    "except* ",
    "del ",
    "import ",
    "from ",
    "as ",
    ";",
    "#",
    "1e",
    "range(",
    "super()",
    "b'",
    "rb'",
    "\\x",
    "\\N{",
    "\\u",
    "with ",
    "try:\n",
    "raise ",
    "1j",
    "None",
    "__debug__",
    "is ",
    "//=",
    ">>=",
    "ptr8(",
    "uint(",
    "while True:\n",
    "pass\n",
];

/// A source text, compiled in every mode: what comes out must verify.
pub(crate) fn parser(input: &[u8]) {
    let source = String::from_utf8_lossy(input);
    for mode in [Mode::Module, Mode::Single, Mode::Eval] {
        for (opt_level, single_floats) in [(0, false), (3, true)] {
            // It must be refused or verify.
            let _ = verified(
                &source,
                &Options {
                    mode,
                    opt_level,
                    single_floats,
                    hot_loops: opt_level > 0,
                    ..Options::default()
                },
            );
        }
    }
    let _ = is_incomplete(&source);
}

fn verified(source: &str, options: &Options) -> Result<(), ErrorKind> {
    let unit = compile(source, options).map_err(|e| e.kind)?;
    if let Err(e) = bytecode::verify(&unit) {
        panic!("the compiler's own code does not verify: {e}\n{source}");
    }
    let _ = bytecode::disassemble(&unit);
    Ok(())
}

/// A generated program: it follows the grammar, so nothing but its size may be refused.
pub(crate) fn grammar(input: &[u8]) {
    let source = generate::program(&mut Choices(input));
    let options = Options::default();
    match verified(&source, &options) {
        Ok(()) | Err(ErrorKind::Recursion | ErrorKind::Overflow) => {}
        Err(kind) => {
            let message = compile(&source, &options).expect_err("just refused");
            panic!("a program of the grammar is refused, {kind:?}: {message}\n{source}");
        }
    }
}

/// A source text, run in a small heap. The first byte says how.
pub(crate) fn program(input: &[u8]) {
    let (heap, single, stress) = how(input);
    machine::run(input, heap, single, stress);
}

/// Heap, precision and stress, as the length of an input has them: every byte of it is program.
fn how(input: &[u8]) -> (u32, bool, bool) {
    let heap = [6_000, 20_000, 64_000][input.len() % 3];
    (heap, input.len().is_multiple_of(2), input.len().is_multiple_of(5))
}

/// A generated program prints the same whether memory is collected rarely or at every allocation.
pub(crate) fn collector(input: &[u8]) {
    let mut choices = Choices(input);
    let single = choices.one_in(2);
    let source = generate::runnable(&mut choices);
    let rarely = machine::run(source.as_bytes(), 1 << 20, single, false);
    let always = machine::run(source.as_bytes(), 1 << 20, single, true);
    let limited = |r: &machine::Run| {
        !r.in_time || [&b"MemoryError"[..], b"recursion depth"].iter().any(|w| has(&r.output, w))
    };
    if limited(&rarely) || limited(&always) {
        return;
    }
    let (rarely, always) = (without_addresses(&rarely.output), without_addresses(&always.output));
    assert!(
        rarely == always,
        "collecting changes what a program does\n{source}\n== rarely\n{rarely}\n== always\n{always}"
    );
}

fn has(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|w| w == word)
}

/// A text in which every address is the same: they are others at each run. They stand behind
/// ` at ` and the like, or are hexadecimal numbers.
fn without_addresses(text: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(text).into_owned();
    for before in ["0x", " at ", "bound_method "] {
        let mut parts = text.split(before);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            out.push_str(before);
            out.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
        }
        text = out;
    }
    text
}
