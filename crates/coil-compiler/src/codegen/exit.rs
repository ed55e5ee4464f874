//! Leaving blocks: `return`, `break` and `continue` through `finally`, `with` and `except .. as`.

use alloc::vec::Vec;

use super::{Gen, RegSet};
use crate::ast::Name;
use crate::bytecode::asm::Label;
use crate::bytecode::{Handler, Op};
use crate::error::Result;

/// A way out of a block other than its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    Return,
    Break,
    Continue,
}

/// The parts of the code that a handler covers.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    done: Vec<(u32, u32)>,
    open: Option<u32>,
}

/// What surrounds the statement at hand within its function.
#[derive(Debug)]
pub(super) enum Block {
    /// A loop; `state` is what all `break`s have assigned.
    Loop { on_break: Label, on_continue: Label, state: RegSet },
    /// The body of `try .. except`.
    Try { ranges: Ranges },
    /// An `except` clause; the register holds its exception.
    Handler { reg: u8 },
    /// The body of `except .. as name`.
    Named { name: Name, ranges: Ranges },
    /// What a `finally` protects; `exits` are those taken through it.
    Finally { start: Label, selector: u8, value: u8, exits: Vec<Exit>, ranges: Ranges },
    /// The body of `with`; the register starts the pair of `__exit__` and its object.
    With { reg: u8, ranges: Ranges },
    /// The body of `async with`; the register holds the context manager.
    AsyncWith { reg: u8, ranges: Ranges },
}

/// What a walk outwards must do at a block.
enum Step {
    Pass,
    Jump(Label),
    Finally { start: Label, selector: u8, value: u8, number: u8 },
    Named(Name),
    With(u8),
    AsyncWith(u8),
}

/// Number of the selector for the first exit; 0 is an exception and 1 the normal end.
pub(super) const FIRST_EXIT: u8 = 2;

impl Ranges {
    /// Ranges that start here.
    pub(super) fn starting(at: u32) -> Self {
        Self { done: Vec::new(), open: Some(at) }
    }

    fn close(&mut self, at: u32) {
        if let Some(start) = self.open.take()
            && start < at
        {
            self.done.push((start, at));
        }
    }
}

impl Block {
    fn ranges(&mut self) -> Option<&mut Ranges> {
        match self {
            Self::Loop { .. } | Self::Handler { .. } => None,
            Self::Try { ranges }
            | Self::Named { ranges, .. }
            | Self::Finally { ranges, .. }
            | Self::With { ranges, .. }
            | Self::AsyncWith { ranges, .. } => Some(ranges),
        }
    }
}

impl Gen<'_> {
    pub(super) fn push_block(&mut self, block: Block) {
        self.unit.blocks.push(block);
    }

    /// Ends the innermost block.
    pub(super) fn pop_block(&mut self) -> Option<Block> {
        let at = self.unit.asm.position();
        let mut block = self.unit.blocks.pop();
        if let Some(ranges) = block.as_mut().and_then(Block::ranges) {
            ranges.close(at);
        }
        block
    }

    pub(super) fn ranges(&self) -> Ranges {
        Ranges::starting(self.unit.asm.position())
    }

    /// Puts the handler of these ranges here.
    pub(super) fn handle(&mut self, ranges: &Ranges, reg: u8) {
        let target = self.unit.asm.position();
        for &(start, end) in &ranges.done {
            self.unit.asm.handler(Handler { start, end, target, reg });
        }
        let label = self.unit.asm.label();
        self.unit.asm.bind_backward(label, !ranges.done.is_empty());
    }

    /// Whether leaving the function runs code that could change a local.
    pub(super) fn leaving_runs_code(&self) -> bool {
        self.unit.blocks.iter().any(|block| {
            !matches!(block, Block::Loop { .. } | Block::Handler { .. } | Block::Try { .. })
        })
    }

    /// The exception of the innermost `except` clause around.
    pub(super) fn active_exception(&self) -> Option<u8> {
        self.unit.blocks.iter().rev().find_map(|block| match block {
            Block::Handler { reg } => Some(*reg),
            _ => None,
        })
    }

    /// Leaves blocks, innermost first, up to where the exit leads.
    pub(super) fn exit(&mut self, exit: Exit, value: Option<u8>) -> Result<()> {
        if !self.unit.asm.is_reachable() {
            return Ok(());
        }
        let count = self.unit.blocks.len();
        let state = self.unit.assigned;
        let mut ended = false;
        let mut left = count;
        while left > 0 && !ended {
            left -= 1;
            let at = self.unit.asm.position();
            let block = &mut self.unit.blocks[left];
            if let Some(ranges) = block.ranges() {
                ranges.close(at);
            }
            let step = exit_step(block, exit, state);
            ended = self.leave(step, value)?;
        }
        if let (false, Some(value)) = (ended, value) {
            self.emit(Op::Return, value, 0, 0);
        }
        let at = self.unit.asm.position();
        for block in &mut self.unit.blocks[left..] {
            if let Some(ranges) = block.ranges() {
                ranges.open = Some(at);
            }
        }
        self.unit.assigned = state;
        Ok(())
    }

    /// One block less; says whether the exit goes on elsewhere.
    fn leave(&mut self, step: Step, value: Option<u8>) -> Result<bool> {
        match step {
            Step::Pass => return Ok(false),
            Step::Jump(label) => {
                self.unit.asm.jump(label);
                return Ok(true);
            }
            Step::Finally { start, selector, value: slot, number } => {
                if let Some(value) = value {
                    self.move_to(slot, value);
                }
                self.unit.asm.emit_wide(Op::LoadInt, selector, u16::from(number));
                self.unit.asm.jump(start);
                return Ok(true);
            }
            Step::Named(name) => self.forget(name)?,
            Step::With(reg) => self.call_exit(reg)?,
            Step::AsyncWith(reg) => self.call_aexit(reg)?,
        }
        Ok(false)
    }
}

fn exit_step(block: &mut Block, exit: Exit, assigned: RegSet) -> Step {
    match block {
        Block::Loop { on_break, state, .. } if exit == Exit::Break => {
            *state = state.and(assigned);
            Step::Jump(*on_break)
        }
        Block::Loop { on_continue, .. } if exit == Exit::Continue => Step::Jump(*on_continue),
        Block::Finally { start, selector, value, exits, .. } => {
            let known = exits.iter().position(|e| *e == exit);
            let index = known.unwrap_or_else(|| {
                exits.push(exit);
                exits.len() - 1
            });
            let number = FIRST_EXIT + u8::try_from(index).unwrap_or(0);
            Step::Finally { start: *start, selector: *selector, value: *value, number }
        }
        Block::Named { name, .. } => Step::Named(*name),
        Block::With { reg, .. } => Step::With(*reg),
        Block::AsyncWith { reg, .. } => Step::AsyncWith(*reg),
        Block::Loop { .. } | Block::Try { .. } | Block::Handler { .. } => Step::Pass,
    }
}
