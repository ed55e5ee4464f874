//! Comprehensions and generator expressions: a function of the first iterable.

use super::Gen;
use crate::ast::{Clause, Comprehension, ComprehensionKind, Expr};
use crate::bytecode::Op;
use crate::error::Result;

impl<'a> Gen<'a> {
    pub(super) fn comprehension(&mut self, node: &'a Comprehension, dst: u8) -> Result<()> {
        if node.kind == ComprehensionKind::Generator && self.is_viper() {
            return Err(super::viper::not_implemented("native yield"));
        }
        let unit =
            self.nested(node.scope.0 as usize, self.emitter(), |g| g.comprehension_body(node))?;
        let window = self.temps(2)?;
        self.make_function(unit, node.scope, window)?;
        self.expr_to(&node.source, window + 1)?;
        if node.kind == ComprehensionKind::Generator {
            self.emit(Op::GetIter, window + 1, window + 1, 0);
        }
        self.unit.asm.emit_words(Op::Call, [window, 1, 0], &[u32::from(dst)]);
        Ok(())
    }

    fn comprehension_body(&mut self, node: &'a Comprehension) -> Result<()> {
        self.set_line(node.line);
        let result = self.temp()?;
        match node.kind {
            ComprehensionKind::List => self.emit(Op::BuildList, result, 0, 0),
            ComprehensionKind::Set => self.emit(Op::BuildSet, result, 0, 0),
            ComprehensionKind::Dict => self.unit.asm.emit_wide(Op::BuildMap, result, 0),
            ComprehensionKind::Generator => {}
        }
        // The argument is the only parameter.
        let iterator = if node.kind == ComprehensionKind::Generator {
            0
        } else {
            let iterator = self.temp()?;
            self.emit(Op::GetIter, iterator, 0, 0);
            iterator
        };
        self.comprehension_loop(node, &node.target, iterator, &node.clauses, result)?;
        if node.kind == ComprehensionKind::Generator {
            self.emit(Op::LoadNone, result, 0, 0);
        }
        self.emit(Op::Return, result, 0, 0);
        Ok(())
    }

    fn comprehension_loop(
        &mut self,
        node: &'a Comprehension,
        target: &'a Expr,
        iterator: u8,
        clauses: &'a [Clause],
        result: u8,
    ) -> Result<()> {
        let mark = self.mark();
        let line = self.line();
        let (item, store) = self.loop_target(target)?;
        let (next, top) = (self.unit.asm.label(), self.unit.asm.label());
        let before = self.unit.assigned;
        self.unit.asm.jump(next);
        self.unit.asm.bind_backward(top, true);
        self.store_target(target, item, store)?;
        let mut rest = clauses;
        loop {
            match rest {
                [] => {
                    self.comprehension_item(node, result)?;
                    break;
                }
                [Clause::If(condition), more @ ..] => {
                    self.condition(condition, false, next)?;
                    rest = more;
                }
                [Clause::For(target, source), more @ ..] => {
                    let mark = self.mark();
                    let inner = self.temp()?;
                    let reg = self.expr_hint(source, inner)?;
                    self.emit(Op::GetIter, inner, reg, 0);
                    self.comprehension_loop(node, target, inner, more, result)?;
                    self.release(mark);
                    break;
                }
            }
        }
        self.unit.asm.bind(next);
        self.unit.assigned = before;
        let last = self.line();
        self.unit.asm.set_line(line);
        self.unit.asm.branch(Op::ForIter, [item, iterator, 0], top);
        self.unit.asm.set_line(last);
        self.release(mark);
        Ok(())
    }

    fn comprehension_item(&mut self, node: &'a Comprehension, result: u8) -> Result<()> {
        let mark = self.mark();
        let item = self.expr_any(&node.item)?;
        match (node.kind, &node.key) {
            (ComprehensionKind::List, _) => self.emit(Op::ListAppend, result, item, 0),
            (ComprehensionKind::Set, _) => self.emit(Op::SetAdd, result, item, 0),
            (ComprehensionKind::Dict, Some(key)) => {
                let key = self.expr_any(key)?;
                self.emit(Op::StoreMap, result, key, item);
            }
            _ => {
                let sent = self.temp()?;
                self.emit(Op::Yield, sent, item, 0);
            }
        }
        self.release(mark);
        Ok(())
    }
}
