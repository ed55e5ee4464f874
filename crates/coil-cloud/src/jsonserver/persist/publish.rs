//! How the file gets what was changed: all at once, in an order that leaves no doubt what it has when the program is killed.
//!
//! The new file is written beside the old one, then announced in the database, then put in the old one's place, then what it has leaves
//! the journal. A program that starts and finds an announcement looks whether the draft is there: if so it has not taken its place.

use std::sync::{PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::super::disk::{self, Draft, Mark};
use super::super::js;
use super::{AGE, Shared};
use crate::error::ApiError;
use crate::store::changes;

/// Large files are written less often: the pause is this many times as long as writing takes.
const PAUSES: u32 = 4;
/// How soon an attempt that failed is repeated.
const AGAIN: Duration = Duration::from_secs(1);

impl Shared {
    /// Replaces the file by one that has all that is pending, unless someone else changes it meanwhile (`false`).
    pub(super) fn publish(&self) -> Result<bool, ApiError> {
        let _turn = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.state().pending.is_empty() {
            return Ok(true);
        }
        let begin = Instant::now();
        let result = self.replace();
        let mut state = self.state_mut();
        state.is_writable = result.is_ok();
        state.published = Some((Instant::now(), begin.elapsed()));
        result
    }

    fn replace(&self) -> Result<bool, ApiError> {
        // While an announcement that came true stands, a draft would say that it has not.
        self.forget()?;
        let (mark, picture, upto, is_journalled) = {
            let mut state = self.state_mut();
            let mark = Mark::of(&self.path)?;
            let picture = self.newest(&mut state, mark)?.picture();
            let Some(last) = state.pending.last() else { return Ok(true) };
            let is_journalled = state.pending.iter().any(|batch| batch.is_journalled);
            (mark, picture, last.seq, is_journalled)
        };
        let unwritable = |error| ApiError::storage(format!("`db.json` cannot be written: {error}"));
        let draft = Draft::write(&self.path, &js::pretty(&picture)).map_err(unwritable)?;
        if is_journalled {
            // The journal has all of them before the file has.
            self.store.write_here(move |tx| Ok(changes::announce(tx, upto)?))?;
        }
        let replaced = self.put_in_place(&draft, mark, upto, is_journalled);
        if !matches!(replaced, Ok(true)) {
            if is_journalled {
                self.store.write_here(|tx| Ok(changes::withdraw(tx)?))?;
            }
            draft.discard();
            return replaced.map_err(unwritable);
        }
        disk::settle(&self.path).map_err(unwritable)?;
        self.forget()?;
        Ok(true)
    }

    /// Takes what the file has out of the journal.
    fn forget(&self) -> Result<(), ApiError> {
        let has = self.state().file_has;
        if let Some(upto) = has {
            self.store.write_here(move |tx| Ok(changes::forget(tx, upto)?))?;
            self.state_mut().file_has = None;
        }
        Ok(())
    }

    /// No reader sees the new file before it is known what it has.
    fn put_in_place(
        &self,
        draft: &Draft,
        mark: Mark,
        upto: i64,
        is_journalled: bool,
    ) -> std::io::Result<bool> {
        let mut state = self.state_mut();
        if !Mark::of(&self.path).is_ok_and(|now| now == mark) {
            return Ok(false);
        }
        draft.take_place()?;
        state.file_has = is_journalled.then_some(upto);
        state.pending.retain(|batch| batch.seq > upto);
        if let Some((at, _)) = &mut state.known {
            if *at == mark {
                *at = draft.mark;
            } else {
                state.known = None;
            }
        }
        Ok(true)
    }

    /// How long the file is left alone.
    fn pause(&self) -> Duration {
        let state = self.state();
        let Some((at, took)) = state.published else { return Duration::ZERO };
        let pause = if state.is_writable { AGE.max(took * PAUSES) } else { AGAIN };
        (at + pause).saturating_duration_since(Instant::now())
    }
}

/// Replaces the file whenever that is due, until there is nobody who changes it any more.
pub(super) fn run(shared: &Shared, woken: &mpsc::Receiver<()>, end: &mpsc::Sender<()>) {
    let mut goes_on = true;
    while goes_on {
        let mut is_due = woken.recv().is_ok();
        goes_on = is_due;
        while is_due && goes_on {
            goes_on = rest(shared, woken);
            // A failure is told to those who write next, and the attempt repeated.
            let _ = shared.publish();
            is_due = !shared.state().pending.is_empty();
        }
        if !goes_on && !shared.state().pending.is_empty() {
            // The last one; what it does not reach is in the journal.
            let _ = shared.publish();
        }
    }
    // Nobody may be waiting.
    let _ = end.send(());
}

/// Waits until the file may be replaced, but not for those who have gone: whether there are any.
fn rest(shared: &Shared, woken: &mpsc::Receiver<()>) -> bool {
    loop {
        // Asked again after each change: the pause is shorter when the file can be written again.
        let pause = shared.pause();
        if pause.is_zero() {
            return true;
        }
        match woken.recv_timeout(pause) {
            Ok(()) => {}
            Err(mpsc::RecvTimeoutError::Timeout) => return true,
            Err(mpsc::RecvTimeoutError::Disconnected) => return false,
        }
    }
}
