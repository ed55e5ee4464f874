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
    /// The wave that the board gives it: its frequency in Hz, and the share of time that it is high, of 65535.
    pub pwm: Option<(u32, u16)>,
}

/// Memory in a moment, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// How much of it is used.
    pub used: u32,
    /// How much can be had.
    pub free: u32,
}

/// A socket that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketView {
    /// Its number.
    pub socket: u32,
    /// `tcp` or `udp`.
    pub kind: &'static str,
    /// Where the program opened it, as `file:line function`, the innermost call first.
    pub calls: Vec<String>,
}

/// A board in a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Microseconds since power on.
    pub at_us: u64,
    /// Its pins, as far as they are set up or held.
    pub pins: Vec<PinView>,
    /// Python's memory, as `gc` counts it.
    pub heap: Memory,
    /// The chip's memory beside it, where TLS sessions are.
    pub idf_heap: Memory,
    /// The least that was ever free of that.
    pub idf_lowest: u32,
    /// Sockets that are open, by their numbers.
    pub sockets: Vec<SocketView>,
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
        let gpio = gpio as u8;
        is_used.then(|| PinView { gpio, output, pull, level, pwm: chip.ledc.wave(gpio) })
    });
    let pins = pins.collect();
    let (idf, sockets) = (chip.idf_heap, chip.open_sockets.all());
    let idf_heap = Memory { used: idf.size() - idf.free(), free: idf.free() };
    let heap = Memory { used: vm.heap.stats().used, free: coil_modules::gc::free(vm) };
    let calls = vm.calls();
    // Before the firmware has begun there is no main module.
    let globals = vm.get_pinned(MAIN_DICT).map(|main| vm.look_at(main)).unwrap_or_default();
    View { at_us, pins, heap, idf_heap, idf_lowest: idf.lowest(), sockets, calls, globals }
}
