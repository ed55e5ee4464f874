//! Instructions as their operand strings describe them.

use alloc::vec::Vec;

use super::Op;

/// An operand of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Write(u8),
    Read(u8),
    Number(u8),
    Unused(u8),
    Const(u16),
    Signed(i16),
    Unsigned(u16),
    /// A jump to this position, which may be outside the code.
    Target(i64),
    Name(u32),
    Destination(u32),
    Cache(u32),
    /// A word with a meaning of its own: of `MakeFunction` or `UnpackEx`.
    Word(u32),
}

/// An instruction taken apart.
#[derive(Debug)]
pub(super) struct Instruction {
    pub(super) op: Op,
    pub(super) operands: Vec<Operand>,
}

/// The instruction at `at`; none if its opcode is unknown or the code ends within it.
pub(super) fn decode(code: &[u32], at: usize) -> Option<Instruction> {
    let first = *code.get(at)?;
    let [number, a, b, c] = first.to_le_bytes();
    let op = Op::from_u8(number)?;
    let words = code.get(at..at.checked_add(op.words())?)?;
    let after = i64::try_from(at + words.len()).ok()?;
    let wide = u16::from_le_bytes([b, c]);
    let mut operands = Vec::new();
    let (fields, more) = op.operands().split_once('|').unwrap_or((op.operands(), ""));
    for (i, kind) in fields.bytes().enumerate() {
        let field = [a, b, c].get(i).copied().unwrap_or(0);
        operands.push(match kind {
            b'w' => Operand::Write(field),
            b'r' => Operand::Read(field),
            b'i' => Operand::Number(field),
            b'K' => Operand::Const(wide),
            b'S' => Operand::Signed(wide as i16),
            b'U' => Operand::Unsigned(wide),
            b'J' => Operand::Target(after + i64::from(first as i32 >> 8)),
            _ => Operand::Unused(field),
        });
    }
    for (kind, &word) in more.bytes().zip(&words[1..]) {
        operands.push(match kind {
            b'O' => Operand::Target(after + i64::from(word as i32)),
            b'N' => Operand::Name(word),
            b'D' => Operand::Destination(word),
            b'C' => Operand::Cache(word),
            _ => Operand::Word(word),
        });
    }
    Some(Instruction { op, operands })
}
