//! A board's place at its ports, which are there before the board is.

use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardHandle, Console};
use coil_link::{Guests, PtyWriter};
use std::sync::{Arc, Mutex};

/// The board that sits here, once it does. Copies are the same seat.
#[derive(Clone, Default)]
pub(crate) struct Seat(Arc<Mutex<Option<BoardHandle>>>);

impl Seat {
    /// The board is there.
    pub(crate) fn take(&self, board: BoardHandle) {
        if let Ok(mut seat) = self.0.lock() {
            *seat = Some(board);
        }
    }

    /// Does something with it; nothing while it is not there.
    pub(crate) fn with(&self, f: impl FnOnce(&BoardHandle)) {
        if let Ok(seat) = self.0.lock()
            && let Some(board) = seat.as_ref()
        {
            f(board);
        }
    }

    /// What types on its console.
    pub(crate) fn keys(&self) -> impl Fn(&[u8]) + Send + Sync + use<> {
        let seat = self.clone();
        move |bytes| seat.with(|board| board.send(bytes))
    }

    /// Its clients, of whose last it is told when they have gone.
    pub(crate) fn guests(&self) -> Guests {
        let seat = self.clone();
        Guests::new(move || seat.with(|board| board.stimulate(Stimulus::HungUp)))
    }

    /// What does something to its circuit, so many nanoseconds later.
    pub(crate) fn hands(&self) -> impl Fn(u64, coil_circuit::Deed) + Send + Sync + use<> {
        let seat = self.clone();
        move |after_ns, deed| seat.with(|board| board.act(after_ns, deed))
    }
}

/// A console on a pseudo-terminal.
pub(crate) struct ToPty(pub(crate) PtyWriter);

impl Console for ToPty {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }
    fn end(&mut self, _: Outcome) {}
}
