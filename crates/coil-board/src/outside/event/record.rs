//! An event with its time and its board, and the form that its fields have in JSON.

use super::Event;
use alloc::borrow::Cow;
use serde::{Deserialize, Serialize};

/// An event as it stands on a stream: a line of JSON each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// Nanoseconds of the lab's clock, which all its boards share.
    pub t: u64,
    /// The board's name.
    pub board: Cow<'a, str>,
    /// What happened there.
    #[serde(flatten)]
    pub event: Cow<'a, Event>,
}

/// A level as 0 or 1.
pub(super) mod bit {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(crate) fn serialize<S: Serializer>(level: &bool, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u8(u8::from(*level))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
        match u8::deserialize(d)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(D::Error::custom("a level is 0 or 1")),
        }
    }
}

/// Bytes as hexadecimal digits, two each.
pub(super) mod hex {
    use alloc::borrow::Cow;
    use alloc::string::String;
    use alloc::vec::Vec;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&text(bytes))
    }

    pub(crate) fn text(bytes: &[u8]) -> String {
        let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
        bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let text = <Cow<'_, str>>::deserialize(d)?;
        bytes(&text).ok_or_else(|| D::Error::custom("bytes are pairs of hexadecimal digits"))
    }

    pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
        let value = |d: u8| char::from(d).to_digit(16).map(|n| n as u8);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        pairs.iter().map(|&[a, b]| Some(value(a)? << 4 | value(b)?)).collect()
    }
}

/// Levels and times as pairs `[1, 500]`.
pub(super) mod levels {
    use alloc::vec::Vec;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(l: &[(bool, u32)], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(l.iter().map(|&(level, ns)| (u8::from(level), ns)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Vec<(bool, u32)>, D::Error> {
        let pairs = <Vec<(u8, u32)>>::deserialize(d)?;
        if pairs.iter().any(|p| p.0 > 1) {
            return Err(D::Error::custom("a level is 0 or 1"));
        }
        Ok(pairs.into_iter().map(|(level, ns)| (level == 1, ns)).collect())
    }
}

/// Bytes as `text`; where they are none, it is an approximation and `hex` has them.
pub(super) mod text {
    use super::hex;
    use alloc::borrow::Cow;
    use alloc::string::String;
    use alloc::vec::Vec;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Text<'a> {
        text: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hex: Option<String>,
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        let text = String::from_utf8_lossy(bytes);
        let hex = core::str::from_utf8(bytes).is_err().then(|| hex::text(bytes));
        Text { text, hex }.serialize(s)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        let Text { text, hex } = Text::deserialize(d)?;
        match hex {
            Some(hex) => hex::bytes(&hex).ok_or_else(|| D::Error::custom("`hex` is none")),
            None => Ok(text.into_owned().into_bytes()),
        }
    }
}

/// Puts what a variant has only one of into a field of this name.
macro_rules! named {
    ($module:ident, $field:ident, $type:ty) => {
        pub(super) mod $module {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            #[derive(Serialize, Deserialize)]
            struct Named {
                $field: $type,
            }

            pub(crate) fn serialize<S: Serializer>(
                $field: &$type,
                s: S,
            ) -> Result<S::Ok, S::Error> {
                Named { $field: *$field }.serialize(s)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<$type, D::Error> {
                Ok(Named::deserialize(d)?.$field)
            }
        }
    };
}

named!(cause, cause, crate::chip::ResetCause);
named!(reason, reason, crate::chip::power::WakeReason);
