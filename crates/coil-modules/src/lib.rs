//! MicroPython's portable modules.
//!
//! A file per module; a new one is a file, a `mod` line and a row in [`ALL`]. Must not know the board.
#![no_std]
extern crate alloc;

use coil_vm::rom::ModuleDef;

/// Every portable module.
pub static ALL: &[&ModuleDef] = &[];
