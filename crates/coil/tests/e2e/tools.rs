//! The tools people use, unmodified, on a virtual board's serial port: a file for each of them.

use crate::support::{Lab, Running, run_tool, text, tool};
use std::path::Path;
use std::process::{Command, Stdio};

mod ampy;
mod fleet;
mod jupyter;
mod killed;
mod mpremote;
mod pytest_embedded;
mod rshell;
mod thonny;
pub(crate) mod transcript;

/// Skips the test where there are no tools; `cargo xtask test` has them.
macro_rules! or_skip {
    ($e:expr) => {
        match $e {
            Some(v) => v,
            None => return,
        }
    };
}
pub(crate) use or_skip;

/// A bare board at a port with a name, in a folder of its own.
struct Bare {
    dir: tempfile::TempDir,
    board: Running,
}

impl Bare {
    fn start() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let link = dir.path().join("tty");
        let board = Running::start(&["board", "--link", link.to_str().expect("plain")], 1);
        assert!(board.head[0].starts_with("/dev/pts/"), "{:?}", board.head);
        Self { dir, board }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The stable name of its port.
    fn tty(&self) -> String {
        self.dir.path().join("tty").display().to_string()
    }

    /// The device's own name.
    fn pts(&self) -> String {
        self.board.head[0].clone()
    }
}

/// Runs one of our Python programs that drive a tool: what it is told on standard input, what it says.
pub(crate) fn python(program: &str, args: &[&str], input: &str) -> String {
    use std::io::Write;
    let interpreter = tool("python").expect("there are tools");
    let folder = interpreter.parent().expect("a folder").to_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut child = Command::new(interpreter)
        .args(["-W", "ignore", "-c", program])
        .args(args)
        .env("PATH", format!("{}:{path}", folder.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("sent");
    let out = child.wait_with_output().expect("output");
    let said = text(&out.stdout);
    assert!(out.status.success(), "{said}{}", text(&out.stderr));
    said
}

/// Has a dialog with a program in a terminal: see `tools/dialog.py`.
fn dialog(board: &Bare, lines: &str) {
    for (name, content) in
        [("injected.py", "print('injected', 6 * 7)\n"), ("here.py", "value = 42\n")]
    {
        std::fs::write(board.path().join(name), content).expect("written");
    }
    let dir = board.path().display().to_string();
    let lines = lines.replace("{tty}", &board.tty()).replace("{dir}", &dir);
    assert_eq!(python(include_str!("tools/dialog.py"), &[], &lines), "done\n");
}

fn mpremote(port: &Path, args: &[&str]) -> Option<(bool, String)> {
    let program = tool("mpremote")?;
    let mut all = vec!["connect", port.to_str().expect("plain")];
    all.extend(args);
    let out = run_tool(&program, &all);
    Some((out.status.success(), text(&out.stdout) + &text(&out.stderr)))
}

#[test]
fn a_bare_board_names_its_port_first_and_answers() {
    let board = Bare::start();
    let (ok, out) = or_skip!(mpremote(Path::new(&board.tty()), &["exec", "print(sum(range(10)))"]));
    assert!(ok, "{out}");
    assert_eq!(out, "45\n");
}

#[test]
fn mpremote_comes_over_tcp_and_rfc_2217_as_well() {
    let lab = Lab::start(&[]);
    let status = lab.status();
    let tcp = format!("socket://{}", status["boards"][0]["tcp"].as_str().expect("a text"));
    let rfc2217 = status["boards"][0]["rfc2217"].as_str().expect("a text").to_owned();
    assert!(rfc2217.starts_with("rfc2217://127.0.0.1:"), "{rfc2217}");
    let dir = tempfile::tempdir().expect("a folder");
    let (there, back) = (dir.path().join("a.bin"), dir.path().join("b.bin"));
    let noise: Vec<u8> = (0..30_000u32).map(|i| (i % 256) as u8).collect();
    std::fs::write(&there, &noise).expect("written");
    for port in [tcp, rfc2217] {
        let port = Path::new(&port);
        let (ok, out) = or_skip!(mpremote(port, &["exec", "print('\\xff', 6 * 7)"]));
        assert_eq!((ok, out.as_str()), (true, "\u{ff} 42\n"), "{}", port.display());
        let there = there.to_str().expect("plain");
        let (ok, out) = or_skip!(mpremote(port, &["fs", "cp", there, ":a.bin"]));
        assert!(ok, "{out}");
        let (ok, out) =
            or_skip!(mpremote(port, &["fs", "cp", ":a.bin", back.to_str().expect("plain")]));
        assert!(ok, "{out}");
        assert!(std::fs::read(&back).expect("there") == noise, "{}", port.display());
    }
}

#[test]
fn files_survive_a_kill_while_one_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().to_str().expect("plain").to_owned();
    let tty = dir.path().join("tty-board0");
    let start = || Running::start(&["up", &path, "--port", "0"], 5);
    let lab = start();
    let keep = "for n, t in ('keep', 'kept'), ('busy', '0'):\n f = open(n + '.txt', 'w')\n f.write(t)\n f.close()";
    let (ok, out) = or_skip!(mpremote(&tty, &["exec", keep]));
    assert!(ok, "{out}");
    let mut lab = Some(lab);
    for round in 0..4 {
        // A program that rewrites a file all the time; everything is killed in the middle.
        let busy = "n = 0\nwhile True:\n f = open('busy.txt', 'w')\n f.write(str(n) * 500)\n f.close()\n n += 1\n";
        let program = tool("mpremote").expect("it was there");
        let mut child = std::process::Command::new(program)
            .args(["connect", tty.to_str().expect("plain"), "exec", busy])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("mpremote starts");
        std::thread::sleep(std::time::Duration::from_millis(600 + 137 * round));
        lab.take().expect("running").kill();
        let _ = child.kill();
        let _ = child.wait();
        lab = Some(start());
        let look = "print(open('keep.txt').read(), len(open('busy.txt').read()) > 0)";
        let (ok, out) = or_skip!(mpremote(&tty, &["exec", look]));
        assert!(ok, "{out}");
        assert_eq!(out, "kept True\n");
    }
}

/// What the programs of the workshop that use the network print, or end with.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "06_api.py",
        "200 b'OK'\nkey 75ed7be11c6ca9631d1e50320dee9663\n202 {\"status\":\"accepted\"}\nvalue 5\n",
    ),
    ("07_unclosed_plain.py", "OSError: 23\n"),
    ("07_unclosed_tls.py", "OSError: [Errno 12] ENOMEM\n"),
];

