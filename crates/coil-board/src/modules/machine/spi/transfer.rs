//! The methods that `machine.SPI` and `machine.SoftSPI` share, and what comes back from a bus.

use super::soft::{self, SOFT_SPI};
use super::{deinit, init, number, transfer};
use crate::chip::{self, Chip, wiring};
use crate::modules::machine::params::size;
use crate::outside::bus::SpiLines;
use crate::outside::{Event, Kind};
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, def, def_raw};
use coil_vm::{Raised, Value, Vm};

pub(super) const ITEMS: &[Item] = &[
    def_raw("init(self, *settings)", |vm, a| {
        let this = vm.arg(a, 0);
        match vm.as_native(this, &SOFT_SPI) {
            Some(soft) => soft::init(vm, soft, a)?,
            None => {
                let id = number(vm, this);
                init(vm, id, a)?;
            }
        }
        Ok(Value::NONE)
    }),
    def("deinit(self)", |vm, a| {
        let this = vm.arg(a, 0);
        if vm.as_native(this, &SOFT_SPI).is_none() {
            let id = number(vm, this);
            deinit(vm, id);
        }
        Ok(Value::NONE)
    }),
    def("read(self, n, write=)", |vm, a| {
        let n = size(vm, vm.arg(a, 1))?;
        let out = filled(vm, a, n)?;
        let back = transfer_any(vm, a, &out)?;
        vm.new_bytes(&back)
    }),
    def("readinto(self, buffer, write=)", |vm, a| {
        let n = vm.buffer_len(vm.arg(a, 1))?;
        let out = filled(vm, a, n)?;
        // The buffer is what is sent, too, so that an error leaves it filled.
        vm.buffer_write(vm.arg(a, 1), 0, &out)?;
        let back = transfer_any(vm, a, &out)?;
        vm.buffer_write(vm.arg(a, 1), 0, &back)?;
        Ok(Value::NONE)
    }),
    def("write(self, data)", |vm, a| {
        let out = vm.expect_bytes_like(vm.arg(a, 1))?;
        transfer_any(vm, a, &out)?;
        Ok(Value::NONE)
    }),
    def("write_readinto(self, data, buffer)", |vm, a| {
        let out = vm.expect_bytes_like(vm.arg(a, 1))?;
        if vm.buffer_len(vm.arg(a, 2))? != out.len() {
            return Err(vm.value_error("buffers must be the same length"));
        }
        let back = transfer_any(vm, a, &out)?;
        vm.buffer_write(vm.arg(a, 2), 0, &back)?;
        Ok(Value::NONE)
    }),
    Item::Int("MSB", 0),
    Item::Int("LSB", 1),
];

/// As many bytes of the kind that a program wants sent while it reads.
fn filled(vm: &mut Vm, a: Args, n: usize) -> Result<Vec<u8>, Raised> {
    let byte = if a.n > 2 { vm.expect_int(vm.arg(a, 2))? as u8 } else { 0 };
    Ok(alloc::vec![byte; n])
}

fn transfer_any(vm: &mut Vm, a: Args, out: &[u8]) -> Result<Vec<u8>, Raised> {
    // What changed outside counts at once.
    chip::poll(vm)?;
    let this = vm.arg(a, 0);
    match vm.as_native(this, &SOFT_SPI) {
        Some(soft) => soft::transfer(vm, soft, out),
        None => {
            let id = number(vm, this);
            transfer(vm, id, out)
        }
    }
}

/// How a bus is driven.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    /// Clocks in a second.
    pub(super) freq: u32,
    /// 2 if the clock rests high, and 1 if bits are taken at the second edge.
    pub(super) mode: u8,
    /// The lowest bit of a byte goes first.
    pub(super) lsb_first: bool,
}

/// Sends bytes on a bus and gives what comes back: from the selected device, over a wire from MOSI
/// to MISO, or else what the level of MISO makes.
pub(super) fn exchange(vm: &mut Vm, lines: SpiLines, how: Exchange, out: &[u8]) -> Vec<u8> {
    let Exchange { freq, mode, lsb_first } = how;
    let order = |byte: u8| if lsb_first { byte.reverse_bits() } else { byte };
    let on_wire: Vec<u8> = out.iter().map(|&b| order(b)).collect();
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    let loops_back = match (lines.mosi, lines.miso) {
        (Some(mosi), Some(miso)) => wiring::are_joined(chip, mosi, miso),
        _ => false,
    };
    let level = lines.miso.is_some_and(|miso| chip.pins[usize::from(miso)].level());
    let rest = if level { 0xff } else { 0 };
    let from_device: Option<Vec<u8>> = chip
        .wires
        .spi(&lines)
        .map(|device| on_wire.iter().map(|&byte| device.transfer(byte)).collect());
    let back = match from_device {
        Some(_) if lines.miso.is_none() => alloc::vec![rest; out.len()],
        Some(bytes) => bytes,
        None if loops_back => on_wire.clone(),
        None => alloc::vec![rest; out.len()],
    };
    if chip.is_watched(Kind::Spi) {
        chip.emit(now, Event::Spi { lines, freq, mode, out: on_wire, back: back.clone() });
    }
    back.into_iter().map(order).collect()
}
