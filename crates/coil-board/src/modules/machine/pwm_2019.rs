//! `machine.PWM` of MicroPython 1.11: eight channels, and one timer with one frequency for them all.

use super::{bind, expect_pin, gpio_of, int_value, is_output};
use crate::chip::{self, Chip};
use crate::outside::Event;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, PrintKind, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `PWM`: fields GPIO, and channel (-1 while it has none).
pub(crate) static PWM: TypeDef = TypeDef {
    name: "PWM",
    items: &[
        def_raw("init(self, freq=, duty=)", |vm, a| {
            configure(vm, vm.arg(a, 0), a)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", |vm, a| {
            deinit(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
        def("freq(self, hz=)", |vm, a| {
            if a.n == 1 {
                return Ok(Value::int(i64::from(vm.state::<Timer>().freq)));
            }
            let hz = vm.expect_int(vm.arg(a, 1))?;
            set_freq(vm, hz)?;
            Ok(Value::NONE)
        }),
        def("duty(self, duty=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                let timer = vm.state::<Timer>();
                let shift = BITS - timer.bits;
                let duty = channel(vm, this).map_or(0, |n| vm.state::<Timer>().duty[n]);
                return Ok(Value::int(i64::from(duty << shift)));
            }
            let duty = vm.expect_int(vm.arg(a, 1))?;
            set_duty(vm, this, duty);
            Ok(Value::NONE)
        }),
    ],
    new: Some(|vm, _, args| {
        if args.n == 0 {
            return Err(vm.arg_count_error(0, 1, usize::MAX));
        }
        expect_pin(vm, vm.arg(args, 0))?;
        let gpio = gpio_of(vm, vm.arg(args, 0))?;
        let pwm = vm.new_native(&PWM, &[Value::int(gpio as i64), Value::int(-1)])?;
        vm.root(pwm);
        configure(vm, pwm, args)?;
        Ok(pwm)
    }),
    print: Some(print),
    ..TypeDef::EMPTY
};

const GPIO: usize = 0;
const CHANNEL: usize = 1;
const CHANNELS: usize = 8;
/// Bits of a duty as programs give it, and of the timer at most.
const BITS: u32 = 10;
/// Hz of the timer's clock, and the widest divider that it has.
const CLOCK: u32 = 80_000_000;
const DIVIDER_MAX: u64 = 1024;

/// The timer and its channels: pin and duty of each, in steps of the timer's resolution.
struct Timer {
    freq: u32,
    bits: u32,
    pins: [Option<u8>; CHANNELS],
    duty: [u32; CHANNELS],
}

impl Default for Timer {
    fn default() -> Self {
        Self { freq: 5000, bits: BITS, pins: [None; CHANNELS], duty: [0; CHANNELS] }
    }
}

/// The channel of an object, if it has one.
fn channel(vm: &Vm, pwm: Value) -> Option<usize> {
    usize::try_from(vm.native_int(pwm, CHANNEL)).ok()
}

fn configure(vm: &mut Vm, pwm: Value, args: Args) -> Result<(), Raised> {
    let [freq, duty] = bind(vm, args, 1, 2, ["freq", "duty"])?;
    let [freq, duty] = [int_value(vm, freq, -1)?, int_value(vm, duty, -1)?];
    let gpio = vm.native_int(pwm, GPIO) as u8;
    let timer = vm.state::<Timer>();
    let own = timer.pins.iter().position(|p| *p == Some(gpio));
    let Some(n) = own.or_else(|| timer.pins.iter().position(Option::is_none)) else {
        return Err(vm.value_error("out of PWM channels"));
    };
    vm.set_native_field(pwm, CHANNEL, Value::int(n as i64));
    if own.is_none() {
        if !is_output(usize::from(gpio)) {
            let text = format!("PWM not supported on pin {gpio}");
            return Err(vm.raise_args(types::VALUE_ERROR, &text));
        }
        let timer = vm.state::<Timer>();
        timer.pins[n] = Some(gpio);
        timer.duty[n] = (1 << timer.bits) / 2;
        let pin = &mut Chip::of(vm).pins[usize::from(gpio)];
        pin.claimed = true;
        pin.output = true;
        chip::wiring::settle(vm, usize::from(gpio));
    }
    if freq != -1 && freq != i64::from(vm.state::<Timer>().freq) {
        set_freq(vm, freq)?;
    }
    if duty == -1 {
        tell(vm, n);
    } else {
        set_duty(vm, pwm, duty);
    }
    Ok(())
}

/// Sets the frequency of all; duties keep their number of steps, so that they change with the resolution.
fn set_freq(vm: &mut Vm, hz: i64) -> Res {
    let freq = u32::try_from(hz.max(1)).unwrap_or(u32::MAX);
    let bits = (CLOCK / freq).max(1).ilog2().clamp(1, BITS);
    let divider = u64::from(CLOCK) * 256 / (u64::from(freq) << bits);
    if divider < 256 || divider / 256 >= DIVIDER_MAX {
        let text = format!("Bad frequency {hz}");
        return Err(vm.raise_args(types::VALUE_ERROR, &text));
    }
    let timer = vm.state::<Timer>();
    (timer.freq, timer.bits) = (freq, bits);
    for n in 0..CHANNELS {
        tell(vm, n);
    }
    Ok(Value::NONE)
}

/// Of a duty that is too large the lower bits count.
fn set_duty(vm: &mut Vm, pwm: Value, duty: i64) {
    let Some(n) = channel(vm, pwm) else { return };
    let timer = vm.state::<Timer>();
    timer.duty[n] = (duty & ((1 << BITS) - 1)) as u32 >> (BITS - timer.bits);
    tell(vm, n);
}

/// Shows a channel to whoever observes the board.
fn tell(vm: &mut Vm, n: usize) {
    let timer = vm.state::<Timer>();
    let (Some(gpio), freq) = (timer.pins[n], timer.freq) else { return };
    let duty = u32::min(timer.duty[n] << (16 - timer.bits), 0xffff) as u16;
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Pwm { gpio, freq, duty_u16: duty });
}

fn deinit(vm: &mut Vm, pwm: Value) {
    let Some(n) = channel(vm, pwm) else { return };
    let gpio = vm.native_int(pwm, GPIO) as u8;
    let timer = vm.state::<Timer>();
    timer.pins[n] = None;
    let freq = timer.freq;
    vm.set_native_field(pwm, CHANNEL, Value::int(-1));
    let pin = &mut Chip::of(vm).pins[usize::from(gpio)];
    pin.claimed = false;
    pin.latch = false;
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Pwm { gpio, freq, duty_u16: 0 });
    chip::wiring::settle(vm, usize::from(gpio));
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let mut text = format!("PWM({}", vm.native_int(v, GPIO));
    if let Some(n) = channel(vm, v) {
        let timer = vm.state::<Timer>();
        text += &format!(", freq={}, duty={}", timer.freq, timer.duty[n]);
    }
    text.push(')');
    out.extend_from_slice(text.as_bytes());
    Ok(())
}
