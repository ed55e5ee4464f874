//! `esp32.RMT`: pulses of exact lengths, sent while the program goes on.

use super::esp_error;
use crate::chip::rmt::BLOCK_SYMBOLS;
use crate::chip::{self, Chip};
use crate::modules::machine::{bind, bitstream_is_by_rmt, fixed_items, gpio_of, int_value};
use crate::outside::Event;
use alloc::format;
use alloc::vec::Vec;
use coil_modules::args::expect_items;
use coil_vm::rom::{Args, Convention, Def, Item, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `RMT`: see the fields below.
pub(super) static RMT: TypeDef = TypeDef {
    name: "RMT",
    items: &[
        def("__del__(self)", deinit),
        def("deinit(self)", deinit),
        def("active(self, enable=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                return Ok(Value::bool(is_enabled(vm, this) && is_sending(vm, this)));
            }
            if vm.truth(vm.arg(a, 1))? {
                return Err(vm.value_error("activate by calling write_pulses()"));
            }
            stop(vm, this);
            Ok(Value::FALSE)
        }),
        def("clock_div(self)", |vm, a| {
            let this = open(vm, vm.arg(a, 0))?;
            Ok(Value::int(SOURCE_HZ / vm.native_int(this, RESOLUTION)))
        }),
        def_kw("wait_done(self, *, timeout=)", wait_done),
        def("loop(self, enable)", |vm, a| {
            let this = open(vm, vm.arg(a, 0))?;
            let on = vm.expect_int(vm.arg(a, 1))? != 0;
            set_loops(vm, this, if on { -1 } else { 0 });
            Ok(Value::NONE)
        }),
        def("loop_count(self, count)", |vm, a| {
            let this = open(vm, vm.arg(a, 0))?;
            let count = vm.expect_int(vm.arg(a, 1))?;
            if count < -1 {
                return Err(vm.value_error("arg must be -1, 0 or positive"));
            }
            set_loops(vm, this, count);
            Ok(Value::NONE)
        }),
        def("write_pulses(self, duration, data=)", write_pulses),
        Item::Static(Def {
            signature: "bitstream_rmt(enable=)",
            f: |vm, a| {
                let on = if a.n > 0 { Some(vm.truth(vm.arg(a, 0))?) } else { None };
                Ok(Value::bool(bitstream_is_by_rmt(vm, on)))
            },
            convention: Convention::Plain,
        }),
        Item::Static(Def {
            signature: "bitstream_channel(channel=)",
            f: bitstream_channel,
            convention: Convention::Plain,
        }),
        Item::Static(Def {
            signature: "source_freq()",
            f: |_, _| Ok(Value::int(SOURCE_HZ)),
            convention: Convention::Plain,
        }),
        Item::Int("PULSE_MAX", PULSE_MAX),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let [pin, resolution, idle] = [PIN, RESOLUTION, IDLE].map(|f| vm.native_int(v, f));
        let text = if pin < 0 {
            "RMT()".into()
        } else {
            format!(
                "RMT(pin={pin}, source_freq={SOURCE_HZ}, resolution_hz={resolution}, \
                 idle_level={idle})"
            )
        };
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Fields: GPIO, -1 when it was shut down; ticks a second; level at rest; loops, -1 for ever; when it has
/// sent everything, -1 for never; it was started; first block and number of blocks.
const PIN: usize = 0;
const RESOLUTION: usize = 1;
const IDLE: usize = 2;
const LOOPS: usize = 3;
const DONE_US: usize = 4;
const ENABLED: usize = 5;
const BLOCK: usize = 6;
const BLOCKS: usize = 7;

/// Hz of the clock.
const SOURCE_HZ: i64 = 80_000_000;
/// Ticks of a pulse at most.
const PULSE_MAX: i64 = 32767;
/// Ticks a second where nothing is said.
const USUAL_HZ: i64 = 10_000_000;
/// The clock can be divided by so much.
const DIVIDER_MAX: i64 = 256;

/// What the ESP-IDF says.
const INVALID_ARG: i32 = 0x102;
const NOT_FOUND: i32 = 0x105;
const NOT_SUPPORTED: i32 = 0x106;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    let names =
        ["id", "pin", "resolution_hz", "clock_div", "idle_level", "tx_carrier", "num_symbols"];
    let [id, pin, hz, divider, idle, carrier, symbols] = bind(vm, args, 0, 1, names)?;
    int_value(vm, id, -1)?;
    if pin.is_null() {
        return Err(vm.type_error("'pin' argument required"));
    }
    let gpio = gpio_of(vm, pin)?;
    let given = |v: Value| !v.is_null() && v != Value::NONE;
    let resolution = match (given(hz), given(divider)) {
        (true, true) => {
            return Err(vm.value_error("resolution_hz and clock_div are mutually exclusive"));
        }
        (true, false) => match vm.expect_int(hz)? {
            0 => return Err(vm.value_error("resolution_hz must be positive")),
            hz => hz,
        },
        (false, true) => match vm.expect_int(divider)? {
            n @ 1..=255 => SOURCE_HZ / n,
            _ => return Err(vm.value_error("clock_div must be between 1 and 255")),
        },
        (false, false) => USUAL_HZ,
    };
    let idle = !idle.is_null() && vm.truth(idle)?;
    let symbols = int_value(vm, symbols, BLOCK_SYMBOLS)?;
    if symbols < BLOCK_SYMBOLS || symbols % 2 == 1 {
        return Err(vm.value_error("num_symbols must be even and at least 64"));
    }
    let can_drive = crate::modules::machine::is_output(gpio);
    if !(1..=DIVIDER_MAX).contains(&SOURCE_HZ.checked_div(resolution).unwrap_or(0)) || !can_drive {
        return Err(esp_error(vm, INVALID_ARG));
    }
    let blocks = symbols.saturating_add(BLOCK_SYMBOLS - 1) / BLOCK_SYMBOLS;
    let Some(block) = Chip::of(vm).rmt.take(usize::try_from(blocks).unwrap_or(usize::MAX)) else {
        return Err(esp_error(vm, NOT_FOUND));
    };
    let fields = [gpio as i64, resolution, i64::from(idle), 0, 0, 0, block as i64, blocks];
    let rmt = vm.new_native(&RMT, &fields.map(Value::int))?;
    vm.root(rmt);
    // Whoever forgets it gives its memory back.
    vm.heap.add_finaliser(rmt.as_ref().expect("just made"));
    if given(carrier) {
        check_carrier(vm, carrier)?;
    }
    let now = vm.port.now_us();
    let level = idle;
    let pin = &mut Chip::of(vm).pins[gpio];
    pin.output = true;
    pin.claimed = true;
    let before = core::mem::replace(&mut pin.latch, level);
    if before != level {
        Chip::of(vm).emit(now, Event::Pin { gpio: gpio as u8, level });
    }
    chip::wiring::settle(vm, gpio);
    Ok(rmt)
}

