//! MicroPython source text to verified register bytecode.
//!
//! Owns the grammar and the instruction set; must not know values, heaps or boards.
#![no_std]
extern crate alloc;

use alloc::vec::Vec;

mod ast;
pub mod bytecode;
mod codegen;
mod error;
mod grammar;
mod lexer;
mod parser;
mod repl;
mod scope;

pub use bytecode::CodeUnit;
pub use error::{CompileError, ErrorKind};
pub use grammar::Grammar;
pub use parser::ERRNO;
pub use repl::is_incomplete;

/// What kind of source text is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A module, script or `exec` text.
    #[default]
    Module,
    /// What was entered at the prompt: the values of expression statements are shown.
    Single,
    /// A program pasted at the prompt: a module, but the values of expression statements are shown.
    Paste,
    /// One expression, whose value the unit returns.
    Eval,
}

/// Reads a decimal float; nothing if the text is none.
pub type FloatReader = fn(&str) -> Option<f64>;

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What kind of source text it is.
    pub mode: Mode,
    /// As `micropython.opt_level`: from 1 on no assertions, from 3 on no line numbers.
    pub opt_level: u8,
    /// Whether the board's floats have single precision, so that folding must round so.
    pub single_floats: bool,
    /// How the machine reads a float from text, if not as the nearest one of double precision.
    pub read_float: Option<FloatReader>,
    /// Mark the rounds of all loops for machine code, not only of functions that ask for it.
    pub hot_loops: bool,
    /// Mark where a statement starts, for whoever counts which were executed.
    pub mark_lines: bool,
    /// Keep the names of locals, for whoever looks at calls from outside.
    pub keep_locals: bool,
    /// Leave `errno.NAME` to the module: its numbers are not newlib's.
    pub foreign_errno: bool,
    /// What of the language is known.
    pub grammar: Grammar,
}

/// The lines of a source text on which a statement starts that can be executed, in order.
///
/// # Errors
/// As [`compile`].
pub fn executable_lines(source: &str, options: &Options) -> Result<Vec<u32>, CompileError> {
    let unit = compile(source, &Options { mark_lines: true, ..*options })?;
    let mut lines = Vec::new();
    unit.marked_lines(&mut lines);
    lines.sort_unstable();
    lines.dedup();
    Ok(lines)
}

/// Compiles a source text to the code of its module or expression.
///
/// # Errors
/// The exception that the language raises for this text.
pub fn compile(source: &str, options: &Options) -> Result<CodeUnit, CompileError> {
    let settings = parser::Settings {
        mode: options.mode,
        debug: options.opt_level == 0,
        single_floats: options.single_floats,
        read_float: options.read_float.unwrap_or(|text| text.parse().ok()),
        foreign_errno: options.foreign_errno,
        grammar: options.grammar,
    };
    let tree = parser::parse(source, settings)?;
    let scopes = scope::analyse(&tree)?;
    codegen::generate(&tree, &scopes, options)
}
