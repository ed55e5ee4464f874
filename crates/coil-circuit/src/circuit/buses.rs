//! Which part a bus of the board reaches.

use super::Circuit;
use crate::part::Role;
use alloc::format;
use coil_board::outside::bus::{I2cLines, SpiLines};

/// Bytes of one transfer whose edges are told at most.
const CLOCKED_MAX: usize = 4096;

impl Circuit {
    /// The node that a part's pin of a role is on.
    fn node_of(&self, part: usize, role: Role) -> Option<usize> {
        let fitted = &self.parts[part];
        let pin = fitted.kind.pins.iter().position(|p| p.role == role)?;
        Some(fitted.nodes[pin])
    }

    /// Whether a pin of the board and a part's pin of a role are on one wire.
    fn meets(&self, gpio: Option<u8>, part: usize, role: Role) -> bool {
        let node = gpio.and_then(|g| self.pads.get(usize::from(g))?.node);
        node.is_some() && node == self.node_of(part, role)
    }

    /// The part that answers to an address.
    pub(super) fn find_i2c(&mut self, lines: I2cLines, address: u16) -> Option<usize> {
        let I2cLines { scl, sda } = lines;
        for part in 0..self.parts.len() {
            if self.parts[part].part.i2c(address).is_none() {
                continue;
            }
            if self.meets(Some(scl), part, Role::Scl) && self.meets(Some(sda), part, Role::Sda) {
                if self.check_power(part) {
                    return Some(part);
                }
            } else if self.meets(Some(scl), part, Role::Sda)
                && self.meets(Some(sda), part, Role::Scl)
            {
                let text = format!(
                    "its SDA and SCL are exchanged: the program has SCL on GPIO{scl} and SDA on GPIO{sda}"
                );
                self.tell_fault(Some(part), text);
            }
        }
        None
    }

    /// The part that listens on an SPI bus now.
    pub(super) fn find_spi(&mut self, lines: &SpiLines) -> Option<usize> {
        for part in 0..self.parts.len() {
            let meets = self.meets(lines.sck, part, Role::Sck)
                && (self.meets(lines.mosi, part, Role::Mosi)
                    || self.meets(lines.miso, part, Role::Miso));
            if !meets || self.parts[part].part.spi().is_none() {
                continue;
            }
            let selected = self
                .node_of(part, Role::Select)
                .is_none_or(|n| !self.nodes[n].level && self.nodes[n].held);
            if selected && self.check_power(part) {
                return Some(part);
            }
        }
        None
    }

    /// Bytes went over an SPI bus: who counts the edges of its clock is told of all of them.
    pub(super) fn clock_bytes(&mut self, lines: &SpiLines, mode: u8, bytes: &[u8]) {
        let node_of = |gpio: Option<u8>| gpio.and_then(|g| self.pads.get(usize::from(g))?.node);
        let (Some(sck), Some(clock)) = (lines.sck, node_of(lines.sck)) else { return };
        let mut pins = self.nodes[clock].pins.iter();
        if !pins.any(|&(part, pin)| self.parts[part].part.counts_edges(pin)) {
            return;
        }
        let rests = mode & 2 != 0;
        for byte in bytes.iter().take(CLOCKED_MAX) {
            for bit in (0..8).rev() {
                // With the second edge as the one that counts, data changes at the first.
                let data = lines.mosi.map(|mosi| (mosi, byte >> bit & 1 != 0));
                let (first, second) = ((sck, !rests), (sck, rests));
                let is_second = mode & 1 != 0;
                let steps = if is_second {
                    [Some(first), data, Some(second)]
                } else {
                    [data, Some(first), Some(second)]
                };
                for (gpio, level) in steps.into_iter().flatten() {
                    self.pads[usize::from(gpio)].pad.latch = level;
                    self.touch_pin(gpio);
                    self.settle();
                }
            }
        }
    }

    /// A bus is about to use a part.
    pub(super) fn attend(&mut self, part: usize) {
        self.attending = Some(part);
        self.call(part, |part, cx| part.attend(cx));
        self.settle();
    }
}
