//! Displays of lists, tuples, sets and dicts, and f-strings.

use alloc::vec::Vec;

use super::Gen;
use crate::ast::{Expr, FPiece};
use crate::bytecode::{Const, Op};
use crate::error::Result;

/// Most parts of an f-string that are joined at once.
const JOIN: usize = 16;

impl<'a> Gen<'a> {
    /// A tuple, list or set; large ones are filled item by item.
    pub(super) fn sequence(&mut self, op: Op, items: &'a [Expr], dst: u8) -> Result<()> {
        if self.has_room(items.len()) {
            let base = if items.is_empty() { 0 } else { self.temps(items.len())? };
            for (reg, item) in (base..).zip(items) {
                self.expr_to(item, reg)?;
            }
            let count = u8::try_from(items.len()).unwrap_or(u8::MAX);
            self.emit(op, dst, base, count);
            return Ok(());
        }
        let partial = self.temp()?;
        let (start, add) =
            if op == Op::BuildSet { (op, Op::SetAdd) } else { (Op::BuildList, Op::ListAppend) };
        self.emit(start, partial, 0, 0);
        let constants: Option<Vec<Const>> =
            items.iter().map(|item| item.constant().cloned()).collect();
        if let Some(values) = constants {
            let tuple = self.temp()?;
            self.load_constant(&Const::Tuple(values), tuple)?;
            let all = if add == Op::SetAdd { Op::SetUpdate } else { Op::ListExtend };
            self.emit(all, partial, tuple, 0);
        } else {
            for item in items {
                let mark = self.mark();
                let reg = self.expr_any(item)?;
                self.emit(add, partial, reg, 0);
                self.release(mark);
            }
        }
        if op == Op::BuildTuple {
            self.emit(Op::ListToTuple, dst, partial, 0);
        } else {
            self.move_to(dst, partial);
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, entries: &'a [(Expr, Expr)], dst: u8) -> Result<()> {
        let room = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let result = if entries.is_empty() { dst } else { self.scratch(dst)? };
        self.unit.asm.emit_wide(Op::BuildMap, result, room);
        for (key, value) in entries {
            let mark = self.mark();
            let value = self.expr_any(value)?;
            let key = self.expr_any(key)?;
            self.emit(Op::StoreMap, result, key, value);
            self.release(mark);
        }
        self.move_to(dst, result);
        Ok(())
    }

    pub(super) fn fstring(&mut self, parts: &'a [FPiece], dst: u8) -> Result<()> {
        let base = self.mark();
        let mut pending = 0;
        for part in parts {
            if pending == JOIN {
                self.join(base, base, pending);
                self.release(base);
                self.temp()?;
                pending = 1;
            }
            let reg = self.temp()?;
            match part {
                FPiece::Text(text) => self.load_constant(&Const::Str(text.clone()), reg)?,
                FPiece::Field { value, conversion, spec } => {
                    let mark = self.mark();
                    let pair = self.temps(2)?;
                    self.expr_to(value, pair)?;
                    match spec.as_slice() {
                        [] => self.empty_string(pair + 1)?,
                        [FPiece::Text(text)] => {
                            self.load_constant(&Const::Str(text.clone()), pair + 1)?;
                        }
                        _ => self.fstring(spec, pair + 1)?,
                    }
                    self.emit(Op::FormatValue, reg, pair, *conversion);
                    self.release(mark);
                }
            }
            pending += 1;
        }
        match (parts, pending) {
            ([], _) => self.empty_string(dst)?,
            (_, 1) => self.move_to(dst, base),
            _ => self.join(dst, base, pending),
        }
        self.release(base);
        Ok(())
    }

    fn join(&mut self, dst: u8, base: u8, count: usize) {
        self.emit(Op::BuildString, dst, base, u8::try_from(count).unwrap_or(u8::MAX));
    }
}
