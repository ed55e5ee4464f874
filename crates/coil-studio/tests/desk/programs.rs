//! The lab's folder of programs over HTTP: versions, history, changes, and what may not be reached.

use crate::support::{Called, PATIENCE, Served};
use coil_studio::{Lab, Programs};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tungstenite::Message;

struct Place {
    dir: tempfile::TempDir,
    served: Served,
}

const JSON: &str = "Content-Type: application/json\r\n";
const BYTES: &str = "Content-Type: application/octet-stream\r\n";

impl Place {
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let programs = Programs::open(&dir.path().join("programs")).expect("a folder");
        let served =
            Served::of(Lab { programs: Some(Arc::new(programs)), ..Served::lab(Vec::new()) });
        Self { dir, served }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("programs")
    }

    fn call(&self, line: &str, headers: &str, body: &[u8]) -> Called {
        self.served.call(line, headers, body)
    }

    fn put(&self, path: &str, condition: &str, content: &[u8]) -> Called {
        let headers = format!("{BYTES}{condition}\r\n");
        self.call(&format!("PUT /api/programs/{path}"), &headers, content)
    }

    fn new_program(&self, path: &str, content: &[u8]) -> String {
        let answer = self.put(path, "If-None-Match: *", content);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()["version"].as_str().expect("a version").to_owned()
    }

    fn history(&self, path: &str) -> Vec<String> {
        let of = self.folder().join(".history").join(path);
        let Ok(entries) = std::fs::read_dir(of) else { return Vec::new() };
        let mut all: Vec<_> = entries
            .flatten()
            .filter(|e| e.path().is_file())
            .map(|e| std::fs::read_to_string(e.path()).expect("readable"))
            .collect();
        all.sort();
        all
    }
}

#[test]
fn a_new_workshop_has_a_first_program_that_compiles_and_one_that_is_there_stays() {
    let place = Place::open();
    let list = place.call("GET /api/programs", "", b"").json();
    assert_eq!((list.as_array().map(Vec::len), &list[0]["path"]), (Some(1), &json!("blink.py")));
    let blink = place.call("GET /api/programs/blink.py", "", b"");
    assert!(blink.body.contains("Pin(2, Pin.OUT)"), "{}", blink.body);
    let version = list[0]["version"].as_str().expect("a version");
    assert!(blink.head.contains(&format!("etag: \"{version}\"")), "{}", blink.head);
    let source = json!({ "source": blink.body }).to_string();
    let checked = place.call("POST /api/check", JSON, source.as_bytes());
    assert_eq!(checked.json(), json!({ "errors": [] }));
    std::fs::remove_file(place.folder().join("blink.py")).expect("removed");
    Programs::open(&place.folder()).expect("a folder");
    assert_eq!(place.call("GET /api/programs", "", b"").json(), json!([]));
}

#[test]
fn a_writer_who_has_read_something_else_is_refused_and_nothing_is_lost() {
    let place = Place::open();
    let first = place.new_program("sub/a.py", b"one");
    let taken = place.put("sub/a.py", "If-None-Match: *", b"two");
    assert_eq!((taken.status, &taken.json()["version"]), (412, &json!(first)));
    let second = place.put("sub/a.py", &format!("If-Match: \"{first}\""), b"two");
    assert_eq!(second.status, 200, "{}", second.body);
    let late = place.put("sub/a.py", &format!("If-Match: \"{first}\""), b"three");
    assert_eq!((late.status, &late.json()["version"]), (412, &second.json()["version"]));
    assert_eq!(place.call("GET /api/programs/sub/a.py", "", b"").body, "two");
    std::fs::write(place.folder().join("sub/a.py"), "by another editor").expect("written");
    let other = place.put("sub/a.py", &format!("If-Match: {}", second.json()["version"]), b"three");
    assert_eq!(other.status, 412, "{}", other.body);
    assert_eq!(place.put("sub/a.py", "X: y", b"three").status, 428);
    let gone = place.put("gone.py", &format!("If-Match: \"{first}\""), b"x");
    assert_eq!((gone.status, &gone.json()["version"]), (412, &Value::Null));
    assert_eq!(place.put("a.py", "If-Match: x", b"x").status, 400);
}

