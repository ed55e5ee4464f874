//! `test_*.py`: a file of test classes and functions that runs on a board, each test reported by itself.

use crate::board::{End, Recording, Setup, always_watched};
use crate::check::time;
use crate::error::TestError;
use crate::files::{Files, Names, read_text};
use crate::report::{TestReport, Verdict};
use crate::scenario::{self, air};
use coil_air::AccessPoint;
use coil_board::{Device, Profile};
use coil_circuit::{Circuit, Duration, Plan, Stimuli};
use serde::Deserialize;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

/// What is on a board's path as `unittest`.
const UNITTEST: &str = include_str!("../python/unittest.py");
/// How long all tests of a file may take where nothing is said.
const LIMIT_NS: u64 = 60_000_000_000;
/// What starts a line that the board tells of its tests.
const MARK: char = '\x1e';

/// A test file, ready to be run.
pub(crate) struct UnitFile {
    pub(crate) files: Files,
    module: String,
    device: Device,
    profile: Profile,
    circuit: Option<Circuit>,
    keys: Vec<(u64, Vec<u8>)>,
    access_points: Vec<AccessPoint>,
    pub(crate) limit_ns: u64,
}

/// What the comments at the start of a file may say.
#[derive(Default)]
struct Directives {
    device: Option<String>,
    firmware: Option<String>,
    circuit: Option<PathBuf>,
    stimulus: Option<PathBuf>,
    air: Option<PathBuf>,
    files: Option<Vec<PathBuf>>,
    limit_ns: Option<u64>,
}

impl Directives {
    /// Reads lines like `# device: esp32-devkitc` up to the first that is no comment.
    fn read(text: &str) -> Result<Self, TestError> {
        let mut all = Self::default();
        let comments = text.lines().take_while(|l| l.starts_with('#') || l.trim().is_empty());
        for (i, line) in comments.enumerate() {
            let words = line.trim_start_matches('#').trim();
            let Some((name, value)) = words.split_once(':') else { continue };
            let value = value.trim();
            match name {
                "device" => all.device = Some(value.into()),
                "firmware" => all.firmware = Some(value.into()),
                "circuit" => all.circuit = Some(value.into()),
                "air" => all.air = Some(value.into()),
                "stimulus" => all.stimulus = Some(value.into()),
                "files" => all.files = Some(value.split_whitespace().map(Into::into).collect()),
                "for" => {
                    let length = value.parse::<Duration>();
                    let error = |e| TestError::Directive { line: i + 1, why: format!("{e}") };
                    all.limit_ns = Some(length.map_err(error)?.ns);
                }
                // Any other comment.
                _ => {}
            }
        }
        Ok(all)
    }
}

impl UnitFile {
    pub(crate) fn read(path: &Path) -> Result<Self, TestError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let says = Directives::read(&read_text(path)?)?;
        let draft = match &says.circuit {
            Some(file) => Some(Plan::draft(&read_text(&folder.join(file))?)?),
            None => None,
        };
        let wanted = says.device.as_deref().or(draft.as_ref().and_then(|d| d.board()));
        let device = scenario::device(wanted.unwrap_or("wemos-d1-r32"))?;
        let profile = scenario::profile(says.firmware.as_deref().unwrap_or("current"))?;
        let mut stimuli = match &says.stimulus {
            Some(file) => Stimuli::read(&read_text(&folder.join(file))?)?,
            None => Stimuli::default(),
        };
        let mut files = Files::default();
        match says.files {
            Some(list) => files.add_names(&Names::List(list), folder)?,
            None => {
                let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let is_module = |n: &str| {
                    n == "lib"
                        || n.ends_with(".py") && !n.starts_with("test_") && n != "conftest.py"
                };
                files.add_folder("", here, &is_module, 0)?;
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.add(&name, path)?;
        Ok(Self {
            module: name.trim_end_matches(".py").to_owned(),
            files,
            circuit: scenario::circuit(draft.as_ref(), &device, &mut stimuli)?,
            keys: stimuli.keys.into_iter().map(|(ns, keys)| (ns / 1000, keys)).collect(),
            device,
            profile,
            access_points: match &says.air {
                Some(file) => air::of_file(&folder.join(file))?,
                None => air::workshop(),
            },
            limit_ns: says.limit_ns.unwrap_or(LIMIT_NS),
        })
    }

    /// A board that runs those of its tests in whose path and name one of the patterns is, or only
    /// lists them; and what its lines about them start with.
    pub(crate) fn setup(
        self,
        path: &str,
        patterns: &[String],
        is_list: bool,
        coverage: Option<coil_lab::Coverage>,
    ) -> (Setup, String) {
        let nonce = format!("{:016x}", RandomState::new().hash_one(path));
        let driver = format!(
            "import unittest\nunittest._board({}, {}, {}, {}, {})\n",
            json(&self.module),
            json(&nonce),
            json(&path),
            json(&patterns),
            if is_list { "True" } else { "False" },
        );
        let is_ours =
            |p: &str| !p.split('/').any(|piece| piece == "unittest" || piece == "unittest.py");
        let list = self.files.list().iter().filter(|f| is_ours(&f.path));
        let mut files: Vec<_> = list.map(|f| (f.path.clone(), f.content.clone())).collect();
        files.push(("lib/unittest.py".into(), UNITTEST.into()));
        let setup = Setup {
            device: self.device,
            profile: self.profile,
            files,
            program: Some((driver.into_bytes(), "<tests>".into())),
            circuit: self.circuit,
            keys: self.keys,
            access_points: self.access_points,
            authority: None,
            faults: Vec::new(),
            answers: Vec::new(),
            kinds: always_watched(),
            coverage,
        };
        (setup, nonce)
    }
}

/// A value as Python and JSON both write it.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "None".into())
}

