//! The MicroPython language: objects, builtins, interpreter.
//!
//! Owns what Python programs mean; must not know any device. All that a board has beside the
//! language comes in through [`rom::ModuleDef`] tables, and all that leaves it through [`port::Port`].
#![no_std]
extern crate alloc;

mod builtins;
pub mod console;
pub mod errno;
mod errors;
mod format;
pub mod hardware;
pub mod interp;
pub mod kinds;
pub mod memory;
pub mod objects;
pub mod ops;
pub mod port;
pub mod qstr;
pub mod rom;
pub mod shared;
pub mod types;
pub mod vm;
mod witness;

pub use coil_compiler as compiler;
pub use coil_heap::{Header, Kind, Ref, Value};
pub use objects::str::encoding::from_hex_digits;
pub use port::{Port, Wake};
pub use qstr::{Qstr, names};
pub use vm::{Config, Raised, Res, Vm};
pub use witness::{Told, Witness};
