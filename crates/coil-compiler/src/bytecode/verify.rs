//! The checks that let the machine run a unit without checking each access.

use core::fmt;

use alloc::vec;
use alloc::vec::Vec;

use super::decode::{Instruction, Operand, decode};
use super::{CodeFlags, CodeUnit, Const, Op};

/// What is wrong with a unit, and at which word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// Position of the instruction, or of the entry in its table.
    pub at: usize,
    /// The rule that is broken.
    pub reason: &'static str,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad bytecode at {}: {}", self.at, self.reason)
    }
}

impl core::error::Error for VerifyError {}

pub(super) type Check = Result<(), VerifyError>;

pub(super) fn ensure(condition: bool, at: usize, reason: &'static str) -> Check {
    if condition { Ok(()) } else { Err(VerifyError { at, reason }) }
}

/// Checks a unit and those nested in it.
///
/// # Errors
/// The first rule that is broken.
pub fn verify(unit: &CodeUnit) -> Check {
    let mut pending: Vec<&CodeUnit> = vec![unit];
    while let Some(unit) = pending.pop() {
        one(unit)?;
        pending.extend(unit.consts.iter().filter_map(|value| match value {
            Const::Code(code) => Some(&**code),
            _ => None,
        }));
    }
    Ok(())
}

fn one(unit: &CodeUnit) -> Check {
    signature(unit)?;
    let mut starts = vec![false; unit.code.len()];
    let mut at = 0;
    let mut last = Op::Nop;
    while at < unit.code.len() {
        starts[at] = true;
        let instruction = decode(&unit.code, at)
            .ok_or(VerifyError { at, reason: "unknown or incomplete instruction" })?;
        operands(unit, at, &instruction)?;
        windows(unit, at, &instruction)?;
        last = instruction.op;
        at += last.words();
    }
    let ends = matches!(
        last,
        Op::Return | Op::Raise | Op::RaiseFrom | Op::Reraise | Op::RaiseNoActive | Op::Jump
    );
    ensure(ends, at, "the end of the code can be reached")?;
    targets(unit, &starts)?;
    tables(unit, &starts)
}

fn signature(unit: &CodeUnit) -> Check {
    let params = usize::from(unit.positional) + usize::from(unit.keyword_only);
    ensure(unit.params.len() == params, 0, "parameter names do not match their counts")?;
    let stars = usize::from(unit.flags.has(CodeFlags::VARARGS))
        + usize::from(unit.flags.has(CodeFlags::VARKEYWORDS));
    let entry = params + stars + usize::from(unit.free);
    ensure(entry <= usize::from(unit.registers), 0, "more parameters than registers")?;
    ensure(!unit.code.is_empty(), 0, "no code")
}

fn name_at(unit: &CodeUnit, index: u32) -> bool {
    matches!(unit.consts.get(index as usize), Some(Const::Name(_)))
}

fn operands(unit: &CodeUnit, at: usize, instruction: &Instruction) -> Check {
    for operand in &instruction.operands {
        match *operand {
            Operand::Write(r) | Operand::Read(r) => {
                ensure(r < unit.registers, at, "register out of range")?;
            }
            Operand::Const(k) => {
                let value = unit.consts.get(usize::from(k));
                let loadable = match instruction.op {
                    Op::CheckLocal => matches!(value, Some(Const::Name(_))),
                    _ => value.is_some_and(|v| !matches!(v, Const::Code(_))),
                };
                ensure(loadable, at, "constant out of range or of the wrong kind")?;
            }
            Operand::Name(word) => {
                ensure(word >> 16 == 0, at, "cache not empty")?;
                ensure(name_at(unit, word), at, "not the index of a name")?;
            }
            Operand::Destination(word) => {
                ensure(word < u32::from(unit.registers), at, "destination out of range")?;
            }
            Operand::Cache(word) => ensure(word == 0, at, "cache not empty")?,
            Operand::Unused(field) => ensure(field == 0, at, "unused field not zero")?,
            Operand::Number(_) | Operand::Signed(_) | Operand::Unsigned(_) => {}
            Operand::Target(_) | Operand::Word(_) => {}
        }
    }
    Ok(())
}

