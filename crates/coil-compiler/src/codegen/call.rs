//! Calls and their arguments.

use super::Gen;
use crate::ast::{Arg, Expr, ExprKind, Name};
use crate::bytecode::Op;
use crate::error::{CompileError, Result};

/// How many arguments of a call can be starred ones.
const STAR_PLACES: usize = 30;

/// What a window of a call holds before the arguments.
#[derive(Clone, Copy)]
pub(super) enum Callee {
    /// The callee.
    Plain(u8),
    /// What `LoadMethod` put there.
    Method(u8),
    /// Nothing and the object whose method is named.
    Named(u8, Name),
}

impl<'a> Gen<'a> {
    /// Whether the arguments can be passed in registers. A generator or walrus may follow keyword
    /// arguments though it is positional; a window has no place for that.
    pub(super) fn fits_window(&self, args: &[Arg]) -> bool {
        let mut words = 4;
        let mut keyword = false;
        for arg in args {
            words += match arg {
                Arg::Plain(_) | Arg::Bare(_) if keyword => return false,
                Arg::Plain(_) | Arg::Bare(_) => 1,
                Arg::Keyword(..) => {
                    keyword = true;
                    2
                }
                Arg::Star(_) | Arg::DoubleStar(_) => return false,
            };
        }
        self.has_room(words)
    }

    /// A call whose window starts with the callee at the top of the registers in use.
    pub(super) fn call(&mut self, callee: Callee, args: &'a [Arg], dst: u8) -> Result<()> {
        self.call_with(callee, &[], args, dst)
    }

    /// As `call`, with arguments before the others that are in the window already.
    pub(super) fn call_with(
        &mut self,
        callee: Callee,
        first: &[u8],
        args: &'a [Arg],
        dst: u8,
    ) -> Result<()> {
        if !self.fits_window(args) {
            return self.call_ex(callee, first, args, dst);
        }
        let (mut positional, mut keyword) = (u8::try_from(first.len()).unwrap_or(0), 0u8);
        for arg in args {
            match arg {
                Arg::Plain(value) | Arg::Bare(value) => {
                    let reg = self.temp()?;
                    self.expr_to(value, reg)?;
                    positional += 1;
                }
                Arg::Keyword(name, value) => {
                    let pair = self.temps(2)?;
                    if let ExprKind::Name(name) = name.kind {
                        self.load_name_constant(name, pair)?;
                    }
                    self.expr_to(value, pair + 1)?;
                    keyword += 1;
                }
                Arg::Star(_) | Arg::DoubleStar(_) => {}
            }
        }
        let to = u32::from(dst);
        match callee {
            Callee::Plain(w) => self.unit.asm.emit_words(Op::Call, [w, positional, keyword], &[to]),
            Callee::Method(w) => {
                self.unit.asm.emit_words(Op::CallM, [w, positional, keyword], &[to]);
            }
            Callee::Named(w, name) => {
                let text = self.spelling(name);
                let name = u32::from(self.name_constant(text)?);
                let words = [to, name];
                self.unit.asm.emit_words(Op::CallMethod, [w, positional, keyword], &words);
            }
        }
        Ok(())
    }

    /// A call through a list of arguments and a dict of keywords.
    fn call_ex(&mut self, callee: Callee, first: &[u8], args: &'a [Arg], dst: u8) -> Result<()> {
        // The reference keeps the places of stars as bits of a small int.
        if args.iter().skip(STAR_PLACES).any(|a| matches!(a, Arg::Star(_))) {
            return Err(CompileError::syntax("too many args", self.line()));
        }
        let window = self.temps(4)?;
        let method = match callee {
            Callee::Plain(w) => {
                self.move_to(window, w);
                0
            }
            Callee::Method(w) => {
                self.move_to(window, w);
                self.move_to(window + 3, w + 1);
                1
            }
            Callee::Named(w, name) => {
                let text = self.spelling(name);
                self.emit_name(Op::LoadMethod, window, w + 1, text)?;
                self.move_to(window + 3, window + 1);
                1
            }
        };
        self.positional_list(first, args, window + 1)?;
        self.keyword_dict(args, window + 2)?;
        self.unit.asm.emit_words(Op::CallEx, [window, method, 0], &[u32::from(dst)]);
        Ok(())
    }

    /// All positional arguments as a list (or the tuple that the only one is).
    fn positional_list(&mut self, first: &[u8], args: &'a [Arg], list: u8) -> Result<()> {
        let positional =
            || args.iter().filter(|a| matches!(a, Arg::Plain(_) | Arg::Bare(_) | Arg::Star(_)));
        if let Some(Arg::Star(value)) = positional().next()
            && positional().count() == 1
            && first.is_empty()
            && self.is_own_star(value)
        {
            return self.expr_to(value, list);
        }
        self.emit(Op::BuildList, list, 0, 0);
        for &reg in first {
            self.emit(Op::ListAppend, list, reg, 0);
        }
        for arg in positional() {
            let mark = self.mark();
            match arg {
                Arg::Plain(value) | Arg::Bare(value) => {
                    let reg = self.expr_any(value)?;
                    self.emit(Op::ListAppend, list, reg, 0);
                }
                Arg::Star(value) => {
                    let reg = self.expr_any(value)?;
                    self.emit(Op::ListExtend, list, reg, 0);
                }
                _ => {}
            }
            self.release(mark);
        }
        Ok(())
    }

    /// Whether the value is this function's own `*args`, which is a tuple if nothing assigns it.
    fn is_own_star(&self, value: &Expr) -> bool {
        let ExprKind::Name(name) = value.kind else {
            return false;
        };
        self.scope().star == Some(name)
            && self.scope().find(name).is_some_and(|id| !id.stored && !id.deleted)
            && self.local(name).is_some()
    }

    fn keyword_dict(&mut self, args: &'a [Arg], dict: u8) -> Result<()> {
        let keywords =
            || args.iter().filter(|a| matches!(a, Arg::Keyword(..) | Arg::DoubleStar(_)));
        let count = keywords().count();
        if count == 0 {
            self.emit(Op::LoadNone, dict, 0, 0);
            return Ok(());
        }
        self.unit.asm.emit_wide(Op::BuildMap, dict, u16::try_from(count).unwrap_or(u16::MAX));
        for arg in keywords() {
            let mark = self.mark();
            match arg {
                Arg::Keyword(name, value) => {
                    // One entry at a time, so that a repeated name is found.
                    let entry = self.temp()?;
                    self.unit.asm.emit_wide(Op::BuildMap, entry, 1);
                    let key = self.temp()?;
                    if let ExprKind::Name(name) = name.kind {
                        self.load_name_constant(name, key)?;
                    }
                    let value = self.expr_any(value)?;
                    self.emit(Op::StoreMap, entry, key, value);
                    self.emit(Op::DictUpdate, dict, entry, 1);
                }
                Arg::DoubleStar(value) => {
                    let reg = self.expr_any(value)?;
                    self.emit(Op::DictUpdate, dict, reg, 1);
                }
                _ => {}
            }
            self.release(mark);
        }
        Ok(())
    }
}
