//! What those outside ask of the stream, and what they are answered: the lines of the door and of the page.

use super::{Act, Filter};
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
    /// Events are to be sent that pass.
    Follow(Filter),
}

/// What is said to it before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Ok(bool),
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
