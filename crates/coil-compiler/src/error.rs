//! What can go wrong while compiling, in the words the language uses.
//!
//! Owns the error type; must not know how an error is raised on a board.

use alloc::string::String;
use core::fmt;

/// Which exception class a compile error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `NotImplementedError`
    NotImplemented,
    /// `ViperTypeError`
    ViperType,
    /// `RuntimeError`: the source nests too deeply.
    Recursion,
    /// `RuntimeError`: the code is longer than its jumps reach.
    Overflow,
    /// `MemoryError`: the source needs tables beyond the format's limits.
    Memory,
}

impl ErrorKind {
    /// The name of the exception class.
    pub const fn exception(self) -> &'static str {
        match self {
            Self::Syntax => "SyntaxError",
            Self::Indentation => "IndentationError",
            Self::NotImplemented => "NotImplementedError",
            Self::ViperType => "ViperTypeError",
            Self::Recursion | Self::Overflow => "RuntimeError",
            Self::Memory => "MemoryError",
        }
    }
}

/// Why a source text does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The exception class.
    pub kind: ErrorKind,
    /// Its message.
    pub message: String,
    /// The source line, counted from 1; 0 if unknown.
    pub line: u32,
    /// The function the error is in, as a traceback names it; none for an error of the parser.
    pub block: Option<String>,
}

impl CompileError {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>, line: u32) -> Self {
        Self { kind, message: message.into(), line, block: None }
    }

    /// A `SyntaxError`.
    pub fn syntax(message: impl Into<String>, line: u32) -> Self {
        Self::new(ErrorKind::Syntax, message, line)
    }

    /// Nesting beyond what the compiler accepts.
    pub(crate) fn recursion(line: u32) -> Self {
        Self::new(ErrorKind::Recursion, "maximum recursion depth exceeded", line)
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.kind.exception(), self.message)
    }
}

impl core::error::Error for CompileError {}

/// The crate's result.
pub(crate) type Result<T> = core::result::Result<T, CompileError>;
