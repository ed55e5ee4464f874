//! M2X: values from as many boards as there are connections.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::load::{Load, Request, Seen};
use crate::server::Server;
use crate::{Effort, Fallible, Figure, median};

const CONNECTIONS: usize = 256;
/// Milliseconds that a board rests between values so that all together say more than ten thousand a second.
const REST: (u32, u32) = (15, 25);

/// One round: every value that was accepted is there. What was seen, and the microseconds of processor time that a value took.
fn run(effort: &Effort, rest: Option<(u32, u32)>) -> Fallible<(Seen, f64)> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    std::fs::write(folder.path().join("db.json"), "{}")?;
    let server = Server::ours(folder.path())?;
    let requests: Vec<_> = server
        .devices
        .iter()
        .enumerate()
        .map(|(number, (id, key))| Request {
            method: "PUT",
            path: format!("/v2/devices/{id}/streams/temperature/value"),
            key: key.clone(),
            body: format!(r#"{{"value": {number}.5}}"#),
        })
        .collect();
    let load = |seconds| Load {
        port: server.cloud,
        connections: CONNECTIONS,
        seconds,
        requests: &requests,
        rest,
    };
    let warm = load(1).run(folder.path())?;
    let before = server.processor()?;
    let seen = load(effort.seconds).run(folder.path())?;
    let processor_us = (server.processor()? - before) * 1e6 / seen.requests;
    let (accepted, mut stored) = ((warm.requests + seen.requests) as u64, 0);
    for (id, key) in &server.devices {
        stored += count(server.cloud, id, key)?;
    }
    if stored < accepted {
        return Err(format!("{accepted} values were accepted, and {stored} are there").into());
    }
    Ok((seen, processor_us))
}

/// One round at the boards' pace of what writes nothing: what the machine itself makes of the time.
fn run_empty(effort: &Effort) -> Fallible<Seen> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    std::fs::write(folder.path().join("db.json"), "{}")?;
    let server = Server::ours(folder.path())?;
    let (path, key, body) = ("/v2/status".to_owned(), String::new(), String::new());
    let requests = [Request { method: "GET", path, key, body }];
    let (port, seconds, rest) = (server.cloud, effort.seconds, Some(REST));
    Load { port, connections: CONNECTIONS, seconds, requests: &requests, rest }.run(folder.path())
}

/// How many values a device has.
fn count(port: u16, id: &str, key: &str) -> Fallible<u64> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(
        stream,
        "GET /v2/devices/{id}/streams/temperature/stats HTTP/1.0\r\nHost: localhost\r\nX-M2X-KEY: {key}\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("an answer has a head")?;
    let stats: serde_json::Value = serde_json::from_str(body)?;
    Ok(stats["stats"]["count"].as_u64().ok_or("no count of values")?)
}

pub(crate) fn put(effort: &Effort) -> Fallible<Vec<Figure>> {
    let (mut fast, mut paced, mut empty) = (Vec::new(), Vec::new(), Vec::new());
    let mut processor = Vec::new();
    for _ in 0..effort.rounds {
        empty.push(run_empty(effort)?);
        let (seen, processor_us) = run(effort, None)?;
        fast.push(seen);
        processor.push(processor_us);
        paced.push(run(effort, Some(REST))?.0);
    }
    let middle = |rounds: &[Seen], of: fn(&Seen) -> f64| median(rounds.iter().map(of).collect());
    let (speed, p99): (fn(&Seen) -> f64, fn(&Seen) -> f64) = (Seen::per_second, |seen| seen.p99);
    Ok(vec![
        Figure::new(
            "M2X values from 256 boards that rest 20 ms between them, on disk",
            middle(&paced, speed),
            "1/s",
        )
        .at_least(10_000.0),
        Figure::new("the same: p99", middle(&paced, p99), "ms").at_most(10.0),
        Figure::new("the same boards ask what writes nothing: p99", middle(&empty, p99), "ms"),
        Figure::new(
            "M2X values, 256 connections as fast as they are answered, on disk",
            middle(&fast, speed),
            "1/s",
        )
        .at_least(10_000.0),
        // As many as connections are under way, so that the time of each only tells the speed once more.
        Figure::new("the same: p99", middle(&fast, p99), "ms"),
        Figure::new("the same: half within", middle(&fast, |seen| seen.p50), "ms"),
        Figure::new("the same: processor time of each", median(processor), "µs"),
    ])
}
