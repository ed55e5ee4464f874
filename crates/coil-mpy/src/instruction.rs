//! Instructions of the stack bytecode.

use crate::{MpyError, Result};

/// An instruction; jump targets are offsets in the bytecode, names and objects their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instruction {
    None,
    Bool(bool),
    Null,
    Small(i64),
    Str(usize),
    Object(usize),
    LoadFast(usize),
    LoadDeref(usize),
    LoadName(usize),
    LoadGlobal(usize),
    LoadAttr(usize),
    LoadMethod(usize),
    LoadSuperMethod(usize),
    LoadBuildClass,
    LoadSubscr,
    StoreFast(usize),
    StoreDeref(usize),
    StoreName(usize),
    StoreGlobal(usize),
    StoreAttr(usize),
    StoreSubscr,
    DeleteFast(usize),
    DeleteDeref(usize),
    DeleteName(usize),
    DeleteGlobal(usize),
    Dup,
    DupTwo,
    Pop,
    RotTwo,
    RotThree,
    Jump(usize),
    /// Jumps if the truth is the flag.
    PopJumpIf(bool, usize),
    JumpIfOrPop(bool, usize),
    /// Leaves so many blocks; the flag says that the iterator of a loop goes as well.
    Unwind(usize, usize, bool),
    Setup(Setup, usize),
    PopExceptJump(usize),
    ForIter(usize),
    WithCleanup,
    EndFinally,
    GetIter,
    GetIterStack,
    BuildTuple(usize),
    BuildList(usize),
    BuildMap(usize),
    BuildSet(usize),
    /// With a step?
    BuildSlice(bool),
    StoreMap,
    StoreComp(usize),
    UnpackSequence(usize),
    UnpackEx(usize, usize),
    Return,
    RaiseLast,
    Raise,
    RaiseFrom,
    Yield,
    YieldFrom,
    MakeFunction(MakeFunction),
    Call(Call),
    ImportName(usize),
    ImportFrom(usize),
    ImportStar,
    Unary(u8),
    Binary(u8),
}

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    With,
    Except,
    Finally,
}

/// A function is made from a child of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MakeFunction {
    pub(crate) child: usize,
    pub(crate) defaults: bool,
    pub(crate) cells: usize,
}

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) positional: usize,
    pub(crate) keyword: usize,
    /// Some arguments have stars: a bitmap is on the stack as well.
    pub(crate) stars: bool,
    pub(crate) method: bool,
}

