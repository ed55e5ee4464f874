//! Commands and data of a card in SPI mode: a card of standard capacity, addressed by bytes.

use super::Disk;
use alloc::collections::VecDeque;
use alloc::vec::Vec;
use coil_board::outside::bus::{SECTOR_BYTES, SpiDevice};

/// Bits of the byte that answers a command.
const IDLE: u8 = 1;
const ILLEGAL: u8 = 4;
const BAD_CRC: u8 = 8;
const BAD_ADDRESS: u8 = 0x20;
const BAD_PARAMETER: u8 = 0x40;
/// What comes before a block, before one of several, and after those.
const BLOCK: u8 = 0xfe;
const ONE_OF_SEVERAL: u8 = 0xfc;
const NO_MORE: u8 = 0xfd;
/// What answers a block: taken, or broken on the way.
const TAKEN: u8 = 0xe5;
const BROKEN: u8 = 0xeb;
/// How often it is asked to start before it has.
const STARTS: u8 = 2;
/// Bytes of a block on the wire: its checksum follows it.
const BLOCK_BYTES: usize = SECTOR_BYTES + 2;

/// A card, and where it is in a transfer.
#[derive(Debug)]
pub(super) struct Card {
    disk: Disk,
    /// It has been told to speak SPI.
    is_spi: bool,
    /// How often it has been asked to start.
    starts: u8,
    /// The next command is one of the second set.
    is_second_set: bool,
    checks_crc: bool,
    command: Vec<u8>,
    out: VecDeque<u8>,
    /// The sector that is sent next of several.
    reading: Option<u32>,
    writing: Option<Writing>,
    pub(super) reads: i64,
    pub(super) writes: i64,
}

/// Blocks that are to come.
#[derive(Debug)]
struct Writing {
    sector: u32,
    is_several: bool,
    /// The block that has begun.
    block: Option<Vec<u8>>,
}

/// The checksum of commands, with the bit that ends them.
fn crc7(bytes: &[u8]) -> u8 {
    let crc = bytes.iter().fold(0u8, |mut crc, byte| {
        for bit in (0..8).rev() {
            let odd = (crc >> 6 ^ byte >> bit) & 1 != 0;
            crc = (crc << 1 & 0x7f) ^ if odd { 0x09 } else { 0 };
        }
        crc
    });
    crc << 1 | 1
}

/// The checksum of blocks.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 }
        })
    })
}

impl Card {
    pub(super) fn new(disk: Disk) -> Self {
        Self {
            disk,
            is_spi: false,
            starts: 0,
            is_second_set: false,
            checks_crc: false,
            command: Vec::new(),
            out: VecDeque::new(),
            reading: None,
            writing: None,
            reads: 0,
            writes: 0,
        }
    }

    /// It has had no power.
    pub(super) fn restart(&mut self) {
        let disk = core::mem::replace(&mut self.disk, Disk::new(1));
        *self = Self { reads: self.reads, writes: self.writes, ..Self::new(disk) };
    }

    fn is_idle(&self) -> bool {
        self.starts < STARTS
    }

    fn answer(&mut self, status: u8, more: &[u8]) {
        let idle = if self.is_idle() { IDLE } else { 0 };
        self.out.clear();
        // It thinks for the time of a byte.
        self.out.extend([0xff, status | idle]);
        self.out.extend(more);
    }

    /// Sends a block with its checksum.
    fn send(&mut self, bytes: &[u8]) {
        self.out.extend([0xff, BLOCK]);
        self.out.extend(bytes);
        self.out.extend(crc16(bytes).to_be_bytes());
    }

    fn send_sector(&mut self, sector: u32) {
        let bytes = self.disk.read(sector);
        self.send(&bytes);
        self.reads += 1;
    }

    /// The card's description of itself: its size as rows of 16 sectors.
    fn csd(&self) -> [u8; 16] {
        let rows = self.disk.count / 16 - 1;
        let mut csd =
            [0x00, 0x26, 0x00, 0x32, 0x5b, 0x59, 0x80, 0, 0, 0x3f, 0x7f, 0x80, 0x0a, 0x40, 0, 0];
        csd[6] |= (rows >> 10) as u8 & 3;
        csd[7] = (rows >> 2) as u8;
        csd[8] = (rows << 6) as u8 | 0x3f;
        // The rows' length: 2 to the power of (2 + 2).
        csd[9] = 0x3c | 0x01;
        csd[10] = 0x7f;
        csd[15] = crc7(&csd[..15]);
        csd
    }

    /// Who made it and when.
    fn cid(&self) -> [u8; 16] {
        let mut cid = *b"\x00CLCARD \x10\x00\x00\x00\x01\x01\x41\x00";
        cid[15] = crc7(&cid[..15]);
        cid
    }

    /// The sector of an address, or what is wrong with it.
    fn sector(&self, address: u32) -> Result<u32, u8> {
        let sector = address / SECTOR_BYTES as u32;
        if !(address as usize).is_multiple_of(SECTOR_BYTES) {
            Err(BAD_ADDRESS)
        } else if sector >= self.disk.count {
            Err(BAD_PARAMETER)
        } else {
            Ok(sector)
        }
    }

