//! Between text and bytes: encodings, hexadecimal.

use super::text::Text;
use super::utf8;
use crate::objects as o;
use crate::rom::Args;
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::string::String;
use alloc::vec::Vec;
use coil_heap::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
}

impl Encoding {
    fn accepts(self, bytes: &[u8]) -> bool {
        match self {
            Self::Utf8 => utf8::is_text(bytes),
            Self::Ascii => bytes.is_ascii(),
        }
    }
}

/// The text of an argument that must be a str itself.
fn plain_str(vm: &mut Vm, v: Value) -> Result<String, Raised> {
    match vm.text_kind(v) {
        Some(Text::Str) => Ok(String::from_utf8_lossy(vm.text(v)).into_owned()),
        _ => Err(vm.no_implicit_text(v)),
    }
}

fn encoding_of(vm: &mut Vm, v: Value) -> Result<Encoding, Raised> {
    if v.is_null() {
        return Ok(Encoding::Utf8);
    }
    let name = plain_str(vm, v)?;
    match name.as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "ascii" => Ok(Encoding::Ascii),
        _ => Err(vm.raise_fmt(types::LOOKUP_ERROR, format_args!("unknown encoding: {name}"))),
    }
}

/// Text made of bytes that are not, leaving out or replacing what is wrong.
fn repaired(bytes: &[u8], encoding: Encoding, replace: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at];
        let need = match utf8::continuations(lead) {
            Some(n) if lead < 0x80 || encoding == Encoding::Utf8 => n,
            _ => usize::MAX,
        };
        let rest = bytes[at + 1..]
            .iter()
            .take(need.min(3))
            .take_while(|b| utf8::is_continuation(**b))
            .count();
        let taken = if need == usize::MAX { 1 } else { 1 + rest };
        if need == rest {
            out.extend_from_slice(&bytes[at..at + taken]);
        } else if replace {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
        at += taken;
    }
    out
}

/// `str(bytes, encoding, errors)`, with the defaults of `decode()`.
pub(crate) fn decode_text(vm: &mut Vm, args: Args) -> Res {
    let from = vm.expect_buffer(vm.arg(args, 0))?;
    let encoding = encoding_of(vm, vm.arg(args, 1))?;
    if !encoding.accepts(vm.buffer_bytes(from)) {
        let errors = vm.arg(args, 2);
        let errors = if errors.is_null() || errors == Value::NONE {
            String::new()
        } else {
            plain_str(vm, errors)?
        };
        return match errors.as_str() {
            "ignore" | "replace" => {
                let text = repaired(vm.buffer_bytes(from), encoding, errors == "replace");
                vm.new_str(&text)
            }
            _ => Err(vm.unicode_error()),
        };
    }
    let text = vm.buffer_bytes(from).to_vec();
    vm.new_str(&text)
}

pub(crate) fn decode(vm: &mut Vm, args: Args) -> Res {
    decode_text(vm, args)
}

/// `bytes(str, encoding, errors)`, with the defaults of `encode()`.
pub(crate) fn encode_text(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let encoding = encoding_of(vm, vm.arg(args, 1))?;
    if encoding == Encoding::Ascii && !vm.text(v).is_ascii() {
        return Err(vm.unicode_error());
    }
    let n = vm.text(v).len();
    vm.sub_text(Text::Bytes, v, 0, n)
}

pub(crate) fn encode(vm: &mut Vm, args: Args) -> Res {
    encode_text(vm, args)
}

/// Hexadecimal digits of bytes, with an optional separator.
pub(crate) fn hex_digits(bytes: &[u8], sep: Option<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 3);
    for (i, b) in bytes.iter().enumerate() {
        if i > 0 {
            out.extend(sep);
        }
        out.extend([b >> 4, b & 15].map(|d| b"0123456789abcdef"[usize::from(d)]));
    }
    out
}

/// The bytes that hexadecimal digits stand for, white space between pairs aside.
pub fn from_hex_digits(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut bytes = text.iter().copied();
    while let Some(a) = bytes.next() {
        if super::split::is_space(a) {
            continue;
        }
        let digit = |c: u8| char::from(c).to_digit(16);
        let (a, b) = (digit(a)?, digit(bytes.next()?)?);
        out.push((a << 4 | b) as u8);
    }
    Some(out)
}

pub(crate) fn hex(vm: &mut Vm, args: Args) -> Res {
    let from = vm.expect_buffer(vm.arg(args, 0))?;
    vm.check_room(from.len.saturating_mul(2))?;
    let mut sep = None;
    if args.n > 1 && from.len > 0 {
        let text = vm.arg(args, 1);
        vm.expect_text(text)?;
        sep = Some(vm.text(text).first().copied().unwrap_or(0));
    }
    let digits = hex_digits(vm.buffer_bytes(from), sep);
    vm.new_str(&digits)
}

pub(crate) fn fromhex(vm: &mut Vm, args: Args) -> Res {
    let class = vm.native_base(vm.arg(args, 0));
    let from = vm.expect_buffer(vm.arg(args, 1))?;
    let Some(bytes) = from_hex_digits(vm.buffer_bytes(from)) else {
        return Err(vm.value_error("non-hex digit"));
    };
    if class == vm.type_value(&o::bytearray::BYTEARRAY) {
        vm.new_bytearray(&bytes)
    } else {
        vm.new_bytes(&bytes)
    }
}

/// What `str()` and `bytes()` say of arguments by name.
pub(crate) fn keywords(vm: &mut Vm) -> Raised {
    let text = "keyword argument(s) not implemented - use normal args instead";
    vm.raise_args(types::NOT_IMPLEMENTED_ERROR, text)
}

/// What `bytes(x)` and `bytearray(x)` say of a string without an encoding.
pub(crate) fn needs_encoding(vm: &mut Vm) -> Raised {
    vm.type_error("string argument without an encoding")
}
