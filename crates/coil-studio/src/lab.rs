//! What of a running lab is shown: whoever starts the page's server puts it together.

use crate::{CloudAtHand, Password, Programs};
use coil_air::Air;
use coil_lab::events::{Events, Hands};
use coil_lab::{BoardHandle, BoardStatus, Circuits, Steering};
use coil_link::host::Address;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A board that is none of the lab's own: one on the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealBoard {
    /// How it is called here.
    pub name: String,
    /// Where it is.
    pub device: Address,
}

/// The air, and whom it is told of.
#[derive(Clone, Debug)]
pub struct OnAir {
    /// It.
    pub air: Air,
    /// Boards by name, with their hardware addresses from the factory.
    pub stations: Vec<(String, [u8; 6])>,
}

/// What is shown. What a lab has not is left out.
#[derive(Debug)]
pub struct Lab {
    /// Its boards.
    pub boards: Vec<BoardStatus>,
    /// Those of its boards that can be looked into.
    pub handles: BTreeMap<String, BoardHandle>,
    /// The circuits of its boards.
    pub circuits: Option<Circuits>,
    /// Boards on the table.
    pub real: Vec<RealBoard>,
    /// The learners' programs.
    pub programs: Option<Arc<Programs>>,
    /// The stream of events.
    pub events: Events,
    /// Who does what is asked for at the stream.
    pub hands: Hands,
    /// What browsers on other machines must know; without it they are refused.
    pub password: Option<Password>,
    /// Its time.
    pub time: Option<Steering>,
    /// Its air.
    pub air: Option<OnAir>,
    /// Its cloud.
    pub cloud: Option<CloudAtHand>,
}

impl Lab {
    /// One with these boards and this stream, and nothing else.
    pub fn new(boards: Vec<BoardStatus>, events: Events, hands: Hands) -> Self {
        Self {
            boards,
            handles: BTreeMap::new(),
            circuits: None,
            real: Vec::new(),
            programs: None,
            events,
            hands,
            password: None,
            time: None,
            air: None,
            cloud: None,
        }
    }
}
