//! The walk over statements and expressions of one scope.

use super::{Analyser, Node, Scope, ScopeKind};
use crate::ast::{
    Arg, Class, Clause, Comprehension, Decorator, Expr, ExprKind, FPiece, Function, Param,
    ParamKind, ScopeId, Stmt, StmtKind, Trailer, TrailerKind, Try,
};
use crate::error::{CompileError, Result};

impl<'a> Analyser<'a> {
    fn error<T>(&self, message: &str, line: u32) -> Result<T> {
        let line = if line == 0 { self.statement_line } else { line };
        Err(CompileError::syntax(message, line))
    }

    pub(super) fn block(&mut self, block: &'a [Stmt]) -> Result<()> {
        for statement in block {
            self.statement_line = statement.line;
            self.statement(statement)?;
        }
        Ok(())
    }

    fn looped(&mut self, block: &'a [Stmt]) -> Result<()> {
        self.loops += 1;
        self.block(block)?;
        self.loops -= 1;
        Ok(())
    }

    fn statement(&mut self, statement: &'a Stmt) -> Result<()> {
        match &statement.kind {
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Assign(targets, value) => {
                self.expr(value)?;
                targets.iter().try_for_each(|target| self.target(target))
            }
            StmtKind::Annotated(target, value) => self.annotated(target, value.as_ref()),
            StmtKind::Augmented(target, _, value) => {
                self.augmented(target)?;
                self.expr(value)
            }
            StmtKind::Del(targets) => targets.iter().try_for_each(|t| self.del(t, true)),
            StmtKind::Pass => Ok(()),
            StmtKind::Break | StmtKind::Continue if self.loops == 0 => {
                self.error("'break'/'continue' outside loop", statement.line)
            }
            StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::Return(value) => {
                if self.scopes[self.current].kind != ScopeKind::Function {
                    return self.error("'return' outside function", statement.line);
                }
                value.iter().try_for_each(|v| self.expr(v))
            }
            StmtKind::Raise(raised) => raised.iter().try_for_each(|(value, cause)| {
                self.expr(value)?;
                cause.iter().try_for_each(|c| self.expr(c))
            }),
            StmtKind::Import(modules) => {
                for (path, alias) in modules {
                    self.store(alias.unwrap_or(path[0]));
                }
                Ok(())
            }
            StmtKind::ImportFrom { names, star, .. } => {
                if *star && self.scopes[self.current].kind != ScopeKind::Module {
                    return self.error("import * not at module level", statement.line);
                }
                for (name, alias) in names {
                    self.store(alias.unwrap_or(*name));
                }
                Ok(())
            }
            StmtKind::Global(names) => names.iter().try_for_each(|n| self.declare_global(*n)),
            StmtKind::Nonlocal(names) => {
                if self.scopes[self.current].kind == ScopeKind::Module {
                    return self.error("can't declare nonlocal in outer code", statement.line);
                }
                names.iter().try_for_each(|n| self.declare_nonlocal(*n))
            }
            StmtKind::Assert(condition, message) => {
                self.expr(condition)?;
                message.iter().try_for_each(|m| self.expr(m))
            }
            _ => self.compound(statement),
        }
    }

