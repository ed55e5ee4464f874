//! `uctypes`: structures in memory.
//!
//! Addresses are those of [`coil_vm::memory`]; a structure is looked up there at each access.

use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Access, Args, Item, ModuleDef, TypeDef, Unary, def};
use coil_vm::{Qstr, Raised, Res, Value, Vm, kinds, types};

const LITTLE: i64 = 0;
const BIG: i64 = 1;
const NATIVE: i64 = 2;

/// A scalar type as it stands in a descriptor.
const fn scalar(n: u32) -> i64 {
    ((n << 28) as i32 >> 1) as i64
}

/// A kind of aggregate as it stands in a descriptor.
const fn aggregate(n: u32) -> i64 {
    ((n << 30) as i32 >> 1) as i64
}

const PTR: i64 = 1;
const ARRAY: i64 = 2;

macro_rules! scalars {
    ($($name:literal $n:literal)*) => {
        /// `uctypes`
        pub static MODULE: ModuleDef = ModuleDef {
            name: "uctypes",
            items: &[
                Item::Type("struct", &STRUCT),
                def("sizeof(x, layout=)", sizeof),
                def("addressof(x)", |vm, a| {
                    let address = address_of(vm, vm.arg(a, 0))?;
                    Ok(Value::int(i64::from(address)))
                }),
                def("bytes_at(address, size)", |vm, a| {
                    let (address, size) = place(vm, a)?;
                    let bytes = read(vm, address, size)?;
                    vm.new_bytes(&bytes)
                }),
                def("bytearray_at(address, size)", |vm, a| {
                    let (address, size) = place(vm, a)?;
                    vm.memory_view(address, size)
                }),
                Item::Int("NATIVE", NATIVE),
                Item::Int("LITTLE_ENDIAN", LITTLE),
                Item::Int("BIG_ENDIAN", BIG),
                $(Item::Int($name, scalar($n)),)*
                Item::Int("BF_POS", 17),
                Item::Int("BF_LEN", 22),
                Item::Int("PTR", aggregate(1)),
                Item::Int("ARRAY", aggregate(2)),
            ],
            attr: None,
        };
    };
}

scalars! {
    "VOID" 0 "UINT8" 0 "INT8" 1 "UINT16" 2 "INT16" 3 "UINT32" 4 "INT32" 5 "UINT64" 6 "INT64" 7 "BFUINT8" 8 "BFINT8" 9
    "BFUINT16" 10 "BFINT16" 11 "BFUINT32" 12 "BFINT32" 13 "FLOAT32" 14 "FLOAT64" 15 "SHORT" 3 "USHORT" 2 "INT" 5
    "UINT" 4 "LONG" 5 "ULONG" 4 "LONGLONG" 7 "ULONGLONG" 6
}

/// Fields: address, descriptor, layout, and a view of the memory or `None`.
static STRUCT: TypeDef = TypeDef {
    name: "struct",
    new: Some(|vm, _, a| {
        vm.check_args(a, 2, 3)?;
        let address = i64::from(expect_address(vm, vm.arg(a, 0))?);
        let layout =
            if a.n > 2 { vm.expect_int(vm.arg(a, 2))?.clamp(LITTLE, NATIVE) } else { NATIVE };
        new_struct(vm, address, vm.arg(a, 1), layout)
    }),
    print: Some(|vm, v, out, _| {
        let desc = vm.native_field(v, 1);
        let kind = match (vm.as_dict(desc).is_some(), vm.as_tuple(desc)) {
            (true, _) => "STRUCT",
            (_, Some(_)) => match aggregate_of(vm, desc) {
                PTR => "PTR",
                ARRAY => "ARRAY",
                _ => "unk",
            },
            _ => "ERROR",
        };
        out.extend_from_slice(format!("<struct {kind} {:x}>", vm.native_int(v, 0)).as_bytes());
        Ok(())
    }),
    attr: Some(attr),
    subscr: Some(subscr),
    unary: Some(|vm, op, v| {
        if op == Unary::Hash {
            return Err(vm.type_error("unsupported type for __hash__: 'struct'"));
        }
        let desc = vm.native_field(v, 1);
        if op == Unary::Int && vm.as_tuple(desc).is_some() && aggregate_of(vm, desc) == PTR {
            let p = pointer(vm, v)?;
            return Ok(Value::int(p));
        }
        Ok(Value::NULL)
    }),
    buffer: Some(|vm, v| match vm.native_field(v, 3) {
        Value::NONE => Value::NULL,
        view => view,
    }),
    ..TypeDef::EMPTY
};

