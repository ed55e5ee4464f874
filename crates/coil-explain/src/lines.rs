//! A text as lines, each with its place in it. Bounds what is looked at; must not know what lines mean.

use crate::TEXT_MAX;
use std::ops::Range;

/// So many bytes of a line are looked at: no chip says more in one.
const LINE_MAX: usize = 1024;
/// So many lines at the end of a text are looked at.
const LINES_MAX: usize = 4000;

/// The last lines of a text.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    lines: Vec<Line<'t>>,
    /// How many lines of the text stand before these.
    skipped: usize,
}

/// A line without white space around it.
#[derive(Debug)]
struct Line<'t> {
    text: &'t str,
    /// Where it is in the whole text.
    bytes: Range<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let start = ceil_char(text, text.len().saturating_sub(TEXT_MAX));
        let mut lines = Vec::new();
        // A line break ends a line; what comes after the last one is none.
        let mut end = text.len() - usize::from(text.ends_with('\n'));
        while lines.len() < LINES_MAX && end > start {
            let head = &text[start..end];
            let from = head.rfind('\n').map_or(start, |at| start + at + 1);
            lines.push(Line::of(text, from, end));
            // What comes before the line break, if there is one.
            end = from.saturating_sub(1).max(start);
            if from == start {
                break;
            }
        }
        lines.reverse();
        let first = lines.first().map_or(0, |line| line.bytes.start);
        let skipped = text[..first].bytes().filter(|b| *b == b'\n').count();
        Self { lines, skipped }
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn text(&self, at: usize) -> &'t str {
        self.lines[at].text
    }

    pub(crate) fn bytes(&self, at: usize) -> Range<usize> {
        self.lines[at].bytes.clone()
    }

    /// Its number in the whole text, from 1.
    pub(crate) fn number(&self, at: usize) -> usize {
        self.skipped + at + 1
    }
}

impl<'t> Line<'t> {
    fn of(text: &'t str, from: usize, end: usize) -> Self {
        let end = from + floor_char(&text[from..end], LINE_MAX);
        let whole = &text[from..end];
        let start = from + (whole.len() - whole.trim_start().len());
        let trimmed = whole.trim();
        Self { text: trimmed, bytes: start..start + trimmed.len() }
    }
}

/// The first boundary between characters that is not before a place.
fn ceil_char(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The last boundary between characters that is not behind a place.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_number_and_place() {
        let text = "one\r\n\n  three ä\r\nfour";
        let lines = Lines::of(text);
        let seen: Vec<_> = (0..lines.len()).map(|at| (lines.number(at), lines.text(at))).collect();
        assert_eq!(seen, [(1, "one"), (2, ""), (3, "three ä"), (4, "four")]);
        for at in 0..lines.len() {
            assert_eq!(&text[lines.bytes(at)], lines.text(at));
        }
        assert_eq!(Lines::of("").len(), 0);
        let lines = Lines::of("\n\nlast\n");
        assert_eq!((lines.number(lines.len() - 1), lines.text(lines.len() - 1)), (3, "last"));
    }

    #[test]
    fn of_a_long_text_the_end_counts_and_of_a_long_line_the_beginning() {
        let many = "x\n".repeat(LINES_MAX * 3);
        let lines = Lines::of(&many);
        assert_eq!((lines.len(), lines.number(lines.len() - 1)), (LINES_MAX, LINES_MAX * 3));
        let long = format!("first\n{}", "ä".repeat(TEXT_MAX));
        let lines = Lines::of(&long);
        assert_eq!((lines.len(), lines.number(0), lines.text(0).len()), (1, 2, LINE_MAX));
    }
}
