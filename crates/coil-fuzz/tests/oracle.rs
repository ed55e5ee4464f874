//! Another parser as the oracle of ours: ruff's, which reads CPython's grammar. Where the reference's
//! grammar is another than CPython's, the table of corners says so; every other difference fails.
//!
//! `COIL_REFERENCE_TESTS` names a folder whose scripts are compared as well, and
//! `COIL_REFERENCE_CROSS` an mpy-cross: with it, differences on which it agrees with us are fine.

use coil_compiler::{ErrorKind, Options, compile};
use coil_fuzz::chance::{Choices, Random};
use coil_fuzz::generate;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

mod corners;

/// What a parser says of a source: nothing if it takes it.
type Verdict = Option<String>;

fn ours(source: &str) -> Verdict {
    // Whatever is about the size of a program says nothing of its grammar.
    compile(source, &Options::default())
        .err()
        .filter(|e| {
            !matches!(e.kind, ErrorKind::Recursion | ErrorKind::Overflow | ErrorKind::Memory)
        })
        .map(|e| format!("{}: {}", e.kind.exception(), e.message))
}

fn ruffs(source: &str) -> Verdict {
    ruff_python_parser::parse_module(source).err().map(|e| e.error.to_string())
}

/// What the reference says, where it is at hand.
fn references(cross: &Path, source: &str) -> Verdict {
    let folder = tempfile::tempdir().expect("the host has a folder to give");
    let file = folder.path().join("given.py");
    std::fs::write(&file, source).expect("the folder is ours");
    let out =
        Command::new(cross).arg("-o").arg("/dev/null").arg(&file).output().expect("it starts");
    let text = String::from_utf8_lossy(&out.stderr).into_owned();
    (!out.status.success()).then(|| text.trim().lines().last().unwrap_or_default().to_owned())
}

/// Differences, by what the two say, each with how often it was met and a first example.
#[derive(Default)]
struct Differences(BTreeMap<(String, String), (u32, String)>);

impl Differences {
    /// Compares the verdicts on a source.
    fn compare(&mut self, name: &str, source: &str) {
        let (ours, ruffs) = (ours(source), ruffs(source));
        if ours.is_some() == ruffs.is_some() {
            return;
        }
        let cross = std::env::var_os("COIL_REFERENCE_CROSS").map(PathBuf::from);
        // The reference itself knows better than a table.
        if cross.is_none() && corners::is_known(source, ours.as_deref(), ruffs.as_deref()) {
            return;
        }
        let mut shown = name.to_owned();
        if let Some(cross) = cross {
            let reference = references(&cross, source);
            if reference.is_some() == ours.is_some() {
                return;
            }
            shown.push_str(&format!(
                "\n  the reference: {}",
                reference.as_deref().unwrap_or("takes it")
            ));
        }
        let key =
            (ours.unwrap_or_else(|| "take it".into()), ruffs.unwrap_or_else(|| "takes it".into()));
        self.0.entry(key).or_insert((0, shown)).0 += 1;
    }

    fn check(self) {
        let mut text = String::new();
        for ((ours, ruffs), (times, example)) in &self.0 {
            text.push_str(&format!("{times} times\n  we: {ours}\n  ruff: {ruffs}\n  {example}\n"));
        }
        assert!(self.0.is_empty(), "{} differences\n{text}", self.0.len());
    }
}

#[test]
fn every_generated_program_is_taken_by_both() {
    let mut random = Random(11);
    let mut differences = Differences::default();
    for _ in 0..1500 {
        let bytes = random.bytes(600);
        let source = generate::program(&mut Choices(&bytes));
        assert_eq!(ours(&source), None, "{source}");
        differences.compare(&source, &source);
    }
    differences.check();
}

/// Tokens that are put into programs and taken out of them.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "=",
    "==",
    "*",
    "**",
    "\n",
    ";",
    ".",
    "...",
    "->",
    ":=",
    "@",
    " if ",
    " else ",
    " for ",
    " in ",
    " not ",
    " is ",
    " and ",
    " lambda: ",
    " lambda a, *b, c=1, **d: ",
    " yield ",
    " await ",
    " async ",
    " return ",
    " def f(a): ",
    " class A: ",
    " with ",
    " as ",
    " import ",
    " from ",
    " pass ",
    " del ",
    " global ",
    " nonlocal ",
    " raise ",
    " assert ",
    " try: ",
    " except: ",
    " finally: ",
    " while ",
    " break ",
    "x",
    " 1",
    "1.5",
    "0x1f",
    "1j",
    "'s'",
    "b'b'",
    "f'{x}'",
    "+=",
    "-",
    "~",
    "+",
    "/",
    "None",
    "True",
    "x: int",
    "*x",
    "**x",
    "a=1",
    "#",
    "\\\n",
    "    ",
];

/// Cuts a text where a tokenizer roughly would.
fn tokens(source: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let n = if word(c) { rest.find(|c| !word(c)).unwrap_or(rest.len()) } else { c.len_utf8() };
        let (token, after) = rest.split_at(n);
        out.push(token);
        rest = after;
    }
    out
}

#[test]
fn every_changed_program_gets_one_verdict_but_for_known_corners() {
    let mut random = Random(5);
    let mut differences = Differences::default();
    let rounds = std::env::var("COIL_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for _ in 0..12_000 * rounds {
        let bytes = random.bytes(30);
        let source = generate::program(&mut Choices(&bytes));
        let mut tokens = tokens(&source);
        for _ in 0..1 + random.below(2) {
            let at = random.below(tokens.len() + 1);
            match random.below(4) {
                0 if at < tokens.len() => drop(tokens.remove(at)),
                1 if at < tokens.len() => tokens[at] = TOKENS[random.below(TOKENS.len())],
                2 => {
                    let to = random.below(tokens.len());
                    tokens.swap(at.min(to), to);
                }
                _ => tokens.insert(at, TOKENS[random.below(TOKENS.len())]),
            }
        }
        let source = tokens.concat();
        differences.compare(&source, &source);
    }
    differences.check();
}

#[test]
fn the_scripts_of_a_folder_get_one_verdict_but_for_known_corners() {
    let Some(folder) = std::env::var_os("COIL_REFERENCE_TESTS") else { return };
    let (mut folders, mut count) = (vec![PathBuf::from(folder)], 0);
    let mut differences = Differences::default();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "py")
                && let Ok(source) = std::fs::read_to_string(&path)
            {
                count += 1;
                differences.compare(&path.display().to_string(), &source);
            }
        }
    }
    println!("{count} scripts");
    differences.check();
}
