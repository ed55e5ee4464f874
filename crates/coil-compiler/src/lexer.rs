//! Source bytes to tokens: indentation, names, numbers, operators.
//!
//! Owns the shape of tokens; must not know how tokens go together.

mod number;
mod string;
mod token;

use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use number::{Number, from_magnitude, parse_float, parse_integer, small_int};
pub(crate) use string::Piece;
pub(crate) use token::Tok;

use crate::error::{CompileError, Result};
use crate::grammar::Grammar;

/// How far a tab reaches.
const TAB: u32 = 8;

/// The tokenizer: `tok` is the current token, the other fields belong to it.
#[derive(Debug)]
pub(crate) struct Lexer {
    src: Vec<u8>,
    pos: usize,
    cur_line: u32,
    column: u32,
    brackets: i32,
    indents: Vec<u32>,
    pending_dents: i32,
    /// `__debug__` is true.
    debug: bool,
    grammar: Grammar,
    /// The current token.
    pub(crate) tok: Tok,
    /// The line it starts on.
    pub(crate) line: u32,
    tok_column: u32,
    /// The spelling of a name or number.
    pub(crate) text: String,
    /// The parts of a string or bytes literal.
    pub(crate) pieces: Vec<Piece>,
}

impl Lexer {
    /// A lexer at the first token of `source`.
    pub(crate) fn new(source: &[u8], line: u32, debug: bool, grammar: Grammar) -> Result<Self> {
        let mut lexer = Self {
            src: normalize(source),
            pos: 0,
            cur_line: line,
            column: 1,
            brackets: 0,
            indents: alloc::vec![0],
            pending_dents: 0,
            debug,
            grammar,
            tok: Tok::End,
            line,
            tok_column: 1,
            text: String::new(),
            pieces: Vec::new(),
        };
        lexer.advance()?;
        if lexer.tok_column != 1 && lexer.tok != Tok::Newline {
            lexer.tok = Tok::Indent;
        }
        Ok(lexer)
    }

    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> u8 {
        self.src.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn at_end(&self) -> bool {
        self.pos >= self.src.len()
    }

    fn bump(&mut self) -> u8 {
        let c = self.peek();
        match c {
            b'\n' => {
                self.cur_line += 1;
                self.column = 1;
            }
            b'\t' => self.column = (self.column - 1 + TAB) / TAB * TAB + 1,
            _ => self.column += 1,
        }
        self.pos += 1;
        c
    }

    /// Skips white space and comments; stops at a newline outside brackets and says so.
    fn skip_space(&mut self, stop_at_newline: bool) -> bool {
        while !self.at_end() {
            match self.peek() {
                b'\n' if stop_at_newline && self.brackets == 0 => return true,
                b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' => {
                    self.bump();
                }
                b'#' => {
                    while !self.at_end() && self.peek() != b'\n' {
                        self.bump();
                    }
                }
                b'\\' if self.peek_at(1) == b'\n' => {
                    self.bump();
                    self.bump();
                }
                _ => break,
            }
        }
        false
    }

    /// Goes to the next token.
    pub(crate) fn advance(&mut self) -> Result<()> {
        let newline = self.skip_space(true);
        self.line = self.cur_line;
        self.tok_column = self.column;
        if self.pending_dents < 0 {
            self.pending_dents += 1;
            self.tok = Tok::Dedent;
        } else if self.pending_dents > 0 {
            self.pending_dents -= 1;
            self.tok = Tok::Indent;
        } else if newline {
            self.newline();
        } else if self.at_end() {
            self.tok = Tok::End;
        } else if self.string_ahead() {
            self.string()?;
        } else {
            let c = self.peek();
            if is_name_start(c) {
                self.name();
            } else if c.is_ascii_digit() || (c == b'.' && self.peek_at(1).is_ascii_digit()) {
                self.number();
            } else {
                self.operator();
            }
        }
        Ok(())
    }

