//! Bytes.

use crate::kinds;
use crate::objects::str::text::Text;
use crate::objects::str::{
    STEP_ERROR, encoding, find, hash_of, methods, order, print_quoted_bytes, repeat,
};
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// `bytes`
pub static BYTES: TypeDef = TypeDef {
    name: "bytes",
    items: methods::BYTES_ITEMS,
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes bytes.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Res {
        self.alloc_bytes(kinds::BYTES, 0, bytes).map(Value::from)
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.nkw > 0 {
        return Err(encoding::keywords(vm));
    }
    if args.n == 0 {
        return vm.new_bytes(&[]);
    }
    let v = vm.arg(args, 0);
    match vm.text_kind(v) {
        Some(Text::Bytes) => return Ok(v),
        Some(Text::Str) if args.n == 2 || args.n == 3 => return encoding::encode_text(vm, args),
        Some(Text::Str) => return Err(encoding::needs_encoding(vm)),
        _ => {}
    }
    if args.n > 1 {
        return Err(vm.type_error("wrong number of arguments"));
    }
    // What is no small int on the device is walked over.
    if let Some(n) = v.as_int().filter(|n| (-1 << 30..1 << 30).contains(n)) {
        let Ok(n) = usize::try_from(n) else {
            return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
        };
        vm.check_room(n)?;
        return vm.alloc_zeroed(kinds::BYTES, n).map(Value::from);
    }
    if vm.buffer(v).is_some() {
        let bytes = vm.expect_bytes_like(v)?;
        return vm.new_bytes(&bytes);
    }
    let bytes = from_iterable(vm, v)?;
    vm.new_bytes(&bytes)
}

/// The bytes that an iterable of ints gives.
fn from_iterable(vm: &mut Vm, v: Value) -> Result<Vec<u8>, Raised> {
    let it = vm.iter(v)?;
    vm.root(it);
    let mut bytes = Vec::new();
    loop {
        let mark = vm.mark();
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(bytes);
        }
        let Ok(b) = u8::try_from(vm.expect_int(x)?) else {
            return Err(vm.value_error("bytes value out of range"));
        };
        bytes.push(b);
        if bytes.len() % 4096 == 0 {
            vm.check_room(bytes.len())?;
        }
        vm.release(mark);
    }
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    out.push(b'b');
    print_quoted_bytes(vm.str_bytes(v), out);
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let n = vm.str_bytes(v).len();
    Ok(match op {
        Unary::Bool => Value::bool(n != 0),
        Unary::Len => Value::int(n as i64),
        Unary::Hash => Value::int(i64::from(hash_of(vm, v))),
        _ => Value::NULL,
    })
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    match op {
        Binary::Mod | Binary::IMod => return crate::format::percent::format(vm, a, b),
        Binary::Mul | Binary::IMul => return repeat(vm, Text::Bytes, a, b),
        Binary::Eq if vm.text_kind(b) == Some(Text::Str) => {
            vm.warn_bytes_compared()?;
            return Ok(Value::FALSE);
        }
        // Equality with other types is theirs to say.
        Binary::Eq if vm.text_kind(b) != Some(Text::Bytes) => return Ok(Value::NULL),
        Binary::Ne => return Ok(Value::NULL),
        _ => {}
    }
    let Some(other) = vm.buffer(b) else { return Ok(Value::NULL) };
    match op {
        Binary::Add | Binary::IAdd => {
            let n = vm.str_bytes(a).len();
            if n == 0 && vm.text_kind(b) == Some(Text::Bytes) {
                return Ok(b);
            }
            if other.len == 0 {
                return Ok(a);
            }
            vm.check_room(n + other.len)?;
            let joined = [vm.str_bytes(a), vm.buffer_bytes(other)].concat();
            vm.new_bytes(&joined)
        }
        Binary::Contains => {
            Ok(Value::bool(find::find(vm.str_bytes(a), vm.buffer_bytes(other)).is_some()))
        }
        _ => Ok(order(op, vm.str_bytes(a), vm.buffer_bytes(other))),
    }
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    let n = vm.str_bytes(v).len();
    if let Some(s) = vm.resolve_slice(index, n)? {
        if s.step != 1 {
            return Err(vm.raise_args(types::NOT_IMPLEMENTED_ERROR, STEP_ERROR));
        }
        return vm.sub_text(Text::Bytes, v, s.start as usize, s.stop.max(s.start) as usize);
    }
    let i = vm.resolve_index(index, n, "bytes")?;
    Ok(Value::int(i64::from(vm.str_bytes(v)[i])))
}
