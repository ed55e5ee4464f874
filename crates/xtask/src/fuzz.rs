//! Runs the fuzz targets under libFuzzer, each for some time.

use crate::shell::{root, run, say, works};
use anyhow::{Result, bail};

/// Seconds for each target.
const SECONDS: &str = "60";

/// `cargo xtask fuzz [TARGET|all] [SECONDS]`.
pub(crate) fn run_targets(args: &[String]) -> Result<()> {
    if !works("cargo", &["+nightly", "fuzz", "--version"]) {
        bail!("this needs nightly Rust and `cargo install cargo-fuzz`");
    }
    let chosen = args.first().map_or("all", String::as_str);
    let seconds = args.get(1).map_or(SECONDS, String::as_str);
    let mut failed = Vec::new();
    for target in targets()? {
        if chosen != "all" && chosen != target {
            continue;
        }
        let (seeds, corpus) = (format!("fuzz/seeds/{target}"), format!("fuzz/corpus/{target}"));
        std::fs::create_dir_all(root().join(&corpus))?;
        let time = format!("-max_total_time={seconds}");
        let mut line = vec!["+nightly", "fuzz", "run", "-s", "none"];
        if matches!(target.as_str(), "flash" | "repl" | "framing") {
            // The C that its library was ported from wraps.
            line.push("-O");
        }
        line.extend([target.as_str(), &corpus, &seeds, "--", &time]);
        line.extend(["-timeout=25", "-max_len=3000", "-rss_limit_mb=4000"]);
        if let Err(e) = run("cargo", &line, &[]) {
            say(&format!("{target}: {e:#}"));
            failed.push(target);
        }
    }
    if !failed.is_empty() {
        bail!("inputs that these cannot take are in fuzz/artifacts: {}", failed.join(", "));
    }
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join("fuzz/fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|s| s.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}
