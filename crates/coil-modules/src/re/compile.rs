//! Expressions to programs. Instructions are bytes and jumps are signed bytes, as in the
//! reference: what is too long for a jump there is too complex here.

use alloc::vec::Vec;
use coil_vm::{Raised, Vm};

/// A byte that must be there.
pub(super) const CHAR: u8 = 1;
/// Any byte.
pub(super) const ANY: u8 = 2;
/// A byte in one of some ranges: their number, then pairs.
pub(super) const CLASS: u8 = 3;
/// A byte in none of them.
pub(super) const CLASS_NOT: u8 = 4;
/// A byte of `\d`, `\s`, `\w` or their opposites.
pub(super) const NAMED: u8 = 5;
/// The start of the text.
pub(super) const BOL: u8 = 6;
/// The end of the text.
pub(super) const EOL: u8 = 7;
/// Goes on elsewhere.
pub(super) const JUMP: u8 = 8;
/// Goes on here, and elsewhere if that fails.
pub(super) const SPLIT: u8 = 9;
/// Goes on elsewhere, and here if that fails.
pub(super) const RSPLIT: u8 = 10;
/// Notes the place.
pub(super) const SAVE: u8 = 11;
/// The end of a match.
pub(super) const MATCH: u8 = 12;

/// The first range of a pair that stands for a named class.
pub(super) const IS_NAMED: u8 = 0;

/// Code in front that makes a search of a match.
const PREFIX: [u8; 5] = [RSPLIT, 3, ANY, JUMP, 0xfb];
/// How long it is.
pub(super) const PREFIX_LEN: usize = PREFIX.len();

struct Compiler<'a> {
    text: &'a [u8],
    at: usize,
    code: Vec<u8>,
    groups: usize,
    /// A jump or count did not fit.
    overflow: bool,
}

/// Why an expression is not compiled.
enum Failed {
    TooComplex,
    Raised(Raised),
}

/// The program of an expression, and the number of its groups.
pub(super) fn compile(vm: &mut Vm, text: &[u8]) -> Result<(Vec<u8>, usize), Raised> {
    let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
    let mut c =
        Compiler { text: &text[..end], at: 0, code: PREFIX.to_vec(), groups: 0, overflow: false };
    c.code.extend([SAVE, 0]);
    match c.alternatives(vm) {
        Ok(()) if c.overflow => return Err(vm.value_error("regex too complex")),
        Ok(()) => {}
        Err(Failed::TooComplex) => return Err(vm.value_error("regex too complex")),
        Err(Failed::Raised(r)) => return Err(r),
    }
    if c.at < c.text.len() {
        return Err(vm.value_error("error in regex"));
    }
    c.code.extend([SAVE, 1, MATCH]);
    Ok((c.code, c.groups))
}

/// The name of a class.
fn is_class_name(c: u8) -> bool {
    matches!(c, b'd' | b'D' | b's' | b'S' | b'w' | b'W')
}