/// What the board tells.
#[derive(Debug, Deserialize)]
struct Told {
    e: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    r: String,
    #[serde(default)]
    t: String,
}

/// The tests that a board has run, of its recording; without any a report of what was wrong.
pub(crate) fn reports(seen: &Recording, nonce: &str) -> Vec<TestReport> {
    let mut reader =
        Reader { tests: Vec::new(), running: None, output: String::new(), is_done: false };
    let mut place = 0;
    for line in seen.output.split_inclusive('\n') {
        let told = line
            .find(MARK)
            .and_then(|at| Some((at, line[at + 1..].strip_prefix(nonce)?)))
            .and_then(|(at, json)| Some((at, serde_json::from_str::<Told>(json.trim()).ok()?)));
        match told {
            Some((at, told)) => {
                reader.output += &line[..at];
                reader.take(told, place, seen);
            }
            None => reader.output += line,
        }
        place += line.len();
    }
    reader.finish(seen)
}

/// The tests that a board has listed, or what kept it from that.
pub(crate) fn names(seen: &Recording, nonce: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let lines = seen.output.lines();
    for json in lines.filter_map(|l| l.strip_prefix(MARK)?.strip_prefix(nonce)) {
        match serde_json::from_str::<Told>(json.trim()) {
            Ok(told) if told.e == "list" => names.push(told.id),
            Ok(told) if told.e == "broken" => return Err(told.t),
            Ok(told) if told.e == "done" => return Ok(names),
            _ => {}
        }
    }
    Err(why_not(seen))
}

struct Reader {
    tests: Vec<TestReport>,
    /// Name and place of the test that runs.
    running: Option<(String, usize)>,
    output: String,
    is_done: bool,
}

impl Reader {
    fn take(&mut self, told: Told, place: usize, seen: &Recording) {
        match told.e.as_str() {
            "start" => {
                self.running = Some((told.id, place));
                self.output.clear();
            }
            "end" => {
                let told = Told { t: without_ours(&told.t), ..told };
                let verdict = match told.r.as_str() {
                    "ok" => Verdict::Passed,
                    "skip" => Verdict::Skipped(told.t),
                    "xfail" => Verdict::ExpectedFailure(told.t),
                    "fail" | "xpass" => Verdict::Failed(told.t),
                    _ => Verdict::Error(told.t),
                };
                self.report(verdict, place, seen);
            }
            "skipped" => {
                self.running = Some(("module".into(), place));
                self.report(Verdict::Skipped(told.t), place, seen);
            }
            "broken" => {
                self.running = Some(("import".into(), place));
                self.report(Verdict::Error(told.t), place, seen);
            }
            "done" => self.is_done = true,
            _ => {}
        }
    }

    fn report(&mut self, verdict: Verdict, place: usize, seen: &Recording) {
        let Some((name, from)) = self.running.take() else { return };
        let piece = |place| seen.pieces.iter().rev().find(|p| p.from <= place);
        let host = match (piece(from), piece(place)) {
            (Some(a), Some(b)) => b.host.saturating_duration_since(a.host),
            _ => std::time::Duration::ZERO,
        };
        self.tests.push(TestReport {
            name,
            verdict,
            host,
            board_ns: seen.time_of(place).saturating_sub(seen.time_of(from)),
            output: std::mem::take(&mut self.output),
        });
    }

    fn finish(mut self, seen: &Recording) -> Vec<TestReport> {
        if !self.is_done {
            let place = seen.output.len();
            if self.running.is_none() {
                self.running = Some(("import".into(), place));
            }
            self.report(Verdict::Error(why_not(seen)), place, seen);
        }
        self.tests
    }
}

/// A traceback without the lines that are about the tests' own machinery.
fn without_ours(text: &str) -> String {
    let is_ours = |l: &&str| l.starts_with("  File \"/lib/unittest.py\"");
    text.lines().filter(|l| !is_ours(l)).map(|l| format!("{l}\n")).collect()
}

/// Why a board did not come to the end of its tests.
fn why_not(seen: &Recording) -> String {
    let at = time(seen.end_ns);
    match &seen.end {
        End::Stopped => {
            format!("it took longer than {at} of the board's time (`# for: …` allows more)")
        }
        End::Hung => format!(
            "it was still busy when the host's patience was over, at {at} of the board's time"
        ),
        End::Exit(code) => format!("the board ended with exit code {code} at {at}"),
        End::Raised => format!("the board stopped at {at}:\n{}", last_lines(&seen.output)),
        End::Done => format!("the board was reset, or slept deeply, at {at}"),
    }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
