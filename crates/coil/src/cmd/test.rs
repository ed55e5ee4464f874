//! `coil test`: tests of MicroPython programs, without hardware.

use anyhow::{Context, Result};
use coil_test::{Found, Options};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Run tests of MicroPython programs on boards in virtual time.
///
/// Tests are `*.test.toml` (a program, what is around its board, what is expected) and `test_*.py` (test
/// classes and functions). The exit code is 0 if all is well, 1 if a test fails, and 2 if there are no
/// tests or some cannot be read.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Tests, and folders with tests.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Boards at one time; as many as the machine has processors if it is not given.
    #[arg(long, short)]
    jobs: Option<usize>,
    /// Only tests in whose path and name this is; may be given more than once.
    #[arg(long, short = 'k', value_name = "TEXT")]
    filter: Vec<String>,
    /// A line for each test.
    #[arg(long, short)]
    verbose: bool,
    /// Only say which tests there are.
    #[arg(long)]
    list: bool,
    /// Write a report as JUnit's XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Tell which lines were executed, and which were not.
    #[arg(long)]
    coverage: bool,
    /// Write which lines were executed, in the format of lcov.
    #[arg(long, value_name = "FILE")]
    coverage_lcov: Option<PathBuf>,
    /// Seconds that a board may be busy on this machine.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
    /// Colours: `auto` is for terminals.
    #[arg(long, default_value = "auto", value_parser = ["auto", "always", "never"])]
    color: String,
}

/// Tests that cannot be run, or none at all.
const UNUSABLE: u8 = 2;

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let found = match coil_test::find(&self.paths) {
            Ok(found) => found,
            Err(e) => return complain(&e.to_string()),
        };
        if found.is_empty() {
            return complain(
                "there are no tests here: they are called `*.test.toml` and `test_*.py`",
            );
        }
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let options = Options {
            jobs: self.jobs.unwrap_or(cores),
            filter: self.filter.clone(),
            patience: Duration::from_secs(self.patience),
            coverage: self.coverage || self.coverage_lcov.is_some(),
        };
        if self.list {
            return list(&found, &options);
        }
        let has_colours = match self.color.as_str() {
            "auto" => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            other => other == "always",
        };
        let start = Instant::now();
        let verbose = self.verbose;
        let (reports, coverage) = coil_test::run(&found, &options, |report| {
            say(&coil_test::one_file(report, verbose, has_colours));
        });
        let took = start.elapsed();
        if self.coverage {
            say(&format!("\n{}", coverage.table()));
        }
        say(&coil_test::summary(&reports, took, has_colours));
        if let Some(path) = &self.coverage_lcov {
            write(path, &coverage.lcov())?;
        }
        if let Some(path) = &self.junit {
            write(path, &coil_test::junit::xml(&reports, took))?;
        }
        let mut tests = reports.iter().flat_map(|r| &r.tests).peekable();
        if tests.peek().is_none() {
            return complain("no test has such a name; `--list` tells all names");
        }
        Ok(if reports.iter().any(|r| r.is_broken) {
            ExitCode::from(UNUSABLE)
        } else if tests.all(|t| t.verdict.is_good()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn list(found: &[Found], options: &Options) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for one in found {
        match coil_test::list(one, options) {
            Ok(names) => names.iter().for_each(|n| say(&format!("{n}\n"))),
            Err(why) => code = complain(&format!("{}: {}", one.path().display(), why.trim_end()))?,
        }
    }
    Ok(code)
}

fn write(path: &PathBuf, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// Prints; a closed pipe ends nothing, the result still counts.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn complain(text: &str) -> Result<ExitCode> {
    crate::complain(text);
    Ok(ExitCode::from(UNUSABLE))
}
