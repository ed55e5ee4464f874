//! `machine.Counter` and `machine.Encoder`: counts without limits, on units of the pulse counter.

use super::{gpio_of, int_value};
use crate::chip::counters::{Action, Channel, Mode, UNITS, Unit};
use crate::chip::{self, Chip};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, PrintKind, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `Counter`: see the fields below.
pub(super) static COUNTER: TypeDef = TypeDef {
    name: "Counter",
    items: &[
        def_raw("init(self, src, edge=, direction=, *, filter_ns=)", |vm, a| {
            let this = vm.arg(a, 0);
            configure(vm, this, a, &COUNTER)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", deinit),
        def("value(self, value=)", value),
        Item::Int("RISING", RISING),
        Item::Int("FALLING", FALLING),
        Item::Int("UP", 1),
        Item::Int("DOWN", 2),
    ],
    new: Some(|vm, _, args| new(vm, args, &COUNTER)),
    print: Some(print),
    ..TypeDef::EMPTY
};

/// `Encoder`: see the fields below.
pub(super) static ENCODER: TypeDef = TypeDef {
    name: "Encoder",
    items: &[
        def_raw("init(self, phase_a, phase_b, phases=, *, filter_ns=)", |vm, a| {
            let this = vm.arg(a, 0);
            configure(vm, this, a, &ENCODER)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", deinit),
        def("value(self, value=)", value),
        def("phases(self)", |vm, a| Ok(vm.native_field(vm.arg(a, 0), PHASES))),
    ],
    new: Some(|vm, _, args| new(vm, args, &ENCODER)),
    print: Some(print),
    ..TypeDef::EMPTY
};

/// Fields: the unit, what is added to its count, whether it counts, phases of an encoder.
const UNIT: usize = 0;
const OFFSET: usize = 1;
const OPEN: usize = 2;
const PHASES: usize = 3;

const RISING: i64 = 1;
const FALLING: i64 = 2;

/// The objects made so far, of either kind: their pinned places.
#[derive(Default)]
struct Objects([Option<usize>; UNITS]);

/// As an object of a class written in Python.
fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let at = v.as_ref().map_or(0, |r| r.offset());
    let text = format!("<{} object at {at:x}>", vm.type_name(v));
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn new(vm: &mut Vm, args: Args, class: &'static TypeDef) -> Res {
    if args.n == 0 {
        return Err(vm.type_error("function missing required positional argument #1"));
    }
    let n = match usize::try_from(vm.expect_int(vm.arg(args, 0))?) {
        Ok(n) if n < UNITS => n,
        _ => return Err(vm.value_error("invalid id")),
    };
    let this = match vm.state::<Objects>().0[n] {
        Some(place) => {
            let this = vm.pinned(place);
            if vm.as_native(this, class).is_none() {
                return Err(vm.value_error("PCNT in use"));
            }
            this
        }
        None => {
            let fields = [Value::int(n as i64), Value::int(0), Value::FALSE, Value::int(1)];
            let this = vm.new_native(class, &fields)?;
            let place = vm.pin(this);
            vm.state::<Objects>().0[n] = Some(place);
            this
        }
    };
    configure(vm, this, args, class)?;
    Ok(this)
}

/// The arguments of a constructor after the number of the unit, as Python code takes them that needs the
/// first `required`: these classes are written in Python on the chip. `filter_ns` has nothing to do here.
fn bind<const N: usize>(
    vm: &mut Vm,
    args: Args,
    required: usize,
    names: [&str; N],
) -> Result<[Value; N], Raised> {
    let mut bound = [Value::NULL; N];
    let mut named = Vec::new();
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        let name = vm.str_bytes(name).to_vec();
        if name == b"filter_ns" {
            vm.expect_int(v)?;
        } else {
            named.push((String::from_utf8_lossy(&name).into_owned(), v));
        }
    }
    let takes = if args.n > N + 1 { N + 1 } else { required + 1 };
    if args.n > N + 1 || named.is_empty() && args.n < takes {
        let n = args.n;
        let text = format!("function takes {takes} positional arguments but {n} were given");
        return Err(vm.type_error(&text));
    }
    for (i, slot) in bound.iter_mut().enumerate().take(args.n - 1) {
        *slot = vm.arg(args, i + 1);
    }
    for (name, v) in named {
        match names.iter().position(|n| *n == name) {
            Some(at) if bound[at].is_null() => bound[at] = v,
            Some(_) => {
                let text = format!("function got multiple values for argument '{name}'");
                return Err(vm.type_error(&text));
            }
            None => return Err(vm.type_error(&format!("unexpected keyword argument '{name}'"))),
        }
    }
    match bound.iter().take(required).position(|v| v.is_null()) {
        Some(at) => {
            let n = at + 1;
            Err(vm.type_error(&format!("function missing required positional argument #{n}")))
        }
        None => Ok(bound),
    }
}

fn configure(vm: &mut Vm, this: Value, args: Args, class: &'static TypeDef) -> Result<(), Raised> {
    if args.n == 1 && args.nkw == 0 && vm.native_field(this, OPEN) == Value::TRUE {
        return Ok(());
    }
    let channels =
        if core::ptr::eq(class, &COUNTER) { counter(vm, args)? } else { encoder(vm, this, args)? };
    let n = vm.native_int(this, UNIT) as usize;
    let unit = &mut Chip::of(vm).counters.units[n];
    *unit = Unit { channels, runs: true, slot: unit.slot, ..Unit::default() };
    vm.set_native_field(this, OFFSET, Value::int(0));
    vm.set_native_field(this, OPEN, Value::TRUE);
    Ok(())
}

fn counter(vm: &mut Vm, args: Args) -> Result<[Channel; 2], Raised> {
    let [src, edge, direction] = bind(vm, args, 1, ["src", "edge", "direction"])?;
    let pin = gpio_of(vm, src)?;
    let edge = int_value(vm, edge, RISING)?;
    let direction = int_value(vm, direction, 1)?;
    let mut actions = [Action::Ignore; 2];
    for (action, (bit, name)) in actions.iter_mut().zip([(RISING, "rising"), (FALLING, "falling")])
    {
        *action = match if edge & bit != 0 { direction } else { 0 } {
            0 => Action::Ignore,
            1 => Action::Increment,
            2 => Action::Decrement,
            _ => return Err(vm.value_error(name)),
        };
    }
    let [rising, falling] = actions;
    Ok([Channel { pin: Some(pin), rising, falling, ..Channel::default() }, Channel::default()])
}

fn encoder(vm: &mut Vm, this: Value, args: Args) -> Result<[Channel; 2], Raised> {
    let [a, b, phases] = bind(vm, args, 2, ["phase_a", "phase_b", "phases"])?;
    let phases = int_value(vm, phases, 1)?;
    if ![1, 2, 4].contains(&phases) {
        return Err(vm.value_error("phases"));
    }
    let (a, b) = (gpio_of(vm, a)?, gpio_of(vm, b)?);
    vm.set_native_field(this, PHASES, Value::int(phases));
    let first = Channel {
        pin: Some(a),
        mode_pin: Some(b),
        rising: Action::Decrement,
        falling: Action::Increment,
        mode_low: if phases == 1 { Mode::Hold } else { Mode::Reverse },
        mode_high: Mode::Normal,
    };
    let second = Channel {
        pin: Some(b),
        mode_pin: Some(a),
        rising: Action::Increment,
        falling: Action::Decrement,
        mode_low: Mode::Reverse,
        mode_high: Mode::Normal,
    };
    Ok([first, if phases == 4 { second } else { Channel::default() }])
}

fn deinit(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let n = vm.native_int(this, UNIT) as usize;
    let unit = &mut Chip::of(vm).counters.units[n];
    *unit = Unit { slot: unit.slot, ..Unit::default() };
    vm.set_native_field(this, OPEN, Value::FALSE);
    Ok(Value::NONE)
}

fn value(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if vm.native_field(this, OPEN) != Value::TRUE {
        return Err(vm.raise_args(types::RUNTIME_ERROR, "not initialised"));
    }
    // Edges up to now count.
    chip::poll(vm)?;
    let n = vm.native_int(this, UNIT) as usize;
    let total = Chip::of(vm).counters.units[n].total;
    let count = total + vm.native_int(this, OFFSET);
    if !matches!(vm.arg(args, 1), Value::NULL | Value::NONE) {
        let wanted = vm.expect_int(vm.arg(args, 1))?;
        vm.set_native_field(this, OFFSET, Value::int(wanted - total));
    }
    vm.new_int(count)
}
