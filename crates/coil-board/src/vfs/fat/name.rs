//! Names of files: the long one as it was given, and the short one of eight and three characters.
//!
//! Names are bytes in code page 437 outside, and UTF-16 on the device.

use super::volume::{Done, Fault};
use alloc::string::String;
use alloc::vec::Vec;

/// Characters of a name at most.
pub(super) const NAME_MAX: usize = 255;
/// Characters of a long name in one directory entry.
pub(super) const LONG_PART: usize = 13;
/// Bytes of a short name.
pub(super) const SHORT: usize = 11;

/// A short name has a body in small letters.
const LOWER_BODY: u8 = 0x08;
/// A short name has an extension in small letters.
const LOWER_EXTENSION: u8 = 0x10;

/// The upper half of code page 437.
const UPPER_HALF: [u16; 128] = [
    0x00c7, 0x00fc, 0x00e9, 0x00e2, 0x00e4, 0x00e0, 0x00e5, 0x00e7, 0x00ea, 0x00eb, 0x00e8, 0x00ef,
    0x00ee, 0x00ec, 0x00c4, 0x00c5, 0x00c9, 0x00e6, 0x00c6, 0x00f4, 0x00f6, 0x00f2, 0x00fb, 0x00f9,
    0x00ff, 0x00d6, 0x00dc, 0x00a2, 0x00a3, 0x00a5, 0x20a7, 0x0192, 0x00e1, 0x00ed, 0x00f3, 0x00fa,
    0x00f1, 0x00d1, 0x00aa, 0x00ba, 0x00bf, 0x2310, 0x00ac, 0x00bd, 0x00bc, 0x00a1, 0x00ab, 0x00bb,
    0x2591, 0x2592, 0x2593, 0x2502, 0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557,
    0x255d, 0x255c, 0x255b, 0x2510, 0x2514, 0x2534, 0x252c, 0x251c, 0x2500, 0x253c, 0x255e, 0x255f,
    0x255a, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550, 0x256c, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559,
    0x2558, 0x2552, 0x2553, 0x256b, 0x256a, 0x2518, 0x250c, 0x2588, 0x2584, 0x258c, 0x2590, 0x2580,
    0x03b1, 0x00df, 0x0393, 0x03c0, 0x03a3, 0x03c3, 0x00b5, 0x03c4, 0x03a6, 0x0398, 0x03a9, 0x03b4,
    0x221e, 0x03c6, 0x03b5, 0x2229, 0x2261, 0x00b1, 0x2265, 0x2264, 0x2320, 0x2321, 0x00f7, 0x2248,
    0x00b0, 0x2219, 0x00b7, 0x221a, 0x207f, 0x00b2, 0x25a0, 0x00a0,
];

fn wide(b: u8) -> u16 {
    if b < 0x80 { u16::from(b) } else { UPPER_HALF[usize::from(b - 0x80)] }
}

fn narrow(w: u16) -> Option<u8> {
    if w < 0x80 {
        return Some(w as u8);
    }
    UPPER_HALF.iter().position(|&u| u == w).map(|i| i as u8 + 0x80)
}

/// A character in capitals, as names are compared.
fn upper(w: u16) -> u16 {
    let Some(c) = char::from_u32(u32::from(w)) else { return w };
    let mut up = c.to_uppercase();
    match (up.next().map(|u| u16::try_from(u32::from(u))), up.next()) {
        (Some(Ok(u)), None) => u,
        _ => w,
    }
}

/// A name of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// As it was given, in UTF-16.
    pub(super) long: Vec<u16>,
    /// The short name, padded with blanks.
    pub(super) short: [u8; SHORT],
    /// The short name says less than the long one.
    pub(super) is_lossy: bool,
    /// The long name has to be kept beside the short one.
    pub(super) needs_long: bool,
    /// Which parts of the short name are in small letters.
    pub(super) case: u8,
    /// It is `.` or `..`.
    pub(super) is_dots: bool,
}

impl Name {
    /// The name in one part of a path.
    pub(super) fn new(part: &[u8]) -> Done<Self> {
        if part.iter().any(|b| b"\"*:<>?|\x7f".contains(b)) || part.len() > NAME_MAX {
            return Err(Fault::Name);
        }
        let mut n = Self {
            long: Vec::new(),
            short: [b' '; SHORT],
            is_lossy: false,
            needs_long: false,
            case: 0,
            is_dots: part == b"." || part == b"..",
        };
        if n.is_dots {
            n.short[..part.len()].copy_from_slice(part);
            return Ok(n);
        }
        let end = part.iter().rposition(|b| !b" .".contains(b)).map_or(0, |i| i + 1);
        let part = &part[..end];
        if part.is_empty() {
            return Err(Fault::Name);
        }
        n.long = part.iter().map(|&b| wide(b)).collect();
        n.make_short(part);
        Ok(n)
    }

