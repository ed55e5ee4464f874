//! The pages for beginners (`docs/learn`): what is said in them is what a board says.
//!
//! A block of `python` is a program, and the block of `text` below it is what a board prints when it runs it as `main.py`; without one
//! it prints nothing. `python lamp.py` is a file that the programs below it on the page find on the board. `pycon` is typed at the prompt.
//! Around the boards is the WiFi of a workshop with a server, `sensors.example`, which the pages about the network speak to.

use crate::support::text;
use coil_board::Outcome;
use coil_board::outside::RamFlash;
use coil_lab::{BoardSpec, Console, Pace, Runner, catalog};
use coil_test::{Options, Verdict};
use regex::Regex;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// A block between two lines of ```` ``` ````.
struct Block {
    /// What stands behind the first of them.
    kind: String,
    text: String,
    page: &'static str,
    /// The number of its first line.
    line: usize,
}

impl Block {
    fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// A program with the files that it needs, and what a board says to it.
struct Program<'a> {
    block: &'a Block,
    files: Vec<(&'a str, &'a str)>,
    said: &'a str,
}

/// All blocks of all pages, page by page.
fn blocks() -> Vec<Block> {
    let mut found = Vec::new();
    for page in coil_explain::texts().iter().filter(|text| text.path.starts_with("docs/learn/")) {
        let mut open: Option<Block> = None;
        for (number, line) in (1..).zip(page.text.lines()) {
            match (&mut open, line.strip_prefix("```")) {
                (Some(_), Some(_)) => found.extend(open.take()),
                (Some(block), None) => block.text += &format!("{line}\n"),
                (None, Some(kind)) => {
                    let (kind, text) = (kind.to_owned(), String::new());
                    open = Some(Block { kind, text, page: page.path, line: number + 1 });
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block has no end", page.path);
    }
    found
}

fn programs(blocks: &[Block]) -> Vec<Program<'_>> {
    let (mut found, mut files) = (Vec::<Program<'_>>::new(), Vec::new());
    let (mut before, mut page) = ("", "");
    for block in blocks {
        if block.page != page {
            page = block.page;
            files.clear();
        }
        match block.kind.split_once(' ').unwrap_or((&block.kind, "")) {
            ("python", "") => found.push(Program { block, files: files.clone(), said: "" }),
            ("python", name) => files.push((name, &*block.text)),
            ("text", "") => {
                assert_eq!(before, "python", "{}: no program says this", block.place());
                found.last_mut().expect("the one before").said = &block.text;
            }
            ("pycon" | "sh", "") => {}
            (other, _) => panic!("{}: what is `{other}`?", block.place()),
        }
        before = &block.kind;
    }
    found
}

/// What is around the boards, and what the server says.
const AROUND: &str = r#"
program = "main.py"
for = "60s"
network = { ssid = "workshop", password = "micropython" }

[[serve]]
request = "GET /celsius"
host = "sensors.example"
json = { celsius = 21.5 }

[[serve]]
request = "PUT /celsius"
host = "sensors.example"
status = 202
json = { status = "accepted" }
"#;

/// Makes a test of a program, in a folder of its own.
fn prepare(folder: &Path, program: &Program<'_>) {
    std::fs::create_dir(folder).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    write("main.py", &program.block.text);
    let mut files = Vec::new();
    for (at, (name, text)) in program.files.iter().enumerate() {
        write(&format!("file{at}"), text);
        files.push(format!("\"/{name}\" = \"file{at}\""));
    }
    write("page.test.toml", &format!("files = {{ {} }}\n{AROUND}", files.join(", ")));
}

/// A text without what differs from one build to the next: where on the heap something is, and blanks at ends of lines.
fn plain(text: &str) -> String {
    let address = Regex::new(r"\b(at) (?:0x)?[0-9a-f]+>").expect("a pattern");
    let lines = text.lines().map(|line| format!("{}\n", line.trim_end()));
    address.replace_all(&lines.collect::<String>(), "$1 …>").into_owned()
}

#[test]
fn every_program_says_what_stands_below_it() {
    let blocks = blocks();
    let programs = programs(&blocks);
    assert!(programs.len() >= 80, "{} programs", programs.len());
    let dir = tempfile::tempdir().expect("a folder");
    for (at, program) in programs.iter().enumerate() {
        prepare(&dir.path().join(format!("{at:04}")), program);
    }
    let found = coil_test::find(&[dir.path().to_owned()]).expect("the tests");
    let options = Options { jobs: 4, filter: Vec::new(), patience: PATIENCE, coverage: false };
    let (reports, _) = coil_test::run(&found, &options, |_| {});
    assert_eq!(reports.len(), programs.len());
    let mut wrong = Vec::new();
    for (report, program) in reports.iter().zip(&programs) {
        let test = &report.tests[0];
        if let Verdict::Error(why) = &test.verdict {
            wrong.push(format!("{}: {why}", program.block.place()));
        } else if plain(&test.output) != plain(program.said) {
            wrong.push(format!("{}: a board says\n{}", program.block.place(), test.output));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), programs.len(), wrong.join("\n"));
}

#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    fn text(&self) -> String {
        text(&self.0.lock().expect("not poisoned"))
    }

    /// Waits for the board to ask for more, after so many bytes.
    fn prompt_after(&self, bytes: usize) {
        let start = Instant::now();
        while !self.text().get(bytes..).is_some_and(|text| text.ends_with(">>> ")) {
            assert!(start.elapsed() < PATIENCE, "no prompt after {}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
    }
    fn end(&mut self, _: Outcome) {}
}

/// What the screen shows when this is typed at the prompt, line by line.
fn typed<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let screen = Screen::default();
    let device = catalog::device("wemos-d1-r32").expect("a board");
    let flash = Box::new(RamFlash::new(device.flash_bytes));
    let profile = catalog::profile("current").expect("a firmware");
    let rom = coil_board::modules::rom(&profile);
    let spec = BoardSpec::new(profile, device, flash, Box::new(screen.clone()));
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    let board = runner.add(spec);
    screen.prompt_after(0);
    let start = screen.text().len();
    for line in lines {
        let before = screen.text().len();
        board.send(format!("{line}\r").as_bytes());
        screen.prompt_after(before);
    }
    runner.stop();
    let shown = screen.text();
    let shown = shown[start..].strip_suffix("\n>>> ").expect("the last prompt");
    format!(">>> {shown}\n")
}

#[test]
fn what_is_typed_at_the_prompt_is_answered_so() {
    let blocks = blocks();
    let sessions: Vec<_> = blocks.iter().filter(|block| block.kind == "pycon").collect();
    assert!(sessions.len() >= 2, "{} sessions", sessions.len());
    let answered = |block: &Block| typed(block.text.lines().filter_map(|l| l.strip_prefix(">>> ")));
    for block in sessions {
        assert_eq!(answered(block), block.text, "{}", block.place());
    }
}
