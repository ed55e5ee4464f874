//! What stands before a function's bytecode: its signature, names, lines and cells.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{MpyError, Result};

/// The signature and tables of a function.
#[derive(Debug)]
pub(crate) struct Prelude {
    pub(crate) name: String,
    /// Positional parameters, the cells of enclosing functions first.
    pub(crate) positional: usize,
    pub(crate) keyword_only: usize,
    pub(crate) is_generator: bool,
    pub(crate) has_star: bool,
    pub(crate) has_double_star: bool,
    /// Names of the parameters.
    pub(crate) params: Vec<String>,
    /// Locals that become cells.
    pub(crate) cells: Vec<u8>,
    /// Lines: first offset in the bytecode, and line.
    pub(crate) lines: Vec<(u32, u32)>,
    /// Where the bytecode starts.
    pub(crate) start: usize,
}

/// Bits of the scope's flags.
const GENERATOR: usize = 1;
const VARKEYWORDS: usize = 2;
const VARARGS: usize = 4;
/// More parameters than any function of ours can have.
const PARAMS_MAX: usize = 250;

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn byte(&mut self) -> Result<usize> {
        let byte = *self.bytes.get(self.at).ok_or(MpyError::Incompatible)?;
        self.at += 1;
        Ok(usize::from(byte))
    }

    fn number(&mut self) -> Result<usize> {
        let mut number = 0usize;
        loop {
            let byte = self.byte()?;
            number = number << 7 | byte & 0x7f;
            if number > 1 << 24 {
                return Err(MpyError::Incompatible);
            }
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
    }

    fn name<'n>(&mut self, names: &'n [String]) -> Result<&'n String> {
        let n = self.number()?;
        names.get(n).ok_or(MpyError::Incompatible)
    }
}

impl Prelude {
    /// Reads the prelude of a function.
    pub(crate) fn parse(bytes: &[u8], names: &[String]) -> Result<Self> {
        let mut c = Cursor { bytes, at: 0 };
        let mut z = c.byte()?;
        let (mut flags, mut positional, mut keyword_only) = (0, z & 3, 0);
        let mut n = 0;
        while z & 0x80 != 0 {
            z = c.byte()?;
            if n > 16 {
                return Err(MpyError::Incompatible);
            }
            flags |= (z >> 6 & 1) << n;
            positional |= (z & 4) << n;
            keyword_only |= (z >> 3 & 1) << n;
            n += 1;
        }
        let (mut info, mut n_cells, mut n) = (0, 0, 0);
        loop {
            let z = c.byte()?;
            if n > 4 {
                return Err(MpyError::Incompatible);
            }
            n_cells |= (z & 1) << n;
            info |= (z >> 1 & 0x3f) << (6 * n);
            n += 1;
            if z & 0x80 == 0 {
                break;
            }
        }
        if positional + keyword_only > PARAMS_MAX {
            return Err(MpyError::TooLarge);
        }
        let lines_end = c.at + info;
        let name = c.name(names)?.clone();
        let mut params = Vec::new();
        for _ in 0..positional + keyword_only {
            params.push(c.name(names)?.clone());
        }
        let lines = lines(bytes.get(c.at..lines_end).ok_or(MpyError::Incompatible)?);
        let start = lines_end + n_cells;
        let cells = bytes.get(lines_end..start).ok_or(MpyError::Incompatible)?.to_vec();
        Ok(Self {
            name,
            positional,
            keyword_only,
            is_generator: flags & GENERATOR != 0,
            has_star: flags & VARARGS != 0,
            has_double_star: flags & VARKEYWORDS != 0,
            params,
            cells,
            lines,
            start,
        })
    }

    /// How many locals hold what a function is called with.
    pub(crate) fn entry(&self) -> usize {
        let stars = usize::from(self.has_star) + usize::from(self.has_double_star);
        self.positional + self.keyword_only + stars
    }
}

fn lines(mut info: &[u8]) -> Vec<(u32, u32)> {
    let (mut at, mut line) = (0u32, 1u32);
    let mut lines = alloc::vec![(at, line)];
    while let Some((&first, rest)) = info.split_first() {
        info = rest;
        let first = u32::from(first);
        if first & 0x80 == 0 {
            at += first & 0x1f;
            line += first >> 5;
        } else {
            let Some((&second, rest)) = info.split_first() else { break };
            info = rest;
            at += first & 0xf;
            line += first << 4 & 0x700 | u32::from(second);
        }
        lines.push((at, line));
    }
    lines
}
