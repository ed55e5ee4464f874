//! The characters of `FrameBuffer.text`: eight columns each, lowest bit on top.
//!
//! The pictures are those of the `font8x8` crate, not the firmware's own (see
//! `docs/design/deviations.md`): every character fills the same cell, but looks a little different.

use font8x8::legacy::BASIC_LEGACY;

/// The columns of a character from the space to 126; anything else is a filled cell's outline.
pub(super) fn columns(character: u8) -> [u8; 8] {
    if !(32..127).contains(&character) {
        return [0xff, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0xff];
    }
    let rows = BASIC_LEGACY[usize::from(character)];
    core::array::from_fn(|x| (0..8).fold(0, |column, y| column | (rows[y] >> x & 1) << y))
}
