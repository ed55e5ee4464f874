//! `weakref`: objects seen without keeping them alive.

use coil_vm::objects::weak::{FINALIZE, REF};
use coil_vm::rom::{Item, ModuleDef};

/// `weakref`
pub static MODULE: ModuleDef = ModuleDef {
    name: "weakref",
    items: &[Item::Type("ref", &REF), Item::Type("finalize", &FINALIZE)],
    attr: None,
};
