//! The host's end of a wire, as a tool has it: a board's prompt, its files and its programs, over a serial port or RFC 2217.
//!
//! The same for a virtual board and a real one. Owns the prompt's protocols and who may speak when; must not know sockets of browsers or
//! what a board is made of. Blocking, one thread per session ([`Session`]).

mod address;
mod complete;
mod error;
mod files;
mod port;
mod prompt;
mod python;
mod raw;
mod session;
mod variables;

pub use address::Address;
pub use error::Error;
pub use files::{Entry, FILE_MAX, FILES_MAX, Listing};
pub use session::{
    Answer, Ended, News, Request, SOURCE_MAX, Session, State, Subscription, TYPED_MAX, WAITING_MAX,
};
pub use variables::{VALUE_MAX, Variable};
