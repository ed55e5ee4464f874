//! The circuits of real boards over HTTP: drawn, wired while a program runs, and changed by other writers.

use crate::link::Tab;
use crate::support::{Board, Called, PATIENCE, Served};
use coil_circuit::Circuit;
use coil_lab::events::{Hands, SetLines, no_board};
use coil_lab::{Circuits, Events, catalog};
use coil_studio::RealBoard;
use serde_json::{Value, json};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

const JSON: &str = "Content-Type: application/json\r\n";
const CIRCUIT: &str = "/api/boards/board0/circuit";

/// A lab with a board, and what is known of its circuit.
struct Lab {
    served: Served,
    dir: tempfile::TempDir,
    _board: Board,
}

impl Lab {
    fn open(own: Option<&str>) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        if let Some(own) = own {
            std::fs::write(dir.path().join("board0.circuit.toml"), own).expect("written");
        }
        let mut circuits = Circuits::new(dir.path(), String::new(), None);
        let device = catalog::device("wemos-d1-r32").expect("a device");
        let start = circuits.add("board0", &device);
        let events = Events::new();
        let observer = Box::new(events.board("board0"));
        let board = Board::wired("current", &[], Some(Circuit::new(&start.plan)), Some(observer));
        circuits.started("board0", board.handle.clone());
        let lines = |of: &SetLines| Err(no_board(&of.board));
        let hands = Hands::new(circuits.actor(), Arc::new(lines));
        let real =
            RealBoard { name: "ttyUSB0".into(), device: "/dev/none".parse().expect("a path") };
        let shown = coil_studio::Lab::new(vec![board.status()], events, hands);
        let served =
            Served::of(coil_studio::Lab { circuits: Some(circuits), real: vec![real], ..shown });
        Self { served, dir, _board: board }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("board0.circuit.toml")
    }

    fn put(&self, condition: &str, circuit: &Value) -> Called {
        let headers = format!("{JSON}{condition}\r\n");
        self.served.call(&format!("PUT {CIRCUIT}"), &headers, circuit.to_string().as_bytes())
    }

    /// Writes over what there is.
    fn draw(&self, circuit: &Value) -> String {
        let version = self.told()["version"].as_str().map(str::to_owned);
        let condition = version.map_or("If-None-Match: *".into(), |v| format!("If-Match: \"{v}\""));
        let answer = self.put(&condition, circuit);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["version"].as_str().expect("a version").to_owned()
    }

    fn told(&self) -> Value {
        self.served.call(&format!("GET {CIRCUIT}"), "", b"").json()
    }

    /// Follows events of these kinds.
    fn follow(&self, kinds: &[&str]) -> Stream {
        let mut socket = self.served.connect("/api/events", None).expect("it comes in");
        socket.send(Message::text(json!({ "only": kinds }).to_string())).expect("sent");
        let mut stream = Stream { socket, lines: Vec::new() };
        stream.until("ok", |e| e["ok"] == true);
        stream
    }
}

/// A reader of events.
struct Stream {
    socket: WebSocket<TcpStream>,
    lines: Vec<Value>,
}

impl Stream {
    /// Reads until there is such a line; what came before it.
    fn until(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.lines.iter().position(&is_it) {
                return self.lines.drain(..=at).collect();
            }
            assert!(Instant::now() < end, "{what}: {:?}", self.lines);
            if let Message::Text(text) = self.socket.read().expect("it goes on") {
                let lines = text.lines().map(|l| serde_json::from_str(l).expect("JSON"));
                self.lines.extend(lines);
            }
        }
    }

    fn shows(&mut self, part: &str, name: &str, value: &Value) -> Vec<Value> {
        self.until(&format!("{part}.{name} is {value}"), |e| {
            (&e["part"], &e["name"], &e["value"]) == (&json!(part), &json!(name), value)
        })
    }

    fn act(&mut self, part: &str, setting: &str, value: &Value) -> Value {
        let step = json!({ "part": part, "setting": setting, "value": value });
        let act = json!({ "act": { "board": "board0", "steps": [step] } });
        self.socket.send(Message::text(act.to_string())).expect("sent");
        let is_answer = |e: &Value| e.get("ok").is_some() || e.get("error").is_some();
        self.until("an answer", is_answer).pop().expect("it")
    }
}

