//! The reference's own test scripts, when the environment says where they are.
//!
//! `COIL_REFERENCE_TESTS` names a directory; each script in it must compile, and what comes out
//! must verify, but for those that are for another dialect, for the prompt, or wrong by intent.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use coil_compiler::{Mode, Options, bytecode, compile};

fn scripts(directory: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            scripts(&path, out);
        } else if path.extension().is_some_and(|e| e == "py") {
            out.push(path);
        }
    }
}

/// Parts of the paths of scripts that the reference itself refuses.
const REFUSED: &[&str] = &[
    "inlineasm/",
    "cmdline/repl_",
    "cmdline/cmd_compile_only_error",
    "feature_check/repl_",
    "cpydiff/core_fstring_",
    "cpydiff/core_function_star",
    "cpydiff/syntax_unicode_nameesc",
];

#[test]
fn reference_scripts_compile_and_verify() {
    let Some(root) = env::var_os("COIL_REFERENCE_TESTS") else {
        return;
    };
    let mut paths = Vec::new();
    scripts(Path::new(&root), &mut paths);
    paths.sort();
    let mut compiled = 0;
    let mut refused = Vec::new();
    for path in &paths {
        let bytes = fs::read(path).expect("the script was just listed");
        let source = String::from_utf8_lossy(&bytes);
        match compile(&source, &Options { mode: Mode::Module, ..Options::default() }) {
            Ok(unit) => {
                bytecode::verify(&unit).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                bytecode::check_flow(&unit).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                compiled += 1;
            }
            Err(_) if REFUSED.iter().any(|part| path.to_string_lossy().contains(part)) => {}
            Err(error) => refused.push(format!("{}: {error}", path.display())),
        }
    }
    println!("{compiled} of {} compile", paths.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
