//! The registers that tools read to know the chip, and the controller through which they ask the flash chip.
//!
//! What is not here reads as zero, and what is written there is lost.

use super::spi::Spi;
use crate::profile::Silicon;

/// What says that it is an ESP32.
const MAGIC: (u32, u32) = (0x4000_1000, 0x00f0_1d83);
/// What is burnt in at the factory: six words.
const EFUSE: u32 = 0x3ff5_a000;
/// The highest bit of it is a bit of the chip's revision.
const APB_DATE: u32 = 0x3ff6_607c;
/// Ticks of the crystal for a bit on the serial line.
const UART_CLKDIV: u32 = 0x3ff4_0014;
/// How the slow clock was measured against the crystal.
const RTC_CALIBRATION: u32 = 0x3ff5_f06c;
/// Levels that the strapping pins had.
const STRAP: u32 = 0x3ff4_4038;
/// The controller of the flash chip: its first register, and the bytes of all.
const SPI1: u32 = 0x3ff4_2000;
const SPI1_BYTES: u32 = 0x100;

/// Hertz of the crystal.
const CRYSTAL: u32 = 40_000_000;
/// What the ROM's measuring makes of it: ticks of the crystal while the slow clock ticks forty times, as a field.
const CALIBRATED: u32 = (CRYSTAL / 1_000_000 * 40 / 2) << 7;

/// Calibration of the 8 MHz oscillator, as most chips have it.
const CK8M: u32 = 0x80;
/// The frequency is rated.
const RATED: u32 = 1 << 13;

/// All of them.
#[derive(Debug)]
pub(super) struct Registers {
    silicon: Silicon,
    mac: [u8; 6],
    straps: u8,
    /// Bits in a second on the line.
    pub(super) baud: u32,
    spi: Spi,
}

impl Registers {
    pub(super) fn new(silicon: Silicon, mac: [u8; 6], straps: u8, flash_bytes: u32) -> Self {
        let spi = Spi::new(silicon.flash_maker, flash_bytes);
        Self { silicon, mac, straps, baud: super::BAUD, spi }
    }

    /// The word at an address.
    pub(super) fn read(&self, address: u32) -> u32 {
        // The ROM has three bits for the major revision and counts with them in unary.
        let major = self.silicon.revision.0.min(3);
        match address {
            a if a == MAGIC.0 => MAGIC.1,
            APB_DATE => u32::from(major > 2) << 31,
            UART_CLKDIV => CRYSTAL / self.baud.max(1),
            RTC_CALIBRATION => CALIBRATED,
            STRAP => self.straps.into(),
            SPI1..=0x3ff4_20ff => self.spi.read(address - SPI1),
            EFUSE..=0x3ff5_a017 => self.efuse((address - EFUSE) / 4, major),
            _ => 0,
        }
    }

    /// Replaces the bits of a mask in the word at an address.
    pub(super) fn write(&mut self, address: u32, word: u32, mask: u32) {
        let at = address.wrapping_sub(SPI1);
        if at < SPI1_BYTES {
            let word = self.spi.read(at) & !mask | word & mask;
            self.spi.write(at, word);
        }
    }

    fn efuse(&self, word: u32, major: u8) -> u32 {
        let Silicon { revision: (_, minor), package, .. } = self.silicon;
        let [a, b, c, d, e, f] = self.mac;
        let package = u32::from(package);
        match word {
            1 => u32::from_be_bytes([c, d, e, f]),
            2 => u32::from_be_bytes([0, crc8(&self.mac), a, b]),
            3 => RATED | u32::from(major > 0) << 15 | (package & 7) << 9 | (package >> 3 & 1) << 2,
            4 => CK8M,
            5 => u32::from(major > 1) << 20 | u32::from(minor & 3) << 24,
            _ => 0,
        }
    }
}

/// The sum that is burnt in beside the address: CRC-8 with the polynomial x^8 + x^5 + x^4 + 1, the lowest bit first.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, b| {
        (0..8).fold(crc ^ b, |crc, _| if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0x8c })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registers(revision: (u8, u8), package: u8) -> Registers {
        let silicon = Silicon { revision, package, flash_maker: 0xef };
        Registers::new(silicon, [0x24, 0x0a, 0xc4, 0x00, 0x01, 0x02], 0x12, 4 << 20)
    }

    #[test]
    fn a_chip_of_revision_3_1_reads_as_its_kind_does() {
        let r = registers((3, 1), 1);
        for (address, word) in [
            (0x4000_1000, 0x00f0_1d83),
            (0x3ff5_a004, 0xc400_0102),
            (0x3ff5_a00c, 0x0000_a200),
            (0x3ff5_a010, 0x80),
            (0x3ff5_a014, 0x0110_0000),
            (0x3ff5_a018, 0),
            (0x3ff6_607c, 0x8000_0000),
            (0x3ff4_0014, 347),
            (0x3ff5_f06c, 800 << 7),
            (0x3ff4_4038, 0x12),
            (0x3ff4_8074, 0),
            (0xffff_ffff, 0),
        ] {
            assert_eq!(r.read(address), word, "{address:x}");
        }
        assert_eq!(r.read(0x3ff5_a008) & 0xff00_ffff, 0x0000_240a);
    }

    #[test]
    fn the_major_revision_is_told_by_three_bits() {
        for (major, bits) in
            [(0, [0, 0, 0]), (1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1]), (200, [1, 1, 1])]
        {
            let r = registers((major, 0), 0);
            let read = [(0x3ff5_a00c, 15), (0x3ff5_a014, 20), (0x3ff6_607c, 31)]
                .map(|(a, n)| r.read(a) >> n & 1);
            assert_eq!(read, bits, "{major}");
        }
    }

    #[test]
    fn the_address_s_sum_is_that_of_one_wire_devices() {
        // The well-known example of such a sum, of a family code and a serial number.
        assert_eq!(crc8(&[0x02, 0x1c, 0xb8, 0x01, 0, 0, 0]), 0xa2);
    }

    #[test]
    fn the_flash_chip_says_who_it_is() {
        let mut r = registers((3, 1), 1);
        let mut ask = |opcode: u32, address: u32| {
            r.write(0x3ff4_201c, 1 << 31 | 1 << 28, u32::MAX);
            r.write(0x3ff4_2024, 7 << 28 | opcode, u32::MAX);
            r.write(0x3ff4_2004, address << 8, u32::MAX);
            r.write(0x3ff4_2080, 0, u32::MAX);
            r.write(0x3ff4_2000, 1 << 18, u32::MAX);
            assert_eq!(r.read(0x3ff4_2000), 0, "it is done");
            r.read(0x3ff4_2080)
        };
        assert_eq!(ask(0x9f, 0), 0x16_40ef);
        assert_eq!(ask(0x5a, 0), 0x5044_4653);
        assert_eq!(ask(0x5a, 0x10), 0xef);
        assert_eq!(ask(0x05, 0), 0);
        assert_eq!(ask(0x77, 0), 0);
    }

    #[test]
    fn only_the_bits_of_the_mask_are_written() {
        let mut r = registers((3, 1), 1);
        r.write(0x3ff4_2080, 0x1234_5678, u32::MAX);
        r.write(0x3ff4_2080, 0, 0xffff_0000);
        assert_eq!(r.read(0x3ff4_2080), 0x5678);
        r.write(0x4000_1000, 1, u32::MAX);
        assert_eq!(r.read(0x4000_1000), 0x00f0_1d83);
    }
}