fn led(pin: &str) -> Value {
    json!({
        "parts": { "led": { "kind": "led", "at": [60.005, -4], "turned": 90, "settings": { "color": "green" } } },
        "wires": [[pin, "led.anode"], ["led.cathode", "GND"]],
    })
}

const BLINK: &str = "
from machine import Pin
import time
p = Pin(27, Pin.OUT)
n = 0
while True:
    n += 1
    p.value(n & 1)
    if n % 50 == 1:
        print('round', n)
    time.sleep_ms(2)
";

#[test]
fn an_led_that_is_wired_while_a_program_blinks_lights_and_nothing_starts_anew() {
    let lab = Lab::open(None);
    let mut tab = Tab::open(&lab.served);
    tab.prompt();
    let run = json!({ "id": 1, "do": "run", "name": "blink.py", "source": BLINK });
    tab.socket.send(Message::text(run.to_string())).expect("sent");
    tab.until("it runs", |tab| tab.output.contains("round 101\r\n"));
    let mut stream = lab.follow(&["part", "reset", "soft_reset", "exception", "fault"]);
    let version = lab.draw(&led("D6"));
    let mut seen = stream.shows("led", "lit", &json!(true));
    seen.extend(stream.shows("led", "lit", &json!(false)));
    tab.until("it is told", |tab| tab.answers.contains(&json!({ "circuit": version })));
    // It is taken away and comes back.
    lab.draw(&json!({ "parts": {}, "wires": [] }));
    lab.draw(&led("D6"));
    seen.extend(stream.shows("led", "brightness", &json!(0.0)));
    seen.extend(stream.shows("led", "lit", &json!(true)));
    assert!(seen.iter().all(|e| e["event"] == "part"), "{seen:?}");
    let rounds = tab.output.matches("round").count();
    tab.until("it goes on", |tab| tab.output.matches("round").count() > rounds + 3);
    assert_eq!(tab.output.matches("round 1\r\n").count(), 1);
}

#[test]
fn a_button_is_wired_pressed_and_seen_by_the_program() {
    let lab = Lab::open(None);
    let mut tab = Tab::open(&lab.served);
    tab.prompt();
    let source = "
from machine import Pin
import time
p = Pin(12, Pin.IN, Pin.PULL_UP)
before = None
while True:
    now = p.value()
    if now != before:
        print('reads', now)
        before = now
    time.sleep_ms(1)
";
    let run = json!({ "id": 1, "do": "run", "name": "a.py", "source": source });
    tab.socket.send(Message::text(run.to_string())).expect("sent");
    tab.until("the first", |tab| tab.output.contains("reads 1\r\n"));
    let mut stream = lab.follow(&["part"]);
    let none = stream.act("btn", "pressed", &json!(true));
    assert!(none["error"].as_str().is_some_and(|e| e.contains("no board has a circuit")), "{none}");
    let button = json!({
        "parts": { "btn": { "kind": "button", "settings": { "bounce": 0 } } },
        "wires": [["D8", "btn.a"], ["GND", "btn.b"]],
    });
    lab.draw(&button);
    assert_eq!(stream.act("btn", "pressed", &json!(true))["ok"], true);
    tab.until("it is down", |tab| tab.output.ends_with("reads 0\r\n"));
    // Something is wired beside it, and it is still held.
    let mut both = button;
    both["parts"]["pot"] = json!({ "kind": "potentiometer", "at": [1, 2] });
    both["wires"].as_array_mut().expect("wires").push(json!(["A2", "pot.wiper"]));
    lab.draw(&both);
    assert_eq!(stream.act("pot", "position", &json!(0.25))["ok"], true);
    stream.shows("pot", "position", &json!(0.25));
    assert!(tab.output.ends_with("reads 0\r\n"), "{}", tab.output);
    // It is taken off, and the pull-up is alone.
    lab.draw(&json!({ "parts": {}, "wires": [] }));
    tab.until("it is up", |tab| tab.output.ends_with("reads 1\r\n"));
}

