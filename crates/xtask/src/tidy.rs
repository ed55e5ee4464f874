//! What the house asks of its files: their size, their first line, where `unsafe` may stand.

use crate::shell::{root, say};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Lines of a file at most.
const LINES_MAX: usize = 800;
/// Files that may be longer, each for its reason.
const LONG: &[&str] = &[
    // One arm per opcode.
    "crates/coil-vm/src/interp/run.rs",
];
/// Files that may use `unsafe`; ARCHITECTURE.md lists them as well.
const UNSAFE: &[&str] = &[
    "crates/coil-vm/src/interp/run.rs",
    "crates/coil-vm/src/interp/machine.rs",
    "crates/coil-jit/src/machine_code.rs",
    "crates/coil-jit/src/table.rs",
    "crates/coil-lab/src/coroutine.rs",
    "crates/coil-usb/src/notify.rs",
    "crates/coil-board/src/vfs/littlefs.rs",
];

/// Checks all of it.
pub(crate) fn check() -> Result<()> {
    let root = root();
    let mut files = Vec::new();
    collect(&root.join("crates"), &["rs"], &mut files)?;
    collect(&root.join("fuzz/fuzz_targets"), &["rs"], &mut files)?;
    let mut page = Vec::new();
    collect(&root.join("web/src"), &["ts", "css"], &mut page)?;
    collect(&root.join("web/tests"), &["ts", "mjs"], &mut page)?;
    let mut wrong = Vec::new();
    check_page(&page, &root, &mut wrong)?;
    let mut blocks = 0;
    for file in &files {
        let name = file.strip_prefix(&root)?.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file)?;
        let lines = text.lines().count();
        if lines > LINES_MAX && !LONG.contains(&name.as_str()) {
            wrong.push(format!("{name}: {lines} lines; {LINES_MAX} are the limit"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{name}: does not start with `//!` and what the file owns"));
        }
        let used = text
            .lines()
            .filter(|l| l.contains(concat!("unsafe", " {")) || l.contains(concat!("unsafe", " fn")))
            .count();
        blocks += used;
        if used > 0 && !UNSAFE.contains(&name.as_str()) {
            wrong.push(format!("{name}: `unsafe` outside the listed files"));
        }
        if text.contains(concat!("TO", "DO")) || text.contains(concat!("FIX", "ME")) {
            wrong.push(format!("{name}: an unfinished note"));
        }
    }
    let plan = std::fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    for file in UNSAFE {
        if !plan.contains(file) {
            wrong.push(format!(
                "ARCHITECTURE.md does not list {file} among the files with `unsafe`"
            ));
        }
    }
    for w in &wrong {
        say(w);
    }
    if !wrong.is_empty() {
        bail!("{} untidy files", wrong.len());
    }
    say(&format!("tidy: {} files, {blocks} unsafe blocks in {} files", files.len(), UNSAFE.len()));
    Ok(())
}

/// The page's sources: as long at most, and what they own is said first as well.
fn check_page(files: &[PathBuf], root: &Path, wrong: &mut Vec<String>) -> Result<()> {
    for file in files {
        let name = file.strip_prefix(root)?.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file)?;
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{name}: {lines} lines; {LINES_MAX} are the limit"));
        }
        if !text.starts_with("// ") && !text.starts_with("/* ") {
            wrong.push(format!("{name}: does not start with a comment on what the file owns"));
        }
    }
    Ok(())
}

fn collect(dir: &Path, endings: &[&str], into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, endings, into)?;
        } else if path.extension().is_some_and(|e| endings.iter().any(|ending| e == *ending)) {
            into.push(path);
        }
    }
    into.sort();
    Ok(())
}
