//! The file: read when it has changed. It must not know what is asked of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::{Map, Value};

use crate::error::ApiError;

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    changed: SystemTime,
    length: u64,
}

#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    read: Mutex<Option<(Mark, Arc<Map<String, Value>>)>>,
}

impl File {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, read: Mutex::new(None) }
    }

    /// The content as it is now.
    pub(super) fn read(&self) -> Result<Arc<Map<String, Value>>, ApiError> {
        let unreadable = |error: &dyn std::fmt::Display| {
            ApiError::storage(format!("`db.json` cannot be read: {error}"))
        };
        let meta = std::fs::metadata(&self.path).map_err(|error| unreadable(&error))?;
        let changed = meta.modified().map_err(|error| unreadable(&error))?;
        let mark = Mark { changed, length: meta.len() };
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, db)) = &*read
            && *known == mark
        {
            return Ok(Arc::clone(db));
        }
        let text = std::fs::read_to_string(&self.path).map_err(|error| unreadable(&error))?;
        let db: Map<String, Value> =
            serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
        let db = Arc::new(db);
        *read = Some((mark, Arc::clone(&db)));
        Ok(db)
    }
}
