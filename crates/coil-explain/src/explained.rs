//! An explanation for one text: names filled in, and how it reads on a terminal.

use crate::Explanation;
use crate::book::Book;
use crate::lines::Lines;
use crate::texts;
use crate::traceback::{Place, Traceback};
use regex::bytes::Captures;
use serde::Serialize;
use std::fmt;
use std::ops::Range;

/// So many characters of a name that the chip has said are repeated.
const NAME_MAX: usize = 60;
/// Columns of a line on a terminal.
const COLUMNS: usize = 88;

/// What was found in a text, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The explanation's name.
    pub id: &'static str,
    /// What has happened, in a few words.
    pub title: String,
    /// Why that happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// A line of Python that helps.
    pub code: Option<String>,
    /// Where to read on: the path of a text, and after a `#` what a section of it is called by links.
    pub lesson: &'static str,
    /// What the text and the section are called.
    pub topic: String,
    /// A page that says more to those who have the internet.
    pub more: Option<&'static str>,
    /// The line that was recognised, as the chip said it.
    pub said: String,
    /// Its number in the text, from 1.
    pub line: usize,
    /// Where it is in the text, in bytes.
    pub bytes: Range<usize>,
    /// The line of the program where it happened, if there is a traceback: of the learner's own files the innermost call.
    pub place: Option<Place>,
}

impl Explained {
    pub(crate) fn new(book: &'static Book, entry: usize, lines: &Lines<'_>, at: usize) -> Self {
        let said = lines.text(at);
        let found = book.pattern(entry).captures(said.as_bytes());
        let fill = |text: &str| fill(text, found.as_ref());
        let Explanation { id, title, cause, fix, code, lesson, more, .. } = &book.entries()[entry];
        Self {
            id,
            title: fill(title),
            cause: fill(cause),
            fix: fill(fix),
            code: code.as_deref().map(fill),
            lesson,
            topic: topic(lesson),
            more: more.as_deref(),
            said: said.to_owned(),
            line: lines.number(at),
            bytes: lines.bytes(at),
            place: Traceback::above(lines, at).place(&book.libraries),
        }
    }
}

/// What the text to read on is called.
fn topic(lesson: &str) -> String {
    let (path, anchor) = lesson.split_once('#').unwrap_or((lesson, ""));
    let title = texts::text(path).and_then(|text| text.title(anchor));
    title.expect("the tests have looked at all lessons")
}

/// A text with what a pattern's groups have found in the places of their names.
fn fill(text: &str, found: Option<&Captures<'_>>) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, hole)) = rest.split_once('{') {
        out.push_str(before);
        let value = hole.split_once('}').and_then(|(name, after)| {
            let value = found?.name(name)?;
            Some((clean(&String::from_utf8_lossy(value.as_bytes()), NAME_MAX), after))
        });
        match value {
            Some((value, after)) => {
                out.push_str(&value);
                rest = after;
            }
            // A brace of its own: a dictionary in a line of code.
            None => {
                out.push('{');
                rest = hole;
            }
        }
    }
    out + rest
}

/// What somebody else has named, fit for a line: no more characters than this, and none that move the cursor or turn the text around.
pub(crate) fn clean(name: &str, most: usize) -> String {
    let is_odd = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut plain = name.chars().filter(|c| !is_odd(c));
    let mut out: String = plain.by_ref().take(most).collect();
    if plain.next().is_some() {
        out.push('…');
    }
    out
}

impl fmt::Display for Explained {
    /// Several lines with an end each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.title)?;
        if let Some(Place { file, line, function }) = &self.place {
            let within = function.as_ref().map_or_else(String::new, |name| format!(", in {name}"));
            row(f, "Where", &format!("{file}, line {line}{within}"))?;
        }
        row(f, "Why", &self.cause)?;
        row(f, "Try", &self.fix)?;
        if let Some(code) = &self.code {
            writeln!(f, "{:10}{code}", "")?;
        }
        row(f, "Read", &self.topic)?;
        // As it is typed, so in one line.
        writeln!(f, "{:8}coil explain --read {}", "", self.lesson)?;
        self.more.iter().try_for_each(|more| writeln!(f, "  More  {more} (with internet)"))
    }
}

/// A row of the explanation, broken between words.
fn row(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    write!(f, "  {name:<6}")?;
    let mut column = 8;
    for word in text.split_whitespace() {
        let width = word.chars().count() + 1;
        if column > 8 && column + width > COLUMNS {
            write!(f, "\n{:8}", "")?;
            column = 8;
        }
        write!(f, "{}{word}", if column > 8 { " " } else { "" })?;
        column += width;
    }
    writeln!(f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::Regex;

    #[test]
    fn holes_are_filled_once_and_other_braces_stay() {
        let pattern = Regex::new("(?<a>.*)-(?<b>.*)").expect("a pattern");
        let found = pattern.captures("{b}-\x1b[31mred\u{202e}".as_bytes());
        assert_eq!(fill("{a} {b} {c} {} {", found.as_ref()), "{b} [31mred {c} {} {");
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(clean(&"ä".repeat(100), 3), "äää…");
        assert_eq!(clean("abc", 3), "abc");
    }
}