    fn obey(&mut self) {
        let command = core::mem::take(&mut self.command);
        let [first, a, b, c, d, crc] = command[..] else { return };
        let argument = u32::from_be_bytes([a, b, c, d]);
        let number = first & 0x3f;
        let is_checked = self.checks_crc || !self.is_spi || number == 8;
        if !self.is_spi && number != 0 {
            return;
        }
        if is_checked && crc != crc7(&command[..5]) {
            // What it does not understand before it speaks SPI is not meant for it.
            if self.is_spi {
                self.answer(BAD_CRC, &[]);
            }
            return;
        }
        let is_second = core::mem::take(&mut self.is_second_set);
        self.writing = None;
        match (number, is_second) {
            (0, _) => {
                self.restart();
                self.is_spi = true;
                self.answer(0, &[]);
            }
            (8, _) => self.answer(0, &[0, 0, c & 0xf, d]),
            (41, true) => {
                self.starts = (self.starts + 1).min(STARTS);
                self.answer(0, &[]);
            }
            (55, _) => {
                self.is_second_set = true;
                self.answer(0, &[]);
            }
            (58, _) => {
                let is_ready = if self.is_idle() { 0 } else { 0x80 };
                self.answer(0, &[is_ready, 0xff, 0x80, 0]);
            }
            (59, _) => {
                self.checks_crc = d & 1 != 0;
                self.answer(0, &[]);
            }
            _ if self.is_idle() => self.answer(ILLEGAL, &[]),
            _ => self.obey_started(number, argument, is_second),
        }
    }

    /// Commands of a card that has started.
    fn obey_started(&mut self, number: u8, argument: u32, is_second: bool) {
        match number {
            9 | 10 => {
                let bytes = if number == 9 { self.csd() } else { self.cid() };
                self.answer(0, &[]);
                self.send(&bytes);
            }
            12 => {
                self.reading = None;
                // The first byte after it is none.
                self.answer(0, &[]);
                self.out.push_front(0x7f | 0x80);
            }
            13 => self.answer(0, &[0]),
            16 => {
                let status = if argument as usize == SECTOR_BYTES { 0 } else { BAD_PARAMETER };
                self.answer(status, &[]);
            }
            17 | 18 => match self.sector(argument) {
                Ok(sector) => {
                    self.answer(0, &[]);
                    self.send_sector(sector);
                    self.reading = (number == 18).then_some(sector + 1);
                }
                Err(status) => self.answer(status, &[]),
            },
            // How many sectors are to be written: good to know, no more.
            23 if is_second => self.answer(0, &[]),
            24 | 25 => match self.sector(argument) {
                Ok(sector) => {
                    self.answer(0, &[]);
                    self.writing = Some(Writing { sector, is_several: number == 25, block: None });
                }
                Err(status) => self.answer(status, &[]),
            },
            _ => self.answer(ILLEGAL, &[]),
        }
    }

    /// A byte while blocks are to come; whether it was one of theirs.
    fn take_block(&mut self, byte: u8) -> bool {
        let Some(writing) = &mut self.writing else { return false };
        match &mut writing.block {
            Some(block) => {
                block.push(byte);
                if block.len() == BLOCK_BYTES {
                    self.store();
                }
                true
            }
            None => match (byte, writing.is_several) {
                (BLOCK, false) | (ONE_OF_SEVERAL, true) => {
                    writing.block = Some(Vec::with_capacity(BLOCK_BYTES));
                    true
                }
                (NO_MORE, true) => {
                    self.writing = None;
                    self.out.extend([0xff, 0, 0]);
                    true
                }
                _ => false,
            },
        }
    }

    /// A whole block has arrived.
    fn store(&mut self) {
        let Some(writing) = &mut self.writing else { return };
        let Some(block) = writing.block.take() else { return };
        let (sector, is_several) = (writing.sector, writing.is_several);
        writing.sector = sector.saturating_add(1);
        if !is_several {
            self.writing = None;
        }
        let (bytes, crc) = block.split_at(SECTOR_BYTES);
        let is_whole = !self.checks_crc || crc == crc16(bytes).to_be_bytes();
        let Ok(bytes) = bytes.try_into() else { return };
        if is_whole && sector < self.disk.count {
            self.disk.write(sector, bytes);
            self.writes += 1;
        }
        // Then it is busy for a moment.
        let answer = if is_whole { TAKEN } else { BROKEN };
        self.out.extend([answer, 0, 0]);
    }
}

impl SpiDevice for Card {
    fn select(&mut self, _: bool) {
        self.command.clear();
    }

    fn transfer(&mut self, byte: u8) -> u8 {
        if self.out.is_empty()
            && let Some(sector) = self.reading.filter(|s| *s < self.disk.count)
        {
            self.send_sector(sector);
            self.reading = Some(sector + 1);
        }
        let answer = self.out.pop_front().unwrap_or(0xff);
        if self.command.is_empty() && self.take_block(byte) {
            return answer;
        }
        // A command starts with two bits of its own.
        if !self.command.is_empty() || byte & 0xc0 == 0x40 {
            self.command.push(byte);
            if self.command.len() == 6 {
                self.obey();
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(crc7(&[0x40, 0, 0, 0, 0]), 0x95);
        assert_eq!(crc7(&[0x48, 0, 0, 1, 0xaa]), 0x87);
        assert_eq!(crc16(&[0xff; 512]), 0x7fa1);
    }

    #[test]
    fn a_card_of_every_size_describes_itself() {
        for megabytes in 1..=32 {
            let csd = Card::new(Disk::new(megabytes)).csd();
            let rows =
                u32::from(csd[6] & 3) << 10 | u32::from(csd[7]) << 2 | u32::from(csd[8] >> 6);
            let power = u32::from(csd[9] & 3) << 1 | u32::from(csd[10] >> 7);
            let block = 1 << (csd[5] & 0xf);
            assert_eq!((rows + 1) * (4 << power) * block, megabytes << 20);
        }
    }
}
