//! The prompt's rule for when a text needs more lines.

use alloc::vec::Vec;

const COMPOUND: &[&[u8]] = &[b"if", b"while", b"for", b"try", b"with", b"def", b"class", b"async"];

/// Whether the prompt must ask for another line before it compiles this text: a bracket or a
/// triple quote is open, the last character is a backslash, or a compound statement has not
/// yet had its empty line.
pub fn is_incomplete(source: &str) -> bool {
    let text = source.as_bytes();
    let Some(&last) = text.last() else {
        return false;
    };
    match open_at_end(text) {
        Open::TripleQuote => return true,
        Open::Bracket => return true,
        Open::Nothing => {}
    }
    last == b'\\' || (starts_compound(text) && last != b'\n')
}

enum Open {
    Nothing,
    Bracket,
    TripleQuote,
}

fn open_at_end(text: &[u8]) -> Open {
    let mut depth = [0i32; 3];
    let mut quote: Option<(u8, bool)> = None;
    let mut i = 0;
    while i < text.len() {
        let c = text[i];
        let triple = text[i..].starts_with(&[c, c, c]);
        match (c, quote) {
            (b'\'' | b'"', None) => {
                quote = Some((c, triple));
                i += if triple { 2 } else { 0 };
            }
            (b'\'' | b'"', Some((open, true))) if open == c && triple => {
                quote = None;
                i += 2;
            }
            (b'\'' | b'"', Some((open, false))) if open == c => quote = None,
            (b'\\', Some(_)) if matches!(text.get(i + 1), Some(b'\'' | b'"' | b'\\')) => i += 1,
            (_, None) => match c {
                b'(' => depth[0] += 1,
                b')' => depth[0] -= 1,
                b'[' => depth[1] += 1,
                b']' => depth[1] -= 1,
                b'{' => depth[2] += 1,
                b'}' => depth[2] -= 1,
                _ => {}
            },
            _ => {}
        }
        i += 1;
    }
    match quote {
        Some((_, true)) => Open::TripleQuote,
        None if depth.iter().any(|&d| d > 0) => Open::Bracket,
        _ => Open::Nothing,
    }
}

fn starts_compound(text: &[u8]) -> bool {
    let words: Vec<_> = COMPOUND.iter().filter(|word| text.starts_with(word)).collect();
    text[0] == b'@' || words.iter().any(|word| !is_identifier(text.get(word.len())))
}

fn is_identifier(byte: Option<&u8>) -> bool {
    byte.is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_')
}
