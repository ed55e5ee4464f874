//! When what is in SQLite's log goes into the database file. The log grows by what is written and is begun anew when the file has all of
//! it. A thread copies beside the writer, which only has to stop for the little that came meanwhile. It must not know what is stored.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::Error;

/// From how many pages on the log is copied: 16 MiB. A page that is written again and again is copied once.
const COPY: i32 = 4096;
/// From how many pages on it is begun anew even if that means to stop for it: 48 MiB.
const ANEW: i32 = 12_288;

/// The writer's side of it.
#[derive(Debug)]
pub(super) struct Checkpoint {
    /// Pages in the log.
    pages: Arc<AtomicI32>,
    wake: mpsc::SyncSender<()>,
    /// Set by the thread when it has copied.
    is_copied: Arc<AtomicBool>,
    is_asked: bool,
}

impl Checkpoint {
    /// Takes this over from SQLite, whose writer would stop for all of it.
    pub(super) fn start(connection: &mut Connection, path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::open(path, error);
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        connection
            .wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, count| {
                seen.store(count, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(failed)?;
        let copier = Connection::open(path).map_err(failed)?;
        copier.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        copier.pragma_update(None, "wal_autocheckpoint", 0).map_err(failed)?;
        copier.busy_timeout(Duration::ZERO).map_err(failed)?;
        let (wake, woken) = mpsc::sync_channel(1);
        let is_copied = Arc::new(AtomicBool::new(false));
        let sign = Arc::clone(&is_copied);
        std::thread::Builder::new()
            .name("cloud-checkpoint".to_owned())
            .spawn(move || {
                while woken.recv().is_ok() {
                    copy(&copier);
                    sign.store(true, Ordering::Release);
                }
            })
            .map_err(Error::Thread)?;
        Ok(Self { pages, wake, is_copied, is_asked: false })
    }

    /// Looks after the log between two transactions of the writer.
    pub(super) fn look(&mut self, writer: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if self.is_copied.swap(false, Ordering::AcqRel) {
            self.is_asked = false;
            if pages >= ANEW {
                // The little that came meanwhile; the next transaction begins the log anew.
                copy(writer);
            }
        }
        if pages >= COPY && !self.is_asked {
            // The thread ends with us only.
            self.is_asked = self.wake.try_send(()).is_ok();
        }
    }
}

/// Copies what can be copied without waiting for anybody. What is not is so the next time.
fn copy(connection: &Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
}
