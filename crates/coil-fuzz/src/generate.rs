//! Programs out of choices: each follows the grammar and the rules of scopes, so that the compiler
//! must take it, and ruff's parser as well.

mod expression;
mod statement;

use crate::chance::Choices;

/// A program under construction.
pub(super) struct Maker<'c, 'a> {
    choices: &'c mut Choices<'a>,
    out: String,
    indent: usize,
    /// What may still be made before only the simplest is.
    fuel: u32,
    /// The functions around, the innermost last; none at the module's level.
    functions: Vec<Function>,
    in_loop: bool,
    /// Leave out what would only be about other kinds of names.
    runnable: bool,
}

/// A function around what is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// A plain one.
    Plain,
    /// One with `async`.
    Async,
    /// A lambda: an expression and no statement.
    Lambda,
    /// A class, which is no function but has a scope.
    Class,
}

/// Pieces of a program at most.
const FUEL: u32 = 250;

impl<'c, 'a> Maker<'c, 'a> {
    fn new(choices: &'c mut Choices<'a>, runnable: bool) -> Self {
        let (out, functions) = (String::new(), Vec::new());
        Self { choices, out, indent: 0, fuel: FUEL, functions, in_loop: false, runnable }
    }

    /// One of `n` ways to go on; the first, which must be simple, when there was enough.
    fn way(&mut self, n: usize) -> usize {
        if self.fuel == 0 {
            return 0;
        }
        self.fuel -= 1;
        self.choices.below(n)
    }

    fn word(&mut self, of: &[&str]) {
        let word = self.choices.pick(of);
        self.out.push_str(word);
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// From `least` to three more, with commas between.
    fn several(&mut self, least: usize, mut one: impl FnMut(&mut Self, usize)) {
        let n = least + if self.fuel == 0 { 0 } else { self.choices.below(4) };
        for i in 0..n {
            if i > 0 {
                self.put(", ");
            }
            one(self, i);
        }
    }
}

/// A program.
pub fn program(choices: &mut Choices<'_>) -> String {
    let mut maker = Maker::new(choices, false);
    let n = 1 + maker.choices.below(6);
    for _ in 0..n {
        maker.statement();
    }
    maker.out
}

/// What the names of a runnable program mean at its start.
const PRELUDE: &str = "\
import io, json, re, struct, collections, array, math, binascii, heapq, random, sys
class K:
    z = 1
    def __init__(self, *a, **k): self.a = a; self.k = k
    def __getattr__(self, n): raise AttributeError(n)
    def __getitem__(self, i): return [i]
    def __setitem__(self, i, v): self.z = (i, v)
    def __call__(self, *a): return a
    def __add__(self, o): return K(o)
    def __eq__(self, o): return str(o) > 'b'
    def __hash__(self): return 7
    def __iter__(self): return iter([1, 'x', (2, 3)])
    def __enter__(self): return self
    def __exit__(self, *a): return len(str(a)) % 2 == 0
    def __len__(self): return 3
class L(list): pass
def g(n=3):
    for i in range(n):
        r = yield (i, [i] * i)
        if r: print('got', r)
a = [1, 'two', 3.5, None]; b = {'k': 1, 2: [3], (4,): {5}}; c = 'text é'; d = K(1, q=2)
e = bytearray(b'abc'); f = lambda *a, **k: (a, k); h = {1, 'a', 2.5}; i = 0; j = 1 << 70
m = L([1, 2]); n = b'\\x01\\x02'; o = collections.OrderedDict([(1, 2), ('a', 'b')])
p = collections.deque((1, 2, 3), 5); q = array.array('h', [1, -2]); s = io.StringIO('line\\nnext')
x = range(7); y = (1, (2, [3])); z = g()
";

/// A program whose names mean something, so that running it gets somewhere: each of its statements
/// that raises tells what, and the next one runs.
pub fn runnable(choices: &mut Choices<'_>) -> String {
    let mut maker = Maker::new(choices, true);
    maker.put(PRELUDE);
    let n = 2 + maker.choices.below(12);
    for _ in 0..n {
        maker.put("try:\n");
        maker.indent = 1;
        maker.statement();
        maker.indent = 0;
        maker.put("except Exception as w:\n    print(repr(w))\n");
    }
    maker.put("print(a, b, c, d, e, h, i, j, m, n, o, p, q, x, y)\n");
    maker.out
}
