//! `db.json` on the disk: what is known of it without reading it, reading it, and replacing it as a whole. It must not know what it
//! means.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::content::Content;
use super::js;
use crate::error::ApiError;

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    changed: SystemTime,
    pub(super) length: u64,
    number: u64,
}

impl Mark {
    /// The mark of a file as it is now.
    pub(super) fn of(path: &Path) -> Result<Self, ApiError> {
        Self::look(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ApiError::missing("file `db.json`"),
            _ => unreadable(&error),
        })
    }

    fn look(path: &Path) -> io::Result<Self> {
        let meta = fs::metadata(path)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&meta);
        #[cfg(not(unix))]
        let number = 0;
        Ok(Self { changed: meta.modified()?, length: meta.len(), number })
    }
}

/// Reads the content of the file.
pub(super) fn load(path: &Path) -> Result<Content, ApiError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    match js::normalise(value) {
        Value::Object(db) => Ok(Content::new(db)),
        _ => Err(unreadable(&"it is not a JSON object")),
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> ApiError {
    ApiError::storage(format!("`db.json` cannot be read: {error}"))
}

/// A new file beside the old one, with its content on the disk.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    target: PathBuf,
    /// The mark that it has, and will have in the old one's place.
    pub(super) mark: Mark,
}

/// The file itself, its folder and the draft's place. A link stays a link: what it points to is replaced.
fn places(path: &Path) -> (PathBuf, PathBuf, PathBuf) {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.new"));
    (target, folder, draft)
}

/// Whether there is a draft that has not taken the file's place.
pub(super) fn has_draft(path: &Path) -> bool {
    places(path).2.exists()
}

impl Draft {
    pub(super) fn write(path: &Path, text: &str) -> io::Result<Self> {
        let (target, _, draft) = places(path);
        let mut file = fs::File::create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(fs::metadata(&target)?.permissions())?;
        // The clock that the system itself stamps with is coarse: an edit right after ours would look like ours.
        file.set_modified(SystemTime::now())?;
        file.sync_all()?;
        let mark = Mark::look(&draft)?;
        Ok(Self { path: draft, target, mark })
    }

    /// Takes the file's place; what was there is gone. On the disk after [`settle`].
    pub(super) fn take_place(&self) -> io::Result<()> {
        fs::rename(&self.path, &self.target)
    }

    pub(super) fn discard(&self) {
        // What is left of it is in nobody's way but the folder's.
        let _ = fs::remove_file(&self.path);
    }
}

/// Waits until what happened to names in the file's folder is on the disk.
pub(super) fn settle(path: &Path) -> io::Result<()> {
    fs::File::open(places(path).1)?.sync_all()
}
