//! A network with one WiFi interface, for this process and those that it starts.
//!
//! The process parts with the system's network ([`Network::enter`]) and has an interface instead ([`Interface::new`]) whose frames it
//! reads and writes itself. Names are resolved by the server that comes with the interface's addresses. Nothing of it is seen by
//! others or outlives the last of these processes, and nothing of the system's own network is in reach.
//!
//! Owns that view; must not know what is on the air.

mod error;
mod interface;
mod names;
mod netlink;
mod network;
mod settle;

pub use error::WlanError;
pub use interface::{Addresses, FRAME_MAX, Frames, Interface};
pub use network::Network;
pub use settle::settle;
