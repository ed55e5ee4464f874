//! One bit per block.

use alloc::vec;
use alloc::vec::Vec;

/// A set of block numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
    len: u32,
}

impl Bitmap {
    /// An empty set of numbers below `len`.
    pub(crate) fn new(len: u32) -> Self {
        Self { words: vec![0; (len as usize).div_ceil(64)], len }
    }

    /// Whether a number is in the set.
    #[inline(always)]
    pub(crate) fn get(&self, i: u32) -> bool {
        self.words[(i >> 6) as usize] >> (i & 63) & 1 == 1
    }

    /// Adds `n` numbers from `i`.
    #[inline]
    pub(crate) fn set_range(&mut self, i: u32, n: u32) {
        if n == 1 {
            self.words[(i >> 6) as usize] |= 1 << (i & 63);
            return;
        }
        self.each_word(i, n, |w, m| *w |= m);
    }

    /// Removes `n` numbers from `i`.
    pub(crate) fn clear_range(&mut self, i: u32, n: u32) {
        self.each_word(i, n, |w, m| *w &= !m);
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        self.words.fill(0);
    }

    /// How many numbers below `limit` are in the set.
    pub(crate) fn count(&self, limit: u32) -> u32 {
        let full = (limit >> 6) as usize;
        let mut n: u32 = self.words[..full].iter().map(|w| w.count_ones()).sum();
        if limit & 63 != 0 {
            n += (self.words[full] & ((1 << (limit & 63)) - 1)).count_ones();
        }
        n
    }

    /// The first number from `i` that is not in the set, below `limit`.
    pub(crate) fn first_clear(&self, i: u32, limit: u32) -> Option<u32> {
        self.scan(i, limit, |w| !w)
    }

    /// The first number from `i` that is in the set, or `limit`.
    pub(crate) fn first_set(&self, i: u32, limit: u32) -> u32 {
        self.scan(i, limit, |w| w).unwrap_or(limit)
    }

    /// The last number up to `i` that is not in the set.
    pub(crate) fn last_clear(&self, i: u32) -> Option<u32> {
        let mut at = (i >> 6) as usize;
        let mut word = !self.words[at] & (!0 >> (63 - (i & 63)));
        loop {
            if word != 0 {
                return Some((at as u32) * 64 + 63 - word.leading_zeros());
            }
            at = at.checked_sub(1)?;
            word = !self.words[at];
        }
    }

    fn scan(&self, i: u32, limit: u32, view: impl Fn(u64) -> u64) -> Option<u32> {
        let limit = limit.min(self.len);
        if i >= limit {
            return None;
        }
        let mut at = (i >> 6) as usize;
        let mut word = view(self.words[at]) & (!0 << (i & 63));
        loop {
            if word != 0 {
                let found = (at as u32) * 64 + word.trailing_zeros();
                return (found < limit).then_some(found);
            }
            at += 1;
            if at >= self.words.len() || (at as u32) * 64 >= limit {
                return None;
            }
            word = view(self.words[at]);
        }
    }

    fn each_word(&mut self, mut i: u32, mut n: u32, f: impl Fn(&mut u64, u64)) {
        while n > 0 {
            let bit = i & 63;
            let take = n.min(64 - bit);
            let mask = if take == 64 { !0 } else { ((1 << take) - 1) << bit };
            f(&mut self.words[(i >> 6) as usize], mask);
            i += take;
            n -= take;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_across_words_are_set_counted_and_cleared() {
        let mut b = Bitmap::new(300);
        b.set_range(60, 140);
        assert_eq!(b.count(300), 140);
        assert_eq!(b.first_set(0, 300), 60);
        assert_eq!(b.first_clear(60, 300), Some(200));
        b.clear_range(64, 64);
        assert_eq!(b.first_clear(60, 300), Some(64));
        assert_eq!(b.count(128), 4);
        assert_eq!(b.first_set(200, 300), 300);
        assert_eq!(b.first_clear(300, 300), None);
        assert_eq!(b.last_clear(199), Some(127));
        assert_eq!(b.last_clear(127), Some(127));
        b.set_range(0, 130);
        assert_eq!(b.last_clear(199), None);
    }
}