#[test]
fn what_a_program_was_is_kept_at_most_once_a_minute_and_when_it_goes() {
    let place = Place::open();
    let mut version = place.new_program("sub/a.py", b"0");
    for n in 1..5 {
        let answer =
            place.put("sub/a.py", &format!("If-Match: \"{version}\""), format!("{n}").as_bytes());
        version = answer.json()["version"].as_str().expect("a version").to_owned();
    }
    assert_eq!(place.history("sub/a.py"), ["0"]);
    let wrong = place.call("DELETE /api/programs/sub/a.py", "If-Match: \"x\"\r\n", b"");
    assert_eq!(wrong.status, 412);
    assert_eq!(place.call("DELETE /api/programs/sub/a.py", "", b"").status, 200);
    assert_eq!(place.history("sub/a.py"), ["0", "4"]);
    assert!(!place.folder().join("sub").exists(), "a folder with nothing in it");
    assert_eq!(place.call("DELETE /api/programs/sub/a.py", "", b"").status, 404);
    let of = place.folder().join(".history/sub/a.py");
    for n in 0..60 {
        let old =
            std::fs::File::create(of.join(format!("2001-01-01T00-00-{n:02}.000Z"))).expect("made");
        old.set_modified(std::time::UNIX_EPOCH).expect("set");
    }
    place.new_program("sub/a.py", b"5");
    place.call("DELETE /api/programs/sub/a.py", "", b"");
    let kept = place.history("sub/a.py");
    assert_eq!((kept.len(), kept.contains(&"5".into())), (50, true));
}

#[test]
fn the_history_tells_what_a_program_was_the_newest_state_first() {
    let place = Place::open();
    let told = |path: &str| place.call(&format!("GET /api/programs-history/{path}"), "", b"");
    let version = place.new_program("sub/a.py", b"first");
    assert_eq!(told("sub/a.py").json(), json!([]));
    assert_eq!(told("nothing.py").json(), json!([]));
    place.put("sub/a.py", &format!("If-Match: \"{version}\""), b"second one");
    place.call("DELETE /api/programs/sub/a.py", "", b"");
    let states = told("sub/a.py").json();
    let sizes: Vec<_> = states.as_array().expect("a list").iter().map(|s| &s["size"]).collect();
    assert_eq!(sizes, [10, 5]);
    // The two may be a millisecond apart: only after the newest and before the oldest there is surely none.
    for (state, content, none) in [(0, "second one", 1), (1, "first", -1)] {
        let at = states[state]["at"].as_i64().expect("a moment");
        let answer = told(&format!("sub/a.py?at={at}"));
        assert_eq!((answer.status, &*answer.body), (200, content));
        assert_eq!(told(&format!("sub/a.py?at={}", at + none)).status, 404);
    }
    assert_eq!(told("sub/a.py?at=9223372036854775807").status, 404);
    assert_eq!(told("..%2f..%2fetc/passwd").status, 400);
    assert_eq!(told("../secret?at=0").status, 400);
}

#[test]
fn a_program_gets_another_name_unless_that_is_taken() {
    let place = Place::open();
    place.new_program("a.py", b"a");
    place.new_program("b.py", b"b");
    let rename = |from: &str, to: &str| {
        place.call(
            &format!("POST /api/programs/{from}"),
            JSON,
            json!({ "rename": to }).to_string().as_bytes(),
        )
    };
    assert_eq!(rename("a.py", "new/c.py").status, 200);
    assert_eq!(place.call("GET /api/programs/new/c.py", "", b"").body, "a");
    assert_eq!(rename("b.py", "new/c.py").status, 409);
    assert_eq!(rename("none.py", "d.py").status, 404);
    for bad in ["../x.py", "/x.py", ".hidden", ""] {
        assert_eq!(rename("b.py", bad).status, 400, "{bad}");
    }
    assert_eq!(place.call("GET /api/programs/b.py", "", b"").body, "b");
}

