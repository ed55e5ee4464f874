//! How tests went.

use std::path::PathBuf;
use std::time::Duration;

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should.
    Passed,
    /// It was left out, for this reason.
    Skipped(String),
    /// It failed, as it was expected to.
    ExpectedFailure(String),
    /// Something was not as expected: this.
    Failed(String),
    /// It could not be run to its end, for this reason.
    Error(String),
}

impl Verdict {
    /// Whether it is as it should be.
    pub fn is_good(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Error(_))
    }
}

/// A test and how it went.
#[derive(Clone, Debug)]
pub struct TestReport {
    /// `Class::method`, `function`; of a scenario its name.
    pub name: String,
    /// How it went.
    pub verdict: Verdict,
    /// How long it took on the host.
    pub host: Duration,
    /// How long it took on the board, in nanoseconds.
    pub board_ns: u64,
    /// What the board printed meanwhile.
    pub output: String,
}

/// The tests of a file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The file.
    pub path: PathBuf,
    /// Its tests. One that cannot be read has one that says so.
    pub tests: Vec<TestReport>,
    /// The file itself cannot be used.
    pub is_broken: bool,
}

impl TestReport {
    /// A test that could not be started.
    pub(crate) fn error(name: String, why: String) -> Self {
        Self {
            name,
            verdict: Verdict::Error(why),
            host: Duration::ZERO,
            board_ns: 0,
            output: String::new(),
        }
    }
}
