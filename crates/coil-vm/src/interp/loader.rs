//! Turns what the compiler made into objects of the board's heap.

use super::plan::Plan;
use crate::kinds::{self, code};
use crate::qstr::Qstr;
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_compiler::bytecode::{CodeFlags, CodeUnit, Const, verify};
use coil_heap::{Ref, Value};

/// Facts of a code object, packed into a small int.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Positional parameters.
    pub positional: usize,
    /// Keyword-only parameters.
    pub keyword_only: usize,
    /// Free variables.
    pub free: usize,
    /// Bits of [`CodeFlags`].
    pub flags: CodeFlags,
}

impl Facts {
    fn pack(self) -> Value {
        let bits = self.positional as i64
            | (self.keyword_only as i64) << 8
            | (self.free as i64) << 16
            | i64::from(self.flags.0) << 24;
        Value::int(bits)
    }

    pub(crate) fn of(vm: &Vm, code: Ref) -> Self {
        let bits = vm.heap.get(code, code::FACTS).int_unchecked();
        Self {
            positional: (bits & 255) as usize,
            keyword_only: (bits >> 8 & 255) as usize,
            free: (bits >> 16 & 255) as usize,
            flags: CodeFlags((bits >> 24) as u16),
        }
    }
}

impl Vm {
    /// Loads a compiled module: verifies it, then makes its code objects.
    pub fn load_unit(&mut self, unit: &CodeUnit, file: Qstr) -> Res {
        // Unchecked access in the loop rests on this.
        if let Err(e) = verify(unit) {
            return Err(
                self.raise_fmt(types::RUNTIME_ERROR, format_args!("compiler made bad code: {e}"))
            );
        }
        self.load_verified(unit, file).map(Value::from)
    }

    fn load_verified(&mut self, unit: &CodeUnit, file: Qstr) -> Result<Ref, Raised> {
        let mark = self.mark();
        let words: Vec<u8> = unit.code.iter().flat_map(|w| w.to_le_bytes()).collect();
        let words = self.alloc_bytes(kinds::BLOB, 0, &words)?;
        let n = self.checked_len(unit.consts.len())?;
        let consts = self.alloc_values(kinds::TUPLE, n)?;
        for (i, c) in unit.consts.iter().enumerate() {
            let inner = self.mark();
            let v = self.load_const(c, file)?;
            self.heap.set(consts, i, v);
            self.release(inner);
        }
        let mut names = Vec::new();
        for p in &unit.params {
            names.push(self.intern_text(p.as_bytes())?.into());
        }
        let params = self.new_tuple(&names)?;
        let lines: Vec<u8> = unit
            .lines
            .iter()
            .flat_map(|(w, l)| [w.to_le_bytes(), l.to_le_bytes()].concat())
            .collect();
        let lines = self.alloc_bytes(kinds::BLOB, 0, &lines)?;
        let handlers: Vec<u8> = unit
            .handlers
            .iter()
            .flat_map(|h| {
                [h.start, h.end, h.target, u32::from(h.reg)].map(u32::to_le_bytes).concat()
            })
            .collect();
        let handlers = self.alloc_bytes(kinds::BLOB, 0, &handlers)?;
        let facts = Facts {
            positional: usize::from(unit.positional),
            keyword_only: usize::from(unit.keyword_only),
            free: usize::from(unit.free),
            flags: unit.flags,
        };
        let name = self.intern_text(unit.name.as_bytes())?;
        let r = self.alloc_values(kinds::CODE, code::LEN)?;
        for (field, v) in [
            (code::WORDS, words.into()),
            (code::CONSTS, consts.into()),
            (code::PARAMS, params),
            (code::LINES, lines.into()),
            (code::HANDLERS, handlers.into()),
            (code::NAME, name.into()),
            (code::FILE, file.into()),
            (code::FACTS, facts.pack()),
            (code::PLAN, Plan::new(unit, words).value()),
        ] {
            self.heap.set(r, field, v);
        }
        self.local_names.note(r, &unit.locals);
        self.release_but(mark, r.into());
        Ok(r)
    }

    fn load_const(&mut self, c: &Const, file: Qstr) -> Res {
        match c {
            Const::None => Ok(Value::NONE),
            Const::Bool(b) => Ok(Value::bool(*b)),
            Const::Ellipsis => Ok(Value::ELLIPSIS),
            Const::Int(i) => self.new_int(*i),
            Const::BigInt(negative, digits) => {
                let bytes: Vec<u8> = digits.iter().flat_map(|d| d.to_le_bytes()).collect();
                self.new_big(*negative, &bytes)
            }
            Const::Float(f) => self.new_float(*f),
            Const::Imag(f) => self.new_complex(0.0, *f),
            Const::Str(s) => self.new_str_interned_if_short(s.as_bytes()),
            Const::Bytes(b) => self.new_bytes(b),
            Const::Name(s) => self.intern_text(s.as_bytes()).map(Value::from),
            Const::Tuple(items) => {
                let n = self.checked_len(items.len())?;
                let r = self.alloc_values(kinds::TUPLE, n)?;
                for (i, c) in items.iter().enumerate() {
                    let v = self.load_const(c, file)?;
                    self.heap.set(r, i, v);
                }
                Ok(r.into())
            }
            Const::Code(unit) => self.load_verified(unit, file).map(Value::from),
        }
    }

    /// Tells the port that a statement starts on a line of the running code.
    #[cold]
    pub(crate) fn tell_line(&mut self, line: u32) {
        let code = self.top().code;
        if let Some(file) = self.heap.get(code, code::FILE).as_qstr() {
            self.port.line(self.names.text(Qstr(file)), line);
        }
    }

    /// The source line of an instruction; 1 where lines were left out.
    pub(crate) fn line_of(&self, code: Ref, pc: u32) -> u32 {
        let Some(lines) = self.heap.get(code, code::LINES).as_ref() else { return 0 };
        let table = self.heap.bytes(lines);
        let word =
            |i: usize| u32::from_le_bytes([table[i], table[i + 1], table[i + 2], table[i + 3]]);
        let (mut low, mut high) = (0, table.len() / 8);
        while low < high {
            let mid = usize::midpoint(low, high);
            if word(mid * 8) <= pc {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        if low == 0 { 1 } else { word((low - 1) * 8 + 4) }
    }

    /// The innermost handler for an instruction: target and register.
    pub(crate) fn handler_of(&self, code: Ref, pc: u32) -> Option<(u32, u8)> {
        let handlers = self.heap.get(code, code::HANDLERS).as_ref()?;
        self.heap.bytes(handlers).chunks_exact(16).find_map(|h| {
            let word = |i: usize| u32::from_le_bytes([h[i], h[i + 1], h[i + 2], h[i + 3]]);
            (word(0) <= pc && pc < word(4)).then(|| (word(8), h[12]))
        })
    }
}
