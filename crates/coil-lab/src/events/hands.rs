//! What those outside may do to a lab's boards: to their circuits, and to the lines of their serial ports.

use super::{Actor, Answer, Request};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The lines of a board's serial port: what they are to be. Left out, they stay as they are; with neither they are only told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetLines {
    /// The board.
    pub board: String,
    /// Data terminal ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dtr: Option<bool>,
    /// Request to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rts: Option<bool>,
}

/// What they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinesAre {
    /// Data terminal ready.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
}

/// Sets lines and tells what they are, or says why it cannot be done.
pub type Liner = Arc<dyn Fn(&SetLines) -> Result<LinesAre, String> + Send + Sync>;

/// Who does what is asked for.
#[derive(Clone)]
pub struct Hands {
    act: Actor,
    lines: Liner,
}

impl std::fmt::Debug for Hands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hands").finish_non_exhaustive()
    }
}

impl Hands {
    /// Those that act on circuits and set lines by these.
    pub fn new(act: Actor, lines: Liner) -> Self {
        Self { act, lines }
    }

    /// Those that cannot do anything.
    pub fn none() -> Self {
        Self::new(super::nobody(), Arc::new(|of| Err(no_board(&of.board))))
    }

    /// Does what is asked for; a request to follow the stream is not theirs.
    pub fn answer(&self, request: &Request) -> Answer {
        match request {
            Request::Act { act } => (self.act)(act).into(),
            Request::Lines { lines } => match (self.lines)(lines) {
                Ok(are) => Answer::Lines(are),
                Err(what) => Answer::Error(what),
            },
            Request::Follow(_) => Answer::Error("a filter is not something to be done".into()),
        }
    }
}

/// What is said of a board that is not there.
pub fn no_board(name: &str) -> String {
    format!("there is no board `{name}` with a serial port; `coil status` shows what there is")
}
