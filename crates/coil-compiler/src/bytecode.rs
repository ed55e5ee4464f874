//! The bytecode: its instruction set and the units that carry it.

pub mod asm;
mod decode;
mod disasm;
pub mod ops;
pub mod unit;
mod verify;

pub use disasm::disassemble;
pub use ops::Op;
pub use unit::{CodeFlags, CodeUnit, Const, Handler};
pub use verify::{VerifyError, verify};
