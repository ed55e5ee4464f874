//! Atoms with trailers: attributes, items, calls and method calls.

use alloc::string::String;

use super::Gen;
use super::call::Callee;
use crate::ast::{Arg, Expr, ExprKind, FPiece, Name, Trailer, TrailerKind};
use crate::bytecode::Op;
use crate::error::Result;
use crate::scope::ScopeKind;

/// Where the value of the chain so far is.
#[derive(Clone, Copy)]
enum Current<'a> {
    Unevaluated(&'a Expr),
    Register(u8),
    /// In the second register of the window of the method call that comes next.
    Window(u8),
}

impl<'a> Gen<'a> {
    pub(super) fn chain(&mut self, base: &'a Expr, trailers: &'a [Trailer], dst: u8) -> Result<()> {
        self.trailers(Current::Unevaluated(base), trailers, dst)
    }

    /// Trailers of what a register holds.
    pub(super) fn chain_from(&mut self, reg: u8, trailers: &'a [Trailer], dst: u8) -> Result<()> {
        self.trailers(Current::Register(reg), trailers, dst)
    }

    fn trailers(
        &mut self,
        mut current: Current<'a>,
        trailers: &'a [Trailer],
        dst: u8,
    ) -> Result<()> {
        let partial = self.scratch(dst)?;
        let mark = self.mark();
        // Windows start at the topmost temporary if that is where the result goes.
        let base_reg = if partial + 1 == mark { partial } else { mark };
        let mut at = 0;
        if let Current::Unevaluated(base) = current
            && self.is_bare_super(base, trailers)
        {
            let to_window = self.is_simple_method(&trailers[1..]);
            let to = match trailers {
                [_] => dst,
                _ if to_window => base_reg + 1,
                _ => partial,
            };
            self.release(base_reg);
            self.super_call(base, to)?;
            current = if to_window { Current::Window(base_reg) } else { Current::Register(to) };
            at = 1;
        }
        if let Current::Unevaluated(base) = current
            && let Some(entries) = self.ordered_dict_entries(base, trailers)
        {
            self.ordered_dict(base, trailers[0].line, entries, partial)?;
            if trailers.len() == 1 {
                self.move_to(dst, partial);
                self.release(mark);
                return Ok(());
            }
            current = Current::Register(partial);
            at = 1;
        }
        while at < trailers.len() {
            let (step, rest) = trailers[at..].split_at(step_length(&trailers[at..]));
            let to_window = !rest.is_empty() && self.is_simple_method(rest);
            let is_call = matches!(step.last(), Some(t) if matches!(t.kind, TrailerKind::Call(_)));
            self.release(if is_call || to_window { base_reg } else { mark });
            if matches!(current, Current::Window(_)) || (to_window && !is_call) {
                self.temps(2)?;
            }
            let to = match rest {
                [] => dst,
                _ if to_window => base_reg + 1,
                _ => partial,
            };
            self.chain_step(current, step, to)?;
            current = if to_window { Current::Window(base_reg) } else { Current::Register(to) };
            at += step.len();
        }
        self.release(mark);
        Ok(())
    }

