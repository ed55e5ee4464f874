//! Functions, lambdas, their parameters, classes and decorators.

use alloc::string::String;
use alloc::vec::Vec;

use super::Parser;
use super::expr::expr;
use crate::ast::{
    Body, Class, Decorator, Expr, ExprKind, Function, Name, Param, ParamKind, Stmt, StmtKind,
};
use crate::error::Result;
use crate::lexer::Tok;

impl Parser {
    /// A lambda whose body is parsed by `body`.
    pub(super) fn lambda(&mut self, body: fn(&mut Self) -> Result<Expr>) -> Result<Expr> {
        let line = self.line();
        self.expect(Tok::Lambda)?;
        let scope = self.new_scope();
        let params = self.params(Tok::Colon, false)?;
        self.expect(Tok::Colon)?;
        let value = body(self)?;
        let name = self.intern(String::from("<lambda>"));
        let function = Function {
            name,
            scope,
            line,
            params,
            body: Body::Expr(value),
            is_async: false,
            decorators: Vec::new(),
        };
        Ok(expr(line, ExprKind::Lambda(function.into())))
    }

    fn params(&mut self, end: Tok, typed: bool) -> Result<Vec<Param>> {
        let mut params = Vec::new();
        while self.tok() != end {
            params.push(self.param(typed)?);
            if !self.accept(Tok::Comma)? {
                break;
            }
        }
        Ok(params)
    }

    fn param(&mut self, typed: bool) -> Result<Param> {
        let line = self.line();
        if self.accept(Tok::Star)? {
            let name = if self.tok() == Tok::Name { Some(self.name()?) } else { None };
            if name.is_some() && typed {
                self.annotation()?;
            }
            return Ok(Param { line, kind: ParamKind::Star(name) });
        }
        if self.accept(Tok::DoubleStar)? {
            let name = self.name()?;
            if typed {
                self.annotation()?;
            }
            return Ok(Param { line, kind: ParamKind::DoubleStar(name) });
        }
        let name = self.name()?;
        let annotation = if typed { self.annotation()? } else { None };
        let default = if self.accept(Tok::Equal)? { Some(self.test()?) } else { None };
        Ok(Param { line, kind: ParamKind::Plain { name, default, annotation } })
    }

    /// `[':' test]`: the name it is, if it is one.
    fn annotation(&mut self) -> Result<Option<Name>> {
        if !self.accept(Tok::Colon)? {
            return Ok(None);
        }
        Ok(match self.test()?.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        })
    }

    /// `funcdef`
    pub(super) fn function(
        &mut self,
        is_async: bool,
        decorators: Vec<Decorator>,
    ) -> Result<StmtKind> {
        let line = self.line();
        self.expect(Tok::Def)?;
        let name = self.name()?;
        let scope = self.new_scope();
        self.expect(Tok::ParenOpen)?;
        let params = self.params(Tok::ParenClose, true)?;
        self.expect(Tok::ParenClose)?;
        if self.accept(Tok::Arrow)? {
            self.test()?;
        }
        let body = Body::Block(self.suite()?);
        let function = Function { name, scope, line, params, body, is_async, decorators };
        Ok(StmtKind::Function(function.into()))
    }

    /// `classdef`
    pub(super) fn class(&mut self, decorators: Vec<Decorator>) -> Result<StmtKind> {
        let line = self.line();
        self.expect(Tok::Class)?;
        let name = self.name()?;
        let scope = self.new_scope();
        let args = if self.tok() == Tok::ParenOpen { self.call_args()? } else { Vec::new() };
        let body = self.suite()?;
        Ok(StmtKind::Class(Class { name, scope, line, args, body, decorators }.into()))
    }

    /// `decorated`
    pub(super) fn decorated(&mut self) -> Result<Stmt> {
        let line = self.line();
        let mut decorators = Vec::new();
        while self.tok() == Tok::At {
            let line = self.line();
            self.next()?;
            let path = self.dotted_name()?;
            let args = if self.tok() == Tok::ParenOpen { Some(self.call_args()?) } else { None };
            self.expect(Tok::Newline)?;
            decorators.push(Decorator { line, path, args });
        }
        let kind = match self.tok() {
            Tok::Class => self.class(decorators)?,
            Tok::Async => {
                self.next()?;
                self.function(true, decorators)?
            }
            _ => self.function(false, decorators)?,
        };
        Ok(Stmt { line, kind })
    }
}
