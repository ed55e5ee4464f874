//! MicroPython's portable modules.
//!
//! A file per module; a new one is a file, a `mod` line and a row in [`ALL`]. Must not know the board.
#![no_std]
extern crate alloc;

pub mod gc;
pub mod micropython;
pub mod sys;
pub mod time;

use coil_vm::rom::ModuleDef;

/// Every portable module.
pub static ALL: &[&ModuleDef] = &[&gc::MODULE, &micropython::MODULE, &sys::MODULE, &time::MODULE];
