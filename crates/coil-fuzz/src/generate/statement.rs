//! Statements.

use super::{Function, Maker};

impl Maker<'_, '_> {
    fn line(&mut self) {
        for _ in 0..self.indent {
            self.put("    ");
        }
    }

    /// One statement, compound ones included.
    pub(super) fn statement(&mut self) {
        self.line();
        match self.way(34) {
            0..=2 => self.simple(Self::expression),
            3..=6 => self.simple(Self::assignment),
            7 | 8 => self.simple(Self::augmented),
            9 => self.simple(Self::deletion),
            10 => self.simple(Self::annotated),
            11..=14 => self.leave(),
            15 | 16 => self.simple(Self::show),
            17 => self.simple(Self::import),
            18 => self.simple(Self::assertion),
            19..=21 => self.branch(),
            22 => self.loop_while(),
            23 | 24 => self.loop_for(),
            25 | 26 => self.handler(),
            27 => self.context(),
            28..=30 => self.function(),
            31 | 32 => self.class(),
            _ => self.simple(|m| m.put("pass")),
        }
    }

    /// Simple statements on a line.
    fn simple(&mut self, one: impl FnOnce(&mut Self)) {
        one(self);
        if self.choices.one_in(12) {
            self.put("; ");
            self.name();
        }
        self.put("\n");
    }

    fn show(&mut self) {
        self.put("print");
        self.arguments();
    }

    fn target(&mut self) {
        match self.way(8) {
            0..=3 => self.new_name(),
            4 => {
                self.operand();
                self.put(".z");
            }
            5 => {
                self.operand();
                self.put("[");
                self.operand();
                self.put("]");
            }
            6 => {
                self.operand();
                self.word(&["[1:2]", "[:]", "[0]", "['k']", "[-1]"]);
            }
            _ => {
                self.put("(");
                self.target();
                self.put(", *");
                self.new_name();
                self.put(")");
            }
        }
    }

    fn assignment(&mut self) {
        for _ in 0..1 + self.choices.below(2) {
            self.target();
            if self.choices.one_in(5) {
                self.put(", ");
                self.target();
            }
            self.put(" = ");
        }
        if self.choices.one_in(5) {
            self.operand();
            self.put(", ");
        }
        self.expression();
    }

    fn augmented(&mut self) {
        self.new_name();
        if self.choices.one_in(4) {
            self.word(&[".z", "[0]", "[1:]", "['k']"]);
        }
        self.word(&[
            " += ", " -= ", " *= ", " /= ", " //= ", " %= ", " **= ", " <<= ", " >>= ", " &= ",
            " |= ", " ^= ",
        ]);
        self.expression();
    }

    fn annotated(&mut self) {
        self.new_name();
        self.put(": ");
        self.word(&["int", "'text'", "list[int]"]);
        if self.choices.one_in(2) {
            self.put(" = ");
            self.expression();
        }
    }

    fn deletion(&mut self) {
        self.put("del ");
        match self.way(3) {
            0 => self.new_name(),
            1 => {
                self.operand();
                self.put("[");
                self.operand();
                self.put("]");
            }
            _ => {
                self.new_name();
                self.put(", ");
                self.operand();
                self.put(".z");
            }
        }
    }

    /// What leaves a block, as far as it may stand here.
    fn leave(&mut self) {
        let in_function = matches!(self.functions.last(), Some(Function::Plain | Function::Async));
        match self.choices.below(5) {
            0 if self.in_loop => self.put("break"),
            1 if self.in_loop => self.put("continue"),
            2 if in_function => {
                self.put("return ");
                self.expression();
            }
            3 => {
                self.put("raise ");
                self.word(&["", "ValueError", "KeyError('k')", "a", "OSError(2) from None"]);
            }
            _ => self.expression(),
        }
        self.put("\n");
    }

    fn import(&mut self) {
        self.word(&[
            "import sys",
            "import io, os.path as q",
            "from collections import deque as p, OrderedDict",
            "from . import x",
            "from .. m import (y, z,)".trim(),
            "import json as j",
        ]);
    }

    fn assertion(&mut self) {
        self.put("assert ");
        self.operand();
        if self.choices.one_in(2) {
            self.put(", ");
            self.operand();
        }
    }

    /// An indented block.
    fn block(&mut self) {
        self.put(":\n");
        self.indent += 1;
        // The compiler's own limits are met by mutation; here programs stay shallow.
        let n = if self.indent > 6 || self.fuel == 0 { 0 } else { 1 + self.choices.below(3) };
        for _ in 0..n {
            self.statement();
        }
        if n == 0 {
            self.line();
            self.put("pass\n");
        }
        self.indent -= 1;
    }