    /// The entries of `OrderedDict({...})`, which keeps them in the order of the source.
    fn ordered_dict_entries(
        &self,
        base: &Expr,
        trailers: &'a [Trailer],
    ) -> Option<&'a [(Expr, Expr)]> {
        let ExprKind::Name(name) = base.kind else { return None };
        let TrailerKind::Call(args) = &trailers.first()?.kind else { return None };
        match args.as_slice() {
            [Arg::Plain(Expr { kind: ExprKind::Dict(entries), .. })]
                if self.spelling(name) == "OrderedDict" =>
            {
                Some(entries)
            }
            _ => None,
        }
    }

    /// Calls the class with nothing and puts entries into what that gives.
    fn ordered_dict(
        &mut self,
        base: &'a Expr,
        line: u32,
        entries: &'a [(Expr, Expr)],
        result: u8,
    ) -> Result<()> {
        let mark = self.mark();
        let window = self.temp()?;
        self.put(Current::Unevaluated(base), window)?;
        self.set_line(line);
        self.call(Callee::Plain(window), &[], result)?;
        self.release(mark);
        for (key, value) in entries {
            let value = self.expr_any(value)?;
            let key = self.expr_any(key)?;
            self.emit(Op::StoreItem, result, key, value);
            self.release(mark);
        }
        Ok(())
    }

    /// The object of a target: the chain without its last trailer.
    pub(super) fn chain_object(&mut self, base: &'a Expr, trailers: &'a [Trailer]) -> Result<u8> {
        if trailers.is_empty() {
            return self.expr_any(base);
        }
        let reg = self.temp()?;
        self.chain(base, trailers, reg)?;
        Ok(reg)
    }

    /// Whether the chain goes on with a method call whose arguments cannot run code that the
    /// lookup of the method would have to precede.
    fn is_simple_method(&self, trailers: &[Trailer]) -> bool {
        match trailers {
            [
                Trailer { kind: TrailerKind::Attr(_), .. },
                Trailer { kind: TrailerKind::Call(args), .. },
                ..,
            ] => self.fits_window(args) && args.iter().all(|arg| self.is_simple_arg(arg)),
            _ => false,
        }
    }

    /// Arguments on further lines do not qualify: a failing lookup is reported on the line of
    /// the method.
    fn is_simple_arg(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Plain(value) | Arg::Bare(value) | Arg::Keyword(_, value) => {
                value.line <= self.line() && is_simple(value)
            }
            Arg::Star(_) | Arg::DoubleStar(_) => false,
        }
    }

    fn chain_step(&mut self, current: Current<'a>, step: &'a [Trailer], to: u8) -> Result<()> {
        match step {
            [
                Trailer { kind: TrailerKind::Attr(name), .. },
                Trailer { kind: TrailerKind::Call(args), .. },
            ] => self.method_call(current, *name, args, self.is_simple_method(step), to),
            [Trailer { kind: TrailerKind::Call(args), line }] => {
                let window = self.temp()?;
                self.put(current, window)?;
                self.set_line(*line);
                self.call(Callee::Plain(window), args, to)
            }
            [Trailer { kind: TrailerKind::Attr(name), line }] => {
                let object = self.get(current, to)?;
                self.set_line(*line);
                let name = self.spelling(*name);
                self.load_attr(to, object, name)
            }
            [Trailer { kind: TrailerKind::Index(index), line }] => {
                let object = self.get(current, to)?;
                self.set_line(*line);
                if let Some(number) = Self::immediate(index) {
                    self.emit(Op::LoadItemI, to, object, number);
                } else {
                    let index = self.expr_any(index)?;
                    self.emit(Op::LoadItem, to, object, index);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn method_call(
        &mut self,
        current: Current<'a>,
        name: Name,
        args: &'a [Arg],
        simple: bool,
        to: u8,
    ) -> Result<()> {
        if simple {
            let window = match current {
                Current::Window(window) => window,
                _ => self.temps(2)?,
            };
            self.put(current, window + 1)?;
            return self.call(Callee::Named(window, name), args, to);
        }
        let object = match current {
            Current::Unevaluated(base) => match self.local_of(base) {
                Some(_) => self.expr_any(base)?,
                None => {
                    // Into the window itself: the lookup reads it before it writes.
                    let window = self.mark();
                    let object = self.expr_any(base)?;
                    self.release(window);
                    object
                }
            },
            Current::Register(reg) => reg,
            Current::Window(window) => window + 1,
        };
        let window = self.temps(2)?;
        self.emit_name(Op::LoadMethod, window, object, self.spelling(name))?;
        self.call(Callee::Method(window), args, to)
    }

    /// Puts the current value into a register.
    fn put(&mut self, current: Current<'a>, reg: u8) -> Result<()> {
        match current {
            Current::Unevaluated(base) => self.expr_to(base, reg)?,
            Current::Register(from) => self.move_to(reg, from),
            Current::Window(_) => {}
        }
        Ok(())
    }

    /// A register that holds the current value.
    fn get(&mut self, current: Current<'a>, hint: u8) -> Result<u8> {
        Ok(match current {
            Current::Unevaluated(base) => self.expr_hint(base, hint)?,
            Current::Register(reg) => reg,
            Current::Window(window) => window + 1,
        })
    }

    fn is_bare_super(&self, base: &Expr, trailers: &[Trailer]) -> bool {
        self.scope().kind == ScopeKind::Function
            && matches!(base.kind, ExprKind::Name(n) if Some(n) == self.scopes.well_known.super_)
            && matches!(trailers.first(), Some(Trailer { kind: TrailerKind::Call(args), .. })
                if args.is_empty())
    }

    /// `super()` as `super(__class__, first parameter)`.
    fn super_call(&mut self, base: &'a Expr, to: u8) -> Result<()> {
        let mark = self.mark();
        let window = self.temps(3)?;
        self.expr_to(base, window)?;
        self.load_name(self.scopes.well_known.class_cell, window + 1)?;
        if let Some(first) = self.scope().ids.iter().find(|id| id.is_param) {
            self.load_name(first.name, window + 2)?;
        }
        self.unit.asm.emit_words(Op::Call, [window, 2, 0], &[u32::from(to)]);
        self.release(mark);
        Ok(())
    }

    /// A call without arguments of a method that the language names.
    pub(super) fn special_call(&mut self, object: u8, name: &str, dst: u8) -> Result<()> {
        let mark = self.mark();
        let window = self.temps(2)?;
        self.emit_name(Op::LoadMethod, window, object, String::from(name))?;
        self.unit.asm.emit_words(Op::CallM, [window, 0, 0], &[u32::from(dst)]);
        self.release(mark);
        Ok(())
    }
}

/// How many trailers one step takes: two for a method call.
fn step_length(trailers: &[Trailer]) -> usize {
    match trailers {
        [
            Trailer { kind: TrailerKind::Attr(_), .. },
            Trailer { kind: TrailerKind::Call(_), .. },
            ..,
        ] => 2,
        _ => 1,
    }
}

/// Whether evaluating an expression calls nothing and suspends nothing.
fn is_simple(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Name(_) | ExprKind::Const(_) | ExprKind::Lambda(_) => true,
        ExprKind::Tuple(items)
        | ExprKind::List(items)
        | ExprKind::Set(items)
        | ExprKind::Logic(_, items) => items.iter().all(is_simple),
        ExprKind::Dict(entries) => entries.iter().all(|(k, v)| is_simple(k) && is_simple(v)),
        ExprKind::IfElse(node) => {
            is_simple(&node.condition) && is_simple(&node.then) && is_simple(&node.otherwise)
        }
        ExprKind::Not(inner) | ExprKind::Unary(_, inner) => is_simple(inner),
        ExprKind::Compare(first, rest) => {
            is_simple(first) && rest.iter().all(|(_, item)| is_simple(item))
        }
        ExprKind::Binary(first, rest) => {
            is_simple(first) && rest.iter().all(|(_, item)| is_simple(item))
        }
        ExprKind::Chain(base, trailers) => {
            is_simple(base)
                && trailers.iter().all(|trailer| match &trailer.kind {
                    TrailerKind::Call(_) => false,
                    TrailerKind::Index(index) => is_simple(index),
                    TrailerKind::Attr(_) => true,
                })
        }
        ExprKind::Slice(parts) => parts.iter().flatten().all(is_simple),
        ExprKind::FString(parts) => fstring_is_simple(parts),
        ExprKind::Comprehension(_)
        | ExprKind::Await(_)
        | ExprKind::Yield(_)
        | ExprKind::YieldFrom(_)
        | ExprKind::Walrus(..)
        | ExprKind::Star(_) => false,
    }
}

fn fstring_is_simple(parts: &[FPiece]) -> bool {
    parts.iter().all(|part| match part {
        FPiece::Text(_) => true,
        FPiece::Field { value, spec, .. } => is_simple(value) && fstring_is_simple(spec),
    })
}
