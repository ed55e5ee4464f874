//! `machine.Pin`.

use super::bind;
use crate::chip::power::is_rtc;
use crate::chip::{self, Chip, GPIO_COUNT};
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, PrintKind, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm};

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
    name: "IRQ",
    items: &[def("trigger(self, trigger=)", |vm, a| {
        let this = vm.arg(a, 0);
        let gpio = number(vm, this)?;
        let old = Chip::of(vm).pins[gpio].irq_kind;
        if a.n > 1 {
            let kind = vm.expect_int(vm.arg(a, 1))?;
            set_kind(vm, gpio, kind);
        }
        Ok(Value::int(i64::from(old)))
    })],
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 0)?;
        let gpio = number(vm, v)?;
        let slot = Chip::of(vm).pins[gpio].irq_slot;
        if slot != 0 {
            let (handler, pin) = (vm.pinned(slot - 1), vm.pinned(slot));
            if handler != Value::NONE {
                vm.schedule(handler, pin);
            }
        }
        Ok(Value::NONE)
    }),
    ..TypeDef::EMPTY
};

const IN: i64 = 1;
/// The bit of a pull that holds the pin, in older firmware.
const PULL_HOLD: i64 = 4;
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
    // Only named pins of a board are strings, and this firmware has none.
    match v.as_int() {
        Some(20) if Chip::of(vm).profile.switches.pins == Era::Y2019 => {
            Err(vm.value_error("invalid pin"))
        }
        Some(i) if is_valid(i) => Ok(i as usize),
        _ => Err(vm.value_error("invalid pin")),
    }
}

/// ValueError for what is no Pin object: peripherals of older firmware take no numbers.
pub(crate) fn expect_pin(vm: &mut Vm, v: Value) -> Result<(), Raised> {
    let is_pin = vm.type_of(v) == vm.type_value(&PIN);
    if is_pin || Chip::of(vm).profile.switches.pins == Era::Now {
        return Ok(());
    }
    Err(vm.value_error("expecting a pin"))
}

/// Numbers that the chip has a pin for; those of the flash and of some packages are among them.
fn is_valid(i: i64) -> bool {
    matches!(i, 0..=23 | 25..=27 | 32..=39)
}

/// Whether a pin can drive its wire.
pub(crate) fn is_output(gpio: usize) -> bool {
    gpio < FIRST_INPUT_ONLY
}

