//! What those outside ask of the stream, and what they are answered: the lines of the door and of the page.

use super::{Act, Filter, JoinWish, Joined, LinesAre, SetLines};
use crate::capture::Wish;
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
    /// What goes over the air is to be sent, as a pcapng file.
    Capture {
        /// Of what.
        capture: Wish,
    },
    /// A host wants to be on the air: frames go both ways then.
    Join {
        /// In which network.
        join: JoinWish,
    },
    /// Something is to go wrong on the air, or no more.
    Faults {
        /// Each as in `loss=5%`; none to be told alone.
        faults: Vec<String>,
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
    /// All that can go wrong on the air, as it is now.
    Faults(Vec<String>),
    /// The guest is in, with these addresses.
    Joined(Joined),
    /// The guest has lost its link to this network, and tries to come back.
    Lost(String),
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
