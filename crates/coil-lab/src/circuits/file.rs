//! The file of a circuit on the disk: read within bounds, written whole or not at all.

use coil_circuit::FILE_MAX;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    inode: u64,
    modified: (i64, i64),
}

impl Stamp {
    fn of(about: &Metadata) -> Self {
        let modified = (about.mtime(), about.mtime_nsec());
        Self { size: about.size(), inode: about.ino(), modified }
    }

    /// That of a file, if there is one.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(about) => Ok(Some(Self::of(&about))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// A file's content, if there is one; of one that is too long as much as shows it.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::metadata(path) {
        Ok(about) if about.is_file() => {}
        // What waits for a writer, as a pipe does, is not waited for.
        Ok(_) => return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    }
    let mut content = Vec::new();
    File::open(path)?.take(FILE_MAX as u64 + 1).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// Writes a file. Where a link leads to another one, that one is written.
pub(super) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    put(&path, |file| file.write_all(content))
}

/// Keeps what a file says, however long it is, in one beside it that is called `.old`.
pub(super) fn keep(path: &Path) -> io::Result<()> {
    let mut from = File::open(path)?;
    put(&path.with_extension("toml.old"), |file| io::copy(&mut from, file).map(drop))
}

/// Puts a file into its place when all of it is on the disk.
fn put(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let written = File::create(&new).and_then(|mut file| {
        fill(&mut file)?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&new, path));
    if done.is_err() {
        // What it was to be is told; it is in nobody's way if it stays.
        let _ = std::fs::remove_file(&new);
    }
    done
}
