//! The firmware's Python libraries that fetch and install, against servers that the tests write: bodies in parts, topics
//! that are no longer wanted, packages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::bridge::{self, ServiceIo};
use coil_air::{AccessPoint, Air, AirConfig, Timings};
use coil_board::Outcome;
use coil_lab::{BoardSpec, Pace, Runner, catalog};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use support::MAC;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What servers have: host, path and query, and the whole answer.
type Pages = BTreeMap<&'static str, Vec<u8>>;

const JOIN: &str = "
import network, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect('workshop', 'micropython')
while not wlan.isconnected():
    time.sleep_ms(5)
";

/// What a request asks for, as `Pages` has it.
fn asked(request: &str) -> String {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let mut lines = request.lines();
    let host = lines.find_map(|l| l.strip_prefix("Host: ")).unwrap_or_default();
    format!("{host}{path}")
}

async fn answer(mut io: ServiceIo, pages: Arc<Pages>, log: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match io.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => return,
        }
    }
    let asked = asked(&String::from_utf8_lossy(&request));
    let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
    let page = pages.get(asked.as_str()).cloned().unwrap_or(missing);
    let scheme = if io.stream().is_tls() { "https" } else { "http" };
    log.lock().unwrap().push(format!("{scheme}://{asked}"));
    let _ = io.write_all(&page).await;
    let _ = io.shutdown().await;
}

