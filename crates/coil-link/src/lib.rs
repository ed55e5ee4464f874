//! The host's side of a board's wire: pty, REPL, files, flashing.
//!
//! Owns bytes on wires; must not know what is at the other end.

mod guests;
pub mod pty;
pub mod tcp;
pub mod terminal;

pub use guests::{Guest, Guests};
pub use pty::{PtyPort, PtyWriter};
pub use tcp::{TcpPort, TcpWriter};
