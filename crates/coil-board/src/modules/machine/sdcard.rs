//! `machine.SDCard`: the card in a slot, as a block device.

use super::params::{Param, any, gpio, int, parse};
use crate::chip::{Chip, wiring};
use crate::modules::esp32::esp_error;
use crate::outside::bus::{SECTOR_BYTES, SdCard};
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Res, Value, Vm};

/// `SDCard`: see the fields below.
pub(crate) static SD_CARD: TypeDef = TypeDef {
    name: "SDCard",
    items: &[
        def("info(self)", |vm, a| {
            let Some(sectors) = ready(vm, a) else {
                return Err(esp_error(vm, ESP_ERR_TIMEOUT));
            };
            let bytes = vm.new_uint(u64::from(sectors) * SECTOR_BYTES as u64)?;
            vm.new_tuple(&[bytes, Value::int(SECTOR_BYTES as i64)])
        }),
        def("deinit(self)", deinit),
        def("__del__(self)", deinit),
        def("readblocks(self, block, buffer)", |vm, a| {
            let n = if ready(vm, a).is_some() {
                vm.buffer_len(vm.arg(a, 2))? / SECTOR_BYTES
            } else {
                return Ok(Value::FALSE);
            };
            let first = vm.expect_int(vm.arg(a, 1))?;
            let mut bytes = alloc::vec![0; n * SECTOR_BYTES];
            let done = each_sector(vm, a, first, n, |card, sector, i| {
                card.read(sector, &mut bytes[i * SECTOR_BYTES..(i + 1) * SECTOR_BYTES])
            });
            vm.buffer_write(vm.arg(a, 2), 0, &bytes)?;
            Ok(Value::int(if done { 0 } else { -EIO }))
        }),
        def("writeblocks(self, block, buffer)", |vm, a| {
            if ready(vm, a).is_none() {
                return Ok(Value::FALSE);
            }
            let bytes = vm.expect_bytes_like(vm.arg(a, 2))?;
            let first = vm.expect_int(vm.arg(a, 1))?;
            let n = bytes.len() / SECTOR_BYTES;
            let done = each_sector(vm, a, first, n, |card, sector, i| {
                card.write(sector, &bytes[i * SECTOR_BYTES..(i + 1) * SECTOR_BYTES])
            });
            Ok(Value::int(if done { 0 } else { -EIO }))
        }),
        def("ioctl(self, op, arg)", ioctl),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

/// Fields: slot, and whether the bus behind it is in use.
const SLOT: usize = 0;
const LIVE: usize = 1;

const PARAMS: [Param; 9] = [
    int("slot", 1).by_name(),
    int("width", 1).by_name(),
    any("cd").by_name(),
    any("wp").by_name(),
    any("miso").by_name(),
    any("mosi").by_name(),
    any("sck").by_name(),
    any("cs").by_name(),
    int("freq", 20_000_000).by_name(),
];

const ESP_ERR_INVALID_ARG: i32 = 0x102;
const ESP_ERR_INVALID_STATE: i32 = 0x103;
const ESP_ERR_TIMEOUT: i32 = 0x107;
const EIO: i64 = 5;

/// The slot with wires of its own; the others use an SPI controller each.
const NATIVE_SLOT: i64 = 1;
/// The last slot.
const LAST_SLOT: i64 = 3;

/// Requests of the block protocol.
const INIT: i64 = 1;
const DEINIT: i64 = 2;
const SYNC: i64 = 3;
const BLOCK_COUNT: i64 = 4;
const BLOCK_SIZE: i64 = 5;

/// The SPI controller behind a slot, as its place.
fn controller(slot: i64) -> Option<usize> {
    match slot {
        2 => Some(1),
        3 => Some(0),
        _ => None,
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    let given = parse(vm, args, 0, &PARAMS)?;
    let slot = given.int(0);
    if !(NATIVE_SLOT..=LAST_SLOT).contains(&slot) {
        return Err(vm.value_error("invalid slot number"));
    }
    let is_given = |i: usize| !given.any(i).is_null() && given.any(i) != Value::NONE;
    if slot == NATIVE_SLOT && (is_given(4) || is_given(5) || is_given(7)) {
        return Err(vm.value_error("invalid config: SDMMC slot with SPI pin arguments"));
    }
    let mut inputs_only = false;
    for i in (2..=7).filter(|i| is_given(*i)) {
        let pin = gpio(vm, given.any(i))?;
        // Of the wires of a bus only the one that the card drives may be an input.
        inputs_only |= (5..=7).contains(&i) && usize::from(pin) >= wiring::FIRST_INPUT_ONLY;
    }
    match controller(slot) {
        Some(at) => {
            let spi = &mut Chip::of(vm).spis[at];
            if spi.live || spi.has_card {
                return Err(esp_error(vm, ESP_ERR_INVALID_STATE));
            }
            if inputs_only {
                return Err(esp_error(vm, ESP_ERR_INVALID_ARG));
            }
            spi.has_card = true;
        }
        None if ![1, 4].contains(&given.int(1)) => {
            return Err(vm.value_error("width must be 1 or 4 (or 8 on slot 0)"));
        }
        None => {}
    }
    let card = vm.new_native(&SD_CARD, &[Value::int(slot), Value::TRUE])?;
    vm.heap.add_finaliser(card.as_ref().expect("a card is an object"));
    Ok(card)
}

/// The object itself where a program has a class of its own for it.
fn this(vm: &Vm, a: Args) -> Value {
    let v = vm.arg(a, 0);
    vm.as_native(v, &SD_CARD).unwrap_or(v)
}

fn deinit(vm: &mut Vm, a: Args) -> Res {
    let this = this(vm, a);
    if vm.native_field(this, LIVE) == Value::TRUE {
        vm.set_native_field(this, LIVE, Value::FALSE);
        if let Some(at) = controller(vm.native_int(this, SLOT)) {
            Chip::of(vm).spis[at].has_card = false;
        }
    }
    Ok(Value::NONE)
}

/// The card in the slot, if there is one.
fn card(vm: &mut Vm, a: Args) -> Option<&mut dyn SdCard> {
    let this = this(vm, a);
    let live = vm.native_field(this, LIVE) == Value::TRUE;
    let slot = vm.native_int(this, SLOT) as u8;
    if live { Chip::of(vm).wires.card(slot) } else { None }
}

/// How many sectors the card has, if there is one.
fn ready(vm: &mut Vm, a: Args) -> Option<u32> {
    card(vm, a).map(|card| card.sectors())
}

/// Does something with so many sectors from a first one on; whether all of that worked.
fn each_sector(
    vm: &mut Vm,
    a: Args,
    first: i64,
    n: usize,
    mut each: impl FnMut(&mut dyn SdCard, u32, usize) -> bool,
) -> bool {
    let Some(card) = card(vm, a) else { return false };
    (0..n).all(|i| {
        let sector = first.checked_add(i as i64).and_then(|s| u32::try_from(s).ok());
        sector.is_some_and(|s| s < card.sectors() && each(card, s, i))
    })
}

fn ioctl(vm: &mut Vm, a: Args) -> Res {
    let op = vm.expect_int(vm.arg(a, 1))?;
    let sectors = ready(vm, a).map(i64::from);
    let answer = match op {
        INIT => sectors.map(|_| 0),
        DEINIT | SYNC => Some(0),
        BLOCK_COUNT => sectors,
        BLOCK_SIZE => sectors.map(|_| SECTOR_BYTES as i64),
        _ => None,
    };
    Ok(Value::int(answer.unwrap_or(-1)))
}
