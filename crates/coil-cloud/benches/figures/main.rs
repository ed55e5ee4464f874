//! How fast the cloud is, beside json-server on the same machine in the same run: a line of JSON per figure, with its limit.
//! `cargo xtask bench --only cloud` runs it. Servers are processes of their own; `wrk` with one thread drives them.
//!
//! Set `JSON_SERVER` to json-server's folder; without it its rows are left out. `COIL_ROUNDS` is how often everything is measured (3),
//! `COIL_SECONDS` how long each time (4). The middle of the rounds counts; both sides take turns within a round.

mod db_json;
mod load;
mod m2x;
mod server;

use std::io::Write as _;
use std::process::ExitCode;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// A measured figure.
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// What it should be at most.
    limit: Option<f64>,
    /// What it should be at least.
    least: Option<f64>,
}

impl Figure {
    fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, limit: None, least: None }
    }

    fn at_most(self, limit: f64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    fn at_least(self, least: f64) -> Self {
        Self { least: Some(least), ..self }
    }

    fn print(&self) -> std::io::Result<()> {
        let Self { name, value, unit, limit, least } = self;
        let line = serde_json::json!({
            "name": name, "value": value, "unit": unit, "limit": limit, "least": least,
        });
        writeln!(std::io::stdout(), "{line}")
    }
}

/// How much is measured.
struct Effort {
    rounds: usize,
    seconds: u32,
}

impl Effort {
    fn of_environment() -> Self {
        let number = |name| std::env::var(name).ok()?.parse::<u32>().ok().filter(|n| *n > 0);
        Self {
            rounds: number("COIL_ROUNDS").unwrap_or(3) as usize,
            seconds: number("COIL_SECONDS").unwrap_or(4),
        }
    }
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn measure() -> Fallible<()> {
    let mut notes = std::io::stderr();
    if !load::is_there() {
        writeln!(notes, "no wrk here: the cloud's figures are left out")?;
        return Ok(());
    }
    let theirs = std::env::var_os("JSON_SERVER").map(std::path::PathBuf::from);
    if theirs.is_none() {
        writeln!(notes, "no json-server here: what is compared with it is left out")?;
    }
    let effort = Effort::of_environment();
    let only: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let wants = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let mut figures = Vec::new();
    if wants("get") {
        figures.extend(db_json::get(&effort, theirs.as_deref())?);
    }
    if wants("post") {
        figures.extend(db_json::post(&effort, theirs.as_deref())?);
    }
    if wants("m2x") {
        figures.extend(m2x::put(&effort)?);
    }
    for figure in figures {
        figure.print()?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [mode, folder] if mode == "serve" => server::serve(folder),
        _ => measure(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a place to say it there is nothing left to do.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
