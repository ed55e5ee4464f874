//! Why a test cannot be run.

use std::path::PathBuf;

/// Why a test cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// A file that cannot be read.
    #[error("cannot read `{path}`: {why}")]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// Not TOML, or not the tables of a scenario.
    #[error("{0}")]
    Toml(String),
    /// More than a test can have.
    #[error("{what}: {count}, and {most} at most")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much.
        count: usize,
        /// How much there can be.
        most: usize,
    },
    /// Something that is not known by that name.
    #[error("there is no {what} `{name}`; there are: {known}")]
    Unknown {
        /// What it was to be.
        what: &'static str,
        /// What was given.
        name: String,
        /// All of them.
        known: String,
    },
    /// A scenario that does not say what to run, or says it twice.
    #[error(
        "a scenario says either `program`, which runs alone, or `main`, which starts with the board"
    )]
    Program,
    /// An expectation that says nothing, or several things.
    #[error("`expect` number {number}: {why}")]
    Expect {
        /// Its number, from 1.
        number: usize,
        /// What is wrong and what to do.
        why: String,
    },
    /// An answer that cannot be given.
    #[error("`serve` number {number}: {why}")]
    Serve {
        /// Its number, from 1.
        number: usize,
        /// What is wrong and what to do.
        why: String,
    },
    /// A line at the start of a test file that is not understood.
    #[error("line {line}: {why}")]
    Directive {
        /// Its number, from 1.
        line: usize,
        /// What is wrong and what to do.
        why: String,
    },
    /// The circuit.
    #[error("circuit: {0}")]
    Circuit(#[from] coil_circuit::PlanError),
    /// The stimuli.
    #[error("stimulus: {0}")]
    Stimulus(#[from] coil_circuit::StimulusError),
    /// A stimulus to a part that does not take it.
    #[error("stimulus: {0}")]
    Deed(#[from] coil_circuit::DeedError),
    /// What is to go wrong on the air.
    #[error("fault: {0}")]
    Fault(#[from] coil_air::FaultError),
    /// The network.
    #[error("network: {0}")]
    Air(#[from] coil_air::AirError),
    /// An access point that there cannot be.
    #[error("access point: {0}")]
    AccessPoint(#[from] coil_air::AccessPointError),
    /// No place for the certificate.
    #[error("`authority` says where on the flash the certificate is put: `ca.der`")]
    Authority,
    /// A scenario that says in several ways what is on the air.
    #[error("a scenario says what is on the air by `network`, by `air` or by `access_point`")]
    AirTwice,
    /// The host has no thread left.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
    /// A path without any tests.
    #[error("`{0}` is neither a folder nor a test: those are called `*.test.toml` and `test_*.py`")]
    NoTest(PathBuf),
}

/// More than there can be is an error.
pub(crate) fn at_most(what: &'static str, count: usize, most: usize) -> Result<(), TestError> {
    if count > most { Err(TestError::TooMuch { what, count, most }) } else { Ok(()) }
}
