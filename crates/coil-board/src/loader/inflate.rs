//! A compressed stream that comes in blocks: it is inflated as it comes, and only its window is kept.

use super::command::Refusal;
use alloc::boxed::Box;
use alloc::vec::Vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_PARSE_ZLIB_HEADER,
};
use miniz_oxide::inflate::core::{DecompressorOxide, TINFL_LZ_DICT_SIZE, decompress};

/// A zlib stream in the middle.
pub(super) struct Inflater {
    state: Box<DecompressorOxide>,
    window: Vec<u8>,
    /// Where in the window the next byte goes.
    at: usize,
    done: bool,
}

impl core::fmt::Debug for Inflater {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inflater").field("done", &self.done).finish_non_exhaustive()
    }
}

impl Inflater {
    pub(super) fn new() -> Self {
        let window = alloc::vec![0; TINFL_LZ_DICT_SIZE];
        Self { state: Box::default(), window, at: 0, done: false }
    }

    /// Whether the stream has come to its end, and its sum was right.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    /// Takes a block and gives what it makes to `sink`, a window at most at a time.
    pub(super) fn feed(
        &mut self,
        mut block: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        if self.done && !block.is_empty() {
            return Err(Refusal::TooMuch);
        }
        let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_HAS_MORE_INPUT;
        loop {
            let (status, taken, made) =
                decompress(&mut self.state, block, &mut self.window, self.at, flags);
            block = &block[taken..];
            sink(&self.window[self.at..self.at + made])?;
            self.at = (self.at + made) % self.window.len();
            match status {
                TINFLStatus::NeedsMoreInput => return Ok(()),
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::Done => {
                    self.done = true;
                    return Ok(());
                }
                _ => return Err(Refusal::Inflate),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(n: usize) -> Vec<u8> {
        (0..n).map(|i| (i * i / 7) as u8).collect()
    }

    #[test]
    fn a_stream_is_the_same_in_blocks_of_any_size() {
        let plain = text(200_000);
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&plain, 6);
        for size in [1, 7, 1024, packed.len()] {
            let mut inflater = Inflater::new();
            let mut out = Vec::new();
            for block in packed.chunks(size) {
                assert!(!inflater.is_done());
                let sink = |bytes: &[u8]| {
                    out.extend_from_slice(bytes);
                    Ok(())
                };
                inflater.feed(block, sink).expect("a stream");
            }
            assert!(inflater.is_done() && out == plain, "{size}");
            assert_eq!(inflater.feed(&[0], |_| Ok(())), Err(Refusal::TooMuch));
        }
    }

    #[test]
    fn a_damaged_stream_is_refused() {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&text(5000), 6);
        for at in [0, 1, packed.len() - 1] {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            let fed = Inflater::new().feed(&damaged, |_| Ok(()));
            assert_eq!(fed, Err(Refusal::Inflate), "{at}");
        }
    }

    #[test]
    fn a_bomb_ends_where_its_room_ends() {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&alloc::vec![0; 8 << 20], 9);
        let mut room = 100_000;
        let fed = Inflater::new().feed(&packed, |bytes| {
            room = usize::checked_sub(room, bytes.len()).ok_or(Refusal::TooMuch)?;
            Ok(())
        });
        assert_eq!(fed, Err(Refusal::TooMuch));
    }
}