fn sized(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn in_chunks(parts: &[&str]) -> Vec<u8> {
    let mut page = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for part in parts {
        page.extend(format!("{:x};note=1\r\n{part}\r\n", part.len()).into_bytes());
    }
    page.extend(b"0\r\nTrailer: x\r\n\r\n");
    page
}

/// Runs a program on a board of this firmware that has joined a network with these servers: what it prints, and what
/// the servers were asked for.
fn run(firmware: &str, hosts: &[&str], pages: Pages, program: &str) -> (String, Vec<String>) {
    let services =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut config = AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap();
    config.timings = Timings::chip().faster(100);
    let kind = config.names.find("my-json-server.typicode.com").unwrap().kind.clone();
    for host in hosts {
        config.names.add(host, "http", kind.clone());
    }
    let air = Air::new(config).unwrap();
    let profile = catalog::profile(firmware).unwrap();
    let mut runner = Runner::start(coil_board::modules::rom(&profile), Pace::Real).unwrap();
    let (clock, on_air) = (runner.clock(), air.clone());
    let (pages, log) = (Arc::new(pages), Arc::new(Mutex::new(Vec::new())));
    let seen_requests = Arc::clone(&log);
    services.spawn(async move {
        let serve = move |io| {
            tokio::spawn(answer(io, Arc::clone(&pages), Arc::clone(&log)));
        };
        bridge::run(on_air, Arc::new(move || clock.now_us()), serve).await;
    });
    let (spec, seen) = support::bare("wemos-d1-r32");
    let program = format!("{JOIN}\n{program}").into_bytes();
    runner.add(BoardSpec {
        profile,
        station: Some(air.attach(MAC)),
        program: Some((program, "test.py".to_owned())),
        ..spec
    });
    match seen.end() {
        Some(Outcome::Done) => {}
        Some(Outcome::Raised(e)) => panic!("{}{}", seen.text(), String::from_utf8_lossy(&e)),
        other => panic!("{other:?} after {}", seen.text()),
    }
    let log = seen_requests.lock().unwrap().clone();
    (seen.text(), log)
}

const SITE: &str = "www.example.com";

#[test]
fn a_body_ends_where_the_answer_ends_and_can_be_read_in_parts() {
    let pages = Pages::from([
        ("www.example.com/sized", [sized("0123456789"), b"not of it".to_vec()].concat()),
        ("www.example.com/chunks", in_chunks(&["hello ", "wor", "ld"])),
        ("www.example.com/endless", b"HTTP/1.0 200 OK\r\n\r\nto the end".to_vec()),
        ("www.example.com/short", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec()),
        ("www.example.com/moved", b"HTTP/1.1 302 Found\r\nLocation: /sized\r\n\r\n".to_vec()),
        ("www.example.com/?q=1", sized("query")),
    ]);
    let program = "
import requests
SITE = 'http://www.example.com'
r = requests.get(SITE + '/sized')
print(r.headers, type(r.raw).__name__)
part = bytearray(4)
while True:
    n = r.raw.readinto(part)
    if not n:
        break
    print(n, part[:n])
print(r.raw.read(5))
r.close()
with requests.get(SITE + '/chunks') as r:
    print(r.text)
print(r.raw)
r = requests.get(SITE + '/chunks')
print(r.raw.read(8), r.raw.read(8), r.raw.read(), r.raw.read())
print(requests.get(SITE + '/endless').content)
try:
    requests.get(SITE + '/short').content
except ValueError as e:
    print(e)
print(requests.get(SITE + '/moved').text, requests.get(SITE + '?q=1').text)
";
    let (text, log) = run("current", &[SITE], pages, program);
    assert_eq!(
        text,
        "{'Content-Length': '10'} BodyStream
4 bytearray(b'0123')
4 bytearray(b'4567')
2 bytearray(b'89')
b''
hello world
None
b'hello ' b'wor' b'ld' b''
b'to the end'
Connection closed before body complete
0123456789 query
"
    );
    assert_eq!(log.last().unwrap(), "http://www.example.com/?q=1");
}

/// One board plays the broker, on a thread of the other's program.
#[test]
fn a_topic_that_is_no_longer_wanted_is_given_back_to_the_broker() {
    let program = "
import _thread, socket
from umqtt.simple import MQTTClient
got = []
def broker():
    c = s.accept()[0]
    # Connect, subscribe, a message, unsubscribe: what comes, and the answer to it.
    for answer in (b'\\x20\\x02\\0\\0', b'\\x90\\x03\\0\\1\\0', b'\\x30\\x05\\0\\1thi\\xb0\\x02\\0\\2'):
        kind, n = c.read(2)
        got.append((kind, c.read(n)))
        c.write(answer)
s = socket.socket()
s.bind(('', 1883))
s.listen(1)
_thread.start_new_thread(broker, ())
m = MQTTClient('me', '127.0.0.1')
m.set_callback(lambda topic, text: print(topic, text))
m.connect()
m.subscribe('t')
m.unsubscribe(b't')
for kind, body in got[1:]:
    print(hex(kind), body)
";
    let (text, _) = run("current", &[], Pages::new(), program);
    assert_eq!(
        text,
        "b't' b'hi'\n0x82 b'\\x00\\x01\\x00\\x01t\\x00'\n0xa2 b'\\x00\\x02\\x00\\x01t'\n"
    );
}

/// What an installation leaves on a board.
const SHOW: &str = "
import os
def show(folder):
    for name, kind, *_ in sorted(os.ilistdir(folder)):
        path = folder + '/' + name
        if kind == 0x4000:
            show(path)
        else:
            with open(path) as f:
                print(path, repr(f.read()))
";

#[test]
fn a_package_comes_from_the_index_with_what_it_needs_and_only_what_is_not_there() {
    // The hashes are those of the files, shortened as the index has them.
    let pages = Pages::from([
        (
            "micropython.org/pi/v2/package/6/lamp/latest.json",
            sized(
                r#"{"v": 1, "version": "1.0", "hashes": [["lamp/__init__.mpy", "b5bc1ffd"], ["lamp/a.mpy", "559aead0"]],
                    "deps": [["wire", "2.0"]]}"#,
            ),
        ),
        (
            "micropython.org/pi/v2/package/py/lamp/latest.json",
            sized(r#"{"hashes": [["lamp.py", "b5bc1ffd"]]}"#),
        ),
        (
            "micropython.org/pi/v2/package/6/wire/2.0.json",
            sized(r#"{"hashes": [["wire.mpy", "df7e70e5"]]}"#),
        ),
        ("micropython.org/pi/v2/file/b5/b5bc1ffd", sized("a = 1")),
        ("micropython.org/pi/v2/file/55/559aead0", in_chunks(&["A"])),
        ("micropython.org/pi/v2/file/df/df7e70e5", sized("B")),
    ]);
    let program = format!(
        "{SHOW}
import mip
os.mkdir('/lib')
os.mkdir('/lib/lamp')
with open('/lib/lamp/a.mpy', 'w') as f:
    f.write('A')
mip.install('lamp')
show('/lib')
mip.install('lamp', mpy=False, target='/here/deep', index='https://micropython.org/pi/v2/')
show('/here')
mip.install('nothing', version='3')
"
    );
    let (text, log) = run("current", &["micropython.org"], pages, &program);
    assert_eq!(
        text,
        "Installing lamp (latest) from https://micropython.org/pi/v2 to /lib
Copying: /lib/lamp/__init__.mpy
Exists: /lib/lamp/a.mpy
Installing wire (2.0) from https://micropython.org/pi/v2 to /lib
Copying: /lib/wire.mpy
Done
/lib/lamp/__init__.mpy 'a = 1'
/lib/lamp/a.mpy 'A'
/lib/wire.mpy 'B'
Installing lamp (latest) from https://micropython.org/pi/v2 to /here/deep
Copying: /here/deep/lamp.py
Done
/here/deep/lamp.py 'a = 1'
Installing nothing (3) from https://micropython.org/pi/v2 to /lib
Package not found: https://micropython.org/pi/v2/package/6/nothing/3.json
Package may be partially installed
"
    );
    assert!(log.iter().all(|asked| asked.starts_with("https:")), "{log:?}");
}

#[test]
fn packages_come_from_repositories_and_from_any_place() {
    let package = r#"{"urls": [["dev/one.py", "github:me/lamp/one.py"], ["dev/two.py", "two.py"],
                      ["three.py", "http://www.example.com/three.py"]]}"#;
    let pages = Pages::from([
        ("raw.githubusercontent.com/me/lamp/HEAD/package.json", sized(package)),
        ("raw.githubusercontent.com/me/lamp/HEAD/one.py", sized("1")),
        ("raw.githubusercontent.com/me/lamp/HEAD/two.py", sized("2")),
        ("www.example.com/three.py", sized("3")),
        ("gitlab.com/me/lamp/-/raw/v2/src/lamp.py", sized("4")),
        ("codeberg.org/api/v1/repos/me/lamp/raw/lamp.py?ref=v2", sized("5")),
        (
            "www.example.com/p.json",
            sized(r#"{"urls": [["four.py", "four.py"], ["no.py", "no.py"]]}"#),
        ),
        ("www.example.com/four.py", sized("6")),
    ]);
    let program = format!(
        "{SHOW}
import mip
mip.install('github:me/lamp', target='/sub')
show('/sub')
mip.install('gitlab:me/lamp/src/lamp.py', version='v2', target='/git')
mip.install('codeberg:me/lamp/lamp.py', version='v2', target='/berg')
mip.install('http://www.example.com/p.json', target='/any')
for folder in ('/git', '/berg', '/any'):
    show(folder)
"
    );
    let hosts = ["raw.githubusercontent.com", "gitlab.com", "codeberg.org", SITE];
    let (text, _) = run("current", &hosts, pages, &program);
    assert_eq!(
        text,
        "Installing github:me/lamp/package.json to /sub
Copying: /sub/dev/one.py
Copying: /sub/dev/two.py
Copying: /sub/three.py
Done
/sub/dev/one.py '1'
/sub/dev/two.py '2'
/sub/three.py '3'
Downloading gitlab:me/lamp/src/lamp.py to /git
Copying: /git/lamp.py
Done
Downloading codeberg:me/lamp/lamp.py to /berg
Copying: /berg/lamp.py
Done
Installing http://www.example.com/p.json to /any
Copying: /any/four.py
Error 404 requesting http://www.example.com/no.py
File not found: no.py http://www.example.com/no.py
Package may be partially installed
/git/lamp.py '4'
/berg/lamp.py '5'
/any/four.py '6'
"
    );
}

#[test]
fn a_hash_that_does_not_fit_is_fetched_again_and_a_board_without_a_folder_for_libraries_is_told() {
    let pages = Pages::from([
        (
            "www.example.com/package/6/lamp/latest.json",
            sized(r#"{"hashes": [["lamp.py", "b5bc1ffd"]]}"#),
        ),
        ("www.example.com/file/b5/b5bc1ffd", sized("a = 1")),
    ]);
    let program = "
import mip, os, sys
os.mkdir('lib')
with open('lib/lamp.py', 'w') as f:
    f.write('a = 2')
mip.install('lamp', index='http://www.example.com')
print(open('lib/lamp.py').read())
sys.path.remove('/lib')
mip.install('lamp', index='http://www.example.com')
";
    let (text, _) = run("current", &[SITE], pages, program);
    assert_eq!(
        text,
        "Installing lamp (latest) from http://www.example.com to /lib
Copying: /lib/lamp.py
Done
a = 1
Unable to find lib dir in sys.path
"
    );
}

/// An archive of tar: names with contents.
fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (name, content) in members {
        let start = tar.len();
        tar.extend(name.as_bytes());
        tar.resize(start + 124, 0);
        tar.extend(format!("{:011o}\0", content.len()).as_bytes());
        tar.resize(start + 512, 0);
        tar.extend(content.as_bytes());
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.resize(tar.len() + 1024, 0);
    tar
}

/// The same by gzip, without making it shorter.
fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let mut blocks = content.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let size = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend([size.to_le_bytes(), (!size).to_le_bytes()].concat());
        out.extend(block);
    }
    let crc = content.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| (c >> 1) ^ (0xedb8_8320 * (c & 1)))
    });
    out.extend((!crc).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out
}

