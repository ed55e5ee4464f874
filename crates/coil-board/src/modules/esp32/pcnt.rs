//! `esp32.PCNT`: a unit of the pulse counter.

use crate::chip::counters::{
    Action, MAXIMUM, MINIMUM, Mode, THRESHOLD0, THRESHOLD1, UNITS, Unit, ZERO,
};
use crate::chip::{self, Chip};
use crate::modules::machine::{bind, gpio_of, int_value};
use alloc::format;
use coil_vm::rom::{Args, Item, TypeDef, def, def_kw, def_raw};
use coil_vm::{Raised, Res, Value, Vm};

/// `PCNT`: field 0 is the number of the unit.
pub(super) static PCNT: TypeDef = TypeDef {
    name: "PCNT",
    items: &[
        def_raw(
            "init(self, *, channel=, pin=, rising=, falling=, mode_pin=, mode_low=, mode_high=, min=, \
             max=, filter=, threshold0=, threshold1=, value=)",
            |vm, a| {
                let n = number(vm, vm.arg(a, 0));
                init(vm, n, a, 1)?;
                Ok(Value::NONE)
            },
        ),
        def("value(self, value=)", value),
        def_kw("irq(self, handler=, trigger=)", irq),
        def("start(self)", |vm, a| {
            unit(vm, vm.arg(a, 0)).runs = true;
            Ok(Value::NONE)
        }),
        def("stop(self)", |vm, a| {
            unit(vm, vm.arg(a, 0)).runs = false;
            Ok(Value::NONE)
        }),
        def("deinit(self)", deinit),
        def("__del__(self)", deinit),
        Item::Int("IGNORE", 0),
        Item::Int("INCREMENT", 1),
        Item::Int("DECREMENT", 2),
        Item::Int("NORMAL", 0),
        Item::Int("REVERSE", 1),
        Item::Int("HOLD", 2),
        Item::Int("IRQ_ZERO", ZERO as i64),
        Item::Int("IRQ_THRESHOLD0", THRESHOLD0 as i64),
        Item::Int("IRQ_THRESHOLD1", THRESHOLD1 as i64),
        Item::Int("IRQ_MIN", MINIMUM as i64),
        Item::Int("IRQ_MAX", MAXIMUM as i64),
    ],
    new: Some(|vm, _, args| {
        if args.n < 1 {
            return Err(vm.type_error("id"));
        }
        let n = match usize::try_from(vm.expect_int(vm.arg(args, 0))?) {
            Ok(n) if n < UNITS => n,
            _ => return Err(vm.value_error("invalid id")),
        };
        // More arguments without names are not looked at.
        init(vm, n, args, args.n)?;
        object(vm, n)
    }),
    print: Some(|vm, v, out, _| {
        out.extend_from_slice(format!("PCNT({})", vm.native_int(v, 0)).as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// What `PCNT.irq` gives: field 0 is the number of the unit.
pub(super) static IRQ: TypeDef = TypeDef {
    name: "irq",
    items: &[
        def("flags(self)", |vm, a| {
            let flags = core::mem::take(&mut unit(vm, vm.arg(a, 0)).flags);
            Ok(Value::int(i64::from(flags)))
        }),
        def("trigger(self, trigger=)", |vm, a| {
            let this = vm.arg(a, 0);
            let before = unit(vm, this).trigger;
            if a.n > 1 {
                let trigger = vm.expect_int(vm.arg(a, 1))?;
                unit(vm, this).trigger = trigger as u8 & ALL;
            }
            Ok(Value::int(i64::from(before)))
        }),
    ],
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 0)?;
        let slot = unit(vm, v).slot;
        if slot != 0 && vm.pinned(slot - 1) != Value::NONE {
            vm.schedule(vm.pinned(slot - 1), vm.pinned(slot));
        }
        Ok(Value::NONE)
    }),
    ..TypeDef::EMPTY
};

/// All that a unit can tell.
const ALL: u8 = THRESHOLD0 | THRESHOLD1 | MINIMUM | MAXIMUM | ZERO;

/// The objects made so far: their pinned places.
#[derive(Default)]
struct Objects([Option<usize>; UNITS]);

fn object(vm: &mut Vm, n: usize) -> Res {
    if let Some(place) = vm.state::<Objects>().0[n] {
        return Ok(vm.pinned(place));
    }
    let pcnt = vm.new_native(&PCNT, &[Value::int(n as i64)])?;
    let place = vm.pin(pcnt);
    vm.state::<Objects>().0[n] = Some(place);
    Ok(pcnt)
}

fn number(vm: &Vm, this: Value) -> usize {
    vm.native_int(this, 0) as usize % UNITS
}

fn unit(vm: &mut Vm, this: Value) -> &mut Unit {
    let n = number(vm, this);
    &mut Chip::of(vm).counters.units[n]
}

/// An int from a range that was given by name; its name is all there is to say of another.
fn setting(
    vm: &mut Vm,
    v: Value,
    range: core::ops::RangeInclusive<i64>,
    name: &str,
) -> Result<Option<i64>, Raised> {
    if v.is_null() {
        return Ok(None);
    }
    let n = vm.expect_int(v)?;
    if range.contains(&n) { Ok(Some(n)) } else { Err(vm.value_error(name)) }
}

fn action(n: Option<i64>) -> Action {
    match n {
        Some(1) => Action::Increment,
        Some(2) => Action::Decrement,
        _ => Action::Ignore,
    }
}

fn mode(n: Option<i64>) -> Mode {
    match n {
        Some(1) => Mode::Reverse,
        Some(2) => Mode::Hold,
        _ => Mode::Normal,
    }
}

/// A pin, `None` for none.
fn pin(vm: &mut Vm, v: Value) -> Result<Option<usize>, Raised> {
    if matches!(v, Value::NULL | Value::NONE) { Ok(None) } else { gpio_of(vm, v).map(Some) }
}

fn init(vm: &mut Vm, n: usize, args: Args, from: usize) -> Result<(), Raised> {
    let names = [
        "channel",
        "pin",
        "rising",
        "falling",
        "mode_pin",
        "mode_low",
        "mode_high",
        "min",
        "max",
        "filter",
        "threshold0",
        "threshold1",
        "value",
    ];
    let given = bind(vm, args, from, 0, names)?;
    let [channel, count_pin, rising, falling, mode_pin, mode_low, mode_high, ..] = given;
    let [.., min, max, filter, threshold0, threshold1, value] = given;
    let channel = match int_value(vm, channel, 0)? {
        c @ (0 | 1) => c as usize,
        _ => return Err(vm.value_error("channel")),
    };
    if !count_pin.is_null() || !mode_pin.is_null() {
        if count_pin.is_null() {
            return Err(vm.value_error("pin"));
        }
        let (count_pin, mode_pin) = (pin(vm, count_pin)?, pin(vm, mode_pin)?);
        let channel = &mut Chip::of(vm).counters.units[n].channels[channel];
        (channel.pin, channel.mode_pin) = (count_pin, mode_pin);
    }
    if [rising, falling, mode_low, mode_high].iter().any(|v| !v.is_null()) {
        let rising = action(setting(vm, rising, 0..=2, "rising")?);
        let falling = action(setting(vm, falling, 0..=2, "falling")?);
        let mode_low = mode(setting(vm, mode_low, 0..=2, "mode_low")?);
        let mode_high = mode(setting(vm, mode_high, 0..=2, "mode_high")?);
        let channel = &mut Chip::of(vm).counters.units[n].channels[channel];
        *channel = chip::counters::Channel { rising, falling, mode_low, mode_high, ..*channel };
    }
    setting(vm, filter, 0..=1023, "filter")?;
    let mut clear = setting(vm, value, 0..=0, "value")?.is_some();
    let limits = [
        (min, -32768..=0, "minimum"),
        (max, 0..=32767, "maximum"),
        (threshold0, -32768..=32767, "threshold0"),
        (threshold1, -32768..=32767, "threshold1"),
    ];
    for (at, (v, range, name)) in limits.into_iter().enumerate() {
        if let Some(limit) = setting(vm, v, range, name)? {
            let unit = &mut Chip::of(vm).counters.units[n];
            let place = match at {
                0 => &mut unit.minimum,
                1 => &mut unit.maximum,
                _ => &mut unit.thresholds[at - 2],
            };
            *place = limit as i32;
            clear = true;
        }
    }
    if clear {
        Chip::of(vm).counters.units[n].clear();
    }
    Ok(())
}

fn value(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if args.n == 2 && vm.expect_int(vm.arg(args, 1))? != 0 {
        return Err(vm.value_error("value"));
    }
    // Edges up to now count.
    chip::poll(vm)?;
    loop {
        let unit = *unit(vm, this);
        let handler = if unit.slot == 0 { Value::NONE } else { vm.pinned(unit.slot - 1) };
        if unit.flags != 0 && handler != Value::NONE {
            // Whoever was told of something has to hear it before the count that belongs to it; a
            // handler that does not take its flags is called for ever.
            let argument = vm.pinned(unit.slot);
            vm.call(handler, &[argument])?;
            vm.poll()?;
            continue;
        }
        if args.n == 2 {
            let n = number(vm, this);
            Chip::of(vm).counters.units[n].clear();
        }
        return Ok(Value::int(i64::from(unit.count)));
    }
}

fn irq(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let [handler, trigger] = [1, 2].map(|i| vm.arg(args, i));
    if !handler.is_null() || !trigger.is_null() {
        let trigger = int_value(vm, trigger, i64::from(ZERO))?;
        if !(i64::from(THRESHOLD1)..i64::from(ZERO) << 1).contains(&trigger) {
            return Err(vm.value_error("trigger"));
        }
        if matches!(handler, Value::NULL | Value::NONE) {
            let slot = unit(vm, this).slot;
            if slot != 0 {
                vm.set_pinned(slot - 1, Value::NONE);
            }
            unit(vm, this).trigger = 0;
        } else {
            let slot = match unit(vm, this).slot {
                0 => {
                    let slot = vm.pin(handler) + 1;
                    vm.pin(this);
                    slot
                }
                slot => {
                    vm.set_pinned(slot - 1, handler);
                    slot
                }
            };
            let unit = unit(vm, this);
            unit.slot = slot;
            unit.trigger = trigger as u8 & ALL;
        }
    }
    vm.new_native(&IRQ, &[Value::int(number(vm, this) as i64)])
}

fn deinit(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let slot = unit(vm, this).slot;
    if slot != 0 {
        vm.set_pinned(slot - 1, Value::NONE);
    }
    *unit(vm, this) = Unit { slot, ..Unit::default() };
    Ok(Value::NONE)
}
