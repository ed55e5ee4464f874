//! How fast the cloud is: the figures of `coil-cloud`'s bench, beside json-server where it can be had.

use super::options::Options;
use super::report::Figure;
use crate::shell::{root, say};
use crate::tools;
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// Builds and measures.
pub(super) fn measure(options: &Options) -> Result<Vec<Figure>> {
    let bench = ["bench", "--profile", options.profile(), "--quiet", "-p", "coil-cloud"];
    say(&format!("== cargo {} --bench figures", bench.join(" ")));
    let mut command = Command::new("cargo");
    command.args(bench).args(["--bench", "figures"]).current_dir(root());
    if let Some(folder) = tools::json_server()? {
        command.env("JSON_SERVER", folder);
    }
    let out = command.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
    if !out.status.success() {
        bail!("the cloud's bench failed");
    }
    let lines = out.stdout.split(|&b| b == b'\n').filter(|l| !l.is_empty());
    lines.map(|l| serde_json::from_slice(l).context("a figure of the cloud's bench")).collect()
}
