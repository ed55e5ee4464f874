//! `esp`: the flash chip as a whole, and logging.

use crate::chip::Chip;
use crate::outside::FlashError;
use alloc::vec;
use coil_vm::rom::{Args, Item, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `esp`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "esp",
    items: &[
        // The firmware has no lines of a higher level than INFO in it.
        def("osdebug(uart, level=)", |vm, a| {
            let mut level = INFO;
            if a.n > 1 {
                level = vm.expect_int(vm.arg(a, 1))?;
            }
            let off = vm.arg(a, 0) == Value::NONE;
            Chip::of(vm).log.level = if off { ERROR } else { level };
            Ok(Value::NONE)
        }),
        def("flash_read(offset, buffer)", |vm, a| {
            let at = offset(vm, a)?;
            let buffer = vm.arg(a, 1);
            vm.expect_writable(buffer)?;
            let mut bytes = vec![0; vm.buffer_len(buffer)?];
            let flash = Chip::of(vm).flash.clone();
            let read = flash.borrow_mut().read(at, &mut bytes);
            done(vm, read)?;
            vm.buffer_write(buffer, 0, &bytes)?;
            Ok(Value::NONE)
        }),
        def("flash_write(offset, buffer)", |vm, a| {
            let at = offset(vm, a)?;
            let bytes = vm.expect_bytes_like(vm.arg(a, 1))?;
            let flash = Chip::of(vm).flash.clone();
            let written = flash.borrow_mut().program(at, &bytes);
            done(vm, written)
        }),
        def("flash_erase(sector)", |vm, a| {
            let sector = vm.expect_int(vm.arg(a, 0))?;
            let flash = Chip::of(vm).flash.clone();
            let erased = match u32::try_from(sector.saturating_mul(SECTOR)) {
                Ok(at) => flash.borrow_mut().erase(at, SECTOR as u32),
                Err(_) => Err(FlashError::Range),
            };
            done(vm, erased)
        }),
        def("flash_size()", |vm, _| {
            let size = Chip::of(vm).flash.borrow().len();
            vm.new_uint(u64::from(size))
        }),
        def("flash_user_start()", |_, _| Ok(Value::int(0x20_0000))),
        def("gpio_matrix_in(pin, signal, invert)", ints),
        def("gpio_matrix_out(pin, signal, invert, invert_enable)", ints),
        Item::Int("LOG_NONE", 0),
        Item::Int("LOG_ERROR", ERROR),
        Item::Int("LOG_WARNING", 2),
        Item::Int("LOG_INFO", INFO),
        Item::Int("LOG_DEBUG", 4),
        Item::Int("LOG_VERBOSE", 5),
    ],
    attr: None,
};

const ERROR: i64 = 1;
const INFO: i64 = 3;
const SECTOR: i64 = 4096;
const EIO: i64 = 5;

/// Signals cannot be led elsewhere here; what is no number is refused all the same.
fn ints(vm: &mut Vm, args: Args) -> Res {
    for i in 0..args.n {
        vm.expect_int(vm.arg(args, i))?;
    }
    Ok(Value::NONE)
}

/// A place in the flash; one that no flash has is beyond every end.
fn offset(vm: &mut Vm, args: Args) -> Result<u32, Raised> {
    let at = vm.expect_int(vm.arg(args, 0))?;
    Ok(u32::try_from(at).unwrap_or(u32::MAX))
}

fn done(vm: &mut Vm, result: Result<(), FlashError>) -> Res {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(_) => Err(vm.os_error(EIO)),
    }
}
