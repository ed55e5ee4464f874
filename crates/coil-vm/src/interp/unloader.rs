//! Turns code objects back into what the compiler made: the way of `marshal`.

use super::loader::Facts;
use super::plan::Plan;
use crate::kinds::{self, code};
use crate::qstr::Qstr;
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_compiler::bytecode::{self, CodeFlags, CodeUnit, Const, Handler};
use coil_heap::{Ref, Value};

impl Vm {
    /// A code object as bytes.
    ///
    /// # Errors
    /// ValueError if the value is none, or has machine code inside.
    pub fn pack_code(&mut self, v: Value) -> Result<Vec<u8>, Raised> {
        let Some(r) = self.as_ref_kind(v, kinds::CODE) else {
            return Err(self.value_error("unmarshallable object"));
        };
        let Some(unit) = self.unload(r).filter(|unit| !has_machine_code(unit)) else {
            return Err(self.value_error("function must be bytecode"));
        };
        Ok(bytecode::pack(&unit, &self.code_text(r, code::FILE)))
    }

    /// The code object of such bytes. They may come from anywhere: nothing of them is believed.
    ///
    /// # Errors
    /// ValueError if they are not what this firmware writes.
    pub fn unpack_code(&mut self, bytes: &[u8]) -> Res {
        let unpacked = bytecode::unpack(bytes).filter(|(unit, _)| {
            bytecode::verify(unit).is_ok()
                && bytecode::check_flow(unit).is_ok()
                && !has_machine_code(unit)
        });
        let Some((unit, file)) = unpacked else {
            return Err(self.value_error("incompatible .mpy file"));
        };
        let file = self.intern_text(file.as_bytes())?;
        self.load_unit(&unit, file)
    }

    /// Whether code is that of a module or of a class body, which has its names in dicts.
    pub(crate) fn is_body(&self, code: Ref) -> bool {
        Facts::of(self, code).flags.has(CodeFlags::NAMES)
    }

    /// A function of this code, with no defaults.
    ///
    /// # Errors
    /// TypeError if it is no code, or code of a closure.
    pub(crate) fn function_of(&mut self, code: Value, globals: Value) -> Res {
        let (Some(r), Some(dict)) =
            (self.as_ref_kind(code, kinds::CODE), self.as_ref_kind(globals, kinds::DICT))
        else {
            return Err(self.raise_value(types::TYPE_ERROR, Value::NULL));
        };
        if Facts::of(self, r).free > 0 {
            return Err(self.type_error("code of a closure"));
        }
        self.make_function(code, dict, Value::NULL, Value::NULL, Value::NULL)
    }

    fn code_text(&self, r: Ref, field: usize) -> String {
        let q = self.heap.get(r, field).as_qstr();
        q.map_or_else(String::new, |q| self.names.text(Qstr(q)).to_string())
    }

    fn words_of(&self, r: Ref, field: usize) -> Option<Vec<u32>> {
        let blob = self.heap.get(r, field).as_ref()?;
        let bytes = self.heap.bytes(blob).chunks_exact(4);
        Some(bytes.map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect())
    }

    fn unload(&self, r: Ref) -> Option<CodeUnit> {
        let facts = Facts::of(self, r);
        let consts = self.tuple_items(self.heap.get(r, code::CONSTS))?;
        let params = self.tuple_items(self.heap.get(r, code::PARAMS))?;
        let mut unit = CodeUnit {
            name: self.code_text(r, code::NAME),
            code: self.words_of(r, code::WORDS)?,
            consts: consts.into_iter().map(|v| self.unload_const(v)).collect::<Option<_>>()?,
            params: params.into_iter().map(|v| self.text_of(v)).collect(),
            positional: facts.positional as u8,
            keyword_only: facts.keyword_only as u8,
            free: facts.free as u8,
            registers: Plan::from_value(self.heap.get(r, code::PLAN)).registers() as u8,
            flags: facts.flags,
            handlers: Vec::new(),
            lines: Vec::new(),
            locals: Vec::new(),
        };
        for h in self.words_of(r, code::HANDLERS)?.chunks_exact(4) {
            unit.handlers.push(Handler { start: h[0], end: h[1], target: h[2], reg: h[3] as u8 });
        }
        unit.lines = self.words_of(r, code::LINES)?.chunks_exact(2).map(|l| (l[0], l[1])).collect();
        unit.clear_caches();
        Some(unit)
    }

    fn unload_const(&self, v: Value) -> Option<Const> {
        if let Some(i) = v.as_int() {
            return Some(Const::Int(i));
        }
        if let Some(f) = self.as_float(v) {
            return Some(Const::Float(f));
        }
        // Where a name is not asked for it does as a string.
        if let Some(q) = v.as_qstr() {
            return Some(Const::Name(self.names.text(Qstr(q)).to_string()));
        }
        match v {
            Value::NONE => return Some(Const::None),
            Value::TRUE | Value::FALSE => return Some(Const::Bool(v == Value::TRUE)),
            Value::ELLIPSIS => return Some(Const::Ellipsis),
            _ => {}
        }
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::CODE => self.unload(r).map(|unit| Const::Code(Box::new(unit))),
            kinds::STR => Some(Const::Str(self.text_of(v))),
            kinds::BYTES => Some(Const::Bytes(self.heap.bytes(r).to_vec())),
            kinds::TUPLE => {
                let items = self.tuple_items(v)?;
                items
                    .into_iter()
                    .map(|v| self.unload_const(v))
                    .collect::<Option<_>>()
                    .map(Const::Tuple)
            }
            kinds::BIGINT => {
                let digits = self.heap.bytes(r).chunks(4).map(|bytes| {
                    bytes.iter().rev().fold(0, |digit, byte| digit << 8 | u32::from(*byte))
                });
                Some(Const::BigInt(self.heap.header(r).flags() & 1 != 0, digits.collect()))
            }
            kinds::COMPLEX => self.as_complex(v).map(|(_, imag)| Const::Imag(imag)),
            _ => None,
        }
    }
}

/// Whether some function of a unit is marked native or viper.
fn has_machine_code(unit: &CodeUnit) -> bool {
    unit.flags.0 & (CodeFlags::NATIVE | CodeFlags::VIPER) != 0
        || unit.consts.iter().any(|v| matches!(v, Const::Code(unit) if has_machine_code(unit)))
}
