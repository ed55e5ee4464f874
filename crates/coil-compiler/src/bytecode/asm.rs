//! The assembler: instructions, labels, constants and the line table of one code unit.
//!
//! Owns encodings and offsets; must not know the language. Code that nothing can reach is not
//! emitted.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Const, Handler, Op};

/// A place in the code, perhaps not yet known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(u32);

/// A table of the unit has more entries than the format can address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFull;

/// A jump reaches further than code may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JumpTooFar;

/// Words that a jump reaches. The reference's jumps reach 32 KiB of its bytecode; the same
/// program takes about this much here (measured on bodies of `with`, `try` and calls).
const JUMP_WORDS_MAX: u32 = 21_150;

#[derive(Debug, Default)]
struct LabelState {
    position: Option<u32>,
    used: bool,
}

/// A jump whose label was not bound when it was emitted.
#[derive(Debug)]
struct Fixup {
    /// The word that holds the offset.
    word: usize,
    /// What the offset counts from.
    base: u32,
    label: Label,
    /// The offset is in the upper 24 bits of the word.
    short: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    Float(u64),
    Str(String),
    Name(String),
    Bytes(Vec<u8>),
    Big(bool, Vec<u32>),
    Other(u8),
    Tuple(Vec<Self>),
}

impl Key {
    /// What makes a constant equal to another one; nothing for code, which has an identity.
    fn of(value: &Const) -> Option<Self> {
        Some(match value {
            Const::None => Self::Other(0),
            Const::Bool(b) => Self::Other(1 + u8::from(*b)),
            Const::Ellipsis => Self::Other(3),
            Const::Int(i) => Self::Int(*i),
            Const::BigInt(negative, digits) => Self::Big(*negative, digits.clone()),
            Const::Float(f) => Self::Float(f.to_bits()),
            Const::Str(s) => Self::Str(s.clone()),
            Const::Name(s) => Self::Name(s.clone()),
            Const::Bytes(b) => Self::Bytes(b.clone()),
            Const::Tuple(items) => Self::Tuple(items.iter().map(Self::of).collect::<Option<_>>()?),
            Const::Imag(_) | Const::Code(_) => return None,
        })
    }
}

/// Builds the code of one unit.
#[derive(Debug)]
pub struct Assembler {
    code: Vec<u32>,
    consts: Vec<Const>,
    known: BTreeMap<Key, u16>,
    labels: Vec<LabelState>,
    fixups: Vec<Fixup>,
    handlers: Vec<Handler>,
    lines: Vec<(u32, u32)>,
    line: u32,
    reachable: bool,
}

/// What the assembler made.
#[derive(Debug)]
pub struct Assembled {
    /// Instructions.
    pub code: Vec<u32>,
    /// Constants.
    pub consts: Vec<Const>,
    /// Exception handlers.
    pub handlers: Vec<Handler>,
    /// Source lines.
    pub lines: Vec<(u32, u32)>,
}

impl Default for Assembler {
    fn default() -> Self {
        Self::new()
    }
}

impl Assembler {
    /// An assembler without instructions.
    pub fn new() -> Self {
        Self {
            code: Vec::new(),
            consts: Vec::new(),
            known: BTreeMap::new(),
            labels: Vec::new(),
            fixups: Vec::new(),
            handlers: Vec::new(),
            lines: Vec::new(),
            line: 0,
            reachable: true,
        }
    }

    /// The position of the next instruction.
    pub fn position(&self) -> u32 {
        u32::try_from(self.code.len()).unwrap_or(u32::MAX)
    }

    /// Whether the next instruction can be reached.
    pub fn is_reachable(&self) -> bool {
        self.reachable
    }

    /// The line of the instructions to come.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Sets the line of the instructions to come.
    pub fn set_line(&mut self, line: u32) {
        self.line = line;
    }

    /// The index of a constant, which is added if it is new.
    ///
    /// # Errors
    /// If there are too many.
    pub fn constant(&mut self, value: Const) -> Result<u16, TableFull> {
        let key = Key::of(&value);
        if let Some(index) = key.as_ref().and_then(|key| self.known.get(key)) {
            return Ok(*index);
        }
        let index = u16::try_from(self.consts.len()).map_err(|_| TableFull)?;
        self.consts.push(value);
        if let Some(key) = key {
            self.known.insert(key, index);
        }
        Ok(index)
    }

