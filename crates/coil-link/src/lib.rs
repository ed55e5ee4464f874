//! The host's side of a board's wire: pty, REPL, files, flashing.
//!
//! Owns bytes on wires; must not know what is at the other end.

pub mod pty;

pub use pty::{PtyPort, PtyWriter};
