//! String and bytes literals, prefixes, escapes and the fields of f-strings.

mod template;

use alloc::vec::Vec;

use super::{Lexer, Tok};
use crate::error::{CompileError, ErrorKind, Result};

/// Part of a string literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Characters as they are (UTF-8), or the bytes of a bytes literal.
    Text(Vec<u8>),
    /// A brace that is not doubled and starts or ends no field of an f-string: whoever formats the
    /// text will stumble over it.
    Brace(u8),
    /// A replacement field: its expression's source, conversion (0, 1 str, 2 repr) and format.
    Field { source: Vec<u8>, conversion: u8, spec: Vec<Self>, line: u32 },
    /// A field of a t-string: its expression's source, conversion (`r`, `s` or none), and the
    /// string literal that is its format.
    Interpolation { source: Vec<u8>, conversion: Option<u8>, spec: Vec<u8>, line: u32 },
}

/// How deep formats may hold fields of their own.
const MAX_SPEC_DEPTH: usize = 8;

#[derive(Clone, Copy, Default)]
struct Prefix {
    raw: bool,
    bytes: bool,
    format: bool,
    template: bool,
    length: usize,
}

/// The quotes that end the literal being read.
#[derive(Clone, Copy)]
struct Quotes {
    byte: u8,
    count: usize,
}

impl Lexer {
    fn prefix(&self) -> Option<Prefix> {
        let quote = |ahead| matches!(self.peek_at(ahead), b'\'' | b'"');
        if quote(0) {
            return Some(Prefix::default());
        }
        let first = self.peek();
        if quote(1) {
            return Some(match first {
                b'u' => Prefix { length: 1, ..Prefix::default() },
                b'r' => Prefix { raw: true, length: 1, ..Prefix::default() },
                b'b' => Prefix { bytes: true, length: 1, ..Prefix::default() },
                b'f' if self.grammar.f_strings => {
                    Prefix { format: true, length: 1, ..Prefix::default() }
                }
                b't' if self.grammar.t_strings => {
                    Prefix { template: true, length: 1, ..Prefix::default() }
                }
                _ => return None,
            });
        }
        if !quote(2) {
            return None;
        }
        Some(match (first, self.peek_at(1)) {
            (b'r', b'b') | (b'b', b'r') => {
                Prefix { raw: true, bytes: true, length: 2, ..Prefix::default() }
            }
            (b'r', b'f') | (b'f', b'r') if self.grammar.f_strings => {
                Prefix { raw: true, format: true, length: 2, ..Prefix::default() }
            }
            (b'r', b't') | (b't', b'r') if self.grammar.t_strings => {
                Prefix { raw: true, template: true, length: 2, ..Prefix::default() }
            }
            _ => return None,
        })
    }

    /// Whether a string or bytes literal starts here.
    pub(super) fn string_ahead(&self) -> bool {
        self.prefix().is_some()
    }

    /// Reads a literal and those next to it that join it.
    pub(super) fn string(&mut self) -> Result<()> {
        self.tok = Tok::End;
        self.pieces = Vec::new();
        let mut format = false;
        while let Some(prefix) = self.prefix() {
            if prefix.raw && prefix.format && !self.grammar.raw_f_strings {
                self.tok = Tok::RawFString;
                break;
            }
            let kind = match prefix {
                Prefix { bytes: true, .. } => Tok::Bytes,
                Prefix { template: true, .. } => Tok::Template,
                _ => Tok::Str,
            };
            if self.tok == Tok::End {
                self.tok = kind;
            } else if self.tok != kind || kind == Tok::Template {
                // The grammar finds two literals in a row, and nothing joins those of a t-string.
                break;
            }
            for _ in 0..prefix.length {
                self.bump();
            }
            format |= prefix.format;
            let mut pieces = core::mem::take(&mut self.pieces);
            if prefix.template {
                self.template(prefix.raw, &mut pieces)?;
            } else {
                self.literal(prefix, &mut pieces)?;
            }
            self.pieces = pieces;
            self.skip_space(true);
        }
        if !format {
            self.pieces = with_plain_braces(core::mem::take(&mut self.pieces));
        }
        Ok(())
    }

    fn literal(&mut self, prefix: Prefix, out: &mut Vec<Piece>) -> Result<()> {
        let quotes = self.opening_quotes();
        while !self.at_end() {
            if self.closes(quotes) {
                self.skip_quotes(quotes);
                return Ok(());
            }
            let c = self.peek();
            if c == b'\n' && quotes.count == 1 {
                break;
            }
            if prefix.format && c == b'{' && self.peek_at(1) != b'{' {
                self.bump();
                self.field(prefix, quotes, out, 0)?;
            } else {
                let doubled = prefix.format && matches!(c, b'{' | b'}') && self.peek_at(1) == c;
                if doubled {
                    self.bump();
                }
                let text = text_of(out);
                let before = text.len();
                self.character(prefix, text)?;
                if let (Some(brace @ (b'{' | b'}')), true, false) =
                    (text.last().copied(), text.len() > before, doubled || prefix.bytes)
                {
                    text.pop();
                    out.push(Piece::Brace(brace));
                }
            }
        }
        self.tok = Tok::LonelyString;
        Ok(())
    }

    fn opening_quotes(&mut self) -> Quotes {
        let byte = self.peek();
        let count = if self.peek_at(1) == byte && self.peek_at(2) == byte { 3 } else { 1 };
        let quotes = Quotes { byte, count };
        self.skip_quotes(quotes);
        quotes
    }

