//! What the tests of machines share: a port that keeps the output, and conformance scripts.
//!
//! A dependency of tests alone. Must not know which modules or board a machine has.

use coil_vm::{Port, Vm, Wake};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A port that keeps what is written; time passes while it waits, and with the steps taken.
#[derive(Debug, Default)]
pub struct Kept {
    output: Output,
    now_us: u64,
}

/// What was written to a [`Kept`].
#[derive(Clone, Debug, Default)]
pub struct Output(Rc<RefCell<Vec<u8>>>);

impl Kept {
    /// The output, to be read after the port has gone into a machine.
    pub fn output(&self) -> Output {
        self.output.clone()
    }
}

impl Output {
    /// Everything so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.borrow()).into_owned()
    }

    /// Adds what a test itself has to show.
    pub fn add(&self, bytes: &[u8]) {
        self.0.borrow_mut().extend_from_slice(bytes);
    }

    /// Adds the pending exception as the prompt prints it.
    pub fn add_exception(&self, vm: &mut Vm) {
        let (e, mut text) = (vm.pending, Vec::new());
        vm.print_exception(e, &mut text);
        self.add(&text);
    }
}

impl Port for Kept {
    fn now_us(&mut self) -> u64 {
        self.now_us
    }
    fn write(&mut self, bytes: &[u8]) {
        self.output.add(bytes);
    }
    fn read(&mut self) -> Option<u8> {
        None
    }
    fn readable(&mut self) -> bool {
        false
    }
    fn wait(&mut self, until: Option<u64>) -> Wake {
        self.now_us = self.now_us.max(until.unwrap_or(self.now_us + 1_000_000));
        Wake::Time
    }
    fn poll(&mut self, steps: u32) {
        self.now_us += u64::from(steps) / 64;
    }
    fn take_interrupt(&mut self) -> bool {
        false
    }
    fn set_interrupt_char(&mut self, _: i16) {}
    fn random(&mut self) -> u32 {
        4
    }
}

/// Runs every script below a folder and compares what it prints with the `.exp` beside it.
///
/// `run` gives what a source printed, or nothing to leave the script out.
///
/// # Panics
/// If there is no script, one has no `.exp`, or some print something else: all of them are named,
/// each with its first line that differs.
pub fn check_scripts(folder: &Path, mut run: impl FnMut(&str) -> Option<String>) {
    let mut found = Vec::new();
    scripts(folder, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no script under {}", folder.display());
    let mut failed = Vec::new();
    for path in &found {
        let source = std::fs::read_to_string(path).expect("a script is text");
        let wanted =
            std::fs::read(path.with_extension("exp")).expect("a script has its .exp beside it");
        let wanted = String::from_utf8_lossy(&wanted);
        if let Some(ours) = run(&source).filter(|ours| *ours != wanted) {
            let name = path.strip_prefix(folder).unwrap_or(path).display();
            failed.push(format!("{name}: {}", difference(&ours, &wanted)));
        }
    }
    let (bad, all) = (failed.len(), found.len());
    assert!(failed.is_empty(), "{bad} of {all} scripts differ\n{}", failed.join("\n"));
}

fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of scripts is there") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
}

/// The first line that differs.
fn difference(ours: &str, wanted: &str) -> String {
    let (a, b): (Vec<_>, Vec<_>) = (ours.lines().collect(), wanted.lines().collect());
    let at = a.iter().zip(&b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
    let line = |l: &[&str]| l.get(at).map_or("(nothing)".to_owned(), |l| (*l).to_owned());
    format!("line {}:\n  printed {}\n  wanted  {}", at + 1, line(&a), line(&b))
}
