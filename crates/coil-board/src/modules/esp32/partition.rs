//! `esp32.Partition`: a partition of the flash as a block device, and the choice of what starts.

use super::{check, esp_error};
use crate::chip::Chip;
use crate::flash::{self, Partition, Region, SECTOR, SUBTYPE_ANY, TYPE_APP, TYPE_DATA, ota};
use alloc::format;
use alloc::vec;
use coil_vm::rom::{Args, Convention, Def, Item, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `Partition`: see the fields below.
pub(crate) static PARTITION: TypeDef = TypeDef {
    name: "Partition",
    items: &[
        Item::Static(Def {
            signature: "find(type=, subtype=, label=, block_size=)",
            f: find,
            convention: Convention::Named,
        }),
        def("info(self)", info),
        def("readblocks(self, block, buffer, offset=)", read_blocks),
        def("writeblocks(self, block, buffer, offset=)", write_blocks),
        def("ioctl(self, op, arg)", ioctl),
        def("set_boot(self)", |vm, a| {
            let p = partition(vm, vm.arg(a, 0))?;
            let done = ota::set_boot(Chip::of(vm), &p);
            check(vm, done)?;
            Ok(Value::NONE)
        }),
        Item::Class(Def {
            signature: "mark_app_valid_cancel_rollback(cls)",
            f: |vm, _| {
                let done = ota::confirm(Chip::of(vm));
                check(vm, done)?;
                Ok(Value::NONE)
            },
            convention: Convention::Plain,
        }),
        def("get_next_update(self)", |vm, a| {
            let p = partition(vm, vm.arg(a, 0))?;
            let next = ota::next_slot(Chip::of(vm), &p);
            make(vm, next.as_ref(), i64::from(SECTOR))
        }),
        Item::Int("BOOT", BOOT),
        Item::Int("RUNNING", RUNNING),
        Item::Int("TYPE_APP", TYPE_APP as i64),
        Item::Int("TYPE_DATA", TYPE_DATA as i64),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let p = partition(vm, v)?;
        let text = format!(
            "<Partition type={}, subtype={}, address={}, size={}, label={}, encrypted={}>",
            p.kind,
            p.subtype,
            p.offset,
            p.size,
            p.label,
            u8::from(p.encrypted)
        );
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

const BOOT: i64 = 0;
const RUNNING: i64 = 1;

/// Fields: first byte, bytes, type, subtype, encrypted, label, bytes of a block.
const OFFSET: usize = 0;
const SIZE: usize = 1;
const KIND: usize = 2;
const SUBTYPE: usize = 3;
const ENCRYPTED: usize = 4;
const LABEL: usize = 5;
const BLOCK: usize = 6;

const ENOENT: i64 = 2;
/// A place outside, and more than there is, in the ESP-IDF's words.
const INVALID_ARG: i32 = 0x102;
const INVALID_SIZE: i32 = 0x104;

/// Makes the object of a partition; OSError if there is none.
pub(crate) fn make(vm: &mut Vm, p: Option<&Partition>, block: i64) -> Res {
    let Some(p) = p else { return Err(vm.os_error(ENOENT)) };
    let label = vm.new_str(p.label.as_bytes())?;
    let numbers = [p.offset, p.size, u32::from(p.kind), u32::from(p.subtype)];
    let [a, b, c, d] = numbers.map(|n| Value::int(i64::from(n)));
    vm.new_native(
        &PARTITION,
        &[a, b, c, d, Value::bool(p.encrypted), label, Value::int(block & 0xffff)],
    )
}

/// The partition that an object stands for.
fn partition(vm: &mut Vm, v: Value) -> Result<Partition, Raised> {
    let Some(this) = vm.as_native(v, &PARTITION) else {
        return Err(vm.type_error("expecting a partition"));
    };
    let label = vm.expect_string(vm.native_field(this, LABEL))?;
    Ok(Partition {
        label,
        kind: vm.native_int(this, KIND) as u8,
        subtype: vm.native_int(this, SUBTYPE) as u8,
        offset: vm.native_int(this, OFFSET) as u32,
        size: vm.native_int(this, SIZE) as u32,
        encrypted: vm.native_field(this, ENCRYPTED) == Value::TRUE,
    })
}

/// The bytes of the flash behind an object that is a partition, and nothing more than that.
pub(crate) fn region(vm: &Vm, v: Value) -> Option<Region> {
    (vm.type_of(v) == vm.type_value(&PARTITION)).then(|| Region {
        start: vm.native_int(v, OFFSET) as u32,
        size: vm.native_int(v, SIZE) as u32,
    })
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 2)?;
    let which = vm.arg(args, 0);
    let found = match which.as_int() {
        Some(BOOT) => ota::boot_partition(Chip::of(vm)),
        Some(RUNNING) => Chip::of(vm).running.clone(),
        Some(_) => return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL)),
        None => {
            let label = vm.expect_string(which)?;
            let mut all = flash::partitions(Chip::of(vm));
            all.sort_by_key(|p| p.kind);
            all.into_iter().find(|p| p.label == label)
        }
    };
    let block = if args.n > 1 { vm.expect_int(vm.arg(args, 1))? } else { i64::from(SECTOR) };
    make(vm, found.as_ref(), block)
}

