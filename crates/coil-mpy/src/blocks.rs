//! Exception blocks, and what is known where an instruction starts.

use alloc::vec::Vec;

use crate::instruction::Setup;
use crate::{MpyError, Result};

/// What is in a slot of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Some object.
    Value,
    /// The constant `None`.
    None,
    /// No object.
    Null,
    /// A small int that is known.
    Small(i64),
    /// A name.
    Str,
    Tuple,
    List,
    Map,
    Set,
    /// The cell of a variable, not its content.
    Cell,
    /// The iterator of a loop, which takes this slot and three more.
    Iter,
    /// One of those three.
    Pad,
    /// What a method is called with first; perhaps nothing.
    This,
    /// What the handler at this offset was entered with: an exception or, where the handler ends
    /// a `finally` or `with`, perhaps a way out.
    Token(usize),
}

impl Kind {
    /// Whether it can be used as an object.
    pub(crate) fn is_object(self) -> bool {
        !matches!(self, Self::Null | Self::Iter | Self::Pad | Self::This)
    }

    fn merge(self, other: Self) -> Result<Self> {
        Ok(match (self, other) {
            (a, b) if a == b => a,
            (Self::Token(h), Self::None) | (Self::None, Self::Token(h)) => Self::Token(h),
            (a, b) if a.is_object() && b.is_object() => Self::Value,
            _ => return Err(MpyError::Incompatible),
        })
    }
}

/// A block that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Setup,
    /// Offset of its handler.
    pub(crate) handler: usize,
    /// Slots below what the handler is entered with.
    pub(crate) depth: usize,
}

impl Block {
    /// Slots that stay when the block is left.
    pub(crate) fn base(&self) -> usize {
        if self.kind == Setup::With { self.depth - 2 } else { self.depth }
    }
}

/// Locals that surely have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Locals([u64; 4]);

impl Locals {
    pub(crate) fn insert(&mut self, local: usize) {
        if let Some(word) = self.0.get_mut(local >> 6) {
            *word |= 1 << (local & 63);
        }
    }

    pub(crate) fn remove(&mut self, local: usize) {
        if let Some(word) = self.0.get_mut(local >> 6) {
            *word &= !(1 << (local & 63));
        }
    }

    pub(crate) fn contains(self, local: usize) -> bool {
        self.0.get(local >> 6).is_some_and(|word| word >> (local & 63) & 1 == 1)
    }

    fn and(self, other: Self) -> Self {
        Self(core::array::from_fn(|i| self.0[i] & other.0[i]))
    }
}

/// What is known where an instruction starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) stack: Vec<Kind>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) assigned: Locals,
}

impl State {
    /// What is known when either may be the case; whether that is less than this.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<bool> {
        if self.stack.len() != other.stack.len() || self.blocks != other.blocks {
            return Err(MpyError::Incompatible);
        }
        let mut changed = false;
        for (slot, other) in self.stack.iter_mut().zip(&other.stack) {
            let merged = slot.merge(*other)?;
            changed |= merged != *slot;
            *slot = merged;
        }
        let assigned = self.assigned.and(other.assigned);
        changed |= assigned != self.assigned;
        self.assigned = assigned;
        Ok(changed)
    }

    pub(crate) fn push(&mut self, kind: Kind) {
        self.stack.push(kind);
    }

    pub(crate) fn pop(&mut self) -> Result<Kind> {
        self.stack.pop().ok_or(MpyError::Incompatible)
    }

    /// Takes an object.
    pub(crate) fn pop_object(&mut self) -> Result<Kind> {
        let kind = self.pop()?;
        if kind.is_object() { Ok(kind) } else { Err(MpyError::Incompatible) }
    }

    pub(crate) fn pop_objects(&mut self, n: usize) -> Result<()> {
        (0..n).try_for_each(|_| self.pop_object().map(|_| ()))
    }

    pub(crate) fn pop_kind(&mut self, kind: Kind) -> Result<()> {
        if self.pop()? == kind { Ok(()) } else { Err(MpyError::Incompatible) }
    }

    /// The slot so many below the top, which is number zero.
    pub(crate) fn top(&self, n: usize) -> Result<Kind> {
        let at = self.stack.len().checked_sub(n + 1).ok_or(MpyError::Incompatible)?;
        Ok(self.stack[at])
    }

    /// The block whose handler takes exceptions at an offset.
    pub(crate) fn active(&self, at: usize) -> Option<&Block> {
        self.blocks.iter().rev().find(|block| block.handler > at)
    }
}
