//! `format()` and format specifications.

use crate::rom::PrintKind;
use crate::vm::{Res, Vm};
use coil_heap::Value;

impl Vm {
    /// A replacement field of an f-string: conversion 0 none, 1 str, 2 repr, then the specification.
    pub(crate) fn format_value(&mut self, v: Value, _spec: Value, conversion: u32) -> Res {
        self.to_text(v, if conversion == 2 { PrintKind::Repr } else { PrintKind::Str })
    }
}