/// Checks the runs of registers that an instruction uses beyond those it names.
fn windows(unit: &CodeUnit, at: usize, instruction: &Instruction) -> Check {
    let field = |i: usize| match instruction.operands.get(i) {
        Some(Operand::Write(v) | Operand::Read(v) | Operand::Number(v)) => usize::from(*v),
        _ => 0,
    };
    let (a, b, c) = (field(0), field(1), field(2));
    let end = match instruction.op {
        Op::Call => a + 1 + b + 2 * c,
        Op::CallM | Op::CallMethod => a + 2 + b + 2 * c,
        Op::LoadMethod => a + 2,
        Op::CallEx => {
            ensure(b <= 1 && c == 0, at, "bad kind of call")?;
            a + 3 + b
        }
        Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => b + c,
        Op::BuildSlice => b + 3,
        Op::FormatValue => {
            ensure(c <= 2, at, "bad conversion")?;
            b + 2
        }
        Op::ForRange | Op::ImportName => b + 2,
        Op::UnpackSeq => a + c,
        Op::UnpackEx => match instruction.operands.last() {
            Some(Operand::Word(word)) => (a + c + 1).saturating_add(*word as usize),
            _ => usize::MAX,
        },
        Op::MakeFunction => make_function(unit, at, b, instruction)?,
        _ => 0,
    };
    if let Op::Call | Op::CallM | Op::CallMethod = instruction.op {
        ensure(2 * c <= 254, at, "too many keyword arguments")?;
    }
    senses(at, instruction)?;
    ensure(end <= usize::from(unit.registers), at, "run of registers out of range")
}

fn senses(at: usize, instruction: &Instruction) -> Check {
    let sense = match instruction.op {
        Op::JNone => instruction.operands.get(1),
        Op::JLt | Op::JLe | Op::JGt | Op::JGe | Op::JEq | Op::JNe => instruction.operands.get(2),
        Op::JIs | Op::JIn | Op::JExc => instruction.operands.get(2),
        Op::JLtI | Op::JLeI | Op::JGtI | Op::JGeI | Op::JEqI | Op::JNeI => {
            instruction.operands.get(2)
        }
        Op::DictUpdate => instruction.operands.get(2),
        Op::ToNative | Op::ToObject => {
            let kind = instruction.operands.get(2);
            return ensure(matches!(kind, Some(Operand::Number(1..=7))), at, "bad native type");
        }
        _ => return Ok(()),
    };
    ensure(matches!(sense, Some(Operand::Number(0 | 1))), at, "bad flag")
}

fn make_function(
    unit: &CodeUnit,
    at: usize,
    b: usize,
    instruction: &Instruction,
) -> Result<usize, VerifyError> {
    let Some(Operand::Word(word)) = instruction.operands.last() else {
        return Err(VerifyError { at, reason: "no function word" });
    };
    let Some(Const::Code(code)) = unit.consts.get((word & 0xffff) as usize) else {
        return Err(VerifyError { at, reason: "not the index of code" });
    };
    ensure(word >> 16 < 8, at, "bad function flags")?;
    ensure((word & 0x40000 != 0) == (code.free != 0), at, "cells do not match the code")?;
    Ok(match word >> 16 {
        0 => 0,
        1 => b + 1,
        2 | 3 => b + 2,
        _ => b + 3,
    })
}

fn targets(unit: &CodeUnit, starts: &[bool]) -> Check {
    let mut at = 0;
    while let Some(instruction) = decode(&unit.code, at) {
        for operand in &instruction.operands {
            if let Operand::Target(target) = *operand {
                let lands = usize::try_from(target).ok().and_then(|t| starts.get(t));
                ensure(lands == Some(&true), at, "jump into nowhere")?;
            }
        }
        at += instruction.op.words();
    }
    Ok(())
}

fn tables(unit: &CodeUnit, starts: &[bool]) -> Check {
    let start = |at: u32| starts.get(at as usize) == Some(&true);
    for (i, handler) in unit.handlers.iter().enumerate() {
        let end = handler.end as usize == unit.code.len() || start(handler.end);
        let sane = handler.start < handler.end && start(handler.start) && end;
        ensure(sane, i, "bad range of a handler")?;
        ensure(start(handler.target), i, "handler into nowhere")?;
        ensure(handler.reg < unit.registers, i, "register of a handler out of range")?;
    }
    let mut last = None;
    for (i, &(at, _)) in unit.lines.iter().enumerate() {
        ensure(last.is_none_or(|l| l < at), i, "lines not ascending")?;
        ensure(start(at), i, "line into nowhere")?;
        last = Some(at);
    }
    Ok(())
}
