//! Texts that are refused: the class, message and line are those of the reference.

use coil_compiler::ErrorKind::{Indentation, NotImplemented, Syntax, ViperType};
use coil_compiler::{ErrorKind, Mode, Options, compile, is_incomplete};

const CASES: &[(&str, ErrorKind, &str, u32)] = &[
    ("x = = 1\n", Syntax, "invalid syntax", 1),
    ("a b\n", Syntax, "invalid syntax", 1),
    ("x = 1\ny = (2\n", Syntax, "invalid syntax", 3),
    ("x = 1\n  y = 2\n", Indentation, "unexpected indent", 2),
    ("  x = 1\n", Indentation, "unexpected indent", 1),
    ("if x:\n    a\n  b\n", Indentation, "unindent doesn't match any outer indent level", 2),
    ("if x:\npass\n", Syntax, "invalid syntax", 2),
    ("x = 1a\n", Syntax, "invalid syntax for integer with base 10", 1),
    ("x = 0b12\n", Syntax, "invalid syntax for integer with base 2", 1),
    ("x = 0x\n", Syntax, "invalid syntax for integer with base 16", 1),
    ("x = 012\n", Syntax, "invalid syntax for integer with base 0", 1),
    ("x = 1.2.3\n", Syntax, "invalid syntax for number", 1),
    ("x = '\\N{DIGIT ONE}'\n", NotImplemented, "unicode name escapes", 0),
    ("x = 'abc\n", Syntax, "invalid syntax", 1),
    ("x = f'{}'\n", Syntax, "malformed f-string", 1),
    ("x = f'{a:\n}'\n", Syntax, "invalid syntax", 1),
    ("f(**a, (b for b in c))\n", Syntax, "positional arg after **", 1),
    ("f(a=1, (b := c))\n", Syntax, "positional arg after keyword arg", 1),
    ("f(a=1, {b for b in c})\n", Syntax, "positional arg after keyword arg", 1),
    ("x = 'a' b'b'\n", Syntax, "invalid syntax", 1),
    ("f() = 1\n", Syntax, "can't assign to expression", 1),
    ("1 = x\n", Syntax, "can't assign to expression", 1),
    ("a + 1 = x\n", Syntax, "can't assign to expression", 1),
    ("(a, b) += 1\n", Syntax, "can't assign to expression", 1),
    ("() = x\n", Syntax, "can't assign to expression", 1),
    ("(1 := 2)\n", Syntax, "can't assign to expression", 1),
    ("*a, *b = x\n", Syntax, "multiple *x in assignment", 1),
    ("x = *a\n", Syntax, "*x must be assignment target", 1),
    ("[*a]\n", Syntax, "*x must be assignment target", 1),
    ("del f()\n", Syntax, "can't delete expression", 1),
    ("del 1\n", Syntax, "can't delete expression", 1),
    ("break\n", Syntax, "'break'/'continue' outside loop", 1),
    ("x = 1\ncontinue\n", Syntax, "'break'/'continue' outside loop", 2),
    ("def f():\n    break\n", Syntax, "'break'/'continue' outside loop", 2),
    ("return\n", Syntax, "'return' outside function", 1),
    ("yield\n", Syntax, "'yield' outside function", 1),
    ("class A:\n    x = yield\n", Syntax, "'yield' outside function", 2),
    ("await x\n", Syntax, "'await' outside function", 1),
    ("def f():\n    async with x: pass\n", Syntax, "async for/with outside async function", 2),
    ("def f(a, a): pass\n", Syntax, "argument name reused", 1),
    ("def f(a=1, b): pass\n", Syntax, "non-default argument follows default argument", 1),
    ("def f(**a, b): pass\n", Syntax, "invalid syntax", 1),
    ("def f(a, /): pass\n", Syntax, "invalid syntax", 1),
    ("try:\n    a\nexcept:\n    b\nexcept C:\n    d\n", Syntax, "default 'except' must be last", 3),
    ("nonlocal x\n", Syntax, "can't declare nonlocal in outer code", 1),
    ("def f():\n    nonlocal x\n", Syntax, "no binding for nonlocal found", 2),
    ("def f():\n    x = 1\n    global x\n", Syntax, "identifier redefined as global", 3),
    (
        "def f():\n    x = 1\n    def g():\n        x = 2\n        nonlocal x\n",
        Syntax,
        "identifier redefined as nonlocal",
        5,
    ),
    ("def f():\n    from a import *\n", Syntax, "import * not at module level", 2),
    ("f(**a, *b)\n", Syntax, "* arg after **", 1),
    ("f(a=1, *b)\n", Syntax, "* arg after kwarg", 1),
    ("f(**a, b)\n", Syntax, "positional arg after **", 1),
    ("f(a=1, b)\n", Syntax, "positional arg after keyword arg", 1),
    ("f(1=2)\n", Syntax, "LHS of keyword arg must be an id", 1),
    ("{1: 2, 3}\n", Syntax, "expecting key:value for dict", 1),
    ("{1, 2: 3}\n", Syntax, "expecting just a value for set", 1),
    ("def f():\n    super()\n", Syntax, "super() can't find self", 2),
    ("from micropython import const\nA = const(b)\n", Syntax, "not a constant", 2),
    ("@micropython.foo\ndef f(): pass\n", Syntax, "invalid micropython decorator", 1),
    ("@micropython.asm_thumb\ndef f(): pass\n", Syntax, "invalid micropython decorator", 1),
    ("@micropython.viper\ndef f(a: foo): pass\n", ViperType, "unknown type 'foo'", 2),
    ("x.__debug__\n", Syntax, "invalid syntax", 1),
];