fn address_of(vm: &mut Vm, v: Value) -> Result<u32, Raised> {
    if vm.as_native(v, &STRUCT).is_some() {
        return Ok(vm.native_int(v, 0) as u32);
    }
    match vm.address_of(v) {
        Some(address) => Ok(address),
        None => Err(vm.type_error("object with buffer protocol required")),
    }
}

/// Bytes of a program, or else what the chip has there, in words where they are whole.
fn read(vm: &mut Vm, address: u32, n: usize) -> Result<Vec<u8>, Raised> {
    if let Some(bytes) = vm.memory_read(address, n) {
        return Ok(bytes);
    }
    let mut bytes = Vec::new();
    while bytes.len() < n {
        let (at, left) = (address.wrapping_add(bytes.len() as u32), n - bytes.len());
        let size = match left {
            4.. if at.is_multiple_of(4) => 4,
            2.. if at.is_multiple_of(2) => 2,
            _ => 1,
        };
        let word = vm.load(at, size)?;
        bytes.extend_from_slice(&word.to_le_bytes()[..size as usize]);
    }
    Ok(bytes)
}

fn expect_address(vm: &mut Vm, v: Value) -> Result<u32, Raised> {
    if !crate::args::is_int(vm, v) {
        vm.expect_int(v)?;
    }
    Ok(vm.int_low_bits(v) as u32)
}

/// An address and a size.
fn place(vm: &mut Vm, args: Args) -> Result<(u32, usize), Raised> {
    let address = expect_address(vm, vm.arg(args, 0))?;
    let size = vm.expect_int(vm.arg(args, 1))?;
    Ok((address, usize::try_from(size).unwrap_or(0)))
}

fn new_struct(vm: &mut Vm, address: i64, desc: Value, layout: i64) -> Res {
    let view = match size_of(vm, desc, layout) {
        Ok((size, _)) => vm.memory_view(address as u32, usize::try_from(size).unwrap_or(0))?,
        // It is told when a field is used.
        Err(Raised) => Value::NONE,
    };
    vm.new_native(&STRUCT, &[Value::int(address), desc, Value::int(layout), view])
}

fn syntax_error(vm: &mut Vm) -> Raised {
    vm.type_error("syntax error in uctypes descriptor")
}

/// An int in a tuple of a descriptor.
fn number(vm: &Vm, desc: Value, i: usize) -> i64 {
    vm.tuple_item(desc, i).as_int().unwrap_or(0)
}

fn aggregate_of(vm: &Vm, desc: Value) -> i64 {
    number(vm, desc, 0) >> 29 & 3
}

/// Type and offset (or count) of a scalar in a descriptor.
fn scalar_parts(n: i64) -> (i64, i64) {
    (n >> 27 & 15, n & ((1 << 27) - 1))
}

fn scalar_size(kind: i64) -> i64 {
    if kind == 14 { 4 } else { 1 << ((kind & 7) >> 1) }
}

fn is_bits(kind: i64) -> bool {
    (8..14).contains(&kind)
}

/// Size of what a descriptor describes, and of its largest scalar.
fn size_of(vm: &mut Vm, desc: Value, layout: i64) -> Result<(i64, i64), Raised> {
    vm.enter_native()?;
    let done = size_inner(vm, desc, layout);
    vm.leave_native();
    done
}

