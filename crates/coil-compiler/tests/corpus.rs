//! The reference's own test scripts, when the environment says where they are.
//!
//! `COIL_REFERENCE_TESTS` names a directory; each script in it that is not known to be refused
//! must compile, and what comes out must verify.

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
                compiled += 1;
            }
            Err(error) => refused.push(format!("{}: {error}", path.display())),
        }
    }
    println!("{compiled} of {} compile", paths.len());
    for line in &refused {
        println!("refused {line}");
    }
}
