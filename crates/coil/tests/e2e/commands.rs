//! Our own commands, and what they say to bad input.

use crate::support::{COIL, Lab, Running, coil, text};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn script(source: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".py").tempfile().expect("a file");
    file.write_all(source.as_bytes()).expect("written");
    file
}

fn run(source: &str) -> (i32, String, String) {
    let file = script(source);
    let out = coil(&["run", file.path().to_str().expect("plain")]);
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

#[test]
fn who_does_not_read_what_it_says_gets_a_board_all_the_same() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().to_str().expect("plain");
    let link = dir.path().join("tty");
    let bare = ["board", "--link", link.to_str().expect("plain")];
    let workshop = ["up", path, "--port", "0"];
    for (args, tty) in [(&bare[..], "tty"), (&workshop[..], "tty-board0")] {
        let (read, write) = std::io::pipe().expect("a pipe");
        drop(read);
        let mut child = Command::new(COIL).args(args).stdout(write).spawn().expect("coil starts");
        let start = Instant::now();
        while !dir.path().join(tty).exists() && start.elapsed().as_secs() < 10 {
            std::thread::sleep(Duration::from_millis(10));
        }
        // It has something to say after that.
        std::thread::sleep(Duration::from_millis(300));
        let ended = child.try_wait().expect("it can be asked");
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(ended, None, "{args:?}");
    }
}

#[test]
fn run_gives_the_program_s_output_and_result() {
    let cases: &[(&str, i32, &str, &str)] = &[
        ("print('hello')", 0, "hello\n", ""),
        ("import sys\nsys.exit(3)", 3, "", ""),
        ("raise SystemExit", 0, "", ""),
        ("import machine\nprint('a')\nmachine.reset()\nprint('b')", 0, "a\n", ""),
        ("print(1/2, 10**20, 'ä')", 0, "0.5 100000000000000000000 ä\n", ""),
    ];
    for (source, code, out, err) in cases {
        assert_eq!(run(source), (*code, (*out).into(), (*err).into()), "{source}");
    }
}

#[test]
fn run_takes_the_firmware_of_any_year() {
    let file = script(
        "import sys, uasyncio\nprint(sys.implementation[1][:2], hasattr(uasyncio, 'ensure_future'))\n",
    );
    let path = file.path().to_str().expect("plain");
    for (firmware, wanted) in
        [("1.11", "(1, 11) True\n"), ("1.19.1", "(1, 19) False\n"), ("current", "(1, 29) False\n")]
    {
        let out = coil(&["run", "--firmware", firmware, path]);
        assert_eq!((text(&out.stdout).as_str(), text(&out.stderr).as_str()), (wanted, ""));
    }
}

#[test]
fn a_failing_program_s_traceback_goes_to_stderr() {
    let (code, out, err) = run("print('x')\n1/0\n");
    assert_eq!((code, out.as_str()), (1, "x\n"));
    assert!(err.starts_with("Traceback (most recent call last):\n  File \""), "{err}");
    assert!(err.ends_with(", line 2, in <module>\nZeroDivisionError: divide by zero\n"), "{err}");
    let (code, _, err) = run("def f(:\n");
    assert_eq!(code, 1);
    assert!(err.ends_with("SyntaxError: invalid syntax\n"), "{err}");
}

