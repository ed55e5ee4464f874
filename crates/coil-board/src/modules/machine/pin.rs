//! `machine.Pin`.

use crate::chip::{self, Chip, GPIO_COUNT};
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, PrintKind, TypeDef, def, def_kw};
use coil_vm::{Qstr, Raised, Res, Value, Vm};

/// `Pin`: field 0 is the GPIO number.
pub(crate) static PIN: TypeDef = TypeDef {
    name: "Pin",
    items: &[
        def_kw("init(self, mode=, pull=, *, value=, drive=, hold=)", |vm, a| {
            let gpio = this(vm, a)?;
            init(vm, gpio, [1, 2, 3, 4, 5].map(|i| vm.arg(a, i)))?;
            Ok(Value::NONE)
        }),
        def("value(self, x=)", |vm, a| {
            let gpio = this(vm, a)?;
            access(vm, gpio, vm.arg(a, 1))
        }),
        def("off(self)", |vm, a| {
            let gpio = this(vm, a)?;
            access(vm, gpio, Value::FALSE)
        }),
        def("on(self)", |vm, a| {
            let gpio = this(vm, a)?;
            access(vm, gpio, Value::TRUE)
        }),
        def("toggle(self)", |vm, a| {
            let gpio = this(vm, a)?;
            let latch = Chip::of(vm).pins[gpio].latch;
            access(vm, gpio, Value::bool(!latch))
        }),
        def_kw("irq(self, handler=, trigger=, wake=)", irq),
        Item::Type("board", &BOARD),
        Item::Int("IN", IN),
        Item::Int("OUT", OUT),
        Item::Int("OPEN_DRAIN", OPEN_DRAIN),
        Item::Int("PULL_UP", 2),
        Item::Int("PULL_DOWN", 1),
        Item::Int("IRQ_RISING", 1),
        Item::Int("IRQ_FALLING", 2),
        Item::Int("WAKE_LOW", 4),
        Item::Int("WAKE_HIGH", 5),
        Item::Int("DRIVE_0", 0),
        Item::Int("DRIVE_1", 1),
        Item::Int("DRIVE_2", 2),
        Item::Int("DRIVE_3", 3),
    ],
    new: Some(new),
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 1)?;
        let gpio = number(vm, v)?;
        access(vm, gpio, vm.arg(a, 0))
    }),
    print: Some(print),
    ..TypeDef::EMPTY
};

/// Named pins of a board; this firmware's generic board has none.
static BOARD: TypeDef = TypeDef { name: "board", ..TypeDef::EMPTY };

/// What `Pin.irq` gives: fields GPIO number, trigger.
pub(crate) static IRQ: TypeDef = TypeDef {
    name: "irq",
    items: &[def("trigger(self, trigger=)", |vm, a| {
        let this = vm.arg(a, 0);
        let gpio = number(vm, this)?;
        let old = Chip::of(vm).pins[gpio].irq_edges;
        if a.n > 1 {
            Chip::of(vm).pins[gpio].irq_edges = (vm.expect_int(vm.arg(a, 1))? & 3) as u8;
        }
        Ok(Value::int(i64::from(old)))
    })],
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 0)?;
        let gpio = number(vm, v)?;
        let slot = Chip::of(vm).pins[gpio].irq_slot;
        if slot != 0 {
            let (handler, pin) = (vm.pinned(slot - 1), vm.pinned(slot));
            vm.call_protected(handler, &[pin])?;
        }
        Ok(Value::NONE)
    }),
    ..TypeDef::EMPTY
};

const IN: i64 = 1;
const OUT: i64 = 3;
const OPEN_DRAIN: i64 = 7;
/// The bit of a mode that lets the pin drive.
const DRIVES: i64 = 2;
/// GPIOs from here on can only be inputs.
const FIRST_INPUT_ONLY: usize = 34;

/// The Pin objects made so far: their pinned places.
struct Pins([usize; GPIO_COUNT]);

impl Default for Pins {
    fn default() -> Self {
        Self([usize::MAX; GPIO_COUNT])
    }
}

fn number(vm: &mut Vm, pin: Value) -> Result<usize, Raised> {
    match vm.native_field(pin, 0).as_int().and_then(|i| usize::try_from(i).ok()) {
        Some(gpio) if gpio < GPIO_COUNT => Ok(gpio),
        _ => Err(vm.type_error("expecting a pin")),
    }
}

fn this(vm: &mut Vm, args: Args) -> Result<usize, Raised> {
    number(vm, vm.arg(args, 0))
}

/// The GPIO number of a Pin object or an int.
pub(crate) fn gpio_of(vm: &mut Vm, v: Value) -> Result<usize, Raised> {
    if vm.type_of(v) == vm.type_value(&PIN) {
        return number(vm, v);
    }
    match vm.try_int_like(v)? {
        Some(i) if is_valid(i) => Ok(i as usize),
        Some(_) => Err(vm.value_error("invalid pin")),
        None => Err(vm.type_error("expecting a pin")),
    }
}

/// Numbers of pins that the chip has.
fn is_valid(i: i64) -> bool {
    matches!(i, 0..=19 | 21..=23 | 25..=27 | 32..=39)
}

