//! What can be at the other end of a board's buses: the devices that answer it.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The two wires of an I2C bus, as pin numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct I2cLines {
    /// Clock.
    pub scl: u8,
    /// Data.
    pub sda: u8,
}

/// A device on an I2C bus, with an address of its own.
pub trait I2cDevice {
    /// The bus was started with its address, to be read or to be written; a second start without a
    /// stop between is a repeated one. Says whether it acknowledges.
    fn start(&mut self, read: bool) -> bool {
        let _ = read;
        true
    }
    /// Takes a byte; says whether it acknowledges.
    fn write(&mut self, byte: u8) -> bool;
    /// The next byte that it sends.
    fn read(&mut self) -> u8;
    /// The bus was stopped.
    fn stop(&mut self) {}
}

/// The three wires of an SPI bus, as pin numbers; one that is not there is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpiLines {
    /// Clock.
    pub sck: Option<u8>,
    /// Data from the board.
    pub mosi: Option<u8>,
    /// Data to the board.
    pub miso: Option<u8>,
}

/// A device on an SPI bus.
pub trait SpiDevice {
    /// Its select pin went low (true) or high.
    fn select(&mut self, selected: bool) {
        let _ = selected;
    }
    /// Eight clocks: what it gets and what it gives, the most significant bit first.
    fn transfer(&mut self, out: u8) -> u8;
}

/// The parity bit of a UART.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    /// No such bit.
    #[default]
    None,
    /// The number of ones is even.
    Even,
    /// The number of ones is odd.
    Odd,
}

/// How the characters of a UART look on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UartFrame {
    /// Bits in a second.
    pub baudrate: u32,
    /// Data bits, 5 to 8.
    pub bits: u8,
    /// Parity bit.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop: u8,
    /// The wire rests low.
    pub inverted: bool,
}

impl UartFrame {
    /// Bits of a whole character, start and stop included.
    pub fn symbol_bits(&self) -> u32 {
        let parity = u32::from(self.parity != Parity::None);
        1 + u32::from(self.bits) + parity + u32::from(self.stop)
    }

    /// Nanoseconds that a whole character takes.
    pub fn symbol_ns(&self) -> u64 {
        u64::from(self.symbol_bits()) * 1_000_000_000 / u64::from(self.baudrate.max(1))
    }

    /// The level of the wire in the so many-th bit of a character.
    pub fn level(&self, byte: u8, bit: u32) -> bool {
        let bits = u32::from(self.bits);
        let data = byte & (0xff >> (8 - bits));
        let logical = match bit {
            0 => false,
            n if n <= bits => data >> (n - 1) & 1 == 1,
            n if n == bits + 1 && self.parity != Parity::None => {
                (data.count_ones() % 2 == 1) == (self.parity == Parity::Even)
            }
            _ => true,
        };
        logical != self.inverted
    }

    /// What someone whose own characters are `heard` takes a character of these for: itself if they
    /// are the same, else what the wire is at where the listener looks.
    pub fn heard_as(&self, byte: u8, heard: &Self) -> u8 {
        let mut taken = 0;
        for bit in 0..u32::from(heard.bits) {
            // The middle of the listener's bit, in halves of its own, then in bits of the sender.
            let at = u64::from(2 * (bit + 1) + 1) * u64::from(self.baudrate)
                / (2 * u64::from(heard.baudrate.max(1)));
            let level = self.level(byte, u32::try_from(at).unwrap_or(u32::MAX));
            taken |= u8::from(level != heard.inverted) << bit;
        }
        taken
    }
}

/// What listens on a wire that a UART sends on.
pub trait UartDevice {
    /// A character was sent. What is given back is sent to the board, at the board's own rate.
    fn receive(&mut self, frame: &UartFrame, byte: u8) -> Vec<u8>;
}

/// Bytes of a card's sector.
pub const SECTOR_BYTES: usize = 512;

/// An SD card.
pub trait SdCard {
    /// How many sectors it has.
    fn sectors(&self) -> u32;
    /// Reads a sector; false if that fails.
    fn read(&mut self, sector: u32, into: &mut [u8]) -> bool;
    /// Writes a sector; false if that fails.
    fn write(&mut self, sector: u32, from: &[u8]) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: UartFrame =
        UartFrame { baudrate: 9600, bits: 8, parity: Parity::None, stop: 1, inverted: false };

    #[test]
    fn a_listener_of_the_same_kind_hears_what_is_sent() {
        for frame in [
            FRAME,
            UartFrame { inverted: true, ..FRAME },
            UartFrame { parity: Parity::Even, stop: 2, ..FRAME },
            UartFrame { baudrate: 115_200, ..FRAME },
        ] {
            for byte in 0..=255 {
                assert_eq!(frame.heard_as(byte, &frame), byte);
            }
        }
    }

    #[test]
    fn seven_bits_lose_the_eighth() {
        let seven = UartFrame { bits: 7, ..FRAME };
        assert_eq!(seven.heard_as(0xff, &seven), 0x7f);
        assert_eq!(FRAME.heard_as(0xc1, &seven), 0x41);
    }

    #[test]
    fn another_rate_hears_something_else() {
        let half = UartFrame { baudrate: 4800, ..FRAME };
        // Two bits of the sender make one of the listener, and the rest of the wire is at rest.
        assert_eq!(FRAME.heard_as(0b0000_0000, &half), 0b1111_1000);
        let slow = UartFrame { baudrate: 9500, ..FRAME };
        assert_eq!(FRAME.heard_as(0x55, &slow), 0x55);
    }

    #[test]
    fn parity_counts_ones() {
        let even = UartFrame { parity: Parity::Even, ..FRAME };
        let odd = UartFrame { parity: Parity::Odd, ..FRAME };
        assert!(even.level(0b0000_0111, 9) && !odd.level(0b0000_0111, 9));
        assert!(!even.level(0b0000_0011, 9) && odd.level(0b0000_0011, 9));
        assert_eq!(even.symbol_bits(), 11);
        assert_eq!(FRAME.symbol_ns(), 1_041_666);
    }
}