#[test]
fn ctrl_c_interrupts_a_program() {
    let file = script("print('go')\nwhile True:\n    pass\n");
    let running = Running::start(&["run", file.path().to_str().expect("plain")], 1);
    assert_eq!(running.head, ["go"]);
    let start = Instant::now();
    let status = running.stop();
    assert_eq!(status.code(), Some(1));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn input_reaches_the_program() {
    let file = script("name = input('who? ')\nprint('hello', name)\n");
    let mut child = Command::new(COIL)
        .args(["run", file.path().to_str().expect("plain")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("coil starts");
    child.stdin.take().expect("piped").write_all(b"ada\r").expect("written");
    let out = child.wait_with_output().expect("output");
    assert!(text(&out.stdout).contains("hello ada"), "{}", text(&out.stdout));
}

#[test]
fn wires_and_a_card_are_put_on_a_board() {
    let source = "
from machine import UART, SPI, SDCard
u = UART(1, tx=4, rx=5)
u.write('over the wire')
u.flush()
print(u.read())
back = bytearray(4)
SPI(1).write_readinto(b'back', back)
print(back, SDCard(slot=2).info())
";
    let (file, mut card) = (script(source), tempfile::NamedTempFile::new().expect("a file"));
    card.write_all(&[0; 8 * 512]).expect("written");
    let [program, card] = [file.path(), card.path()].map(|p| p.to_str().expect("plain"));
    let out = coil(&["run", "--jumper", "4-5", "--jumper", "13-12", "--card", card, program]);
    assert_eq!(text(&out.stdout), "b'over the wire'\nbytearray(b'back') (4096, 512)\n");
}

#[test]
fn bad_input_is_one_clear_line_and_a_status() {
    let cases: &[(&[&str], &str)] = &[
        (&["run", "/no/such/file.py"], "cannot read `/no/such/file.py`"),
        (&["board", "--device", "toaster"], "unknown board `toaster`"),
        (&["board", "--firmware", "0.1"], "unknown firmware `0.1`"),
        (&["board", "--jumper", "4"], "`--jumper 4` is not possible; it is two pin numbers"),
        (&["board", "--jumper", "4-40"], "`--jumper 4-40` is not possible"),
        (&["board", "--card", "/no/such/card"], "card image `/no/such/card`"),
        (&["status", "/no/such/lab"], "no lab is running in `/no/such/lab`"),
        (&["repl", "--dir", "/no/such/lab"], "no lab is running in `/no/such/lab`"),
    ];
    for (args, message) in cases {
        let out = coil(args);
        let err = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{args:?}");
        assert!(err.contains(message) && err.lines().count() == 1, "{args:?}: {err}");
        assert!(out.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn one_lab_per_folder_and_one_service_per_port() {
    let lab = Lab::start(&[]);
    let path = lab.dir.path().to_str().expect("plain").to_owned();
    let out = coil(&["up", &path, "--port", "0"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stderr).contains("is in use by another `coil up`"), "{}", text(&out.stderr));
    let url = lab.status()["cloud"]["url"].as_str().expect("a text").to_owned();
    let port = url.rsplit(':').next().expect("a port");
    let other = tempfile::tempdir().expect("a folder");
    let fresh = other.path().join("lab");
    for (args, message) in [
        (["--port", port], "is in use on this machine"),
        (["--device", "toaster"], "unknown board `toaster`"),
    ] {
        let out = coil(&["up", fresh.to_str().expect("plain"), args[0], args[1]]);
        assert_eq!(out.status.code(), Some(1));
        let err = text(&out.stderr);
        assert!(err.contains(message) && err.lines().count() == 1, "{err}");
        assert!(!fresh.exists(), "nothing is half-written");
    }
}

#[test]
fn status_tells_where_everything_is() {
    let lab = Lab::start(&["--boards", "2"]);
    let status = lab.status();
    let boards = status["boards"].as_array().expect("a list");
    assert_eq!(boards.len(), 2);
    for b in boards {
        for key in
            ["name", "device", "firmware", "tty", "pts", "tcp", "rfc2217", "webrepl", "flash"]
        {
            assert!(b[key].as_str().is_some_and(|v| !v.is_empty()), "{key} of {b}");
        }
        let tty = std::fs::read_link(b["tty"].as_str().expect("a path")).expect("a symlink");
        assert_eq!(tty.to_str(), b["pts"].as_str());
        assert_eq!(
            std::fs::metadata(b["flash"].as_str().expect("a path")).expect("there").len(),
            4 << 20
        );
    }
    assert_eq!(status["cloud"]["master_key"].as_str().map(str::len), Some(32));
    assert!(status["page"].as_str().is_some_and(|p| p.starts_with("http://127.0.0.1:")));
    let path = lab.dir.path().to_path_buf();
    assert!(lab.coil.stop().success());
    assert!(!path.join("tty-board0").exists(), "the ports are gone with the lab");
}

#[test]
fn the_prompt_is_in_the_terminal() {
    let lab = Lab::start(&[]);
    let mut child = Command::new(COIL)
        .args(["repl", "--dir", lab.dir.path().to_str().expect("plain")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("coil starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(b"\x03\r6*7\r").expect("written");
    std::thread::sleep(Duration::from_millis(500));
    drop(stdin);
    let out = child.wait_with_output().expect("output");
    assert!(text(&out.stdout).contains(">>> 6*7\n42\n>>> "), "{}", text(&out.stdout));
}

#[test]
fn the_cloud_answers_on_a_loopback_port() {
    let lab = Lab::start(&[]);
    let answer = lab.get("/workshop/course/posts/device00", "");
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n"), "{answer}");
    assert!(answer.contains("75ed7be11c6ca9631d1e50320dee9663"), "{answer}");
}

#[test]
fn a_reset_shows_the_chip_s_way_up() {
    use std::io::Read;
    let lab = Lab::start(&[]);
    let tcp = lab.status()["boards"][0]["tcp"].as_str().expect("a text").to_owned();
    let mut wire = std::net::TcpStream::connect(tcp).expect("connects");
    wire.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    // Ctrl-C ends what boot.py still does; the reset starts everything anew.
    wire.write_all(b"\x03\r\x03\rimport machine\rmachine.reset()\r").expect("sent");
    let mut seen = String::new();
    let mut buffer = [0; 512];
    let booted = |seen: &str| {
        let reset = seen.find("ets Jul 29 2019");
        reset.is_some_and(|at| seen[at..].contains("Type \"help()\""))
    };
    while !booted(&seen) {
        let n = wire.read(&mut buffer).expect("the board boots");
        seen.push_str(&text(&buffer[..n]));
    }
    let rest = &seen[seen.find("ets Jul 29 2019").expect("the ROM speaks first")..];
    for line in [
        "rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)",
        "entry 0x400805cc",
        "WiFi: connected, address 192.168.1.",
        "Clock: 20",
        "MicroPython v1.29.0 on 2026-08-29; Generic ESP32 module with ESP32",
    ] {
        assert!(rest.contains(line), "{line} in {rest}");
    }
}
