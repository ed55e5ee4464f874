//! The folder of a lab: one running lab per folder, and what scripts want to know about it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a running lab tells scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The lab's folder.
    pub folder: PathBuf,
    /// Process that runs it.
    pub pid: u32,
    /// Its boards.
    pub boards: Vec<BoardStatus>,
    /// Its cloud.
    pub cloud: CloudStatus,
    /// The address of the page for people.
    pub page: String,
}

/// Where everything of a board is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardStatus {
    /// Its name in this lab.
    pub name: String,
    /// Board type.
    pub device: String,
    /// Firmware generation.
    pub firmware: String,
    /// Symlink to its serial port.
    pub tty: PathBuf,
    /// The serial port itself.
    pub pts: PathBuf,
    /// Its serial port as a TCP stream: address and port.
    pub tcp: String,
    /// Its serial port with the lines that reset it: a URL.
    pub rfc2217: String,
    /// Its WebREPL from this machine: a URL; empty where it has no network.
    pub webrepl: String,
    /// Ports of its own servers, and the address and port at which each is reached from this machine.
    #[serde(default)]
    pub ports: BTreeMap<u16, String>,
    /// Its flash image.
    pub flash: PathBuf,
}

/// Where the cloud is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudStatus {
    /// Its address on this machine.
    pub url: String,
    /// The address of its MQTT: a URL; empty where there is none.
    #[serde(default)]
    pub mqtt: String,
    /// The key that may do everything.
    pub master_key: String,
}

/// Why a lab's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process runs a lab there.
    #[error("`{}` is in use by another `coil up`; stop that one or choose another folder", .0.display())]
    InUse(PathBuf),
    /// No lab runs there.
    #[error("no lab is running in `{path}`; start one with `coil up {path}`", path = .0.display())]
    NotRunning(PathBuf),
    /// The file system refuses.
    #[error("cannot use `{path}`: {source}", path = .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A lab's folder, locked for this process.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

const LOCK: &str = "lab.lock";
const STATUS: &str = "lab.json";

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError + '_ {
    move |source| FolderError::Io { path: path.to_owned(), source }
}

impl Folder {
    /// Makes the folder if it is not there, and locks it.
    ///
    /// # Errors
    /// If it is in use or cannot be written.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        std::fs::create_dir_all(path).map_err(at(path))?;
        let path = path.canonicalize().map_err(at(path))?;
        let name = path.join(LOCK);
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name)
            .map_err(at(&name))?;
        lock.try_lock().map_err(|_| FolderError::InUse(path.clone()))?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a file there, unless one of this name is there already.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put_default(&self, name: &str, content: &[u8]) -> Result<PathBuf, FolderError> {
        let path = self.path.join(name);
        if !path.exists() {
            write_atomically(&path, content).map_err(at(&path))?;
        }
        Ok(path)
    }

    /// A file of text that is its owner's alone, if it is there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read_secret(&self, name: &str) -> Result<Option<String>, FolderError> {
        let path = self.path.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(at(&path)(e)),
        }
    }

    /// Writes one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_secret(&self, name: &str, text: &str) -> Result<(), FolderError> {
        let path = self.path.join(name);
        write_private(&path, text.as_bytes()).map_err(at(&path))
    }

    /// Tells scripts about the running lab.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn publish(&self, status: &Status) -> Result<(), FolderError> {
        let path = self.path.join(STATUS);
        let text = serde_json::to_vec_pretty(status).expect("a status is plain data");
        write_private(&path, &text).map_err(at(&path))
    }

    /// What the running lab in a folder told.
    ///
    /// # Errors
    /// If no lab runs there.
    pub fn status(path: &Path) -> Result<Status, FolderError> {
        let missing = || FolderError::NotRunning(path.to_owned());
        let lock = File::open(path.join(LOCK)).map_err(|_| missing())?;
        if lock.try_lock_shared().is_ok() {
            return Err(missing());
        }
        let text = std::fs::read(path.join(STATUS)).map_err(|_| missing())?;
        serde_json::from_slice(&text).map_err(|_| missing())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.path.join(STATUS));
    }
}

fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)
}

/// As [`write_atomically`], readable by the owner alone: the status holds a key.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let temporary = path.with_extension("new");
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(content)?;
    std::fs::rename(&temporary, path)
}
