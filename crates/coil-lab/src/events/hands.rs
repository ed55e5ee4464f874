//! What those outside may do to a lab: to circuits, to the lines of serial ports, and to the air, of which they may have captures and
//! on which they may be guests.

use super::join::{self, JoinWish};
use super::{Actor, Answer, Names, Request};
use crate::capture::{Capture, Captures, Wish};
use coil_air::bridge::Guests;
use coil_air::{Air, Fault, Faults};
use serde::{Deserialize, Serialize};
use std::os::unix::net::UnixStream;
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

const NO_AIR: &str = "there is no air here";

/// Who does what is asked for.
#[derive(Clone)]
pub struct Hands {
    act: Actor,
    lines: Liner,
    air: Option<(Air, Captures)>,
    guests: Option<Guests>,
}

impl std::fmt::Debug for Hands {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hands").finish_non_exhaustive()
    }
}

impl Hands {
    /// Those that act on circuits and set lines by these.
    pub fn new(act: Actor, lines: Liner) -> Self {
        Self { act, lines, air: None, guests: None }
    }

    /// Those that cannot do anything.
    pub fn none() -> Self {
        Self::new(super::nobody(), Arc::new(|of| Err(no_board(&of.board))))
    }

    /// And make things go wrong on this air, and give captures of it. Its boards are called so.
    pub fn with_air(self, air: &Air, boards: Names) -> Self {
        Self { air: Some((air.clone(), Captures::new(air.clone(), boards))), ..self }
    }

    /// And take in guests.
    pub fn with_guests(self, guests: Guests) -> Self {
        Self { guests: Some(guests), ..self }
    }

    /// Hands a client over who wants to be a guest, and is told all the rest where it is served; or says why not.
    pub(super) fn join(&self, client: UnixStream, wish: &JoinWish) -> Result<(), String> {
        let guests = self.guests.as_ref().ok_or(NO_AIR)?;
        let (ssid, password) = (wish.ssid.as_deref(), wish.password.as_deref());
        guests.welcome(client, ssid, password, join::line).map_err(|e| e.to_string())
    }

    /// Starts a capture, or says why not.
    pub(super) fn capture(&self, wish: &Wish) -> Result<Capture, String> {
        self.air.as_ref().ok_or(NO_AIR)?.1.start(wish)
    }

    /// Makes these go wrong, all of them or none, and tells what does.
    fn faults(&self, asked: &[String]) -> Result<Vec<String>, String> {
        let (air, _) = self.air.as_ref().ok_or(NO_AIR)?;
        let read = |text: &String| Fault::read(text).map_err(|e| e.to_string());
        let asked = asked.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        air.set_faults(asked.into_iter().fold(air.faults(), Faults::with));
        Ok(air.faults().all().iter().map(Fault::to_string).collect())
    }

    /// Does what is asked for; what is answered by a stream is not theirs.
    pub fn answer(&self, request: &Request) -> Answer {
        match request {
            Request::Act { act } => (self.act)(act).into(),
            Request::Lines { lines } => match (self.lines)(lines) {
                Ok(are) => Answer::Lines(are),
                Err(what) => Answer::Error(what),
            },
            Request::Faults { faults } => match self.faults(faults) {
                Ok(now) => Answer::Faults(now),
                Err(what) => Answer::Error(what),
            },
            Request::Capture { .. } => {
                Answer::Error("captures are given at the door in the workshop's folder".into())
            }
            Request::Join { .. } => {
                Answer::Error("guests are taken in at the door in the workshop's folder".into())
            }
            Request::Follow(_) => Answer::Error("a filter is not something to be done".into()),
        }
    }
}

/// What is said of a board that is not there.
pub fn no_board(name: &str) -> String {
    format!("there is no board `{name}` with a serial port; `coil status` shows what there is")
}
