//! A session that can be repeated: what it started from, and what arrived from outside and when.
//!
//! A file of lines of JSON: a [`Start`], then an [`Entry`] for each thing that arrived. Everything else
//! follows from them, because time is counted in the board's own steps (`Pace::Live`).

mod answers;
pub(crate) mod past;
mod radio;
mod tls;

pub use answers::{Answer, Question};

use crate::events::ActStep;
use coil_board::outside::Stimulus;
use coil_circuit::Stimuli;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

/// What a session started from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The version of this form.
    pub recording: u32,
    /// The board.
    pub device: String,
    /// Its firmware.
    pub firmware: String,
    /// Bits of a float.
    pub float: u8,
    /// Bytes of the Python heap, if not the firmware's.
    pub heap: Option<u32>,
    /// What chance depends on.
    pub seed: u64,
    /// The text of its `circuit.toml`.
    pub circuit: Option<String>,
    /// The program and its name, if it was one program instead of the prompt.
    pub program: Option<(String, String)>,
    /// Wires between two pins, as `4-5`.
    pub jumpers: Vec<String>,
    /// What was on the flash where it was not erased: addresses, and bytes as hexadecimal digits.
    pub flash: Vec<(u32, String)>,
}

/// The version of the form.
pub const VERSION: u32 = 3;

/// Something that arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Microseconds after power on.
    pub t_us: u64,
    /// How often the board had looked for what arrives: tells moments of one microsecond apart.
    pub looks: u64,
    /// What.
    pub what: Arrival,
}

/// What can arrive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// Keys on the console.
    Keys(Vec<u8>),
    /// Something is done to a part.
    Deed(ActStep),
    /// Something came for it over the network, in the middle of a rest.
    Wake,
    /// The network answered.
    Answer(Answer),
    /// The lines of the serial port are set.
    Lines {
        /// Data terminal ready.
        dtr: bool,
        /// Request to send.
        rts: bool,
    },
    /// Who speaks to the loader does so at this speed.
    Speed {
        /// Bits in a second.
        baud: u32,
    },
    /// The last client of the serial port has closed it.
    HungUp,
    /// The board loses its power: the end.
    PowerOff,
}

impl Arrival {
    /// What has arrived, if it is something that a board with a recorder can be told; otherwise the stimulus
    /// comes back.
    pub(crate) fn of(stimulus: Stimulus) -> Result<Self, Stimulus> {
        match stimulus {
            Stimulus::Lines { dtr, rts } => Ok(Self::Lines { dtr, rts }),
            Stimulus::Speed { baud } => Ok(Self::Speed { baud }),
            Stimulus::HungUp => Ok(Self::HungUp),
            other => Err(other),
        }
    }
}

impl Entry {
    /// Whether its time has come.
    pub(crate) fn is_due(&self, now_us: u64, looks: u64) -> bool {
        // Whoever looks more rarely than before gets it all the same.
        self.t_us < now_us || self.t_us == now_us && self.looks <= looks
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The bytes of hexadecimal digits, if that is what they are.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let pair = |pair: &[u8]| {
        let digit = |d: u8| char::from(d).to_digit(16);
        Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)
    };
    if digits.len() % 2 == 1 { None } else { digits.chunks_exact(2).map(pair).collect() }
}

/// Why a recording cannot be repeated.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line is not what it must be.
    #[error("line {line} is none of a recording: {why}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A line or the whole is longer than can be.
    #[error("it is longer than {0} bytes")]
    TooLong(u64),
    /// It was made by another version.
    #[error("it has the form {0}, and this program reads the form {VERSION}")]
    Version(u32),
}

/// Bytes of a recording at most.
const FILE_MAX: u64 = 64 << 20;

/// A whole recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// What it starts from.
    pub start: Start,
    /// What arrives, in order.
    pub entries: Vec<Entry>,
}

impl Recording {
    /// Reads one. What was cut off in the middle of its last line, by a crash, ends before that line.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(from: impl BufRead) -> Result<Self, RecordingError> {
        let mut start = None;
        let mut entries: Vec<Entry> = Vec::new();
        let mut from = from.take(FILE_MAX);
        let (mut line, mut number) = (Vec::new(), 0);
        while from.read_until(b'\n', &mut line)? > 0 {
            number += 1;
            if line.last() != Some(&b'\n') {
                if from.limit() == 0 {
                    return Err(RecordingError::TooLong(FILE_MAX));
                }
                break;
            }
            let bad =
                |e: serde_json::Error| RecordingError::Line { line: number, why: e.to_string() };
            if start.is_none() {
                let is: Start = serde_json::from_slice(&line).map_err(bad)?;
                if is.recording != VERSION {
                    return Err(RecordingError::Version(is.recording));
                }
                start = Some(is);
            } else {
                let entry: Entry = serde_json::from_slice(&line).map_err(bad)?;
                if entries.last().is_some_and(|before| before.t_us > entry.t_us) {
                    let why = "it is earlier than the line before it".into();
                    return Err(RecordingError::Line { line: number, why });
                }
                entries.push(entry);
            }
            line.clear();
        }
        let missing = || RecordingError::Line { line: 1, why: "there is nothing".into() };
        Ok(Self { start: start.ok_or_else(missing)?, entries })
    }
}