    fn branch(&mut self) {
        self.put("if ");
        self.expression();
        self.block();
        if self.choices.one_in(4) {
            self.line();
            self.put("elif ");
            self.expression();
            self.block();
        }
        if self.choices.one_in(3) {
            self.otherwise();
        }
    }

    fn otherwise(&mut self) {
        self.line();
        self.put("else");
        self.block();
    }

    fn inside_loop(&mut self) {
        let before = std::mem::replace(&mut self.in_loop, true);
        self.block();
        self.in_loop = before;
    }

    fn loop_while(&mut self) {
        self.put("while ");
        if self.runnable {
            // Most loops are to end.
            self.put("len(a) < 9 and not a.append(0) and ");
            self.operand();
        } else {
            self.expression();
        }
        self.inside_loop();
        if self.choices.one_in(4) {
            self.otherwise();
        }
    }

    fn loop_for(&mut self) {
        if self.functions.last() == Some(&Function::Async) && self.choices.one_in(3) {
            self.put("async ");
        }
        self.put("for ");
        self.target();
        if self.choices.one_in(4) {
            self.put(", ");
            self.target();
        }
        self.put(" in ");
        match self.way(3) {
            0 => self.word(&["range(3)", "range(5, 0, -2)", "range(i, 9)", "b", "x", "y", "g(2)"]),
            _ => self.operand(),
        }
        self.inside_loop();
        if self.choices.one_in(4) {
            self.otherwise();
        }
    }

    fn handler(&mut self) {
        self.put("try");
        self.block();
        let clauses = self.choices.below(3);
        for _ in 0..clauses {
            self.line();
            self.put("except ");
            self.word(&["Exception", "(ValueError, KeyError)", "OSError", "TypeError"]);
            if self.choices.one_in(2) {
                self.put(" as w");
            }
            self.block();
        }
        if clauses > 0 && self.choices.one_in(3) {
            self.otherwise();
        }
        if clauses == 0 || self.choices.one_in(3) {
            self.line();
            self.put("finally");
            self.block();
        }
    }

    fn context(&mut self) {
        if self.functions.last() == Some(&Function::Async) && self.choices.one_in(3) {
            self.put("async ");
        }
        self.put("with ");
        self.word(&["K()", "d", "io.StringIO()", "g()"]);
        if self.choices.one_in(2) {
            self.put(" as ");
            self.new_name();
        }
        if self.choices.one_in(4) {
            self.put(", d as w");
        }
        self.block();
    }

    fn decorators(&mut self) {
        if self.choices.one_in(6) {
            for _ in 0..1 + self.choices.below(2) {
                self.word(&["@f\n", "@K(1)\n", "@g\n"]);
                self.line();
            }
        }
    }

    fn function(&mut self) {
        self.decorators();
        let kind = if self.choices.one_in(5) { Function::Async } else { Function::Plain };
        if kind == Function::Async {
            self.put("async ");
        }
        self.put("def ");
        // Two of the names are called in the rest of the program.
        let name = self.choices.pick(&["f", "g", "h"]);
        self.put(name);
        self.put("(");
        self.parameters(true);
        self.put(")");
        if self.choices.one_in(6) {
            self.put(" -> int");
        }
        let before = std::mem::replace(&mut self.in_loop, false);
        let nested = self.functions.iter().any(|f| matches!(f, Function::Plain | Function::Async));
        self.functions.push(kind);
        self.put(":\n");
        self.indent += 1;
        self.line();
        // Every function has a name that those inside it may ask for.
        let outer = nested && self.choices.one_in(4);
        self.put(if outer { "nonlocal kept\n" } else { "kept = 1\n" });
        self.line();
        if self.choices.one_in(6) {
            self.put("global i, j\n");
            self.line();
        }
        self.put("if kept");
        self.block();
        self.indent -= 1;
        self.functions.pop();
        self.in_loop = before;
        if self.runnable && kind == Function::Plain {
            self.line();
            self.put("print(");
            self.put(name);
            self.arguments();
            self.put(")\n");
        }
    }

    fn class(&mut self) {
        self.decorators();
        self.put("class ");
        self.word(&["K", "L", "M"]);
        self.word(&["", "(list)", "(K)", "()", "(object)", "(K, L)", "(Exception)", "(dict)"]);
        let before = std::mem::replace(&mut self.in_loop, false);
        self.functions.push(Function::Class);
        self.block();
        self.functions.pop();
        self.in_loop = before;
    }
}
