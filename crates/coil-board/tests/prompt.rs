//! The prompt for people, key by key: `prompt/<claim>.keys` says what is typed and which bytes must
//! come back.
//!
//! A line `> KEYS` types; the lines below it up to the next one, joined, are what the board sends then.
//! Escapes are those of Rust's byte strings; `\s` is a space, and a line with `#` says something to
//! the reader. The banner and the first prompt have been read before.

mod board;

use board::{Chip, NoTls, firmware};
use coil_board::outside::{Event, NoRadio, Stimulus, Wires};
use coil_board::{Board, Setup};
use coil_vm::{Port, Wake};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;

/// One who types the next keys when the board waits, and pulls the plug after the last.
#[derive(Default)]
struct Typist {
    steps: VecDeque<Vec<u8>>,
    keys: VecDeque<u8>,
    /// What came back, for each step so far; the banner first.
    answers: Vec<Vec<u8>>,
    interrupt: i16,
    interrupted: bool,
    leaves: bool,
    now_us: u64,
}

impl Typist {
    fn type_next(&mut self) {
        match self.steps.pop_front() {
            Some(step) => {
                self.answers.push(Vec::new());
                for key in step {
                    if i16::from(key) == self.interrupt {
                        self.interrupted = true;
                    } else {
                        self.keys.push_back(key);
                    }
                }
            }
            None => self.leaves = true,
        }
    }
}

#[derive(Clone)]
struct Terminal(Rc<RefCell<Typist>>);

impl Port for Terminal {
    fn now_us(&mut self) -> u64 {
        self.0.borrow().now_us
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0.borrow_mut().answers.last_mut().expect("the banner is there").extend(bytes);
    }
    fn read(&mut self) -> Option<u8> {
        self.0.borrow_mut().keys.pop_front()
    }
    fn readable(&mut self) -> bool {
        !self.0.borrow().keys.is_empty()
    }
    fn wait(&mut self, until: Option<u64>) -> Wake {
        let mut typist = self.0.borrow_mut();
        // A program that sleeps is interrupted by the next keys; nobody types while it ends by itself.
        match until {
            Some(t) if t < typist.now_us + 1_000_000 => typist.now_us = t.max(typist.now_us),
            _ => typist.type_next(),
        }
        Wake::Event
    }
    fn poll(&mut self, steps: u32) {
        let mut typist = self.0.borrow_mut();
        typist.now_us += u64::from(steps);
        // A program that runs for ever meets the next keys after ten seconds.
        if typist.now_us > 10_000_000 {
            typist.now_us = 0;
            typist.type_next();
        }
    }
    fn take_interrupt(&mut self) -> bool {
        std::mem::take(&mut self.0.borrow_mut().interrupted)
    }
    fn set_interrupt_char(&mut self, c: i16) {
        self.0.borrow_mut().interrupt = c;
    }
    fn random(&mut self) -> u32 {
        4
    }
}

impl Wires for Terminal {
    fn emit(&mut self, _: u64, _: Event) {}
    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)> {
        std::mem::take(&mut self.0.borrow_mut().leaves).then_some((now_ns, Stimulus::PowerOff))
    }
}

/// What a board sends for each step.
fn answers(steps: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let typist = Typist { steps: steps.into(), answers: vec![Vec::new()], ..Typist::default() };
    let terminal = Terminal(Rc::new(RefCell::new(typist)));
    let profile = include_str!("../../../firmware/profiles/current.toml");
    let device = include_str!("../../../devices/esp32-devkitc.toml");
    Board::new(Setup {
        profile: Rc::new(toml::from_str(profile).expect("the profile is well-formed")),
        device: Rc::new(toml::from_str(device).expect("the device is well-formed")),
        rom: firmware(),
        port: Box::new(terminal.clone()),
        wires: Box::new(terminal.clone()),
        radio: Box::new(NoRadio::default()),
        tls: Box::new(NoTls),
        flash: Box::new(Chip::erased()),
        mac: [0x24, 0x0a, 0xc4, 0, 0, 1],
        rtc_offset_us: 0,
        boot_text: false,
        single_precision: true,
        heap: Some(1 << 18),
        files: Vec::new(),
    })
    .run();
    let mut answers = std::mem::take(&mut terminal.0.borrow_mut().answers);
    answers.remove(0);
    answers
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push(b'\n'),
                Some('r') => out.push(b'\r'),
                Some('t') => out.push(b'\t'),
                Some('e') => out.push(27),
                Some('s') => out.push(b' '),
                Some('x') => {
                    let digits: String = chars.by_ref().take(2).collect();
                    out.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits"));
                }
                Some(c) => out.push(c as u8),
                None => panic!("a lone backslash in `{text}`"),
            },
            c => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    out
}

fn escape(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| match c {
            '\u{1b}' => "\\e".into(),
            '\\' => "\\\\".into(),
            c if c.is_control() => c.escape_default().to_string().replace("\\u{8}", "\\x08"),
            c => c.to_string(),
        })
        .collect()
}

/// Steps and what they are answered with.
fn parse(script: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut steps: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    for line in script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix("> ") {
            Some(keys) => steps.push((unescape(keys), Vec::new())),
            None => steps.last_mut().expect("keys come first").1.extend(unescape(line)),
        }
    }
    steps
}

#[test]
fn the_board_answers_keys_with_these_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prompt");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder of scripts is there")
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no script under {}", folder.display());
    let mut failed = Vec::new();
    for path in paths {
        let script = std::fs::read_to_string(&path).expect("a script is text");
        let steps = parse(&script);
        let ours = answers(steps.iter().map(|step| step.0.clone()).collect());
        assert_eq!(ours.len(), steps.len(), "the board ended within {}", path.display());
        for ((keys, wanted), ours) in steps.iter().zip(&ours) {
            if wanted != ours {
                let (name, keys) = (path.file_name().unwrap_or_default(), escape(keys));
                let (ours, wanted) = (escape(ours), escape(wanted));
                failed.push(format!(
                    "{}: {keys}\n  sent   {ours}\n  wanted {wanted}",
                    name.display()
                ));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
