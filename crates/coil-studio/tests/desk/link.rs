//! A board's link as a browser has it: bytes, requests and answers, and its bounds.

use crate::support::{Board, PATIENCE, Served};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// A tab.
pub(crate) struct Tab {
    pub(crate) socket: WebSocket<TcpStream>,
    pub(crate) output: String,
    state: Value,
    pub(crate) answers: Vec<Value>,
    missed: u64,
}

impl Tab {
    pub(crate) fn open(served: &Served) -> Self {
        let socket = served.connect("/api/boards/board0/link", None).expect("it comes in");
        Self { socket, output: String::new(), state: Value::Null, answers: Vec::new(), missed: 0 }
    }

    /// Reads until something is so.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < end, "{what}: {} {:?}", self.state, self.output);
            match self.socket.read().unwrap_or_else(|e| panic!("{what}: {e}: {:?}", self.output)) {
                Message::Binary(bytes) => self.output.push_str(&String::from_utf8_lossy(&bytes)),
                Message::Text(text) => {
                    let value: Value = serde_json::from_str(&text).expect("JSON");
                    if value.get("state").is_some() {
                        self.state = value;
                    } else if let Some(n) = value["missed"].as_u64() {
                        self.missed += n;
                    } else {
                        self.answers.push(value);
                    }
                }
                _ => {}
            }
        }
    }

    fn ask(&mut self, request: &Value) -> Value {
        self.socket.send(Message::text(request.to_string())).expect("sent");
        let id = request["id"].clone();
        self.until(&request.to_string(), |tab| tab.answers.iter().any(|a| a["id"] == id));
        let at = self.answers.iter().position(|a| a["id"] == id).expect("it is there");
        self.answers.remove(at)
    }

    pub(crate) fn prompt(&mut self) {
        self.until("prompt", |tab| tab.state["state"] == "prompt");
    }
}

#[test]
fn a_tab_runs_a_program_and_another_one_sees_it_and_what_was_said_before() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let mut tab = Tab::open(&served);
    tab.prompt();
    let source = "print('x' * 3)\nnme = 1\nname\n";
    let ended = tab.ask(&json!({"id": 1, "do": "run", "name": "a.py", "source": source}));
    assert_eq!((&ended["ok"]["ended"], &ended["ok"]["line"]), (&json!("exception"), &json!(3)));
    assert_eq!(ended["ok"]["explained"]["place"]["line"], 3, "{ended}");
    tab.until("its output", |tab| tab.output.contains("xxx\r\n") && tab.output.ends_with(">>> "));
    let mut other = Tab::open(&served);
    other.until("what was said before", |tab| tab.output.contains("xxx\r\n"));
    other.socket.send(Message::binary(&b"1+41\r"[..])).expect("sent");
    tab.until("what the other typed", |tab| tab.output.ends_with("1+41\r\n42\r\n>>> "));
    let names = tab.ask(&json!({"id": 2, "do": "complete", "text": "nm"}));
    assert_eq!(names, json!({"id": 2, "ok": ["nme"]}));
    let all = tab.ask(&json!({"id": 3, "do": "variables"}));
    assert_eq!(all["ok"][0], json!({"name": "nme", "type": "int", "value": "1"}), "{all}");
}

