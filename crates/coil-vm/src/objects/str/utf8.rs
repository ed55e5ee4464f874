//! UTF-8 as the reference understands it: surrogates are let through, positions count lead bytes.

use alloc::vec::Vec;

/// Whether a byte continues a character.
#[inline]
pub(crate) const fn is_continuation(b: u8) -> bool {
    b & 0xc0 == 0x80
}

/// Whether bytes are text: every lead byte has the continuations that it announces.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return true;
    }
    let mut need = 0;
    for &b in bytes {
        if need > 0 {
            if !is_continuation(b) {
                return false;
            }
            need -= 1;
        } else {
            match continuations(b) {
                Some(n) => need = n,
                None => return false,
            }
        }
    }
    need == 0
}

/// How many continuations a lead byte announces; nothing if it cannot lead.
pub(crate) const fn continuations(b: u8) -> Option<usize> {
    match b {
        0..0x80 => Some(0),
        0xc0..0xe0 => Some(1),
        0xe0..0xf0 => Some(2),
        0xf0..0xf8 => Some(3),
        _ => None,
    }
}

/// UTF-8 of a code point, surrogates included.
pub(crate) fn encode(c: u32) -> Vec<u8> {
    let tail = |shift: u32| 0x80 | (c >> shift & 63) as u8;
    match c {
        0..0x80 => alloc::vec![c as u8],
        0x80..0x800 => alloc::vec![0xc0 | (c >> 6) as u8, tail(0)],
        0x800..0x10000 => alloc::vec![0xe0 | (c >> 12) as u8, tail(6), tail(0)],
        _ => alloc::vec![0xf0 | (c >> 18) as u8, tail(12), tail(6), tail(0)],
    }
}

/// The code point at the front of some text, and how many bytes it takes.
pub(crate) fn decode(text: &[u8]) -> (u32, usize) {
    let lead = text[0];
    if lead < 0x80 {
        return (u32::from(lead), 1);
    }
    let n = 1 + text[1..].iter().take_while(|&&b| is_continuation(b)).count();
    let ones = lead.leading_ones().min(7);
    let head = u32::from(lead) & (0x7f >> ones);
    let c = text[1..n].iter().fold(head, |c, &b| c << 6 | u32::from(b & 63));
    (c, n)
}

/// How many characters there are.
pub(crate) fn char_count(text: &[u8]) -> usize {
    text.iter().filter(|&&b| !is_continuation(b)).count()
}

/// The byte offset of a character; the end when there are fewer.
pub(crate) fn char_offset(text: &[u8], index: usize) -> usize {
    text.iter()
        .enumerate()
        .filter(|(_, b)| !is_continuation(**b))
        .nth(index)
        .map_or(text.len(), |(at, _)| at)
}

/// Whether a character starts here, or the text ends.
pub(crate) fn is_boundary(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|b| !is_continuation(*b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for c in [0, 0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd800, 0xffff, 0x10000, 0x10_ffff] {
            let text = encode(c);
            assert_eq!(decode(&text), (c, text.len()));
            assert!(is_text(&text));
        }
    }

    #[test]
    fn broken_sequences_are_not_text() {
        for bad in
            [&b"\x80"[..], b"\xc3", b"\xe2\x82", b"\xf8\x80\x80\x80\x80", b"a\xffb", b"\xc3a"]
        {
            assert!(!is_text(bad), "{bad:x?}");
        }
    }
}
