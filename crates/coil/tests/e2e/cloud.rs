//! The cloud alone, and the keys of its devices.

use crate::support::{Lab, Prompt, Running, coil, has, text};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A cloud of its own in a folder.
struct Alone {
    dir: tempfile::TempDir,
    coil: Running,
}

impl Alone {
    fn start(extra: &[&str]) -> Self {
        Self::start_with(extra, 2)
    }

    /// One that says so many lines at the start.
    fn start_with(extra: &[&str], lines: usize) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().to_str().expect("plain").to_owned();
        let mut args = vec!["cloud", &path, "--port", "0", "--mqtt-port", "0"];
        args.extend(extra);
        let coil = Running::start(&args, lines);
        assert!(coil.head.first().is_some_and(|line| line.contains("open")), "{:?}", coil.head);
        Self { dir, coil }
    }

    fn keys(&self, args: &[&str]) -> String {
        keys(self.dir.path(), args)
    }

    fn url(&self) -> &str {
        let words = self.coil.head[0].split_whitespace();
        words.clone().find(|word| word.starts_with("http://")).expect("a URL")
    }
}

fn keys(dir: &Path, args: &[&str]) -> String {
    let dir = dir.to_str().expect("plain");
    let out = coil(&[&["keys", "--dir", dir][..], args].concat());
    assert!(out.status.success(), "{args:?}: {}", text(&out.stderr));
    text(&out.stdout)
}

/// The status that curl gets, and the body.
fn curl(args: &[&str]) -> (String, String) {
    let usual = ["-sS", "--max-time", "20", "-w", "\n%{http_code}"];
    let out = Command::new("curl").args(usual).args(args).output().expect("curl starts");
    assert!(out.status.success(), "{}", text(&out.stderr));
    let said = text(&out.stdout);
    let (body, status) = said.rsplit_once('\n').expect("a status");
    (status.to_owned(), body.to_owned())
}

#[test]
fn keys_of_a_running_cloud_are_exchanged_and_taken_back_at_once() {
    if !has("curl") {
        return;
    }
    let cloud = Alone::start(&[]);
    let made = cloud.keys(&["make", "3", "--format", "csv"]);
    let rows: Vec<Vec<&str>> = made.lines().map(|row| row.split(',').collect()).collect();
    assert_eq!(rows[0], ["seat", "device", "key", "note"]);
    let [name, id, key, note] = rows[1][..] else { panic!("{made}") };
    assert_eq!((rows.len(), name, note), (4, "device00", ""));
    let url = format!("{}/v2/devices/{id}/streams/t/value", cloud.url());
    let put = |key: &str| {
        let header = format!("X-M2X-KEY: {key}");
        curl(&["-X", "PUT", "-H", &header, "-d", "{\"value\": 21.5}", &url]).0
    };
    assert_eq!(put(key), "202");
    let rotated = cloud.keys(&["rotate", "device00", "--format", "csv"]);
    let new = rotated.lines().nth(1).and_then(|row| row.split(',').nth(2)).expect("a key");
    assert_eq!((put(key), put(new)), ("401".to_owned(), "202".to_owned()));
    cloud.keys(&["revoke", "device00"]);
    assert_eq!(put(new), "401");
    let reader = cloud.keys(&["read-only", "--format", "csv"]);
    let reader = reader.lines().nth(1).and_then(|row| row.split(',').nth(2)).expect("a key");
    assert_eq!(put(reader), "403");
    let header = format!("X-M2X-KEY: {reader}");
    let (status, body) = curl(&["-H", &header, &format!("{}/v2/devices", cloud.url())]);
    assert!(status == "200" && body.contains("device01") && !body.contains("\"key\""), "{body}");
    let table = cloud.keys(&[]);
    assert!(table.contains("projector") && table.contains("read only"), "{table}");
    cloud.keys(&["revoke", "projector"]);
    let out = coil(&["keys", "--dir", cloud.dir.path().to_str().expect("plain"), "revoke", "x"]);
    assert!(!out.status.success() && text(&out.stderr).contains("`x` is no seat"));
    assert!(cloud.coil.stop().success());
}

#[test]
fn keys_are_made_before_anything_runs_and_printed_on_a_sheet() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path();
    assert!(keys(path, &[]).contains("coil keys make"));
    let nowhere = path.join("nowhere");
    let out = coil(&["keys", "--dir", nowhere.to_str().expect("plain")]);
    assert!(!out.status.success() && text(&out.stderr).contains("there is no folder"));
    assert!(!nowhere.exists(), "who only looks makes no workshop");
    let old = keys(path, &["make", "2", "--md5"]);
    assert!(old.contains("75ed7be11c6ca9631d1e50320dee9663") && old.contains("guessable"), "{old}");
    let sheet = path.join("sheet.html");
    let output = sheet.to_str().expect("plain");
    keys(path, &["--format", "sheet", "--output", output]);
    let page = std::fs::read_to_string(&sheet).expect("a sheet");
    assert_eq!(page.matches("<svg").count(), 2);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&sheet.metadata().expect("there").permissions());
    assert_eq!(mode & 0o777, 0o600, "others do not read keys");
}

