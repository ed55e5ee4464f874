//! `array`.

use crate::rom::TypeDef;

/// `array`
pub static ARRAY: TypeDef = TypeDef { name: "array", ..TypeDef::EMPTY };
