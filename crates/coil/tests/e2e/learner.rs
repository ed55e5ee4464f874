//! The page at which a learner sits, in a headless Chromium and a headless Firefox: `web/tests/desk.mjs` and `firefox.mjs` are the learners, this owns the workshop.
//!
//! `COIL_WEB` names the folder of the page's sources with what its tests need; `cargo xtask test` sets it.

use crate::support::{Running, coil, has};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(480);

/// A process that is gone when its test is, and its browser with it.
struct Learner(Child);

impl Drop for Learner {
    fn drop(&mut self) {
        kill_group(self.0.id());
        let _ = self.0.wait();
    }
}

/// Ends the processes that the leader of a group has started, and the leader.
fn kill_group(leader: u32) {
    let group = format!("-{leader}");
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
}

#[test]
fn a_learner_at_the_page() {
    learns("desk.mjs", "Chromium", &["chromium", "chromium-browser", "google-chrome"]);
}

#[test]
fn a_learner_in_firefox() {
    learns("firefox.mjs", "Firefox", &["firefox-esr", "firefox"]);
}

/// A script of the page's tests, with a workshop of its own and the first of these browsers that is here.
fn learns(script: &str, title: &str, browsers: &[&str]) {
    let Some(web) = std::env::var_os("COIL_WEB") else { return };
    let Some(browser) = find(browsers) else {
        println!("no {title} here: left out");
        return;
    };
    assert!(has("node"), "COIL_WEB is set, so there is Node");
    let dir = tempfile::tempdir().expect("a folder");
    let lab = dir.path().join("lab");
    let mut workshop = Some(open(&lab, "0"));
    let page = page(&lab);
    let port = page.rsplit(':').next().expect("a port").to_owned();

    let mut command = Command::new("node");
    // Node 20 has a WebSocket, but asks for this word.
    command.arg("--experimental-websocket").arg(Path::new(&web).join("tests").join(script));
    command.args([&page, &lab.display().to_string(), &browser.display().to_string()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
    let child = command.spawn().expect("it starts");
    let mut learner = Learner(child);
    let mut tell = learner.0.stdin.take().expect("piped");
    let said = BufReader::new(learner.0.stdout.take().expect("piped"));
    let watch = watch(learner.0.id());
    for line in said.lines() {
        let line = line.expect("text");
        println!("{line}");
        match line.as_str() {
            "coil: kill" => workshop.take().expect("it runs").kill(),
            "coil: start" => workshop = Some(open(&lab, &port)),
            _ => continue,
        }
        tell.write_all(b"done\n").expect("heard");
    }
    let status = learner.0.wait().expect("it ends");
    watch.join().expect("no panic");
    assert!(status.success(), "what failed is told above");
}

/// Ends a process that takes too long.
fn watch(pid: u32) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let process = Path::new("/proc").join(pid.to_string());
        let start = Instant::now();
        while start.elapsed() < PATIENCE && process.exists() {
            std::thread::sleep(Duration::from_millis(200));
        }
        if start.elapsed() >= PATIENCE {
            kill_group(pid);
        }
    })
}

fn open(lab: &Path, page_port: &str) -> Running {
    let lab = lab.to_str().expect("plain");
    let running = Running::start(&["up", lab, "--port", "0", "--page-port", page_port], 5);
    assert!(running.head.first().is_some_and(|l| l.contains("open")), "{:?}", running.head);
    running
}

fn page(lab: &Path) -> String {
    let out = coil(&["status", "--json", lab.to_str().expect("plain")]);
    let status: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    status["page"].as_str().expect("an address").to_owned()
}

/// The first program of these names in a folder of the path.
fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|d| names.iter().map(move |n| d.join(n)))
        .find(|p| p.exists())
}
