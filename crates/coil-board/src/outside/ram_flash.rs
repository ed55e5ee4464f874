//! A flash that lives in memory and takes none for what is erased.

use super::{Flash, FlashError};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Bytes that are kept, or not, together: what is erased at once.
const SECTOR: usize = 4096;

/// A flash that lives in memory. Only sectors that were programmed since they were erased take any, so
/// that thousands of boards fit into one process.
#[derive(Clone, Debug)]
pub struct RamFlash {
    /// What is on them; nothing for an erased one.
    sectors: Vec<Option<Box<[u8; SECTOR]>>>,
    len: u32,
}

impl RamFlash {
    /// An erased one of this many bytes.
    pub fn new(len: u32) -> Self {
        Self { sectors: alloc::vec![None; (len as usize).div_ceil(SECTOR)], len }
    }

    /// The bytes that it takes of the host's memory, beyond a table of its sectors.
    pub fn resident(&self) -> usize {
        self.sectors.iter().flatten().count() * SECTOR
    }

    fn check(&self, at: u32, len: usize) -> Result<(), FlashError> {
        let inside = u64::from(at) + len as u64 <= u64::from(self.len);
        inside.then_some(()).ok_or(FlashError::Range)
    }
}

/// The parts of a run of bytes, a sector at a time: the sector, where in it, how many.
fn parts(at: u32, len: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let (mut at, end) = (at as usize, at as usize + len);
    core::iter::from_fn(move || {
        let inside = at % SECTOR;
        let part = (at / SECTOR, inside, (SECTOR - inside).min(end - at));
        at += part.2;
        (part.2 > 0).then_some(part)
    })
}

impl Flash for RamFlash {
    fn len(&self) -> u32 {
        self.len
    }

    fn read(&mut self, at: u32, mut into: &mut [u8]) -> Result<(), FlashError> {
        self.check(at, into.len())?;
        for (sector, inside, n) in parts(at, into.len()) {
            let (now, later) = into.split_at_mut(n);
            match &self.sectors[sector] {
                Some(bytes) => now.copy_from_slice(&bytes[inside..inside + n]),
                None => now.fill(0xff),
            }
            into = later;
        }
        Ok(())
    }

    fn program(&mut self, at: u32, mut bytes: &[u8]) -> Result<(), FlashError> {
        self.check(at, bytes.len())?;
        for (sector, inside, n) in parts(at, bytes.len()) {
            let (now, later) = bytes.split_at(n);
            let cells = self.sectors[sector].get_or_insert_with(|| Box::new([0xff; SECTOR]));
            cells[inside..inside + n].iter_mut().zip(now).for_each(|(c, b)| *c &= b);
            bytes = later;
        }
        Ok(())
    }

    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.check(at, len as usize)?;
        for (sector, inside, n) in parts(at, len as usize) {
            match &mut self.sectors[sector] {
                place if n == SECTOR => *place = None,
                Some(bytes) => bytes[inside..inside + n].fill(0xff),
                None => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_was_programmed_across_sectors_and_forgets_what_is_erased() {
        let mut flash = RamFlash::new(4 * SECTOR as u32);
        let (at, text) = (SECTOR as u32 - 2, b"\x0f\x55\xf0\x33");
        flash.program(at, text).unwrap();
        flash.program(at, b"\xff\x0f").unwrap();
        let mut back = [0; 6];
        flash.read(at - 1, &mut back).unwrap();
        assert_eq!(back, *b"\xff\x0f\x05\xf0\x33\xff");
        assert_eq!(flash.resident(), 2 * SECTOR);
        flash.erase(0, SECTOR as u32).unwrap();
        flash.read(at - 1, &mut back).unwrap();
        assert_eq!(back, *b"\xff\xff\xff\xf0\x33\xff");
        assert_eq!(flash.resident(), SECTOR);
    }

    #[test]
    fn what_reaches_beyond_the_end_is_refused_whole() {
        let mut flash = RamFlash::new(2 * SECTOR as u32);
        let end = 2 * SECTOR as u32;
        assert_eq!(flash.program(end - 1, &[0, 0]), Err(FlashError::Range));
        assert_eq!(flash.read(u32::MAX, &mut [0, 0]), Err(FlashError::Range));
        assert_eq!(flash.erase(end, SECTOR as u32), Err(FlashError::Range));
        let mut last = [0];
        flash.read(end - 1, &mut last).unwrap();
        assert_eq!(last, [0xff]);
    }
}