#[test]
fn a_cloud_alone_serves_db_json_at_the_root_of_a_port() {
    if !has("curl") {
        return;
    }
    let cloud = Alone::start(&["--json-port", "0", "--rate", "2"]);
    let json = cloud.coil.head[1].rsplit(' ').next().expect("a URL");
    let (status, body) = curl(&[&format!("{json}/posts/device00")]);
    assert!(status == "200" && body.contains("75ed7be11c6ca9631d1e50320dee9663"), "{body}");
    let status = coil(&["status", cloud.dir.path().to_str().expect("plain")]);
    assert!(text(&status.stdout).contains(cloud.url()), "{}", text(&status.stdout));
}

#[test]
fn a_cloud_alone_speaks_tls_with_a_certificate_of_the_workshop() {
    if !has("curl") || !has("mosquitto_sub") {
        return;
    }
    let cloud =
        Alone::start_with(&["--tls-port", "0", "--mqtts-port", "0", "--name", "cloud.test"], 3);
    let words: Vec<&str> = cloud.coil.head[1].split_whitespace().collect();
    let port = |scheme: &str| {
        let url = words.iter().find(|word| word.starts_with(scheme)).expect("an address");
        url.rsplit(':').next().expect("a port").to_owned()
    };
    let authority = cloud.dir.path().join("ca/ca.pem");
    let authority = authority.to_str().expect("plain");
    let https = port("https://");
    for host in ["127.0.0.1", "localhost", "cloud.test"] {
        let to = format!("{host}:{https}:127.0.0.1");
        let url = format!("https://{host}:{https}/v2/status");
        assert_eq!(curl(&["--cacert", authority, "--resolve", &to, &url]).0, "200", "{host}");
    }
    let elsewhere = format!("other.test:{https}:127.0.0.1");
    let url = format!("https://other.test:{https}/v2/status");
    let refused = Command::new("curl")
        .args(["-sS", "--max-time", "20", "--cacert", authority, "--resolve", &elsewhere, &url])
        .output()
        .expect("curl starts");
    assert!(!refused.status.success() && text(&refused.stderr).contains("certificate"));
    // Who speaks plainly there is sent away, and others are served as before.
    let plain = Command::new("curl")
        .args(["-sS", "--max-time", "20", &format!("http://127.0.0.1:{https}/v2/status")])
        .output()
        .expect("curl starts");
    assert!(!plain.status.success());
    let mqtts = port("mqtts://");
    let at = ["-h", "localhost", "-p", &mqtts, "--cafile", authority, "-t", "a"];
    let said = Command::new("mosquitto_pub").args(at).args(["-r", "-m", "hello"]).output();
    assert!(said.expect("mosquitto_pub starts").status.success());
    let heard = Command::new("mosquitto_sub").args(at).args(["-C", "1", "-W", "10"]).output();
    assert_eq!(text(&heard.expect("mosquitto_sub starts").stdout), "hello\n");
}

#[test]
fn a_trigger_calls_the_server_on_a_board() {
    if !has("curl") {
        return;
    }
    let lab = Lab::start(&[]);
    let mut board = Prompt::joined(&lab);
    board.paste(
        "import socket\ns = socket.socket()\ns.bind(('0.0.0.0', 80))\ns.listen(1)\n\
         print('at', wlan.ifconfig()[0], 'now')",
        "now",
    );
    let seen = board.say("print('at', wlan.ifconfig()[0], 'now')\r", "now\r\n");
    let address = seen.split("\nat ").nth(1).and_then(|rest| rest.split(' ').next());
    let address = address.unwrap_or_else(|| panic!("no address in {seen}"));
    let status = lab.status();
    let said = |name: &str| status["cloud"][name].as_str().expect("text").to_owned();
    let header = format!("X-M2X-KEY: {}", said("master_key"));
    let device = format!("{}/v2/devices/serial/device00", said("url"));
    let ask = |method: &str, path: &str, body: &str| {
        curl(&["-X", method, "-H", &header, "-d", body, &format!("{device}{path}")])
    };
    let callback = format!("http://{address}/hot");
    let trigger = format!(
        r#"{{"name": "hot", "conditions": {{"t": {{"gt": 30}}}}, "callback_url": "{callback}"}}"#
    );
    assert_eq!(ask("POST", "/triggers", &trigger).0, "201");
    assert_eq!(ask("PUT", "/streams/t/value", r#"{"value": 31}"#).0, "202");
    board.paste(
        "c, a = s.accept()\nd = b''\nwhile b'fired' not in d: d += c.recv(1024)\n\
         c.send(b'HTTP/1.0 200 OK\\r\\n\\r\\n')\nc.close()\nprint(b'POST /hot' in d, b'\"hot\"' in d)",
        "True True",
    );
    let deadline = Instant::now() + Duration::from_secs(20);
    while !ask("GET", "/log", "").1.contains(&callback) {
        assert!(Instant::now() < deadline, "the log says nothing of {callback}");
    }
}
