//! `machine.ADC`: analogue inputs, with the converter's ranges.

use super::{gpio_of, int_or};
use crate::chip::{self, Chip};
use crate::outside::Event;
use alloc::format;
use coil_vm::rom::{Args, Item, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm};

/// `ADC`: fields GPIO, attenuation, bits.
pub(crate) static ADC: TypeDef = TypeDef {
    name: "ADC",
    items: &[
        def_kw("init(self, *, atten=)", |vm, a| {
            let atten = int_or(vm, a, 1, -1)?;
            set_atten(vm, vm.arg(a, 0), atten)
        }),
        def("atten(self, atten)", |vm, a| {
            let atten = vm.expect_int(vm.arg(a, 1))?;
            set_atten(vm, vm.arg(a, 0), atten)
        }),
        def("width(self, bits)", |vm, a| {
            let bits = vm.expect_int(vm.arg(a, 1))?;
            if !(9..=12).contains(&bits) {
                return Err(vm.value_error("invalid bit-width"));
            }
            vm.set_native_field(vm.arg(a, 0), 2, Value::int(bits));
            Ok(Value::NONE)
        }),
        def("read(self)", |vm, a| {
            let this = vm.arg(a, 0);
            let raw = sample(vm, this)?;
            let bits = vm.native_field(this, 2).as_int().unwrap_or(12);
            Ok(Value::int(raw >> (12 - bits)))
        }),
        def("read_u16(self)", |vm, a| {
            let raw = sample(vm, vm.arg(a, 0))?;
            Ok(Value::int(raw << 4 | raw >> 8))
        }),
        def("read_uv(self)", |vm, a| {
            let this = vm.arg(a, 0);
            sample(vm, this)?;
            let (uv, full) = input(vm, this);
            // The calibration works in millivolts, and ends where the range does.
            Ok(Value::int(uv.min(full) / 1000 * 1000))
        }),
        def("deinit(self)", |_, _| Ok(Value::NONE)),
        Item::Int("ATTN_0DB", 0),
        Item::Int("ATTN_2_5DB", 1),
        Item::Int("ATTN_6DB", 2),
        Item::Int("ATTN_11DB", 3),
        Item::Int("WIDTH_9BIT", 9),
        Item::Int("WIDTH_10BIT", 10),
        Item::Int("WIDTH_11BIT", 11),
        Item::Int("WIDTH_12BIT", 12),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let [gpio, atten, _] = [0, 1, 2].map(|i| vm.native_field(v, i).as_int().unwrap_or(0));
        out.extend_from_slice(format!("ADC(Pin({gpio}), atten={atten})").as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Microvolts at which each attenuation reads full scale.
const FULL_SCALE_UV: [i64; 4] = [950_000, 1_250_000, 1_750_000, 3_100_000];
/// The converter reads zero below this many microvolts.
const DEAD_BAND_UV: i64 = 75_000;

/// Pins of the two converters.
fn is_analogue(gpio: usize) -> bool {
    matches!(gpio, 32..=39 | 0 | 2 | 4 | 12..=15 | 25..=27)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n != 1 {
        return Err(vm.arg_count_error(args.n, 1, 1));
    }
    let gpio = gpio_of(vm, vm.arg(args, 0))?;
    if !is_analogue(gpio) {
        return Err(vm.value_error("invalid pin"));
    }
    let adc = vm.new_native(&ADC, &[Value::int(gpio as i64), Value::int(0), Value::int(12)])?;
    for i in 0..args.nkw {
        let (name, v) = vm.kwarg(args, i);
        if name.as_qstr().map(|q| vm.names.get(coil_vm::Qstr(q))) != Some(b"atten") {
            return Err(vm.type_error("extra keyword arguments given"));
        }
        let atten = vm.expect_int(v)?;
        set_atten(vm, adc, atten)?;
    }
    Ok(adc)
}

fn set_atten(vm: &mut Vm, adc: Value, atten: i64) -> Res {
    if atten == -1 {
        return Ok(Value::NONE);
    }
    if !(0..4).contains(&atten) {
        return Err(vm.value_error("invalid attenuation"));
    }
    vm.set_native_field(adc, 1, Value::int(atten));
    Ok(Value::NONE)
}

/// Microvolts at the pin, and at full scale.
fn input(vm: &mut Vm, adc: Value) -> (i64, i64) {
    let gpio = vm.native_field(adc, 0).as_int().unwrap_or(0) as usize;
    let full = FULL_SCALE_UV[(vm.native_field(adc, 1).as_int().unwrap_or(0) & 3) as usize];
    (i64::from(Chip::of(vm).pins[gpio].microvolts), full)
}

/// A conversion: 0 to 4095.
fn sample(vm: &mut Vm, adc: Value) -> Result<i64, Raised> {
    chip::poll(vm)?;
    let gpio = vm.native_field(adc, 0).as_int().unwrap_or(0) as u8;
    let (uv, full) = input(vm, adc);
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Adc { gpio, microvolts: uv as u32 });
    if uv < DEAD_BAND_UV {
        return Ok(0);
    }
    Ok(((uv - DEAD_BAND_UV) * 4095 / (full - DEAD_BAND_UV)).clamp(0, 4095))
}
