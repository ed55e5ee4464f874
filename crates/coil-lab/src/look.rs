//! A look at a board that runs, for whoever comes to it in the middle.

use coil_board::look::View;
use coil_board::outside::Event;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// What is seen.
#[derive(Clone, Debug)]
pub struct Look {
    /// When, in nanoseconds of the lab's clock.
    pub at_ns: u64,
    /// The board.
    pub view: View,
    /// What the parts of its circuit show: [`Event::Part`] of each thing.
    pub parts: Vec<Event>,
}

/// Why nothing was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookError {
    /// The board has no power any more.
    #[error("the board has no power any more")]
    Gone,
    /// It did not come to it.
    #[error("the board did not come to it in time; look again later")]
    Late,
}

/// Who waits for it.
#[derive(Debug)]
pub struct Looking(Receiver<Look>);

impl Looking {
    /// A pair of who tells and who waits.
    pub(crate) fn pair() -> (Sender<Look>, Self) {
        let (tell, told) = channel();
        (tell, Self(told))
    }

    /// What is seen, within some time.
    ///
    /// # Errors
    /// If the board is gone, or did not come to it.
    pub fn wait(&self, patience: Duration) -> Result<Look, LookError> {
        self.0.recv_timeout(patience).map_err(|e| match e {
            RecvTimeoutError::Timeout => LookError::Late,
            RecvTimeoutError::Disconnected => LookError::Gone,
        })
    }
}
