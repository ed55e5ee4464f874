//! The desk of a running workshop: its programs are in its folder, and its boards answer to tabs.

use crate::support::{Lab, connect};
use std::io::{Read, Write};
use std::net::TcpStream;
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

#[test]
fn a_board_of_the_workshop_answers_to_a_tab() {
    let lab = Lab::start(&["--page-port", "0"]);
    let address = page(&lab);
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let mut stream = get(&address, "/api/boards/board0/link", upgrade);
    let (mut came, mut buffer) = (Vec::new(), [0; 4096]);
    let end = Instant::now() + Duration::from_secs(60);
    let prompt = br#"{"state":"prompt"}"#;
    while !came.windows(prompt.len()).any(|w| w == prompt) {
        let n = stream.read(&mut buffer).expect("news");
        came.extend_from_slice(&buffer[..n]);
        let said = String::from_utf8_lossy(&came);
        assert!(n > 0 && Instant::now() < end && said.starts_with("HTTP/1.1 101"), "{said}");
    }
}
