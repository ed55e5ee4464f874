//! Frames on the air as events of the boards and guests that send and get them.

use super::Events;
use coil_air::{Air, GuestSeat, Mac, Summary, Tap};
use coil_board::outside::{Event, Kind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The boards of a lab by the address of their radio.
pub type Names = BTreeMap<Mac, Arc<str>>;

/// Who has an address: a board, or a guest.
fn named(boards: &Names, mac: Mac) -> Option<Arc<str>> {
    boards.get(&mac).cloned().or_else(|| Some(GuestSeat::of_mac(mac)?.name().into()))
}

impl Events {
    /// What an air is to call with its frames, so that they are events of these boards, and of guests. A frame from
    /// elsewhere that is for all is one of each board.
    pub fn tap(&self, air: &Air, boards: Names) -> Tap {
        let owners = air.owners();
        let events = self.clone();
        Arc::new(move |now_us, frame| {
            if !events.wanted().has(Kind::Packet) {
                return;
            }
            let Some(s) = Summary::of(frame) else { return };
            let event = |sent| Event::Packet {
                sent,
                bytes: u32::try_from(frame.len()).unwrap_or(u32::MAX),
                protocol: s.protocol.into(),
                from: s.from.clone(),
                to: s.to.clone(),
                summary: s.text.clone(),
            };
            let publish = |board: &Arc<str>, sent| {
                events.publish(board, &[(now_us * 1000, event(sent))]);
            };
            if let Some(sender) = named(&boards, owners.factory_of(s.sender)) {
                publish(&sender, true);
            } else if s.is_for_all() {
                boards.values().for_each(|board| publish(board, false));
            }
            if let Some(receiver) = named(&boards, owners.factory_of(s.receiver)) {
                publish(&receiver, false);
            }
        })
    }
}
