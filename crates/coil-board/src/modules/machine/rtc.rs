//! `machine.RTC`: the real-time clock and its memory.

use super::fixed_items;
use crate::chip::{Chip, RTC_MEMORY};
use alloc::vec::Vec;
use coil_modules::time;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Res, Value, Vm, types};

/// `RTC`
pub(crate) static RTC: TypeDef = TypeDef {
    name: "RTC",
    items: &[
        def("init(self, datetime)", |vm, a| {
            // The hour stands where `datetime` has the weekday.
            set(vm, vm.arg(a, 1), 3)
        }),
        def("datetime(self, datetime=)", datetime),
        def("memory(self, data=)", memory),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 0, 0)?;
        vm.new_native(&RTC, &[])
    }),
    ..TypeDef::EMPTY
};

/// The array that a program looks at the memory through, once it has asked for it.
#[derive(Default)]
struct View(Option<usize>);

fn datetime(vm: &mut Vm, args: Args) -> Res {
    if args.n == 1 {
        let us = time::wall_us(vm);
        let [year, month, day, hour, minute, second, weekday, _] =
            time::civil(us.div_euclid(1_000_000));
        let fields = [year, month, day, weekday, hour, minute, second, us.rem_euclid(1_000_000)];
        return vm.new_tuple(&fields.map(Value::int));
    }
    set(vm, vm.arg(args, 1), 4)
}

/// Sets the clock; `hour` is where the hour stands.
fn set(vm: &mut Vm, datetime: Value, hour: usize) -> Res {
    let items: [Value; 8] = fixed_items(vm, datetime)?;
    let mut n = [0; 8];
    for (n, v) in n.iter_mut().zip(items) {
        *n = vm.expect_int(v)?.clamp(-1 << 31, 1 << 31);
    }
    let seconds = time::seconds_of(n[0], n[1], n[2], n[hour], n[hour + 1], n[hour + 2]);
    time::set_wall_us(vm, seconds * 1_000_000 + n[7]);
    Ok(Value::NONE)
}

/// The content of the memory.
fn content(vm: &mut Vm) -> Vec<u8> {
    if let Some(place) = vm.state::<View>().0
        && let Some(bytes) = vm.as_bytes(vm.pinned(place))
    {
        return bytes.to_vec();
    }
    Chip::of(vm).rtc_memory.clone()
}

/// Takes over what the program wrote through its view, before the machine goes.
pub(crate) fn keep_memory(vm: &mut Vm) {
    let bytes = content(vm);
    Chip::of(vm).rtc_memory = bytes;
}

fn memory(vm: &mut Vm, args: Args) -> Res {
    if args.n == 1 {
        let n = Chip::of(vm).rtc_memory_len;
        let bytes = content(vm);
        return vm.new_bytes(&bytes[..n]);
    }
    let bytes = vm.expect_bytes_like(vm.arg(args, 1))?;
    if bytes.len() > RTC_MEMORY {
        return Err(vm.value_error("buffer too long"));
    }
    if let Some(place) = vm.state::<View>().0 {
        let view = vm.pinned(place);
        vm.buffer_write(view, 0, &bytes)?;
    }
    let chip = Chip::of(vm);
    chip.rtc_memory[..bytes.len()].copy_from_slice(&bytes);
    chip.rtc_memory_len = bytes.len();
    Ok(Value::NONE)
}

/// `machine.mem_backup`: the memory as a view; -1 asks for all regions, of which there is one.
pub(super) fn mem_backup(vm: &mut Vm, args: Args) -> Res {
    let region = super::int_or(vm, args, 0, 0)?;
    if region != 0 && region != -1 {
        return Err(vm.value_error("invalid region"));
    }
    let place = match vm.state::<View>().0 {
        Some(place) => place,
        None => {
            let bytes = Chip::of(vm).rtc_memory.clone();
            let array = vm.new_bytearray(&bytes)?;
            let place = vm.pin(array);
            vm.state::<View>().0 = Some(place);
            place
        }
    };
    let array = vm.pinned(place);
    let view = vm.call(types::MEMORYVIEW.into(), &[array])?;
    if region == 0 { Ok(view) } else { vm.new_tuple(&[view]) }
}
