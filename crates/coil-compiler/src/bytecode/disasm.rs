//! Code units as text, for tests and the curious.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use super::decode::{Operand, decode};
use super::{CodeUnit, Const, Op};

/// The unit and those nested in it, one instruction a line.
pub fn disassemble(unit: &CodeUnit) -> String {
    let mut out = String::new();
    one(unit, &mut out);
    out
}

fn one(unit: &CodeUnit, out: &mut String) {
    let _ = writeln!(out, "{}({}) {} registers", unit.name, unit.params.join(", "), unit.registers);
    let mut at = 0;
    let mut lines = unit.lines.iter().peekable();
    while at < unit.code.len() {
        while let Some(&&(position, line)) = lines.peek() {
            if position as usize > at {
                break;
            }
            let _ = writeln!(out, "  line {line}");
            lines.next();
        }
        let Some(instruction) = decode(&unit.code, at) else {
            let _ = writeln!(out, "{at:5} ?");
            break;
        };
        let _ = write!(out, "{at:5} {}", instruction.op.name());
        for (i, operand) in instruction.operands.iter().enumerate() {
            if let Some(text) = operand_text(unit, *operand) {
                let _ = write!(out, "{} {text}", if i == 0 { "" } else { "," });
            }
        }
        out.push('\n');
        at += Op::words(instruction.op);
    }
    for h in &unit.handlers {
        let _ = writeln!(out, "  {}..{} -> {} in r{}", h.start, h.end, h.target, h.reg);
    }
    for value in &unit.consts {
        if let Const::Code(code) = value {
            out.push('\n');
            one(code, out);
        }
    }
}

fn operand_text(unit: &CodeUnit, operand: Operand) -> Option<String> {
    Some(match operand {
        Operand::Write(r) | Operand::Read(r) => format!("r{r}"),
        Operand::Number(n) => format!("{n}"),
        Operand::Const(k) => constant(unit, usize::from(k)),
        Operand::Signed(n) => format!("{n}"),
        Operand::Unsigned(n) => format!("{n}"),
        Operand::Target(t) => format!("->{t}"),
        Operand::Name(word) => constant(unit, (word & 0xffff) as usize),
        Operand::Destination(word) => format!("=r{}", word & 0xff),
        Operand::Word(word) => format!("{word:#x}"),
        Operand::Unused(_) | Operand::Cache(_) => return None,
    })
}

fn constant(unit: &CodeUnit, index: usize) -> String {
    match unit.consts.get(index) {
        Some(Const::Name(name)) => name.clone(),
        Some(Const::Code(code)) => format!("<code {}>", code.name),
        Some(Const::Int(i)) => format!("{i}"),
        Some(Const::Float(f)) => format!("{f:?}"),
        Some(Const::Str(s)) => format!("{s:?}"),
        Some(value) => format!("{value:?}"),
        None => format!("K{index}?"),
    }
}
