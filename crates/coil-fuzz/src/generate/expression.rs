//! Expressions.

use super::{Function, Maker};

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "h",
    "i",
    "j",
    "m",
    "n",
    "o",
    "p",
    "q",
    "s",
    "x",
    "y",
    "z",
    "K",
    "L",
    "g",
    "len",
    "str",
    "list",
    "dict",
    "range",
    "sorted",
    "print",
    "tuple",
    "int",
    "set",
    "repr",
    "iter",
    "next",
    "zip",
    "map",
    "filter",
    "enumerate",
    "min",
    "max",
    "sum",
    "bytes",
    "bytearray",
    "getattr",
    "type",
    "isinstance",
    "Exception",
    "json.dumps",
    "json.loads",
    "re.sub",
    "re.match",
    "struct.pack",
    "struct.unpack",
    "heapq.heappush",
    "heapq.heappop",
    "binascii.hexlify",
    "reversed",
    "any",
    "all",
    "round",
    "divmod",
    "memoryview",
    "bool",
    "float",
    "frozenset",
    "object",
    "ValueError",
    "setattr",
    "hasattr",
    "eval",
    "exec",
];

const ATTRIBUTES: &[&str] = &[
    "append",
    "pop",
    "sort",
    "extend",
    "insert",
    "remove",
    "reverse",
    "index",
    "count",
    "copy",
    "clear",
    "get",
    "items",
    "keys",
    "values",
    "update",
    "setdefault",
    "popitem",
    "add",
    "discard",
    "union",
    "split",
    "join",
    "strip",
    "replace",
    "find",
    "format",
    "upper",
    "startswith",
    "encode",
    "decode",
    "partition",
    "rsplit",
    "splitlines",
    "send",
    "throw",
    "close",
    "read",
    "write",
    "readline",
    "getvalue",
    "seek",
    "a",
    "k",
    "z",
    "__class__",
    "__init__",
    "__name__",
    "appendleft",
    "popleft",
    "center",
    "to_bytes",
    "rfind",
    "isdigit",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "255",
    "0x1f",
    "0b101",
    "0o17",
    "1_000",
    "1073741823",
    "1 << 40",
    "1.5",
    "1e10",
    ".5",
    "2j",
    "123456789012345678901234567890",
];

const STRINGS: &[&str] = &[
    "''",
    "'a'",
    "\"b\"",
    "'''long\ntext'''",
    "r'\\d'",
    "b'bytes'",
    "'%s %r'",
    "'{} {!r:>5}'",
    "'\\n\\x41\\u00e9'",
    "'a' 'b'",
    "b'\\x00\\xff'",
    "'{\"a\": [1, 2]}'",
    "'a,b,,c'",
    "'(a)(b)?'",
    "'<hI'",
    "'é☃'",
    "'k'",
];

const BINARY: &[&str] = &["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"];

const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"];

impl Maker<'_, '_> {
    /// Whether `await` may stand here.
    fn may_await(&self) -> bool {
        self.functions.last() == Some(&Function::Async)
    }

    /// Whether `yield` may stand here.
    pub(super) fn may_yield(&self) -> bool {
        self.functions.last() == Some(&Function::Plain)
    }

    /// A name that is read.
    pub(super) fn name(&mut self) {
        self.word(NAMES);
    }

    /// A name that is bound.
    pub(super) fn new_name(&mut self) {
        self.word(&NAMES[..18]);
    }

    /// Any expression that may stand between parentheses and commas.
    pub(super) fn expression(&mut self) {
        match self.way(26) {
            0..=2 => self.name(),
            3 | 4 => self.word(NUMBERS),
            5 | 6 => self.word(STRINGS),
            7 | 8 => self.binary(),
            9 => self.comparison(),
            10 => self.logic(),
            11 => self.conditional(),
            12..=14 => self.call(),
            15 => self.method(),
            16 => self.subscript(),
            17 => self.attribute(),
            18 => self.display(),
            19 => self.comprehension(),
            20 => self.lambda(),
            21 => self.f_string(),
            22 => {
                self.word(&["-", "+", "~", "not "]);
                self.operand();
            }
            23 => self.word(&["None", "True", "False", "...", "()", "[]", "{}", "(1,)"]),
            24 => self.assignment_expression(),
            _ => self.suspension(),
        }
    }

    /// An expression that may stand on either side of any operator.
    pub(super) fn operand(&mut self) {
        match self.way(6) {
            0 | 1 => self.name(),
            2 => {
                // Not a number: `1.a` is none.
                self.word(STRINGS);
            }
            3 => self.call(),
            _ => {
                self.put("(");
                self.expression();
                self.put(")");
            }
        }
    }

    fn binary(&mut self) {
        self.operand();
        for _ in 0..1 + self.choices.below(3) {
            self.put(" ");
            self.word(BINARY);
            self.put(" ");
            self.operand();
        }
    }

    fn comparison(&mut self) {
        self.operand();
        for _ in 0..1 + self.choices.below(3) {
            self.put(" ");
            self.word(COMPARISONS);
            self.put(" ");
            self.operand();
        }
    }

    fn logic(&mut self) {
        self.operand();
        for _ in 0..1 + self.choices.below(3) {
            self.word(&[" and ", " or ", " and not "]);
            self.operand();
        }
    }

    fn conditional(&mut self) {
        self.operand();
        self.put(" if ");
        self.operand();
        self.put(" else ");
        self.operand();
    }

    fn call(&mut self) {
        self.name();
        self.arguments();
    }

    fn method(&mut self) {
        self.operand();
        self.put(".");
        self.word(ATTRIBUTES);
        self.arguments();
    }

    fn attribute(&mut self) {
        self.operand();
        self.put(".");
        self.word(ATTRIBUTES);
    }

