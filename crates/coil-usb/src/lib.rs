//! Virtual boards as USB serial ports, for this process and those that it starts.
//!
//! Tools look for boards in `/dev` and in the system's list of ports, and reset them by DTR and RTS. A
//! pseudo-terminal is in no list and has no such lines. Here a process gets a view of its own of both
//! folders ([`enter`]), and the system asks this process when one that it started sets the lines
//! ([`serve_lines`]). Nothing of it is seen by others, needs a driver, or outlives the last of these processes.
//!
//! Owns that view; must not know what is at the other end of a port.

mod error;
mod filter;
mod lines;
mod notify;
mod tree;
mod view;

pub use error::UsbError;
pub use lines::{Levels, LinesOf, serve_lines};
pub use tree::Bridge;
pub use view::{Port, enter};
