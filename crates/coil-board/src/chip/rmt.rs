//! The pulse transmitter: eight blocks of memory that channels share, and what they send.

/// Blocks of the chip.
pub const BLOCKS: usize = 8;
/// Pairs of pulses that fit a block.
pub const BLOCK_SYMBOLS: i64 = 64;

/// The state of the transmitter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rmt {
    /// Blocks that channels have.
    pub taken: [bool; BLOCKS],
    /// `machine.bitstream` does without it.
    pub bits_by_hand: bool,
}

impl Rmt {
    /// Takes blocks that lie side by side; the first of them.
    pub fn take(&mut self, blocks: usize) -> Option<usize> {
        let at = self.taken.windows(blocks.clamp(1, BLOCKS)).position(|w| !w.contains(&true))?;
        (blocks <= BLOCKS).then(|| self.taken[at..at + blocks].fill(true))?;
        Some(at)
    }

    /// Gives them back.
    pub fn give(&mut self, at: usize, blocks: usize) {
        for taken in self.taken.iter_mut().skip(at).take(blocks) {
            *taken = false;
        }
    }
}
