//! Makes inputs from seeds, the same ones in every run: what a fuzzer does, without looking at
//! what the input reaches.

use crate::chance::Random;

/// Makes inputs.
#[derive(Clone, Debug)]
pub struct Changer<'a> {
    /// What they start from.
    pub seeds: &'a [Vec<u8>],
    /// Pieces that make sense in them.
    pub words: &'a [&'a str],
    /// Their chance.
    pub random: Random,
}

/// Bytes of an input that is made of nothing, at most.
const FRESH_MAX: usize = 600;

impl Changer<'_> {
    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let seed = &self.seeds[self.random.below(self.seeds.len())];
        let mut input = seed.clone();
        if input.is_empty() {
            let n = self.random.below(FRESH_MAX);
            return self.random.bytes(n);
        }
        for _ in 0..1 + self.random.below(6) {
            self.change(&mut input);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.random.below(input.len() + 1);
        let end = (at + 1 + self.random.below(12)).min(input.len());
        match self.random.below(8) {
            0 | 1 if !self.words.is_empty() => {
                let word = self.words[self.random.below(self.words.len())];
                input.splice(at..at, word.bytes());
            }
            2 => {
                input.drain(at..end);
            }
            3 => {
                let piece = input[at..end].to_vec();
                let to = self.random.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            4 => {
                let other = &self.seeds[self.random.below(self.seeds.len())];
                let from = self.random.below(other.len() + 1);
                let piece = other[from..(from + 40).min(other.len())].to_vec();
                input.splice(at..at, piece);
            }
            5 => {
                let piece = self.random.bytes(3);
                input.splice(at..at, piece);
            }
            _ => {
                let (byte, bit) = (self.random.next_u64() as u8, self.random.below(16));
                if let Some(b) = input.get_mut(at) {
                    *b = if bit < 8 { *b ^ 1 << bit } else { byte };
                }
            }
        }
    }
}
