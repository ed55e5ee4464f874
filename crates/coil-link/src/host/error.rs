//! What goes wrong between a tool and a board, in words for who sits before it.

use super::files::{FILE_MAX, FILES_MAX};
use super::session::{SOURCE_MAX, WAITING_MAX};
use std::io;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No address of a board.
    #[error("`{text}` is no address of a board: {why}; give a serial port or rfc2217://host:port")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The board's port cannot be opened.
    #[error(
        "cannot open {address}: {source}; is the board plugged in, and no other program at its port?"
    )]
    Open {
        /// The port.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// There is no thread for a session.
    #[error("no thread can be had for the board's port: {0}; close something and try again")]
    Thread(io::Error),
    /// The port has gone.
    #[error("the board's port has gone; plug the board in again, it is taken up by itself")]
    Gone,
    /// A program has the board.
    #[error("a program is running; stop it first")]
    Busy,
    /// Somebody is typing.
    #[error(
        "something is being typed at the prompt; finish it with Enter or give it up with Ctrl-C, and try again"
    )]
    Editing,
    /// Too much is asked at once.
    #[error("{WAITING_MAX} requests wait for this board already; wait for some of them")]
    Crowded,
    /// The board does not say what it should.
    #[error("the board does not answer ({0}); stop its program, or reset it")]
    NoAnswer(&'static str),
    /// The program goes on.
    #[error(
        "the program does not stop at Ctrl-C; it may catch KeyboardInterrupt, or wait where nothing interrupts it: reset the board"
    )]
    Stuck,
    /// It was broken off.
    #[error("it was broken off by a stop or a reset of the board; try again")]
    BrokenOff,
    /// A port without lines.
    #[error("this port has no lines that reset a board; press the board's own button")]
    NoLines,
    /// A path that a board's file cannot have.
    #[error("`{path}` is no path on a board: {why}")]
    Path {
        /// What was given.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Not there.
    #[error(
        "there is no `{0}` on the board; its folder may be missing, or it was removed: list the files anew"
    )]
    NotThere(String),
    /// No room on the flash.
    #[error("the board's flash is full; remove files that are not needed")]
    Full,
    /// A file that is too long.
    #[error("`{0}` has more than {max} MiB, which is the most; a board's flash has no room for it", max = FILE_MAX >> 20)]
    TooLong(String),
    /// A program that is too long.
    #[error("the program has more than {max} KiB, which is the most; a board has no memory for it", max = SOURCE_MAX >> 10)]
    Source,
    /// What was written is not what is there.
    #[error("`{0}` is not on the board as it was sent, so the old one was kept; try again")]
    Damaged(String),
    /// An exception while a request was done.
    #[error("the board said `{0}`; it may want memory: a soft reset frees it")]
    Board(String),
    /// An answer that is none.
    #[error("the board's answer makes no sense ({0}); reset the board and try again")]
    Nonsense(&'static str),
    /// Too many files.
    #[error("the folder has more than {FILES_MAX} files and folders; remove them in parts")]
    TooMany,
}

impl Error {
    /// Whether it is only that the board is busy now.
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Busy | Self::Editing)
    }

    /// What an exception's text means, for a request about this path.
    pub(super) fn of_traceback(text: &str, path: &str) -> Self {
        let last = text.trim_end().lines().next_back().unwrap_or_default().trim();
        match errno(last) {
            Some(2) => Self::NotThere(path.to_owned()),
            Some(28) => Self::Full,
            Some(17) => Self::Path { path: path.to_owned(), why: "there is one already" },
            Some(20) => Self::Path { path: path.to_owned(), why: "a part of it is no folder" },
            Some(21) => Self::Path { path: path.to_owned(), why: "it is a folder" },
            Some(1 | 30) => Self::Path { path: path.to_owned(), why: "it cannot be changed" },
            _ => Self::Board(last.chars().take(200).collect()),
        }
    }
}

/// The number in `OSError: [Errno 2] ENOENT`, or in `OSError: 2` of older firmware.
fn errno(line: &str) -> Option<u32> {
    let rest = line.strip_prefix("OSError: ")?;
    let rest = rest.strip_prefix("[Errno ").unwrap_or(rest);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_board_says_becomes_what_to_do() {
        let of = |text| Error::of_traceback(text, "/a.py").to_string();
        assert!(of("Traceback:\r\nOSError: [Errno 2] ENOENT\r\n").contains("no `/a.py`"));
        assert!(of("OSError: 28").contains("full"));
        assert!(of("OSError: [Errno 28] ENOSPC").contains("full"));
        assert!(of("MemoryError: memory allocation failed").contains("`MemoryError: memory"));
        assert!(of("").contains("the board said"));
        assert!(Error::Busy.is_busy() && !Error::Gone.is_busy());
    }
}
