//! `None`, `...` and `NotImplemented`.

use crate::rom::{TypeDef, Unary};
use coil_heap::Value;

/// The type of `None`.
pub static NONE: TypeDef = TypeDef {
    name: "NoneType",
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"None");
        Ok(())
    }),
    unary: Some(|_, op, _| Ok(if op == Unary::Bool { Value::FALSE } else { Value::NULL })),
    ..TypeDef::EMPTY
};

/// The type of `...`. Like the next one it has no name, as on the device.
pub static ELLIPSIS: TypeDef = TypeDef {
    name: "",
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"Ellipsis");
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// The type of `NotImplemented`.
pub static NOT_IMPLEMENTED: TypeDef = TypeDef {
    name: "",
    print: Some(|_, _, out, _| {
        out.extend_from_slice(b"NotImplemented");
        Ok(())
    }),
    ..TypeDef::EMPTY
};
