//! `machine`: the chip as programs see it. A peripheral is a file and a row.

mod adc;
mod busy;
mod i2c;
mod i2s;
mod mem;
mod params;
mod pin;
mod pulse;
mod pwm;
pub(crate) mod rtc;
mod sdcard;
mod signal;
mod spi;
mod timer;
mod uart;

pub(crate) use pin::gpio_of;

use crate::chip::{self, Chip, Leave, ResetCause};
use coil_vm::rom::{Access, Args, Item, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `machine`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "machine",
    items: &[
        Item::Type("ADC", &adc::ADC),
        Item::Type("I2C", &i2c::I2C),
        Item::Type("I2S", &i2s::I2S),
        Item::Type("SDCard", &sdcard::SD_CARD),
        Item::Type("SPI", &spi::SPI),
        Item::Type("SoftI2C", &i2c::soft::SOFT_I2C),
        Item::Type("SoftSPI", &spi::soft::SOFT_SPI),
        Item::Type("UART", &uart::UART),
        Item::Type("PWM", &pwm::PWM),
        Item::Type("Pin", &pin::PIN),
        Item::Type("PinBase", &signal::PIN_BASE),
        Item::Type("_irq", &pin::IRQ),
        Item::Type("_mem", &mem::MEM),
        // Computed below; the rows are for `dir()`.
        Item::Value("mem8", Value::NULL),
        Item::Value("mem16", Value::NULL),
        Item::Value("mem32", Value::NULL),
        Item::Type("RTC", &rtc::RTC),
        Item::Type("Signal", &signal::SIGNAL),
        Item::Type("Timer", &timer::TIMER),
        def("freq(hz=)", freq),
        def("idle()", |vm, _| {
            vm.poll()?;
            Ok(Value::NONE)
        }),
        def("reset()", |vm, _| reset(vm, Leave::Reset(ResetCause::Software))),
        def("reset_cause()", |vm, _| {
            let chip = Chip::of(vm);
            Ok(Value::int(if chip.soft_reset { 5 } else { chip.cause.code() }))
        }),
        def("mem_backup(region=)", rtc::mem_backup),
        def("time_pulse_us(pin, level, timeout_us=)", pulse::time_pulse_us),
        def("soft_reset()", |vm, _| Err(vm.raise_value(types::SYSTEM_EXIT, Value::NULL))),
        def("unique_id()", |vm, _| {
            let mac = Chip::of(vm).mac;
            vm.new_bytes(&mac)
        }),
        def("disable_irq()", |vm, _| Ok(Value::bool(chip::lock_irqs(vm, true)))),
        def("enable_irq(state)", |vm, a| {
            let on = vm.truth(vm.arg(a, 0))?;
            chip::lock_irqs(vm, !on);
            Ok(Value::NONE)
        }),
        Item::Int("PWRON_RESET", 1),
        Item::Int("HARD_RESET", 2),
        Item::Int("WDT_RESET", 3),
        Item::Int("DEEPSLEEP_RESET", 4),
        Item::Int("SOFT_RESET", 5),
        Item::Int("SLEEP", 2),
        Item::Int("DEEPSLEEP", 4),
        Item::Int("PIN_WAKE", 2),
        Item::Int("EXT0_WAKE", 2),
        Item::Int("EXT1_WAKE", 3),
        Item::Int("TIMER_WAKE", 4),
        Item::Int("TOUCHPAD_WAKE", 5),
        Item::Int("ULP_WAKE", 6),
    ],
    attr: Some(|vm, name, access| {
        if access != Access::Load {
            return Ok(Value::NULL);
        }
        let name = vm.names.get(name).to_vec();
        mem::object(vm, &name)
    }),
};

/// Leaves the interpreter from inside a native function.
fn reset(vm: &mut Vm, how: Leave) -> Res {
    chip::leave(vm, how);
    vm.check_abort()?;
    Ok(Value::NONE)
}

fn freq(vm: &mut Vm, args: Args) -> Res {
    if args.n == 0 {
        return Ok(Value::int(i64::from(Chip::of(vm).freq)));
    }
    let hz = vm.expect_int(vm.arg(args, 0))?;
    if ![20, 40, 80, 160, 240].contains(&(hz / 1_000_000)) || hz % 1_000_000 != 0 {
        return Err(vm.value_error("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz"));
    }
    Chip::of(vm).freq = hz as u32;
    Ok(Value::NONE)
}

/// An optional int argument that was bound by name.
pub(crate) fn int_or(
    vm: &mut Vm,
    args: Args,
    i: usize,
    default: i64,
) -> Result<i64, coil_vm::Raised> {
    let v = vm.arg(args, i);
    if v.is_null() { Ok(default) } else { vm.expect_int(v) }
}

/// What `write(data[, n])` and `write(data, offset, n)` of a stream are to write.
fn stream_part(vm: &mut Vm, args: Args) -> Result<alloc::vec::Vec<u8>, Raised> {
    let data = vm.expect_bytes_like(vm.arg(args, 1))?;
    let (mut from, mut n) = (0, data.len());
    if args.n > 3 {
        from = (params::word(vm, vm.arg(args, 2))? as u32 as usize).min(data.len());
    }
    if args.n > 2 {
        n = params::word(vm, vm.arg(args, args.n - 1))? as u32 as usize;
    }
    let end = from.saturating_add(n).min(data.len());
    Ok(data[from..end].to_vec())
}
