//! `machine.PWM`: sixteen channels, eight frequencies.

use super::{bind, expect_pin, gpio_of, int_value};
use crate::chip::ledc::{CHANNELS, Channel, GROUPS, TIMERS, Timer};
use crate::chip::{self, Chip};
use crate::modules::esp32::esp_error;
use crate::outside::Event;
use crate::profile::Era;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `PWM`: see the fields below.
pub(crate) static PWM: TypeDef = TypeDef {
    name: "PWM",
    items: &[
        def_raw(
            "init(self, freq=, *, duty=, duty_u16=, duty_ns=, invert=, lightsleep=)",
            |vm, a| {
                configure(vm, vm.arg(a, 0), a)?;
                Ok(Value::NONE)
            },
        ),
        def("deinit(self)", |vm, a| {
            deinit(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
        def("freq(self, hz=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                let (_, _, timer) = active(vm, this)?;
                return Ok(Value::int(i64::from(timer.real_freq())));
            }
            let hz = vm.expect_int(vm.arg(a, 1))?;
            let (_, _, timer) = active(vm, this)?;
            let hz = check_freq(vm, hz, FREQ_MAX)?;
            if hz != timer.freq {
                set_freq(vm, this, hz)?;
            }
            Ok(Value::NONE)
        }),
        def("duty(self, duty=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                return Ok(Value::int(duty_u16(vm, this)? >> 6));
            }
            let duty = vm.expect_int(vm.arg(a, 1))?;
            check_duty(vm, this, duty)?;
            apply(vm, this)
        }),
        def("duty_u16(self, duty=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                return Ok(Value::int(duty_u16(vm, this)?));
            }
            let duty = vm.expect_int(vm.arg(a, 1))?;
            check_duty_u16(vm, this, duty)?;
            apply(vm, this)
        }),
        def("duty_ns(self, ns=)", |vm, a| {
            let this = vm.arg(a, 0);
            if a.n == 1 {
                let duty = duty_u16(vm, this)?;
                return Ok(Value::int(to_ns(vm, this, duty)));
            }
            let ns = vm.expect_int(vm.arg(a, 1))?;
            check_duty_ns(vm, this, ns)?;
            apply(vm, this)
        }),
    ],
    new: Some(new),
    print: Some(print),
    ..TypeDef::EMPTY
};

/// Fields: GPIO; group and channel, -1 while it has none; the frequency that was asked for; how the
/// duty was given; the duty as it was given; inverted; goes on in light sleep.
const GPIO: usize = 0;
const GROUP: usize = 1;
const CHANNEL: usize = 2;
const FREQ: usize = 3;
const SCALE: usize = 4;
const DUTY: usize = 5;
const INVERT: usize = 6;
const LIGHTSLEEP: usize = 7;

/// How a duty was given: not at all, of 1024, of 65536, in nanoseconds.
const UNSET: i64 = 0;
const OF_1024: i64 = 10;
const OF_65536: i64 = 16;
const IN_NS: i64 = 1;

/// Frequency and duty that a channel starts with.
const START_FREQ: u32 = 5000;
const START_DUTY: i64 = 32768;
/// The highest frequency.
const FREQ_MAX: u32 = 40_000_000;
const FULL: i64 = 65536;
/// What the ESP-IDF says of a pin that cannot be driven.
const INVALID_ARG: i32 = 0x102;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, 2));
    }
    if args.n > 2 {
        return Err(vm.arg_count_error(args.n, 1, 2));
    }
    expect_pin(vm, vm.arg(args, 0))?;
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    let [pin, none, zero] = [gpio as i64, -1, 0].map(Value::int);
    let fields = [pin, none, none, none, Value::int(UNSET), zero, Value::FALSE, Value::FALSE];
    let pwm = vm.new_native(&PWM, &fields)?;
    vm.root(pwm);
    configure(vm, pwm, args)?;
    Ok(pwm)
}

/// A flag, or what it was.
fn flag(vm: &mut Vm, pwm: Value, field: usize, given: Value) -> Result<(), Raised> {
    if !given.is_null() {
        let on = vm.truth(given)?;
        vm.set_native_field(pwm, field, Value::bool(on));
    }
    Ok(())
}

fn is_set(vm: &Vm, pwm: Value, field: usize) -> bool {
    vm.native_field(pwm, field) == Value::TRUE
}

