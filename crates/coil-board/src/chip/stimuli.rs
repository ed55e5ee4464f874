//! What is done to a board from outside.

use super::{Chip, GPIO_COUNT, Leave, ResetCause, counters, uart, wiring};
use crate::outside::{Event, Listener, Stimulus};
use crate::profile::Button;
use coil_vm::Vm;

/// The pin that says at a reset what starts.
const BOOT_GPIO: u8 = 0;

/// Takes what was done from outside.
pub(crate) fn take_stimuli(vm: &mut Vm) {
    Chip::of(vm).look_around();
    let now_ns = vm.port.now_us() * 1000;
    while let Some((at_ns, stimulus)) = Chip::of(vm).wires.take(now_ns) {
        match stimulus {
            Stimulus::Pin { gpio, level } => hold(vm, at_ns, gpio, level),
            Stimulus::Jumper { a, b, plugged } => wiring::plug(vm, a, b, plugged),
            Stimulus::Uart { gpio, bytes } => uart::hear(vm, gpio, &bytes),
            Stimulus::Voltage { gpio, microvolts } => {
                Chip::of(vm).pins[usize::from(gpio).min(GPIO_COUNT - 1)].microvolts = microvolts;
            }
            Stimulus::Pulses { gpio, count } => {
                counters::pulses(vm, usize::from(gpio).min(GPIO_COUNT - 1), count);
            }
            Stimulus::Touch { gpio, value } => Chip::of(vm).analog.touch(gpio, value),
            Stimulus::Temperature { fahrenheit } => Chip::of(vm).analog.fahrenheit = fahrenheit,
            Stimulus::Sensor { gpio, sensor } => {
                Chip::of(vm).sensors.put(usize::from(gpio).min(GPIO_COUNT - 1), sensor);
            }
            Stimulus::Button { name, pressed } => push(vm, at_ns, &name, pressed),
            Stimulus::Lines { dtr, rts } => set_lines(vm, at_ns, dtr, rts),
            Stimulus::Speed { baud } => Chip::of(vm).line_baud = baud,
            Stimulus::Sync => call_loader(vm),
            Stimulus::HungUp => {
                // Without power on the lines nobody pulls at EN.
                set_lines(vm, at_ns, false, false);
                Chip::of(vm).hung_up = true;
            }
            Stimulus::BrownOut => {
                vm.port.write(b"\r\nBrownout detector was triggered\r\n\r\n");
                super::leave(vm, Leave::Reset(ResetCause::BrownOut));
            }
            Stimulus::Look => {
                let view = crate::look::view(vm);
                Chip::of(vm).wires.looked(view);
            }
            Stimulus::LookAround => {
                let chip = Chip::of(vm);
                chip.look_around();
                chip.tell_pads(now_ns / 1000);
            }
            Stimulus::Reset => super::leave(vm, Leave::Reset(ResetCause::PowerOn)),
            Stimulus::PowerOff => super::leave(vm, Leave::PowerOff),
        }
    }
}

/// A button of the board is pressed or let go. One that the board has not does nothing.
fn push(vm: &mut Vm, at_ns: u64, name: &str, pressed: bool) {
    let chip = Chip::of(vm);
    let Some(&Button { gpio, .. }) = chip.device.button(name) else { return };
    if let Some(gpio) = gpio {
        hold(vm, at_ns, gpio, pressed.then_some(false));
        return;
    }
    let was_held = core::mem::replace(&mut chip.held, pressed);
    if pressed && !was_held {
        super::leave(vm, Leave::Reset(ResetCause::PowerOn));
    }
}

/// The lines of the serial port are set.
fn set_lines(vm: &mut Vm, at_ns: u64, dtr: bool, rts: bool) {
    let chip = Chip::of(vm);
    let (was_held, pulled) = (chip.is_held(), chip.auto_reset.pulls());
    chip.auto_reset.set(at_ns / 1000, dtr, rts);
    let pulls = chip.auto_reset.pulls();
    // Who holds the button itself is not let go by lines that say the same.
    if pulls != pulled {
        hold(vm, at_ns, BOOT_GPIO, pulls.then_some(false));
    }
    let chip = Chip::of(vm);
    if chip.auto_reset.holds() && !was_held {
        super::leave(vm, Leave::Reset(ResetCause::PowerOn));
    }
}

/// A request for the loader was heard. A chip that is held in reset hears nothing.
fn call_loader(vm: &mut Vm) {
    let chip = Chip::of(vm);
    if chip.is_held() || chip.leave == Some(Leave::PowerOff) {
        chip.wires.hears(Listener::Firmware);
    } else {
        super::leave(vm, Leave::Loader);
    }
}

/// Something outside holds a pin at a level from a moment on, or lets go of it.
fn hold(vm: &mut Vm, at_ns: u64, gpio: u8, level: Option<bool>) {
    let gpio = usize::from(gpio).min(GPIO_COUNT - 1);
    let chip = Chip::of(vm);
    let pin = &mut chip.pins[gpio];
    let before = pin.level();
    pin.outside = level;
    let after = pin.level();
    if before != after {
        pin.changed_ns = at_ns;
        chip.emit_at(at_ns, Event::Input { gpio: gpio as u8, level: after });
        super::edge(vm, gpio, before, after);
    }
    wiring::settle(vm, gpio);
}
