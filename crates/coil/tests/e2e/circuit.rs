//! Circuits around boards, from the command line.

use crate::support::{Lab, Running, coil, text};
use coil_lab::Folder;
use std::io::{Read, Write};
use std::path::PathBuf;

const CIRCUIT: &str = "
[parts.btn]
kind = 'button'
pins = { a = 'D8', b = 'GND' }
bounce = 0

[parts.pot]
kind = 'potentiometer'
pins = { wiper = 'A2' }
";

fn written(dir: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, text).expect("written");
    path
}

#[test]
fn a_button_of_a_running_workshop_is_pressed_from_another_terminal() {
    let files = tempfile::tempdir().expect("a folder");
    let circuit = written(&files, "circuit.toml", CIRCUIT);
    let circuit = circuit.to_str().expect("plain");
    let lab = Lab::start(&["--boards", "2", "--circuit", circuit]);
    let dir = lab.dir.path().to_str().expect("plain");
    let trace = {
        let args = ["trace", "--dir", dir, "--only", "part", "--board", "board1"];
        let dir = dir.to_owned();
        let pressing = std::thread::spawn(move || {
            // The trace may begin later.
            for _ in 0..20 {
                let args = ["press", "btn", "--for", "20ms", "--board", "board1", "--dir", &dir];
                let out = coil(&args);
                assert!(out.status.success(), "{}", text(&out.stderr));
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        });
        let trace = Running::start(&args, 2);
        pressing.join().expect("every press is taken");
        trace
    };
    assert!(trace.head[0].contains(r#""event":"part","part":"btn","name":"pressed","value":"#));
    let set = |args: &[&str]| {
        let out = coil(&[&["set", "--dir", dir], args].concat());
        (out.status.success(), text(&out.stderr))
    };
    assert_eq!(set(&["pot.position", "0.25", "--board", "board0"]), (true, String::new()));
    for (args, says) in [
        (["pot.position", "0.5", "--board", "board7"], "there is no board `board7` with a circuit"),
        (["pot.position", "2", "--board", "board0"], "cannot be `2`; it is a number from 0 to 1"),
        (["pot.color", "red", "--board", "board0"], "no setting `color`; it has: position, ohms"),
        (["lamp.on", "1", "--board", "board0"], "there is no part `lamp`; there are: btn, pot"),
    ] {
        let (done, said) = set(&args);
        assert!(!done && said.contains(says), "{said}");
    }
    let (done, said) = set(&["pot.position", "0.5"]);
    assert!(!done && said.contains("say which board with `--board`"), "{said}");
}

#[test]
fn boards_have_circuits_of_their_own_that_are_used_and_told() {
    let files = tempfile::tempdir().expect("a folder");
    let circuit = written(&files, "circuit.toml", CIRCUIT);
    let circuit = circuit.to_str().expect("plain");
    let lab = tempfile::tempdir().expect("a folder");
    let dir = lab.path().to_str().expect("plain");
    written(&lab, "board0.circuit.toml", &CIRCUIT.replace("btn", "mine"));
    written(&lab, "board1.circuit.toml", "[parts.x]\nkind = 'lad'\n");
    let args = ["up", dir, "--port", "0", "--boards", "3", "--circuit", circuit];
    let running = Running::start(&args, 6);
    let first = &running.head[0];
    assert!(
        first.starts_with("board0 has a circuit of its own, `")
            && first.ends_with(&format!("that is used, and not `{circuit}`")),
        "{first}"
    );
    let press = |part: &str, board: &str| {
        let out = coil(&["press", part, "--for", "1ms", "--board", board, "--dir", dir]);
        (out.status.success(), text(&out.stderr))
    };
    assert_eq!(press("mine", "board0"), (true, String::new()));
    assert_eq!(press("btn", "board2"), (true, String::new()));
    let (done, said) = press("x", "board1");
    assert!(!done && said.contains("no board `board1` with a circuit"), "{said}");
    // It is wired anew on the page, and other terminals reach what is there now.
    let status = Folder::status(lab.path()).expect("it runs");
    let call = |line: &str, body: &str| {
        let address = status.page.strip_prefix("http://").expect("a page");
        let mut stream = crate::support::connect(address);
        write!(
            stream,
            "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nIf-None-Match: *\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    };
    let told = call("GET /api/boards/board1/circuit", "");
    assert!(told.contains("there is no kind `lad`"), "{told}");
    let drawn =
        r#"{"parts":{"other":{"kind":"button"}},"wires":[["D8","other.a"],["other.b","GND"]]}"#;
    let answer = call("PUT /api/boards/board2/circuit", drawn);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(press("other", "board2"), (true, String::new()));
    let (done, said) = press("btn", "board2");
    assert!(!done && said.contains("no part `btn`; there are: other"), "{said}");
    let own = std::fs::read_to_string(lab.path().join("board2.circuit.toml")).expect("there");
    assert!(own.contains("[parts.other]"), "{own}");
}

#[test]
fn a_run_with_a_stimulus_is_the_same_every_time() {
    let files = tempfile::tempdir().expect("a folder");
    let circuit = written(&files, "circuit.toml", CIRCUIT);
    let stimulus = written(
        &files,
        "stimulus.toml",
        "[[step]]\nat = '2s'\npress = 'btn'\nfor = '1s'\n[[step]]\nat = '1h'\nset = 'pot.position'\nvalue = 1\n",
    );
    let program = written(
        &files,
        "program.py",
        "
import random, time
from machine import ADC, Pin
button, pot = Pin(12, Pin.IN, Pin.PULL_UP), ADC(Pin(35))
print(random.getrandbits(24), button(), pot.read_u16() // 1000)
time.sleep(2.5)
print(button())
time.sleep(3600)
print(pot.read_u16() // 1000)
",
    );
    let paths = [&circuit, &stimulus, &program].map(|p| p.to_str().expect("plain"));
    let [circuit, stimulus, program] = paths;
    let trace = || {
        let args =
            ["trace", program, "--virtual-time", "--circuit", circuit, "--stimulus", stimulus];
        let out = coil(&args);
        assert!(out.status.success(), "{}", text(&out.stderr));
        text(&out.stdout)
    };
    let first = trace();
    assert_eq!(first, trace());
    let prints: Vec<_> = first.lines().filter(|l| l.contains(r#""event":"print""#)).collect();
    let seen: Vec<_> = ["1 ", "0", "65"].iter().zip(&prints).map(|(t, p)| p.contains(t)).collect();
    assert_eq!(seen, [true; 3], "{prints:?}");
}

#[test]
fn wiring_mistakes_are_told_in_the_terminal() {
    let files = tempfile::tempdir().expect("a folder");
    let circuit = written(&files, "circuit.toml", "wires = [['D6', 'GND']]");
    let program = written(&files, "p.py", "from machine import Pin\nPin(27, Pin.OUT, value=1)\n");
    let [circuit, program] = [&circuit, &program].map(|p| p.to_str().expect("plain"));
    let out = coil(&["run", program, "--virtual-time", "--circuit", circuit]);
    assert!(out.status.success());
    let said = text(&out.stderr);
    assert!(
        said.starts_with("circuit: D6 (GPIO27) is an output at 1 and drives against GND"),
        "{said}"
    );
}
