//! `try` statements.

use super::exit::{Block, FIRST_EXIT};
use super::{Gen, RegSet};
use crate::ast::{Except, Name, Stmt, Try};
use crate::bytecode::Op;
use crate::bytecode::asm::Label;
use crate::error::Result;

impl<'a> Gen<'a> {
    pub(super) fn try_statement(&mut self, node: &'a Try) -> Result<()> {
        let mark = self.mark();
        match &node.finally {
            Some(finally) => self.try_finally(node, finally)?,
            None => self.try_except(node)?,
        }
        self.release(mark);
        Ok(())
    }

    fn try_finally(&mut self, node: &'a Try, finally: &'a [Stmt]) -> Result<()> {
        let before = self.unit.assigned;
        let (selector, value) = (self.temp()?, self.temp()?);
        // Some ways to the `finally` bring no value.
        self.emit(Op::LoadNone, value, 0, 0);
        let start = self.unit.asm.label();
        let ranges = self.ranges();
        self.push_block(Block::Finally { start, selector, value, exits: alloc::vec![], ranges });
        if node.excepts.is_empty() {
            self.block(&node.body)?;
        } else {
            self.try_except(node)?;
        }
        let Some(Block::Finally { exits, ranges, .. }) = self.pop_block() else {
            return Ok(());
        };
        let normal = self.unit.asm.is_reachable();
        if normal {
            self.unit.asm.emit_wide(Op::LoadInt, selector, 1);
            self.unit.asm.jump(start);
        }
        self.handle(&ranges, value);
        self.unit.asm.emit_wide(Op::LoadInt, selector, 0);
        self.unit.asm.bind(start);
        self.unit.assigned = before;
        self.block(finally)?;
        // An exception may have come to the `finally` before the body had assigned anything.
        let assigned = self.unit.assigned;
        self.select(selector, 0, |g| {
            g.emit(Op::Reraise, value, 0, 0);
            Ok(())
        })?;
        for (number, exit) in (FIRST_EXIT..).zip(exits) {
            self.select(selector, number, |g| g.exit(exit, Some(value)))?;
        }
        self.unit.assigned = assigned;
        Ok(())
    }

    fn select(
        &mut self,
        selector: u8,
        number: u8,
        then: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let skip = self.unit.asm.label();
        self.unit.asm.branch(Op::JNeI, [selector, number, 1], skip);
        then(self)?;
        self.unit.asm.bind(skip);
        Ok(())
    }

    fn try_except(&mut self, node: &'a Try) -> Result<()> {
        let before = self.unit.assigned;
        let end = self.unit.asm.label();
        let exception = self.temp()?;
        let ranges = self.ranges();
        self.push_block(Block::Try { ranges });
        self.block(&node.body)?;
        let block = self.pop_block();
        self.block(&node.otherwise)?;
        let mut after = self.state();
        self.unit.asm.jump(end);
        if let Some(Block::Try { ranges }) = block {
            self.handle(&ranges, exception);
        }
        self.push_block(Block::Handler { reg: exception });
        for clause in &node.excepts {
            self.unit.assigned = before;
            after = after.and(self.except(clause, exception, end)?);
        }
        self.emit(Op::Reraise, exception, 0, 0);
        self.pop_block();
        self.unit.asm.bind(end);
        self.unit.assigned = after;
        Ok(())
    }

    fn except(&mut self, clause: &'a Except, exception: u8, end: Label) -> Result<RegSet> {
        let next = self.unit.asm.label();
        let mark = self.mark();
        if let Some(class) = &clause.class {
            let reg = self.expr_any(class)?;
            self.unit.asm.branch(Op::JExc, [exception, reg, 0], next);
            self.release(mark);
        }
        let state = match clause.name {
            None => {
                self.block(&clause.body)?;
                let state = self.state();
                self.unit.asm.jump(end);
                state
            }
            Some(name) => self.named_except(name, exception, &clause.body, end)?,
        };
        self.unit.asm.bind(next);
        self.release(mark);
        Ok(state)
    }

    fn named_except(
        &mut self,
        name: Name,
        exception: u8,
        body: &'a [Stmt],
        end: Label,
    ) -> Result<RegSet> {
        self.store_name(name, exception)?;
        let raised = self.temp()?;
        let ranges = self.ranges();
        self.push_block(Block::Named { name, ranges });
        self.block(body)?;
        let block = self.pop_block();
        let state = self.state();
        if self.unit.asm.is_reachable() {
            self.forget(name)?;
            self.unit.asm.jump(end);
        }
        if let Some(Block::Named { ranges, .. }) = block {
            self.handle(&ranges, raised);
            self.forget(name)?;
            self.emit(Op::Reraise, raised, 0, 0);
        }
        Ok(state)
    }

    /// Unbinds the name of an `except` clause, whether or not the clause did.
    pub(super) fn forget(&mut self, name: Name) -> Result<()> {
        if let Some(reg) = self.local(name) {
            if self.is_native() {
                return self.forget_local(name, reg);
            }
            self.emit(Op::LoadNull, reg, 0, 0);
            return Ok(());
        }
        let mark = self.mark();
        let none = self.none()?;
        self.store_name(name, none)?;
        self.release(mark);
        self.delete_name(name)
    }
}