fn find(vm: &mut Vm, args: Args) -> Res {
    let mut numbers = [i64::from(TYPE_APP), i64::from(SUBTYPE_ANY), i64::from(SECTOR)];
    for (n, i) in numbers.iter_mut().zip([0, 1, 3]) {
        let v = vm.arg(args, i);
        if !v.is_null() {
            *n = vm.expect_int(v)?;
        }
    }
    let [kind, subtype, block] = numbers;
    let label = match vm.arg(args, 2) {
        Value::NULL | Value::NONE => None,
        v => Some(vm.expect_string(v)?),
    };
    let list = vm.new_list(&[])?;
    for p in flash::partitions(Chip::of(vm)) {
        let fits = i64::from(p.kind) == kind
            && (subtype == i64::from(SUBTYPE_ANY) || i64::from(p.subtype) == subtype)
            && label.as_ref().is_none_or(|l| *l == p.label);
        if fits {
            let object = make(vm, Some(&p), block)?;
            vm.list_append(list.as_ref().expect("a list is an object"), object)?;
        }
    }
    Ok(list)
}

fn info(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let fields = [KIND, SUBTYPE, OFFSET, SIZE, LABEL, ENCRYPTED].map(|i| vm.native_field(this, i));
    vm.new_tuple(&fields)
}

/// The region, where in it an access starts, and the bytes of a block.
fn place(vm: &mut Vm, args: Args) -> Result<(Region, u32, u32), Raised> {
    let this = vm.arg(args, 0);
    let block = vm.native_int(this, BLOCK);
    let mut at = vm.expect_int(vm.arg(args, 1))?.wrapping_mul(block);
    if args.n > 3 {
        at = at.wrapping_add(vm.expect_int(vm.arg(args, 3))?);
    }
    let region = Region {
        start: vm.native_int(this, OFFSET) as u32,
        size: vm.native_int(this, SIZE) as u32,
    };
    match u32::try_from(at) {
        Ok(at) if at <= region.size => Ok((region, at, block as u32)),
        _ => Err(esp_error(vm, INVALID_ARG)),
    }
}

fn done(vm: &mut Vm, code: i32) -> Res {
    if code == 0 { Ok(Value::NONE) } else { Err(esp_error(vm, INVALID_SIZE)) }
}

fn read_blocks(vm: &mut Vm, args: Args) -> Res {
    let (region, at, _) = place(vm, args)?;
    let buffer = vm.arg(args, 2);
    let mut bytes = vec![0; vm.buffer_len(buffer)?.min(region.size as usize + 1)];
    let code = region.read(Chip::of(vm), at, &mut bytes);
    done(vm, code)?;
    vm.buffer_write(buffer, 0, &bytes)?;
    Ok(Value::NONE)
}

fn write_blocks(vm: &mut Vm, args: Args) -> Res {
    let (region, at, block) = place(vm, args)?;
    let bytes = vm.expect_bytes_like(vm.arg(args, 2))?;
    let chip = Chip::of(vm);
    let code = if args.n > 3 {
        // Whoever says where in the block has erased it.
        region.program(chip, at, &bytes)
    } else if block >= SECTOR {
        match region.erase(chip, at, bytes.len() as u32) {
            0 => region.program(chip, at, &bytes),
            failed => failed,
        }
    } else {
        region.replace(chip, at, &bytes)
    };
    done(vm, code)
}

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let (size, block) = (vm.native_int(this, SIZE), vm.native_int(this, BLOCK));
    let answer = match vm.expect_int(vm.arg(args, 1))? {
        1..=3 => 0,
        4 => size.checked_div(block).unwrap_or(0),
        5 => block,
        6 if block != i64::from(SECTOR) => -22,
        6 => {
            let n = vm.expect_int(vm.arg(args, 2))?;
            let Some(region) = region(vm, this) else { return Ok(Value::NONE) };
            let at = u32::try_from(n.wrapping_mul(block)).unwrap_or(u32::MAX);
            let code = region.erase(Chip::of(vm), at, SECTOR);
            done(vm, code)?;
            0
        }
        _ => return Ok(Value::NONE),
    };
    Ok(Value::int(answer))
}
