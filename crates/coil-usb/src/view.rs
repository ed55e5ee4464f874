//! This process's own view of `/dev` and `/sys/class/tty`, with the boards' ports among what was there.

use crate::error::UsbError;
use crate::tree::{self, Bridge, Entry};
use coil_namespace::Own;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::{Mode, major, minor};
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// A board's port.
#[derive(Clone, Debug)]
pub struct Port {
    /// Its pseudo-terminal.
    pub pts: PathBuf,
    /// What it is at.
    pub bridge: Bridge,
}

const DEV: &str = "/dev";
const TTYS: &str = "/sys/class/tty";

/// Gives this process its own view, in which each port is a USB serial port; tells their device files, in the same order.
/// This process must not have a second thread yet.
///
/// # Errors
/// If the system does not let it, or a port is not there; the process is to end then.
pub fn enter(ports: &[Port]) -> Result<Vec<PathBuf>, UsbError> {
    if Path::new(TTYS).join(tree::DEVICES).exists() {
        return Err(UsbError::Nested);
    }
    let numbers = ports.iter().map(number_of).collect::<Result<Vec<_>, _>>()?;
    let names = free_names(ports.len());
    coil_namespace::part(Own::Files).map_err(UsbError::Namespace)?;
    cover(TTYS)?;
    let mut entries = tree::common();
    for (i, (port, name)) in ports.iter().zip(&names).enumerate() {
        entries.extend(tree::port(name, i, numbers[i], &port.bridge));
    }
    for entry in entries {
        make(Path::new(TTYS), &entry)?;
    }
    cover(DEV)?;
    let files: Vec<_> = names.iter().map(|name| Path::new(DEV).join(name)).collect();
    for (port, file) in ports.iter().zip(&files) {
        show(&port.pts, file).map_err(at(file))?;
    }
    Ok(files)
}

/// The error of something at a place.
fn at(path: &Path) -> impl FnOnce(io::Error) -> UsbError {
    let path = path.to_owned();
    move |source| UsbError::View { path, source }
}

fn number_of(port: &Port) -> Result<(u64, u64), UsbError> {
    let meta = fs::metadata(&port.pts)
        .map_err(|source| UsbError::Port { pts: port.pts.clone(), source })?;
    Ok((major(meta.rdev()), minor(meta.rdev())))
}

/// Names that no real port has.
fn free_names(count: usize) -> Vec<String> {
    let names = (0..).map(|n| format!("ttyUSB{n}"));
    let is_free = |name: &String| {
        [DEV, TTYS].iter().all(|dir| Path::new(dir).join(name).symlink_metadata().is_err())
    };
    names.filter(is_free).take(count).collect()
}

/// Puts a folder of ours over one of the system, with all that is in it.
fn cover(folder: &str) -> Result<(), UsbError> {
    let path = Path::new(folder);
    let below = open(path, OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC, Mode::empty())
        .map_err(|e| at(path)(e.into()))?;
    let there =
        fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(at(path))?;
    coil_namespace::cover(path).map_err(at(path))?;
    for entry in there {
        let here = path.join(entry.file_name());
        keep(&below, &entry, &here).map_err(at(&here))?;
    }
    Ok(())
}

/// Shows again what is covered.
fn keep(below: &OwnedFd, entry: &fs::DirEntry, here: &Path) -> io::Result<()> {
    let name = entry.file_name();
    let covered = Path::new("/proc/self/fd").join(below.as_raw_fd().to_string()).join(name);
    if entry.file_type()?.is_symlink() {
        return symlink(fs::read_link(&covered)?, here);
    }
    if entry.file_type()?.is_dir() {
        fs::create_dir(here)?;
        return coil_namespace::show(&covered, here);
    }
    show(&covered, here)
}

/// Shows a file at another place.
fn show(file: &Path, here: &Path) -> io::Result<()> {
    fs::write(here, "")?;
    coil_namespace::show(file, here)
}

fn make(folder: &Path, entry: &Entry) -> Result<(), UsbError> {
    let (Entry::Folder(path) | Entry::File(path, _) | Entry::Link(path, _)) = entry;
    let here = folder.join(path);
    match entry {
        Entry::Folder(_) => fs::create_dir(&here),
        Entry::File(_, text) => fs::write(&here, text)
            .and_then(|()| fs::set_permissions(&here, fs::Permissions::from_mode(0o444))),
        Entry::Link(_, to) => symlink(to, &here),
    }
    .map_err(at(&here))
}