fn check_carrier(vm: &mut Vm, carrier: Value) -> Result<(), Raised> {
    let [hz, duty, _] = fixed_items(vm, carrier)?;
    if vm.expect_int(hz)? == 0 {
        return Err(vm.value_error("tx_carrier frequency must be >0"));
    }
    if !(0..=100).contains(&vm.expect_int(duty)?) {
        return Err(vm.value_error("tx_carrier duty must be 0..100"));
    }
    Ok(())
}

/// The object itself, unless it was shut down.
fn open(vm: &mut Vm, rmt: Value) -> Res {
    if vm.native_int(rmt, PIN) < 0 {
        return Err(vm.raise_args(types::OS_ERROR, "already deinitialized"));
    }
    Ok(rmt)
}

fn is_enabled(vm: &Vm, rmt: Value) -> bool {
    vm.native_int(rmt, ENABLED) != 0
}

fn is_sending(vm: &mut Vm, rmt: Value) -> bool {
    let done = vm.native_int(rmt, DONE_US);
    done < 0 || vm.port.now_us() < done as u64
}

/// Breaks off what is being sent.
fn stop(vm: &mut Vm, rmt: Value) {
    vm.set_native_field(rmt, ENABLED, Value::int(0));
    vm.set_native_field(rmt, DONE_US, Value::int(0));
}

fn set_loops(vm: &mut Vm, rmt: Value, count: i64) {
    if is_enabled(vm, rmt) && is_sending(vm, rmt) && vm.native_int(rmt, LOOPS) != 0 && count == 0 {
        stop(vm, rmt);
    }
    vm.set_native_field(rmt, LOOPS, Value::int(count));
}