#[test]
fn a_writer_who_read_something_else_and_a_circuit_that_cannot_be_change_nothing() {
    let lab = Lab::open(None);
    assert_eq!(
        lab.told(),
        json!({
            "version": null, "file": "board0.circuit.toml", "text": "", "error": null,
            "circuit": { "parts": {}, "wires": [] },
        })
    );
    let first = lab.draw(&led("D6"));
    let told = lab.served.call(&format!("GET {CIRCUIT}"), "", b"");
    assert!(told.head.contains(&format!("etag: \"{first}\"")), "{}", told.head);
    let told = told.json();
    let drawn = json!({ "kind": "led", "at": [60.01, -4.0], "turned": 90, "settings": { "color": "green" } });
    assert_eq!(told["circuit"]["parts"]["led"], drawn);
    assert_eq!(told["circuit"]["wires"], led("D6")["wires"]);
    let taken = lab.put("If-None-Match: *", &led("D7"));
    assert_eq!((taken.status, &taken.json()["version"]), (412, &json!(first)));
    let late = lab.put("If-Match: \"0123\"", &led("D7"));
    assert_eq!((late.status, &late.json()["version"]), (412, &json!(first)));
    let current = format!("If-Match: \"{first}\"");
    let without = lab.put("X: y", &led("D7"));
    assert_eq!(without.status, 428, "{}", without.body);
    assert_eq!(lab.put("If-Match: x", &led("D7")).status, 400);
    for (circuit, why) in [
        (json!({ "parts": { "x": { "kind": "lad" } } }), "there is no kind `lad`"),
        (json!({ "wires": [["3V3", "GND"]] }), "wired together"),
        (json!({ "wires": [["D6", "y.a"]] }), "`y.a` is nothing to wire to"),
        (json!({ "wires": [["GPIO6", "D6"]] }), "belongs to the flash"),
        (json!({ "parts": { "../x": { "kind": "led" } } }), "is no name for a part"),
        (json!({ "parts": { "x": { "kind": "led", "turned": 45 } } }), "must be 0, 90, 180 or 270"),
        (json!({ "parts": { "x": { "kind": "led", "at": [1e300, 0] } } }), "millimetres"),
        (
            json!({ "parts": { "x": { "kind": "led", "settings": { "ohms": "many" } } } }),
            "must be a number",
        ),
        (json!({ "wires": vec![["D6", "D7"]; 1001] }), "1000 at most"),
    ] {
        let refused = lab.put(&current, &circuit);
        assert_eq!(refused.status, 422, "{circuit}: {}", refused.body);
        let error = refused.json()["error"].as_str().expect("words").to_owned();
        assert!(error.contains(why), "{error}");
    }
    for bad in [&b"x"[..], b"[]", b"{\"parts\":[]}", b"{\"wires\":[[\"D6\"]]}", b"{\"more\":1}"] {
        let headers = format!("{JSON}{current}\r\n");
        let refused = lab.served.call(&format!("PUT {CIRCUIT}"), &headers, bad);
        assert_eq!(refused.status, 400, "{}", refused.body);
        assert!(refused.json()["error"].is_string());
    }
    assert_eq!(lab.told(), told);
}

#[test]
fn other_origins_other_contents_and_other_boards_have_no_circuit() {
    let lab = Lab::open(None);
    let body = led("D6").to_string();
    let put = |board: &str, headers: &str, body: &[u8]| {
        let line = format!("PUT /api/boards/{board}/circuit");
        lab.served.call(&line, &format!("If-None-Match: *\r\n{headers}"), body).status
    };
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let headers = format!("{JSON}Origin: {origin}\r\n");
        assert_eq!(put("board0", &headers, body.as_bytes()), 403, "{origin}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let headers = format!("Content-Type: {kind}\r\n");
        assert_eq!(put("board0", &headers, body.as_bytes()), 415, "{kind}");
    }
    assert_eq!(put("board0", JSON, &vec![b' '; 300 * 1024]), 413);
    for board in ["board1", "ttyUSB0", "..%2fboard0", "board0.circuit.toml", "%00"] {
        assert_eq!(put(board, JSON, body.as_bytes()), 404, "{board}");
        let line = format!("GET /api/boards/{board}/circuit");
        assert_eq!(lab.served.call(&line, "", b"").status, 404, "{board}");
    }
    assert!(std::fs::read_dir(lab.dir.path()).expect("a folder").next().is_none());
}

