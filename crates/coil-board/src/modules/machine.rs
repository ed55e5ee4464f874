//! `machine`: the chip as programs see it. A peripheral is a file and a row.

mod adc;
pub(super) mod adc_2019;
mod bitstream;
mod busy;
mod counter;
mod dac;
mod i2c;
mod i2s;
mod mem;
pub(crate) mod params;
mod pin;
mod pulse;
mod pwm;
pub(super) mod pwm_2019;
pub(crate) mod rtc;
mod sdcard;
mod signal;
mod sleep;
mod spi;
mod timer;
mod touch;
mod uart;

pub(crate) use bitstream::is_by_rmt as bitstream_is_by_rmt;
pub(super) use bitstream::neopixel_write;
pub(super) use i2c::soft::I2C_2019;
pub(crate) use pin::{expect_pin, gpio_of, is_output};
pub(super) use pulse::dht_readinto;

use crate::chip::{self, Chip, Leave, ResetCause};
use coil_vm::rom::{Access, Args, Item, ModuleDef, def, def_raw};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};

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
        Item::Type("ADCBlock", &adc::BLOCK),
        Item::Type("Counter", &counter::COUNTER),
        Item::Type("DAC", &dac::DAC),
        Item::Type("Encoder", &counter::ENCODER),
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
        Item::Type("TouchPad", &touch::TOUCH_PAD),
        Item::Type("WDT", &sleep::WDT),
        def("bitstream(pin, encoding, timing, data)", bitstream::bitstream),
        def("deepsleep(time_ms=)", sleep::deepsleep),
        def("dht_readinto(pin, buffer)", pulse::dht_readinto),
        def("freq(hz=)", freq),
        def("idle()", |vm, _| {
            vm.poll()?;
            Ok(Value::NONE)
        }),
        def("lightsleep(time_ms=)", sleep::lightsleep),
        def("sleep(time_ms=)", sleep::lightsleep),
        def("reset()", |vm, _| reset(vm, Leave::Reset(ResetCause::Software))),
        def("reset_cause()", |vm, _| {
            let chip = Chip::of(vm);
            Ok(Value::int(match chip.profile.switches.rom_reset_cause {
                true => chip.cause.rom_code(),
                false if chip.soft_reset => 5,
                false => chip.cause.code(),
            }))
        }),
        def("mem_backup(region=)", rtc::mem_backup),
        def("time_pulse_us(pin, level, timeout_us=)", pulse::time_pulse_us),
        def("soft_reset()", |vm, _| Err(vm.raise_value(types::SYSTEM_EXIT, Value::NULL))),
        def("unique_id()", |vm, _| {
            let mac = Chip::of(vm).mac;
            vm.new_bytes(&mac)
        }),
        // The state is the same for all; whoever holds them back twice has to let them through twice.
        def("disable_irq()", |vm, _| {
            chip::lock_irqs(vm, true);
            Ok(Value::int(0))
        }),
        def("enable_irq(state)", |vm, a| {
            vm.expect_int(vm.arg(a, 0))?;
            chip::lock_irqs(vm, false);
            Ok(Value::NONE)
        }),
        def("wake_pins()", sleep::wake_pins),
        def_raw("wake_reason(*args, **kwargs)", sleep::wake_reason),
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
    // What is left of a megahertz is not looked at.
    let mhz = vm.expect_int(vm.arg(args, 0))? / 1_000_000;
    if ![20, 40, 80, 160, 240].contains(&mhz) {
        return Err(vm.value_error("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz"));
    }
    Chip::of(vm).freq = mhz as u32 * 1_000_000;
    Ok(Value::NONE)
}

/// An optional int argument that was bound by name.
pub(crate) fn int_or(vm: &mut Vm, args: Args, i: usize, default: i64) -> Result<i64, Raised> {
    let v = vm.arg(args, i);
    int_value(vm, v, default)
}

/// An int, or the default where none was given.
pub(crate) fn int_value(vm: &mut Vm, v: Value, default: i64) -> Result<i64, Raised> {
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

/// Binds the arguments of a call, from one on, to names: one value each, null where none was given.
/// The first `positional` names may also be given by place.
///
/// # Errors
/// TypeError for an argument that has no name.
pub(crate) fn bind<const N: usize>(
    vm: &mut Vm,
    args: Args,
    from: usize,
    positional: usize,
    names: [&str; N],
) -> Result<[Value; N], Raised> {
    let mut bound = [Value::NULL; N];
    let given = args.n.saturating_sub(from);
    if given > positional {
        return Err(vm.type_error("extra positional arguments given"));
    }
    for (i, slot) in bound.iter_mut().enumerate().take(given) {
        *slot = vm.arg(args, from + i);
    }
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        let name = name.as_qstr().map(|q| vm.names.get(Qstr(q)));
        match names.iter().position(|n| name == Some(n.as_bytes())) {
            Some(at) if bound[at].is_null() => bound[at] = v,
            _ => return Err(vm.type_error("extra keyword arguments given")),
        }
    }
    Ok(bound)
}

/// The items of a tuple or list of this length.
///
/// # Errors
/// TypeError for anything else, ValueError for another length.
pub(crate) fn fixed_items<const N: usize>(vm: &mut Vm, v: Value) -> Result<[Value; N], Raised> {
    let items = coil_modules::args::expect_items(vm, v)?;
    let len = items.len();
    <[Value; N]>::try_from(items).map_err(|_| {
        vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!("requested length {N} but object has length {len}"),
        )
    })
}
