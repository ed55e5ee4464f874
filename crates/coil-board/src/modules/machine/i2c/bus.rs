//! An I2C bus as its controller drives it: starts, bytes and stops, the time they take, and what
//! observers are told.

use crate::chip::Chip;
use crate::modules::machine::busy;
use crate::outside::bus::I2cLines;
use crate::outside::{Event, Kind};
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
    /// What went over it since the last start or telling, and after how many clocks it began.
    untold: Option<(u64, Transfer)>,
}

/// What observers are told of a transfer.
#[derive(Debug)]
struct Transfer {
    start: bool,
    address: u16,
    read: bool,
    bytes: Vec<u8>,
    acked: Option<usize>,
}

impl Bus {
    /// A bus at rest; a clock takes so many nanoseconds.
    pub(super) fn new(lines: I2cLines, clock_ns: u64) -> Self {
        Self { lines, clock_ns, clocks: 0, called: None, untold: None }
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
        self.tell(vm, false);
        let address = address & ADDRESS_BITS;
        let began = self.clocks;
        self.clocks += 1 + BYTE_CLOCKS;
        let read = direction == Direction::Read;
        let answered = Chip::of(vm).wires.i2c(self.lines, address).map(|d| d.start(read));
        // A wire that is low looks like an acknowledgement.
        let acked = answered == Some(true) || !self.level(vm, self.lines.sda);
        self.called = acked.then_some((address, direction));
        let acked_bytes = acked.then_some(0);
        let told = Transfer { start: true, address, read, bytes: Vec::new(), acked: acked_bytes };
        self.untold = Some((began, told));
        acked
    }

    /// Sends bytes up to the first that is not acknowledged; how many were.
    pub(super) fn write(&mut self, vm: &mut Vm, bytes: &[u8]) -> usize {
        let Some((address, _)) = self.called else { return 0 };
        let stuck = !self.level(vm, self.lines.sda);
        let began = self.clocks;
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
        self.went(vm, began, (address, false), bytes, acked);
        acked
    }

    /// Reads bytes.
    pub(super) fn read(&mut self, vm: &mut Vm, n: usize) -> Vec<u8> {
        let rest = if self.level(vm, self.lines.sda) { 0xff } else { 0 };
        let began = self.clocks;
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
            self.went(vm, began, (address, true), &bytes, n);
        }
        bytes
    }

    /// Stops.
    pub(super) fn stop(&mut self, vm: &mut Vm) {
        let began = self.clocks;
        self.clocks += 1;
        let called = self.called.take();
        if let (None, Some((address, direction))) = (&self.untold, called) {
            self.went(vm, began, (address, direction == Direction::Read), &[], 0);
        }
        self.tell(vm, true);
        if let Some((address, _)) = called
            && let Some(device) = Chip::of(vm).wires.i2c(self.lines, address)
        {
            device.stop();
        }
    }

    /// The time of what was done so far passes.
    pub(super) fn spend(&mut self, vm: &mut Vm) -> Result<(), Raised> {
        self.tell(vm, false);
        let clocks = core::mem::take(&mut self.clocks);
        busy::spend(vm, clocks * self.clock_ns)
    }

    /// Bytes went over it, the first after `began` clocks.
    fn went(
        &mut self,
        vm: &mut Vm,
        began: u64,
        (address, read): (u16, bool),
        bytes: &[u8],
        acked: usize,
    ) {
        if !Chip::of(vm).is_watched(Kind::I2c) {
            return;
        }
        let none = || Transfer { start: false, address, read, bytes: Vec::new(), acked: None };
        let (_, told) = self.untold.get_or_insert_with(|| (began, none()));
        told.acked = Some(told.bytes.len() + acked);
        told.bytes.extend_from_slice(bytes);
    }

    /// Tells what went over it, and whether it was stopped then.
    fn tell(&mut self, vm: &mut Vm, stop: bool) {
        let Some((began, told)) = self.untold.take() else { return };
        let now_ns = vm.port.now_us() * 1000;
        let Transfer { start, address, read, bytes, acked } = told;
        let freq = (1_000_000_000 / self.clock_ns.max(1)) as u32;
        let lines = self.lines;
        let event = Event::I2c { lines, freq, start, address, read, bytes, acked, stop };
        Chip::of(vm).emit_at(now_ns + began * self.clock_ns, event);
    }
}
