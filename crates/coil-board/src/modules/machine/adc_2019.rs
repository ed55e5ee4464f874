//! `machine.ADC` of MicroPython 1.11: the first converter alone, and readings of 12 bits or less.

use super::adc;
use super::{expect_pin, gpio_of};
use crate::chip::Chip;
use crate::chip::analog::{ADC1, ATTEN_MAX, channel};
use alloc::format;
use coil_vm::rom::{Item, TypeDef, def};
use coil_vm::{Raised, Value, Vm};

/// `ADC`: field 0 is the GPIO. What is set belongs to the chip.
pub(crate) static ADC: TypeDef = TypeDef {
    name: "ADC",
    items: &[
        def("read(self)", |vm, a| {
            let gpio = vm.native_int(vm.arg(a, 0), 0) as usize;
            let (raw, bits) = adc::convert(vm, gpio)?;
            Ok(Value::int(raw >> (WIDEST - bits)))
        }),
        def("atten(self, atten)", |vm, a| {
            let atten = vm.expect_int(vm.arg(a, 1))?;
            let gpio = vm.native_int(vm.arg(a, 0), 0) as usize;
            match u8::try_from(atten) {
                Ok(atten) if atten <= ATTEN_MAX => set_atten(vm, gpio, atten),
                _ => return Err(refused(vm)),
            }
            Ok(Value::NONE)
        }),
        // A setting of the converter: the class has it as well.
        Item::Class(coil_vm::rom::Def {
            signature: "width(cls, width)",
            f: |vm, a| {
                let width = vm.expect_int(vm.arg(a, 1))?;
                let Some(width) = u8::try_from(width).ok().filter(|&w| w <= WIDEST - NARROWEST)
                else {
                    return Err(refused(vm));
                };
                Chip::of(vm).analog.converters[0].bits = NARROWEST + width;
                Ok(Value::NONE)
            },
            convention: coil_vm::rom::Convention::Plain,
        }),
        Item::Int("ATTN_0DB", 0),
        Item::Int("ATTN_2_5DB", 1),
        Item::Int("ATTN_6DB", 2),
        Item::Int("ATTN_11DB", 3),
        Item::Int("WIDTH_9BIT", 0),
        Item::Int("WIDTH_10BIT", 1),
        Item::Int("WIDTH_11BIT", 2),
        Item::Int("WIDTH_12BIT", 3),
    ],
    new: Some(|vm, _, args| {
        vm.check_args(args, 1, 1)?;
        expect_pin(vm, vm.arg(args, 0))?;
        let gpio = gpio_of(vm, vm.arg(args, 0))?;
        if !ADC1.iter().any(|&p| usize::from(p) == gpio) {
            return Err(vm.value_error("invalid Pin for ADC"));
        }
        Chip::of(vm).analog.converters[0].ready = true;
        set_atten(vm, gpio, 0);
        vm.new_native(&ADC, &[Value::int(gpio as i64)])
    }),
    print: Some(|vm, v, out, _| {
        out.extend_from_slice(format!("ADC(Pin({}))", vm.native_int(v, 0)).as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Bits of a reading.
const NARROWEST: u8 = 9;
const WIDEST: u8 = 12;

fn set_atten(vm: &mut Vm, gpio: usize, atten: u8) {
    if let Some((unit, n)) = channel(gpio) {
        Chip::of(vm).analog.converters[unit].atten[n] = atten;
    }
}

fn refused(vm: &mut Vm) -> Raised {
    vm.value_error("Parameter Error")
}
