//! `machine.ADC` and `machine.ADCBlock`: analogue inputs, with the converters' ranges.

use super::{bind, expect_pin, gpio_of, int_value};
use crate::chip::analog::{ADC1, ADC2, ATTEN_MAX, BITS_MAX, Converter, channel};
use crate::chip::{self, Chip, GPIO_COUNT};
use crate::modules::esp32::esp_error;
use crate::outside::Event;
use crate::profile::Era;
use alloc::format;
use coil_vm::rom::{Args, Item, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm};

/// `ADC`: field 0 is the GPIO. What is set belongs to the chip.
pub(crate) static ADC: TypeDef = TypeDef {
    name: "ADC",
    items: &[
        def_raw("init(self, *, atten=)", |vm, a| {
            let (unit, n) = place(vm, vm.arg(a, 0));
            init(vm, unit, n, a, 1)?;
            Ok(Value::NONE)
        }),
        def("atten(self, atten)", |vm, a| {
            let atten = vm.expect_int(vm.arg(a, 1))?;
            let (unit, n) = place(vm, vm.arg(a, 0));
            set_atten(vm, unit, n, atten)?;
            ready(vm, unit)?;
            Ok(Value::NONE)
        }),
        def("width(self, bits)", |vm, a| {
            let bits = vm.expect_int(vm.arg(a, 1))?;
            let (unit, _) = place(vm, vm.arg(a, 0));
            set_bits(vm, unit, bits)?;
            ready(vm, unit)?;
            Ok(Value::NONE)
        }),
        def("block(self)", |vm, a| {
            let (unit, _) = place(vm, vm.arg(a, 0));
            block(vm, unit)
        }),
        def("read(self)", |vm, a| {
            let (raw, bits) = sample(vm, vm.arg(a, 0))?;
            Ok(Value::int(raw >> (BITS_MAX - bits)))
        }),
        def("read_u16(self)", |vm, a| {
            let (raw, bits) = sample(vm, vm.arg(a, 0))?;
            let raw = raw >> (BITS_MAX - bits);
            Ok(Value::int(raw << (16 - bits) | raw >> (2 * bits - 16)))
        }),
        def("read_uv(self)", |vm, a| {
            let this = vm.arg(a, 0);
            sample(vm, this)?;
            let gpio = vm.native_int(this, 0) as usize;
            let (unit, n) = place(vm, this);
            let (uv, full) = input(vm, gpio, unit, n);
            // The calibration works in millivolts, and ends where the range does.
            Ok(Value::int(uv.min(full) / 1000 * 1000))
        }),
        def("deinit(self)", |vm, a| {
            let (unit, _) = place(vm, vm.arg(a, 0));
            Chip::of(vm).analog.converters[unit].ready = false;
            Ok(Value::NONE)
        }),
        Item::Int("ATTN_0DB", 0),
        Item::Int("ATTN_2_5DB", 1),
        Item::Int("ATTN_6DB", 2),
        Item::Int("ATTN_11DB", 3),
        Item::Int("WIDTH_9BIT", 9),
        Item::Int("WIDTH_10BIT", 10),
        Item::Int("WIDTH_11BIT", 11),
        Item::Int("WIDTH_12BIT", 12),
    ],
    new: Some(|vm, _, args| {
        if args.n == 0 {
            return Err(vm.arg_count_error(0, 1, usize::MAX));
        }
        expect_pin(vm, vm.arg(args, 0))?;
        let gpio = gpio_of(vm, vm.arg(args, 0))?;
        let Some((unit, n)) = channel(gpio) else { return Err(vm.value_error("invalid pin")) };
        init(vm, unit, n, args, 1)?;
        object(vm, gpio)
    }),
    print: Some(|vm, v, out, _| {
        let gpio = vm.native_int(v, 0);
        let (unit, n) = place(vm, v);
        let atten = Chip::of(vm).analog.converters[unit].atten[n];
        out.extend_from_slice(format!("ADC(Pin({gpio}), atten={atten})").as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// `ADCBlock`: a converter; field 0 is its number, from zero.
pub(crate) static BLOCK: TypeDef = TypeDef {
    name: "ADCBlock",
    items: &[
        def_raw("init(self, *, bits)", |vm, a| {
            let unit = vm.native_int(vm.arg(a, 0), 0) as usize;
            init_block(vm, unit, a)?;
            Ok(Value::NONE)
        }),
        def_raw("connect(self, channel_or_pin, pin=, *, atten=)", connect),
    ],
    new: Some(|vm, _, args| {
        if args.n == 0 {
            return Err(vm.arg_count_error(0, 1, usize::MAX));
        }
        let unit = match vm.expect_int(vm.arg(args, 0))? {
            unit @ (0 | 1) => unit as usize,
            _ => return Err(vm.value_error("invalid block id")),
        };
        init_block(vm, unit, args)?;
        block(vm, unit)
    }),
    print: Some(|vm, v, out, _| {
        let unit = vm.native_int(v, 0);
        let bits = Chip::of(vm).analog.converters[unit as usize & 1].bits;
        out.extend_from_slice(format!("ADCBlock({unit}, bits={bits})").as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Microvolts at which each attenuation reads full scale.
const FULL_SCALE_UV: [i64; 4] = [950_000, 1_250_000, 1_750_000, 3_100_000];
/// The converter reads zero below this many microvolts.
const DEAD_BAND_UV: i64 = 75_000;
const EPERM: i64 = 1;
/// The second converter is the radio's while that is on.
const TIMEOUT: i32 = 0x107;

/// The objects made so far, one a pin and one a converter: their pinned places.
struct Objects {
    inputs: [Option<usize>; GPIO_COUNT],
    blocks: [Option<usize>; 2],
}

impl Default for Objects {
    fn default() -> Self {
        Self { inputs: [None; GPIO_COUNT], blocks: [None; 2] }
    }
}

fn object(vm: &mut Vm, gpio: usize) -> Res {
    if let Some(place) = vm.state::<Objects>().inputs[gpio] {
        return Ok(vm.pinned(place));
    }
    let adc = vm.new_native(&ADC, &[Value::int(gpio as i64)])?;
    let place = vm.pin(adc);
    vm.state::<Objects>().inputs[gpio] = Some(place);
    Ok(adc)
}

fn block(vm: &mut Vm, unit: usize) -> Res {
    if let Some(place) = vm.state::<Objects>().blocks[unit] {
        return Ok(vm.pinned(place));
    }
    let block = vm.new_native(&BLOCK, &[Value::int(unit as i64)])?;
    let place = vm.pin(block);
    vm.state::<Objects>().blocks[unit] = Some(place);
    Ok(block)
}

/// Converter and channel of an input.
fn place(vm: &Vm, adc: Value) -> (usize, usize) {
    channel(vm.native_int(adc, 0) as usize).unwrap_or_default()
}

/// Sets an input up: its attenuation, and all bits for its converter.
fn init(vm: &mut Vm, unit: usize, n: usize, args: Args, from: usize) -> Result<(), Raised> {
    let [atten] = bind(vm, args, from, 0, ["atten"])?;
    let atten = int_value(vm, atten, -1)?;
    Chip::of(vm).analog.converters[unit].ready = true;
    if Chip::of(vm).profile.switches.adc != Era::Now {
        // An input starts without attenuation, and keeps what it was given.
        let gpio = usize::from(if unit == 0 { ADC1[n] } else { ADC2[n] });
        let is_new = vm.state::<Objects>().inputs[gpio].is_none();
        return match atten {
            -1 if is_new => set_atten(vm, unit, n, 0),
            -1 => Ok(()),
            atten => set_atten(vm, unit, n, atten),
        };
    }
    set_atten(vm, unit, n, if atten == -1 { i64::from(ATTEN_MAX) } else { atten })?;
    set_bits(vm, unit, i64::from(BITS_MAX))
}

fn init_block(vm: &mut Vm, unit: usize, args: Args) -> Result<(), Raised> {
    let [bits] = bind(vm, args, 1, 0, ["bits"])?;
    // There is no default that the chip takes.
    let bits = int_value(vm, bits, -1)?;
    set_bits(vm, unit, bits)
}

fn set_atten(vm: &mut Vm, unit: usize, n: usize, atten: i64) -> Result<(), Raised> {
    match u8::try_from(atten) {
        Ok(atten) if atten <= ATTEN_MAX => {
            Chip::of(vm).analog.converters[unit].atten[n] = atten;
            Ok(())
        }
        _ if Chip::of(vm).profile.switches.adc != Era::Now => Err(vm.value_error("invalid atten")),
        _ => Err(vm.value_error("invalid attenuation")),
    }
}

fn set_bits(vm: &mut Vm, unit: usize, bits: i64) -> Result<(), Raised> {
    if !(9..=i64::from(BITS_MAX)).contains(&bits) {
        let is_now = Chip::of(vm).profile.switches.adc == Era::Now;
        return Err(vm.value_error(if is_now { "invalid bit-width" } else { "invalid bits" }));
    }
    Chip::of(vm).analog.converters[unit].bits = bits as u8;
    Ok(())
}

fn connect(vm: &mut Vm, args: Args) -> Res {
    let unit = vm.native_int(vm.arg(args, 0), 0) as usize & 1;
    let (mut wanted, mut pin) = (None, None);
    match args.n {
        2 if vm.arg(args, 1).is_int() => wanted = vm.arg(args, 1).as_int(),
        2 => pin = Some(gpio_of(vm, vm.arg(args, 1))?),
        3 => {
            wanted = Some(vm.expect_int(vm.arg(args, 1))?);
            pin = Some(gpio_of(vm, vm.arg(args, 2))?);
        }
        _ => return Err(vm.type_error("too many positional args")),
    }
    let pins: &[u8] = if unit == 0 { &ADC1 } else { &ADC2 };
    let found = pins.iter().enumerate().find(|&(n, &gpio)| {
        wanted.is_none_or(|w| w == -1 || w == n as i64)
            && pin.is_none_or(|p| p == usize::from(gpio))
    });
    let Some((n, &gpio)) = found else { return Err(vm.value_error("no matching ADC")) };
    init(vm, unit, n, args, args.n)?;
    object(vm, usize::from(gpio))
}

/// The converter, if something has set it up since it was shut down.
fn ready(vm: &mut Vm, unit: usize) -> Result<Converter, Raised> {
    let converter = Chip::of(vm).analog.converters[unit];
    if converter.ready { Ok(converter) } else { Err(vm.os_error(EPERM)) }
}

/// Microvolts at the pin, and at full scale.
fn input(vm: &mut Vm, gpio: usize, unit: usize, n: usize) -> (i64, i64) {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    let atten = chip.analog.converters[unit].atten[n];
    (i64::from(chip.microvolts(now, gpio)), FULL_SCALE_UV[usize::from(atten)])
}

/// A conversion: 0 to 4095, and how many bits of it are wanted.
fn sample(vm: &mut Vm, adc: Value) -> Result<(i64, u8), Raised> {
    let gpio = vm.native_int(adc, 0) as usize;
    convert(vm, gpio)
}

/// A conversion of a pin, which must be an input of a converter.
pub(super) fn convert(vm: &mut Vm, gpio: usize) -> Result<(i64, u8), Raised> {
    chip::poll(vm)?;
    let (unit, n) = channel(gpio).unwrap_or_default();
    let converter = ready(vm, unit)?;
    if unit == 1 && Chip::of(vm).wifi.is_started() {
        return Err(esp_error(vm, TIMEOUT));
    }
    let (uv, full) = input(vm, gpio, unit, n);
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Adc { gpio: gpio as u8, microvolts: uv as u32 });
    if uv < DEAD_BAND_UV {
        return Ok((0, converter.bits));
    }
    let raw = ((uv - DEAD_BAND_UV) * 4095 / (full - DEAD_BAND_UV)).clamp(0, 4095);
    Ok((raw, converter.bits))
}