    fn word(&mut self, word: u32) {
        self.code.push(word);
    }

    fn start(&mut self) {
        if self.lines.last().is_none_or(|&(_, line)| line != self.line) && self.line != 0 {
            let at = self.position();
            self.lines.push((at, self.line));
        }
    }

    /// Emits an instruction with its words after the first one.
    pub fn emit_words(&mut self, op: Op, [a, b, c]: [u8; 3], more: &[u32]) {
        if !self.reachable {
            return;
        }
        debug_assert_eq!(op.words(), 1 + more.len(), "{}", op.name());
        self.start();
        self.word(u32::from_le_bytes([op as u8, a, b, c]));
        for &word in more {
            self.word(word);
        }
        if matches!(op, Op::Return | Op::Raise | Op::RaiseFrom | Op::Reraise | Op::RaiseNoActive) {
            self.reachable = false;
        }
    }

    /// Emits an instruction of one word.
    pub fn emit(&mut self, op: Op, a: u8, b: u8, c: u8) {
        self.emit_words(op, [a, b, c], &[]);
    }

    /// Emits an instruction whose upper half is one number.
    pub fn emit_wide(&mut self, op: Op, a: u8, d: u16) {
        let [b, c] = d.to_le_bytes();
        self.emit_words(op, [a, b, c], &[]);
    }

    /// A label without a place.
    pub fn label(&mut self) -> Label {
        self.labels.push(LabelState::default());
        Label(u32::try_from(self.labels.len() - 1).unwrap_or(u32::MAX))
    }

    /// Emits an unconditional jump.
    pub fn jump(&mut self, label: Label) {
        if !self.reachable {
            return;
        }
        self.start();
        let word = self.code.len();
        self.word(u32::from(Op::Jump as u8));
        self.reference(word, label, true);
        self.reachable = false;
    }

    /// Emits a conditional jump or a step of a loop.
    pub fn branch(&mut self, op: Op, [a, b, c]: [u8; 3], label: Label) {
        if !self.reachable {
            return;
        }
        self.emit_words(op, [a, b, c], &[0]);
        let word = self.code.len() - 1;
        self.reference(word, label, false);
    }

    fn reference(&mut self, word: usize, label: Label, short: bool) {
        self.labels[label.0 as usize].used = true;
        let base = self.position();
        self.fixups.push(Fixup { word, base, label, short });
    }

    /// Puts a label here that is only jumped to from before.
    pub fn bind(&mut self, label: Label) {
        let position = self.position();
        let state = &mut self.labels[label.0 as usize];
        state.position = Some(position);
        self.reachable |= state.used;
    }

    /// Puts a label here that is jumped to from after it, if `reachable` says so.
    pub fn bind_backward(&mut self, label: Label, reachable: bool) {
        self.bind(label);
        self.reachable |= reachable;
    }

    /// Whether some jump goes to the label.
    pub fn is_used(&self, label: Label) -> bool {
        self.labels[label.0 as usize].used
    }

    /// Adds an exception handler.
    pub fn handler(&mut self, handler: Handler) {
        if handler.start < handler.end {
            self.handlers.push(handler);
        }
    }

    /// Resolves all jumps.
    ///
    /// # Errors
    /// If an offset does not fit.
    pub fn finish(mut self) -> Result<Assembled, JumpTooFar> {
        for fixup in &self.fixups {
            let position = self.labels[fixup.label.0 as usize].position.unwrap_or(0);
            let offset = i64::from(position) - i64::from(fixup.base);
            if offset.unsigned_abs() > u64::from(JUMP_WORDS_MAX) {
                return Err(JumpTooFar);
            }
            let word = offset as i32 as u32;
            if fixup.short {
                self.code[fixup.word] |= word << 8;
            } else {
                self.code[fixup.word] = word;
            }
        }
        Ok(Assembled {
            code: self.code,
            consts: self.consts,
            handlers: self.handlers,
            lines: self.lines,
        })
    }
}
