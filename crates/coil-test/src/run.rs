//! Running tests: each file on a board of its own, several at a time.

use crate::board::{Setup, always_watched, lock};
use crate::check;
use crate::coverage::{CoverageReport, Source};
use crate::error::TestError;
use crate::find::Found;
use crate::report::{FileReport, TestReport, Verdict};
use crate::scenario::Scenario;
use crate::unit::{self, UnitFile};
use coil_board::outside::Kinds;
use coil_lab::Coverage;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How to run tests.
#[derive(Clone, Debug)]
pub struct Options {
    /// Boards at one time.
    pub jobs: usize,
    /// Only tests in whose path and name one of these is; all if there is none.
    pub filter: Vec<String>,
    /// How long a board may be busy on the host.
    pub patience: Duration,
    /// Count which lines are executed.
    pub coverage: bool,
}

/// Runs tests; each file's report goes to `tell` in the order of the files, as soon as it is there.
pub fn run(
    found: &[Found],
    options: &Options,
    mut tell: impl FnMut(&FileReport) + Send,
) -> (Vec<FileReport>, CoverageReport) {
    let reports: Mutex<Vec<Option<FileReport>>> = Mutex::new(vec![None; found.len()]);
    let coverage = Mutex::new(CoverageReport::default());
    let next = AtomicUsize::new(0);
    // What was told, and the teller: whoever has the next report tells it.
    let teller = Mutex::new((0, &mut tell));
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, found.len().max(1)) {
            scope.spawn(|| {
                while let Some(one) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (report, lines) = file(one, options);
                    if let Some((sources, executed)) = lines {
                        lock(&coverage).add(sources, &executed);
                    }
                    let at = found.iter().position(|f| std::ptr::eq(f, one)).unwrap_or_default();
                    let mut teller = lock(&teller);
                    lock(&reports)[at] = Some(report);
                    while let Some(Some(report)) = lock(&reports).get(teller.0).cloned() {
                        (teller.1)(&report);
                        teller.0 += 1;
                    }
                }
            });
        }
    });
    let reports = lock(&reports).drain(..).flatten().collect();
    let coverage = std::mem::take(&mut *lock(&coverage));
    (reports, coverage)
}

/// The names of all tests of a file.
///
/// # Errors
/// What keeps it from being known.
pub fn list(found: &Found, options: &Options) -> Result<Vec<String>, String> {
    let name = found.path().display().to_string();
    match found {
        Found::Scenario(path) => {
            Scenario::read(path).map_err(|e| e.to_string())?;
            Ok(if is_wanted(&name, &options.filter) { vec![name] } else { Vec::new() })
        }
        Found::Unit(path) => {
            let unit = UnitFile::read(path).map_err(|e| e.to_string())?;
            let limit_ns = unit.limit_ns;
            let (setup, nonce) = unit.setup(&name, &options.filter, true, None);
            let seen = setup.run(limit_ns, options.patience).map_err(|e| e.to_string())?;
            let names = unit::names(&seen, &nonce)?;
            Ok(names.into_iter().map(|n| format!("{name}::{n}")).collect())
        }
    }
}

fn is_wanted(name: &str, patterns: &[String]) -> bool {
    patterns.is_empty() || patterns.iter().any(|p| name.contains(p.as_str()))
}

type Lines = Option<(Vec<Source>, Coverage)>;

fn file(found: &Found, options: &Options) -> (FileReport, Lines) {
    let path = found.path();
    let done = match found {
        Found::Scenario(path) => scenario(path, options),
        Found::Unit(path) => unit_file(path, options),
    };
    match done {
        Ok((tests, lines)) => {
            (FileReport { path: path.to_owned(), tests, is_broken: false }, lines)
        }
        Err(e) => {
            let tests = vec![TestReport::error(name_of(path), e.to_string())];
            (FileReport { path: path.to_owned(), tests, is_broken: true }, None)
        }
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.strip_suffix(".test.toml").map_or(name.clone(), Into::into)
}

type Done = Result<(Vec<TestReport>, Lines), TestError>;

fn scenario(path: &Path, options: &Options) -> Done {
    if !is_wanted(&path.display().to_string(), &options.filter) {
        return Ok((Vec::new(), None));
    }
    let start = Instant::now();
    let scenario = Scenario::read(path)?;
    let coverage = options.coverage.then(Coverage::default);
    let files = scenario.files.list();
    let mut sources = Source::of(files);
    sources.extend(scenario.program.as_ref().map(|(source, name, host)| Source {
        board: name.clone(),
        host: host.clone(),
        text: source.clone(),
    }));
    let kinds: Kinds = check::kinds(&scenario.expect).collect();
    let setup = Setup {
        files: files.iter().map(|f| (f.path.clone(), f.content.clone())).collect(),
        device: scenario.device.clone(),
        profile: scenario.profile,
        program: scenario.program.map(|(source, name, _)| (source, name)),
        circuit: scenario.circuit,
        keys: scenario.keys,
        access_points: scenario.access_points,
        authority: scenario.authority,
        faults: scenario.faults,
        answers: scenario.answers,
        kinds: kinds.or(always_watched()),
        coverage: coverage.clone(),
    };
    let seen = setup.run(scenario.limit_ns, options.patience)?;
    let failures = check::check(&scenario.expect, &seen, &scenario.device);
    let texts: Vec<_> = failures.iter().map(check::Failure::text).collect();
    let verdict = match texts.is_empty() {
        true => Verdict::Passed,
        false => Verdict::Failed(texts.join("\n")),
    };
    let report = TestReport {
        name: name_of(path),
        verdict,
        host: start.elapsed(),
        board_ns: seen.end_ns,
        output: seen.output,
    };
    Ok((vec![report], coverage.map(|c| (sources, c))))
}

fn unit_file(path: &Path, options: &Options) -> Done {
    let unit = UnitFile::read(path)?;
    let limit_ns = unit.limit_ns;
    let coverage = options.coverage.then(Coverage::default);
    let sources = Source::of(unit.files.list());
    let name = path.display().to_string();
    let (setup, nonce) = unit.setup(&name, &options.filter, false, coverage.clone());
    let seen = setup.run(limit_ns, options.patience)?;
    Ok((unit::reports(&seen, &nonce), coverage.map(|c| (sources, c))))
}
