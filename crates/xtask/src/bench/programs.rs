//! What is run: programs of our own, and those of the reference where its folder is given.

use super::options::Options;
use crate::shell::root;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// A program.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) file: PathBuf,
    /// How often it does its work in one run.
    pub(super) repeats: f64,
    /// It prints its own time first, which differs.
    times_itself: bool,
}

impl Program {
    /// What must be the same everywhere.
    pub(super) fn result(&self, output: &[u8]) -> Vec<u8> {
        let from =
            if self.times_itself { output.iter().position(|&b| b == b' ').unwrap_or(0) } else { 0 };
        output[from..].to_vec()
    }
}

/// The programs that the options ask for.
pub(super) fn all(options: &Options) -> Result<Vec<Program>> {
    let mut programs = own()?;
    if let Some(folder) = &options.perf_bench {
        programs.extend(perf_bench(folder)?);
    }
    programs.retain(|p| options.wants(&p.name));
    if programs.is_empty() && !options.wants("boards") && !options.wants("cloud") {
        bail!("`--only {}`: there is no such program", options.only.join("`, `--only "));
    }
    Ok(programs)
}

/// Those below `bench/programs`.
pub(super) fn own() -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    for entry in std::fs::read_dir(root().join("bench/programs"))? {
        let file = entry?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        programs.push(Program { name, file, repeats: 1.0, times_itself: false });
    }
    programs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(programs)
}

/// The programs of the reference's folder that need nothing but the language: the size of their task,
/// and how often it is done so that a run of ours lasts about a fifth of a second: what
/// a process takes to start is then of no weight.
const PERF_BENCH: &[(&str, u32, u32)] = &[
    ("bm_chaos", 10_000, 5),
    ("bm_fannkuch", 10_000, 1),
    ("bm_fft", 10_000, 4),
    ("bm_float", 10_000, 10),
    ("bm_hexiom", 10_000, 4),
    ("bm_nqueens", 10_000, 3),
    ("bm_pidigits", 10_000, 14),
    ("bm_wordcount", 1000, 6),
    ("core_locals", 1000, 4),
    ("core_qstr", 10_000, 60),
    ("core_str", 10_000, 12),
    ("core_yield_from", 10_000, 16),
    ("misc_aes", 10_000, 6),
    ("misc_mandel", 10_000, 12),
    ("misc_pystone", 10_000, 10),
    ("misc_raytrace", 10_000, 8),
];
/// Bytes of memory that a program may plan with, in thousands.
const MEMORY: u32 = 10_000;
/// The line of the reference's `benchrun.py` that does the work.
const WORK: &str = "    run()\n";

/// A script each: the program, what runs it, and the call.
fn perf_bench(folder: &Path) -> Result<Vec<Program>> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let runner = read("benchrun.py")?;
    if runner.matches(WORK).count() != 1 {
        bail!("{}: benchrun.py is not as expected", folder.display());
    }
    let scripts = root().join("target/bench/perf_bench");
    std::fs::create_dir_all(&scripts)?;
    let script = |&(name, size, repeats): &(&str, u32, u32)| {
        let work = format!("    for _ in range({repeats}):\n        run()\n");
        let source = read(&format!("{name}.py"))?;
        let text = format!("{source}\n{}\nbm_run({size}, {MEMORY})\n", runner.replace(WORK, &work));
        let file = scripts.join(format!("{name}.py"));
        std::fs::write(&file, text)?;
        let repeats = f64::from(repeats);
        Ok(Program { name: name.into(), file, repeats, times_itself: true })
    };
    PERF_BENCH.iter().map(script).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_programs_are_found_in_order() {
        let names: Vec<String> = own().unwrap().into_iter().map(|p| p.name).collect();
        assert!(names.is_sorted() && names.contains(&"imports".to_owned()), "{names:?}");
    }

    #[test]
    fn the_time_that_a_program_prints_is_no_result() {
        let mut p =
            Program { name: String::new(), file: PathBuf::new(), repeats: 1.0, times_itself: true };
        assert_eq!(p.result(b"1234 50 done\n"), b" 50 done\n");
        p.times_itself = false;
        assert_eq!(p.result(b"12 50\n"), b"12 50\n");
    }
}