    fn compound(&mut self, statement: &'a Stmt) -> Result<()> {
        match &statement.kind {
            StmtKind::If(arms, otherwise) => {
                // What a constant keeps from running is not looked at: it binds no name, makes no
                // generator, and may be wrong.
                for (condition, block) in arms {
                    let truth = condition.truth();
                    if truth == Some(false) {
                        continue;
                    }
                    self.expr(condition)?;
                    self.block(block)?;
                    if truth == Some(true) {
                        return Ok(());
                    }
                }
                self.block(otherwise)
            }
            StmtKind::While(condition, body, otherwise) => {
                if condition.truth() != Some(false) {
                    self.looped(body)?;
                    self.expr(condition)?;
                }
                self.block(otherwise)
            }
            StmtKind::For(node) => {
                self.check_async(node.is_async, statement.line)?;
                self.expr(&node.source)?;
                self.target(&node.target)?;
                self.looped(&node.body)?;
                self.block(&node.otherwise)
            }
            StmtKind::Try(node) => self.try_statement(node),
            StmtKind::With(node) => {
                self.check_async(node.is_async, statement.line)?;
                for (context, target) in &node.items {
                    self.expr(context)?;
                    target.iter().try_for_each(|t| self.target(t))?;
                }
                self.block(&node.body)
            }
            StmtKind::Function(node) => {
                self.decorators(&node.decorators)?;
                self.function(node, ScopeKind::Function)?;
                self.store(node.name);
                Ok(())
            }
            StmtKind::Class(node) => self.class(node),
            _ => Ok(()),
        }
    }

    fn check_async(&self, is_async: bool, line: u32) -> Result<()> {
        if is_async && !self.scopes[self.current].generator {
            return self.error("async for/with outside async function", line);
        }
        Ok(())
    }

    fn try_statement(&mut self, node: &'a Try) -> Result<()> {
        self.block(&node.body)?;
        for (i, clause) in node.excepts.iter().enumerate() {
            match &clause.class {
                None if i + 1 != node.excepts.len() => {
                    return self.error("default 'except' must be last", clause.line);
                }
                None => {}
                Some(class) => self.expr(class)?,
            }
            if let Some(name) = clause.name {
                self.delete(name);
            }
            self.block(&clause.body)?;
        }
        self.block(&node.otherwise)?;
        node.finally.iter().try_for_each(|block| self.block(block))
    }

    fn annotated(&mut self, target: &'a Expr, value: Option<&'a Expr>) -> Result<()> {
        if let Some(value) = value {
            self.expr(value)?;
            return self.target(target);
        }
        if let (ScopeKind::Function, ExprKind::Name(name)) =
            (self.scopes[self.current].kind, &target.kind)
        {
            self.declare_local(*name);
        }
        Ok(())
    }

