//! The desk of a running workshop: its programs are in its folder, and its boards answer to tabs.

use crate::support::{Lab, Running, coil, connect, has, text};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

fn page(lab: &Lab) -> String {
    let page = lab.status()["page"].as_str().expect("a text").to_owned();
    page.trim_start_matches("http://").to_owned()
}

fn get(address: &str, path: &str, headers: &str) -> TcpStream {
    let mut stream = connect(address);
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    stream
}

#[test]
fn a_new_workshop_has_a_first_program_and_an_old_one_keeps_what_it_has() {
    let lab = Lab::start(&["--page-port", "0"]);
    let address = page(&lab);
    let mut answer = String::new();
    let mut stream = get(&address, "/api/programs", "Connection: close\r\n");
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.contains("\"path\":\"blink.py\""), "{answer}");
    let file = lab.dir.path().join("programs/blink.py");
    assert!(std::fs::read_to_string(file).expect("it is there").contains("Pin(2"));
}

/// A tab at a board.
struct Tab {
    stream: TcpStream,
    came: Vec<u8>,
}

impl Tab {
    fn open(address: &str, board: &str) -> Self {
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let stream = get(address, &format!("/api/boards/{board}/link"), upgrade);
        Self { stream, came: Vec::new() }
    }

    /// Sends a message that is shorter than 126 bytes.
    fn ask(&mut self, text: &str) {
        assert!(text.len() < 126);
        let head = [0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
        self.stream.write_all(&[&head, text.as_bytes()].concat()).expect("sent");
    }

    /// Reads until this came.
    fn until(&mut self, wanted: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        let mut buffer = [0; 4096];
        while !self.came.windows(wanted.len()).any(|w| w == wanted.as_bytes()) {
            let n = self.stream.read(&mut buffer).expect("news");
            self.came.extend_from_slice(&buffer[..n]);
            let said = String::from_utf8_lossy(&self.came);
            assert!(n > 0 && Instant::now() < end && said.starts_with("HTTP/1.1 101"), "{said}");
        }
    }
}

#[test]
fn a_board_of_the_workshop_answers_to_a_tab() {
    let lab = Lab::start(&["--page-port", "0"]);
    Tab::open(&page(&lab), "board0").until(r#"{"state":"prompt"}"#);
}

#[test]
fn a_board_on_a_serial_port_gets_the_same() {
    // What is on the port here is another workshop's board: a serial device as any.
    let table = Lab::start(&[]);
    let port = table.status()["boards"][0]["pts"].as_str().expect("a path").to_owned();
    let link = table.dir.path().join("ttyUSB0");
    std::os::unix::fs::symlink(&port, &link).expect("made");
    let lab = Lab::start(&["--page-port", "0", "--serial", link.to_str().expect("plain")]);
    let address = page(&lab);
    let mut answer = String::new();
    let mut stream = get(&address, "/api/boards", "Connection: close\r\n");
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.contains("\"board0\"") && answer.contains("\"ttyUSB0\""), "{answer}");
    let mut tab = Tab::open(&address, "ttyUSB0");
    tab.until(r#"{"state":"prompt"}"#);
    tab.ask(r#"{"id":1,"do":"run","name":"a.py","source":"print(6*7)\nwhile True: pass"}"#);
    tab.until("42\r\n");
    tab.ask(r#"{"id":2,"do":"stop"}"#);
    tab.until(r#""ended":"stopped""#);
    tab.ask(r#"{"id":3,"do":"files"}"#);
    tab.until("/boot.py");
}

/// The status that curl gets, and the answer with its head.
fn curl(args: &[&str]) -> (String, String) {
    let usual = ["-s", "-i", "--max-time", "20", "-w", "\n%{http_code}"];
    let out = Command::new("curl").args(usual).args(args).output().expect("curl starts");
    let answer = text(&out.stdout);
    let (answer, status) = answer.rsplit_once('\n').expect("a status");
    (status.to_owned(), answer.to_owned())
}

#[test]
fn other_machines_come_in_by_the_password_and_stay_in_over_a_restart() {
    if !has("curl") {
        println!("no curl here: left out");
        return;
    }
    let dir = tempfile::tempdir().expect("a folder");
    let lab = dir.path().join("lab").display().to_string();
    let jar = dir.path().join("cookies").display().to_string();
    let open = |port: &str| {
        let args = ["up", &lab, "--port", "0", "--page-port", port, "--listen", "0.0.0.0"];
        let running = Running::start(&args, 6);
        let line = running.head.iter().find(|l| l.contains("other machines")).expect("it is told");
        let password = line.split('`').nth(1).expect("a password").to_owned();
        (running, password)
    };
    let (running, password) = open("0");
    let status: serde_json::Value =
        serde_json::from_slice(&coil(&["status", "--json", &lab]).stdout).expect("JSON");
    let here = status["page"].as_str().expect("an address").to_owned();
    let port = here.rsplit(':').next().expect("a port").to_owned();
    // For the server that is another machine's name for it.
    let there = |path: &str| format!("http://127.0.0.2:{port}{path}");
    assert_eq!(curl(&[&format!("{here}/api/boards")]).0, "200", "this machine is not asked");
    let (status, answer) = curl(&["-H", "Accept: text/html", &there("/")]);
    assert!(status == "303" && answer.to_lowercase().contains("location: /login"), "{answer}");
    let form = curl(&[&there("/login")]).1;
    assert!(form.contains("asks for its password"));
    assert!(
        form.contains("referrer-policy: same-origin"),
        "a browser's form has its origin: {form}"
    );
    assert_eq!(curl(&[&there("/api/boards")]).0, "401");
    let own = format!("Origin: {}", there(""));
    let form = |word: &str| {
        let said = format!("password={word}");
        curl(&["-c", &jar, "-H", &own, "-d", &said, &there("/login")]).0
    };
    assert_eq!(form("wrong"), "403");
    assert_eq!(form(&password), "303");
    let (status, boards) = curl(&["-b", &jar, &there("/api/boards")]);
    assert!(status == "200" && boards.contains("board0"), "{boards}");
    let other = ["-b", &jar, "-H", "Origin: http://evil.example", &there("/api/boards")];
    assert_eq!(curl(&other).0, "403");
    running.stop();
    let kept = std::fs::metadata(dir.path().join("lab/page-password")).expect("it is kept");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept.permissions()) & 0o777, 0o600);
    let (_running, again) = open(&port);
    assert_eq!(again, password);
    assert_eq!(curl(&["-b", &jar, &there("/api/boards")]).0, "200");
}