#[test]
fn the_workshop_s_network_programs_do_what_the_course_says() {
    let lab = Lab::start(&[]);
    let tty = lab.tty();
    let (ok, out) =
        or_skip!(mpremote(&tty, &["exec", "import network; print(network.WLAN(0).isconnected())"]));
    assert!(ok && out.ends_with("True\n"), "{out}");
    for (program, end) in PROGRAMS {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop/programs").join(program);
        let (_, out) = or_skip!(mpremote(&tty, &["run", path.to_str().expect("plain")]));
        assert!(out.ends_with(end), "{program}: {out}");
    }
    let (_, out) =
        or_skip!(mpremote(&tty, &["exec", "import time; print(time.gmtime()[0] > 2025)"]));
    assert_eq!(out, "True\n", "the clock was set from the network");
}

#[test]
fn a_network_that_is_not_there_is_said_in_words() {
    let lab = Lab::start(&[]);
    let tty = lab.tty();
    let source = "import config; config.SSID = 'elsewhere'\nimport network; network.WLAN(0).disconnect()\nimport time; time.sleep(1)\nimport wifi_and_ntp; print(wifi_and_ntp.connect(5))";
    let (_, out) = or_skip!(mpremote(&tty, &["exec", source]));
    assert!(
        out.contains("there is no network called elsewhere here") && out.ends_with("False\n"),
        "{out}"
    );
    let source = "import config; config.PASSWORD = 'wrong-one'\nimport network; network.WLAN(0).disconnect()\nimport time; time.sleep(1)\nimport wifi_and_ntp; print(wifi_and_ntp.connect(8))";
    let (_, out) = or_skip!(mpremote(&tty, &["exec", source]));
    assert!(out.contains("wrong password for workshop") && out.ends_with("False\n"), "{out}");
}

#[test]
fn esptool_resets_by_the_lines_of_rfc_2217() {
    let program = or_skip!(tool("esptool"));
    let lab = Lab::start(&[]);
    let status = lab.status();
    let text_of = |key: &str| status["boards"][0][key].as_str().expect("a text").to_owned();
    let mut monitor = std::net::TcpStream::connect(text_of("tcp")).expect("connects");
    monitor.set_read_timeout(Some(std::time::Duration::from_secs(1))).expect("set");
    // Each of its commands takes 0.2 seconds there, so few are asked for; by lines it resets both ways.
    let args = ["--port", &text_of("rfc2217"), "--chip", "esp32", "--no-stub", "read-mac"];
    let out = run_tool(&program, &args);
    let said = text(&out.stdout) + &text(&out.stderr);
    assert!(out.status.success(), "{said}");
    assert!(said.contains("24:0a:c4:00:00:01"), "{said}");
    assert!(!said.contains("Chip was NOT reset"), "{said}");
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(n @ 1..) = std::io::Read::read(&mut monitor, &mut buffer) {
        seen.extend_from_slice(&buffer[..n]);
    }
    let seen = text(&seen);
    let into = seen.find("boot:0x3 (DOWNLOAD_BOOT").unwrap_or_else(|| panic!("{seen}"));
    assert!(seen[into..].contains("boot:0x13 (SPI_FAST_FLASH_BOOT)"), "and out again: {seen}");
}