#[test]
fn files_go_there_and_back_and_errors_are_in_words() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let mut tab = Tab::open(&served);
    assert_eq!(tab.ask(&json!({"id": 1, "do": "make_folder", "path": "/d"}))["ok"], true);
    let write = json!({"id": 2, "do": "write", "path": "/d/a", "base64": "AP8="});
    assert_eq!(tab.ask(&write)["ok"], true);
    assert_eq!(tab.ask(&json!({"id": 3, "do": "read", "path": "/d/a"}))["ok"]["base64"], "AP8=");
    let files = tab.ask(&json!({"id": 4, "do": "files"}));
    let list = files["ok"]["files"].as_array().expect("a list");
    assert!(list.contains(&json!({"path": "/d", "folder": true})), "{files}");
    assert!(list.contains(&json!({"path": "/d/a", "size": 2})), "{files}");
    let missing = tab.ask(&json!({"id": 5, "do": "read", "path": "/none"}));
    assert!(
        missing["error"]["text"].as_str().is_some_and(|t| t.contains("no `/none`")),
        "{missing}"
    );
    let run = json!({"id": 6, "do": "run", "name": "loop.py", "source": "while True: pass"});
    tab.socket.send(Message::text(run.to_string())).expect("sent");
    tab.until("it runs", |tab| tab.state == json!({"state": "running", "program": "loop.py"}));
    let busy = tab.ask(&json!({"id": 7, "do": "files"}));
    assert_eq!(busy["error"]["busy"], true, "{busy}");
    assert_eq!(tab.ask(&json!({"id": 8, "do": "stop"}))["ok"], true);
    tab.until("its end", |tab| tab.answers.iter().any(|a| a["id"] == 6));
    assert_eq!(tab.answers[0]["ok"]["ended"], "stopped");
    for bad in ["x", "{}", "{\"id\":9,\"do\":\"fly\"}"] {
        tab.socket.send(Message::text(bad)).expect("sent");
        tab.until(bad, |tab| tab.answers.last().is_some_and(|a| a["error"]["text"].is_string()));
        tab.answers.clear();
    }
}

#[test]
fn a_tab_that_reads_slowly_is_told_what_it_missed_and_slows_nobody() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let (mut slow, mut quick) = (Tab::open(&served), Tab::open(&served));
    quick.prompt();
    let source = "for n in range(40000): print('%0100d' % n)\nprint('at the', 'end')";
    let ended = quick.ask(&json!({"id": 1, "do": "run", "name": "a.py", "source": source}));
    assert_eq!(ended["ok"]["ended"], "done");
    quick.until("the end", |tab| tab.output.ends_with("at the end\r\n>>> "));
    slow.until("the end", |tab| tab.output.ends_with("at the end\r\n>>> "));
    assert!(slow.missed > 0, "nothing missed");
    assert!(slow.output.len() < quick.output.len() + quick.missed as usize);
}

#[test]
fn a_message_that_is_too_long_ends_the_link_and_no_other() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let (mut tab, mut other) = (Tab::open(&served), Tab::open(&served));
    other.prompt();
    // It may be closed while this is still being sent.
    let _ = tab.socket.send(Message::text("x".repeat(6 << 20)));
    let start = Instant::now();
    while tab.socket.read().is_ok() {
        assert!(start.elapsed() < PATIENCE, "it goes on");
    }
    // What is typed beyond all measure is refused, and the rest goes on.
    other.socket.send(Message::binary(vec![b'x'; 1 << 20])).expect("sent");
    other.until("refused", |tab| tab.answers.iter().any(|a| a["refused"] == 1 << 20));
    assert_eq!(other.ask(&json!({"id": 1, "do": "make_folder", "path": "/d"}))["ok"], true);
}

#[test]
fn only_so_many_tabs_and_requests_are_taken_and_who_leaves_makes_room() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let mut tabs: Vec<_> = (0..64).map(|_| Tab::open(&served)).collect();
    let link = "/api/boards/board0/link";
    let refused = served.connect(link, None).expect_err("it is full");
    assert!(refused.contains("503"), "{refused}");
    drop(tabs.pop());
    let start = Instant::now();
    while served.connect(link, None).is_err() {
        assert!(start.elapsed() < PATIENCE, "nobody made room");
        std::thread::sleep(Duration::from_millis(10));
    }
    let tab = &mut tabs[0];
    tab.prompt();
    for id in 0..200 {
        let request = json!({"id": id, "do": "files"}).to_string();
        tab.socket.send(Message::text(request)).expect("sent");
    }
    tab.until("all are answered", |tab| tab.answers.len() == 200);
    let is_ok = |a: &&Value| a.get("ok").is_some();
    assert!(tab.answers.iter().filter(is_ok).count() >= 16);
    assert!(tab.answers.iter().any(|a| a.to_string().contains("under way already")));
}

#[test]
fn other_origins_and_other_boards_have_no_link() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let refused = served.connect("/api/boards/board0/link", Some(origin)).expect_err(origin);
        assert!(refused.contains("403"), "{origin}: {refused}");
    }
    let missing = served.connect("/api/boards/other/link", None).expect_err("no such board");
    assert!(missing.contains("404"), "{missing}");
}
