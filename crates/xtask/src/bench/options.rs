//! What `cargo xtask bench` can be told.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

pub(super) const HELP: &str = "\
cargo xtask bench [options]
  --against PATH     another interpreter to compare with (any number of them)
  --perf-bench DIR   also the programs in the reference's tests/perf_bench
  --only NAME        only programs whose names contain this, or `boards`, or `cloud` (any number of them)
  --rounds N         rounds of each program; the middle time counts (default 5)
  --quick            build without link-time optimisation
  --json FILE        write the figures
  --baseline FILE    compare with figures that were written before
  --tolerance T      and fail where more than this share is lost (0.1 is a tenth), or a board misses its limit";

/// What was asked for.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) against: Vec<String>,
    pub(super) perf_bench: Option<PathBuf>,
    pub(super) only: Vec<String>,
    pub(super) rounds: usize,
    pub(super) quick: bool,
    pub(super) json: Option<PathBuf>,
    pub(super) baseline: Option<PathBuf>,
    pub(super) tolerance: Option<f64>,
}

impl Options {
    /// Reads the arguments.
    pub(super) fn read(args: &[String]) -> Result<Self> {
        let mut options = Self {
            against: Vec::new(),
            perf_bench: None,
            only: Vec::new(),
            rounds: 5,
            quick: false,
            json: None,
            baseline: None,
            tolerance: None,
        };
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            let mut value =
                || rest.next().cloned().with_context(|| format!("`{arg}` needs a value\n{HELP}"));
            match arg.as_str() {
                "--against" => options.against.push(value()?),
                "--perf-bench" => options.perf_bench = Some(value()?.into()),
                "--only" => options.only.push(value()?),
                "--rounds" => options.rounds = value()?.parse().context("rounds")?,
                "--quick" => options.quick = true,
                "--json" => options.json = Some(value()?.into()),
                "--baseline" => options.baseline = Some(value()?.into()),
                "--tolerance" => options.tolerance = Some(value()?.parse().context("tolerance")?),
                _ => bail!("unknown option `{arg}`\n{HELP}"),
            }
        }
        if options.rounds == 0 {
            bail!("`--rounds 0` measures nothing");
        }
        if options.tolerance.is_some() && options.baseline.is_none() {
            bail!("`--tolerance` needs a `--baseline` to compare with");
        }
        Ok(options)
    }

    /// Whether a program of this name is to be measured.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|o| name.contains(o.as_str()))
    }

    /// The profile to build with.
    pub(super) fn profile(&self) -> &'static str {
        if self.quick { "quick" } else { "release" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Options> {
        Options::read(&text.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_that_may_come_often_add_up_and_senseless_ones_are_refused() {
        let options = read("--against a --against b --only dict --rounds 3").unwrap();
        assert_eq!(options.against, ["a", "b"]);
        assert!(options.wants("dicts") && !options.wants("boards"));
        assert!(read("").unwrap().wants("boards"));
        for wrong in ["--rounds 0", "--tolerance 0.1", "--json", "--no-such-option"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