#[test]
fn no_path_leads_out_of_the_folder() {
    let place = Place::open();
    std::fs::write(place.dir.path().join("lab.json"), "secret").expect("written");
    std::fs::create_dir(place.dir.path().join("outside")).expect("made");
    std::fs::write(place.dir.path().join("outside/x.py"), "secret").expect("written");
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, place.folder().join(name)).expect("a link");
    };
    link("../lab.json", "file.py");
    link("../outside", "folder");
    link("/etc", "etc");
    link("blink.py", "inside.py");
    for path in [
        "../lab.json",
        "%2e%2e/lab.json",
        "..%2flab.json",
        "%2e%2e%2flab.json",
        "sub/../../lab.json",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "folder/x.py",
        "file.py",
        "etc/passwd",
        "inside.py",
        ".history/x",
        ".history",
        "a%00b",
        "a%0ab",
        "..%5clab.json",
        "sub//a.py",
        &"x".repeat(300),
        "%ff",
    ] {
        let read = place.call(&format!("GET /api/programs/{path}"), "", b"");
        assert!(matches!(read.status, 400 | 404), "{path}: {}", read.status);
        assert!(!read.body.contains("secret") && !read.body.contains("root:"), "{path}");
        for condition in ["If-None-Match: *", "If-Match: \"x\""] {
            let written = place.put(path, condition, b"changed");
            assert!(matches!(written.status, 400 | 404 | 409 | 412), "{path}: {}", written.status);
        }
        let removed = place.call(&format!("DELETE /api/programs/{path}"), "", b"");
        assert!(matches!(removed.status, 400 | 404), "{path}: {}", removed.status);
    }
    let content = |path: &Path| std::fs::read_to_string(path).expect("it is there");
    assert_eq!(content(&place.dir.path().join("lab.json")), "secret");
    assert_eq!(content(&place.dir.path().join("outside/x.py")), "secret");
    assert_eq!(std::fs::read_dir(place.dir.path().join("outside")).expect("a folder").count(), 1);
    let list = place.call("GET /api/programs", "", b"").json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
}

#[test]
fn what_is_no_file_or_too_long_is_refused() {
    let place = Place::open();
    let long = vec![b'x'; (4 << 20) + 1];
    assert_eq!(place.put("long.py", "If-None-Match: *", &long).status, 413);
    std::fs::write(place.folder().join("big.bin"), &long).expect("written");
    assert_eq!(place.call("GET /api/programs/big.bin", "", b"").status, 413);
    let pipe = place.folder().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    assert_eq!(place.call("GET /api/programs/pipe", "", b"").status, 404);
    place.new_program("sub/a.py", b"x");
    assert_eq!(place.call("GET /api/programs/sub", "", b"").status, 404);
    let list = place.call("GET /api/programs", "", b"").json();
    let paths: Vec<_> =
        list.as_array().expect("a list").iter().map(|p| p["path"].clone()).collect();
    assert_eq!(paths, ["blink.py", "sub/a.py"]);
}

#[test]
fn changes_are_told_whoever_makes_them() {
    let place = Place::open();
    let mut socket = place.served.connect("/api/programs-changes", None).expect("it comes in");
    let mut next = || loop {
        match socket.read().expect("a message") {
            Message::Text(text) => return serde_json::from_str::<Value>(&text).expect("JSON"),
            _ => continue,
        }
    };
    let version = place.new_program("a.py", b"a");
    assert_eq!(next(), json!({ "path": "a.py", "version": version }));
    std::fs::write(place.folder().join("b.py"), "b").expect("written");
    let told = next();
    assert!(told["path"] == "b.py" && told["version"].is_string(), "{told}");
    std::fs::remove_file(place.folder().join("a.py")).expect("removed");
    assert_eq!(next(), json!({ "path": "a.py", "version": null }));
    let rename = json!({ "rename": "c.py" }).to_string();
    place.call("POST /api/programs/b.py", JSON, rename.as_bytes());
    assert_eq!(next(), json!({ "path": "b.py", "version": null }));
    assert_eq!(next(), json!({ "path": "c.py", "version": told["version"] }));
}

