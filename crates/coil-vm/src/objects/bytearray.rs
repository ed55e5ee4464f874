//! `bytearray`.

use crate::rom::TypeDef;

/// `bytearray`
pub static BYTEARRAY: TypeDef = TypeDef { name: "bytearray", ..TypeDef::EMPTY };
