//! Machine code for functions marked `native` or `viper`.
//!
//! Owns the way from verified bytecode to code of the host's processor, and which code objects of a
//! board have some. Must not know the interpreter: what it cannot translate it hands back, and results
//! are the interpreter's by construction. See `docs/design/machine.md`.

mod arithmetic;
mod code;
mod context;
mod facts;
mod machine_code;
mod reach;
mod table;
mod translate;

pub use table::Jit;