fn size_inner(vm: &mut Vm, desc: Value, layout: i64) -> Result<(i64, i64), Raised> {
    if vm.as_tuple(desc).is_some() {
        return aggregate_size(vm, desc, layout);
    }
    if desc.is_int() {
        return Err(vm.type_error("can't unambiguously get sizeof scalar"));
    }
    if vm.as_dict(desc).is_none() {
        return Err(syntax_error(vm));
    }
    let (mut total, mut largest) = (0i64, 0i64);
    for (_, field) in vm.dict_entries(desc) {
        let (offset, size, widest) = if let Some(n) = field.as_int() {
            let (kind, mut offset) = scalar_parts(n);
            if is_bits(kind) {
                offset &= (1 << 17) - 1;
            }
            (offset, scalar_size(kind), scalar_size(kind))
        } else if vm.as_tuple(field).is_some() {
            let (size, widest) = aggregate_size(vm, field, layout)?;
            (number(vm, field, 0) & ((1 << 29) - 1), size, widest)
        } else {
            return Err(syntax_error(vm));
        };
        largest = largest.max(widest);
        total = total.max(offset.saturating_add(size));
    }
    if layout == NATIVE && largest > 0 {
        total = total.saturating_add(largest - 1) / largest * largest;
    }
    Ok((total, largest))
}

fn aggregate_size(vm: &mut Vm, desc: Value, layout: i64) -> Result<(i64, i64), Raised> {
    let n = vm.as_tuple(desc).map_or(0, |t| t.2);
    match (aggregate_of(vm, desc), n) {
        (0, 2) => size_of(vm, vm.tuple_item(desc, 1), layout),
        (PTR, 2) => Ok((4, 4)),
        (ARRAY, 2 | 3) => {
            let (kind, count) = scalar_parts(number(vm, desc, 1));
            let (size, widest) = if n == 2 {
                (scalar_size(kind), scalar_size(kind))
            } else {
                size_of(vm, vm.tuple_item(desc, 2), layout)?
            };
            Ok((size.saturating_mul(count), widest))
        }
        _ => Err(syntax_error(vm)),
    }
}

fn sizeof(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    // A field that is an array of bytes is seen as a view.
    if vm.type_of(v) == types::BYTEARRAY.into() || vm.as_ref_kind(v, kinds::MEMORYVIEW).is_some() {
        return vm.unary(Unary::Len, v);
    }
    let (mut desc, mut layout) = (v, NATIVE);
    if vm.as_native(v, &STRUCT).is_some() {
        if args.n > 1 {
            return Err(vm.raise_value(types::TYPE_ERROR, Value::NULL));
        }
        (desc, layout) = (vm.native_field(v, 1), vm.native_int(v, 2));
    } else if args.n > 1 {
        layout = vm.expect_int(vm.arg(args, 1))?;
    }
    let (size, _) = size_of(vm, desc, layout)?;
    vm.new_int(size)
}

fn order(layout: i64) -> u8 {
    if layout == BIG { b'>' } else { b'<' }
}

/// The letter of `struct` for a scalar type.
fn letter(kind: i64) -> u8 {
    b"BbHhIiQqBbHhIifd"[(kind & 15) as usize]
}

/// Reads a scalar, or replaces it.
fn access_scalar(vm: &mut Vm, address: i64, kind: i64, layout: i64, access: Access) -> Res {
    let (address, size) = (address as u32, scalar_size(kind) as usize);
    match access {
        Access::Store(x) => {
            let mut bytes = alloc::vec![0; size];
            crate::structs::encode(vm, order(layout), letter(kind), x, &mut bytes)?;
            let half = size.min(4);
            for (i, part) in bytes.chunks(half).enumerate() {
                let word = part.iter().rev().fold(0, |word, b| word << 8 | u32::from(*b));
                vm.store(address.wrapping_add((i * half) as u32), half as u32, word)?;
            }
            Ok(x)
        }
        _ => {
            let bytes = read(vm, address, size)?;
            crate::structs::decode(vm, order(layout), letter(kind), &bytes)
        }
    }
}

