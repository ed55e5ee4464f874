//! What a board looks like in a moment, for whoever steps through what it did.

use crate::board::MAIN_DICT;
use crate::chip::{Chip, GPIO_COUNT};
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::Vm;
pub use coil_vm::interp::look::Call;

/// A pin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinView {
    /// Its number.
    pub gpio: u8,
    /// The board drives it.
    pub output: bool,
    /// It has a resistor to this level.
    pub pull: Option<bool>,
    /// The level on the wire.
    pub level: bool,
}

/// A board in a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Microseconds since power on.
    pub at_us: u64,
    /// Its pins, as far as they are set up or held.
    pub pins: Vec<PinView>,
    /// The calls that are under way, the innermost last.
    pub calls: Vec<Call>,
    /// The names of the main module and what they stand for.
    pub globals: Vec<(String, String)>,
}

/// Looks at the board.
pub(crate) fn view(vm: &mut Vm) -> View {
    let at_us = vm.port.now_us();
    let chip = Chip::of(vm);
    let pins = (0..GPIO_COUNT).filter_map(|gpio| {
        let pin = &chip.pins[gpio];
        let pull = (pin.pull_up || pin.pull_down).then_some(pin.pull_up);
        let is_used = pin.output || pull.is_some() || pin.outside.is_some() || pin.wired.is_some();
        let (output, level) = (pin.drives(), pin.level());
        is_used.then_some(PinView { gpio: gpio as u8, output, pull, level })
    });
    let pins = pins.collect();
    let calls = vm.calls();
    let main = vm.pinned(MAIN_DICT);
    View { at_us, pins, calls, globals: vm.look_at(main) }
}
