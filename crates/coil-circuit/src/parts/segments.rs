//! What seven segments look like: the characters that people read from them.

/// Segments a to g, the lowest bit first, of the characters that displays show.
const CHARACTERS: &[(u8, char)] = &[
    (0x00, ' '),
    (0x3f, '0'),
    (0x06, '1'),
    (0x5b, '2'),
    (0x4f, '3'),
    (0x66, '4'),
    (0x6d, '5'),
    (0x7d, '6'),
    (0x07, '7'),
    (0x27, '7'),
    (0x7f, '8'),
    (0x6f, '9'),
    (0x67, '9'),
    (0x77, 'A'),
    (0x7c, 'b'),
    (0x39, 'C'),
    (0x58, 'c'),
    (0x5e, 'd'),
    (0x79, 'E'),
    (0x71, 'F'),
    (0x3d, 'G'),
    (0x76, 'H'),
    (0x74, 'h'),
    (0x30, 'I'),
    (0x04, 'i'),
    (0x1e, 'J'),
    (0x38, 'L'),
    (0x37, 'N'),
    (0x54, 'n'),
    (0x5c, 'o'),
    (0x73, 'P'),
    (0x50, 'r'),
    (0x78, 't'),
    (0x3e, 'U'),
    (0x1c, 'u'),
    (0x6e, 'y'),
    (0x40, '-'),
    (0x08, '_'),
    (0x48, '='),
    (0x63, '°'),
];

/// What people read from segments a to g, the lowest bit first; `?` for what is no character.
pub(super) fn character(segments: u8) -> char {
    CHARACTERS.iter().find(|c| c.0 == segments & 0x7f).map_or('?', |c| c.1)
}
