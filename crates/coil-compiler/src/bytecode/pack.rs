//! Code units as bytes: what `marshal` writes.
//!
//! Numbers are little-endian base 128, texts and tables start with their length. Bytes come from
//! anywhere: whoever unpacks them must [`verify`](fn@super::verify) and
//! [`check_flow`](super::check_flow) the unit before it runs.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::ops::Op;
use super::{CodeFlags, CodeUnit, Const, Handler};

/// How deep constants may nest.
const DEPTH_MAX: u32 = 40;

mod tag {
    pub(super) const NONE: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const ELLIPSIS: u8 = 3;
    pub(super) const INT: u8 = 4;
    pub(super) const BIG: u8 = 5;
    pub(super) const BIG_NEGATIVE: u8 = 6;
    pub(super) const FLOAT: u8 = 7;
    pub(super) const IMAG: u8 = 8;
    pub(super) const STR: u8 = 9;
    pub(super) const BYTES: u8 = 10;
    pub(super) const NAME: u8 = 11;
    pub(super) const TUPLE: u8 = 12;
    pub(super) const CODE: u8 = 13;
}

/// The first bytes: a mark, and a number that changes with the instruction set.
fn magic() -> [u8; 6] {
    let rows = Op::ALL.iter().flat_map(|op| [op.name(), op.operands()]);
    let sum = rows
        .flat_map(str::bytes)
        .fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let [a, b, c, d] = sum.to_le_bytes();
    [b'C', 1, a, b, c, d]
}

/// A unit and the name of its file as bytes.
pub fn pack(unit: &CodeUnit, file: &str) -> Vec<u8> {
    let mut out = magic().to_vec();
    put_bytes(&mut out, file.as_bytes());
    put_unit(&mut out, unit);
    out
}

/// What [`pack`] made bytes of; nothing if it did not make them.
pub fn unpack(bytes: &[u8]) -> Option<(CodeUnit, String)> {
    let mut reader = Reader { rest: bytes.strip_prefix(&magic())?, depth: 0 };
    let file = reader.text()?;
    let unit = reader.unit()?;
    reader.rest.is_empty().then_some((unit, file))
}

fn put_number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_unit(out: &mut Vec<u8>, unit: &CodeUnit) {
    put_bytes(out, unit.name.as_bytes());
    out.extend_from_slice(&[unit.positional, unit.keyword_only, unit.free, unit.registers]);
    out.extend_from_slice(&unit.flags.0.to_le_bytes());
    put_number(out, unit.code.len() as u64);
    out.extend(unit.code.iter().flat_map(|word| word.to_le_bytes()));
    put_number(out, unit.consts.len() as u64);
    unit.consts.iter().for_each(|value| put_const(out, value));
    for name in &unit.params {
        put_bytes(out, name.as_bytes());
    }
    put_number(out, unit.handlers.len() as u64);
    for h in &unit.handlers {
        [h.start, h.end, h.target].into_iter().for_each(|n| put_number(out, u64::from(n)));
        out.push(h.reg);
    }
    put_number(out, unit.lines.len() as u64);
    for &(at, line) in &unit.lines {
        put_number(out, u64::from(at));
        put_number(out, u64::from(line));
    }
}

