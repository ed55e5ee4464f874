//! Calls, and functions made from children.

use coil_compiler::bytecode::{Const, Op};

use super::{Emitter, function};
use crate::blocks::{Kind, State};
use crate::instruction::{Call, MakeFunction};
use crate::{MpyError, Result};

/// Bits of the word of `MakeFunction`.
const DEFAULTS: u32 = 0x10000;
const KEYWORD_DEFAULTS: u32 = 0x20000;
const CELLS: u32 = 0x40000;

impl Emitter<'_> {
    pub(super) fn call(&mut self, call: Call, next: usize, state: &State) -> Result<()> {
        if call.stars {
            return self.call_with_stars(call, next, state);
        }
        let before = 1 + usize::from(call.method);
        let first = self.top(call.positional + 2 * call.keyword + before - 1)?;
        self.settle_from(first);
        let window = self.slot(first);
        let len = self.held.len() - first;
        self.drop(len)?;
        let dst = u32::from(self.result(next));
        let fields = [window, call.positional as u8, call.keyword as u8];
        let op = if call.method { Op::CallM } else { Op::Call };
        self.asm.emit_words(op, fields, &[dst]);
        Ok(())
    }

    /// A call through a list and a dict, made above the stack.
    fn call_with_stars(&mut self, call: Call, next: usize, state: &State) -> Result<()> {
        let Kind::Small(bitmap) = state.top(0)? else { return Err(MpyError::Incompatible) };
        let before = 1 + usize::from(call.method);
        let first = self.top(call.positional + 2 * call.keyword + before)?;
        self.settle_from(first);
        let window = self.slot(self.held.len());
        let (list, dict, entry) = (window + 1, window + 2, window + 4);
        self.asm.emit(Op::Move, window, self.slot(first), 0);
        if call.method {
            self.asm.emit(Op::Move, window + 3, self.slot(first + 1), 0);
        }
        self.asm.emit(Op::BuildList, list, 0, 0);
        let arguments = first + before;
        for i in 0..call.positional {
            let is_star = i < 62 && bitmap >> i & 1 == 1;
            let op = if is_star { Op::ListExtend } else { Op::ListAppend };
            self.asm.emit(op, list, self.slot(arguments + i), 0);
        }
        if call.keyword == 0 {
            self.asm.emit(Op::LoadNone, dict, 0, 0);
        } else {
            self.asm.emit_wide(Op::BuildMap, dict, call.keyword as u16);
        }
        for i in 0..call.keyword {
            let key = arguments + call.positional + 2 * i;
            let value = self.slot(key + 1);
            if state.stack.get(key) == Some(&Kind::Null) {
                self.asm.emit(Op::DictUpdate, dict, value, 1);
            } else {
                self.asm.emit_wide(Op::BuildMap, entry, 1);
                self.asm.emit(Op::StoreMap, entry, self.slot(key), value);
                self.asm.emit(Op::DictUpdate, dict, entry, 1);
            }
        }
        let len = self.held.len() - first;
        self.drop(len)?;
        let dst = u32::from(self.result(next));
        self.asm.emit_words(Op::CallEx, [window, u8::from(call.method), 0], &[dst]);
        Ok(())
    }

    /// The constant of a child's code.
    fn child(&mut self, make: MakeFunction) -> Result<u16> {
        if let Some((index, cells)) = self.children.get(&make.child) {
            // It is made in one way only.
            return if *cells == make.cells { Ok(*index) } else { Err(MpyError::Incompatible) };
        }
        let raw = self.raw.children.get(make.child).ok_or(MpyError::Incompatible)?;
        let unit = function(self.file, raw, make.cells, false)?;
        let index = self.asm.constant(Const::Code(alloc::boxed::Box::new(unit)))?;
        self.children.insert(make.child, (index, make.cells));
        Ok(index)
    }

    pub(super) fn make_function(
        &mut self,
        make: MakeFunction,
        next: usize,
        state: &State,
    ) -> Result<()> {
        let code = u32::from(self.child(make)?);
        let taken = make.cells + if make.defaults { 2 } else { 0 };
        let first = self.held.len().checked_sub(taken).ok_or(MpyError::Incompatible)?;
        self.settle_from(first);
        let base = self.slot(first);
        let mut word = code;
        let mut cells = base;
        if make.defaults {
            word |= if state.stack[first] == Kind::Tuple { DEFAULTS } else { 0 };
            word |= if state.stack[first + 1] == Kind::Map { KEYWORD_DEFAULTS } else { 0 };
            cells += 2;
        }
        if make.cells > 0 {
            word |= CELLS;
            self.asm.emit(Op::BuildTuple, base + 2, cells, make.cells as u8);
        }
        self.drop(taken)?;
        let dst = self.result(next);
        self.asm.emit_words(Op::MakeFunction, [dst, base, 0], &[word]);
        Ok(())
    }
}