    pub(super) fn arguments(&mut self) {
        self.put("(");
        if self.choices.one_in(9) {
            self.expression_in_parentheses_alone();
            self.put(")");
            return;
        }
        let mut named = false;
        self.several(0, |m, i| match m.way(10) {
            8 if !named => {
                m.put("*");
                m.operand();
            }
            9 => {
                named = true;
                // Each name once.
                m.put(["key=", "reverse=", "sep=", "end="][i.min(3)]);
                m.operand();
            }
            _ if named => {
                m.put(["u=", "v=", "w=", "t="][i.min(3)]);
                m.operand();
            }
            _ => m.expression(),
        });
        self.put(")");
    }

    /// A generator expression as the only argument.
    fn expression_in_parentheses_alone(&mut self) {
        self.functions.push(Function::Lambda);
        self.operand();
        self.functions.pop();
        self.clauses();
    }

    fn subscript(&mut self) {
        self.operand();
        self.put("[");
        match self.way(5) {
            0 | 1 => self.expression(),
            2 => {
                self.operand();
                self.put(":");
                self.operand();
            }
            3 => self.word(&[":", "::", "1:", ":-1", "::2", "::-1", "1:5:2"]),
            _ => {
                self.operand();
                self.put(", ");
                self.operand();
            }
        }
        self.put("]");
    }

    fn display(&mut self) {
        match self.way(4) {
            0 => {
                self.put("[");
                self.several(0, |m, _| m.expression());
                self.put("]");
            }
            1 => {
                self.put("(");
                self.several(2, |m, _| m.expression());
                self.put(")");
            }
            2 => {
                self.put("{");
                self.several(1, |m, _| m.operand());
                self.put("}");
            }
            _ => {
                self.put("{");
                self.several(0, |m, _| {
                    m.operand();
                    m.put(": ");
                    m.operand();
                });
                self.put("}");
            }
        }
    }

    fn comprehension(&mut self) {
        // It runs in a scope of its own, where neither `yield` nor `await` may stand.
        self.functions.push(Function::Lambda);
        let close = match self.way(4) {
            0 => {
                self.put("[");
                self.operand();
                "]"
            }
            1 => {
                self.put("(");
                self.operand();
                ")"
            }
            2 => {
                self.put("{");
                self.operand();
                "}"
            }
            _ => {
                self.put("{");
                self.operand();
                self.put(": ");
                self.operand();
                "}"
            }
        };
        self.functions.pop();
        self.clauses();
        self.put(close);
    }

    /// `for` and `if` of a comprehension.
    fn clauses(&mut self) {
        self.put(" for ");
        match self.choices.below(3) {
            0 => self.put("v"),
            1 => self.put("v, w"),
            _ => self.put("(v, *w)"),
        }
        self.put(" in ");
        self.operand_without_walrus();
        if self.choices.one_in(3) {
            self.put(" if ");
            self.operand_without_walrus();
        }
        if self.choices.one_in(5) {
            self.put(" for u in v");
        }
    }

    /// An iterable of a comprehension, which may not assign.
    fn operand_without_walrus(&mut self) {
        match self.way(4) {
            0 | 1 => self.name(),
            2 => self.word(STRINGS),
            _ => {
                self.name();
                self.put("(");
                self.name();
                self.put(")");
            }
        }
    }

    fn lambda(&mut self) {
        self.put("(lambda ");
        self.parameters(false);
        self.put(": ");
        self.functions.push(Function::Lambda);
        self.operand();
        self.functions.pop();
        self.put(")");
    }

    /// Parameters of a function; with annotations if there may be some.
    pub(super) fn parameters(&mut self, annotated: bool) {
        let n = self.choices.below(4);
        let (mut star, mut default) = (false, false);
        for (i, name) in ["a", "b", "t"][..n.min(3)].iter().enumerate() {
            if i > 0 {
                self.put(", ");
            }
            if !star && i + 1 < n && self.choices.one_in(6) {
                self.put("*, ");
                star = true;
            }
            self.put(name);
            if annotated && self.choices.one_in(5) {
                self.put(": int");
            }
            default = (default && !star) || self.choices.one_in(3);
            if default {
                self.put("=");
                self.functions.push(Function::Lambda);
                self.operand();
                self.functions.pop();
            }
        }
        if n > 0 && self.choices.one_in(5) {
            self.put(if star { ", **kw" } else { ", *r, **kw" });
        }
    }

    fn f_string(&mut self) {
        self.put("f'");
        for _ in 0..1 + self.choices.below(3) {
            self.word(&["", "text ", "{{", "}}", "é"]);
            self.put("{");
            // No quotes and no backslashes inside: the reference reads to the first of them.
            self.word(&["a", "b ", "i + 1", "x[1]", "len(m)", "y", "c.upper()", "(1, 2)", "K"]);
            self.word(&["", "", "!r", "!s", "=", ":>6", ":{i}", "!r:^9", ":.3"]);
            self.put("}");
        }
        self.put("'");
    }

    fn assignment_expression(&mut self) {
        // Not in a class's comprehension, and never to a comprehension's own variable.
        if self.functions.iter().any(|f| matches!(f, Function::Lambda | Function::Class)) {
            return self.name();
        }
        self.put("(");
        self.new_name();
        self.put(" := ");
        self.operand();
        self.put(")");
    }

    fn suspension(&mut self) {
        if self.may_yield() {
            self.put("(yield");
            match self.way(3) {
                0 => {}
                1 => {
                    self.put(" ");
                    self.expression();
                }
                _ => {
                    self.put(" from ");
                    self.operand();
                }
            }
            self.put(")");
        } else if self.may_await() {
            self.put("(await ");
            self.operand();
            self.put(")");
        } else {
            self.name();
        }
    }
}
