//! `machine.mem8`, `mem16` and `mem32`: the chip's address space.
//!
//! What can be reached are the bytes of a program's objects, and what the chip has elsewhere
//! (`chip/memory.rs`).

use coil_vm::rom::{Access, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `mem8` and its kin: field 0 is the bytes of an item.
pub(super) static MEM: TypeDef = TypeDef {
    name: "mem",
    print: Some(|vm, v, out, _| {
        let text = alloc::format!("<{}-bit memory>", 8 * vm.native_int(v, 0));
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    subscr: Some(subscr),
    ..TypeDef::EMPTY
};

/// The objects, once they were asked for: their pinned places.
#[derive(Default)]
struct Objects([Option<usize>; 3]);

/// `machine.mem8`, `machine.mem16`, `machine.mem32`; null for another name.
pub(super) fn object(vm: &mut Vm, name: &[u8]) -> Res {
    let at = match name {
        b"mem8" => 0,
        b"mem16" => 1,
        b"mem32" => 2,
        _ => return Ok(Value::NULL),
    };
    if let Some(place) = vm.state::<Objects>().0[at] {
        return Ok(vm.pinned(place));
    }
    let object = vm.new_native(&MEM, &[Value::int(1 << at)])?;
    let place = vm.pin(object);
    vm.state::<Objects>().0[at] = Some(place);
    Ok(object)
}

/// The low 32 bits of an int.
fn word(vm: &mut Vm, v: Value) -> Result<u32, Raised> {
    if vm.is_int(v) { Ok(vm.int_low_bits(v) as u32) } else { Ok(vm.expect_int(v)? as u32) }
}

fn subscr(vm: &mut Vm, this: Value, index: Value, access: Access) -> Res {
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let (size, address) = (vm.native_int(this, 0) as u32, word(vm, index)?);
    if !address.is_multiple_of(size) {
        return Err(vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!("address {address:08x} is not aligned to {size} bytes"),
        ));
    }
    match access {
        Access::Store(v) => {
            let v = word(vm, v)?;
            vm.store(address, size, v)?;
            Ok(Value::NONE)
        }
        _ => {
            let n = vm.load(address, size)?;
            vm.new_uint(u64::from(n))
        }
    }
}
