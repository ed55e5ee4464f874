//! Which part a bus of the board reaches.

use super::Circuit;
use crate::part::Role;
use alloc::format;
use coil_board::outside::bus::{I2cLines, SpiLines};

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

    /// A bus is about to use a part, or has.
    pub(super) fn attend(&mut self, part: usize) {
        self.attending = Some(part);
        self.call(part, |part, cx| part.attend(cx));
        self.settle();
    }
}
