//! An I2C bus as its controller drives it: starts, bytes and stops, the time they take, and what
//! observers are told.

use crate::chip::Chip;
use crate::modules::machine::busy;
use crate::outside::Event;
use crate::outside::bus::I2cLines;
use alloc::vec::Vec;
use coil_vm::{Raised, Vm};

/// Clocks of a byte and its acknowledgement.
const BYTE_CLOCKS: u64 = 9;

/// The bits of an address that go over the wire.
const ADDRESS_BITS: u16 = 0x7f;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The board.
    Write,
    /// The device.
    Read,
}

/// A bus in use.
#[derive(Debug)]
pub(super) struct Bus {
    lines: I2cLines,
    clock_ns: u64,
    clocks: u64,
    called: Option<(u16, Direction)>,
}

impl Bus {
    /// A bus at rest; a clock takes so many nanoseconds.
    pub(super) fn new(lines: I2cLines, clock_ns: u64) -> Self {
        Self { lines, clock_ns, clocks: 0, called: None }
    }

    /// The same bus in the middle of a transfer with a device.
    pub(super) fn resume(self, called: Option<(u16, Direction)>) -> Self {
        Self { called, ..self }
    }

    /// The level of a wire that the board lets go of.
    fn level(&self, vm: &mut Vm, gpio: u8) -> bool {
        let chip = Chip::of(vm);
        let pin = &chip.pins[usize::from(gpio)];
        let held = pin.outside.or(pin.wired);
        held.unwrap_or(pin.pull_up || chip.wires.has_pull_ups(self.lines))
    }

    /// Whether the clock goes up when the board lets go of it.
    pub(super) fn clock_rises(&self, vm: &mut Vm) -> bool {
        self.level(vm, self.lines.scl)
    }

    /// Whether both wires go up when the board lets go of them.
    pub(super) fn is_free(&self, vm: &mut Vm) -> bool {
        self.clock_rises(vm) && self.level(vm, self.lines.sda)
    }

    /// Starts, or starts again, and calls a device; whether somebody acknowledges.
    pub(super) fn start(&mut self, vm: &mut Vm, address: u16, direction: Direction) -> bool {
        let address = address & ADDRESS_BITS;
        self.clocks += 1 + BYTE_CLOCKS;
        let read = direction == Direction::Read;
        let answered = Chip::of(vm).wires.i2c(self.lines, address).map(|d| d.start(read));
        // A wire that is low looks like an acknowledgement.
        let acked = answered == Some(true) || !self.level(vm, self.lines.sda);
        self.called = acked.then_some((address, direction));
        if !acked {
            self.tell(vm, address, read, Vec::new(), None);
        }
        acked
    }

    /// Sends bytes up to the first that is not acknowledged; how many were.
    pub(super) fn write(&mut self, vm: &mut Vm, bytes: &[u8]) -> usize {
        let Some((address, _)) = self.called else { return 0 };
        let stuck = !self.level(vm, self.lines.sda);
        let mut acked = 0;
        for &byte in bytes {
            self.clocks += BYTE_CLOCKS;
            let device = Chip::of(vm).wires.i2c(self.lines, address);
            let took = device.map_or(stuck, |d| d.write(byte));
            if !took {
                break;
            }
            acked += 1;
        }
        self.tell(vm, address, false, bytes.to_vec(), Some(acked));
        acked
    }

    /// Reads bytes.
    pub(super) fn read(&mut self, vm: &mut Vm, n: usize) -> Vec<u8> {
        let rest = if self.level(vm, self.lines.sda) { 0xff } else { 0 };
        self.clocks += BYTE_CLOCKS * n as u64;
        let called = match self.called {
            Some((address, Direction::Read)) => Some(address),
            _ => None,
        };
        let wires = &mut Chip::of(vm).wires;
        let bytes: Vec<u8> = match called.and_then(|address| wires.i2c(self.lines, address)) {
            Some(device) => (0..n).map(|_| device.read()).collect(),
            None => alloc::vec![rest; n],
        };
        if let Some(address) = called {
            self.tell(vm, address, true, bytes.clone(), Some(n));
        }
        bytes
    }

    /// Stops.
    pub(super) fn stop(&mut self, vm: &mut Vm) {
        self.clocks += 1;
        if let Some((address, _)) = self.called.take()
            && let Some(device) = Chip::of(vm).wires.i2c(self.lines, address)
        {
            device.stop();
        }
    }

    /// The time of what was done so far passes.
    pub(super) fn spend(&mut self, vm: &mut Vm) -> Result<(), Raised> {
        let clocks = core::mem::take(&mut self.clocks);
        busy::spend(vm, clocks * self.clock_ns)
    }

    fn tell(&self, vm: &mut Vm, address: u16, read: bool, bytes: Vec<u8>, acked: Option<usize>) {
        let now = vm.port.now_us();
        let event = Event::I2c { lines: self.lines, address, read, bytes, acked };
        Chip::of(vm).emit(now, event);
    }
}
