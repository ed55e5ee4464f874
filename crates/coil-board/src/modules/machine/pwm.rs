//! `machine.PWM`: sixteen channels, eight frequencies.

use super::gpio_of;
use crate::chip::Chip;
use crate::outside::Event;
use alloc::format;
use coil_vm::rom::{Args, TypeDef, def, def_raw};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};

/// `PWM`: fields GPIO, frequency, duty of 65536, active.
pub(crate) static PWM: TypeDef = TypeDef {
    name: "PWM",
    items: &[
        def_raw("init(self, **settings)", |vm, a| {
            configure(vm, vm.arg(a, 0), a, 1)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", |vm, a| {
            let this = vm.arg(a, 0);
            vm.set_native_field(this, 3, Value::FALSE);
            let gpio = vm.native_field(this, 0).as_int().unwrap_or(0) as usize;
            Chip::of(vm).pins[gpio].claimed = false;
            tell(vm, this, 0);
            Ok(Value::NONE)
        }),
        def("freq(self, hz=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                active(vm, this)?;
                return Ok(vm.native_field(this, 1));
            }
            let hz = vm.expect_int(vm.arg(a, 1))?;
            set_freq(vm, this, hz)?;
            apply(vm, this)
        }),
        def("duty(self, duty=)", |vm, a| duty(vm, a, 1024, "duty must be from 0 to 1023")),
        def("duty_u16(self, duty=)", |vm, a| {
            duty(vm, a, 65536, "duty_u16 must be from 0 to 65535")
        }),
        def("duty_ns(self, ns=)", |vm, a| {
            let this = vm.arg(a, 0);
            let freq = vm.native_field(this, 1).as_int().unwrap_or(1).max(1);
            if a.n == 1 {
                active(vm, this)?;
                let d = vm.native_field(this, 2).as_int().unwrap_or(0);
                return Ok(Value::int(d * 1_000_000_000 / (65536 * freq)));
            }
            let ns = vm.expect_int(vm.arg(a, 1))?;
            set_duty_ns(vm, this, ns)?;
            apply(vm, this)
        }),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let [gpio, freq, duty] = [0, 1, 2].map(|i| vm.native_field(v, i).as_int().unwrap_or(0));
        out.extend_from_slice(format!("PWM(Pin({gpio}), freq={freq}, duty_u16={duty})").as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Frequency and duty that a channel starts with.
const START_FREQ: i64 = 5000;
const START_DUTY: i64 = 32768;
const CHANNELS: usize = 16;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    if gpio >= 34 {
        return Err(vm.value_error("invalid pin"));
    }
    let used = Chip::of(vm).pins.iter().filter(|p| p.claimed).count();
    if used >= CHANNELS && !Chip::of(vm).pins[gpio].claimed {
        return Err(vm.runtime_error("out of PWM channels:16"));
    }
    let fields =
        [Value::int(gpio as i64), Value::int(START_FREQ), Value::int(START_DUTY), Value::TRUE];
    let pwm = vm.new_native(&PWM, &fields)?;
    vm.root(pwm);
    let pin = &mut Chip::of(vm).pins[gpio];
    pin.claimed = true;
    pin.output = true;
    configure(vm, pwm, args, 1)?;
    Ok(pwm)
}

/// Settings given by name; `freq` may stand first.
fn configure(vm: &mut Vm, pwm: Value, args: Args, skip: usize) -> Result<(), Raised> {
    if args.n > skip {
        let hz = vm.expect_int(vm.arg(args, skip))?;
        set_freq(vm, pwm, hz)?;
    }
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        let n = vm.expect_int(v)?;
        match name.as_qstr().map(|q| vm.names.get(Qstr(q))) {
            Some(b"freq") => set_freq(vm, pwm, n)?,
            Some(b"duty") => set_duty(vm, pwm, n, 1024, "duty must be from 0 to 1023")?,
            Some(b"duty_u16") => set_duty(vm, pwm, n, 65536, "duty_u16 must be from 0 to 65535")?,
            Some(b"duty_ns") => set_duty_ns(vm, pwm, n)?,
            Some(b"invert" | b"lightsleep") => {}
            _ => return Err(vm.type_error("extra keyword arguments given")),
        }
    }
    vm.set_native_field(pwm, 3, Value::TRUE);
    apply(vm, pwm)?;
    Ok(())
}

fn active(vm: &mut Vm, pwm: Value) -> Result<(), Raised> {
    if vm.native_field(pwm, 3) == Value::TRUE {
        return Ok(());
    }
    Err(vm.runtime_error("PWM is inactive"))
}

fn set_freq(vm: &mut Vm, pwm: Value, hz: i64) -> Result<(), Raised> {
    if !(1..=40_000_000).contains(&hz) {
        return Err(vm.value_error("frequency must be from 1Hz to 40MHz"));
    }
    vm.set_native_field(pwm, 1, Value::int(hz));
    Ok(())
}

fn set_duty(vm: &mut Vm, pwm: Value, duty: i64, steps: i64, text: &str) -> Result<(), Raised> {
    if !(0..steps).contains(&duty) {
        return Err(vm.raise_args(types::VALUE_ERROR, text));
    }
    vm.set_native_field(pwm, 2, Value::int(duty * (65536 / steps)));
    Ok(())
}

fn set_duty_ns(vm: &mut Vm, pwm: Value, ns: i64) -> Result<(), Raised> {
    let freq = vm.native_field(pwm, 1).as_int().unwrap_or(1).max(1);
    let period = 1_000_000_000 / freq;
    if !(0..=period).contains(&ns) {
        return Err(
            vm.raise_fmt(types::VALUE_ERROR, format_args!("duty_ns must be from 0 to {period} ns"))
        );
    }
    vm.set_native_field(pwm, 2, Value::int((ns * 65536 * freq / 1_000_000_000).min(65535)));
    Ok(())
}

fn duty(vm: &mut Vm, args: Args, steps: i64, text: &str) -> Res {
    let this = vm.arg(args, 0);
    if args.n == 1 {
        active(vm, this)?;
        return Ok(Value::int(vm.native_field(this, 2).as_int().unwrap_or(0) / (65536 / steps)));
    }
    let n = vm.expect_int(vm.arg(args, 1))?;
    set_duty(vm, this, n, steps, text)?;
    apply(vm, this)
}

fn apply(vm: &mut Vm, pwm: Value) -> Res {
    let duty = vm.native_field(pwm, 2).as_int().unwrap_or(0);
    tell(vm, pwm, duty);
    Ok(Value::NONE)
}

fn tell(vm: &mut Vm, pwm: Value, duty: i64) {
    let gpio = vm.native_field(pwm, 0).as_int().unwrap_or(0) as u8;
    let freq = vm.native_field(pwm, 1).as_int().unwrap_or(0) as u32;
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Pwm { gpio, freq, duty_u16: duty as u16 });
}
