//! A station whose frames are for a stack elsewhere: it joins, asks for an address and keeps it as a board does, and all else that
//! comes for it is handed on as it came.

use super::Station;
use crate::frame::{self, Peek};
use std::collections::VecDeque;
use std::sync::Arc;

const DHCP_SERVER_PORT: u16 = 67;
const DHCP_CLIENT_PORT: u16 = 68;
/// Frames that wait for who takes them; what comes then is lost.
const WAITING_MAX: usize = 256;

/// What waits to be taken.
#[derive(Debug, Default)]
pub(super) struct Passage {
    frames: VecDeque<Arc<[u8]>>,
    dropped: u64,
    /// The number of the station's own last question for an address.
    question: Option<[u8; 4]>,
}

/// The number that a DHCP message and its answer have in common.
fn transaction(bytes: &[u8]) -> Option<[u8; 4]> {
    frame::datagram(bytes)?.payload.get(4..8)?.try_into().ok()
}

impl Passage {
    /// Whether the station's own stack needs a frame, and whether who takes the frames does.
    fn wants(&self, bytes: &[u8]) -> (bool, bool) {
        match frame::peek(bytes) {
            // Both keep who is where.
            Peek::Other if frame::is_arp(bytes) => (true, true),
            Peek::Udp { dst, .. } if dst.port() == DHCP_CLIENT_PORT => {
                let is_own = self.question.is_some() && transaction(bytes) == self.question;
                (is_own, !is_own)
            }
            _ => (false, true),
        }
    }

    fn push(&mut self, bytes: Arc<[u8]>) {
        if self.frames.len() >= WAITING_MAX {
            self.dropped += 1;
            return;
        }
        self.frames.push_back(bytes);
    }
}

impl Station {
    /// Has frames handed on from now on, while there is an address.
    pub(crate) fn open_passage(&mut self) {
        self.passage = Some(Passage::default());
    }

    /// The next frame that was handed on.
    pub(crate) fn next_passed(&mut self) -> Option<Arc<[u8]>> {
        self.passage.as_mut()?.frames.pop_front()
    }

    /// Frames that nobody took in time.
    pub(crate) fn dropped_at_passage(&self) -> u64 {
        self.passage.as_ref().map_or(0, |passage| passage.dropped)
    }

    /// Hands a frame that came on; gives back what is for the station's own stack.
    pub(super) fn pass_on(&mut self, bytes: Arc<[u8]>) -> Option<Arc<[u8]>> {
        let Some(passage) = &mut self.passage else { return Some(bytes) };
        let (is_own, is_other) = passage.wants(&bytes);
        // Without an address nothing is for it; the station's own stack would refuse what goes on elsewhere.
        if is_other && self.has_ip {
            passage.push(bytes.clone());
        }
        is_own.then_some(bytes)
    }

    /// Remembers what the station's own stack asks.
    pub(super) fn note_question(&mut self, bytes: &[u8]) {
        let Some(passage) = &mut self.passage else { return };
        if let Peek::Udp { dst, .. } = frame::peek(bytes)
            && dst.port() == DHCP_SERVER_PORT
        {
            passage.question = transaction(bytes);
        }
    }
}