/// The one Pin object of a GPIO.
fn object(vm: &mut Vm, gpio: usize) -> Res {
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
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    let pin = object(vm, gpio)?;
    if args.n > 1 || args.nkw > 0 {
        let settings = bind(vm, args, 1, 2, ["mode", "pull", "value", "drive", "hold"])?;
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
    let is_old = Chip::of(vm).profile.switches.pins == Era::Y2019;
    if is_old && !(drive.is_null() && hold.is_null()) {
        return Err(vm.type_error("extra keyword arguments given"));
    }
    let before = Chip::of(vm).pins[gpio];
    // The first settings stay even where a later one is refused.
    if !value.is_null() {
        Chip::of(vm).pins[gpio].latch = vm.truth(value)?;
    }
    if !drive.is_null() && is_output(gpio) {
        let strength = vm.expect_int(drive)?;
        if let Some(strength) = u8::try_from(strength).ok().filter(|&s| s < 4) {
            Chip::of(vm).pins[gpio].strength = strength;
        }
    }
    if !matches!(mode, Value::NULL | Value::NONE) {
        let mode = vm.expect_int(mode)?;
        if !is_output(gpio) && mode & DRIVES != 0 {
            return Err(vm.value_error("pin can only be input"));
        }
        let pin = &mut Chip::of(vm).pins[gpio];
        pin.output = mode & DRIVES != 0;
        pin.open_drain = mode & 4 != 0;
        pin.claimed = false;
        pin.uart_drives = false;
    }
    let pulls = match pull {
        Value::NULL => None,
        Value::NONE => Some(0),
        v => Some(vm.expect_int(v)?).filter(|&p| p != -1),
    };
    if let Some(p) = pulls {
        // Inputs without output drivers have no pull resistors either.
        let pin = &mut Chip::of(vm).pins[gpio];
        pin.pull_up = p & 2 != 0 && is_output(gpio);
        pin.pull_down = p & 1 != 0 && is_output(gpio);
        if is_old && is_output(gpio) {
            let pin = &mut Chip::of(vm).pins[gpio];
            pin.frozen = (p & PULL_HOLD != 0).then(|| pin.pad());
        }
    }
    if !hold.is_null() && is_output(gpio) {
        let held = vm.truth(hold)?;
        let pin = &mut Chip::of(vm).pins[gpio];
        pin.frozen = held.then(|| pin.pad());
    }
    let after = Chip::of(vm).pins[gpio];
    if after.drives() && (!before.drives() || before.level() != after.level()) {
        let now = vm.port.now_us();
        Chip::of(vm)
            .emit(now, crate::outside::Event::Pin { gpio: gpio as u8, level: after.level() });
    }
    chip::edge(vm, gpio, before.level(), after.level());
    chip::wiring::settle(vm, gpio);
    Ok(())
}

fn access(vm: &mut Vm, gpio: usize, value: Value) -> Res {
    if value.is_null() {
        // A level that changed outside is seen at once.
        chip::poll(vm)?;
        let now = vm.port.now_us();
        return Ok(Value::int(i64::from(Chip::of(vm).read(now, gpio))));
    }
    let level = vm.truth(value)?;
    chip::drive(vm, gpio, level);
    Ok(Value::NONE)
}

fn irq(vm: &mut Vm, args: Args) -> Res {
    let gpio = this(vm, args)?;
    let pin = object(vm, gpio)?;
    let [handler, trigger, wake] = [1, 2, 3].map(|i| vm.arg(args, i));
    if !(handler.is_null() && trigger.is_null() && wake.is_null()) {
        let kind = super::int_value(vm, trigger, BOTH_EDGES)?;
        if matches!(kind, LOW | HIGH) && !matches!(wake, Value::NULL | Value::NONE) {
            wake_on(vm, gpio, kind == HIGH, wake)?;
        } else {
            let handler = if handler.is_null() { Value::NONE } else { handler };
            if Chip::of(vm).power.ext0_pin == Some(gpio) {
                Chip::of(vm).power.ext0_pin = None;
            }
            let mut slot = Chip::of(vm).pins[gpio].irq_slot;
            if slot == 0 {
                slot = vm.pin(handler) + 1;
                vm.pin(pin);
                Chip::of(vm).pins[gpio].irq_slot = slot;
            } else {
                vm.set_pinned(slot - 1, handler);
            }
            set_kind(vm, gpio, if handler == Value::NONE { 0 } else { kind });
        }
    }
    vm.new_native(&IRQ, &[Value::int(gpio as i64)])
}

/// Kinds of interrupts.
const BOTH_EDGES: i64 = 3;
const LOW: i64 = 4;
const HIGH: i64 = 5;

/// Sets what interrupts; what the chip does not know is left as it was.
fn set_kind(vm: &mut Vm, gpio: usize, kind: i64) {
    if (0..=HIGH).contains(&kind) {
        let chip = Chip::of(vm);
        chip.pins[gpio].irq_kind = kind as u8;
        chip.level_irqs &= !(1 << gpio);
        chip.level_irqs |= u64::from(kind >= LOW) << gpio;
        vm.poll_soon();
    }
}

/// The pin is to wake the chip at a level, from the sleeps that `wake` names.
fn wake_on(vm: &mut Vm, gpio: usize, level: bool, wake: Value) -> Result<(), Raised> {
    let kinds = match vm.try_int_like(wake)? {
        Some(kinds) if (2..=7).contains(&kinds) => kinds,
        _ => return Err(vm.value_error("bad wake value")),
    };
    let power = &mut Chip::of(vm).power;
    if power.on_touch {
        return Err(vm.value_error("no resources"));
    }
    if !is_rtc(gpio) {
        return Err(vm.value_error("invalid pin for wake"));
    }
    if power.ext0_pin.is_some_and(|p| p != gpio) {
        return Err(vm.value_error("no resources"));
    }
    power.ext0_pin = Some(gpio);
    power.ext0_level = level;
    power.ext0_kinds = kinds;
    Ok(())
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let gpio = number(vm, v)?;
    if Chip::of(vm).profile.switches.pins != Era::Now {
        out.extend_from_slice(format!("Pin({gpio})").as_bytes());
        return Ok(());
    }
    let pin = Chip::of(vm).pins[gpio];
    // Whoever drives only low drives as well: the firmware never gets to the third name.
    let mode = if pin.output {
        "OUT"
    } else if pin.open_drain {
        "OPEN_DRAIN"
    } else {
        "IN"
    };
    let pull = match (pin.pull_up, pin.pull_down) {
        (true, _) => ", pull=Pin.PULL_UP",
        (_, true) => ", pull=Pin.PULL_DOWN",
        _ => "",
    };
    let drive = match pin.strength {
        2 => String::new(),
        strength => format!(", drive=Pin.DRIVE_{strength}"),
    };
    out.extend_from_slice(format!("Pin({gpio}, mode=Pin.{mode}{pull}{drive})").as_bytes());
    Ok(())
}