fn configure(vm: &mut Vm, pwm: Value, args: Args) -> Result<(), Raised> {
    let names = ["freq", "duty", "duty_u16", "duty_ns", "invert", "lightsleep"];
    let [freq, duty, u16, ns, invert, lightsleep] = bind(vm, args, 1, 1, names)?;
    let is_old = is_old(vm);
    if is_old && !(invert.is_null() && lightsleep.is_null()) {
        return Err(vm.type_error("extra keyword arguments given"));
    }
    let given = [duty, u16, ns].into_iter().filter(|v| !v.is_null()).count();
    if is_old && given > 1 {
        let text = "only one of parameters 'duty', 'duty_u16' or 'duty_ns' is allowed";
        return Err(vm.raise_args(types::VALUE_ERROR, text));
    }
    flag(vm, pwm, LIGHTSLEEP, lightsleep)?;
    let freq = match int_value(vm, freq, -1)? {
        -1 => None,
        hz => Some(check_freq(vm, hz, FREQ_MAX)?),
    };
    let [duty, u16, ns] =
        [int_value(vm, duty, -1)?, int_value(vm, u16, -1)?, int_value(vm, ns, -1)?];
    if u16 >= 0 {
        check_duty_u16(vm, pwm, u16)?;
    } else if ns >= 0 {
        check_duty_ns(vm, pwm, ns)?;
    } else if duty >= 0 {
        check_duty(vm, pwm, duty)?;
    } else if vm.native_int(pwm, SCALE) == UNSET {
        if is_old {
            set_duty(vm, pwm, OF_1024, START_DUTY >> 6);
        } else {
            set_duty(vm, pwm, OF_65536, START_DUTY);
        }
    }
    flag(vm, pwm, INVERT, invert)?;
    let gpio = vm.native_int(pwm, GPIO) as u8;
    let sleepless = is_set(vm, pwm, LIGHTSLEEP);
    let Some((group, channel)) = Chip::of(vm).ledc.find_channel(gpio, sleepless, freq) else {
        let mut channels = Chip::of(vm).ledc.channels.iter().flatten();
        if is_old && channels.any(|c| c.pin.is_none()) {
            return Err(exhausted(vm, "timers", TIMERS, sleepless));
        }
        return Err(exhausted(vm, "channels", CHANNELS, sleepless));
    };
    vm.set_native_field(pwm, GROUP, Value::int(group as i64));
    vm.set_native_field(pwm, CHANNEL, Value::int(channel as i64));
    let ledc = &Chip::of(vm).ledc;
    let running = ledc.channels[group][channel].timer.and_then(|t| ledc.timers[group][t]);
    let freq = freq.or(running.map(|t| t.freq)).unwrap_or(START_FREQ);
    set_freq(vm, pwm, freq)
}

/// There is no channel or timer left.
fn exhausted(vm: &mut Vm, what: &str, of_group: usize, sleepless: bool) -> Raised {
    let (kind, n) =
        if sleepless { ("light sleep capable ", of_group) } else { ("", GROUPS * of_group) };
    let class = if is_old(vm) { types::VALUE_ERROR } else { types::RUNTIME_ERROR };
    vm.raise_fmt(class, format_args!("out of {kind}PWM {what}:{n}"))
}

/// Whether the firmware is MicroPython 1.19.1.
fn is_old(vm: &mut Vm) -> bool {
    Chip::of(vm).profile.switches.pwm != Era::Now
}

fn check_freq(vm: &mut Vm, hz: i64, most: u32) -> Result<u32, Raised> {
    match u32::try_from(hz) {
        Ok(hz) if (1..=most).contains(&hz) => Ok(hz),
        _ => {
            let mhz = most / 1_000_000;
            // It was misspelt once.
            let what = if is_old(vm) { "freqency" } else { "frequency" };
            Err(vm
                .raise_fmt(types::VALUE_ERROR, format_args!("{what} must be from 1Hz to {mhz}MHz")))
        }
    }
}

fn set_duty(vm: &mut Vm, pwm: Value, scale: i64, duty: i64) {
    vm.set_native_field(pwm, SCALE, Value::int(scale));
    vm.set_native_field(pwm, DUTY, Value::int(duty));
}

fn check_duty_u16(vm: &mut Vm, pwm: Value, duty: i64) -> Result<(), Raised> {
    if !(0..FULL).contains(&duty) {
        // Today's text has it one higher than it is.
        let most = if is_old(vm) { FULL - 1 } else { FULL };
        return Err(
            vm.raise_fmt(types::VALUE_ERROR, format_args!("duty_u16 must be from 0 to {most}"))
        );
    }
    set_duty(vm, pwm, OF_65536, if duty == FULL - 1 { FULL } else { duty });
    Ok(())
}

