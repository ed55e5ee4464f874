//! The files below one folder, reached part by part from its own descriptor: no link is followed, so nothing outside can be named.

use super::name::{DEPTH_MAX, Name, is_part};
use super::{Error, PROGRAM_MAX, PROGRAMS_MAX};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The hidden folder with what programs were before, and with files that are not whole yet.
pub(super) const HISTORY: &str = ".history";
/// How a file is called until all of it is there.
const NEW: &str = ".new-";

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    inode: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Stamp {
    pub(super) fn modified_ms(&self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(self.nanoseconds / 1_000_000)
    }
}

/// The folder.
#[derive(Debug)]
pub(super) struct Folder {
    root: OwnedFd,
    /// For the names of files that are not whole yet.
    next: AtomicU64,
}

const FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// What the system says about a path.
fn at(path: &str) -> impl FnOnce(Errno) -> Error + '_ {
    move |e| match e {
        // A link where a folder or file should be is as good as nothing.
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => Error::NotThere(path.to_owned()),
        Errno::EXIST => Error::Taken(path.to_owned()),
        e => Error::Io { path: path.to_owned(), source: e.into() },
    }
}

fn io_at(path: &str) -> impl FnOnce(io::Error) -> Error + '_ {
    move |source| Error::Io { path: path.to_owned(), source }
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        // The folder itself may be a link: whoever made the lab chose it.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::open(path, flags, Mode::empty())?;
        let folder = Self { root, next: AtomicU64::new(0) };
        folder.tidy();
        Ok(folder)
    }

    /// Files that were not whole when a process ended are nobody's.
    fn tidy(&self) {
        let Ok(hidden) = self.down(&[HISTORY], false) else { return };
        let Ok(entries) = Dir::read_from(&hidden) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_bytes().starts_with(NEW.as_bytes()) {
                // It is in nobody's way if it stays.
                let _ = rustix::fs::unlinkat(&hidden, entry.file_name(), AtFlags::empty());
            }
        }
    }

    /// A folder below, part by part; it is made where it is not there, if so asked.
    pub(super) fn down(&self, parts: &[&str], make: bool) -> Result<OwnedFd, Errno> {
        let mut folder = rustix::fs::openat(&self.root, ".", FOLDER, Mode::empty())?;
        for part in parts {
            let opened = match rustix::fs::openat(&folder, *part, FOLDER, Mode::empty()) {
                Err(Errno::NOENT) if make => {
                    match rustix::fs::mkdirat(&folder, *part, Mode::from(0o755)) {
                        Ok(()) | Err(Errno::EXIST) => {}
                        Err(e) => return Err(e),
                    }
                    rustix::fs::openat(&folder, *part, FOLDER, Mode::empty())
                }
                opened => opened,
            };
            folder = opened?;
        }
        Ok(folder)
    }

    /// A program's content.
    pub(super) fn read(&self, name: &Name) -> Result<Vec<u8>, Error> {
        let (folders, file) = name.parts();
        let folder = self.down(&folders, false).map_err(at(name.text()))?;
        read_in(folder.as_fd(), file, name.text())
    }

    /// Writes a program whole, or not at all. One that is there already is replaced, or in the way.
    pub(super) fn put(&self, name: &Name, content: &[u8], replaces: bool) -> Result<(), Error> {
        let (folders, file) = name.parts();
        let folder = self.down(&folders, true).map_err(at(name.text()))?;
        self.put_in(folder.as_fd(), file, name.text(), content, replaces)
    }

    pub(super) fn put_in(
        &self,
        folder: BorrowedFd<'_>,
        file: &str,
        path: &str,
        content: &[u8],
        replaces: bool,
    ) -> Result<(), Error> {
        let hidden = self.down(&[HISTORY], true).map_err(at(path))?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let new = format!("{NEW}{}-{number}", std::process::id());
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&hidden, &*new, flags, Mode::from(0o644));
        let mut written = File::from(opened.map_err(at(path))?);
        let flags = if replaces { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
        let done = written
            .write_all(content)
            .and_then(|()| written.sync_all())
            .map_err(io_at(path))
            .and_then(|()| {
                rustix::fs::renameat_with(&hidden, &*new, folder, file, flags).map_err(at(path))
            });
        if done.is_err() {
            // What it was to be is told; what is left of it goes when the folder is opened next.
            let _ = rustix::fs::unlinkat(&hidden, &*new, AtFlags::empty());
            return done;
        }
        // The name is on the disk as well.
        rustix::fs::fsync(folder).map_err(at(path))
    }

    pub(super) fn remove(&self, name: &Name) -> Result<(), Error> {
        let (folders, file) = name.parts();
        let folder = self.down(&folders, false).map_err(at(name.text()))?;
        rustix::fs::unlinkat(&folder, file, AtFlags::empty()).map_err(at(name.text()))?;
        self.prune(folders);
        Ok(())
    }

    pub(super) fn rename(&self, from: &Name, to: &Name) -> Result<(), Error> {
        let ((old_folders, old), (new_folders, new)) = (from.parts(), to.parts());
        let old_folder = self.down(&old_folders, false).map_err(at(from.text()))?;
        // Only files have names here.
        stamp(old_folder.as_fd(), old)
            .map_err(at(from.text()))?
            .ok_or_else(|| Error::NotThere(from.text().to_owned()))?;
        let new_folder = self.down(&new_folders, true).map_err(at(to.text()))?;
        let flags = RenameFlags::NOREPLACE;
        rustix::fs::renameat_with(&old_folder, old, &new_folder, new, flags)
            .map_err(at(to.text()))?;
        self.prune(old_folders);
        Ok(())
    }

    /// Folders without anything in them are not shown, so they go.
    fn prune(&self, mut folders: Vec<&str>) {
        while let Some(last) = folders.pop() {
            let Ok(parent) = self.down(&folders, false) else { return };
            if rustix::fs::unlinkat(&parent, last, AtFlags::REMOVEDIR).is_err() {
                return;
            }
        }
    }

    /// All programs and what is known of each, sorted by path. Links, what is hidden and what is no file are passed over.
    pub(super) fn list(&self) -> Result<Vec<(String, Stamp)>, Error> {
        let mut all = Vec::new();
        let mut folders = vec![String::new()];
        let mut seen = 0;
        while let Some(path) = folders.pop() {
            let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
            let is_deepest = parts.len() + 1 >= DEPTH_MAX;
            // One that has gone meanwhile has nothing in it.
            let Ok(folder) = self.down(&parts, false) else { continue };
            let entries = Dir::read_from(&folder).map_err(at(&path))?;
            for entry in entries.flatten() {
                let Ok(name) = entry.file_name().to_str() else { continue };
                if !is_part(name) {
                    continue;
                }
                seen += 1;
                if seen > 2 * PROGRAMS_MAX {
                    return Err(Error::TooMany);
                }
                let below =
                    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                match entry.file_type() {
                    FileType::Directory if !is_deepest => folders.push(below),
                    FileType::RegularFile | FileType::Unknown => {
                        let known = stamp(folder.as_fd(), name).ok().flatten();
                        all.extend(known.map(|stamp| (below, stamp)));
                    }
                    _ => {}
                }
            }
            if all.len() > PROGRAMS_MAX {
                return Err(Error::TooMany);
            }
        }
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(all)
    }
}

