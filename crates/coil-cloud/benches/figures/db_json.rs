//! `db.json`: reading one item, and adding rows.

use std::path::Path;

use serde_json::json;

use crate::load::{Load, Request, Seen};
use crate::server::Server;
use crate::{Effort, Fallible, Figure, median};

/// What is asked of either server.
struct Case {
    rows: usize,
    connections: usize,
    request: Request,
}

/// What was seen in a round, and the microseconds of processor time that a request took.
struct Round {
    seen: Seen,
    processor: f64,
}

/// Where both servers have their files: on a disk, which the folder for temporary files may not be.
fn folder() -> Fallible<tempfile::TempDir> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

impl Case {
    fn write(&self, file: &Path) -> Fallible<()> {
        let rows: Vec<_> = (1..=self.rows)
            .map(|id| json!({ "id": id, "title": format!("post {id}"), "author": "workshop" }))
            .collect();
        Ok(std::fs::write(file, serde_json::to_string_pretty(&json!({ "posts": rows }))?)?)
    }

    /// One round on a server with a file of its own.
    fn run(&self, effort: &Effort, theirs: Option<&Path>) -> Fallible<Round> {
        let folder = folder()?;
        let file = folder.path().join("db.json");
        self.write(&file)?;
        let server = match theirs {
            Some(program) => Server::theirs(program, &file)?,
            None => Server::ours(folder.path())?,
        };
        let load = |seconds| Load {
            port: server.port,
            connections: self.connections,
            seconds,
            requests: std::slice::from_ref(&self.request),
            rest: None,
        };
        load(1).run(folder.path())?;
        let before = server.processor()?;
        let seen = load(effort.seconds).run(folder.path())?;
        let processor = (server.processor()? - before) / seen.requests * 1e6;
        if self.request.method == "POST" && theirs.is_none() {
            check(&file, self.rows + seen.requests as usize)?;
        }
        Ok(Round { seen, processor })
    }

    /// All rounds, side by side.
    fn measure(
        &self,
        effort: &Effort,
        theirs: Option<&Path>,
    ) -> Fallible<(Vec<Round>, Vec<Round>)> {
        let (mut our, mut their) = (Vec::new(), Vec::new());
        for _ in 0..effort.rounds {
            our.push(self.run(effort, None)?);
            if let Some(program) = theirs {
                their.push(self.run(effort, Some(program))?);
            }
        }
        Ok((our, their))
    }
}

/// Whether the file has at least so many rows, a moment after the last was answered.
fn check(file: &Path, rows: usize) -> Fallible<()> {
    let mut found = 0;
    for _ in 0..100 {
        let db: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
        found = db["posts"].as_array().map_or(0, Vec::len);
        if found >= rows {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    Err(format!("{rows} rows were answered, and the file has {found}").into())
}

fn request(method: &'static str, path: &str, body: &str) -> Request {
    Request { method, path: path.to_owned(), key: String::new(), body: body.to_owned() }
}

fn middle(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    median(rounds.iter().map(of).collect())
}

/// How many times as much the second is as the first, round by round.
fn ratio(our: &[Round], their: &[Round], of: impl Fn(&Round, &Round) -> f64) -> f64 {
    median(our.iter().zip(their).map(|(our, their)| of(our, their)).collect())
}

pub(crate) fn get(effort: &Effort, theirs: Option<&Path>) -> Fallible<Vec<Figure>> {
    let request = request("GET", "/posts/500", "");
    let case = Case { rows: 1000, connections: 64, request };
    let (our, their) = case.measure(effort, theirs)?;
    let name = "GET of an item of db.json, 64 connections";
    let mut figures = vec![
        Figure::new(name, middle(&our, |round| round.seen.per_second()), "1/s"),
        Figure::new(format!("{name}: processor"), middle(&our, |round| round.processor), "us"),
    ];
    if !their.is_empty() {
        let speed =
            ratio(&our, &their, |our, their| our.seen.per_second() / their.seen.per_second());
        let cost = ratio(&our, &their, |our, their| their.processor / our.processor);
        figures.extend([
            Figure::new("the same, json-server", middle(&their, |r| r.seen.per_second()), "1/s"),
            Figure::new("the same, as many times json-server's", speed, "x").at_least(10.0),
            Figure::new("json-server's processor time a request, as many times ours", cost, "x")
                .at_least(15.0),
        ]);
    }
    Ok(figures)
}

pub(crate) fn post(effort: &Effort, theirs: Option<&Path>) -> Fallible<Vec<Figure>> {
    let request = || request("POST", "/posts", r#"{"title": "new", "author": "board"}"#);
    let case = |rows| Case { rows, connections: 16, request: request() };
    let (our, their) = case(0).measure(effort, theirs)?;
    let (large, _) = case(10_000).measure(effort, None)?;
    let speed = |round: &Round| round.seen.per_second();
    let name = "POST to db.json, 16 connections, on disk";
    let mut figures = vec![
        Figure::new(name, middle(&our, speed), "1/s"),
        Figure::new("the same: p99", middle(&our, |round| round.seen.p99), "ms").at_most(10.0),
    ];
    if !their.is_empty() {
        let times = ratio(&our, &their, |our, their| speed(our) / speed(their));
        figures.extend([
            Figure::new("the same, json-server, not on disk", middle(&their, speed), "1/s"),
            Figure::new("the same, as many times json-server's", times, "x").at_least(5.0),
        ]);
    }
    let name = "POST to db.json with 10,000 rows, 16 connections, on disk";
    figures.extend([
        Figure::new(name, middle(&large, speed), "1/s"),
        Figure::new("the same: p99", middle(&large, |round| round.seen.p99), "ms").at_most(10.0),
    ]);
    Ok(figures)
}
