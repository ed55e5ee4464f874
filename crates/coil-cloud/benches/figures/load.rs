//! What drives a server: `wrk` with one thread and a script of ours, which says what it saw as JSON.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::Fallible;

/// One request.
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// A device's key, if it needs one.
    pub(crate) key: String,
    pub(crate) body: String,
}

/// What is asked.
pub(crate) struct Load<'a> {
    pub(crate) port: u16,
    pub(crate) connections: usize,
    pub(crate) seconds: u32,
    /// They are asked in turn.
    pub(crate) requests: &'a [Request],
    /// Milliseconds that a connection rests before each request, between these two.
    pub(crate) rest: Option<(u32, u32)>,
}

/// What `wrk` saw.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Seen {
    pub(crate) requests: f64,
    /// Seconds.
    pub(crate) duration: f64,
    /// Milliseconds within which half were answered.
    pub(crate) p50: f64,
    /// And 99 of 100.
    pub(crate) p99: f64,
    /// Requests that were answered with another status than 2xx or 3xx, or not at all.
    pub(crate) failed: f64,
}

impl Seen {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests / self.duration
    }
}

const DONE: &str = "\
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{\"requests\":%d,\"duration\":%f,\"p50\":%f,\"p99\":%f,\"failed\":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.status + e.connect + e.read + e.write + e.timeout))
end
";

/// Whether `wrk` is on this machine.
pub(crate) fn is_there() -> bool {
    let found = Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok()
}

fn script(load: &Load<'_>) -> Fallible<String> {
    let mut text = "local all = {}\nfunction init(args)\n".to_owned();
    for Request { method, path, key, body } in load.requests {
        writeln!(
            text,
            "all[#all + 1] = wrk.format('{method}', '{path}', {{['Content-Type'] = 'application/json', \
             ['X-M2X-KEY'] = '{key}', ['Host'] = 'localhost'}}, '{body}')"
        )?;
    }
    text.push_str(
        "end\nlocal at = 0\nfunction request()\nat = at % #all + 1\nreturn all[at]\nend\n",
    );
    if let Some((least, most)) = load.rest {
        writeln!(text, "function delay() return math.random({least}, {most}) end")?;
    }
    text.push_str(DONE);
    Ok(text)
}

impl Load<'_> {
    /// Asks as fast as is answered, or as slowly as the load rests.
    pub(crate) fn run(&self, folder: &Path) -> Fallible<Seen> {
        let file = folder.join("load.lua");
        std::fs::write(&file, script(self)?)?;
        let out = Command::new("wrk")
            .args(["-t", "1", "-c", &self.connections.to_string()])
            .args(["-d", &format!("{}s", self.seconds), "-s"])
            .arg(&file)
            .arg(format!("http://127.0.0.1:{}/", self.port))
            .output()?;
        let text = String::from_utf8(out.stdout)?;
        let line = text.lines().find(|line| line.starts_with('{')).ok_or("wrk says nothing")?;
        let seen: Seen = serde_json::from_str(line)?;
        if seen.failed > 0.0 {
            return Err(format!("{} requests failed: {text}", seen.failed).into());
        }
        Ok(seen)
    }
}
