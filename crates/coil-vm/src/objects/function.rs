//! Functions, built-in functions, bound methods; cells and code objects.

use crate::kinds::{self, code, function};
use crate::qstr::{Qstr, names};
use crate::rom::{Access, PrintKind, TypeDef};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::{Ref, Tag, Value};

/// Functions defined by a program.
pub static FUNCTION: TypeDef = TypeDef {
    name: "function",
    print: Some(|vm, v, out, _| {
        if is_viper(vm, v) {
            out.extend_from_slice(b"<function>");
            return Ok(());
        }
        if vm.type_of(v) == types::GENERATOR_FUNCTION.into() {
            out.extend_from_slice(b"<generator>");
            return Ok(());
        }
        let name = vm.function_name(v);
        let text = format!("<function {} at 0x{:x}>", vm.names.text(name), v.bits());
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    new: Some(|vm, _, a| {
        vm.check_args(a, 2, 2)?;
        vm.function_of(vm.arg(a, 0), vm.arg(a, 1))
    }),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// Functions that make generators: a type of the same name as that of generators.
pub static GENERATOR_FUNCTION: TypeDef = TypeDef { name: "generator", ..TypeDef::EMPTY };

/// Functions of the firmware.
pub static NATIVE: TypeDef = TypeDef {
    name: "function",
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"<function>");
        Ok(())
    }),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// Methods with their object.
pub static BOUND: TypeDef = TypeDef {
    name: "bound_method",
    print: Some(print_bound),
    attr: Some(|vm, v, name, access| {
        let f = v.as_ref().map_or(Value::NULL, |r| vm.heap.get(r, 0));
        attr(vm, f, name, access)
    }),
    binary: Some(|vm, op, a, b| {
        let (Some(x), Some(y)) = (a.as_ref(), vm.as_ref_kind(b, kinds::BOUND)) else {
            return Ok(Value::NULL);
        };
        Ok(if op == crate::rom::Binary::Eq {
            Value::bool((0..2).all(|i| vm.heap.get(x, i) == vm.heap.get(y, i)))
        } else {
            Value::NULL
        })
    }),
    unary: Some(|vm, op, v| {
        let r = v.as_ref().expect("a bound method is an object");
        Ok(if op == crate::rom::Unary::Hash {
            Value::int(
                (vm.heap.get(r, 0).bits() ^ vm.heap.get(r, 1).bits()) as i64 >> 3 & 0x3fff_ffff,
            )
        } else {
            Value::NULL
        })
    }),
    ..TypeDef::EMPTY
};

/// Cells of closures; programs never see one.
pub static CELL: TypeDef = TypeDef { name: "cell", ..TypeDef::EMPTY };

/// Code objects.
pub static CODE: TypeDef = TypeDef { name: "code", ..TypeDef::EMPTY };

impl Vm {
    /// The name of a function or built-in function.
    pub fn function_name(&self, v: Value) -> Qstr {
        if let Some(n) = v.as_tagged(Tag::Native) {
            return self.rom.natives[n as usize].name;
        }
        self.as_ref_kind(v, kinds::FUNCTION)
            .and_then(|r| self.heap.get(r, function::CODE).as_ref())
            .and_then(|c| self.heap.get(c, code::NAME).as_qstr())
            .map_or(Qstr(0), Qstr)
    }

    /// Makes a bound method.
    pub fn new_bound(&mut self, f: Value, this: Value) -> Res {
        let mark = self.mark();
        self.root(f);
        self.root(this);
        let r = self.alloc_values(kinds::BOUND, 2)?;
        self.heap.set(r, 0, f);
        self.heap.set(r, 1, this);
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// The code object of a function.
    #[inline(always)]
    pub(crate) fn function_code(&self, f: Ref) -> Ref {
        self.heap.get(f, function::CODE).as_ref().expect("a function has code")
    }
}

/// Whether it is a function marked viper, which knows nothing of itself.
fn is_viper(vm: &Vm, v: Value) -> bool {
    vm.as_ref_kind(v, kinds::FUNCTION).is_some_and(|r| {
        let facts = crate::interp::loader::Facts::of(vm, vm.function_code(r));
        facts.flags.has(coil_compiler::bytecode::CodeFlags::VIPER)
    })
}

/// Whether a call of a function makes a generator.
pub(crate) fn makes_generators(vm: &Vm, f: Ref) -> bool {
    let facts = crate::interp::loader::Facts::of(vm, vm.function_code(f));
    facts.flags.has(coil_compiler::bytecode::CodeFlags::GENERATOR)
}

fn is_native(vm: &Vm, code: Ref) -> bool {
    let facts = crate::interp::loader::Facts::of(vm, code);
    facts.flags.has(coil_compiler::bytecode::CodeFlags::NATIVE)
}

fn print_bound(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(r) = v.as_ref() else { return Ok(()) };
    out.extend_from_slice(b"<bound_method ");
    out.extend_from_slice(format!("{:x} ", r.offset()).as_bytes());
    let (f, this) = (vm.heap.get(r, 0), vm.heap.get(r, 1));
    vm.print(this, out, PrintKind::Repr)?;
    out.extend_from_slice(b".");
    vm.print(f, out, PrintKind::Repr)?;
    out.push(b'>');
    Ok(())
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if access != Access::Load || is_viper(vm, v) {
        return Ok(Value::NULL);
    }
    if name == names::name {
        return Ok(vm.function_name(v).into());
    }
    if vm.names.get(name) == b"__code__" {
        // Machine code has none.
        let code = vm.as_ref_kind(v, kinds::FUNCTION).map(|r| vm.function_code(r));
        return Ok(code.filter(|&r| !is_native(vm, r)).map_or(Value::NULL, Value::from));
    }
    if name == names::globals {
        return Ok(vm
            .as_ref_kind(v, kinds::FUNCTION)
            .map_or(Value::NULL, |r| vm.heap.get(r, function::GLOBALS)));
    }
    Ok(Value::NULL)
}