    fn augmented(&mut self, target: &'a Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.store(*name);
                Ok(())
            }
            ExprKind::Chain(..) => self.target(target),
            _ => self.error("can't assign to expression", target.error_line()),
        }
    }

    /// A target of an assignment.
    fn target(&mut self, target: &'a Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.store(*name);
                Ok(())
            }
            ExprKind::Chain(base, trailers) => {
                if matches!(trailers.last(), Some(t) if matches!(t.kind, TrailerKind::Call(_))) {
                    return self.error("can't assign to expression", target.error_line());
                }
                self.chain(base, trailers)
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                let mut starred = false;
                for item in items {
                    match &item.kind {
                        ExprKind::Star(_) if starred => {
                            return self.error("multiple *x in assignment", item.line);
                        }
                        ExprKind::Star(inner) => {
                            starred = true;
                            self.target(inner)?;
                        }
                        _ => self.target(item)?,
                    }
                }
                Ok(())
            }
            _ => self.error("can't assign to expression", target.error_line()),
        }
    }

    fn del(&mut self, target: &'a Expr, top: bool) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.delete(*name);
                Ok(())
            }
            ExprKind::Chain(base, trailers) if !matches!(trailers.last(), Some(t) if matches!(t.kind, TrailerKind::Call(_))) => {
                self.chain(base, trailers)
            }
            ExprKind::Tuple(items) if top || !items.is_empty() => {
                items.iter().try_for_each(|item| self.del(item, false))
            }
            _ => self.error("can't delete expression", target.error_line()),
        }
    }

    fn enter(&mut self, id: ScopeId, scope: Scope, node: Node<'a>) {
        let at = id.0 as usize;
        self.scopes[at] = scope;
        self.queue.push_back((at, node));
    }

    fn function(&mut self, node: &'a Function, kind: ScopeKind) -> Result<()> {
        self.defaults(&node.params)?;
        let scope = Scope::new(kind, Some(self.current), node.name, node.line);
        self.enter(node.scope, scope, Node::Function(node));
        Ok(())
    }

    fn defaults(&mut self, params: &'a [Param]) -> Result<()> {
        let (mut had_star, mut had_default) = (false, false);
        for param in params {
            match &param.kind {
                ParamKind::Star(_) => had_star = true,
                ParamKind::DoubleStar(_) => {}
                ParamKind::Plain { default: Some(default), .. } => {
                    had_default = true;
                    self.expr(default)?;
                }
                ParamKind::Plain { default: None, .. } => {
                    if had_default && !had_star {
                        let message = "non-default argument follows default argument";
                        return self.error(message, 0);
                    }
                }
            }
        }
        Ok(())
    }

    fn decorators(&mut self, decorators: &'a [Decorator]) -> Result<()> {
        for decorator in decorators {
            self.load(decorator.path[0]);
            decorator.args.iter().try_for_each(|args| self.args(args))?;
        }
        Ok(())
    }

    fn class(&mut self, node: &'a Class) -> Result<()> {
        self.decorators(&node.decorators)?;
        let scope = Scope::new(ScopeKind::Class, Some(self.current), node.name, node.line);
        self.enter(node.scope, scope, Node::Class(node));
        self.args(&node.args)?;
        self.store(node.name);
        Ok(())
    }

    fn exprs(&mut self, items: &'a [Expr]) -> Result<()> {
        items.iter().try_for_each(|item| self.expr(item))
    }

    pub(super) fn expr(&mut self, value: &'a Expr) -> Result<()> {
        match &value.kind {
            ExprKind::Name(name) => {
                self.load(*name);
                Ok(())
            }
            ExprKind::Const(_) => Ok(()),
            ExprKind::FString(parts) => self.fstring(parts),
            ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items)
            | ExprKind::Logic(_, items) => self.exprs(items),
            ExprKind::Dict(entries) => entries.iter().try_for_each(|(key, item)| {
                self.expr(item)?;
                self.expr(key)
            }),
            ExprKind::Comprehension(comp) => {
                let parent = Some(self.current);
                let name = comp.name;
                let scope = Scope::new(ScopeKind::Comprehension, parent, name, comp.line);
                self.enter(comp.scope, scope, Node::Comprehension(comp));
                self.expr(&comp.source)
            }
            ExprKind::Lambda(node) => self.function(node, ScopeKind::Lambda),
            ExprKind::IfElse(node) => {
                self.expr(&node.condition)?;
                self.expr(&node.then)?;
                self.expr(&node.otherwise)
            }
            ExprKind::Not(inner) | ExprKind::Unary(_, inner) => self.expr(inner),
            ExprKind::Compare(first, rest) => {
                self.expr(first)?;
                rest.iter().try_for_each(|(_, item)| self.expr(item))
            }
            ExprKind::Binary(first, rest) => {
                self.expr(first)?;
                rest.iter().try_for_each(|(_, item)| self.expr(item))
            }
            ExprKind::Chain(base, trailers) => self.chain(base, trailers),
            ExprKind::Await(inner) => {
                self.suspend("'await' outside function", value.line)?;
                self.expr(inner)
            }
            ExprKind::Yield(inner) => {
                self.suspend("'yield' outside function", value.line)?;
                inner.iter().try_for_each(|i| self.expr(i))
            }
            ExprKind::YieldFrom(inner) => {
                self.suspend("'yield' outside function", value.line)?;
                self.expr(inner)
            }
            ExprKind::Walrus(target, inner) => self.walrus(target, inner),
            ExprKind::Star(_) => self.error("*x must be assignment target", value.line),
            ExprKind::Slice(parts) => parts.iter().flatten().try_for_each(|part| self.expr(part)),
        }
    }

    fn suspend(&mut self, message: &str, line: u32) -> Result<()> {
        let scope = &mut self.scopes[self.current];
        if !matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda) {
            return self.error(message, line);
        }
        scope.generator = true;
        Ok(())
    }

    fn fstring(&mut self, parts: &'a [FPiece]) -> Result<()> {
        for part in parts {
            if let FPiece::Field { value, spec, .. } = part {
                self.expr(value)?;
                self.fstring(spec)?;
            }
        }
        Ok(())
    }

    fn walrus(&mut self, target: &'a Expr, value: &'a Expr) -> Result<()> {
        let ExprKind::Name(name) = target.kind else {
            return self.error("can't assign to expression", target.error_line());
        };
        self.expr(value)?;
        if self.scopes[self.current].kind == ScopeKind::Comprehension {
            self.declare_in_parent(name)?;
        }
        self.scopes[self.current].walrus = true;
        self.store(name);
        Ok(())
    }

    fn chain(&mut self, base: &'a Expr, trailers: &'a [Trailer]) -> Result<()> {
        self.expr(base)?;
        if self.is_bare_super(base, trailers) {
            self.load(self.well_known.class_cell);
            if self.first_parameter().is_none() {
                return self.error("super() can't find self", trailers[0].line);
            }
        }
        for trailer in trailers {
            match &trailer.kind {
                TrailerKind::Call(args) => self.args(args)?,
                TrailerKind::Index(index) => self.expr(index)?,
                TrailerKind::Attr(_) => {}
            }
        }
        Ok(())
    }

    fn is_bare_super(&self, base: &Expr, trailers: &[Trailer]) -> bool {
        self.scopes[self.current].kind == ScopeKind::Function
            && matches!(base.kind, ExprKind::Name(n) if Some(n) == self.well_known.super_)
            && matches!(trailers.first(), Some(Trailer { kind: TrailerKind::Call(args), .. })
                if args.is_empty())
    }

    fn first_parameter(&self) -> Option<crate::ast::Name> {
        self.scopes[self.current].ids.iter().find(|id| id.is_param).map(|id| id.name)
    }

    fn args(&mut self, args: &'a [Arg]) -> Result<()> {
        let (mut keyword, mut double_star) = (false, false);
        for arg in args {
            match arg {
                Arg::Star(value) => {
                    if double_star {
                        return self.error("* arg after **", value.line);
                    }
                    if keyword {
                        return self.error("* arg after kwarg", value.line);
                    }
                    self.expr(value)?;
                }
                Arg::DoubleStar(value) => {
                    double_star = true;
                    keyword = true;
                    self.expr(value)?;
                }
                Arg::Keyword(name, value) => {
                    if !matches!(name.kind, ExprKind::Name(_)) {
                        return self.error("LHS of keyword arg must be an id", name.line);
                    }
                    keyword = true;
                    self.expr(value)?;
                }
                Arg::Bare(value) => self.expr(value)?,
                Arg::Plain(value) => {
                    if double_star {
                        return self.error("positional arg after **", value.error_line());
                    }
                    if keyword {
                        return self.error("positional arg after keyword arg", value.error_line());
                    }
                    self.expr(value)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn comprehension_body(&mut self, comp: &'a Comprehension) -> Result<()> {
        let iterator = self.well_known.iterator;
        let scope = &mut self.scopes[self.current];
        scope.generator = comp.kind == crate::ast::ComprehensionKind::Generator;
        scope.params.push(iterator);
        scope.find_or_add(iterator, super::IdKind::Local).is_param = true;
        self.target(&comp.target)?;
        for clause in &comp.clauses {
            match clause {
                Clause::For(target, source) => {
                    self.expr(source)?;
                    self.target(target)?;
                }
                Clause::If(condition) => self.expr(condition)?,
            }
        }
        self.expr(&comp.item)?;
        comp.key.iter().try_for_each(|key| self.expr(key))
    }
}