impl Compiler<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn checked(&mut self, n: isize) -> u8 {
        self.overflow |= i8::try_from(n).is_err();
        n as u8
    }

    /// The operand of a jump at `from` that leads to `to`.
    fn jump(&mut self, from: usize, to: usize) -> u8 {
        self.checked(to as isize - from as isize - 2)
    }

    fn insert(&mut self, at: usize, code: [u8; 2]) {
        self.code.splice(at..at, code);
    }

    /// Everything up to the end, or to the parenthesis that closes.
    fn alternatives(&mut self, vm: &mut Vm) -> Result<(), Failed> {
        vm.enter_native().map_err(Failed::Raised)?;
        let done = self.sequence(vm);
        vm.leave_native();
        done
    }

    fn sequence(&mut self, vm: &mut Vm) -> Result<(), Failed> {
        let start = self.code.len();
        let mut term = start;
        let mut pending: Option<usize> = None;
        loop {
            let c = self.peek(0);
            if c == 0 || c == b')' {
                break;
            }
            self.at += 1;
            if self.code.len() > 1 << 16 {
                return Err(Failed::TooComplex);
            }
            match c {
                b'?' | b'*' | b'+' => {
                    self.repeat(c, term)?;
                    term = self.code.len();
                }
                b'|' => {
                    self.close(pending);
                    self.insert(start, [SPLIT, 0]);
                    self.code.push(JUMP);
                    pending = Some(self.code.len());
                    self.code.push(0);
                    let to = self.code.len();
                    self.code[start + 1] = self.jump(start, to);
                    term = to;
                }
                b'^' | b'$' => {
                    self.code.push(if c == b'^' { BOL } else { EOL });
                    term = self.code.len();
                }
                _ => {
                    term = self.code.len();
                    self.atom(vm, c)?;
                }
            }
        }
        self.close(pending);
        Ok(())
    }

    /// Lets the jump behind an alternative lead here.
    fn close(&mut self, pending: Option<usize>) {
        if let Some(operand) = pending {
            let to = self.code.len();
            self.code[operand] = self.checked(to as isize - operand as isize - 1);
        }
    }

    fn repeat(&mut self, c: u8, term: usize) -> Result<(), Failed> {
        if term == self.code.len() {
            return Err(Failed::TooComplex);
        }
        let lazy = self.peek(0) == b'?';
        self.at += usize::from(lazy);
        if c == b'+' {
            let from = self.code.len();
            let operand = self.jump(from, term);
            self.code.extend([if lazy { SPLIT } else { RSPLIT }, operand]);
            return Ok(());
        }
        self.insert(term, [if lazy { RSPLIT } else { SPLIT }, 0]);
        if c == b'*' {
            let from = self.code.len();
            let operand = self.jump(from, term);
            self.code.extend([JUMP, operand]);
        }
        let to = self.code.len();
        self.code[term + 1] = self.jump(term, to);
        Ok(())
    }

    fn atom(&mut self, vm: &mut Vm, c: u8) -> Result<(), Failed> {
        match c {
            b'.' => self.code.push(ANY),
            b'[' => self.class()?,
            b'(' => self.group(vm)?,
            b'\\' => {
                let c = self.peek(0);
                if c == 0 {
                    return Err(Failed::TooComplex);
                }
                self.at += 1;
                self.code.extend([if is_class_name(c) { NAMED } else { CHAR }, c]);
            }
            _ => self.code.extend([CHAR, c]),
        }
        Ok(())
    }

    fn group(&mut self, vm: &mut Vm) -> Result<(), Failed> {
        let capture = !(self.peek(0) == b'?' && self.peek(1) == b':');
        let mut number = 0;
        if capture {
            self.groups += 1;
            number = self.groups;
            let slot = self.checked(2 * number as isize);
            self.code.extend([SAVE, slot]);
        } else {
            self.at += 2;
        }
        self.alternatives(vm)?;
        if self.peek(0) != b')' {
            return Err(Failed::TooComplex);
        }
        self.at += 1;
        if capture {
            let slot = self.checked(2 * number as isize + 1);
            self.code.extend([SAVE, slot]);
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), Failed> {
        let not = self.peek(0) == b'^';
        self.at += usize::from(not);
        self.code.extend([if not { CLASS_NOT } else { CLASS }, 0]);
        let count_at = self.code.len() - 1;
        let mut count = 0;
        while self.peek(0) != b']' {
            let mut low = self.peek(0);
            let mut named = false;
            if low == b'\\' {
                self.at += 1;
                low = self.peek(0);
                named = is_class_name(low);
            }
            if low == 0 {
                return Err(Failed::TooComplex);
            }
            if !named && self.peek(1) == b'-' && self.peek(2) != b']' {
                self.at += 2;
            }
            let high = self.peek(0);
            if high == 0 {
                return Err(Failed::TooComplex);
            }
            self.code.extend([if named { IS_NAMED } else { low }, high]);
            self.at += 1;
            count += 1;
        }
        self.at += 1;
        self.code[count_at] = self.checked(count);
        Ok(())
    }
}
