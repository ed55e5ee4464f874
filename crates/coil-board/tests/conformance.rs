//! Runs every script under `conformance/` on a board with an erased flash and compares what it prints
//! with the file beside it, also when memory is collected at every allocation.

mod board;

use board::{Chip, firmware, run};
use std::path::{Path, PathBuf};

fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of scripts is there") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
}

/// The first line that differs.
fn difference(ours: &str, wanted: &str) -> String {
    let (a, b): (Vec<_>, Vec<_>) = (ours.lines().collect(), wanted.lines().collect());
    let at = a.iter().zip(&b).position(|(x, y)| x != y).unwrap_or(a.len().min(b.len()));
    let line = |l: &[&str]| l.get(at).map_or("(nothing)".to_owned(), |l| (*l).to_owned());
    format!("line {}:\n  printed {}\n  wanted  {}", at + 1, line(&a), line(&b))
}

fn check_all(stress: bool) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let (mut found, mut failed, rom) = (Vec::new(), Vec::new(), firmware());
    scripts(&root, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no script under {}", root.display());
    for path in &found {
        let source = std::fs::read_to_string(path).expect("a script is text");
        let wanted = std::fs::read_to_string(path.with_extension("exp"))
            .expect("a script has its .exp beside it");
        if stress && source.starts_with("# long") {
            continue;
        }
        let ours = run(&rom, &Chip::erased(), &source, stress);
        if ours != wanted {
            let name = path.strip_prefix(&root).unwrap_or(path).display();
            failed.push(format!("{name}: {}", difference(&ours, &wanted)));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {} scripts differ\n{}",
        failed.len(),
        found.len(),
        failed.join("\n")
    );
}

#[test]
fn every_script_prints_what_the_reference_prints() {
    check_all(false);
}

#[test]
fn every_script_does_so_when_memory_is_collected_at_every_allocation() {
    check_all(true);
}
