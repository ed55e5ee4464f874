//! Who changed what: the folder is looked through now and then, while somebody wants to know, and after each change of ours.

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// How often it is looked.
pub(crate) const LOOK: Duration = Duration::from_millis(500);
/// Changes that wait for one who listens; then the oldest are lost to it.
const WAITING: usize = 256;

/// A program was written, or has gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) version: Option<String>,
}

/// All versions as they were seen last.
#[derive(Debug, Default)]
struct Seen {
    versions: BTreeMap<String, String>,
    at: Option<Instant>,
}

/// Those who want to know.
#[derive(Debug)]
pub(super) struct Changes {
    seen: Mutex<Seen>,
    out: Sender<Change>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { seen: Mutex::default(), out: channel(WAITING).0 }
    }
}

type Versions = Option<BTreeMap<String, String>>;

impl Changes {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears of what changes from now on.
    pub(super) fn watch(&self, now: impl FnOnce() -> Versions) -> Receiver<Change> {
        let mut seen = self.seen();
        if self.out.receiver_count() == 0
            && let Some(versions) = now()
        {
            *seen = Seen { versions, at: Some(Instant::now()) };
        }
        self.out.subscribe()
    }

    pub(super) fn is_due(&self) -> bool {
        // Several who listen look once together.
        self.seen().at.is_none_or(|at| at.elapsed() >= LOOK * 4 / 5)
    }

    /// Tells what has changed since the last time, if somebody wants to know.
    pub(super) fn look(&self, now: impl FnOnce() -> Versions) {
        let mut seen = self.seen();
        if self.out.receiver_count() == 0 {
            return;
        }
        let Some(versions) = now() else { return };
        let gone = seen.versions.keys().filter(|path| !versions.contains_key(*path));
        let gone = gone.map(|path| (path, None));
        let new =
            versions.iter().filter(|(path, version)| seen.versions.get(*path) != Some(version));
        for (path, version) in gone.chain(new.map(|(path, version)| (path, Some(version)))) {
            // Nobody may listen any more.
            let _ = self.out.send(Change { path: path.clone(), version: version.cloned() });
        }
        *seen = Seen { versions, at: Some(Instant::now()) };
    }
}
