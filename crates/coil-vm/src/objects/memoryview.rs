//! `memoryview`.

use crate::rom::TypeDef;

/// `memoryview`
pub static MEMORYVIEW: TypeDef = TypeDef { name: "memoryview", ..TypeDef::EMPTY };
