//! Events as lines of JSON, and back.

use super::Batch;
use coil_board::outside::event::Record;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};

/// Bytes of a line at most.
pub const LINE_MAX: usize = 1 << 20;

/// A line of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line<'a> {
    /// An event.
    Event(Record<'a>),
    /// Events that were lost because the reader was too slow.
    Missed(Missed),
}

/// How many events were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename = "missed")]
pub struct Missed {
    /// So many.
    pub count: u64,
}

/// Why a stream cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The other end is gone.
    #[error("cannot read events: {0}")]
    Io(#[from] io::Error),
    /// That is no event.
    #[error("line {line} is no event: {what}")]
    Malformed {
        /// Its number, from 1.
        line: u64,
        /// What the reader says.
        what: String,
    },
}

impl Batch {
    /// Writes it, a line for each event; before them one for those that were lost.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write_lines(&self, out: &mut impl Write) -> io::Result<()> {
        for line in self.lines() {
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Its lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let missed = (self.missed > 0).then_some(Line::Missed(Missed { count: self.missed }));
        missed.into_iter().chain(self.events.iter().map(|(t, event)| {
            let board = Cow::Borrowed(&*self.board);
            Line::Event(Record { t: *t, board, event: Cow::Borrowed(event) })
        }))
    }
}

/// Reads lines of events, empty ones left out.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    line: u64,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads from there.
    pub fn new(from: R) -> Self {
        Self { from, line: 0, text: Vec::new() }
    }

    /// The next line; nothing at the end.
    ///
    /// # Errors
    /// If it cannot be read, is longer than [`LINE_MAX`] or is no event; the line after it is next.
    pub fn read(&mut self) -> Result<Option<Line<'static>>, LineError> {
        loop {
            self.text.clear();
            self.line += 1;
            let most = LINE_MAX as u64 + 1;
            if self.from.by_ref().take(most).read_until(b'\n', &mut self.text)? == 0 {
                return Ok(None);
            }
            let line = self.line;
            if self.text.len() > LINE_MAX {
                self.skip_rest()?;
                let what = format!("it has more than {LINE_MAX} bytes");
                return Err(LineError::Malformed { line, what });
            }
            if self.text.trim_ascii().is_empty() {
                continue;
            }
            return match serde_json::from_slice::<Line<'_>>(&self.text) {
                Ok(line) => Ok(Some(line.into_owned())),
                Err(_) => Err(LineError::Malformed { line, what: self.why() }),
            };
        }
    }

    /// What is wrong with the text: of all that a line can be an event says most.
    fn why(&self) -> String {
        let read = serde_json::from_slice::<Record<'_>>(&self.text);
        read.map_or_else(|e| e.to_string(), |_| String::new())
    }

    fn skip_rest(&mut self) -> io::Result<()> {
        while !self.text.ends_with(b"\n") {
            self.text.clear();
            let most = LINE_MAX as u64;
            if self.from.by_ref().take(most).read_until(b'\n', &mut self.text)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl<R: Read> Lines<BufReader<R>> {
    /// Whether the next line has yet to arrive, as far as is known.
    pub fn is_waiting(&self) -> bool {
        self.from.buffer().is_empty()
    }
}

impl Line<'_> {
    fn into_owned(self) -> Line<'static> {
        match self {
            Line::Missed(missed) => Line::Missed(missed),
            Line::Event(Record { t, board, event }) => Line::Event(Record {
                t,
                board: Cow::Owned(board.into_owned()),
                event: Cow::Owned(event.into_owned()),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coil_board::outside::Event;

    #[test]
    fn lines_are_what_was_written() {
        let events = vec![(5, Event::SoftReset), (9, Event::Pin { gpio: 2, level: true })];
        let batch = Batch { missed: 3, board: "board0".into(), events };
        let mut text = Vec::new();
        batch.write_lines(&mut text).unwrap();
        let shown = String::from_utf8(text.clone()).unwrap();
        assert_eq!(
            shown,
            "{\"event\":\"missed\",\"count\":3}\n\
             {\"t\":5,\"board\":\"board0\",\"event\":\"soft_reset\"}\n\
             {\"t\":9,\"board\":\"board0\",\"event\":\"pin\",\"gpio\":2,\"level\":1}\n"
        );
        let mut lines = Lines::new(&text[..]);
        for line in batch.lines() {
            assert_eq!(lines.read().unwrap(), Some(line));
        }
        assert_eq!(lines.read().unwrap(), None);
    }

    #[test]
    fn a_line_that_is_no_event_is_named_and_the_next_is_read() {
        let long = "x".repeat(LINE_MAX + 7);
        let text = format!("\n{{}}\n{long}\n{{\"event\":\"missed\",\"count\":1}}");
        let mut lines = Lines::new(text.as_bytes());
        assert!(matches!(lines.read(), Err(LineError::Malformed { line: 2, .. })));
        let error = lines.read().unwrap_err();
        assert!(error.to_string().contains("more than"), "{error}");
        assert_eq!(lines.read().unwrap(), Some(Line::Missed(Missed { count: 1 })));
    }
}
