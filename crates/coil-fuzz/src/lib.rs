//! What each fuzz target does with its input, and how inputs are made without a fuzzer.
//!
//! A target is a function of bytes that must neither panic nor hang. `fuzz/` hands it to
//! libFuzzer; the tests here run it on changed seeds with fixed numbers, so that it never rots.
//! A dependency of tests and of `fuzz/` alone.

mod air;
mod board;
pub mod chance;
mod change;
mod circuit;
mod cloud;
mod events;
mod explain;
mod flash;
mod frames;
mod framing;
pub mod generate;
mod language;
mod loader;
mod machine;
mod modules;
mod mpy;
mod mqtt;
mod plain;
mod prompt;
mod recording;
mod rfc2217;
mod testing;
mod tls;
mod webrepl;

pub use change::Changer;

use std::path::{Path, PathBuf};

/// One fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is also that of its file in `fuzz/fuzz_targets` and its folder in
    /// `fuzz/seeds`.
    pub name: &'static str,
    /// Takes an input.
    pub run: fn(&[u8]),
    /// Pieces that make sense in its inputs.
    pub words: &'static [&'static str],
    /// How many inputs the test of every day makes.
    pub rounds: u32,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "parser", run: language::parser, words: language::WORDS, rounds: 12_000 },
    Target { name: "grammar", run: language::grammar, words: &[], rounds: 2000 },
    Target { name: "program", run: language::program, words: language::WORDS, rounds: 1500 },
    Target { name: "collector", run: language::collector, words: &[], rounds: 500 },
    Target { name: "modules", run: modules::run, words: modules::WORDS, rounds: 3000 },
    Target { name: "mpy", run: mpy::run, words: &[], rounds: 4000 },
    Target { name: "repl", run: prompt::run, words: prompt::WORDS, rounds: 600 },
    Target { name: "framing", run: framing::run, words: &[], rounds: 600 },
    Target { name: "flash", run: flash::run, words: &[], rounds: 150 },
    Target { name: "air", run: air::run, words: air::WORDS, rounds: 3000 },
    Target { name: "frames", run: frames::run, words: &[], rounds: 1500 },
    Target { name: "http", run: cloud::http, words: cloud::WORDS, rounds: 500 },
    Target { name: "mqtt", run: mqtt::run, words: &[], rounds: 600 },
    Target { name: "db_json", run: cloud::db_json, words: cloud::JSON_WORDS, rounds: 300 },
    Target { name: "tls", run: tls::run, words: tls::WORDS, rounds: 400 },
    Target { name: "events", run: events::run, words: events::WORDS, rounds: 6000 },
    Target { name: "recording", run: recording::run, words: recording::WORDS, rounds: 6000 },
    Target {
        name: "scenario",
        run: testing::scenario,
        words: testing::SCENARIO_WORDS,
        rounds: 1500,
    },
    Target { name: "control", run: testing::control, words: testing::CONTROL_WORDS, rounds: 3000 },
    Target { name: "webrepl", run: webrepl::run, words: webrepl::WORDS, rounds: 400 },
    Target { name: "rfc2217", run: rfc2217::run, words: rfc2217::WORDS, rounds: 3000 },
    Target { name: "rfc2217_client", run: rfc2217::client, words: &[], rounds: 3000 },
    Target { name: "circuit", run: circuit::files, words: circuit::WORDS, rounds: 3000 },
    Target { name: "drawing", run: circuit::drawing, words: circuit::WORDS, rounds: 3000 },
    Target { name: "parts", run: circuit::parts, words: &[], rounds: 3000 },
    Target { name: "loader", run: loader::run, words: &[], rounds: 6000 },
    Target { name: "profile", run: plain::profile, words: plain::WORDS, rounds: 3000 },
    Target { name: "stubs", run: plain::stubs, words: plain::STUB_WORDS, rounds: 3000 },
    Target { name: "explain", run: explain::run, words: explain::WORDS, rounds: 2000 },
];

/// The target of a name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

/// Takes an input for the target of a name: what the files in `fuzz/fuzz_targets` do.
///
/// # Panics
/// If there is no such target, or the target found something.
pub fn run(name: &str, input: &[u8]) {
    (target(name).expect("a target's file has its target's name").run)(input);
}

/// The project's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| here.to_owned(), Path::to_owned)
}

/// A target's seeds, in the order of their names. A target without any starts from nothing.
pub fn seeds(name: &str) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    let folder = root().join("fuzz/seeds").join(name);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        files.push(entry.path());
    }
    files.sort();
    let mut seeds: Vec<_> = files.iter().filter_map(|f| std::fs::read(f).ok()).collect();
    if seeds.is_empty() {
        seeds.push(Vec::new());
    }
    seeds
}