/// What is known of a file; nothing, if it is none.
fn stamp(folder: BorrowedFd<'_>, file: &str) -> Result<Option<Stamp>, Errno> {
    let about = rustix::fs::statat(folder, file, AtFlags::SYMLINK_NOFOLLOW)?;
    if FileType::from_raw_mode(about.st_mode) != FileType::RegularFile {
        return Ok(None);
    }
    Ok(Some(Stamp {
        size: u64::try_from(about.st_size).unwrap_or(0),
        inode: about.st_ino,
        seconds: about.st_mtime,
        nanoseconds: i64::try_from(about.st_mtime_nsec).unwrap_or(0),
    }))
}

/// A file's content, if it is a file, and not too long.
pub(super) fn read_in(folder: BorrowedFd<'_>, file: &str, path: &str) -> Result<Vec<u8>, Error> {
    // What waits for a writer, as a pipe does, is not waited for.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = rustix::fs::openat(folder, file, flags, Mode::empty()).map_err(at(path))?;
    let about = rustix::fs::fstat(&opened).map_err(at(path))?;
    if FileType::from_raw_mode(about.st_mode) != FileType::RegularFile {
        return Err(Error::NotThere(path.to_owned()));
    }
    let mut content = Vec::new();
    let most = PROGRAM_MAX as u64 + 1;
    File::from(opened).take(most).read_to_end(&mut content).map_err(io_at(path))?;
    if content.len() > PROGRAM_MAX {
        return Err(Error::TooLong(path.to_owned()));
    }
    Ok(content)
}
