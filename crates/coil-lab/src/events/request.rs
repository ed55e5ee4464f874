//! What those outside ask of the stream, and what they are answered: the lines of the door and of the page.

use super::{Act, Filter, LinesAre, SetLines};
use serde::{Deserialize, Serialize};

/// Bytes of a client's line at most.
pub const REQUEST_MAX: usize = 16 * 1024;

/// A client's line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Request {
    /// Something is to be done.
    Act {
        /// What.
        act: Act,
    },
    /// Lines of a serial port are to be set, or told.
    Lines {
        /// Which.
        lines: SetLines,
    },
    /// Events are to be sent that pass.
    Follow(Filter),
}

/// What is said to it before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Ok(bool),
    /// The lines as they are now.
    Lines(LinesAre),
    /// It is not, and why.
    Error(String),
}

impl From<Result<(), String>> for Answer {
    fn from(done: Result<(), String>) -> Self {
        match done {
            Ok(()) => Self::Ok(true),
            Err(what) => Self::Error(what),
        }
    }
}
