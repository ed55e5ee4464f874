//! What boards say, and what `coil explain` says to it.

use crate::support::{COIL, coil, text};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A program that makes a board say something.
struct Case<'a> {
    id: &'a str,
    program: &'a str,
    firmware: &'a str,
    /// The last line of what it says.
    said: &'a str,
}

fn cases() -> Vec<Case<'static>> {
    let samples = coil_explain::all().iter().flat_map(|e| e.sample.iter().map(|s| (&*e.id, s)));
    let case = |(id, sample): (&'static str, &'static coil_explain::Sample)| {
        Some(Case {
            id,
            program: sample.program.as_deref()?,
            firmware: sample.firmware.as_deref().unwrap_or("current"),
            said: sample.text.lines().next_back()?.trim(),
        })
    };
    samples.filter_map(case).collect()
}

/// Gives `coil explain` something to read.
fn explained(said: &[u8], args: &[&str]) -> String {
    let mut child = Command::new(COIL)
        .arg("explain")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("coil starts");
    child.stdin.take().expect("piped").write_all(said).expect("written");
    let out = child.wait_with_output().expect("output");
    assert!(out.status.success());
    text(&out.stdout)
}

/// What is wrong with a case: nothing, if the board says what the file says it does, and that is explained.
fn check(case: &Case<'_>) -> Option<String> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("main.py");
    std::fs::write(&path, case.program).expect("written");
    let path = path.to_str().expect("plain");
    let out = coil(&["run", "--virtual-time", "--firmware", case.firmware, path]);
    let said = [&out.stdout[..], &out.stderr[..]].concat();
    let told = text(&said);
    if !told.lines().any(|line| line.trim() == case.said) {
        return Some(format!(
            "{} ({}) says not `{}`, but:\n{told}",
            case.id, case.firmware, case.said
        ));
    }
    let found: serde_json::Value =
        serde_json::from_str(&explained(&said, &["--json"])).expect("JSON");
    if found["id"] != case.id {
        return Some(format!("{} is taken for {}:\n{told}", case.id, found["id"]));
    }
    None
}

#[test]
fn boards_say_what_is_explained_and_it_is_explained() {
    let cases = cases();
    assert!(cases.len() >= 60, "{} programs", cases.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut wrong = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            wrong.extend(check(case));
        }
        wrong
    };
    let wrong: Vec<_> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        hands.into_iter().flat_map(|hand| hand.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn what_is_read_is_passed_on_unchanged_with_the_explanation_after_it() {
    let said = "hello\r\nTraceback (most recent call last):\r\n  File \"main.py\", line 2, in <module>\r\n\
                NameError: name 'led' isn't defined\r\n";
    let out = explained(said.as_bytes(), &[]);
    let (before, after) = out.split_at(text(said.as_bytes()).len());
    assert_eq!(before, text(said.as_bytes()));
    assert!(after.contains("`led`") && after.contains("main.py, line 2"), "{after}");
    // What is not known, and what is no text, gets nothing.
    assert_eq!(explained(b"all is well\n", &[]), "all is well\n");
    assert_eq!(explained(b"all is well\n", &["--json"]).trim(), "null");
    assert_eq!(explained(&[0xff, b'\n'], &[]), "\u{fffd}\n");
}

#[test]
fn a_line_is_explained_on_the_command_line_and_all_are_listed() {
    let out = coil(&["explain", "OSError:", "23"]);
    assert!(out.status.success());
    assert!(text(&out.stdout).contains(".close()"), "{}", text(&out.stdout));
    let out = coil(&["explain", "all", "is", "well"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("nothing is known about `all is well`"));
    let list = text(&coil(&["explain", "--list"]).stdout);
    assert_eq!(list.lines().count(), coil_explain::all().len());
    let list = coil(&["explain", "--list", "--json"]).stdout;
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(coil_explain::all().len()));
}

#[test]
fn an_explanation_says_how_to_read_on_and_that_is_read_without_anything_else() {
    let out = text(&coil(&["explain", "IndexError: list index out of range"]).stdout);
    let line = out.lines().find_map(|line| line.trim().strip_prefix("coil explain --read "));
    let lesson = line.unwrap_or_else(|| panic!("{out}"));
    let read = |asked: &str| coil(&["explain", "--read", asked]);
    let section = text(&read(lesson).stdout);
    assert!(section.starts_with("## ") && section.contains("IndexError"), "{section}");
    let page = text(&read("lists").stdout);
    assert!(page.starts_with("# ") && page.contains(&section), "{page}");
    let out = text(&coil(&["explain", "OSError: Wifi Not Started"]).stdout);
    assert!(out.contains(".html (with internet)\n"), "{out}");
    // All pages are on the first one.
    let contents = text(&coil(&["explain", "--read"]).stdout);
    for page in coil_explain::texts() {
        let name = page.path.strip_prefix("docs/learn/").filter(|name| *name != "README.md");
        assert!(name.is_none_or(|n| contents.contains(&format!("({n})"))), "{}", page.path);
    }
    let none = read("nothing");
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("there is no text `nothing`"), "{}", text(&none.stderr));
    let none = text(&read("lists#nothing").stderr);
    assert!(none.contains("no section `nothing`; it has `lists-and-tuples`"), "{none}");
}
