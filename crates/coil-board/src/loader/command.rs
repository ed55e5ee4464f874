//! Requests and answers: their form, their numbers, and how either dialect refuses.

use super::slip;
use alloc::vec::Vec;

/// Who answers: the ROM, or the program that a tool has loaded into the chip's memory and started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Rom,
    Stub,
}

/// The numbers of requests.
pub(super) mod op {
    pub(in super::super) const FLASH_BEGIN: u8 = 0x02;
    pub(in super::super) const FLASH_DATA: u8 = 0x03;
    pub(in super::super) const FLASH_END: u8 = 0x04;
    pub(in super::super) const MEM_BEGIN: u8 = 0x05;
    pub(in super::super) const MEM_END: u8 = 0x06;
    pub(in super::super) const MEM_DATA: u8 = 0x07;
    pub(in super::super) const SYNC: u8 = 0x08;
    pub(in super::super) const WRITE_REG: u8 = 0x09;
    pub(in super::super) const READ_REG: u8 = 0x0a;
    pub(in super::super) const SPI_SET_PARAMS: u8 = 0x0b;
    pub(in super::super) const SPI_ATTACH: u8 = 0x0d;
    pub(in super::super) const READ_FLASH_SLOW: u8 = 0x0e;
    pub(in super::super) const CHANGE_BAUDRATE: u8 = 0x0f;
    pub(in super::super) const DEFL_BEGIN: u8 = 0x10;
    pub(in super::super) const DEFL_DATA: u8 = 0x11;
    pub(in super::super) const DEFL_END: u8 = 0x12;
    pub(in super::super) const FLASH_MD5: u8 = 0x13;
    pub(in super::super) const ERASE_FLASH: u8 = 0xd0;
    pub(in super::super) const ERASE_REGION: u8 = 0xd1;
    pub(in super::super) const READ_FLASH: u8 = 0xd2;
    pub(in super::super) const RUN_USER_CODE: u8 = 0xd3;
}

/// Bytes in front of a request's payload.
const HEADER: usize = 8;
/// Bytes in front of the data of a block: its length, its number, and two words of nothing.
const BLOCK_HEADER: usize = 16;
/// What the check sum of a block's data starts with.
const SUM_START: u8 = 0xef;

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) op: u8,
    /// What its header says of the sum.
    sum: u32,
    pub(super) payload: &'a [u8],
}

/// A block of data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) number: u32,
    pub(super) data: &'a [u8],
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such request here.
    Unknown,
    /// It has another length than it must have, or means nothing.
    Message,
    /// The check sum is wrong.
    Checksum,
    /// A block without a beginning, or out of its turn.
    NotBegun,
    /// A place that is not on the flash, or a flash that does not do it.
    Flash,
    /// The start or the length of what is to be erased is not a sector's.
    Unaligned,
    /// More data than was said.
    TooMuch,
    /// Less data than was said.
    TooLittle,
    /// What is to be inflated is no such stream.
    Inflate,
}

impl Refusal {
    const fn code(self, dialect: Dialect) -> u8 {
        match (dialect, self) {
            (Dialect::Rom, Self::Unknown | Self::Message) => 0x05,
            (Dialect::Rom, Self::Checksum) => 0x07,
            (Dialect::Rom, Self::Inflate) => 0x0b,
            (Dialect::Rom, _) => 0x06,
            (Dialect::Stub, Self::Unaligned) => 0x32,
            (Dialect::Stub, Self::Message) => 0xc0,
            (Dialect::Stub, Self::Checksum) => 0xc1,
            (Dialect::Stub, Self::Flash) => 0xc4,
            (Dialect::Stub, Self::NotBegun) => 0xc6,
            (Dialect::Stub, Self::Inflate) => 0xc7,
            (Dialect::Stub, Self::TooLittle) => 0xc8,
            (Dialect::Stub, Self::TooMuch) => 0xc9,
            (Dialect::Stub, Self::Unknown) => 0xff,
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

impl<'a> Request<'a> {
    /// The request in a frame; nothing if it is none. One whose length is not what it says is
    /// [`Refusal::Message`].
    pub(super) fn parse(frame: &'a [u8]) -> Option<(u8, Result<Self, Refusal>)> {
        let (&[direction, op, low, high], _) = frame.split_first_chunk()?;
        let (sum, payload) = (word(frame, 4)?, frame.get(HEADER..)?);
        let declared = usize::from(u16::from_le_bytes([low, high]));
        let fits = payload.len() == declared;
        (direction == 0)
            .then_some((op, fits.then_some(Self { op, sum, payload }).ok_or(Refusal::Message)))
    }

    /// Its first words.
    pub(super) fn words<const N: usize>(&self) -> Result<[u32; N], Refusal> {
        let mut words = [0; N];
        for (n, w) in words.iter_mut().enumerate() {
            *w = word(self.payload, 4 * n).ok_or(Refusal::Message)?;
        }
        Ok(words)
    }

    /// The block of data that it carries.
    pub(super) fn block(&self) -> Result<Block<'a>, Refusal> {
        let [len, number, _, _] = self.words()?;
        let data = &self.payload[BLOCK_HEADER..];
        if data.len() != len as usize {
            return Err(Refusal::Message);
        }
        let sum = data.iter().fold(SUM_START, |sum, b| sum ^ b);
        if u32::from(sum) != self.sum {
            return Err(Refusal::Checksum);
        }
        Ok(Block { number, data })
    }
}

/// Sends an answer: its word, its data, and whether it was done. Tools tell the dialects by the length.
pub(super) fn answer(
    out: &mut Vec<u8>,
    dialect: Dialect,
    op: u8,
    value: u32,
    done: Result<&[u8], Refusal>,
) {
    let (data, status) = match done {
        Ok(data) => (data, [0; 4]),
        Err(refusal) => (&[][..], [1, refusal.code(dialect), 0, 0]),
    };
    let status = &status[..if dialect == Dialect::Rom { 4 } else { 2 }];
    let [low, high] = ((data.len() + status.len()) as u16).to_le_bytes();
    slip::send(out, &[&[1, op, low, high], &value.to_le_bytes(), data, status]);
}
