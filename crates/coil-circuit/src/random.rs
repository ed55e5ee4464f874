//! Chance from a seed: noise and bounce that are the same every time.

/// A small generator (SplitMix64), good enough for noise and for nothing secret.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// One that begins there.
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// One whose numbers depend on the circuit's seed and on the name of what it is for.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        // FNV-1a, so that parts have different noise.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below a limit.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.bits() % limit.max(1)
    }

    /// From -1 to 1, near zero more often than far from it.
    pub(crate) fn around_zero(&mut self) -> f64 {
        let mut unit = || (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        (unit() + unit() + unit()) / 1.5 - 1.0
    }
}