    fn skip_quotes(&mut self, quotes: Quotes) {
        for _ in 0..quotes.count {
            self.bump();
        }
    }

    fn closes(&self, quotes: Quotes) -> bool {
        (0..quotes.count).all(|i| self.peek_at(i) == quotes.byte)
    }

    /// A replacement field, from after its brace to after the closing one.
    fn field(
        &mut self,
        prefix: Prefix,
        quotes: Quotes,
        out: &mut Vec<Piece>,
        depth: usize,
    ) -> Result<()> {
        let mut source = self.field_source();
        if source.last() == Some(&b'=') {
            text_of(out).extend_from_slice(&source);
            source.pop();
        }
        if source.is_empty() || depth > MAX_SPEC_DEPTH {
            self.tok = Tok::MalformedFString;
        }
        let mut conversion = 0;
        if self.peek() == b'!' {
            self.bump();
            conversion = if self.bump() == b'r' { 2 } else { 1 };
        }
        let mut spec = Vec::new();
        if self.peek() == b':' {
            self.bump();
            while !self.at_end() && self.peek() != b'}' {
                if self.peek() == b'\n' && quotes.count == 1 {
                    self.tok = Tok::LonelyString;
                    return Ok(());
                }
                if self.closes(quotes) || depth > MAX_SPEC_DEPTH {
                    self.tok = Tok::MalformedFString;
                    return Ok(());
                }
                if self.peek() == b'{' {
                    self.bump();
                    self.field(prefix, quotes, &mut spec, depth + 1)?;
                } else {
                    self.character(prefix, text_of(&mut spec))?;
                }
            }
        }
        self.bump();
        out.push(Piece::Field { source, conversion, spec, line: self.cur_line });
        Ok(())
    }

    /// The text of a field's expression: up to its end, knowing only `[` and `{` as nesting.
    fn field_source(&mut self) -> Vec<u8> {
        let mut source = Vec::new();
        let mut nested = 0usize;
        while !self.at_end() {
            let c = self.peek();
            let conversion = c == b'!'
                && matches!(self.peek_at(1), b'r' | b's')
                && matches!(self.peek_at(2), b':' | b'}');
            if nested == 0 && (matches!(c, b':' | b'}') || conversion) {
                break;
            }
            match c {
                b'[' | b'{' => nested += 1,
                b']' | b'}' => nested = nested.saturating_sub(1),
                _ => {}
            }
            source.push(c);
            self.bump();
        }
        source
    }

    /// One character or escape sequence of a literal.
    fn character(&mut self, prefix: Prefix, out: &mut Vec<u8>) -> Result<()> {
        let c = self.bump();
        if c != b'\\' {
            out.push(c);
            return Ok(());
        }
        if prefix.raw {
            out.push(b'\\');
            if !self.at_end() {
                let next = self.bump();
                out.push(next);
            }
            return Ok(());
        }
        if self.at_end() {
            return Ok(());
        }
        let c = self.bump();
        let value = match c {
            b'\n' => return Ok(()),
            b'\\' | b'\'' | b'"' => u32::from(c),
            b'a' => 7,
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'v' => 11,
            b'f' => 12,
            b'r' => 13,
            b'u' | b'U' if prefix.bytes => {
                out.extend_from_slice(&[b'\\', c]);
                return Ok(());
            }
            b'x' => self.hex(2),
            b'u' => self.hex(4),
            b'U' => self.hex(8),
            b'N' => {
                return Err(CompileError::new(
                    ErrorKind::NotImplemented,
                    "unicode name escapes",
                    0,
                ));
            }
            b'0'..=b'7' => self.octal(c),
            _ => {
                out.extend_from_slice(&[b'\\', c]);
                return Ok(());
            }
        };
        self.push_value(prefix, out, value);
        Ok(())
    }

    fn push_value(&mut self, prefix: Prefix, out: &mut Vec<u8>, value: u32) {
        if prefix.bytes {
            match u8::try_from(value) {
                Ok(byte) => out.push(byte),
                Err(_) => self.tok = Tok::Invalid,
            }
        } else if value < 0x11_0000 {
            let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            let mut buffer = [0; 4];
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        } else {
            self.tok = Tok::Invalid;
        }
    }

    fn hex(&mut self, digits: u32) -> u32 {
        let mut value: u32 = 0;
        for _ in 0..digits {
            let Some(digit) = char::from(self.peek()).to_digit(16) else {
                self.tok = Tok::Invalid;
                return 0;
            };
            self.bump();
            value = value.wrapping_shl(4) | digit;
        }
        value
    }

    fn octal(&mut self, first: u8) -> u32 {
        let mut value = u32::from(first - b'0');
        for _ in 0..2 {
            let c = self.peek();
            if !(b'0'..=b'7').contains(&c) {
                break;
            }
            self.bump();
            value = value * 8 + u32::from(c - b'0');
        }
        value
    }
}

/// Pieces of literals none of which is an f-string: braces are characters like others.
fn with_plain_braces(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(1);
    for piece in pieces {
        match piece {
            Piece::Text(text) => text_of(&mut out).extend(text),
            Piece::Brace(brace) => text_of(&mut out).push(brace),
            other => out.push(other),
        }
    }
    out
}

/// The text piece at the end, made if there is none.
fn text_of(pieces: &mut Vec<Piece>) -> &mut Vec<u8> {
    if !matches!(pieces.last(), Some(Piece::Text(_))) {
        pieces.push(Piece::Text(Vec::new()));
    }
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text,
        _ => unreachable!("a text piece was just put there"),
    }
}
