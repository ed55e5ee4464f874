//! Hostile and huge sources: never a panic, never code that does not verify.

use coil_compiler::{ErrorKind, Mode, Options, bytecode, compile};

fn check(source: &str) -> Result<(), ErrorKind> {
    match compile(source, &Options::default()) {
        Ok(unit) => {
            bytecode::verify(&unit).unwrap_or_else(|e| panic!("{e}\n{source}"));
            Ok(())
        }
        Err(error) => Err(error.kind),
    }
}

fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    format!("{}{middle}{}\n", open.repeat(depth), close.repeat(depth))
}

/// Runs on a stack of half a megabyte: what compiling may need at most.
fn on_a_small_stack(body: fn()) {
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(body);
    thread.expect("a thread can be had").join().expect("the stack suffices");
}

#[test]
fn deep_nesting_is_refused_and_not_fatal() {
    on_a_small_stack(deep_nesting);
}

fn deep_nesting() {
    let shapes = [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("{1:", "1", "}"),
        ("{", "1", "}"),
        ("x[", "1", "]"),
        ("f(", "", ")"),
        ("-", "x", ""),
        ("not ", "x", ""),
        ("lambda: ", "x", ""),
        ("x if y else ", "x", ""),
        ("x ** ", "x", ""),
        ("f(a, ", "1", ")"),
        ("(x + ", "1", ")"),
        ("(a or b and ", "1", ")"),
        ("[i for i in ", "x", "]"),
        ("(y := ", "1", ")"),
        ("(await ", "x", ")"),
        ("(*", "x", ",)"),
        ("f(*", "x", ")"),
        ("f'{", "1", "}'"),
        ("t'{", "1", "}'"),
        ("t'{1:{", "1", "}}'"),
        ("for (", "x", ",) in x: pass"),
        ("def f(a=", "1", "): pass"),
    ];
    for (open, middle, close) in shapes {
        let kind = check(&nested(open, middle, close, 20_000));
        assert!(matches!(kind, Err(ErrorKind::Recursion | ErrorKind::Syntax)), "{open}");
    }
    for depth in [10, 40, 60, 90, 95, 98, 99, 100, 101] {
        for (open, middle, close) in shapes {
            let _ = check(&nested(open, middle, close, depth));
        }
    }
}

#[test]
fn deep_blocks_are_refused_and_not_fatal() {
    on_a_small_stack(deep_blocks);
}

fn deep_blocks() {
    for head in ["if x:", "while x:", "for i in x:", "def f():", "class C:", "with x:", "try:"] {
        for depth in [30, 90, 99, 150, 5000] {
            let mut source = String::new();
            for level in 0..depth {
                source.push_str(&" ".repeat(level));
                source.push_str(head);
                source.push('\n');
            }
            source.push_str(&" ".repeat(depth));
            source.push_str("pass\n");
            let kind = check(&source);
            assert!(depth < 5000 || kind == Err(ErrorKind::Recursion), "{head} {depth} {kind:?}");
        }
    }
}

#[test]
fn long_but_flat_sources_compile() {
    let items = |item: &str, n: usize| vec![item; n].join(", ");
    let mut elifs = String::from("if x == 0:\n    pass\n");
    for i in 0..2000 {
        elifs.push_str(&format!("elif x == {i}:\n    y = {i}\n"));
    }
    let sources = [
        elifs,
        format!("x = {}\n", vec!["a"; 5000].join(" + ")),
        format!("x = {}\n", vec!["a"; 5000].join(" or ")),
        format!("x = {}\n", vec!["a"; 2500].join(" < ")),
        format!("if {}: pass\n", vec!["a"; 2500].join(" < ")),
        format!("x = a{}\n", ".b(1)".repeat(5000)),
        format!("x = [{}]\n", items("1", 5000)),
        format!("x = [{}]\n", items("a", 5000)),
        format!("x = ({},)\n", items("a", 5000)),
        format!("x = {{{}}}\n", items("a", 5000)),
        format!("x = {{{}}}\n", items("'k': a", 5000)),
        format!("f({})\n", items("a", 5000)),
        format!("f({})\n", items("a=1", 5000)),
        format!("def f({}): pass\n", (0..150).map(|i| format!("a{i}=1, ")).collect::<String>()),
        format!("x = f'{}'\n", "{a} ".repeat(5000)),
        format!("x = {}\n", "'a' ".repeat(5000)),
        "x = 1\n".repeat(20_000),
        format!("def f():\n{}", "    x = 1\n".repeat(20_000)),
        format!("x = {}\n", "9".repeat(5000)),
    ];
    for source in &sources {
        assert_eq!(check(source), Ok(()), "{source:.60}");
    }
}

