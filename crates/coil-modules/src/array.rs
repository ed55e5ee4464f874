//! `array`: the type of arrays.

use coil_vm::objects::array::ARRAY;
use coil_vm::rom::{Item, ModuleDef};

/// `array`
pub static MODULE: ModuleDef =
    ModuleDef { name: "array", items: &[Item::Type("array", &ARRAY)], attr: None };
