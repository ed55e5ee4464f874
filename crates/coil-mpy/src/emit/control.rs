//! Jumps, loops, exception blocks, and the ways out through them.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use coil_compiler::bytecode::Op;

use super::Emitter;
use crate::blocks::{Block, Kind, State};
use crate::flow::{self, Flow};
use crate::instruction::{Instruction, Setup};
use crate::{MpyError, Result};

/// A way out of a block other than its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Return,
    /// To this offset, after so many blocks more.
    Jump(usize, usize),
}

/// Where a way out leads next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Through the `finally` or `with` at this level, and then on.
    Through(Block, usize, Exit),
    Return,
    Jump(usize),
}

/// Ways out through each handler, numbered from [`FIRST`] on.
#[derive(Debug, Default)]
pub(super) struct Exits(BTreeMap<usize, Vec<Exit>>);

/// How a handler was entered: by an exception, at the end of its block, or on a way out.
const EXCEPTION: u8 = 0;
const END: u16 = 1;
const FIRST: usize = 2;
/// Ways out through one handler at most.
const EXITS_MAX: usize = 100;

/// Leaves blocks, innermost first, up to one that has something to do. A handler that runs
/// already is left as it is.
fn route(at: usize, blocks: &[Block], exit: Exit) -> Step {
    let count = match exit {
        Exit::Return => blocks.len(),
        Exit::Jump(_, count) => count,
    };
    for done in 0..count.min(blocks.len()) {
        let level = blocks.len() - 1 - done;
        let block = blocks[level];
        if block.kind != Setup::Except && block.handler > at {
            let rest = match exit {
                Exit::Return => exit,
                Exit::Jump(to, _) => Exit::Jump(to, count - done - 1),
            };
            return Step::Through(block, level, rest);
        }
    }
    match exit {
        Exit::Return => Step::Return,
        Exit::Jump(to, _) => Step::Jump(to),
    }
}

impl Exits {
    /// Finds all ways out.
    pub(super) fn collect(flow: &Flow) -> Result<Self> {
        let mut exits = Self::default();
        let mut pending: Vec<(usize, Vec<Block>, Exit)> = Vec::new();
        for (&at, (instruction, _)) in &flow.code {
            let exit = match *instruction {
                Instruction::Return => Exit::Return,
                Instruction::Unwind(to, count, _) => Exit::Jump(to, count),
                _ => continue,
            };
            let state = flow.states.get(&at).ok_or(MpyError::Incompatible)?;
            pending.push((at, state.blocks.clone(), exit));
        }
        let mut ends: BTreeMap<usize, Vec<(usize, &[Block])>> = BTreeMap::new();
        for (&at, (instruction, _)) in &flow.code {
            if *instruction == Instruction::EndFinally
                && let Some((last, outer)) =
                    flow.states.get(&at).and_then(|s| s.blocks.split_last())
            {
                ends.entry(last.handler).or_default().push((at, outer));
            }
        }
        while let Some((at, blocks, exit)) = pending.pop() {
            let Step::Through(block, _, rest) = route(at, &blocks, exit) else { continue };
            let known = exits.0.entry(block.handler).or_default();
            if known.contains(&rest) {
                continue;
            }
            if known.len() >= EXITS_MAX {
                return Err(MpyError::TooLarge);
            }
            known.push(rest);
            for (at, outer) in ends.get(&block.handler).into_iter().flatten() {
                pending.push((*at, outer.to_vec(), rest));
            }
        }
        Ok(exits)
    }

    fn of(&self, handler: usize) -> Vec<Exit> {
        self.0.get(&handler).cloned().unwrap_or_default()
    }

    fn number(&self, handler: usize, exit: Exit) -> Result<u16> {
        let at = self.of(handler).iter().position(|known| *known == exit);
        at.map(|i| (i + FIRST) as u16).ok_or(MpyError::Incompatible)
    }
}

