//! The bytecode: its instruction set and the units that carry it.

pub mod asm;
mod decode;
mod disasm;
mod flow;
pub mod ops;
mod pack;
pub mod unit;
mod verify;

pub use disasm::disassemble;
pub use flow::check_flow;
pub use ops::Op;
pub use pack::{pack, unpack};
pub use unit::{CodeFlags, CodeUnit, Const, Handler, Local};
pub use verify::{VerifyError, verify};
