//! Values, arena and collector of the MicroPython machine.
//!
//! Owns the shape of a value and the memory of a board; knows nothing of Python's semantics.
//! All of it is safe code: a stale reference is a wrong object, never undefined behaviour.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod arena;
mod bitmap;
mod header;
mod locate;
mod value;
mod weak;

pub use arena::{Heap, OutOfMemory, Stats};
pub use header::{Header, Kind};
pub use locate::{WINDOWS, Window};
pub use value::{Ref, Tag, Value};