impl Emitter<'_> {
    /// Registers of a block: how its handler was entered, and the value on its way out.
    fn block_registers(&self, level: usize) -> (u8, u8) {
        let first = (self.block_base + 2 * level) as u8;
        (first, first + 1)
    }

    /// Goes a way out; the register holds the value of a `return`.
    fn leave(&mut self, at: usize, blocks: &[Block], exit: Exit, value: u8) -> Result<()> {
        match route(at, blocks, exit) {
            Step::Return => self.asm.emit(Op::Return, value, 0, 0),
            Step::Jump(to) => {
                let label = self.label(to)?;
                self.asm.jump(label);
            }
            Step::Through(block, level, rest) => {
                let (how, out) = self.block_registers(level);
                let number = self.exits.number(block.handler, rest)?;
                if exit == Exit::Return && out != value {
                    self.asm.emit(Op::Move, out, value, 0);
                }
                let token = self.slot(block.depth);
                self.asm.emit_wide(Op::LoadInt, token, number);
                self.asm.emit_wide(Op::LoadInt, how, number);
                let label = self.label(block.handler)?;
                self.asm.jump(label);
            }
        }
        Ok(())
    }

    pub(super) fn control(
        &mut self,
        at: usize,
        instruction: Instruction,
        next: usize,
        state: &State,
    ) -> Result<Option<usize>> {
        use Instruction as I;
        match instruction {
            I::Jump(to) | I::PopExceptJump(to) => {
                self.settle_all();
                let label = self.label(to)?;
                self.asm.jump(label);
                return Ok(None);
            }
            I::PopJumpIf(sense, to) => {
                let top = self.top(0)?;
                let reg = self.reg(top);
                self.drop(1)?;
                self.settle_all();
                let label = self.label(to)?;
                let op = if sense { Op::JTrue } else { Op::JFalse };
                self.asm.branch(op, [reg, 0, 0], label);
            }
            I::JumpIfOrPop(sense, to) => {
                self.settle_all();
                let reg = self.slot(self.top(0)?);
                let label = self.label(to)?;
                let op = if sense { Op::JTrue } else { Op::JFalse };
                self.asm.branch(op, [reg, 0, 0], label);
                self.drop(1)?;
            }
            I::ForIter(to) => {
                self.settle_all();
                let iterator = self.slot(flow::iterator(state)?);
                let item = self.result(next);
                let (body, done) = (self.asm.label(), self.label(to)?);
                self.asm.branch(Op::ForIter, [item, iterator, 0], body);
                self.asm.jump(done);
                self.asm.bind(body);
            }
            I::Unwind(to, count, _) => {
                self.settle_all();
                self.leave(at, &state.blocks, Exit::Jump(to, count), 0)?;
                return Ok(None);
            }
            I::Return => {
                let top = self.top(0)?;
                let value = self.reg(top);
                self.leave(at, &state.blocks, Exit::Return, value)?;
                return Ok(None);
            }
            I::Raise => {
                let top = self.top(0)?;
                let value = self.reg(top);
                self.asm.emit(Op::Raise, value, 0, 0);
                return Ok(None);
            }
            I::RaiseFrom => {
                let (cause, value) = (self.top(0)?, self.top(1)?);
                let (cause, value) = (self.reg(cause), self.reg(value));
                self.asm.emit(Op::RaiseFrom, value, cause, 0);
                return Ok(None);
            }
            I::RaiseLast => {
                let last = state
                    .blocks
                    .iter()
                    .rposition(|block| block.kind == Setup::Except && block.handler <= at);
                match last {
                    Some(level) => {
                        let (_, value) = self.block_registers(level);
                        self.asm.emit(Op::Reraise, value, 0, 0);
                    }
                    None => self.asm.emit(Op::RaiseNoActive, 0, 0, 0),
                }
                return Ok(None);
            }
            I::Setup(kind, _) => self.setup(kind, state)?,
            I::WithCleanup => self.with_cleanup(state)?,
            I::EndFinally => self.end_finally(at, state)?,
            _ => return Err(MpyError::Incompatible),
        }
        Ok(Some(next))
    }

    fn setup(&mut self, kind: Setup, state: &State) -> Result<()> {
        self.settle_all();
        let (how, _) = self.block_registers(state.blocks.len());
        if kind == Setup::With {
            let manager = self.slot(self.top(0)?);
            // Its two methods, then the value of `as`.
            self.asm.emit(Op::Move, manager + 2, manager, 0);
            let (exit, enter) = (self.name_of("__exit__")?, self.name_of("__enter__")?);
            self.asm.emit_words(Op::LoadMethod, [manager, manager + 2, 0], &[exit]);
            self.asm.emit_words(Op::LoadMethod, [manager + 3, manager + 2, 0], &[enter]);
            self.asm.emit_words(Op::CallM, [manager + 3, 0, 0], &[u32::from(manager + 2)]);
            self.held.extend([super::Held::Own; 2]);
        }
        if kind != Setup::Except {
            self.asm.emit_wide(Op::LoadInt, how, END);
        }
        Ok(())
    }

    /// Calls `__exit__`; an exception that it takes becomes `None`.
    fn with_cleanup(&mut self, state: &State) -> Result<()> {
        self.settle_all();
        let level = state.blocks.len().checked_sub(1).ok_or(MpyError::Incompatible)?;
        let (how, _) = self.block_registers(level);
        let token = self.slot(self.top(0)?);
        let window = token + 1;
        self.asm.emit(Op::Move, window, token - 2, 0);
        self.asm.emit(Op::Move, window + 1, token - 1, 0);
        let (plain, done) = (self.asm.label(), self.asm.label());
        self.asm.branch(Op::JNone, [token, 1, 0], plain);
        self.asm.branch(Op::JEqI, [how, EXCEPTION, 0], plain);
        self.asm.emit(Op::TypeOf, window + 2, token, 0);
        self.asm.emit(Op::Move, window + 3, token, 0);
        self.asm.emit(Op::LoadNone, window + 4, 0, 0);
        self.asm.emit_words(Op::CallM, [window, 3, 0], &[u32::from(window)]);
        self.asm.branch(Op::JFalse, [window, 0, 0], done);
        self.asm.emit(Op::LoadNone, token, 0, 0);
        self.asm.jump(done);
        self.asm.bind(plain);
        for i in 2..5 {
            self.asm.emit(Op::LoadNone, window + i, 0, 0);
        }
        self.asm.emit_words(Op::CallM, [window, 3, 0], &[u32::from(window)]);
        self.asm.bind(done);
        self.asm.emit(Op::Move, token - 2, token, 0);
        self.drop(2)
    }

    fn end_finally(&mut self, at: usize, state: &State) -> Result<()> {
        let (block, outer) = state.blocks.split_last().ok_or(MpyError::Incompatible)?;
        let top = self.top(0)?;
        if state.top(0)? == Kind::None {
            return self.drop(1);
        }
        self.settle_all();
        let token = self.slot(top);
        let done = self.asm.label();
        self.asm.branch(Op::JNone, [token, 1, 0], done);
        let (how, value) = self.block_registers(outer.len());
        for (i, exit) in self.exits.of(block.handler).into_iter().enumerate() {
            let skip = self.asm.label();
            self.asm.branch(Op::JEqI, [how, (i + FIRST) as u8, 0], skip);
            self.leave(at, outer, exit, value)?;
            self.asm.bind(skip);
        }
        self.asm.emit(Op::Reraise, token, 0, 0);
        self.asm.bind(done);
        self.drop(1)
    }
}
