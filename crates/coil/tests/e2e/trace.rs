//! `coil trace`: what happens, of a program and of a running workshop.

use crate::support::{COIL, Lab, Running, coil, text};
use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

const PROGRAM: &str = "
from machine import Pin
import time
print('hello')
p = Pin(2, Pin.OUT)
p.on(); time.sleep(3600); p.off()
Pin(4, Pin.OUT)
1/0
";

fn program() -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile().expect("a file");
    file.write_all(PROGRAM.as_bytes()).expect("written");
    file
}

fn events(lines: &[u8]) -> Vec<Value> {
    text(lines).lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect()
}

#[test]
fn a_program_s_events_are_lines_and_its_result_is_the_process_s() {
    let file = program();
    let path = file.path().to_str().expect("plain");
    let out =
        coil(&["trace", path, "--virtual-time", "--only", "pin,print,exception", "--pin", "2"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).ends_with("ZeroDivisionError: divide by zero\n"));
    let events = events(&out.stdout);
    let kinds: Vec<_> = events.iter().map(|e| e["event"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["print", "pin", "pin", "pin", "exception"]);
    assert_eq!((&events[0]["text"], &events[0]["board"]), (&"hello\n".into(), &"board0".into()));
    let hour = events[3]["t"].as_u64().expect("a time") - events[2]["t"].as_u64().expect("a time");
    assert_eq!(hour / 1_000_000_000, 3600);
    // The virtual clock makes it the same every time.
    let again = coil(&["trace", path, "--virtual-time", "--only", "pin", "--pin", "2"]);
    assert_eq!(events[1..4], self::events(&again.stdout));
}

#[test]
fn a_program_s_signals_go_to_a_file_and_its_output_to_the_terminal() {
    let (file, dir) = (program(), tempfile::tempdir().expect("a folder"));
    let vcd = dir.path().join("signals.vcd");
    let [path, out] = [file.path(), &vcd].map(|p| p.to_str().expect("plain"));
    let done = coil(&["trace", path, "--virtual-time", "--out", out]);
    assert_eq!(text(&done.stdout), "hello\n");
    let dump = std::fs::read_to_string(&vcd).expect("written");
    assert!(dump.contains("$var wire 1") && dump.contains(" GPIO2_"), "{dump}");
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1);
}

#[test]
fn a_running_workshop_is_followed_by_its_owner() {
    let lab = Lab::start(&["--boards", "2"]);
    let dir = lab.dir.path().to_str().expect("plain");
    let mode = lab.dir.path().join("events.sock").metadata().expect("a door").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let tcp = lab.status()["boards"][1]["tcp"].as_str().expect("an address").to_owned();
    let typing = std::thread::spawn(move || {
        let mut port = std::net::TcpStream::connect(tcp).expect("connects");
        // The trace may begin later.
        for _ in 0..50 {
            let _ = port.write_all(b"print('typed', 1 + 1)\r");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    });
    let trace = ["trace", "--dir", dir, "--only", "print", "--board", "board1"];
    let trace = Running::start(&trace, 2);
    let seen = events(trace.head.join("\n").as_bytes());
    assert!(seen.iter().all(|e| e["board"] == "board1" && e["event"] == "print"), "{seen:?}");
    assert!(trace.stop().success());
    typing.join().expect("it only types");
    for (args, says) in [
        (["--board", "board7"], "there is no board `board7`"),
        (["--only", "pins"], "no events of the kind `pins`"),
    ] {
        let out = coil(&["trace", "--dir", dir, args[0], args[1]]);
        assert!(text(&out.stderr).contains(says), "{}", text(&out.stderr));
    }
    let dir = lab.dir.path().to_owned();
    lab.coil.stop();
    assert!(!dir.join("events.sock").exists());
}

#[test]
fn a_reader_that_goes_away_ends_the_trace_well() {
    let file = program();
    let path = file.path().to_str().expect("plain");
    let line = format!("'{COIL}' trace '{path}' --virtual-time | head -n 1");
    let out = std::process::Command::new("sh").args(["-c", &line]).output().expect("a shell");
    assert_eq!((events(&out.stdout).len(), text(&out.stderr).contains("panicked")), (1, false));
}