/// Reads some bits of a scalar, or replaces them.
fn access_bits(
    vm: &mut Vm,
    address: i64,
    kind: i64,
    field: i64,
    layout: i64,
    access: Access,
) -> Res {
    let address = address + (field & ((1 << 17) - 1));
    let (shift, width) = ((field >> 17 & 31) as u32, (field >> 22 & 31) as u32);
    let whole = access_scalar(vm, address, kind & 6, layout, Access::Load)?;
    let whole = vm.int_low_bits(whole) as u64;
    let mask = (1u64 << width) - 1;
    match access {
        Access::Store(x) => {
            let bits = vm.expect_long(x)? as u64 & mask;
            let new = whole & !(mask << shift) | bits << shift;
            let new = vm.new_int(i64::from(new as u32))?;
            access_scalar(vm, address, kind & 6, layout, Access::Store(new))?;
            Ok(x)
        }
        _ => Ok(Value::int((whole >> shift & mask) as i64)),
    }
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if access == Access::Delete {
        // The reference looks at the field and leaves it.
        let found = attr(vm, v, name, Access::Load)?;
        return Ok(if found.is_null() { found } else { Value::NONE });
    }
    let (address, desc, layout) = (vm.native_int(v, 0), vm.native_field(v, 1), vm.native_int(v, 2));
    let Some(map) = vm.as_dict(desc) else {
        // `__class__` and its like are not fields.
        if vm.names.get(name).starts_with(b"__") {
            return Ok(Value::NULL);
        }
        return Err(vm.type_error("struct: no fields"));
    };
    let Some(field) = map.get_qstr(vm, name) else {
        if vm.names.get(name).starts_with(b"__") {
            return Ok(Value::NULL);
        }
        return Err(vm.key_error(name.into()));
    };
    if let Some(n) = field.as_int() {
        let (kind, offset) = scalar_parts(n);
        return if is_bits(kind) {
            access_bits(vm, address, kind, offset, layout, access)
        } else {
            access_scalar(vm, address + offset, kind, layout, access)
        };
    }
    if vm.as_tuple(field).is_none() || access != Access::Load {
        return Err(syntax_error(vm));
    }
    let address = address + (number(vm, field, 0) & ((1 << 29) - 1));
    match aggregate_of(vm, field) {
        0 => new_struct(vm, address, vm.tuple_item(field, 1), layout),
        ARRAY
            if vm.as_tuple(field).is_some_and(|t| t.2 == 2)
                && scalar_parts(number(vm, field, 1)).0 == 0 =>
        {
            let (size, _) = aggregate_size(vm, field, layout)?;
            vm.memory_view(address as u32, usize::try_from(size).unwrap_or(0))
        }
        _ => new_struct(vm, address, field, layout),
    }
}

/// The address that a pointer holds.
fn pointer(vm: &mut Vm, v: Value) -> Result<i64, Raised> {
    let p = access_scalar(vm, vm.native_int(v, 0), 4, LITTLE, Access::Load)?;
    Ok(vm.int_low_bits(p))
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let (address, desc, layout) = (vm.native_int(v, 0), vm.native_field(v, 1), vm.native_int(v, 2));
    let Some((_, _, n)) = vm.as_tuple(desc) else {
        return Err(vm.type_error("struct: can't index"));
    };
    let i = vm.expect_int(index)?;
    if aggregate_of(vm, desc) == ARRAY {
        let (kind, count) = scalar_parts(number(vm, desc, 1));
        if !(0..count).contains(&i) {
            return Err(vm.raise_args(types::INDEX_ERROR, "struct: index out of range"));
        }
        if n == 2 {
            return access_scalar(vm, address + i * scalar_size(kind), kind, layout, access);
        }
        if access != Access::Load {
            return Ok(Value::NULL);
        }
        let item = vm.tuple_item(desc, 2);
        let (size, _) = size_of(vm, item, layout)?;
        return new_struct(vm, address.saturating_add(size.saturating_mul(i)), item, layout);
    }
    let target = vm.tuple_item(desc, 1);
    let p = pointer(vm, v)?;
    if let Some(kind) = target.as_int() {
        let (kind, _) = scalar_parts(kind);
        return access_scalar(vm, p + i * scalar_size(kind), kind, NATIVE, access);
    }
    let (size, _) = size_of(vm, target, layout)?;
    new_struct(vm, p.saturating_add(size.saturating_mul(i)), target, layout)
}
