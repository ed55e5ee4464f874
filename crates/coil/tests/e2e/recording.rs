//! Sessions that are recorded and repeated.

use crate::support::{COIL, coil, text};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CIRCUIT: &str = "
[parts.btn]
kind = 'button'
pins = { a = 'D8', b = 'GND' }
";

const PROGRAM: &str = "
from machine import Pin
import random, time
button = Pin(12, Pin.IN, Pin.PULL_UP)
edges = []
button.irq(lambda p: edges.append((time.ticks_us(), p.value())))
rounds, told = 0, 0
while not edges or edges[-1][1] == 0 or len(edges) < 6:
    rounds += 1
    if len(edges) > told:
        told = len(edges)
        print(rounds, edges[-1], random.getrandbits(16))
    if rounds % 500 == 0:
        time.sleep_ms(1)
print(rounds, input('name? '))
";

/// Does something until it works.
fn retry(mut f: impl FnMut() -> bool) {
    let start = Instant::now();
    while !f() {
        assert!(start.elapsed() < Duration::from_secs(30), "it never works");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_live_session_is_repeated_exactly() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_str().expect("plain").to_owned();
    std::fs::write(path("circuit.toml"), CIRCUIT).expect("written");
    std::fs::write(path("p.py"), PROGRAM).expect("written");
    let (recording, lab) = (path("session.rec"), path("lab"));
    let mut live = Command::new(COIL)
        .args(["record", &recording, &path("p.py"), "--dir", &lab])
        .args(["--circuit", &path("circuit.toml")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("coil starts");
    for _ in 0..4 {
        retry(|| coil(&["press", "btn", "--for", "30ms", "--dir", &lab]).status.success());
        std::thread::sleep(Duration::from_millis(60));
    }
    live.stdin.take().expect("piped").write_all(b"ada\r\n").expect("typed");
    let live = live.wait_with_output().expect("it ends");
    assert!(live.status.success());
    let said = text(&live.stdout);
    assert!(said.contains("name? ada"), "{said}");
    let replayed = coil(&["replay", &recording]);
    assert_eq!(said, text(&replayed.stdout));
    // The same events, too, and any moment of it.
    let events = || text(&coil(&["replay", &recording, "--events"]).stdout);
    let first = events();
    assert!(first.contains(r#""event":"input","gpio":12,"level":0"#), "{first}");
    assert_eq!(first, events());
    let moment = text(&coil(&["replay", &recording, "--until", "1ms"]).stdout);
    for line in ["GPIO12  1  input with pull-up", "btn.pressed = false", "told: 0"] {
        assert!(moment.contains(line), "{moment}");
    }
    let late = coil(&["replay", &recording, "--until", "99min"]);
    assert!(text(&late.stderr).contains("the session was over before that moment"));
}

#[test]
fn what_is_no_recording_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("x.rec");
    std::fs::write(&path, "{}\n").expect("written");
    let out = coil(&["replay", path.to_str().expect("plain")]);
    assert!(!out.status.success() && text(&out.stderr).contains("line 1 is none of a recording"));
}
