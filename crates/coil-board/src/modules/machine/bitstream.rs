//! `machine.bitstream`: bits as pulses of two kinds, for lights in a row.

use super::{fixed_items, gpio_of};
use crate::chip::Chip;
use crate::outside::Event;
use alloc::vec::Vec;
use coil_vm::rom::Args;
use coil_vm::{Res, Value, Vm};

/// `bitstream(pin, encoding, timing, data)`: high and low times of a zero and of a one, in nanoseconds.
pub(super) fn bitstream(vm: &mut Vm, args: Args) -> Res {
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    let encoding = vm.expect_int(vm.arg(args, 1))?;
    let bytes = vm.expect_bytes_like(vm.arg(args, 3))?;
    if encoding != 0 {
        return Err(vm.value_error("encoding"));
    }
    let given: [Value; 4] = fixed_items(vm, vm.arg(args, 2))?;
    let mut timing_ns = [0; 4];
    for (ns, v) in timing_ns.iter_mut().zip(given) {
        *ns = vm.expect_int(v)? as u32;
    }
    send(vm, gpio as u8, timing_ns, bytes)
}

/// `esp.neopixel_write(pin, data, timing)`: lights of 800 kHz, or of 400 where the timing is 0.
pub(in crate::modules) fn neopixel_write(vm: &mut Vm, args: Args) -> Res {
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    let bytes = vm.expect_bytes_like(vm.arg(args, 1))?;
    let is_fast = vm.expect_int(vm.arg(args, 2))? != 0;
    let timing_ns = if is_fast { [400, 850, 800, 450] } else { [800, 1700, 1600, 900] };
    send(vm, gpio as u8, timing_ns, bytes)
}

fn send(vm: &mut Vm, gpio: u8, timing_ns: [u32; 4], bytes: Vec<u8>) -> Res {
    let ones: u64 = bytes.iter().map(|b| u64::from(b.count_ones())).sum();
    let zeros = 8 * bytes.len() as u64 - ones;
    let [zero, one] =
        [[0, 1], [2, 3]].map(|at| at.map(|i| u64::from(timing_ns[i])).iter().sum::<u64>());
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Bits { gpio, timing_ns, bytes });
    vm.sleep_until(now + (zeros * zero + ones * one).div_ceil(1000))?;
    Ok(Value::NONE)
}

/// Whether the pulse transmitter makes them; the processor would do it as well.
pub(crate) fn is_by_rmt(vm: &mut Vm, set: Option<bool>) -> bool {
    let chip = Chip::of(vm);
    if let Some(on) = set {
        chip.rmt.bits_by_hand = !on;
    }
    !chip.rmt.bits_by_hand
}