fn check_duty(vm: &mut Vm, pwm: Value, duty: i64) -> Result<(), Raised> {
    if !(0..1024).contains(&duty) {
        return Err(vm.raise_args(types::VALUE_ERROR, "duty must be from 0 to 1023"));
    }
    set_duty(vm, pwm, OF_1024, if duty == 1023 { 1024 } else { duty });
    Ok(())
}

fn check_duty_ns(vm: &mut Vm, pwm: Value, ns: i64) -> Result<(), Raised> {
    active(vm, pwm)?;
    let most = to_ns(vm, pwm, FULL);
    if !(0..=most).contains(&ns) {
        return Err(
            vm.raise_fmt(types::VALUE_ERROR, format_args!("duty_ns must be from 0 to {most} ns"))
        );
    }
    set_duty(vm, pwm, IN_NS, ns);
    Ok(())
}

/// A duty of 65536 in nanoseconds.
fn to_ns(vm: &Vm, pwm: Value, duty: i64) -> i64 {
    let freq = vm.native_int(pwm, FREQ).max(1);
    (duty * 1_000_000_000 + freq * (FULL / 2)) / (freq * FULL)
}

/// Group, channel and timer of a PWM that runs.
fn active(vm: &mut Vm, pwm: Value) -> Result<(usize, usize, Timer), Raised> {
    let place = [GROUP, CHANNEL].map(|f| usize::try_from(vm.native_int(pwm, f)));
    let gpio = vm.native_int(pwm, GPIO) as u8;
    let ledc = &Chip::of(vm).ledc;
    if let [Ok(group), Ok(channel)] = place
        && let Some(Channel { timer: Some(timer), pin, .. }) =
            ledc.channels.get(group).and_then(|g| g.get(channel))
        // The channel may be another pin's by now.
        && pin.is_none_or(|p| p == gpio)
        && let Some(timer) = ledc.timers[group][*timer]
    {
        return Ok((group, channel, timer));
    }
    Err(vm.runtime_error("PWM is inactive"))
}

/// The duty of 65535, as the timer's resolution has it.
fn duty_u16(vm: &mut Vm, pwm: Value) -> Result<i64, Raised> {
    let (group, channel, timer) = active(vm, pwm)?;
    let duty = i64::from(Chip::of(vm).ledc.channels[group][channel].duty) << (16 - timer.bits);
    Ok(duty.min(FULL - 1))
}

/// Finds a timer for the frequency, and starts with it.
fn set_freq(vm: &mut Vm, pwm: Value, freq: u32) -> Result<(), Raised> {
    let gpio = vm.native_int(pwm, GPIO) as u8;
    let sleepless = is_set(vm, pwm, LIGHTSLEEP);
    let [group, channel] = [GROUP, CHANNEL].map(|f| vm.native_int(pwm, f) as usize);
    let chip = Chip::of(vm);
    let own = chip.ledc.channels[group][channel];
    let at = (group, channel, own.timer);
    let Some((new_group, timer)) = chip.ledc.select_timer(gpio, sleepless, freq, at) else {
        return Err(exhausted(vm, "timers", TIMERS, sleepless));
    };
    let settings = Timer::new(freq, sleepless, chip.freq);
    check_freq(vm, i64::from(freq), settings.freq_max())?;
    let ledc = &mut Chip::of(vm).ledc;
    if (group, own.timer) != (new_group, Some(timer)) {
        ledc.free(group, channel);
    }
    ledc.timers[new_group][timer] = Some(settings);
    let channel = if new_group == group {
        channel
    } else {
        // There is one: that is what the group was chosen for.
        ledc.channels[new_group].iter().position(|c| c.pin.is_none()).unwrap_or(channel)
    };
    ledc.channels[new_group][channel].timer = Some(timer);
    for (field, n) in [(GROUP, new_group), (CHANNEL, channel), (FREQ, freq as usize)] {
        vm.set_native_field(pwm, field, Value::int(n as i64));
    }
    apply(vm, pwm)?;
    Ok(())
}

