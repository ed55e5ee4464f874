//! `with` and `async with`.

use alloc::string::String;

use super::Gen;
use super::exit::Block;
use crate::ast::{Expr, With};
use crate::bytecode::Op;
use crate::error::Result;

/// Registers that keep `__exit__` during the body: method and object.
const EXIT_PAIR: usize = 2;
/// Registers of the window that calls it: the pair and three arguments.
const EXIT_WINDOW: usize = 5;

impl<'a> Gen<'a> {
    pub(super) fn with(&mut self, node: &'a With, item: usize) -> Result<()> {
        let Some((context, target)) = node.items.get(item) else {
            return self.block(&node.body);
        };
        let mark = self.mark();
        let before = self.unit.assigned;
        let (raised, end) = (self.temp()?, self.unit.asm.label());
        let reg = if node.is_async {
            self.enter_async(context, target.as_ref())?
        } else {
            self.enter(context, target.as_ref())?
        };
        self.with(node, item + 1)?;
        let block = self.pop_block();
        // An exception may have been swallowed after any part of the body.
        let after = self.state();
        if self.unit.asm.is_reachable() {
            if node.is_async {
                self.call_aexit(reg)?;
            } else {
                self.call_exit(reg)?;
            }
            self.unit.asm.jump(end);
        }
        if let Some(Block::With { ranges, .. } | Block::AsyncWith { ranges, .. }) = block {
            self.handle(&ranges, raised);
            let answer = self.answer(node.is_async, reg, raised)?;
            self.unit.asm.branch(Op::JTrue, [answer, 0, 0], end);
            self.emit(Op::Reraise, raised, 0, 0);
        }
        self.unit.asm.bind(end);
        self.unit.assigned = before.and(after);
        self.release(mark);
        Ok(())
    }

    fn enter(&mut self, context: &'a Expr, target: Option<&'a Expr>) -> Result<u8> {
        let window = self.temps(EXIT_PAIR)?;
        let mark = self.mark();
        let object = self.expr_any(context)?;
        self.emit_name(Op::LoadMethod, window, object, String::from("__exit__"))?;
        let value = self.temp()?;
        self.special_call(object, "__enter__", value)?;
        let ranges = self.ranges();
        self.push_block(Block::With { reg: window, ranges });
        if let Some(target) = target {
            self.store(target, value)?;
        }
        self.release(mark);
        Ok(window)
    }

    fn enter_async(&mut self, context: &'a Expr, target: Option<&'a Expr>) -> Result<u8> {
        let object = self.temp()?;
        self.expr_to(context, object)?;
        let mark = self.mark();
        let value = self.temp()?;
        self.special_call(object, "__aenter__", value)?;
        self.await_value(value, value)?;
        if let Some(target) = target {
            self.store(target, value)?;
        }
        let ranges = self.ranges();
        self.push_block(Block::AsyncWith { reg: object, ranges });
        self.release(mark);
        Ok(object)
    }

    /// `__exit__(None, None, None)`, above all registers that hold something: a callee's frame
    /// starts in its window and reaches beyond it.
    pub(super) fn call_exit(&mut self, pair: u8) -> Result<()> {
        let mark = self.mark();
        let window = self.exit_window(pair)?;
        self.call_with_nones(window);
        self.release(mark);
        Ok(())
    }

    fn exit_window(&mut self, pair: u8) -> Result<u8> {
        let window = self.temps(EXIT_WINDOW)?;
        self.emit(Op::Move, window, pair, 0);
        self.emit(Op::Move, window + 1, pair + 1, 0);
        Ok(window)
    }

    fn call_with_nones(&mut self, window: u8) {
        for i in 2..5 {
            self.emit(Op::LoadNone, window + i, 0, 0);
        }
        self.unit.asm.emit_words(Op::CallM, [window, 3, 0], &[u32::from(window)]);
    }

    /// `await __aexit__(None, None, None)`
    pub(super) fn call_aexit(&mut self, object: u8) -> Result<()> {
        let mark = self.mark();
        let window = self.temps(EXIT_WINDOW)?;
        self.emit_name(Op::LoadMethod, window, object, String::from("__aexit__"))?;
        self.call_with_nones(window);
        self.await_value(window, window)?;
        self.release(mark);
        Ok(())
    }

    /// What the context manager says about an exception: true swallows it.
    fn answer(&mut self, is_async: bool, reg: u8, raised: u8) -> Result<u8> {
        let window = if is_async {
            let window = self.temps(EXIT_WINDOW)?;
            self.emit_name(Op::LoadMethod, window, reg, String::from("__aexit__"))?;
            window
        } else {
            self.exit_window(reg)?
        };
        self.emit(Op::TypeOf, window + 2, raised, 0);
        self.emit(Op::Move, window + 3, raised, 0);
        self.emit(Op::LoadNone, window + 4, 0, 0);
        self.unit.asm.emit_words(Op::CallM, [window, 3, 0], &[u32::from(window)]);
        if is_async {
            self.await_value(window, window)?;
        }
        Ok(window)
    }
}
