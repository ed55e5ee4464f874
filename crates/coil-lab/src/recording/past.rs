//! What a board's network is: the one that it is on, the same with a witness, or what is known of an earlier one.

use super::answers::{Answer, Answers};
use super::radio::RecordedRadio;
use super::tls::RecordedTls;
use super::{Arrival, Entry};
use crate::port::Io;
use crate::tls::Library;
use coil_board::outside::{Radio, Tls};
use std::cell::RefCell;
use std::rc::Rc;

/// What a board's network answered in an earlier life, if it had one.
pub(crate) struct Past {
    pub(crate) is_replay: bool,
    answers: Vec<Answer>,
}

impl Past {
    /// The answers among what arrived, and the rest of it.
    pub(crate) fn part(entries: Vec<Entry>) -> (Self, Vec<Entry>) {
        let mut past = Self { is_replay: !entries.is_empty(), answers: Vec::new() };
        let mut rest = Vec::new();
        for entry in entries {
            match entry.what {
                Arrival::Answer(answer) => past.answers.push(answer),
                _ => rest.push(entry),
            }
        }
        (past, rest)
    }

    /// The network of a board with this radio and this library.
    pub(crate) fn network(
        self,
        io: &Rc<RefCell<Io>>,
        radio: Box<dyn Radio>,
        library: Library,
    ) -> (Box<dyn Radio>, Box<dyn Tls>) {
        let answers = if self.is_replay {
            Answers::repeated(io.clone(), self.answers)
        } else if io.borrow().recorder.is_some() {
            Answers::recorded(io.clone())
        } else {
            return (radio, Box::new(library));
        };
        let answers = Rc::new(answers);
        let tls = RecordedTls { answers: answers.clone(), library };
        (Box::new(RecordedRadio::new(radio, answers)), Box::new(tls))
    }
}
