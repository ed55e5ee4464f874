//! String literals: plain ones, f-strings and t-strings.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::ast::{Arg, Expr, ExprKind, FPiece, Trailer, TrailerKind};
use crate::bytecode::Const;
use crate::error::Result;
use crate::lexer::{Lexer, Piece, Tok};
use crate::parser::Parser;
use crate::parser::expr::expr;

/// Strings up to this length are plain leaves to the reference and do not mark a line.
const SHORT_STRING: usize = 10;

/// The built-in function that makes a template.
const TEMPLATE: &str = "__template__";

/// Interpolations that are handed over as arguments; more come in a tuple.
const DIRECT: usize = 16;

impl Parser {
    pub(super) fn string(&mut self) -> Result<Expr> {
        let line = self.line();
        let mut pieces = core::mem::take(&mut self.lexer.pieces);
        if pieces.iter().any(|piece| matches!(piece, Piece::Brace(_))) {
            let result = self.format_call(line, pieces)?;
            self.next()?;
            return Ok(result);
        }
        let plain = match pieces.as_mut_slice() {
            [] => Some(Vec::new()),
            [Piece::Text(text)] => Some(core::mem::take(text)),
            _ => None,
        };
        let result = if let Some(text) = plain {
            let marked = if text.len() > SHORT_STRING { line } else { 0 };
            expr(marked, ExprKind::Const(Const::Str(into_string(text))))
        } else {
            let parts = self.fields(pieces)?;
            expr(line, ExprKind::FString(parts))
        };
        self.next()?;
        Ok(result)
    }

    fn fields(&mut self, pieces: Vec<Piece>) -> Result<Vec<FPiece>> {
        let mut parts = Vec::with_capacity(pieces.len());
        for piece in pieces {
            parts.push(match piece {
                Piece::Text(text) => FPiece::Text(into_string(text)),
                Piece::Field { source, conversion, spec, line } => {
                    let value = self.nested(|p| p.field_value(&source, line))?;
                    FPiece::Field { value, conversion, spec: self.fields(spec)? }
                }
                // In the format of a field.
                Piece::Brace(brace) => FPiece::Text(String::from(char::from(brace))),
                Piece::Interpolation { .. } => unreachable!("only t-strings have interpolations"),
            });
        }
        Ok(parts)
    }

    /// An f-string with a stray brace: the call of `format` that it is to the reference, which finds
    /// the brace when it runs.
    fn format_call(&mut self, line: u32, pieces: Vec<Piece>) -> Result<Expr> {
        let (mut text, mut args) = (Vec::new(), Vec::new());
        for piece in pieces {
            if let Piece::Text(plain) = piece {
                for c in plain {
                    text.push(c);
                    if matches!(c, b'{' | b'}') {
                        text.push(c);
                    }
                }
            } else {
                self.format_piece(piece, &mut text, &mut args)?;
            }
        }
        let name = self.intern(String::from("format"));
        let trailers = alloc::vec![
            Trailer { line, kind: TrailerKind::Attr(name) },
            Trailer { line, kind: TrailerKind::Call(args) },
        ];
        let text = expr(line, ExprKind::Const(Const::Str(into_string(text))));
        Ok(expr(line, ExprKind::Chain(Box::new(text), trailers)))
    }

    /// A piece as it stands in a text to be formatted, and the values of its fields.
    fn format_piece(
        &mut self,
        piece: Piece,
        text: &mut Vec<u8>,
        args: &mut Vec<Arg>,
    ) -> Result<()> {
        match piece {
            Piece::Text(plain) => text.extend(plain),
            Piece::Brace(brace) => text.push(brace),
            Piece::Field { source, conversion, spec, line } => {
                args.push(Arg::Plain(self.nested(|p| p.field_value(&source, line))?));
                text.push(b'{');
                text.extend_from_slice([&b""[..], b"!s", b"!r"][usize::from(conversion)]);
                if !spec.is_empty() {
                    text.push(b':');
                }
                for piece in spec {
                    self.format_piece(piece, text, args)?;
                }
                text.push(b'}');
            }
            Piece::Interpolation { .. } => unreachable!("only t-strings have interpolations"),
        }
        Ok(())
    }

    /// The expression of a replacement field, which is read as if in parentheses.
    fn field_value(&mut self, source: &[u8], line: u32) -> Result<Expr> {
        let text = [b"(", source, b")"].concat();
        self.inside(&text, line, Self::paren)
    }

    /// What `parse` makes of a text that stands inside a literal, and which it must use up.
    fn inside(
        &mut self,
        text: &[u8],
        line: u32,
        parse: fn(&mut Self) -> Result<Expr>,
    ) -> Result<Expr> {
        let inner = Lexer::new(text, line, self.settings.debug, self.settings.grammar)?;
        let outer = core::mem::replace(&mut self.lexer, inner);
        let value = parse(self).and_then(|value| {
            if self.tok() == Tok::Newline { Ok(value) } else { Err(self.lexer.unexpected()) }
        });
        self.lexer = outer;
        value
    }

    /// A t-string: a call of `__template__` with the tuple of its strings, then value, source,
    /// conversion and format of each interpolation (or one tuple of all these).
    pub(super) fn template(&mut self) -> Result<Expr> {
        let line = self.line();
        let pieces = core::mem::take(&mut self.lexer.pieces);
        self.next()?;
        let constant = |value| expr(0, ExprKind::Const(value));
        let mut strings = Vec::new();
        let mut text = String::new();
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(more) => text.push_str(&into_string(more)),
                Piece::Brace(brace) => text.push(char::from(brace)),
                Piece::Interpolation { source, conversion, spec, line } => {
                    strings.push(Const::Str(core::mem::take(&mut text)));
                    parts.push(self.nested(|p| p.field_value(&source, line))?);
                    parts.push(constant(Const::Str(into_string(source))));
                    parts.push(constant(
                        conversion.map_or(Const::None, |c| Const::Str(String::from(char::from(c)))),
                    ));
                    parts.push(self.nested(|p| p.inside(&spec, line, Self::atom))?);
                }
                Piece::Field { .. } => unreachable!("only f-strings have fields"),
            }
        }
        strings.push(Const::Str(text));
        let mut args = alloc::vec![Arg::Plain(constant(Const::Tuple(strings)))];
        if parts.len() > 4 * DIRECT {
            args.push(Arg::Plain(expr(line, ExprKind::Tuple(parts))));
        } else {
            args.extend(parts.into_iter().map(Arg::Plain));
        }
        let callee = self.intern(String::from(TEMPLATE));
        let call = Trailer { line, kind: TrailerKind::Call(args) };
        let callee = Box::new(expr(line, ExprKind::Name(callee)));
        Ok(expr(line, ExprKind::Chain(callee, alloc::vec![call])))
    }
}

fn into_string(text: Vec<u8>) -> String {
    match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}
