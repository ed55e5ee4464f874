//! The bytecode: its instruction set and the units that carry it.

pub mod ops;
pub mod unit;

pub use ops::Op;
pub use unit::{CodeFlags, CodeUnit, Const, Handler};
