//! What the tests of boards share: a bare board, which each changes to its needs, and what it shows.

#![allow(dead_code, reason = "each test takes its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub(crate) mod circuit;
pub(crate) mod tool;

use coil_board::Outcome;
use coil_board::outside::{Event, RamFlash};
use coil_lab::{BoardSpec, Console, Observer, catalog};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The factory address of a bare board.
pub(crate) const MAC: [u8; 6] = [0x24, 0x0a, 0xc4, 0, 0, 1];
/// How long a board may take to its end, in the host's time.
const PATIENCE: Duration = Duration::from_secs(60);

type Shared<T> = Arc<Mutex<Vec<T>>>;

/// What a board shows and does, and how it ends.
pub(crate) struct Seen {
    output: Shared<u8>,
    events: Shared<(u64, Event)>,
    outcome: Receiver<Outcome>,
}

impl Seen {
    /// All that it has printed.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.output.lock().unwrap()).into_owned()
    }

    /// The same as bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.output.lock().unwrap().clone()
    }

    /// What has happened, and when: nanoseconds after power on.
    pub(crate) fn events(&self) -> Vec<(u64, Event)> {
        self.events.lock().unwrap().clone()
    }

    /// How it ended; nothing if it does not come to an end.
    pub(crate) fn end(&self) -> Option<Outcome> {
        self.outcome.recv_timeout(PATIENCE).ok()
    }
}

struct Screen(Shared<u8>, Sender<Outcome>);

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(bytes);
    }
    fn end(&mut self, outcome: Outcome) {
        let _ = self.1.send(outcome);
    }
}

struct Watch(Shared<(u64, Event)>);

impl Observer for Watch {
    fn event(&mut self, at_ns: u64, event: &Event) {
        self.0.lock().unwrap().push((at_ns, event.clone()));
    }
}

/// A board of this type with the current firmware and nothing around it, at its prompt for ever.
pub(crate) fn bare(device: &str) -> (BoardSpec, Seen) {
    let (done, outcome) = channel();
    let (output, events) = (Shared::default(), Shared::default());
    let device = catalog::device(device).unwrap();
    let flash = Box::new(RamFlash::new(device.flash_bytes));
    let console = Box::new(Screen(Arc::clone(&output), done));
    let mut spec = BoardSpec::new(catalog::profile("current").unwrap(), device, flash, console);
    spec.mac = MAC;
    spec.observer = Some(Box::new(Watch(Arc::clone(&events))));
    (spec, Seen { output, events, outcome })
}
