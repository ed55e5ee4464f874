//! The literals of t-strings.

use alloc::vec::Vec;

use super::{Piece, Prefix, Quotes, text_of};
use crate::error::Result;
use crate::lexer::{Lexer, Tok};

impl Lexer {
    /// Reads a t-string from its quotes on.
    pub(super) fn template(&mut self, raw: bool, out: &mut Vec<Piece>) -> Result<()> {
        let quotes = self.opening_quotes();
        while !self.at_end() {
            if self.closes(quotes) {
                self.skip_quotes(quotes);
                return Ok(());
            }
            let c = self.peek();
            match c {
                b'\n' if quotes.count == 1 => break,
                b'{' if self.peek_at(1) != b'{' => {
                    self.bump();
                    self.interpolation(raw, quotes, out);
                }
                b'{' | b'}' => {
                    if self.peek_at(1) == c {
                        self.bump();
                    } else {
                        self.tok = Tok::MalformedFString;
                    }
                    self.bump();
                    text_of(out).push(c);
                }
                // In a raw one the character after a backslash keeps its meaning.
                b'\\' if raw => text_of(out).push(self.bump()),
                _ => self.character(Prefix::default(), text_of(out))?,
            }
        }
        if self.tok != Tok::MalformedFString {
            self.tok = Tok::LonelyString;
        }
        Ok(())
    }

    /// A field, from after its brace to after the closing one.
    fn interpolation(&mut self, raw: bool, quotes: Quotes, out: &mut Vec<Piece>) {
        let line = self.cur_line;
        let mut source = self.field_source();
        let mut conversion = None;
        let shows_source = source.last() == Some(&b'=');
        if shows_source {
            text_of(out).extend_from_slice(&source);
            source.pop();
        }
        while source.last().is_some_and(u8::is_ascii_whitespace) {
            source.pop();
        }
        if source.is_empty() {
            self.tok = Tok::MalformedFString;
        } else if source.contains(&b'\n') {
            self.tok = Tok::Invalid;
        }
        if self.peek() == b'!' {
            self.bump();
            conversion = Some(self.bump());
        } else if shows_source && self.peek() != b':' {
            conversion = Some(b'r');
        }
        if self.peek() == b':' {
            self.bump();
        }
        let spec = self.template_spec(raw, quotes);
        out.push(Piece::Interpolation { source, conversion, spec, line });
    }

    /// The format of a field as the literal that gives it: an f-string if it has fields itself.
    fn template_spec(&mut self, raw: bool, quotes: Quotes) -> Vec<u8> {
        let mut text = Vec::new();
        let (mut depth, mut has_fields) = (1u32, false);
        loop {
            if self.at_end() || self.closes(quotes) || self.peek() == b'\n' && quotes.count == 1 {
                self.tok = Tok::MalformedFString;
                break;
            }
            match self.bump() {
                b'\n' => text.extend_from_slice(b"\\n"),
                b'\\' if raw => text.extend_from_slice(b"\\\\"),
                b'\\' => text.extend_from_slice(&[b'\\', self.bump()]),
                c => {
                    match c {
                        b'{' => depth += 1,
                        b'}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                    has_fields |= c == b'}';
                    text.push(c);
                }
            }
        }
        let quote = [quotes.byte];
        let prefix: &[u8] = if has_fields { b"f" } else { b"" };
        [prefix, &quote, &text, &quote].concat()
    }
}
