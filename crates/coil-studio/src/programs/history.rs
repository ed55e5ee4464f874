//! What programs were before: `.history/<path>/<time>`, bounded in number, in bytes and in how often.

use super::Error;
use super::folder::{Folder, HISTORY};
use super::name::Name;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType};
use rustix::io::Errno;
use serde::Serialize;
use std::time::{Duration, SystemTime};

/// States of one program that are kept.
pub(super) const STATES_MAX: usize = 50;
/// Bytes of them together.
const BYTES_MAX: u64 = 16 << 20;
/// States that follow each other faster are one: the first of them is kept.
const APART: Duration = Duration::from_secs(60);
/// How a state is called: its time, which sorts as it goes.
const TIME: &str = "%Y-%m-%dT%H-%M-%S.%3fZ";
/// The same as it is read.
const TIME_READ: &str = "%Y-%m-%dT%H-%M-%S%.fZ";

/// A state that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct State {
    /// When it was put away, in milliseconds since 1970. It is called by that.
    pub(crate) at: i64,
    /// Its size in bytes.
    size: u64,
}

/// The states of a program, the newest first.
pub(super) fn states(folder: &Folder, name: &Name) -> Result<Vec<State>, Error> {
    let place = match place(folder, name, false) {
        Ok(place) => place,
        // Nothing was ever put away.
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(Vec::new()),
        Err(e) => return Err(Error::Io { path: name.text().to_owned(), source: e.into() }),
    };
    let io = |e: Errno| Error::Io { path: name.text().to_owned(), source: e.into() };
    let mut states = Vec::new();
    for entry in Dir::read_from(&place).map_err(io)?.flatten() {
        let Ok(file) = entry.file_name().to_str() else { continue };
        let Ok(at) = DateTime::strptime(TIME_READ, file) else { continue };
        let Ok(at) = at.to_zoned(TimeZone::UTC) else { continue };
        let about = rustix::fs::statat(&place, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW);
        if let Ok(about) = about
            && FileType::from_raw_mode(about.st_mode) == FileType::RegularFile
        {
            let size = u64::try_from(about.st_size).unwrap_or(0);
            states.push(State { at: at.timestamp().as_millisecond(), size });
        }
    }
    states.sort_by_key(|state| std::cmp::Reverse(state.at));
    Ok(states)
}

/// The content of one of them.
pub(super) fn state(folder: &Folder, name: &Name, at: i64) -> Result<Vec<u8>, Error> {
    let missing = || Error::NotThere(format!("{} at {at}", name.text()));
    let file = Timestamp::from_millisecond(at).map_err(|_| missing())?.strftime(TIME).to_string();
    let place = place(folder, name, false).map_err(|_| missing())?;
    super::folder::read_in(place.as_fd(), &file, name.text())
}

/// The folder with the states of a program.
fn place(folder: &Folder, name: &Name, make: bool) -> Result<OwnedFd, Errno> {
    let (folders, file) = name.parts();
    let way: Vec<&str> = [HISTORY].into_iter().chain(folders).chain([file]).collect();
    folder.down(&way, make)
}

/// Keeps what a program was. In a minute that has one already it is not kept, unless it is the last that there will be.
pub(super) fn keep(
    folder: &Folder,
    name: &Name,
    content: &[u8],
    is_last: bool,
) -> Result<(), Error> {
    let io = |e: rustix::io::Errno| Error::Io { path: name.text().to_owned(), source: e.into() };
    let place = place(folder, name, true).map_err(io)?;
    // Names and sizes, the oldest first.
    let mut states = Vec::new();
    let mut newest = None;
    for entry in Dir::read_from(&place).map_err(io)?.flatten() {
        let Ok(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let Ok(about) = rustix::fs::statat(&place, &*name, AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        if FileType::from_raw_mode(about.st_mode) != FileType::RegularFile {
            continue;
        }
        let modified = Duration::new(u64::try_from(about.st_mtime).unwrap_or(0), 0);
        newest = newest.max(Some(SystemTime::UNIX_EPOCH + modified));
        states.push((name, u64::try_from(about.st_size).unwrap_or(0)));
    }
    states.sort();
    let is_soon = newest.is_some_and(|at| at.elapsed().is_ok_and(|since| since < APART));
    if is_soon && !is_last {
        return Ok(());
    }
    let mut bytes = states.iter().map(|s| s.1).sum::<u64>() + content.len() as u64;
    let mut count = states.len() + 1;
    for (oldest, size) in states {
        if count <= STATES_MAX && bytes <= BYTES_MAX {
            break;
        }
        rustix::fs::unlinkat(&place, &*oldest, AtFlags::empty()).map_err(io)?;
        (count, bytes) = (count - 1, bytes - size);
    }
    let time = Timestamp::now().strftime(TIME).to_string();
    folder.put_in(place.as_fd(), &time, name.text(), content, true)
}