#[test]
fn only_so_many_listen_and_who_leaves_makes_room() {
    let place = Place::open();
    let changes = "/api/programs-changes";
    let mut all: Vec<_> =
        (0..64).map(|_| place.served.connect(changes, None).expect("room")).collect();
    assert!(place.served.connect(changes, None).expect_err("full").contains("503"));
    drop(all.pop());
    let start = Instant::now();
    while place.served.connect(changes, None).is_err() {
        assert!(start.elapsed() < PATIENCE, "nobody made room");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn no_route_is_open_to_pages_of_other_origins_or_to_forms() {
    let place = Place::open();
    let calls = [
        "GET /api/boards",
        "GET /api/programs",
        "GET /api/programs/blink.py",
        "PUT /api/programs/blink.py",
        "DELETE /api/programs/blink.py",
        "POST /api/programs/blink.py",
        "POST /api/check",
        "POST /api/explain",
        "GET /api/programs-changes",
        "GET /api/boards/board0/link",
        "GET /api/events",
        "GET /",
    ];
    for call in calls {
        for headers in [
            "Origin: http://evil.example\r\n",
            "Origin: null\r\n",
            "Origin: http://127.0.0.1:1\r\n",
        ] {
            let answer = place.call(call, &format!("{JSON}If-None-Match: *\r\n{headers}"), b"{}");
            assert_eq!(answer.status, 403, "{call} {headers}");
        }
    }
    for kind in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
    ] {
        for call in [
            "PUT /api/programs/b.py",
            "POST /api/programs/blink.py",
            "POST /api/check",
            "POST /api/explain",
        ] {
            let answer = place.call(call, &format!("{kind}If-None-Match: *\r\n"), b"{}");
            assert_eq!(answer.status, 415, "{call} {kind}");
        }
    }
    for path in ["/api/programs-changes", "/api/boards/board0/link", "/api/events"] {
        let refused = place.served.connect(path, Some("http://evil.example")).expect_err(path);
        assert!(refused.contains("403"), "{path}: {refused}");
    }
    assert!(place.folder().join("blink.py").exists());
}

#[test]
fn a_program_is_checked_and_a_text_is_explained_without_a_board() {
    let place = Place::open();
    let post = |path: &str, body: Value| {
        place.call(&format!("POST {path}"), JSON, body.to_string().as_bytes())
    };
    let checked = post("/api/check", json!({ "source": "x = 1\nif x\n    pass\n" })).json();
    assert_eq!(checked["errors"][0]["line"], 2, "{checked}");
    assert_eq!(checked["errors"][0]["text"], "SyntaxError: invalid syntax");
    assert!(checked["errors"][0]["explained"]["fix"].is_string(), "{checked}");
    let old = json!({ "source": "f'{1}'", "firmware": "1.11" });
    assert_eq!(post("/api/check", old).json()["errors"][0]["line"], 1);
    assert_eq!(post("/api/check", json!({ "source": "", "firmware": "0" })).status, 400);
    assert_eq!(post("/api/check", json!({ "source": "#".repeat((512 << 10) + 1) })).status, 413);
    assert_eq!(post("/api/check", json!({ "source": "(".repeat(100_000) })).status, 200);
    assert_eq!(post("/api/check", json!({})).status, 422);
    let explained = post("/api/explain", json!({ "text": "OSError: [Errno 2] ENOENT" })).json();
    assert!(explained["title"].is_string() && explained["lesson"].is_string(), "{explained}");
    assert_eq!(post("/api/explain", json!({ "text": "all is well" })).json(), Value::Null);
    assert_eq!(post("/api/explain", json!({ "text": "x".repeat(4 << 20) })).status, 413);
}
