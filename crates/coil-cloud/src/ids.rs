//! Names that nobody can guess, and comparisons that tell nothing. It must not know what they open.

use md5::Md5;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// 32 hexadecimal digits from the host's random source.
pub(crate) fn random() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the host has a random source");
    hex(&bytes)
}

/// Letters and digits none of which look alike.
const READABLE: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// What can stand in a path's segment as it is.
const DENSE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// So many random letters that people can copy by hand.
pub(crate) fn short(letters: usize) -> String {
    of_letters(letters, READABLE)
}

/// So many random letters with as much chance in each as a path's segment can have.
pub(crate) fn dense(letters: usize) -> String {
    of_letters(letters, DENSE)
}

/// The number of letters to choose from divides 256, so that all are as likely.
fn of_letters(letters: usize, alphabet: &[u8]) -> String {
    let mut bytes = vec![0; letters];
    getrandom::fill(&mut bytes).expect("the host has a random source");
    let letter = |byte: &u8| char::from(alphabet[usize::from(*byte) % alphabet.len()]);
    bytes.iter().map(letter).collect()
}

/// The MD5 of a name in hexadecimal digits, as the course made its keys.
pub(crate) fn md5_of(name: &str) -> String {
    hex(&Md5::digest(name.as_bytes()))
}

/// What stands for a key in the index, so that a look-up tells nothing about it.
pub(crate) fn digest(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Whether two keys are the same, in a time that does not depend on where they differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

const HEX: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(HEX[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn md5_names_are_those_of_the_course() {
        assert_eq!(super::md5_of("device00"), "75ed7be11c6ca9631d1e50320dee9663");
    }

    #[test]
    fn random_ids_have_32_hex_digits_and_differ() {
        let (one, other) = (super::random(), super::random());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
