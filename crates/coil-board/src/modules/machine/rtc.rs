//! `machine.RTC`: the real-time clock and its memory.

use crate::chip::Chip;
use coil_modules::time;
use coil_vm::rom::{Args, TypeDef, def};
use coil_vm::{Res, Value, Vm};

/// `RTC`
pub(crate) static RTC: TypeDef = TypeDef {
    name: "RTC",
    items: &[
        def("init(self, datetime)", datetime),
        def("datetime(self, datetime=)", datetime),
        def("memory(self, data=)", memory),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 0, 1)?;
        vm.new_native(&RTC, &[])
    }),
    ..TypeDef::EMPTY
};

/// Bytes of memory that survive deep sleep.
const MEMORY_MAX: usize = 2048;

fn datetime(vm: &mut Vm, args: Args) -> Res {
    if args.n == 1 {
        let us = time::wall_us(vm);
        let [year, month, day, hour, minute, second, weekday, _] =
            time::civil(us.div_euclid(1_000_000));
        let fields = [year, month, day, weekday, hour, minute, second, us.rem_euclid(1_000_000)];
        return vm.new_tuple(&fields.map(Value::int));
    }
    let items = vm.collect_iterable(vm.arg(args, 1))?;
    if items.len() != 8 {
        return Err(vm.value_error("requested length 8 but object has length different from it"));
    }
    let mut n = [0; 8];
    for (n, v) in n.iter_mut().zip(items) {
        *n = vm.expect_int(v)?.clamp(-1 << 31, 1 << 31);
    }
    let [year, month, day, _, hour, minute, second, us] = n;
    let seconds = time::seconds_of(year, month, day, hour, minute, second);
    time::set_wall_us(vm, seconds * 1_000_000 + us);
    Ok(Value::NONE)
}

fn memory(vm: &mut Vm, args: Args) -> Res {
    if args.n == 1 {
        let bytes = Chip::of(vm).rtc_memory.clone();
        return vm.new_bytes(&bytes);
    }
    let bytes = vm.expect_bytes_like(vm.arg(args, 1))?;
    if bytes.len() > MEMORY_MAX {
        return Err(vm.value_error("buffer too long"));
    }
    Chip::of(vm).rtc_memory = bytes;
    Ok(Value::NONE)
}
