//! Functions, lambdas, their parameters, classes and decorators.

use alloc::string::String;
use alloc::vec::Vec;

use super::Parser;
use super::expr::expr;
use crate::ast::{
    Annotation, Body, Class, Decorator, Expr, ExprKind, Function, Param, ParamKind, Stmt, StmtKind,
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
            returns: Annotation::None,
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
        let mut annotation = Annotation::None;
        let kind = if self.accept(Tok::Star)? {
            let name = if self.tok() == Tok::Name { Some(self.name()?) } else { None };
            if name.is_some() && typed {
                annotation = self.annotation(Tok::Colon)?;
            }
            ParamKind::Star(name)
        } else if self.accept(Tok::DoubleStar)? {
            let name = self.name()?;
            if typed {
                annotation = self.annotation(Tok::Colon)?;
            }
            ParamKind::DoubleStar(name)
        } else {
            let name = self.name()?;
            if typed {
                annotation = self.annotation(Tok::Colon)?;
            }
            let default = if self.accept(Tok::Equal)? { Some(self.test()?) } else { None };
            ParamKind::Plain { name, default }
        };
        Ok(Param { line, annotation, kind })
    }

    /// The annotation after this token, if there is one.
    fn annotation(&mut self, before: Tok) -> Result<Annotation> {
        if !self.accept(before)? {
            return Ok(Annotation::None);
        }
        let value = self.test()?;
        Ok(match value.kind {
            ExprKind::Name(name) => Annotation::Name(name),
            _ => Annotation::Other(value.line),
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
        let returns = self.annotation(Tok::Arrow)?;
        let body = Body::Block(self.suite()?);
        let function = Function { name, scope, line, params, returns, body, is_async, decorators };
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
