//! `memoryview`: part of another object's buffer.

use crate::kinds::{self, memoryview as view};
use crate::objects::array::{self, WRITABLE, assigned_bytes, item, item_size};
use crate::objects::str::{STEP_ERROR, encoding};
use crate::qstr::Qstr;
use crate::rom::{Access, Args, TypeDef, Unary, def};
use crate::types;
use crate::vm::{Res, Vm};
use coil_heap::Value;

/// `memoryview`
pub static MEMORYVIEW: TypeDef = TypeDef {
    name: "memoryview",
    items: &[def("hex(self, sep=)", encoding::hex)],
    new: Some(new),
    unary: Some(|vm, op, v| match op {
        Unary::Hash => Err(vm.type_error("unsupported type for __hash__: 'memoryview'")),
        _ => array::unary(vm, op, v),
    }),
    binary: Some(array::binary),
    attr: Some(attr),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// The first item of a view is not further into its object: the chip has 24 bits for it.
const OFFSET_MAX: i64 = 0xff_ffff;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 1)?;
    let v = vm.arg(args, 0);
    let b = vm.expect_buffer(v)?;
    let items = Value::int(array::items(vm, v) as i64);
    let mut fields = [v, Value::int(0), items, Value::int(0), Value::NULL];
    if let Some(r) = vm.as_ref_kind(v, kinds::MEMORYVIEW) {
        // A view of a view looks into the same object.
        fields[view::OBJECT] = vm.heap.get(r, view::OBJECT);
        fields[view::START] = vm.heap.get(r, view::START);
        fields[view::KEEP] = vm.heap.get(r, view::KEEP);
    }
    let writable = if b.writable { WRITABLE } else { 0 };
    fields[view::CODE] = Value::int((usize::from(b.code) | writable) as i64);
    make(vm, fields)
}

fn make(vm: &mut Vm, fields: [Value; view::LEN as usize]) -> Res {
    let mark = vm.mark();
    vm.root(fields[view::OBJECT]);
    vm.root(fields[view::KEEP]);
    let r = vm.alloc_values(kinds::MEMORYVIEW, view::LEN)?;
    for (i, v) in fields.into_iter().enumerate() {
        vm.heap.set(r, i, v);
    }
    vm.release_but(mark, r.into());
    Ok(r.into())
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if access != Access::Load || vm.names.get(name) != b"itemsize" {
        return Ok(Value::NULL);
    }
    let size = vm.buffer(v).map_or(1, |b| item_size(b.code));
    Ok(Value::int(size as i64))
}

pub(crate) fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    let (Some(r), Some(b)) = (vm.as_ref_kind(v, kinds::MEMORYVIEW), vm.buffer(v)) else {
        return Ok(Value::NULL);
    };
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let size = item_size(b.code);
    let n = array::items(vm, v);
    if let Some(s) = vm.resolve_slice(index, n)? {
        if s.step != 1 {
            return Err(vm.raise_args(types::NOT_IMPLEMENTED_ERROR, STEP_ERROR));
        }
        let (start, len) = (s.start, (s.stop - s.start).max(0));
        if let Access::Store(value) = access {
            let bytes = assigned_bytes(vm, size, value)?;
            if !b.writable {
                return Ok(Value::NULL);
            }
            if bytes.len() != len as usize * size {
                return Err(vm.value_error("lhs and rhs should be compatible"));
            }
            vm.buffer_write(v, start as usize * size, &bytes)?;
            return Ok(Value::NONE);
        }
        if vm.heap.header(r).flags() != 0 {
            // A slice of memory seen as a bytearray is a bytearray of its own.
            let end = (start + len) as usize;
            let part = vm.buffer_bytes(b).get(start as usize..end).unwrap_or_default().to_vec();
            return vm.new_bytearray(&part);
        }
        let mut fields = core::array::from_fn(|i| vm.heap.get(r, i));
        let start = fields[view::START].int_unchecked() + start;
        if start > OFFSET_MAX {
            return Err(vm.raise_args(types::OVERFLOW_ERROR, "memoryview offset too large"));
        }
        fields[view::START] = Value::int(start);
        fields[view::LEN_ITEMS] = Value::int(len);
        return make(vm, fields);
    }
    let what = if vm.heap.header(r).flags() != 0 { "bytearray" } else { "memoryview" };
    let i = vm.resolve_index(index, n, what)?;
    let Access::Store(value) = access else { return item::decode(vm, b, i) };
    if !b.writable {
        return Ok(Value::NULL);
    }
    let bytes = item::encode(vm, b.code, value)?;
    if vm.buffer(v).is_some_and(|now| (i + 1) * size <= now.len) {
        vm.buffer_write(v, i * size, &bytes[..size])?;
    }
    Ok(Value::NONE)
}
