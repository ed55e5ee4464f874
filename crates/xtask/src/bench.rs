//! `cargo xtask bench`: programs against the interpreters that are on the machine, what boards cost, and how fast the cloud is.

mod boards;
mod cloud;
mod options;
mod peers;
mod programs;
mod report;
mod timing;
mod wires;

use crate::shell::{self, root, say};
use anyhow::Result;
use options::Options;
use peers::Peer;
use programs::Program;
use report::{Report, Row};
use std::path::PathBuf;

/// Measures, prints a table, and does what the options ask for.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let options = Options::read(args)?;
    // What is wrong with it shall be known before minutes are spent.
    let baseline = options.baseline.as_deref().map(Report::read).transpose()?;
    let boards = if options.wants("boards") { boards::measure(&options)? } else { Vec::new() };
    let cloud = if options.wants("cloud") { cloud::measure(&options)? } else { Vec::new() };
    let programs = programs::all(&options)?;
    let mut report = Report { boards, cloud, ..Report::default() };
    if !programs.is_empty() {
        let ours = coil(&options)?;
        let peers = peers::find(&options)?;
        report.interpreters = ours.iter().chain(&peers).map(|p| p.name.clone()).collect();
        report.print_head();
        for program in &programs {
            let row = measure(program, &ours, &peers, options.rounds)?;
            report.print_row(&row);
            report.rows.push(row);
        }
        report.print_means();
    }
    report.print_figures();
    if let Some(file) = &options.json {
        report.write(file)?;
        say(&format!("written: {}", file.display()));
    }
    match baseline {
        Some(baseline) => report.compare(&baseline, options.tolerance),
        None => Ok(()),
    }
}

/// The files of our own programs.
pub(crate) fn own_programs() -> Result<Vec<PathBuf>> {
    Ok(programs::own()?.into_iter().map(|p| p.file).collect())
}

/// Our program, which is built for it, in both precisions.
fn coil(options: &Options) -> Result<[Peer; 2]> {
    let path = build(options)?;
    let with = |name: &str, bits: &str| {
        // As much memory as the reference gives its programs on this kind of machine.
        let command = ["run", "--float", bits, "--heap", "2000000"].map(String::from).to_vec();
        Peer::new(name.into(), path.clone(), command)
    };
    Ok([with("coil", "64"), with("coil single", "32")])
}

fn build(options: &Options) -> Result<PathBuf> {
    let profile = options.profile();
    shell::run("cargo", &["build", "--profile", profile, "--quiet", "-p", "coil"], &[])?;
    Ok(root().join("target").join(profile).join("coil"))
}

/// Rounds take turns, so that what else the machine does meets all alike.
fn measure(program: &Program, ours: &[Peer], peers: &[Peer], rounds: usize) -> Result<Row> {
    let all: Vec<&Peer> = ours.iter().chain(peers).collect();
    let mut times = vec![Vec::new(); all.len()];
    let mut outputs = vec![None; all.len()];
    let mut failed = vec![false; all.len()];
    for _ in 0..rounds {
        for (i, peer) in all.iter().enumerate() {
            if failed[i] {
                continue;
            }
            let run = peer.run(&program.file)?;
            if run.success {
                times[i].push(run.ms);
                outputs[i] = Some(program.result(&run.output));
            } else {
                failed[i] = true;
            }
        }
    }
    let ms = times.iter_mut().zip(&failed);
    let ms: Vec<Option<f64>> =
        ms.map(|(t, failed)| (!failed).then(|| timing::median(t) / program.repeats)).collect();
    // Single precision prints other digits; all the others must agree.
    let mut doubles: Vec<_> =
        outputs.iter().enumerate().filter(|o| o.0 != 1).filter_map(|o| o.1.clone()).collect();
    doubles.dedup();
    Ok(Row { program: program.name.clone(), ms, same_output: doubles.len() <= 1 })
}
