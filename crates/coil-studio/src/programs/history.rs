//! What programs were before: `.history/<path>/<time>`, bounded in number, in bytes and in how often.

use super::Error;
use super::folder::{Folder, HISTORY};
use super::name::Name;
use rustix::fd::AsFd;
use rustix::fs::{AtFlags, Dir, FileType};
use std::time::{Duration, SystemTime};

/// States of one program that are kept.
pub(super) const STATES_MAX: usize = 50;
/// Bytes of them together.
const BYTES_MAX: u64 = 16 << 20;
/// States that follow each other faster are one: the first of them is kept.
const APART: Duration = Duration::from_secs(60);
/// How a state is called: its time, which sorts as it goes.
const TIME: &str = "%Y-%m-%dT%H-%M-%S.%3fZ";

/// Keeps what a program was. In a minute that has one already it is not kept, unless it is the last that there will be.
pub(super) fn keep(
    folder: &Folder,
    name: &Name,
    content: &[u8],
    is_last: bool,
) -> Result<(), Error> {
    let io = |e: rustix::io::Errno| Error::Io { path: name.text().to_owned(), source: e.into() };
    let (folders, file) = name.parts();
    let way: Vec<&str> = [HISTORY].into_iter().chain(folders).chain([file]).collect();
    let place = folder.down(&way, true).map_err(io)?;
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
    let time = jiff::Timestamp::now().strftime(TIME).to_string();
    folder.put_in(place.as_fd(), &time, name.text(), content, true)
}
