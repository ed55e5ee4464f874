//! The host's side of a board's wire: pty, TCP, RFC 2217, the terminal.
//!
//! Owns bytes on wires; must not know what is at the other end.

mod end;
pub mod host;
mod hub;
pub mod modem;
mod outbox;
pub mod pty;
pub mod rfc2217;
mod socket;
pub mod tcp;
pub mod terminal;

pub use end::{End, Line};
pub use hub::Hub;
pub use modem::Modem;
pub use pty::{PtyPort, PtyWriter};
pub use rfc2217::Rfc2217Port;
pub use socket::SocketWriter;
pub use tcp::TcpPort;
