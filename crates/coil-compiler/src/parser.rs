//! Tokens to the syntax tree: a predictive parser with one token of lookahead.
//!
//! Owns the grammar and constant folding; must not know scopes or instructions.

mod atom;
mod expr;
mod fold;
mod function;
mod modules;
mod stmt;

pub use modules::ERRNO;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Mode;
use crate::ast::{Body, Name, ScopeId, Tree};
use crate::bytecode::Const;
use crate::error::{CompileError, Result};
use crate::grammar::Grammar;
use crate::lexer::{Lexer, Tok};

/// How deep source may nest before it is refused: what half a megabyte of stack allows.
const MAX_DEPTH: u32 = 104;

/// What the parser must know beyond the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) mode: Mode,
    pub(crate) debug: bool,
    pub(crate) single_floats: bool,
    pub(crate) read_float: crate::FloatReader,
    pub(crate) foreign_errno: bool,
    pub(crate) grammar: Grammar,
}

/// The parser's state.
#[derive(Debug)]
struct Parser {
    lexer: Lexer,
    settings: Settings,
    names: Vec<String>,
    name_ids: BTreeMap<String, Name>,
    /// `X = const(..)` seen so far.
    constants: BTreeMap<Name, Const>,
    scopes: u32,
    depth: u32,
    /// The first error that only counts if the text parses.
    deferred: Option<CompileError>,
}

/// Parses a source text.
pub(crate) fn parse(source: &str, settings: Settings) -> Result<Tree> {
    let mut parser = Parser {
        lexer: Lexer::new(source.as_bytes(), 1, settings.debug, settings.grammar)?,
        settings,
        names: Vec::new(),
        name_ids: BTreeMap::new(),
        constants: BTreeMap::new(),
        scopes: 1,
        depth: 0,
        deferred: None,
    };
    let body = parser.input()?;
    if parser.tok() != Tok::End {
        return Err(parser.lexer.unexpected());
    }
    if let Some(error) = parser.deferred {
        return Err(error);
    }
    Ok(Tree { names: parser.names, scopes: parser.scopes, body })
}

impl Parser {
    fn input(&mut self) -> Result<Body> {
        match self.settings.mode {
            Mode::Eval => {
                let value = self.test_list()?;
                while self.tok() == Tok::Newline {
                    self.next()?;
                }
                Ok(Body::Expr(value))
            }
            Mode::Single => {
                let mut block = Vec::new();
                if !self.accept(Tok::Newline)? {
                    self.statement(&mut block)?;
                }
                Ok(Body::Block(block))
            }
            Mode::Module | Mode::Paste => {
                let mut block = Vec::new();
                while self.tok() != Tok::End {
                    if !self.accept(Tok::Newline)? {
                        self.statement(&mut block)?;
                    }
                }
                Ok(Body::Block(block))
            }
        }
    }

    fn tok(&self) -> Tok {
        self.lexer.tok
    }

    fn line(&self) -> u32 {
        self.lexer.line
    }

    fn next(&mut self) -> Result<()> {
        self.lexer.advance()
    }

    fn accept(&mut self, tok: Tok) -> Result<bool> {
        let found = self.tok() == tok;
        if found {
            self.next()?;
        }
        Ok(found)
    }

    fn expect(&mut self, tok: Tok) -> Result<()> {
        if self.accept(tok)? { Ok(()) } else { Err(self.lexer.unexpected()) }
    }

    fn name(&mut self) -> Result<Name> {
        if self.tok() != Tok::Name {
            return Err(self.lexer.unexpected());
        }
        let text = core::mem::take(&mut self.lexer.text);
        let name = self.intern(text);
        self.next()?;
        Ok(name)
    }

    fn intern(&mut self, text: String) -> Name {
        if let Some(&name) = self.name_ids.get(&text) {
            return name;
        }
        let name = Name(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(text.clone());
        self.name_ids.insert(text, name);
        name
    }

    fn spelling(&self, name: Name) -> &str {
        &self.names[name.0 as usize]
    }

    /// Notes an error of meaning, which errors of grammar go before.
    fn defer(&mut self, message: &str, line: u32) {
        self.deferred.get_or_insert_with(|| CompileError::syntax(message, line));
    }

    fn new_scope(&mut self) -> ScopeId {
        self.scopes += 1;
        ScopeId(self.scopes - 1)
    }

    /// Runs one level of nesting, refusing those too deep.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(CompileError::recursion(self.line()));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }
}
