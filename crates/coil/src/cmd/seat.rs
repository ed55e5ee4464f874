//! A board's place at its ports, which are there before the board is.

use coil_board::outside::Stimulus;
use coil_lab::BoardHandle;
use coil_link::End;
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

    /// The board, if it is there.
    pub(crate) fn board(&self) -> Option<BoardHandle> {
        self.0.lock().ok()?.clone()
    }

    /// Does something with it; nothing while it is not there.
    pub(crate) fn with(&self, f: impl FnOnce(&BoardHandle)) {
        if let Ok(seat) = self.0.lock()
            && let Some(board) = seat.as_ref()
        {
            f(board);
        }
    }

    /// What does something to its circuit, so many nanoseconds later.
    pub(crate) fn hands(&self) -> impl Fn(u64, coil_circuit::Deed) + Send + Sync + use<> {
        let seat = self.clone();
        move |after_ns, deed| seat.with(|board| board.act(after_ns, deed))
    }
}

impl End for Seat {
    fn send(&self, bytes: &[u8]) {
        self.with(|board| board.send(bytes));
    }

    fn waiting(&self) -> usize {
        let mut waiting = 0;
        self.with(|board| waiting = board.waiting());
        waiting
    }

    fn taken(&self) -> u64 {
        let mut taken = 0;
        self.with(|board| taken = board.taken());
        taken
    }

    fn lines(&self, dtr: bool, rts: bool) {
        self.with(|board| board.stimulate(Stimulus::Lines { dtr, rts }));
    }

    fn speed(&self, baud: u32) {
        self.with(|board| board.stimulate(Stimulus::Speed { baud }));
    }

    fn hung_up(&self) {
        self.with(|board| board.stimulate(Stimulus::HungUp));
    }
}