fn deinit(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if let Ok(gpio) = usize::try_from(vm.native_int(this, PIN)) {
        stop(vm, this);
        let [block, blocks] = [BLOCK, BLOCKS].map(|f| vm.native_int(this, f) as usize);
        let chip = Chip::of(vm);
        chip.rmt.give(block, blocks);
        chip.pins[gpio].claimed = false;
        vm.set_native_field(this, PIN, Value::int(-1));
    }
    Ok(Value::NONE)
}

fn wait_done(vm: &mut Vm, args: Args) -> Res {
    let this = open(vm, vm.arg(args, 0))?;
    let timeout = int_value(vm, vm.arg(args, 1), 0)?;
    if !is_enabled(vm, this) {
        return Ok(Value::TRUE);
    }
    if timeout != 0 {
        let now = vm.port.now_us();
        rest(vm, this, u64::try_from(timeout).ok().map(|ms| now.saturating_add(ms * 1000)))?;
    }
    Ok(Value::bool(!is_sending(vm, this)))
}

/// Waits until everything is sent, or a moment.
fn rest(vm: &mut Vm, rmt: Value, until_us: Option<u64>) -> Result<(), Raised> {
    let done = u64::try_from(vm.native_int(rmt, DONE_US)).ok();
    let until = done.into_iter().chain(until_us).min();
    vm.wait_until(until, |vm| Ok(!is_sending(vm, rmt)))
}

/// The pulses of a call: level and ticks.
fn pulses(vm: &mut Vm, args: Args) -> Result<Vec<(bool, i64)>, Raised> {
    let [duration, data] = [1, 2].map(|i| vm.arg(args, i));
    let is_array = |vm: &Vm, v: Value| vm.as_list(v).is_some() || vm.as_tuple(v).is_some();
    let mut pulses = Vec::new();
    if !is_array(vm, data) {
        // Lengths alone: the levels alternate.
        let mut level = data.is_null() || vm.truth(data)?;
        for v in expect_items(vm, duration)? {
            pulses.push((level, vm.expect_int(v)?));
            level = !level;
        }
        return Ok(pulses);
    }
    let levels = expect_items(vm, data)?;
    if vm.is_int(duration) {
        let ticks = vm.expect_int(duration)?;
        for v in levels {
            pulses.push((vm.truth(v)?, ticks));
        }
        return Ok(pulses);
    }
    let lengths = expect_items(vm, duration)?;
    if lengths.len() != levels.len() {
        return Err(vm.value_error("duration and data must have same length"));
    }
    for (ticks, level) in lengths.into_iter().zip(levels) {
        pulses.push((vm.truth(level)?, vm.expect_int(ticks)?));
    }
    Ok(pulses)
}

fn write_pulses(vm: &mut Vm, args: Args) -> Res {
    let this = open(vm, vm.arg(args, 0))?;
    if is_enabled(vm, this) {
        rest(vm, this, None)?;
    }
    vm.set_native_field(this, ENABLED, Value::int(1));
    let pulses = pulses(vm, args)?;
    if pulses.is_empty() {
        return Err(vm.value_error("No pulses"));
    }
    let [gpio, resolution, loops] = [PIN, RESOLUTION, LOOPS].map(|f| vm.native_int(this, f));
    if loops > 0 {
        // This chip only knows once and for ever.
        return Err(esp_error(vm, NOT_SUPPORTED));
    }
    // A length has fifteen bits.
    let ns = |ticks: i64| (ticks & PULSE_MAX) * 1_000_000_000 / resolution;
    let levels: Vec<(bool, u32)> = pulses.iter().map(|&(l, ticks)| (l, ns(ticks) as u32)).collect();
    let total: u64 = levels.iter().map(|l| u64::from(l.1)).sum();
    let now = vm.port.now_us();
    let done = if loops < 0 { -1 } else { (now + total.div_ceil(1000)) as i64 };
    vm.set_native_field(this, DONE_US, Value::int(done));
    let event = Event::Pulses { gpio: gpio as u8, levels, repeats: loops as i32 };
    Chip::of(vm).emit(now, event);
    Ok(Value::NONE)
}

fn bitstream_channel(vm: &mut Vm, args: Args) -> Res {
    let set = match vm.arg(args, 0) {
        _ if args.n == 0 => None,
        Value::NONE => Some(false),
        channel => {
            if vm.expect_int(channel)? < 0 {
                return Err(vm.value_error("invalid channel"));
            }
            Some(true)
        }
    };
    Ok(if bitstream_is_by_rmt(vm, set) { Value::int(1) } else { Value::NONE })
}