impl From<Recording> for Stimuli {
    /// What was done and typed, to be done to another board.
    fn from(recording: Recording) -> Self {
        let mut stimuli = Self::default();
        for Entry { t_us, what, .. } in recording.entries {
            let ns = t_us.saturating_mul(1000);
            match what {
                Arrival::Keys(keys) => stimuli.keys.push((ns, keys)),
                Arrival::Deed(step) => {
                    let (after_ns, deed) = step.into();
                    stimuli.deeds.push((ns.saturating_add(after_ns), deed));
                }
                // Wires and network are others.
                Arrival::Wake
                | Arrival::Answer(_)
                | Arrival::Lines { .. }
                | Arrival::Speed { .. }
                | Arrival::HungUp
                | Arrival::PowerOff => {}
            }
        }
        stimuli.deeds.sort_by_key(|d| d.0);
        stimuli
    }
}

/// Writes down what arrives, each line at once: what is there after a crash can be repeated.
pub struct Recorder {
    out: Box<dyn Write + Send>,
    /// Bytes that may still be written.
    left: u64,
    is_over: bool,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl Recorder {
    /// Begins a recording.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(out: Box<dyn Write + Send>, start: &Start) -> io::Result<Self> {
        Self::within(FILE_MAX, out, start)
    }

    fn within(left: u64, out: Box<dyn Write + Send>, start: &Start) -> io::Result<Self> {
        let mut recorder = Self { out, left, is_over: false };
        recorder.line(start)?;
        Ok(recorder)
    }

    pub(crate) fn write(&mut self, entry: &Entry) {
        // With a gap it could not be repeated: it ends where the disk or the recording was full.
        if !self.is_over && self.line(entry).is_err() {
            self.is_over = true;
        }
    }

    fn line(&mut self, what: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(what)?;
        line.push(b'\n');
        let left = self.left.checked_sub(line.len() as u64);
        self.left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        self.out.write_all(&line)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coil_circuit::Value;

    fn start() -> Start {
        Start {
            recording: VERSION,
            device: "wemos-d1-r32".into(),
            firmware: "current".into(),
            float: 32,
            heap: None,
            seed: 7,
            circuit: None,
            program: None,
            jumpers: vec!["4-5".into()],
            flash: vec![(0x1000, "e9".into())],
        }
    }

    fn text(entries: &[Entry]) -> String {
        let mut lines = vec![serde_json::to_string(&start()).expect("plain data")];
        lines.extend(entries.iter().map(|e| serde_json::to_string(e).expect("plain data")));
        lines.iter().map(|l| l.clone() + "\n").collect()
    }

    fn entries() -> Vec<Entry> {
        let step = ActStep {
            part: "b".into(),
            setting: "pressed".into(),
            value: Value::Bool(true),
            after_ns: 5,
        };
        let lines = Arrival::Lines { dtr: true, rts: false };
        let keys = Arrival::Keys(vec![3, 0xff]);
        let speed = Arrival::Speed { baud: 57_600 };
        let all = [keys, Arrival::Deed(step), lines, speed, Arrival::HungUp, Arrival::PowerOff];
        all.into_iter().map(|what| Entry { t_us: 9, looks: 2, what }).collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let recording = Recording::read(text(&entries()).as_bytes()).expect("a recording");
        assert_eq!(recording, Recording { start: start(), entries: entries() });
    }

    #[test]
    fn what_was_done_in_a_session_can_be_done_again() {
        let stimuli = Stimuli::from(Recording { start: start(), entries: entries() });
        assert_eq!(stimuli.keys, [(9000, vec![3, 0xff])]);
        assert_eq!(stimuli.deeds.len(), 1);
        assert_eq!((stimuli.deeds[0].0, stimuli.deeds[0].1.part.as_str()), (9005, "b"));
    }

    #[test]
    fn a_recording_that_is_full_ends_and_what_it_has_can_be_read() {
        #[derive(Clone, Default)]
        struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().expect("whole").write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let [keys, .., end]: [Entry; 6] = entries().try_into().expect("six");
        let Entry { t_us, looks, .. } = keys;
        let long = Entry { t_us, looks, what: Arrival::Keys(vec![0; 1000]) };
        let file = Shared::default();
        let room = text(&[keys.clone(), keys.clone()]).len() as u64;
        let mut recorder =
            Recorder::within(room, Box::new(file.clone()), &start()).expect("there is room");
        // The last one would fit again, but would come behind a gap.
        for entry in [&keys, &long, &end] {
            recorder.write(entry);
        }
        let written = file.0.lock().expect("whole").clone();
        assert_eq!(Recording::read(&written[..]).expect("a recording").entries, [keys]);
        assert!(Recorder::within(9, Box::new(file), &start()).is_err());
    }

    #[test]
    fn a_line_that_a_crash_cut_off_is_left_out() {
        let whole = text(&entries());
        let cut = &whole[..whole.len() - 4];
        let recording = Recording::read(cut.as_bytes()).expect("a recording");
        assert_eq!(recording.entries, entries()[..5]);
    }

    #[test]
    fn what_is_none_is_refused() {
        let form = |version| format!("\"recording\":{version}");
        let other = text(&[]).replace(&form(VERSION), &form(VERSION + 1));
        let mut back = entries();
        back[5].t_us = 8;
        for bad in ["", "{}\n", "x\n", &other, &(text(&[]) + "{}\n"), &text(&back)] {
            assert!(Recording::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
