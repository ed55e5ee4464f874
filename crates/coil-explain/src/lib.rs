//! What the chip's words mean to a beginner: beside an exception, a crash or a line of the log stand its cause, what to do, and where to read on.
//!
//! Owns the explanations (`explanations.toml`), who gets which, and the texts to read on; must not know the board, terminals or pages. The chip's own text is never
//! changed: what is found says where in the text it belongs.

mod book;
mod explained;
mod lines;
mod texts;
mod traceback;

pub use book::{Explanation, Sample};
pub use explained::Explained;
pub use texts::{Text, anchor, text, texts};
pub use traceback::Place;

use book::Book;
use lines::Lines;

/// So many bytes at the end of a text are looked at: what a board said last.
pub const TEXT_MAX: usize = 256 << 10;

/// A sign that only tells that something has happened, such as a reset, yields to what stands so many lines above it: a crash says why, then restarts.
const WEAK_REACH: usize = 40;

/// All explanations, in the order in which they are tried: specific ones before general ones.
pub fn all() -> &'static [Explanation] {
    Book::get().entries()
}

/// Explains the last thing in a text that went wrong: a traceback, or whatever else a chip has printed.
///
/// The text may be anything; of long ones the last [`TEXT_MAX`] bytes count, and the work is linear in them. Nothing, if nothing in it is known.
pub fn explain(text: &str) -> Option<Explained> {
    let (book, lines) = (Book::get(), Lines::of(text));
    let mut weak = None;
    for at in (0..lines.len()).rev() {
        if weak.is_some_and(|(sign, _)| sign - at > WEAK_REACH) {
            break;
        }
        let Some(entry) = book.find(&lines, at) else { continue };
        if !book.entries()[entry].weak {
            return Some(Explained::new(book, entry, &lines, at));
        }
        weak = weak.or(Some((at, entry)));
    }
    weak.map(|(at, entry)| Explained::new(book, entry, &lines, at))
}
