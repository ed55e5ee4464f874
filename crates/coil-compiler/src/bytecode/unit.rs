//! What the compiler hands to the machine: a tree of code units on the host's heap.
//!
//! The machine turns a unit into objects of the board's own heap; nothing here is a Python value.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Op;

/// A constant of a code unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An int that fits 63 bits.
    Int(i64),
    /// A larger int: its magnitude as little-endian 32-bit digits, and whether it is negative.
    BigInt(bool, Vec<u32>),
    /// A float; the machine rounds it to single precision where it computes so.
    Float(f64),
    /// An imaginary literal's value.
    Imag(f64),
    /// A string.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An identifier: a string that is interned.
    Name(String),
    /// A tuple of constants.
    Tuple(Vec<Self>),
    /// Nested code.
    Code(Box<CodeUnit>),
}

/// A range of instructions that an exception handler covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// First word covered.
    pub start: u32,
    /// The word after the last one covered.
    pub end: u32,
    /// Where the handler starts.
    pub target: u32,
    /// The register that receives the exception.
    pub reg: u8,
}

/// Facts about a code unit, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeFlags(pub u16);

impl CodeFlags {
    /// Calling it makes a generator.
    pub const GENERATOR: u16 = 1;
    /// It was written `async def`.
    pub const ASYNC: u16 = 2;
    /// It has `*args`.
    pub const VARARGS: u16 = 4;
    /// It has `**kwargs`.
    pub const VARKEYWORDS: u16 = 8;
    /// A module or class body: its names live in the locals dict of the frame.
    pub const NAMES: u16 = 16;
    /// Marked `@micropython.native`.
    pub const NATIVE: u16 = 32;
    /// Marked `@micropython.viper`.
    pub const VIPER: u16 = 64;

    /// Whether a bit is set.
    pub const fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }
}

impl CodeUnit {
    /// Empties what the machine has noted in the instructions while it ran them.
    pub fn clear_caches(&mut self) {
        let mut at = 0;
        while let Some(op) = self.code.get(at).and_then(|word| Op::from_u8(*word as u8)) {
            let more = op.operands().split_once('|').map_or("", |(_, more)| more);
            for (i, kind) in more.bytes().enumerate() {
                if let Some(word) = self.code.get_mut(at + 1 + i) {
                    match kind {
                        b'N' => *word &= 0xffff,
                        b'D' => *word &= 0xff,
                        b'C' => *word = 0,
                        _ => {}
                    }
                }
            }
            at += op.words();
        }
    }
}

/// A local variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub name: String,
    /// The register that holds it, or the cell it is in.
    pub reg: u8,
}

/// A compiled function, class body or module.
///
/// Registers at entry, in order: positional parameters, keyword-only parameters, the `*args`
/// tuple if any, the `**kwargs` dict if any, then the cells of the free variables; all other
/// registers are unbound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodeUnit {
    /// The function's name, `<module>`, `<lambda>`, `<listcomp>` and so on.
    pub name: String,
    /// Instructions.
    pub code: Vec<u32>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Names of positional parameters followed by keyword-only ones.
    pub params: Vec<String>,
    /// How many parameters are positional (with or without keyword).
    pub positional: u8,
    /// How many parameters are keyword-only.
    pub keyword_only: u8,
    /// How many cells of free variables follow the parameters.
    pub free: u8,
    /// Registers used, parameters and call windows included.
    pub registers: u8,
    /// Facts.
    pub flags: CodeFlags,
    /// Exception handlers, innermost first.
    pub handlers: Vec<Handler>,
    /// Source lines: (first word, line), ascending by word.
    pub lines: Vec<(u32, u32)>,
    /// The locals of a function, where they were to be kept. The machine has no use for them.
    pub locals: Vec<Local>,
}

impl CodeUnit {
    /// Adds the lines that it and what is inside it mark as executable.
    pub(crate) fn marked_lines(&self, into: &mut Vec<u32>) {
        let mut at = 0;
        while let Some(word) = self.code.get(at) {
            let Some(op) = Op::from_u8(word.to_le_bytes()[0]) else { break };
            if op == Op::Line {
                into.push(word >> 16);
            }
            at += op.words();
        }
        for inner in &self.consts {
            if let Const::Code(unit) = inner {
                unit.marked_lines(into);
            }
        }
    }
}
