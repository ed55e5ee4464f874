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
        .args(["record", &recording, &path("p.py"), "--dir", &lab, "--port", "0"])
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

const NETWORK: &str = "
import network, ntptime, requests, time
def ask(scheme):
    answer = requests.get(scheme + '://api-m2x.att.com/v2/status')
    kept = answer.headers['Date'], answer.text
    answer.close()
    return kept
def join(ssid):
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    wlan.connect(ssid, 'micropython')
    rounds = 0
    while not wlan.isconnected():
        rounds += 1
        time.sleep_ms(50)
    print(rounds, wlan.ifconfig(), time.ticks_us())
join('workshop')
print(ask('http'), ask('https'))
ntptime.settime()
print(time.time(), time.ticks_us())
try:
    requests.get('http://nowhere.example/')
except OSError as e:
    print(e, time.ticks_us())
";

#[test]
fn a_session_with_a_network_is_repeated_without_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_str().expect("plain").to_owned();
    std::fs::write(path("p.py"), NETWORK).expect("written");
    let (recording, lab) = (path("session.rec"), path("lab"));
    let live = coil(&["record", &recording, &path("p.py"), "--dir", &lab, "--port", "0"]);
    let said = text(&live.stdout);
    assert!(live.status.success(), "{said}{}", text(&live.stderr));
    assert!(said.contains("192.168.1.") && said.matches("\"api\":\"OK\"").count() == 2, "{said}");
    assert_eq!(said, text(&coil(&["replay", &recording]).stdout));
    let moment = text(&coil(&["replay", &recording, "--until", "1s"]).stdout);
    for line in ["in join (p.py:", "   ssid: 'workshop'", "   wlan: <WLAN>", "   rounds: "] {
        assert!(moment.contains(line), "{line}: {moment}");
    }
    // One that a crash has cut off is repeated up to there, and goes on in a place without a network.
    let whole = std::fs::read(&recording).expect("there");
    std::fs::write(path("cut.rec"), &whole[..whole.len() / 2]).expect("written");
    let cut = coil(&["replay", &path("cut.rec"), "--until", "1s"]);
    assert!(text(&cut.stdout).contains("in join (p.py:"), "{}", text(&cut.stderr));
}

#[test]
fn what_is_no_recording_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("x.rec");
    std::fs::write(&path, "{}\n").expect("written");
    let out = coil(&["replay", path.to_str().expect("plain")]);
    assert!(!out.status.success() && text(&out.stderr).contains("line 1 is none of a recording"));
}

#[test]
fn what_could_not_be_repeated_is_not_recorded() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_str().expect("plain").to_owned();
    std::fs::write(path("circuit.toml"), CIRCUIT).expect("written");
    std::fs::write(path("stimulus.toml"), "").expect("written");
    std::fs::write(path("card.img"), [0; 512]).expect("written");
    let circuit = ["--circuit", &path("circuit.toml"), "--stimulus", &path("stimulus.toml")];
    let card = ["--card", &path("card.img")];
    for (options, says) in [(&circuit[..], "`--stimulus` cannot"), (&card[..], "`--card` cannot")] {
        let out = coil(
            &[&["record", &path("s.rec"), "--dir", &path("lab"), "--port", "0"], options].concat(),
        );
        assert!(!out.status.success() && text(&out.stderr).contains(says), "{}", text(&out.stderr));
    }
    assert!(!dir.path().join("s.rec").exists());
}

#[test]
fn a_session_that_was_ended_from_outside_ends_again_where_it_did() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_str().expect("plain").to_owned();
    let program = "import time\nwhile True:\n    print(time.ticks_ms())\n    time.sleep_ms(20)\n";
    std::fs::write(path("p.py"), program).expect("written");
    let mut live = Command::new(COIL)
        .args([
            "record",
            &path("s.rec"),
            &path("p.py"),
            "--dir",
            &path("lab"),
            "--port",
            "0",
            "--jumper",
            "4-5",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("coil starts");
    let status = || coil(&["status", &path("lab")]);
    retry(|| status().status.success());
    // What such a session has not is not told.
    let told = text(&status().stdout);
    assert!(told.contains("serial port") && !told.contains("page"), "{told}");
    std::thread::sleep(Duration::from_millis(200));
    let pid = live.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().expect("it is asked to end");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut live.stdout.take().expect("piped"), &mut said)
        .expect("text");
    assert!(live.wait().expect("it ends").success());
    assert!(said.lines().count() > 3, "{said}");
    assert_eq!(said, text(&coil(&["replay", &path("s.rec")]).stdout));
}
