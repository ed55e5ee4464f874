//! Pins joined by jumper wires, and pins that peripherals take.

use super::{Chip, GPIO_COUNT, PinState, edge};
use crate::outside::Event;
use alloc::vec::Vec;
use coil_vm::Vm;

/// The first GPIO that can only be an input.
pub(crate) const FIRST_INPUT_ONLY: usize = 34;

/// The pins that are on one wire with this one, itself included.
fn net(chip: &Chip, gpio: u8) -> Vec<u8> {
    let mut net = alloc::vec![gpio];
    let mut i = 0;
    while i < net.len() {
        for &(a, b) in &chip.jumpers {
            for (near, far) in [(a, b), (b, a)] {
                if near == net[i] && !net.contains(&far) {
                    net.push(far);
                }
            }
        }
        i += 1;
    }
    net
}

/// Whether two pins are on one wire.
pub(crate) fn are_joined(chip: &Chip, a: u8, b: u8) -> bool {
    a == b || !chip.jumpers.is_empty() && net(chip, a).contains(&b)
}

/// What a pin puts on its wire: what it or something outside drives, else its resistor.
fn puts(pin: &PinState) -> (Option<bool>, Option<bool>) {
    let pad = pin.frozen.unwrap_or_else(|| pin.pad());
    let driven = (pad.output && !(pad.open_drain && pad.latch)).then_some(pad.latch);
    let pulled = (pad.pull_up || pad.pull_down).then_some(pad.pull_up);
    (driven.or(pin.outside), pulled)
}

/// Tells the pins of a wire what the others put on it: those whose level that changed, with the new one.
fn refresh(chip: &mut Chip, gpio: u8) -> Vec<(usize, bool)> {
    let net = net(chip, gpio);
    let mut changed = Vec::new();
    for &pin in &net {
        let others = net.iter().filter(|&&p| p != pin);
        let put: Vec<_> = others.map(|&p| puts(&chip.pins[usize::from(p)])).collect();
        // Of two that disagree the low one wins, as with open drains.
        let driven = put.iter().filter_map(|p| p.0).reduce(|a, b| a && b);
        let pulled = put.iter().filter_map(|p| p.1).reduce(|a, b| a || b);
        let state = &mut chip.pins[usize::from(pin)];
        let before = state.level();
        state.wired = driven.or(pulled);
        if state.level() != before {
            changed.push((usize::from(pin), !before));
        }
    }
    changed
}

/// Finds out what is on all jumper wires, with nobody to interrupt.
pub(crate) fn refresh_all(chip: &mut Chip) {
    for i in 0..chip.jumpers.len() {
        refresh(chip, chip.jumpers[i].0);
    }
}

/// Tells the other pins of a wire what is on it, after one of them has changed.
pub(crate) fn settle(vm: &mut Vm, gpio: usize) {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    chip.tell_pad(now, gpio);
    if chip.jumpers.is_empty() {
        return;
    }
    for (pin, level) in refresh(Chip::of(vm), gpio as u8) {
        edge(vm, pin, !level, level);
    }
}

/// Plugs a wire between two pins in or pulls it out.
pub(crate) fn plug(vm: &mut Vm, a: u8, b: u8, plugged: bool) {
    let [a, b] = [a, b].map(|p| p.min(GPIO_COUNT as u8 - 1));
    let chip = Chip::of(vm);
    chip.jumpers.retain(|&(x, y)| (x, y) != (a, b) && (y, x) != (a, b));
    if plugged && a != b {
        chip.jumpers.push((a, b));
        settle(vm, usize::from(a));
    } else {
        for end in [a, b].map(usize::from) {
            let pin = &mut Chip::of(vm).pins[end];
            let before = pin.level();
            pin.wired = None;
            let after = pin.level();
            edge(vm, end, before, after);
            settle(vm, end);
        }
    }
}

/// Changes how a pin is set up, for a peripheral that takes it or lets go of it.
pub(crate) fn set_up(vm: &mut Vm, gpio: usize, change: impl FnOnce(&mut PinState)) {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    let before = chip.pins[gpio];
    change(&mut chip.pins[gpio]);
    let after = chip.pins[gpio];
    if after.output && !after.open_drain && (!before.output || before.level() != after.level()) {
        chip.emit(now, Event::Pin { gpio: gpio as u8, level: after.level() });
    }
    settle(vm, gpio);
}
