//! The explanations, and which of them a line gets.
//!
//! A line is compared with all patterns at once, in time linear in its length. The first that fits, and whose context is there, is it.

use crate::lines::Lines;
use crate::traceback::Traceback;
use regex::Regex;
use regex::bytes::{Regex as BytesRegex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::{Deserialize, Serialize};
use std::sync::{LazyLock, OnceLock};

const FILE: &str = include_str!("../explanations.toml");

/// One explanation, as the data file has it.
///
/// In `title`, `cause`, `fix` and `code`, `{name}` stands for what the pattern's group `name` has found.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// Its name: for links, and for those who look it up.
    pub id: String,
    /// The lines that it explains, without white space around them.
    #[serde(skip_serializing)]
    pub pattern: String,
    /// What must be seen besides, in a line of the traceback or right before it.
    #[serde(skip_serializing)]
    pub context: Option<String>,
    /// It only tells that something has happened; what stands above may say why.
    #[serde(default)]
    #[serde(skip_serializing)]
    pub weak: bool,
    /// What has happened, in a few words.
    pub title: String,
    /// Why that happens.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// A line of Python that helps.
    pub code: Option<String>,
    /// Where to read on: the path of a text ([`fn@crate::texts`]), and after a `#` what a section of it is called by links.
    pub lesson: String,
    /// A page of MicroPython's own documentation that says more to those who have the internet.
    pub more: Option<String>,
    /// What chips say that this explains; at least one.
    pub sample: Vec<Sample>,
}

/// What a chip says.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Its words: the last line, or more.
    pub text: String,
    /// A program that makes a board say the last line of them.
    #[serde(skip_serializing)]
    pub program: Option<String>,
    /// The firmware that says so, where it is not the current one.
    pub firmware: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The files that are no learner's own.
    libraries: String,
    explanation: Vec<Explanation>,
}

/// All explanations, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Book {
    entries: Vec<Explanation>,
    /// All patterns. Words and digits are ASCII's, as the chip's are: that makes it small and soon ready.
    set: RegexSet,
    /// The same one by one, made when they are needed: most runs need one.
    patterns: Vec<OnceLock<BytesRegex>>,
    contexts: Vec<OnceLock<BytesRegex>>,
    pub(crate) libraries: Regex,
}

static BOOK: LazyLock<Book> =
    LazyLock::new(|| Book::read(FILE).expect("the tests have read the same file"));

impl Book {
    pub(crate) fn get() -> &'static Self {
        &BOOK
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let entries = file.explanation;
        let patterns = entries.iter().map(|e| &e.pattern);
        let empty = || entries.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            set: RegexSetBuilder::new(patterns)
                .unicode(false)
                .build()
                .map_err(|e| e.to_string())?,
            patterns: empty(),
            contexts: empty(),
            libraries: Regex::new(&file.libraries).map_err(|e| e.to_string())?,
            entries,
        })
    }

    pub(crate) fn entries(&self) -> &[Explanation] {
        &self.entries
    }

    /// The pattern of an entry.
    pub(crate) fn pattern(&self, entry: usize) -> &BytesRegex {
        self.patterns[entry].get_or_init(|| regex(&self.entries[entry].pattern))
    }

    /// What must be seen besides.
    fn context(&self, entry: usize) -> Option<&BytesRegex> {
        let context = self.entries[entry].context.as_deref()?;
        Some(self.contexts[entry].get_or_init(|| regex(context)))
    }

    /// Which entry explains a line.
    pub(crate) fn find(&self, lines: &Lines<'_>, at: usize) -> Option<usize> {
        let fitting = self.set.matches(lines.text(at).as_bytes());
        if !fitting.matched_any() {
            return None;
        }
        let first = Traceback::above(lines, at).first;
        let is_there = |context: &BytesRegex| {
            (first..=at).any(|line| context.is_match(lines.text(line).as_bytes()))
        };
        fitting.into_iter().find(|entry| self.context(*entry).is_none_or(is_there))
    }
}

/// A pattern of the data file.
fn regex(pattern: &str) -> BytesRegex {
    let built = RegexBuilder::new(pattern).unicode(false).build();
    built.expect("the tests have built all patterns of the file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_every_hole_in_a_text_has_its_group() {
        let book = Book::read(FILE).expect("it can be read");
        let hole = Regex::new(r"\{(\w+)\}").expect("a pattern");
        for (at, entry) in book.entries.iter().enumerate() {
            book.context(at);
            let groups: Vec<_> = book.pattern(at).capture_names().flatten().collect();
            for text in [&entry.title, &entry.cause, &entry.fix] {
                for found in hole.captures_iter(text) {
                    assert!(groups.contains(&&found[1]), "{}: {}", entry.id, &found[0]);
                }
                let rest = hole.replace_all(text, "");
                assert!(!rest.contains(['{', '}']), "{}: {text}", entry.id);
            }
        }
    }

    #[test]
    fn a_word_that_the_file_does_not_have_is_refused() {
        for text in ["", "libraries = ''\nexplanation = 1", "libraries = '('\nexplanation = []"] {
            assert!(Book::read(text).is_err(), "{text}");
        }
        let odd = FILE.replacen("\ntitle =", "\nheading =", 1);
        assert!(Book::read(&odd).is_err_and(|e| e.contains("heading")));
    }
}
