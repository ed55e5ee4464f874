//! `while` and `for`: the condition is at the bottom, so that a round takes one jump.

use alloc::string::String;

use super::Gen;
use super::exit::Block;
use crate::ast::{Arg, Expr, ExprKind, For, Stmt, Trailer, TrailerKind};
use crate::bytecode::asm::Label;
use crate::bytecode::{Const, Op};
use crate::error::Result;

/// The arguments of a `range` that is a loop of its own.
struct Range<'a> {
    start: Option<&'a Expr>,
    stop: &'a Expr,
    step: i64,
}

impl<'a> Gen<'a> {
    pub(super) fn push_loop(&mut self) -> (Label, Label) {
        let (on_break, on_continue) = (self.unit.asm.label(), self.unit.asm.label());
        self.push_block(Block::Loop { on_break, on_continue, state: super::RegSet::ALL });
        (on_break, on_continue)
    }

    /// Puts the label here that rounds of a loop jump back to. Where the programmer asked for
    /// machine code, this is the place to go on in it.
    pub(super) fn round_starts(&mut self, top: Label, reachable: bool) {
        self.unit.asm.bind_backward(top, reachable);
        if self.is_native() || self.options.hot_loops {
            self.unit.asm.emit_words(Op::Hot, [0; 3], &[0]);
        }
    }

    /// The `else` part and what is assigned after the loop.
    pub(super) fn finish_loop(&mut self, on_break: Label, otherwise: &'a [Stmt]) -> Result<()> {
        let breaks = match self.pop_block() {
            Some(Block::Loop { state, .. }) => state,
            _ => super::RegSet::ALL,
        };
        self.block(otherwise)?;
        let state = self.state();
        self.unit.asm.bind(on_break);
        self.unit.assigned = state.and(breaks);
        Ok(())
    }

    pub(super) fn while_loop(
        &mut self,
        condition: &'a Expr,
        body: &'a [Stmt],
        otherwise: &'a [Stmt],
    ) -> Result<()> {
        let (on_break, on_continue) = self.push_loop();
        if condition.truth() != Some(false) {
            let top = self.unit.asm.label();
            let reachable = self.unit.asm.is_reachable();
            let before = self.unit.assigned;
            if condition.truth() != Some(true) {
                self.unit.asm.jump(on_continue);
            }
            self.round_starts(top, reachable);
            self.block(body)?;
            self.unit.asm.bind(on_continue);
            self.unit.assigned = before;
            self.condition(condition, true, top)?;
        }
        self.finish_loop(on_break, otherwise)
    }

    pub(super) fn for_loop(&mut self, node: &'a For) -> Result<()> {
        let mark = self.mark();
        if node.is_async {
            self.async_for(node)?;
        } else if let Some(range) = self.range_of(node) {
            self.for_range(node, &range)?;
        } else {
            let iterator = self.temp()?;
            let source = self.expr_hint(&node.source, iterator)?;
            self.emit(Op::GetIter, iterator, source, 0);
            self.rounds(node, |target| (Op::ForIter, [target, iterator, 0]))?;
        }
        self.release(mark);
        Ok(())
    }

    /// The register a round puts its item into, and whether it must be stored from there.
    pub(super) fn loop_target(&mut self, target: &'a Expr) -> Result<(u8, bool)> {
        match self.local_of(target) {
            Some(reg) => Ok((reg, false)),
            None => Ok((self.temp()?, true)),
        }
    }

    /// What a round does with its item.
    pub(super) fn store_target(&mut self, target: &'a Expr, reg: u8, store: bool) -> Result<()> {
        if store {
            return self.store(target, reg);
        }
        if let ExprKind::Name(name) = target.kind {
            self.mark_assigned(name, reg);
        }
        Ok(())
    }

