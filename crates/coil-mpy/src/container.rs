//! The layout of a file: header, names, constants, and a tree of functions.

use alloc::string::String;
use alloc::vec::Vec;

use coil_compiler::bytecode::Const;

use crate::statics;
use crate::{MpyError, Result, Target};

/// The version of the format.
const VERSION: u8 = 6;
/// The version of the interface to machine code.
const SUB_VERSION: u8 = 3;
/// Bits of the chip's small ints.
const SMALL_INT_BITS: u8 = 31;
/// Functions inside each other, and tuples, at most.
const DEPTH_MAX: usize = 32;

/// A file taken apart.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) names: Vec<String>,
    pub(crate) consts: Vec<Const>,
    pub(crate) code: RawCode,
}

/// A function as it stands in the file.
#[derive(Debug)]
pub(crate) struct RawCode {
    pub(crate) bytes: Vec<u8>,
    pub(crate) children: Vec<Self>,
}

/// Bytes that are read from the front.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or(MpyError::Incompatible)?;
        self.rest = rest;
        Ok(*first)
    }

    fn bytes(&mut self, n: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(n).ok_or(MpyError::Incompatible)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0usize;
        loop {
            let byte = self.byte()?;
            number = number << 7 | usize::from(byte & 0x7f);
            if number > 1 << 28 {
                return Err(MpyError::Incompatible);
            }
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
    }

    /// A number of things that take a byte each at least.
    fn count(&mut self) -> Result<usize> {
        let n = self.number()?;
        if n > self.rest.len() { Err(MpyError::Incompatible) } else { Ok(n) }
    }

    fn text(&mut self, n: usize) -> Result<String> {
        let text = core::str::from_utf8(self.bytes(n)?).map_err(|_| MpyError::Incompatible)?;
        Ok(String::from(text))
    }

    fn name(&mut self) -> Result<String> {
        let n = self.number()?;
        if n & 1 == 1 {
            let known = (n >> 1).checked_sub(1).and_then(|i| statics::NAMES.get(i));
            return known.map(|name| String::from(*name)).ok_or(MpyError::Incompatible);
        }
        let text = self.text(n >> 1)?;
        self.byte()?;
        Ok(text)
    }

    fn constant(&mut self, depth: usize) -> Result<Const> {
        const NONE: u8 = 1;
        const FALSE: u8 = 2;
        const TRUE: u8 = 3;
        const ELLIPSIS: u8 = 4;
        const STR: u8 = 5;
        const BYTES: u8 = 6;
        const INT: u8 = 7;
        const FLOAT: u8 = 8;
        const COMPLEX: u8 = 9;
        const TUPLE: u8 = 10;
        if depth > DEPTH_MAX {
            return Err(MpyError::Incompatible);
        }
        Ok(match self.byte()? {
            NONE => Const::None,
            FALSE => Const::Bool(false),
            TRUE => Const::Bool(true),
            ELLIPSIS => Const::Ellipsis,
            STR => {
                let n = self.number()?;
                let text = self.text(n)?;
                self.byte()?;
                Const::Str(text)
            }
            BYTES => {
                let n = self.number()?;
                let bytes = self.bytes(n)?.to_vec();
                self.byte()?;
                Const::Bytes(bytes)
            }
            INT => {
                let n = self.number()?;
                int(self.bytes(n)?)?
            }
            FLOAT => {
                let n = self.number()?;
                Const::Float(float(&self.text(n)?)?)
            }
            COMPLEX => {
                let n = self.number()?;
                let text = self.text(n)?;
                let imaginary = text.strip_suffix('j').ok_or(MpyError::Incompatible)?;
                Const::Imag(float(imaginary)?)
            }
            TUPLE => {
                let n = self.count()?;
                let items: Result<Vec<Const>> = (0..n).map(|_| self.constant(depth + 1)).collect();
                Const::Tuple(items?)
            }
            _ => return Err(MpyError::Incompatible),
        })
    }

    fn raw_code(&mut self, depth: usize) -> Result<RawCode> {
        let n = self.number()?;
        if n & 3 != 0 {
            // Machine code, which the header has not announced.
            return Err(MpyError::Incompatible);
        }
        if depth > DEPTH_MAX {
            return Err(MpyError::TooLarge);
        }
        let bytes = self.bytes(n >> 3)?.to_vec();
        let mut children = Vec::new();
        if n & 4 != 0 {
            let n = self.count()?;
            for _ in 0..n {
                children.push(self.raw_code(depth + 1)?);
            }
        }
        Ok(RawCode { bytes, children })
    }
}

fn float(text: &str) -> Result<f64> {
    text.parse().map_err(|_| MpyError::Incompatible)
}

/// An int from its decimal digits.
fn int(text: &[u8]) -> Result<Const> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 20_000 {
        return Err(MpyError::Incompatible);
    }
    let mut magnitude: Vec<u32> = Vec::new();
    for &digit in digits {
        let digit = char::from(digit).to_digit(10).ok_or(MpyError::Incompatible)?;
        let mut carry = u64::from(digit);
        for word in &mut magnitude {
            let product = u64::from(*word) * 10 + carry;
            *word = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            magnitude.push(carry as u32);
        }
    }
    let low = magnitude.iter().take(2).rev().fold(0u64, |n, word| n << 32 | u64::from(*word));
    if magnitude.len() <= 2 && low < 1 << 62 {
        let low = low as i64;
        return Ok(Const::Int(if negative { -low } else { low }));
    }
    Ok(Const::BigInt(negative, magnitude))
}

/// Takes a file apart.
pub(crate) fn parse(bytes: &[u8], target: Target) -> Result<File> {
    let mut reader = Reader { rest: bytes };
    let header = reader.bytes(4)?;
    let (feature, arch) = (header[2], header[2] >> 2 & 0x2f);
    let sub_version_fits = arch == 0 || feature & 3 == SUB_VERSION;
    if header[0] != b'M' || header[1] != VERSION || !sub_version_fits || header[3] > SMALL_INT_BITS
    {
        return Err(MpyError::Incompatible);
    }
    if arch != 0 && arch != target.arch {
        let none = target.arch == 0;
        return Err(if none { MpyError::NativeUnsupported } else { MpyError::Arch });
    }
    if feature & 0x40 != 0 {
        return Err(MpyError::Incompatible);
    }
    let (n_names, n_consts) = (reader.count()?, reader.count()?);
    let names: Result<Vec<String>> = (0..n_names).map(|_| reader.name()).collect();
    let names = names?;
    let consts: Result<Vec<Const>> = (0..n_consts).map(|_| reader.constant(0)).collect();
    Ok(File { names, consts: consts?, code: reader.raw_code(0)? })
}
