//! Values as JSON. What JSON has no form for is printed as Python would.

use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::PrintKind;
use coil_vm::{Raised, Value, Vm, kinds, names};

/// What stands between items, and between key and value.
#[derive(Debug)]
pub(super) struct Separators {
    pub(super) item: Vec<u8>,
    pub(super) key: Vec<u8>,
}

impl Default for Separators {
    fn default() -> Self {
        Self { item: b", ".to_vec(), key: b": ".to_vec() }
    }
}

/// Longer text is not made: no board could hold it.
const MAX: usize = 1 << 26;

/// Appends the JSON of a value.
pub(super) fn dump(
    vm: &mut Vm,
    v: Value,
    sep: &Separators,
    out: &mut Vec<u8>,
) -> Result<(), Raised> {
    if out.len() > MAX {
        return Err(vm.raise_args(coil_vm::types::MEMORY_ERROR, "memory allocation failed"));
    }
    vm.enter_native()?;
    let done = dump_inner(vm, v, sep, out);
    vm.leave_native();
    done
}

fn dump_inner(vm: &mut Vm, v: Value, sep: &Separators, out: &mut Vec<u8>) -> Result<(), Raised> {
    match v {
        Value::NONE => out.extend_from_slice(b"null"),
        Value::TRUE => out.extend_from_slice(b"true"),
        Value::FALSE => out.extend_from_slice(b"false"),
        _ if v.as_qstr().is_some() => quote(vm.str_bytes(v), out),
        _ => match v.as_ref().map(|r| (r, vm.heap.kind(r))) {
            Some((_, kinds::STR | kinds::BYTES)) => quote(vm.str_bytes(v), out),
            Some((_, kinds::DICT)) => return dump_dict(vm, v, sep, out),
            Some((r, kinds::LIST)) => {
                out.push(b'[');
                let mut i = 0;
                while i < vm.list_len(r) {
                    if i > 0 {
                        out.extend_from_slice(&sep.item);
                    }
                    let item = vm.list_item(r, i);
                    dump(vm, item, sep, out)?;
                    i += 1;
                }
                out.push(b']');
            }
            Some((r, kinds::TUPLE)) => {
                out.push(b'[');
                for i in 0..vm.heap.len(r) {
                    if i > 0 {
                        out.extend_from_slice(&sep.item);
                    }
                    let item = vm.heap.get(r, i);
                    dump(vm, item, sep, out)?;
                }
                out.push(b']');
            }
            Some((r, kinds::INSTANCE)) => {
                let class = vm.heap.get(r, kinds::instance::CLASS);
                let native = vm.heap.get(r, kinds::instance::NATIVE);
                if native.is_null() || vm.class_lookup(class, names::repr).is_some() {
                    return vm.print(v, out, PrintKind::Repr);
                }
                return dump(vm, native, sep, out);
            }
            _ => return vm.print(v, out, PrintKind::Repr),
        },
    }
    Ok(())
}

fn dump_dict(vm: &mut Vm, v: Value, sep: &Separators, out: &mut Vec<u8>) -> Result<(), Raised> {
    let Some(map) = vm.as_dict(v) else { return Ok(()) };
    out.push(b'{');
    let (mut at, mut first) = (0, true);
    while let Some(slot) = map.next_slot(vm, at) {
        if !first {
            out.extend_from_slice(&sep.item);
        }
        first = false;
        let (k, x) = (map.key(vm, slot), map.value(vm, slot));
        let quoted = vm.is_str(k) || vm.as_ref_kind(k, kinds::BYTES).is_some();
        if !quoted {
            out.push(b'"');
        }
        dump(vm, k, sep, out)?;
        if !quoted {
            out.push(b'"');
        }
        out.extend_from_slice(&sep.key);
        dump(vm, x, sep, out)?;
        at = slot + 1;
    }
    out.push(b'}');
    Ok(())
}

fn quote(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &c in text {
        match c {
            b'"' | b'\\' => out.extend([b'\\', c]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            32.. => out.push(c),
            _ => out.extend_from_slice(format!("\\u{c:04x}").as_bytes()),
        }
    }
    out.push(b'"');
}