#[test]
fn jumps_beyond_the_reference_s_reach_are_refused() {
    let body = " with f()()() as a:\n  try:\n   f()()()\n  except Exception:\n   pass\n";
    let source = |n: usize| format!("if cond:\n{}else:\n pass\n", body.repeat(n));
    assert_eq!(check(&source(400)), Ok(()));
    assert_eq!(check(&source(440)), Err(ErrorKind::Overflow));
}

#[test]
fn too_many_locals_are_a_clean_error() {
    let mut source = String::from("def f():\n");
    for i in 0..400 {
        source.push_str(&format!("    v{i} = {i}\n"));
    }
    assert_eq!(check(&source), Err(ErrorKind::Syntax));
    assert_eq!(check(&format!("{} = x\n", vec!["a"; 600].join(", "))), Err(ErrorKind::Syntax));
}

/// A linear congruential generator: the same mutations in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

const SEEDS: &[&str] = &[
    "def f(a, b=1, *c, d=2, **e):\n    try:\n        return a + b\n    except (A, B) as x:\n        raise\n    finally:\n        del a\n",
    "class A(B, metaclass=C):\n    x = 1\n    def m(self):\n        return super().m()[1:2]\n",
    "async def f():\n    async with a as b, c:\n        async for i in d:\n            await e(i)\n",
    "for i in range(1, n, -1):\n    if i < 3 <= j or not k is None:\n        continue\n    else:\n        break\nelse:\n    pass\n",
    "x, (y, *z) = a.b[1], [i for j in k if j for i in j]\nx += {1: 2, **3} if y else {4}\n",
    "print(f'{a!r:>{w}} {b=}' 'c', sep=\"\", *d, **e)\nwith a as b: global c; nonlocal d\n",
    "lambda x, *y: (yield x)\nwhile (n := f()) > 0x1f: assert n, b'\\x00\\n'\nimport a.b as c\nfrom ..d import (e as f, g)\n",
    "def g():\n    while True:\n        try:\n            with a:\n                if b: break\n                return c\n        finally:\n            d()\n",
];

const TOKENS: &[&str] = &[
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
    "if ",
    "else ",
    "yield ",
    "await ",
    "return ",
    "break\n",
    "continue\n",
    "def ",
    "lambda ",
    "x",
    "1",
    "'",
    "\"",
    "f'{",
    "not ",
    ":=",
    ".",
    "...",
    "0x",
    "@",
    "async ",
    "nonlocal x\n",
    "\\",
    "\r",
    "\0",
    "é",
    "finally:\n",
    "except:\n",
    "del ",
    "import ",
    ";",
    "#",
    "1e",
    "range(",
    "super()",
];

#[test]
fn mutated_sources_never_panic_and_always_verify() {
    let mut random = Random(42);
    for _ in 0..20_000 {
        let mut source: Vec<char> = SEEDS[random.below(SEEDS.len())].chars().collect();
        for _ in 0..1 + random.below(4) {
            let at = random.below(source.len() + 1);
            if random.below(2) == 0 {
                let token = TOKENS[random.below(TOKENS.len())];
                source.splice(at..at, token.chars());
            } else {
                let end = (at + 1 + random.below(8)).min(source.len());
                source.drain(at..end);
            }
        }
        let source: String = source.into_iter().collect();
        for mode in [Mode::Module, Mode::Single, Mode::Eval] {
            let options = Options { mode, ..Options::default() };
            if let Ok(unit) = compile(&source, &options) {
                bytecode::verify(&unit).unwrap_or_else(|e| panic!("{e}\n{source}"));
                let _ = bytecode::disassemble(&unit);
            }
        }
        let _ = coil_compiler::is_incomplete(&source);
    }
}

#[test]
fn deep_nesting_in_viper_functions_is_refused_and_not_fatal() {
    on_a_small_stack(|| {
        let shapes = [
            ("(", "x", " + 1)"),
            ("(1 + ", "x", ")"),
            ("p[", "x", "]"),
            ("(x < ", "1", ")"),
            ("int(", "x", ")"),
            ("(x or ", "x", ")"),
            ("x if x else ", "x", ""),
            ("-", "x", ""),
            ("not ", "x", ""),
            ("(y := ", "1", ")"),
        ];
        for depth in [1, 10, 40, 60, 90, 95, 98, 99, 100, 101, 20_000] {
            for (open, middle, close) in shapes {
                let (open, close) = (open.repeat(depth), close.repeat(depth));
                for line in ["z = {}", "p[0] = {}", "while {}: pass", "return {}"] {
                    let line = line.replace("{}", &format!("{open}{middle}{close}"));
                    let _ = check(&format!(
                        "@micropython.viper\ndef f(x: int, p: ptr8):\n    {line}\n"
                    ));
                }
            }
        }
    });
}
