//! The desk: one session per board, made when the first tab asks for it, and shared by all tabs.

use crate::RealBoard;
use coil_lab::BoardStatus;
use coil_link::host::Session;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The sessions.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Where each board is.
    addresses: BTreeMap<String, String>,
    sessions: Mutex<BTreeMap<String, Arc<Session>>>,
}

impl Desk {
    pub(crate) fn new(boards: &[BoardStatus], real: &[RealBoard]) -> Self {
        let real = real.iter().map(|b| (b.name.clone(), b.device.to_string()));
        let own = boards.iter().map(|b| (b.name.clone(), b.rfc2217.clone()));
        let addresses = real.chain(own).collect();
        Self { addresses, sessions: Mutex::default() }
    }

    /// The session of a board; none where there is no such board.
    ///
    /// # Errors
    /// If the board cannot be spoken to at all, in words.
    pub(crate) fn session(&self, board: &str) -> Result<Option<Arc<Session>>, String> {
        let Some(address) = self.addresses.get(board) else { return Ok(None) };
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(board) {
            return Ok(Some(session.clone()));
        }
        let address = address.parse().map_err(|e: coil_link::host::Error| e.to_string())?;
        let session = Arc::new(Session::open(address).map_err(|e| e.to_string())?);
        sessions.insert(board.to_owned(), session.clone());
        Ok(Some(session))
    }
}
