//! `string` and `string.templatelib`: the types that t-strings are made of.

use coil_vm::objects::template::{INTERPOLATION, TEMPLATE};
use coil_vm::rom::{Item, ModuleDef};

/// `string`
pub static MODULE: ModuleDef =
    ModuleDef { name: "string", items: &[Item::Module("templatelib", &TEMPLATELIB)], attr: None };

static TEMPLATELIB: ModuleDef = ModuleDef {
    name: "string.templatelib",
    items: &[Item::Type("Template", &TEMPLATE), Item::Type("Interpolation", &INTERPOLATION)],
    attr: None,
};
