//! The lines of a traceback: from whom to whom the exception went. Must not know what exceptions mean.

use crate::lines::Lines;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

/// So many calls of a traceback are looked at; deep recursion prints more of the same.
const FRAMES_MAX: usize = 400;
/// So many lines above a traceback, or above a line without one, can say more about it.
const BEFORE: usize = 3;
/// So many characters of a file's name are told.
const NAME_MAX: usize = 80;

const HEADER: &str = "Traceback (most recent call last):";

static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^File "([^"]*)", line (\d{1,9})(?:, in (\S+))?$"#).expect("it is written above")
});

/// A line of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file's name as the chip says it; `<stdin>` is what was typed at the prompt, or pasted.
    pub file: String,
    /// The line's number, from 1.
    pub line: u32,
    /// The function that it belongs to; none in the program's own text.
    pub function: Option<String>,
}

/// What belongs to a line: its traceback, and what was said right before.
#[derive(Debug)]
pub(crate) struct Traceback {
    /// Calls, the innermost last.
    pub(crate) frames: Vec<Place>,
    /// The first line that belongs to it.
    pub(crate) first: usize,
}

impl Traceback {
    /// What ends with this line.
    pub(crate) fn above(lines: &Lines<'_>, at: usize) -> Self {
        let (mut first, mut frames) = (at, Vec::new());
        while first > 0 && frames.len() < FRAMES_MAX {
            let Some(frame) = frame(lines.text(first - 1)) else { break };
            frames.push(frame);
            first -= 1;
        }
        frames.reverse();
        if !frames.is_empty() && first > 0 && lines.text(first - 1) == HEADER {
            first -= 1;
        }
        for _ in 0..BEFORE {
            // Another traceback tells of something else.
            if first == 0 || is_of_traceback(lines.text(first - 1)) {
                break;
            }
            first -= 1;
        }
        Self { frames, first }
    }

    /// The innermost line that is the learner's own: libraries are called with what they do not like.
    pub(crate) fn place(mut self, library: &Regex) -> Option<Place> {
        let own = self.frames.iter().rposition(|frame| !library.is_match(&frame.file));
        match own {
            Some(at) => Some(self.frames.swap_remove(at)),
            None => self.frames.pop(),
        }
    }
}

fn is_of_traceback(line: &str) -> bool {
    line == HEADER || FRAME.is_match(line)
}

fn frame(line: &str) -> Option<Place> {
    let found = FRAME.captures(line)?;
    let name =
        |group| found.get(group).map(|name| crate::explained::clean(name.as_str(), NAME_MAX));
    Some(Place {
        file: name(1)?,
        line: found[2].parse().ok()?,
        function: name(3).filter(|name| name != "<module>"),
    })
}
