//! `machine.DAC`: the two analogue outputs.

use super::gpio_of;
use crate::chip::Chip;
use crate::chip::analog::DAC as PINS;
use crate::modules::esp32::esp_error;
use crate::outside::Event;
use crate::profile::Era;
use alloc::format;
use coil_vm::rom::{TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `DAC`: field 0 is the GPIO.
pub(super) static DAC: TypeDef = TypeDef {
    name: "DAC",
    items: &[def("write(self, value)", |vm, a| {
        let value = vm.expect_int(vm.arg(a, 1))?;
        let gpio = vm.native_int(vm.arg(a, 0), 0) as u8;
        match u8::try_from(value) {
            Ok(value) => put(vm, gpio, value),
            Err(_) if era(vm) == Era::Y2019 => Err(vm.value_error("Value out of range")),
            Err(_) => Err(vm.value_error("value out of range")),
        }
    })],
    new: Some(|vm, _, args| {
        if args.n != 1 {
            return Err(vm.arg_count_error(args.n, 1, 1));
        }
        let gpio = gpio_of(vm, vm.arg(args, 0))?;
        let Some(n) = PINS.iter().position(|&p| usize::from(p) == gpio) else {
            return Err(vm.value_error("invalid Pin for DAC"));
        };
        // Today's driver gives a channel out once, until the chip is reset.
        let is_taken = core::mem::replace(&mut Chip::of(vm).analog.outputs[n], true);
        if is_taken && era(vm) == Era::Now {
            return Err(taken(vm));
        }
        let dac = vm.new_native(&DAC, &[Value::int(gpio as i64)])?;
        put(vm, gpio as u8, 0)?;
        Ok(dac)
    }),
    print: Some(|vm, v, out, _| {
        out.extend_from_slice(format!("DAC(Pin({}))", vm.native_int(v, 0)).as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

fn era(vm: &mut Vm) -> Era {
    Chip::of(vm).profile.switches.dac
}

/// What the ESP-IDF says of a channel that is given out.
const INVALID_STATE: i32 = 0x103;

fn taken(vm: &mut Vm) -> Raised {
    esp_error(vm, INVALID_STATE)
}

fn put(vm: &mut Vm, gpio: u8, value: u8) -> Res {
    let now = vm.port.now_us();
    Chip::of(vm).emit(now, Event::Dac { gpio, value });
    Ok(Value::NONE)
}
