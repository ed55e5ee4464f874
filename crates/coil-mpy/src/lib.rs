//! Files that mpy-cross makes, as code units of our compiler.
//!
//! Owns the format of `.mpy` files and the stack bytecode in them; must not know the machine. A
//! file is taken apart (`container`), its bytecode is followed to see what is on the stack where
//! (`flow`), and written again for registers (`emit`). Nothing in a file is believed: what
//! does not fit the reference's own compiler is refused.
#![no_std]
extern crate alloc;

mod blocks;
mod container;
mod emit;
mod flow;
mod instruction;
mod large;
mod prelude;
mod statics;

use alloc::string::String;

use coil_compiler::CodeUnit;

pub use statics::NAMES as STATIC_NAMES;

/// What the machine is that a file must fit.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The number of the architecture whose machine code runs here; zero for none.
    pub arch: u8,
}

/// A file's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The source file that it was made from.
    pub file: String,
    /// The code of the module.
    pub unit: CodeUnit,
}

/// Why a file is refused; the texts are those that programs see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MpyError {
    /// It is no file of this version, or broken.
    Incompatible,
    /// It has machine code of another architecture.
    Arch,
    /// It has machine code, and none can run here.
    NativeUnsupported,
    /// A function needs more registers or constants than our code can have.
    TooLarge,
}

impl MpyError {
    /// The message of the exception.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Incompatible => "incompatible .mpy file",
            Self::Arch => "incompatible .mpy arch",
            Self::NativeUnsupported => "native code in .mpy unsupported",
            Self::TooLarge => "function in .mpy too large",
        }
    }
}

impl core::fmt::Display for MpyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for MpyError {}

/// The crate's result.
type Result<T> = core::result::Result<T, MpyError>;

/// Reads a file.
///
/// # Errors
/// If it is not one that runs here.
pub fn load(bytes: &[u8], target: Target) -> core::result::Result<Module, MpyError> {
    let file = container::parse(bytes, target)?;
    let unit = emit::module(&file)?;
    // Whatever was overlooked must not reach the machine.
    coil_compiler::bytecode::verify(&unit).map_err(|_| MpyError::Incompatible)?;
    Ok(Module { file: file.names.first().cloned().unwrap_or_default(), unit })
}