/// Bytecode that is read instruction by instruction.
struct Reader<'a> {
    code: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<usize> {
        let byte = *self.code.get(self.at).ok_or(MpyError::Incompatible)?;
        self.at += 1;
        Ok(usize::from(byte))
    }

    fn uint(&mut self) -> Result<usize> {
        let mut n = 0usize;
        loop {
            let byte = self.byte()?;
            n = n << 7 | byte & 0x7f;
            if n > 1 << 24 {
                return Err(MpyError::Incompatible);
            }
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
    }

    fn int(&mut self) -> Result<i64> {
        let mut byte = self.byte()?;
        let mut n = if byte & 0x40 != 0 { -1i64 } else { 0 };
        for _ in 0..9 {
            n = n << 7 | (byte & 0x7f) as i64;
            if byte & 0x80 == 0 {
                return if n.unsigned_abs() < 1 << 62 {
                    Ok(n)
                } else {
                    Err(MpyError::Incompatible)
                };
            }
            byte = self.byte()?;
        }
        Err(MpyError::Incompatible)
    }

    /// A jump's target; `bias` is what a byte and two bytes hold for no distance.
    fn label(&mut self, bias: [usize; 2]) -> Result<usize> {
        let first = self.byte()?;
        let (distance, bias) = if first & 0x80 == 0 {
            (first, bias[0])
        } else {
            (first & 0x7f | self.byte()? << 7, bias[1])
        };
        (self.at + distance).checked_sub(bias).ok_or(MpyError::Incompatible)
    }

    fn forward(&mut self) -> Result<usize> {
        self.label([0, 0])
    }

    fn signed(&mut self) -> Result<usize> {
        self.label([0x40, 0x4000])
    }

    fn call(&mut self, stars: bool, method: bool) -> Result<Instruction> {
        let n = self.uint()?;
        let (positional, keyword) = (n & 0xff, n >> 8 & 0xff);
        Ok(Instruction::Call(Call { positional, keyword, stars, method }))
    }

    fn function(&mut self, defaults: bool, closure: bool) -> Result<Instruction> {
        let child = self.uint()?;
        let cells = if closure { self.byte()? } else { 0 };
        Ok(Instruction::MakeFunction(MakeFunction { child, defaults, cells }))
    }

    fn instruction(&mut self) -> Result<Instruction> {
        use Instruction as I;
        let op = self.byte()?;
        Ok(match op {
            0x10 => I::Str(self.uint()?),
            0x11 => I::LoadName(self.uint()?),
            0x12 => I::LoadGlobal(self.uint()?),
            0x13 => I::LoadAttr(self.uint()?),
            0x14 => I::LoadMethod(self.uint()?),
            0x15 => I::LoadSuperMethod(self.uint()?),
            0x16 => I::StoreName(self.uint()?),
            0x17 => I::StoreGlobal(self.uint()?),
            0x18 => I::StoreAttr(self.uint()?),
            0x19 => I::DeleteName(self.uint()?),
            0x1a => I::DeleteGlobal(self.uint()?),
            0x1b => I::ImportName(self.uint()?),
            0x1c => I::ImportFrom(self.uint()?),
            0x20 => self.function(false, true)?,
            0x21 => self.function(true, true)?,
            0x22 => I::Small(self.int()?),
            0x23 => I::Object(self.uint()?),
            0x24 => I::LoadFast(self.uint()?),
            0x25 => I::LoadDeref(self.uint()?),
            0x26 => I::StoreFast(self.uint()?),
            0x27 => I::StoreDeref(self.uint()?),
            0x28 => I::DeleteFast(self.uint()?),
            0x29 => I::DeleteDeref(self.uint()?),
            0x2a => I::BuildTuple(self.uint()?),
            0x2b => I::BuildList(self.uint()?),
            0x2c => I::BuildMap(self.uint()?),
            0x2d => I::BuildSet(self.uint()?),
            0x2e => I::BuildSlice(self.byte()? == 3),
            0x2f => I::StoreComp(self.uint()?),
            0x30 => I::UnpackSequence(self.uint()?),
            0x31 => {
                let n = self.uint()?;
                I::UnpackEx(n & 0xff, n >> 8 & 0xff)
            }
            0x32 => self.function(false, false)?,
            0x33 => self.function(true, false)?,
            0x34 => self.call(false, false)?,
            0x35 => self.call(true, false)?,
            0x36 => self.call(false, true)?,
            0x37 => self.call(true, true)?,
            0x40 => {
                let to = self.signed()?;
                let n = self.byte()?;
                I::Unwind(to, n & 0x7f, n & 0x80 != 0)
            }
            0x42 => I::Jump(self.signed()?),
            0x43 => I::PopJumpIf(true, self.signed()?),
            0x44 => I::PopJumpIf(false, self.signed()?),
            0x45 => I::JumpIfOrPop(true, self.forward()?),
            0x46 => I::JumpIfOrPop(false, self.forward()?),
            0x47 => I::Setup(Setup::With, self.forward()?),
            0x48 => I::Setup(Setup::Except, self.forward()?),
            0x49 => I::Setup(Setup::Finally, self.forward()?),
            0x4a => I::PopExceptJump(self.forward()?),
            0x4b => I::ForIter(self.forward()?),
            _ => return Self::plain(op),
        })
    }

    fn plain(op: usize) -> Result<Instruction> {
        use Instruction as I;
        Ok(match op {
            0x50 => I::Bool(false),
            0x51 => I::None,
            0x52 => I::Bool(true),
            0x53 => I::Null,
            0x54 => I::LoadBuildClass,
            0x55 => I::LoadSubscr,
            0x56 => I::StoreSubscr,
            0x57 => I::Dup,
            0x58 => I::DupTwo,
            0x59 => I::Pop,
            0x5a => I::RotTwo,
            0x5b => I::RotThree,
            0x5c => I::WithCleanup,
            0x5d => I::EndFinally,
            0x5e => I::GetIter,
            0x5f => I::GetIterStack,
            0x62 => I::StoreMap,
            0x63 => I::Return,
            0x64 => I::RaiseLast,
            0x65 => I::Raise,
            0x66 => I::RaiseFrom,
            0x67 => I::Yield,
            0x68 => I::YieldFrom,
            0x69 => I::ImportStar,
            0x70..=0xaf => I::Small(op as i64 - 0x80),
            0xb0..=0xbf => I::LoadFast(op - 0xb0),
            0xc0..=0xcf => I::StoreFast(op - 0xc0),
            0xd0..=0xd3 => I::Unary((op - 0xd0) as u8),
            0xd7..=0xf9 => I::Binary((op - 0xd7) as u8),
            _ => return Err(MpyError::Incompatible),
        })
    }
}

/// The instruction at an offset, and where the next one is.
pub(crate) fn decode(code: &[u8], at: usize) -> Result<(Instruction, usize)> {
    let mut reader = Reader { code, at };
    let instruction = reader.instruction()?;
    Ok((instruction, reader.at))
}