    fn rounds(&mut self, node: &'a For, next: impl Fn(u8) -> (Op, [u8; 3])) -> Result<()> {
        let line = self.line();
        let (item, store) = self.loop_target(&node.target)?;
        let (on_break, on_continue) = self.push_loop();
        let top = self.unit.asm.label();
        let reachable = self.unit.asm.is_reachable();
        let before = self.unit.assigned;
        self.unit.asm.jump(on_continue);
        self.round_starts(top, reachable);
        self.store_target(&node.target, item, store)?;
        self.block(&node.body)?;
        self.unit.asm.bind(on_continue);
        self.unit.assigned = before;
        let last = self.line();
        self.unit.asm.set_line(line);
        let (op, fields) = next(item);
        self.unit.asm.branch(op, fields, top);
        self.unit.asm.set_line(last);
        self.finish_loop(on_break, &node.otherwise)
    }

    fn for_range(&mut self, node: &'a For, range: &Range<'a>) -> Result<()> {
        self.set_line(node.source.line);
        if let (true, ExprKind::Name(target)) = (self.is_viper(), &node.target.kind) {
            let bounds = (range.start, range.stop, range.step);
            return self.typed_for_range(*target, bounds, &node.body, &node.otherwise);
        }
        let index = self.temps(2)?;
        self.expr_to(range.stop, index + 1)?;
        match range.start {
            Some(start) => self.expr_to(start, index)?,
            None => self.load_constant(&Const::Int(0), index)?,
        }
        let step = self.temp()?;
        self.load_constant(&Const::Int(range.step), step)?;
        self.rounds(node, |target| (Op::ForRange, [target, index, step]))
    }

    /// The `range` that a loop over a name goes through, if it is written out.
    fn range_of(&self, node: &'a For) -> Option<Range<'a>> {
        let (ExprKind::Name(_), ExprKind::Chain(base, trailers)) =
            (&node.target.kind, &node.source.kind)
        else {
            return None;
        };
        let [Trailer { kind: TrailerKind::Call(args), .. }] = trailers.as_slice() else {
            return None;
        };
        let is_range =
            matches!(base.kind, ExprKind::Name(n) if Some(n) == self.scopes.well_known.range);
        if !is_range {
            return None;
        }
        match args.as_slice() {
            [stop] => Some(Range { start: None, stop: plain(stop)?, step: 1 }),
            [start, stop] => Some(Range { start: plain(start), stop: plain(stop)?, step: 1 })
                .filter(|range| range.start.is_some()),
            [start, stop, step] => match plain(step)?.constant() {
                Some(Const::Int(step)) if *step != 0 => {
                    Some(Range { start: Some(plain(start)?), stop: plain(stop)?, step: *step })
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn async_for(&mut self, node: &'a For) -> Result<()> {
        let iterator = self.temp()?;
        let source = self.expr_hint(&node.source, iterator)?;
        self.emit(Op::GetAIter, iterator, source, 0);
        let (item, exception) = (self.temp()?, self.temp()?);
        let (on_break, on_continue) = self.push_loop();
        let (body, otherwise) = (self.unit.asm.label(), self.unit.asm.label());
        let reachable = self.unit.asm.is_reachable();
        let before = self.unit.assigned;
        self.unit.asm.bind_backward(on_continue, reachable);
        let ranges = self.ranges();
        self.push_block(Block::Try { ranges });
        self.special_call(iterator, "__anext__", item)?;
        self.await_value(item, item)?;
        self.store(&node.target, item)?;
        let block = self.pop_block();
        let stored = self.unit.assigned;
        self.unit.asm.jump(body);
        if let Some(Block::Try { ranges }) = block {
            self.handle(&ranges, exception);
            let mark = self.mark();
            let class = self.temp()?;
            self.emit_name(Op::LoadGlobal, class, 0, String::from("StopAsyncIteration"))?;
            self.unit.asm.branch(Op::JExc, [exception, class, 1], otherwise);
            self.release(mark);
            self.emit(Op::Reraise, exception, 0, 0);
        }
        self.unit.asm.bind(body);
        self.unit.assigned = stored;
        self.block(&node.body)?;
        self.unit.asm.jump(on_continue);
        self.unit.asm.bind(otherwise);
        self.unit.assigned = before;
        self.finish_loop(on_break, &node.otherwise)
    }
}

fn plain(arg: &Arg) -> Option<&Expr> {
    match arg {
        Arg::Plain(value)
            if !matches!(value.kind, ExprKind::Walrus(..) | ExprKind::Comprehension(_)) =>
        {
            Some(value)
        }
        _ => None,
    }
}