/// The one Pin object of a GPIO.
pub(super) fn object(vm: &mut Vm, gpio: usize) -> Res {
    let place = vm.state::<Pins>().0[gpio];
    if place != usize::MAX {
        return Ok(vm.pinned(place));
    }
    let pin = vm.new_native(&PIN, &[Value::int(gpio as i64)])?;
    let place = vm.pin(pin);
    vm.state::<Pins>().0[gpio] = place;
    Ok(pin)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let id = vm.arg(args, 0);
    let gpio = if vm.is_str(id) {
        // Only named pins of a board are strings, and this firmware has none.
        return Err(vm.value_error("invalid pin"));
    } else {
        gpio_of(vm, id)?
    };
    let pin = object(vm, gpio)?;
    if args.n > 1 || args.nkw > 0 {
        let all = vm.args_vec(args);
        let mut settings = [Value::NULL; 5];
        if all.len() > 3 {
            return Err(vm.type_error("extra positional arguments given"));
        }
        settings[..all.len() - 1].copy_from_slice(&all[1..]);
        for i in 0..args.nkw {
            let (name, v) = vm.kwarg(args, i);
            let at = match name.as_qstr().map(|q| vm.names.get(Qstr(q))) {
                Some(b"mode") => 0,
                Some(b"pull") => 1,
                Some(b"value") => 2,
                Some(b"drive") => 3,
                Some(b"hold") => 4,
                _ => return Err(vm.type_error("extra keyword arguments given")),
            };
            settings[at] = v;
        }
        init(vm, gpio, settings)?;
    }
    Ok(pin)
}

/// Mode, pull, value, drive, hold.
fn init(
    vm: &mut Vm,
    gpio: usize,
    [mode, pull, value, drive, hold]: [Value; 5],
) -> Result<(), Raised> {
    let mode = match mode {
        Value::NULL | Value::NONE => None,
        v => Some(vm.expect_int(v)?),
    };
    if gpio >= FIRST_INPUT_ONLY && mode.is_some_and(|m| m & DRIVES != 0) {
        return Err(vm.value_error("pin can only be input"));
    }
    for v in [drive, hold] {
        if !v.is_null() && v != Value::NONE {
            vm.try_int_like(v)?;
        }
    }
    let before = Chip::of(vm).pins[gpio];
    let latch = if value.is_null() { before.latch } else { vm.truth(value)? };
    let pulls = match pull {
        Value::NULL => None,
        Value::NONE => Some(0),
        v => Some(vm.expect_int(v)?).filter(|&p| p != -1),
    };
    let pin = &mut Chip::of(vm).pins[gpio];
    pin.latch = latch;
    if let Some(m) = mode {
        pin.output = m & DRIVES != 0;
        pin.open_drain = m & 4 != 0;
        pin.claimed = false;
        pin.uart_drives = false;
    }
    if let Some(p) = pulls {
        // Inputs without output drivers have no pull resistors either.
        pin.pull_up = p & 2 != 0 && gpio < FIRST_INPUT_ONLY;
        pin.pull_down = p & 1 != 0 && gpio < FIRST_INPUT_ONLY;
    }
    let after = *pin;
    if after.output && (!before.output || before.level() != after.level()) {
        let now = vm.port.now_us();
        Chip::of(vm)
            .emit(now, crate::outside::Event::Pin { gpio: gpio as u8, level: after.level() });
    }
    chip::wiring::settle(vm, gpio);
    Ok(())
}

fn access(vm: &mut Vm, gpio: usize, value: Value) -> Res {
    if value.is_null() {
        // A level that changed outside is seen at once.
        chip::poll(vm)?;
        return Ok(Value::int(i64::from(Chip::of(vm).pins[gpio].level())));
    }
    let level = vm.truth(value)?;
    chip::drive(vm, gpio, level);
    Ok(Value::NONE)
}

fn irq(vm: &mut Vm, args: Args) -> Res {
    let gpio = this(vm, args)?;
    let pin = object(vm, gpio)?;
    let given = (1..4).any(|i| !vm.arg(args, i).is_null());
    if given {
        let handler = if vm.arg(args, 1).is_null() { Value::NONE } else { vm.arg(args, 1) };
        let trigger = super::int_or(vm, args, 2, 3)?;
        let mut slot = Chip::of(vm).pins[gpio].irq_slot;
        if slot == 0 {
            slot = vm.pin(handler) + 1;
            vm.pin(pin);
            Chip::of(vm).pins[gpio].irq_slot = slot;
        } else {
            vm.set_pinned(slot - 1, handler);
        }
        let off = handler == Value::NONE;
        Chip::of(vm).pins[gpio].irq_edges = if off { 0 } else { (trigger & 3) as u8 };
    }
    vm.new_native(&IRQ, &[Value::int(gpio as i64)])
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let gpio = number(vm, v)?;
    let pin = Chip::of(vm).pins[gpio];
    let mode = if pin.output && pin.open_drain {
        "OPEN_DRAIN"
    } else if pin.output {
        "OUT"
    } else {
        "IN"
    };
    let pull = match (pin.pull_up, pin.pull_down) {
        (true, _) => ", pull=Pin.PULL_UP",
        (_, true) => ", pull=Pin.PULL_DOWN",
        _ => "",
    };
    out.extend_from_slice(format!("Pin({gpio}, mode=Pin.{mode}{pull})").as_bytes());
    Ok(())
}