    fn make_short(&mut self, part: &[u8]) {
        let lead = part.iter().take_while(|&&b| b == b' ').count();
        let dot = part.iter().rposition(|&b| b == b'.');
        if lead > 0 || part[lead] == b'.' {
            self.is_lossy = true;
        }
        let (body, extension) = match dot {
            Some(i) => (&part[lead..i], &part[i + 1..]),
            None => (&part[lead..], &[][..]),
        };
        for (bytes, at, room, lower) in
            [(body, 0, 8, LOWER_BODY), (extension, 8, 3, LOWER_EXTENSION)]
        {
            let (mut used, mut small, mut capital) = (0, false, false);
            for &b in bytes {
                let c = match b {
                    b' ' | b'.' => {
                        self.is_lossy = true;
                        continue;
                    }
                    _ if used == room => {
                        self.is_lossy = true;
                        break;
                    }
                    b'+' | b',' | b';' | b'=' | b'[' | b']' | 0x80.. => {
                        self.is_lossy = true;
                        b'_'
                    }
                    c => c,
                };
                small |= c.is_ascii_lowercase();
                capital |= c.is_ascii_uppercase();
                self.short[at + used] = c.to_ascii_uppercase();
                used += 1;
            }
            self.needs_long |= small && capital;
            if small && !capital {
                self.case |= lower;
            }
        }
        self.needs_long |= self.is_lossy;
        if self.needs_long {
            self.case = 0;
        }
    }

    /// The short name with a number, for the `n`th try to find one that is free.
    pub(super) fn numbered(&self, n: u32) -> [u8; SHORT] {
        let number = if n <= 5 { n } else { self.hash(n) };
        let tail = alloc::format!("~{number:X}");
        let body = self.short[..8].iter().position(|&b| b == b' ').unwrap_or(8);
        let start = body.min(8 - tail.len());
        let mut short = self.short;
        short[start..8].fill(b' ');
        short[start..start + tail.len()].copy_from_slice(tail.as_bytes());
        short
    }

    /// A number made of the long name, for names that many share the beginning of.
    fn hash(&self, seed: u32) -> u32 {
        let mut sum = seed;
        for &w in &self.long {
            for bit in 0..16 {
                sum = (sum << 1) + u32::from(w >> bit & 1);
                if sum & 0x1_0000 != 0 {
                    sum ^= 0x1_1021;
                }
            }
        }
        sum & 0xffff
    }

    /// Whether a long name is this one.
    pub(super) fn is_long(&self, other: &[u16]) -> bool {
        self.long.len() == other.len()
            && self.long.iter().zip(other).all(|(a, b)| upper(*a) == upper(*b))
    }

    /// The characters of one entry of the long name, the first of which is 1.
    pub(super) fn long_part(&self, number: usize) -> [u16; LONG_PART] {
        let from = (number - 1) * LONG_PART;
        core::array::from_fn(|i| match self.long.get(from + i) {
            Some(&w) => w,
            None if from + i == self.long.len() => 0,
            None => 0xffff,
        })
    }

    /// Entries that the long name takes.
    pub(super) fn long_parts(&self) -> usize {
        if self.needs_long { self.long.len().div_ceil(LONG_PART) } else { 0 }
    }
}

/// The sum by which entries of a long name know their short one.
pub(super) fn short_sum(short: &[u8]) -> u8 {
    short.iter().take(SHORT).fold(0u8, |s, &b| s.rotate_right(1).wrapping_add(b))
}

/// A long name as text.
pub(super) fn long_text(long: &[u16]) -> Option<String> {
    let bytes: Option<Vec<u8>> = long.iter().map(|&w| narrow(w)).collect();
    bytes.map(|b| String::from_utf8_lossy(&b).into_owned())
}

/// A short name as text, by its directory entry.
pub(super) fn short_text(entry: &[u8]) -> String {
    let case = entry[12];
    let mut text = Vec::new();
    for (i, &b) in entry[..SHORT].iter().enumerate() {
        if b == b' ' {
            continue;
        }
        if i >= 8 && !text.contains(&b'.') {
            text.push(b'.');
        }
        let b = if i == 0 && b == 0x05 { 0xe5 } else { b };
        let lower = case & if i < 8 { LOWER_BODY } else { LOWER_EXTENSION } != 0;
        text.push(if lower { b.to_ascii_lowercase() } else { b });
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_made_as_the_format_wants_them() {
        for (long, short, lossy, needs_long) in [
            ("foo.txt", b"FOO     TXT", false, false),
            ("FOO", b"FOO        ", false, false),
            ("Foo.txt", b"FOO     TXT", false, true),
            ("averylongname.html", b"AVERYLONHTM", true, true),
            (".profile", b"        PRO", true, true),
            ("a b.c", b"AB      C  ", true, true),
            ("a.b.c", b"AB      C  ", true, true),
            ("x+y", b"X_Y        ", true, true),
        ] {
            let n = Name::new(long.as_bytes()).unwrap();
            assert_eq!((&n.short, n.is_lossy, n.needs_long), (short, lossy, needs_long), "{long}");
        }
        assert_eq!(Name::new(b"a*"), Err(Fault::Name));
        assert_eq!(Name::new(b". ."), Err(Fault::Name));
    }

    #[test]
    fn numbers_find_room_in_the_body() {
        let n = Name::new(b"averylongname.html").unwrap();
        assert_eq!(&n.numbered(1), b"AVERYL~1HTM");
        assert_eq!(&Name::new(b"a b").unwrap().numbered(2), b"AB~2       ");
        assert_eq!(n.numbered(9).len(), 11);
    }

    #[test]
    fn case_and_parts_of_long_names() {
        let n = Name::new(b"Read Me first.txt").unwrap();
        assert_eq!(n.long_parts(), 2);
        assert_eq!(n.long_part(2)[4..6], [0, 0xffff]);
        assert!(n.is_long(&"READ ME FIRST.TXT".encode_utf16().collect::<Vec<_>>()));
        let mut entry = [0; 32];
        entry[..11].copy_from_slice(b"FOO     TXT");
        entry[12] = LOWER_BODY;
        assert_eq!(short_text(&entry), "foo.TXT");
    }
}
