//! What requests do to the flash: a download in blocks, and work that takes more than a moment.

use super::command::{Block, Refusal};
use super::inflate::Inflater;
use crate::flash::SECTOR;
use crate::outside::Flash;
use alloc::vec::Vec;
use md5::{Digest, Md5};

/// Bytes of the flash that are worked on at a time.
const SLICE: u32 = 0x1_0000;
/// Bytes of a block at most.
pub(super) const BLOCK_MAX: u32 = 0x4000;

/// A stretch of the flash that is all on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) at: u32,
    pub(super) end: u32,
}

impl Stretch {
    pub(super) fn new(flash: &dyn Flash, at: u32, len: u32) -> Result<Self, Refusal> {
        let end = at.checked_add(len).filter(|end| *end <= flash.len());
        Ok(Self { at, end: end.ok_or(Refusal::Flash)? })
    }

    /// The sectors that it touches.
    fn sectors(self, flash: &dyn Flash) -> Self {
        let (at, end) = (self.at / SECTOR * SECTOR, self.end.next_multiple_of(SECTOR));
        if self.at == self.end { self } else { Self { at, end: end.min(flash.len()) } }
    }

    /// Takes the next part of it.
    fn next(&mut self, most: u32) -> Option<Self> {
        let part = Self { at: self.at, end: self.end.min(self.at.saturating_add(most)) };
        self.at = part.end;
        (part.at < part.end).then_some(part)
    }

    fn len(self) -> u32 {
        self.end - self.at
    }
}

/// Reads a part of the flash.
fn read(flash: &mut dyn Flash, part: Stretch) -> Result<Vec<u8>, Refusal> {
    let mut bytes = alloc::vec![0; part.len() as usize];
    flash.read(part.at, &mut bytes).map_err(|_| Refusal::Flash)?;
    Ok(bytes)
}

/// Data on its way to the flash.
#[derive(Debug)]
pub(super) struct Download {
    /// Where it goes.
    place: Stretch,
    /// Bytes of a block; the last of plain data is filled up.
    block: u32,
    /// Where the next byte goes.
    at: u32,
    /// The number of the next block.
    next: u32,
    inflater: Option<Inflater>,
}

impl Download {
    /// Gets ready for blocks of plain or compressed data, and says what is to be erased.
    pub(super) fn new(
        flash: &dyn Flash,
        [len, _, block, at]: [u32; 4],
        compressed: bool,
    ) -> Result<(Self, Work), Refusal> {
        let place = Stretch::new(flash, at, len)?;
        if block == 0 || block > BLOCK_MAX {
            return Err(Refusal::Message);
        }
        let inflater = compressed.then(Inflater::new);
        Ok((Self { place, block, at, next: 0, inflater }, Work::Erase(place.sectors(flash))))
    }

    /// Takes the next block. The one before it may come again: its answer was lost.
    pub(super) fn take(
        &mut self,
        compressed: bool,
        flash: &mut dyn Flash,
        block: Block<'_>,
    ) -> Result<(), Refusal> {
        if compressed != self.inflater.is_some() {
            return Err(Refusal::NotBegun);
        }
        if block.data.len() > self.block as usize {
            return Err(Refusal::Message);
        }
        if block.number.checked_add(1) == Some(self.next) {
            return Ok(());
        }
        if block.number != self.next {
            return Err(Refusal::NotBegun);
        }
        let Self { place, at, inflater, .. } = self;
        let room = (place.end - *at) as usize;
        let mut program = |bytes: &[u8]| {
            if bytes.len() > (place.end - *at) as usize {
                return Err(Refusal::TooMuch);
            }
            flash.program(*at, bytes).map_err(|_| Refusal::Flash)?;
            *at += bytes.len() as u32;
            Ok(())
        };
        match inflater {
            Some(inflater) => inflater.feed(block.data, program)?,
            None if room == 0 => return Err(Refusal::TooMuch),
            None => {
                // What the last one is filled up with is not for the flash.
                program(&block.data[..block.data.len().min(room)])?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// Whether all of it has come.
    pub(super) fn is_whole(&self) -> bool {
        self.at == self.place.end && self.inflater.as_ref().is_none_or(|i| i.is_done())
    }
}

/// Work on the flash that is done in slices, so that others have their turns and a reset is seen.
#[derive(Debug)]
pub(super) enum Work {
    /// Sectors are erased.
    Erase(Stretch),
    /// A digest is made.
    Digest(Stretch, Md5),
}

/// What has come out of work.
pub(super) enum Worked {
    /// It goes on.
    More,
    /// Sectors are erased.
    Erased,
    /// The digest.
    Digest([u8; 16]),
}

impl Work {
    /// All sectors are erased.
    pub(super) fn erase_all(flash: &dyn Flash) -> Self {
        Self::Erase(Stretch { at: 0, end: flash.len() })
    }

    /// Some are.
    pub(super) fn erase(flash: &dyn Flash, at: u32, len: u32) -> Result<Self, Refusal> {
        if !at.is_multiple_of(SECTOR) || !len.is_multiple_of(SECTOR) {
            return Err(Refusal::Unaligned);
        }
        Stretch::new(flash, at, len).map(Self::Erase)
    }

    /// The digest of a stretch is made.
    pub(super) fn digest(flash: &dyn Flash, at: u32, len: u32) -> Result<Self, Refusal> {
        Ok(Self::Digest(Stretch::new(flash, at, len)?, Md5::new()))
    }

    /// Does a slice of it.
    pub(super) fn go_on(&mut self, flash: &mut dyn Flash) -> Result<Worked, Refusal> {
        match self {
            Self::Erase(left) => match left.next(SLICE) {
                Some(part) => {
                    flash.erase(part.at, part.len()).map_err(|_| Refusal::Flash)?;
                    Ok(Worked::More)
                }
                None => Ok(Worked::Erased),
            },
            Self::Digest(left, digest) => match left.next(SLICE) {
                Some(part) => {
                    digest.update(read(flash, part)?);
                    Ok(Worked::More)
                }
                None => Ok(Worked::Digest(digest.clone().finalize().into())),
            },
        }
    }
}

/// A stretch of the flash that is sent, a block at a time: the next goes out when the one before has been
/// acknowledged.
#[derive(Debug)]
pub(super) struct Upload {
    left: Stretch,
    block: u32,
    sent: u32,
    digest: Md5,
}

impl Upload {
    pub(super) fn new(flash: &dyn Flash, [at, len, block, _]: [u32; 4]) -> Result<Self, Refusal> {
        if block == 0 || block > BLOCK_MAX {
            return Err(Refusal::Message);
        }
        Ok(Self { left: Stretch::new(flash, at, len)?, block, sent: 0, digest: Md5::new() })
    }

    /// Whether so many bytes are what has been sent.
    pub(super) fn is_acknowledged(&self, bytes: u32) -> bool {
        bytes == self.sent
    }

    /// The next block; nothing if there is none.
    pub(super) fn next(&mut self, flash: &mut dyn Flash) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(part) = self.left.next(self.block) else { return Ok(None) };
        let bytes = read(flash, part)?;
        self.digest.update(&bytes);
        self.sent += part.len();
        Ok(Some(bytes))
    }

    /// The digest of all that was sent.
    pub(super) fn digest(self) -> [u8; 16] {
        self.digest.finalize().into()
    }
}

/// A few bytes of the flash.
pub(super) fn peek(flash: &mut dyn Flash, at: u32, len: u32) -> Result<Vec<u8>, Refusal> {
    let place = Stretch::new(flash, at, len)?;
    read(flash, place)
}
