//! The lab's folder of programs, as tabs and other editors share it: what is in it, in which version, what it was before, and who changed it.
//!
//! Whoever writes says which version was read, so that nobody's work is lost to another's. Knows no HTTP; `programs/routes.rs` does.

mod changes;
mod folder;
mod history;
mod name;
pub(crate) mod routes;

use crate::programs::changes::Changes;
use crate::tag::{BadTag, Read};
use folder::{Folder, Stamp};
use name::Name;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::Receiver;

pub(crate) use changes::{Change, LOOK};

/// Bytes of a program at most.
pub(crate) const PROGRAM_MAX: usize = 4 << 20;
/// Programs at most.
pub(crate) const PROGRAMS_MAX: usize = 2000;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(
        "`{0}` is no name of a program; use letters, digits and / for folders, and no name that starts with a dot"
    )]
    Name(String),
    #[error("there is no program `{0}`; it may have been removed or renamed")]
    NotThere(String),
    #[error("`{path}` was changed by somebody else; read it again before you write it")]
    Changed { path: String, version: Option<String> },
    #[error("say which version you have read with If-Match, or If-None-Match: * for a new program")]
    NoVersion,
    #[error(transparent)]
    Tag(#[from] BadTag),
    #[error("there is a `{0}` already; choose another name")]
    Taken(String),
    #[error("`{0}` has more than {max} MiB, which is the most", max = PROGRAM_MAX >> 20)]
    TooLong(String),
    #[error("there are more than {PROGRAMS_MAX} programs; move some of them out of the folder")]
    TooMany,
    #[error("`{path}` cannot be used: {source}")]
    Io { path: String, source: io::Error },
}

/// A program in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Program {
    path: String,
    size: u64,
    version: String,
    /// Milliseconds since 1970.
    modified: i64,
}

/// The folder.
#[derive(Debug)]
pub struct Programs {
    folder: Folder,
    /// Versions that are known, so that not all files are read each time. Writers hold it.
    known: Mutex<BTreeMap<String, (Stamp, String)>>,
    changes: Changes,
}

impl Programs {
    /// The programs in a folder, which is made with a first one in it if it is not there.
    ///
    /// # Errors
    /// If it cannot be made or read.
    pub fn open(path: &Path) -> io::Result<Self> {
        if std::fs::create_dir(path).is_ok() {
            std::fs::write(path.join("blink.py"), include_str!("programs/blink.py"))?;
        }
        let folder = Folder::open(path)?;
        Ok(Self { folder, known: Mutex::default(), changes: Changes::default() })
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, (Stamp, String)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All programs, sorted by path.
    pub(crate) fn list(&self) -> Result<Vec<Program>, Error> {
        let mut known = self.known();
        let (mut all, mut kept) = (Vec::new(), BTreeMap::new());
        for (path, stamp) in self.folder.list()? {
            let version = match known.get(&path) {
                Some((same, version)) if *same == stamp => version.clone(),
                _ => match self.folder.read(&Name::new(&path)?) {
                    Ok(content) => version(&content),
                    // It has gone meanwhile, or is too long to be one.
                    Err(_) => continue,
                },
            };
            kept.insert(path.clone(), (stamp, version.clone()));
            all.push(Program { path, size: stamp.size, version, modified: stamp.modified_ms() });
        }
        *known = kept;
        Ok(all)
    }

    /// A program's content and version.
    pub(crate) fn read(&self, path: &str) -> Result<(Vec<u8>, String), Error> {
        let content = self.folder.read(&Name::new(path)?)?;
        let version = version(&content);
        Ok((content, version))
    }

    /// Writes a program, if it is as the writer has read it; its version then.
    pub(crate) fn write(&self, path: &str, read: &Read, content: &[u8]) -> Result<String, Error> {
        let name = Name::new(path)?;
        if content.len() > PROGRAM_MAX {
            return Err(Error::TooLong(path.to_owned()));
        }
        let new = version(content);
        {
            let _writers = self.known();
            let before = self.before(&name)?;
            check(path, read, before.as_deref())?;
            match before {
                Some(before) if version(&before) == new => return Ok(new),
                Some(before) => {
                    history::keep(&self.folder, &name, &before, false)?;
                    self.folder.put(&name, content, true)?;
                }
                None => {
                    if self.folder.list()?.len() >= PROGRAMS_MAX {
                        return Err(Error::TooMany);
                    }
                    self.folder.put(&name, content, false)?;
                }
            }
        }
        self.look();
        Ok(new)
    }

    /// Removes a program, if it is as it was read, where that is said.
    pub(crate) fn remove(&self, path: &str, read: Option<&Read>) -> Result<(), Error> {
        let name = Name::new(path)?;
        {
            let _writers = self.known();
            let before = self.folder.read(&name)?;
            if let Some(read) = read {
                check(path, read, Some(&before))?;
            }
            history::keep(&self.folder, &name, &before, true)?;
            self.folder.remove(&name)?;
        }
        self.look();
        Ok(())
    }

    /// Gives a program another name.
    pub(crate) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        let (from, to) = (Name::new(from)?, Name::new(to)?);
        {
            let _writers = self.known();
            self.folder.rename(&from, &to)?;
        }
        self.look();
        Ok(())
    }

    /// What a program was before, the newest state first. One that is gone has states as well.
    pub(crate) fn states(&self, path: &str) -> Result<Vec<history::State>, Error> {
        history::states(&self.folder, &Name::new(path)?)
    }

    /// The content of one of its states.
    pub(crate) fn state(&self, path: &str, at: i64) -> Result<Vec<u8>, Error> {
        history::state(&self.folder, &Name::new(path)?, at)
    }

    fn before(&self, name: &Name) -> Result<Option<Vec<u8>>, Error> {
        match self.folder.read(name) {
            Ok(content) => Ok(Some(content)),
            Err(Error::NotThere(_)) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Hears of all changes from now on.
    pub(crate) fn watch(&self) -> Receiver<Change> {
        self.changes.watch(|| self.versions())
    }

    /// Looks for changes, unless somebody has just done so.
    pub(crate) fn look_again(&self) {
        if self.changes.is_due() {
            self.look();
        }
    }

    fn look(&self) {
        self.changes.look(|| self.versions());
    }

    fn versions(&self) -> Option<BTreeMap<String, String>> {
        let all = self.list().ok()?;
        Some(all.into_iter().map(|p| (p.path, p.version)).collect())
    }
}

/// Refuses a writer who has read something else.
fn check(path: &str, read: &Read, before: Option<&[u8]>) -> Result<(), Error> {
    let now = before.map(version);
    let is_same = match read {
        Read::Nothing => now.is_none(),
        Read::Version(version) => now.as_ref() == Some(version),
    };
    if is_same { Ok(()) } else { Err(Error::Changed { path: path.to_owned(), version: now }) }
}

/// What a content is known by.
fn version(content: &[u8]) -> String {
    Sha256::digest(content)[..16].iter().map(|b| format!("{b:02x}")).collect()
}