/// Sets the channel's duty and connects the pin.
fn apply(vm: &mut Vm, pwm: Value) -> Res {
    let (group, channel, timer) = active(vm, pwm)?;
    let given = vm.native_int(pwm, DUTY);
    let duty = match vm.native_int(pwm, SCALE) {
        OF_1024 => given << 6,
        IN_NS => {
            let freq = vm.native_int(pwm, FREQ);
            let duty = (given * FULL * freq + 500_000_000) / 1_000_000_000;
            duty.clamp(i64::from(given > 0), FULL)
        }
        _ => given,
    };
    let gpio = vm.native_int(pwm, GPIO) as usize;
    if !super::is_output(gpio) {
        return Err(esp_error(vm, INVALID_ARG));
    }
    let (lightsleep, inverted) = (is_set(vm, pwm, LIGHTSLEEP), is_set(vm, pwm, INVERT));
    let place = &mut Chip::of(vm).ledc.channels[group][channel];
    place.pin = Some(gpio as u8);
    place.duty = (duty >> (16 - timer.bits)) as u32;
    place.lightsleep |= lightsleep;
    place.inverted = inverted;
    let pin = &mut Chip::of(vm).pins[gpio];
    pin.claimed = true;
    pin.output = true;
    let freq = timer.real_freq();
    let duty = duty_u16(vm, pwm)?;
    let duty = if inverted { FULL - 1 - duty } else { duty };
    chip::wiring::settle(vm, gpio);
    tell(vm, gpio, freq, duty);
    Ok(Value::NONE)
}

fn tell(vm: &mut Vm, gpio: usize, freq: u32, duty: i64) {
    let now = vm.port.now_us();
    let event = Event::Pwm { gpio: gpio as u8, freq, duty_u16: duty as u16 };
    Chip::of(vm).emit(now, event);
}

fn deinit(vm: &mut Vm, pwm: Value) {
    if let Ok((group, channel, timer)) = active_quietly(vm, pwm) {
        let gpio = vm.native_int(pwm, GPIO) as usize;
        let rest = is_set(vm, pwm, INVERT);
        let chip = Chip::of(vm);
        chip.ledc.free(group, channel);
        chip.pins[gpio].claimed = false;
        chip.pins[gpio].latch = rest;
        tell(vm, gpio, timer.real_freq(), if rest { FULL - 1 } else { 0 });
        chip::wiring::settle(vm, gpio);
    }
    for field in [GROUP, CHANNEL, FREQ] {
        vm.set_native_field(pwm, field, Value::int(-1));
    }
    set_duty(vm, pwm, UNSET, 0);
    for field in [INVERT, LIGHTSLEEP] {
        vm.set_native_field(pwm, field, Value::FALSE);
    }
}

/// As [`active`], for those who do not mind.
fn active_quietly(vm: &mut Vm, pwm: Value) -> Result<(usize, usize, Timer), ()> {
    let pending = vm.pending;
    active(vm, pwm).map_err(|Raised| vm.pending = pending)
}

fn print(
    vm: &mut Vm,
    v: Value,
    out: &mut Vec<u8>,
    _: coil_vm::rom::PrintKind,
) -> Result<(), Raised> {
    let gpio = vm.native_int(v, GPIO);
    let mut text = format!("PWM(Pin({gpio})");
    if let Ok((group, channel, timer)) = active_quietly(vm, v) {
        text += &format!(", freq={}", timer.real_freq());
        let duty = duty_u16(vm, v)?;
        text += &match vm.native_int(v, SCALE) {
            OF_1024 => format!(", duty={}", duty >> 6),
            IN_NS => format!(", duty_ns={}", to_ns(vm, v, duty)),
            _ => format!(", duty_u16={duty}"),
        };
        if is_old(vm) {
            let place = Chip::of(vm).ledc.channels[group][channel];
            let steps = f64::from(1u32 << timer.bits);
            let percents = [f64::from(place.duty), 1.0].map(|n| 100.0 * n / steps);
            text += &format!(", resolution={}", timer.bits);
            text += &format!(", (duty={:.2}%, resolution={:.3}%)", percents[0], percents[1]);
            let timer = place.timer.unwrap_or(0);
            text += &format!(", mode={group}, channel={channel}, timer={timer}");
        }
        for (field, name) in [(INVERT, "invert"), (LIGHTSLEEP, "lightsleep")] {
            if is_set(vm, v, field) {
                text += &format!(", {name}=True");
            }
        }
    }
    text.push(')');
    out.extend_from_slice(text.as_bytes());
    Ok(())
}
