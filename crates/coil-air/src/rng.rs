//! A small deterministic generator (SplitMix64): the same seed gives the same air. Not for secrets.

/// A stream of reproducible numbers.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator whose stream depends on the lab's seed and on who draws from it.
    pub(crate) fn new(seed: u64, salt: &[u8]) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for &byte in salt {
            state = state.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
        }
        Self(state)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1);
        if span == 0 { low } else { low + self.next() % span }
    }

    /// True `parts` times in a million.
    pub(crate) fn chance(&mut self, parts: u32) -> bool {
        parts != 0 && self.next() % 1_000_000 < u64::from(parts)
    }
}