#[test]
fn errors_are_worded_and_placed_as_in_the_reference() {
    for (source, kind, message, line) in CASES {
        let error = compile(source, &Options::default()).expect_err(source);
        assert_eq!(
            (error.kind, error.message.as_str(), error.line),
            (*kind, *message, *line),
            "{source}"
        );
    }
}

#[test]
fn modes_accept_what_they_stand_for() {
    let accepts = |mode, source| compile(source, &Options { mode, ..Options::default() }).is_ok();
    assert!(accepts(Mode::Eval, "1 + x\n"));
    assert!(accepts(Mode::Eval, "1, 2"));
    assert!(!accepts(Mode::Eval, "x = 1"));
    assert!(!accepts(Mode::Eval, ""));
    assert!(!accepts(Mode::Eval, " 1"));
    assert!(accepts(Mode::Single, "x = 1; y\n"));
    assert!(accepts(Mode::Single, "if x:\n    y\n\n"));
    assert!(!accepts(Mode::Single, "x = 1\ny = 2\n"));
    assert!(accepts(Mode::Module, ""));
    assert!(accepts(Mode::Module, "\n\n# nothing\n"));
    assert!(accepts(Mode::Module, "x = 1\r\ny = 2\rz = 3"));
}

#[test]
fn the_prompt_asks_for_more_lines_when_a_text_is_open() {
    for open in [
        "if x:",
        "def f():\n  x",
        "class A:",
        "@d",
        "async def f():",
        "(1,",
        "[",
        "{1:",
        "x = \\",
        "'''abc",
        "\"\"\"a\n",
        "f(\n'a'",
        "for i in x: pass",
        "try:\n  x\n",
        "with a:",
    ] {
        let open = if open.ends_with('\n') && !open.contains('"') { open.trim_end() } else { open };
        assert!(is_incomplete(open), "{open}");
    }
    for complete in [
        "",
        "x = 1",
        "iffy",
        "format(1)",
        "'('",
        "\"[\"",
        "'abc",
        "x = ')' + '('",
        "definite",
        "if x:\n  pass\n",
        "print('\\'')",
        "'''a'''",
        "# (",
    ] {
        let open_comment = complete == "# (";
        assert_eq!(is_incomplete(complete), open_comment, "{complete}");
    }
}