#[test]
fn what_another_editor_writes_is_told_to_all_tabs_and_wired() {
    let lab = Lab::open(Some("# mine\n"));
    let (mut tab, mut other) = (Tab::open(&lab.served), Tab::open(&lab.served));
    tab.prompt();
    let first = json!({ "circuit": lab.told()["version"] });
    tab.until("the first", |tab| tab.answers.contains(&first));
    let run = json!({ "id": 1, "do": "run", "name": "a.py", "source": "from machine import Pin\nPin(27, Pin.OUT, value=1)" });
    tab.socket.send(Message::text(run.to_string())).expect("sent");
    tab.until("it ran", |tab| tab.answers.iter().any(|a| a["id"] == 1));
    let mut stream = lab.follow(&["part"]);
    let start = Instant::now();
    let text = "# mine\n[parts.l]\nkind = 'led'\npins = { anode = 'D6', cathode = 'GND' }\n";
    std::fs::write(lab.path(), text).expect("written");
    stream.shows("l", "lit", &json!(true));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let version = lab.told()["version"].clone();
    for tab in [&mut tab, &mut other] {
        tab.until("told", |tab| tab.answers.contains(&json!({ "circuit": version })));
    }
    // What cannot be is told, and the board is wired as it was.
    std::fs::write(lab.path(), "[parts.l]\nkind = 'lad'\n").expect("written");
    let known = [&first["circuit"], &version];
    let is_other = |a: &Value| a["circuit"].is_string() && !known.contains(&&a["circuit"]);
    other.until("told", |tab| tab.answers.iter().any(is_other));
    let told = lab.told();
    assert!(told["error"].as_str().is_some_and(|e| e.contains("no kind `lad`")), "{told}");
    assert_eq!(stream.act("l", "nothing", &json!(1))["ok"], Value::Null);
    // Without it nothing is wired.
    std::fs::remove_file(lab.path()).expect("removed");
    tab.until("told", |tab| tab.answers.contains(&json!({ "circuit": null })));
    assert_eq!(lab.told()["error"], Value::Null);
}

#[test]
fn the_kinds_of_parts_are_told_with_all_that_a_page_needs() {
    let lab = Lab::open(None);
    let kinds = lab.served.call("GET /api/parts", "", b"").json();
    let kinds = kinds.as_array().expect("a list");
    let of = |name: &str| kinds.iter().find(|k| k["kind"] == name).expect("a kind");
    let color = json!({
        "name": "color", "fixed": true, "text": "Its colour.", "sort": "choice", "usual": "red",
        "choices": ["red", "green", "yellow", "blue", "white", "orange"],
    });
    assert_eq!(of("led")["settings"][0], color);
    let pins = json!([
        { "name": "vcc", "role": "power", "rail": "3V3" }, { "name": "data", "role": "passive" },
        { "name": "gnd", "role": "ground" },
    ]);
    assert_eq!(of("dht22")["pins"], pins);
    let setting = &of("rotary-encoder")["settings"][0];
    assert_eq!((&setting["sort"], &setting["least"]), (&json!("int"), &json!(-10000)));
    assert_eq!(of("button")["settings"][0]["usual"], false);
    assert_eq!(of("led")["shows"][0]["name"], "lit");
    assert!(kinds.iter().all(|k| k["title"].is_string() && k["text"].is_string()));
}

#[test]
fn a_board_is_told_with_its_headers_and_what_wires_call_their_pins() {
    let lab = Lab::open(None);
    let uno = lab.served.call("GET /api/devices/wemos-d1-r32", "", b"").json();
    assert_eq!((&uno["title"], &uno["size"]), (&json!("WeMos D1 R32"), &json!([68.6, 53.4])));
    let header = |of: &Value, n: usize| of["headers"][n]["pins"].clone();
    assert_eq!(header(&uno, 1)[1], json!({ "label": "D6", "end": "D6", "gpio": 27 }));
    let power = json!([
        { "label": "NC" }, { "label": "IOREF" }, { "label": "RESET" }, { "label": "3V3", "end": "3V3" },
        { "label": "5V", "end": "5V" }, { "label": "GND", "end": "GND" }, { "label": "GND", "end": "GND" },
        { "label": "VIN", "end": "5V" },
    ]);
    assert_eq!(header(&uno, 2), power);
    assert_eq!((&uno["led"]["gpio"], &uno["buttons"][0]["name"]), (&json!(2), &json!("RESET")));
    let kit = lab.served.call("GET /api/devices/esp32-devkitc", "", b"").json();
    assert_eq!((header(&kit, 0).as_array().map(Vec::len), &kit["led"]), (Some(19), &Value::Null));
    assert_eq!(kit["buttons"][1]["gpio"], 0);
    assert_eq!(header(&kit, 0)[15], json!({ "label": "D2" }));
    assert_eq!(lab.served.call("GET /api/devices/uno", "", b"").status, 404);
}