fn put_const(out: &mut Vec<u8>, value: &Const) {
    match value {
        Const::None => out.push(tag::NONE),
        Const::Bool(false) => out.push(tag::FALSE),
        Const::Bool(true) => out.push(tag::TRUE),
        Const::Ellipsis => out.push(tag::ELLIPSIS),
        Const::Int(i) => {
            out.push(tag::INT);
            put_number(out, ((i << 1) ^ (i >> 63)) as u64);
        }
        Const::BigInt(negative, digits) => {
            out.push(if *negative { tag::BIG_NEGATIVE } else { tag::BIG });
            put_number(out, digits.len() as u64);
            out.extend(digits.iter().flat_map(|digit| digit.to_le_bytes()));
        }
        Const::Float(f) => {
            out.push(tag::FLOAT);
            out.extend_from_slice(&f.to_bits().to_le_bytes());
        }
        Const::Imag(f) => {
            out.push(tag::IMAG);
            out.extend_from_slice(&f.to_bits().to_le_bytes());
        }
        Const::Str(text) => {
            out.push(tag::STR);
            put_bytes(out, text.as_bytes());
        }
        Const::Bytes(bytes) => {
            out.push(tag::BYTES);
            put_bytes(out, bytes);
        }
        Const::Name(text) => {
            out.push(tag::NAME);
            put_bytes(out, text.as_bytes());
        }
        Const::Tuple(items) => {
            out.push(tag::TUPLE);
            put_number(out, items.len() as u64);
            items.iter().for_each(|item| put_const(out, item));
        }
        Const::Code(unit) => {
            out.push(tag::CODE);
            put_unit(out, unit);
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    depth: u32,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    fn word(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// How many follow; each takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|n| *n <= self.rest.len())
    }

    fn text(&mut self) -> Option<String> {
        let n = self.count()?;
        String::from_utf8(self.take(n)?.to_vec()).ok()
    }

    fn words(&mut self) -> Option<Vec<u32>> {
        let n = self.count()?.checked_mul(4)?;
        let bytes = self.take(n)?;
        Some(bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect())
    }

    fn unit(&mut self) -> Option<CodeUnit> {
        let name = self.text()?;
        let [positional, keyword_only, free, registers] = self.array()?;
        let flags = CodeFlags(u16::from_le_bytes(self.array()?));
        let code = self.words()?;
        let consts = (0..self.count()?).map(|_| self.constant(true)).collect::<Option<_>>()?;
        let params = u16::from(positional) + u16::from(keyword_only);
        let params = (0..params).map(|_| self.text()).collect::<Option<_>>()?;
        let handlers = (0..self.count()?).map(|_| self.handler()).collect::<Option<_>>()?;
        let lines = (0..self.count()?)
            .map(|_| Some((self.word()?, self.word()?)))
            .collect::<Option<_>>()?;
        Some(CodeUnit {
            name,
            code,
            consts,
            params,
            positional,
            keyword_only,
            free,
            registers,
            flags,
            handlers,
            lines,
            locals: Vec::new(),
        })
    }

    fn handler(&mut self) -> Option<Handler> {
        let [start, end, target] = [self.word()?, self.word()?, self.word()?];
        Some(Handler { start, end, target, reg: self.byte()? })
    }

    /// A constant; code only where the machine looks for it.
    fn constant(&mut self, code: bool) -> Option<Const> {
        if self.depth > DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        let value = match self.byte()? {
            tag::NONE => Const::None,
            tag::FALSE => Const::Bool(false),
            tag::TRUE => Const::Bool(true),
            tag::ELLIPSIS => Const::Ellipsis,
            tag::INT => {
                let n = self.number()?;
                Const::Int((n >> 1) as i64 ^ -((n & 1) as i64))
            }
            kind @ (tag::BIG | tag::BIG_NEGATIVE) => {
                Const::BigInt(kind == tag::BIG_NEGATIVE, self.words()?)
            }
            tag::FLOAT => Const::Float(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::IMAG => Const::Imag(f64::from_bits(u64::from_le_bytes(self.array()?))),
            tag::STR => Const::Str(self.text()?),
            tag::BYTES => {
                let n = self.count()?;
                Const::Bytes(self.take(n)?.to_vec())
            }
            tag::NAME => Const::Name(self.text()?),
            tag::TUPLE => {
                let n = self.count()?;
                Const::Tuple((0..n).map(|_| self.constant(false)).collect::<Option<_>>()?)
            }
            tag::CODE if code => Const::Code(Box::new(self.unit()?)),
            _ => return None,
        };
        self.depth -= 1;
        Some(value)
    }
}