#[test]
fn upip_installs_archives_from_the_index_or_from_pypi_with_what_they_need() {
    let lamp = gzipped(&archive(&[
        ("micropython-lamp-1.2/", ""),
        ("micropython-lamp-1.2/PKG-INFO", "Name: lamp"),
        ("micropython-lamp-1.2/setup.py", "never()"),
        ("micropython-lamp-1.2/x.egg-info/requires.txt", "micropython-wire\nmicropython-gone"),
        ("micropython-lamp-1.2/lamp/__init__.py", "a = 1"),
        ("micropython-lamp-1.2/lamp/deep/b.py", &"b = 2\n".repeat(200)),
    ]));
    let wire = gzipped(&archive(&[("micropython-wire-0.1/wire.py", "c = 3")]));
    let index = |name: &str, version: &str| {
        let releases = ["0.1", "1.2"].map(|v| {
            format!(r#""{v}": [{{"url": "https://files.example.com/{name}-{v}.tar.gz"}}]"#)
        });
        let releases = releases.join(", ");
        sized(format!(r#"{{"info": {{"version": "{version}"}}, "releases": {{{releases}}}}}"#))
    };
    let pages = || {
        Pages::from([
            ("micropython.org/pi/micropython-lamp/json", index("lamp", "1.2")),
            ("pypi.org/pypi/micropython-wire/json", index("wire", "0.1")),
            ("files.example.com/lamp-1.2.tar.gz", sized(&lamp)),
            ("files.example.com/wire-0.1.tar.gz", sized(&wire)),
        ])
    };
    let program = "
import upip
upip.install('micropython-lamp')
import lamp.deep.b, wire
print(lamp.a, lamp.deep.b.b, wire.c, lamp.__file__)
upip.debug = True
upip.install(['micropython-wire', 'micropython-wire'], '/other')
upip.debug = False
upip.index_urls = ['https://nowhere.example.com']
try:
    upip.install('micropython-lamp')
except SystemExit as e:
    print('exit', e)
upip.help()
";
    let hosts = ["micropython.org", "pypi.org", "files.example.com"];
    for firmware in ["1.11", "1.19.1"] {
        let (text, log) = run(firmware, &hosts, pages(), program);
        let told: Vec<_> =
            text.lines().filter(|l| !l.starts_with("I (") && !l.is_empty()).collect();
        let unknown = match firmware {
            // Without an address the list is empty, and has no first.
            "1.11" => {
                "Error installing 'micropython-lamp': list index out of range, packages may be partially installed"
            }
            _ => "Error: Unable to resolve nowhere.example.com (no Internet?)",
        };
        let wanted = [
            "Installing to: /lib/",
            "Warning: micropython.org SSL certificate is not validated",
            "Installing micropython-lamp 1.2 from https://files.example.com/lamp-1.2.tar.gz",
            "Installing micropython-wire 0.1 from https://files.example.com/wire-0.1.tar.gz",
            "Error installing 'micropython-gone': Package not found, packages may be partially installed",
            "1 2 3 /lib/lamp/__init__.py",
            "Installing to: /other/",
            "Queue: ['micropython-wire', 'micropython-wire']",
            "https://micropython.org/pi/micropython-wire/json",
            "https://pypi.org/pypi/micropython-wire/json",
            "Installing micropython-wire 0.1 from https://files.example.com/wire-0.1.tar.gz",
            "https://files.example.com/wire-0.1.tar.gz",
            "Extracting /other/wire.py",
            "{}",
            "Queue: ['micropython-wire']",
            "Installing to: /lib/",
            unknown,
        ];
        assert_eq!(told[..wanted.len()], wanted, "{firmware}: {text}");
        assert!(log.iter().all(|asked| asked.starts_with("https:")), "{log:?}");
        // A name without an address ends the program where an error tells it.
        assert_eq!(text.contains("exit 1\n"), firmware != "1.11", "{text}");
        let path = match firmware {
            "1.11" => "Current value of sys.path[1]: /lib\n",
            _ => "Default install path: /lib\n",
        };
        let help =
            text.split_once("upip - Simple PyPI package manager for MicroPython\n").unwrap().1;
        assert!(help.contains(path), "{help}");
    }
}

#[test]
fn a_websocket_of_old_firmware_is_opened_on_both_sides() {
    let program = "
import _thread, socket, websocket_helper, websocket
def serve():
    c = s.accept()[0]
    websocket_helper.server_handshake(c)
    websocket.websocket(c).write(b'hello')
    c = s.accept()[0]
    try:
        websocket_helper.server_handshake(c)
    except OSError as e:
        print(e)
    print('over')
s = socket.socket()
s.bind(('', 8266))
s.listen(1)
_thread.start_new_thread(serve, ())
c = socket.socket()
c.connect(('127.0.0.1', 8266))
websocket_helper.client_handshake(c)
print(websocket.websocket(c).read(5))
c = socket.socket()
c.connect(('127.0.0.1', 8266))
c.write(b'GET / HTTP/1.0\\r\\n\\r\\n')
time.sleep(1)
";
    for firmware in ["1.11", "1.19.1"] {
        let (text, _) = run(firmware, &[], Pages::new(), program);
        let told: Vec<_> =
            text.lines().filter(|l| !l.starts_with("I (") && !l.is_empty()).collect();
        assert_eq!(told, ["b'hello'", "Not a websocket request", "over"], "{firmware}");
    }
}