    fn newline(&mut self) {
        self.skip_space(false);
        self.tok = Tok::Newline;
        let spaces = self.column - 1;
        let top = self.indents.last().copied().unwrap_or(0);
        if spaces > top {
            self.indents.push(spaces);
            self.pending_dents += 1;
        } else if spaces < top {
            while self.indents.last().copied().unwrap_or(0) > spaces {
                self.indents.pop();
                self.pending_dents -= 1;
            }
            if self.indents.last().copied().unwrap_or(0) != spaces {
                self.tok = Tok::DedentMismatch;
            }
        }
    }

    fn name(&mut self) {
        let start = self.pos;
        while is_name_tail(self.peek()) {
            self.bump();
        }
        self.text = String::from_utf8_lossy(&self.src[start..self.pos]).into_owned();
        self.tok = match self.text.as_str() {
            "__debug__" if self.debug => Tok::True,
            "__debug__" => Tok::False,
            word => Tok::keyword(word),
        };
    }

    fn number(&mut self) {
        self.tok = if self.peek() == b'.' { Tok::FloatOrImag } else { Tok::Integer };
        let forced = self.peek() == b'0' && matches!(self.peek_at(1) | 0x20, b'b' | b'o' | b'x');
        self.text.clear();
        let first = self.bump();
        self.text.push(char::from(first));
        loop {
            let c = self.peek();
            if !forced && matches!(c, b'e' | b'E') {
                self.tok = Tok::FloatOrImag;
                self.text.push('e');
                self.bump();
                if matches!(self.peek(), b'+' | b'-') {
                    let sign = self.bump();
                    self.text.push(char::from(sign));
                }
            } else if c.is_ascii_alphanumeric() || c == b'.' {
                if matches!(c, b'.' | b'j' | b'J') {
                    self.tok = Tok::FloatOrImag;
                }
                self.text.push(char::from(c));
                self.bump();
            } else if c == b'_' {
                self.bump();
            } else {
                break;
            }
        }
    }

    fn operator(&mut self) {
        let ahead = [self.peek(), self.peek_at(1), self.peek_at(2)];
        let (tok, length) = match Tok::operator(ahead) {
            (Tok::Walrus, _) if !self.grammar.walrus => (Tok::Colon, 1),
            (Tok::AtEqual, _) if !self.grammar.matmul => (Tok::At, 1),
            known => known,
        };
        for _ in 0..length {
            self.bump();
        }
        self.tok = tok;
        match tok {
            Tok::ParenOpen | Tok::BracketOpen | Tok::BraceOpen => self.brackets += 1,
            Tok::ParenClose | Tok::BracketClose | Tok::BraceClose => self.brackets -= 1,
            _ => {}
        }
    }

    /// The error for a token the grammar does not accept here.
    pub(crate) fn unexpected(&self) -> CompileError {
        use crate::error::ErrorKind::Indentation;
        match self.tok {
            Tok::Indent => CompileError::new(Indentation, "unexpected indent", self.line),
            Tok::DedentMismatch => CompileError::new(
                Indentation,
                "unindent doesn't match any outer indent level",
                self.line,
            ),
            Tok::RawFString => CompileError::syntax("raw f-strings are not supported", self.line),
            Tok::MalformedFString => CompileError::syntax("malformed f-string", self.line),
            _ => CompileError::syntax("invalid syntax", self.line),
        }
    }
}

/// One form of line end, a final one, and no byte that could pass for the end of the text.
fn normalize(source: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len() + 1);
    let mut i = 0;
    while i < source.len() {
        match source[i] {
            b'\r' => {
                out.push(b'\n');
                if source.get(i + 1) == Some(&b'\n') {
                    i += 1;
                }
            }
            0 => out.push(1),
            c => out.push(c),
        }
        i += 1;
    }
    if out.last().is_some_and(|&c| c != b'\n') {
        out.push(b'\n');
    }
    out
}

const fn is_name_start(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_' || c >= 0x80
}

const fn is_name_tail(c: u8) -> bool {
    is_name_start(c) || c.is_ascii_digit()
}
