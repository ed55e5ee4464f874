//! What the figures share: boards on a bench, and how a figure is told.

use coil_board::Outcome;
use coil_board::outside::{Flash, RamFlash};
use coil_lab::{BoardHandle, BoardSpec, Console, Pace, Runner, catalog};
use coil_vm::rom::Rom;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long anything may take before the measurement is given up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A measured figure.
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: &'static str,
    /// The measured value.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// What it should be at most; nothing where it only informs.
    pub(crate) limit: Option<f64>,
}

impl Figure {
    /// The figure as an object of JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.name, "value": self.value, "unit": self.unit, "limit": self.limit,
        })
    }
}

/// What a board has printed, for who waits for it.
#[derive(Clone, Default)]
pub(crate) struct Screen(Arc<(Mutex<Vec<u8>>, Condvar)>);

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        self.0.0.lock().expect("no holder panics").extend_from_slice(bytes);
        self.0.1.notify_all();
    }
    fn end(&mut self, outcome: Outcome) {
        if let Outcome::Raised(text) = outcome {
            self.write(&text);
        }
        self.write(b"END");
    }
}

impl Screen {
    /// Waits until the board has printed this, then forgets everything up to its end and gives it.
    pub(crate) fn expect(&self, text: &str) -> String {
        let give_up = Instant::now() + PATIENCE;
        let mut shown = self.0.0.lock().expect("no holder panics");
        loop {
            if let Some(at) = find(&shown, text.as_bytes()) {
                let taken = shown.drain(..at + text.len()).collect();
                return String::from_utf8(taken).expect("boards of a bench print text");
            }
            assert!(!shown.ends_with(b"END"), "{:?}", String::from_utf8_lossy(&shown));
            let left = give_up.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no `{text}` in {:?}", String::from_utf8_lossy(&shown));
            shown = self.0.1.wait_timeout(shown, left).expect("no holder panics").0;
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}

/// A thread for boards, in real time.
pub(crate) fn runner() -> Runner {
    Runner::start(Rom::new(&coil_board::modules::all()), Pace::Real).expect("a thread")
}

/// A board that prints its boot log and has no network.
pub(crate) fn spec(screen: &Screen) -> BoardSpec {
    let device = catalog::device("wemos-d1-r32").expect("built in");
    let flash = Box::new(RamFlash::new(device.flash_bytes));
    let profile = catalog::profile("current").expect("built in");
    let mut spec = BoardSpec::new(profile, device, flash, Box::new(screen.clone()));
    spec.boot_text = true;
    spec
}

/// As [`spec`], on a flash of one's own.
pub(crate) fn spec_on(screen: &Screen, flash: Box<dyn Flash + Send>) -> BoardSpec {
    BoardSpec { flash, ..spec(screen) }
}

/// Gives a board power and waits for its prompt.
pub(crate) fn at_prompt(runner: &mut Runner, spec: BoardSpec, screen: &Screen) -> BoardHandle {
    let board = runner.add(spec);
    screen.expect(">>> ");
    board
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Bytes of this process that are in memory.
pub(crate) fn resident_bytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux host");
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).expect("every process has it");
    let kb = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok());
    kb.expect("a number of kilobytes") * 1024.0
}

/// Seconds of processor time that this process has used, to a hundredth.
pub(crate) fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("a Linux host");
    let after = stat.rsplit(')').next().expect("the name ends");
    // User and system time, in ticks of a hundredth of a second.
    let ticks = after.split_whitespace().skip(11).take(2);
    ticks.map(|t| t.parse::<f64>().expect("ticks")).sum::<f64>() / 100.0
}
