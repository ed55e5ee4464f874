//! Boards on the air: they join WiFi, set their clocks, talk to the cloud and to each other, and
//! meet the chip's limits where the chip has them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::bridge::{self, ServiceIo};
use coil_air::{AccessPoint, Air, AirConfig, Timings};
use coil_board::Outcome;
use coil_cloud::{Cloud, CloudConfig, DeviceKey, Peer};
use coil_lab::{BoardHandle, BoardSpec, Pace, Runner, catalog};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::Seen;

struct Board {
    handle: BoardHandle,
    seen: Seen,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Board {
    fn text(&self) -> String {
        self.seen.text()
    }

    /// Waits for the end of its program; what it printed.
    fn finish(self) -> String {
        let outcome = self.seen.end();
        match outcome {
            Some(Outcome::Done) => self.text(),
            Some(Outcome::Raised(text)) => {
                panic!("{}\n{}", self.text(), String::from_utf8_lossy(&text))
            }
            other => panic!("{other:?} after {}", self.text()),
        }
    }

    /// Types, and waits for a text in what comes after.
    fn type_until(&self, typed: &[u8], wanted: &str) -> String {
        // Without anything typed, all that there is counts.
        let before = if typed.is_empty() { 0 } else { self.text().len() };
        self.handle.send(typed);
        let start = Instant::now();
        loop {
            let text = self.text()[before..].to_owned();
            if text.contains(wanted) {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "no {wanted:?} in {text:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

struct Lab {
    firmware: &'static str,
    runner: Runner,
    air: Air,
    boards: u8,
    _services: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

const DB_JSON: &str =
    r#"{"posts": [{"id": "device00", "key": "75ed7be11c6ca9631d1e50320dee9663"}]}"#;

impl Lab {
    /// A workshop whose radios are fast.
    fn new() -> Self {
        Self::of("current")
    }

    /// The same with boards of another generation.
    fn of(firmware: &'static str) -> Self {
        let services = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let mut config = AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap();
        config.timings = Timings::chip().faster(100);
        let air = Air::new(config).unwrap();
        let rom = coil_board::modules::rom(&catalog::profile(firmware).unwrap());
        let runner = Runner::start(rom, Pace::Real).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db.json");
        std::fs::write(&db, DB_JSON).unwrap();
        let cloud = services.block_on(async {
            let config = CloudConfig::new(folder.path().join("cloud.db")).with_db_json(db);
            let cloud = Cloud::open(config).await.unwrap();
            cloud.ensure_device("device00", DeviceKey::Md5OfName).await.unwrap();
            cloud
        });
        let (clock, on_air) = (runner.clock(), air.clone());
        services.spawn(async move {
            let serve = move |io: ServiceIo| {
                let cloud = cloud.clone();
                let peer = Peer {
                    address: Some(IpAddr::V4(*io.stream().peer().ip())),
                    tls: io.stream().is_tls(),
                };
                tokio::spawn(async move {
                    let _ = cloud.serve_connection(io, peer).await;
                });
            };
            bridge::run(on_air, Arc::new(move || clock.now_us()), serve).await;
        });
        Self { firmware, runner, air, boards: 0, _services: services, _folder: folder }
    }

    fn board(&mut self, program: Option<&str>) -> Board {
        self.boards += 1;
        let mac = [0x24, 0x0a, 0xc4, 0, 0, self.boards];
        let (spec, seen) = support::bare("wemos-d1-r32");
        let spec = BoardSpec {
            profile: catalog::profile(self.firmware).unwrap(),
            station: Some(self.air.attach(mac)),
            mac,
            program: program.map(|p| (p.as_bytes().to_vec(), "test.py".to_owned())),
            ..spec
        };
        Board { handle: self.runner.add(spec), seen }
    }

    /// Runs a program on a board that has joined the network.
    fn joined(&mut self, program: &str) -> Board {
        self.board(Some(&format!("{JOIN}\n{program}")))
    }
}

const JOIN: &str = "
import network, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect('workshop', 'micropython')
while not wlan.isconnected():
    time.sleep_ms(5)
";

fn says(program: &str, wanted: &str) {
    assert_eq!(Lab::new().joined(program).finish().trim_end(), wanted);
}

#[test]
fn a_board_joins_and_knows_where_it_is() {
    says(
        "print(wlan.status() == network.STAT_GOT_IP, wlan.ifconfig(), -60 < wlan.status('rssi') < -30)
print(wlan.scan(), wlan.config('ssid'), wlan is network.WLAN())
wlan.disconnect()
wlan.connect()
while not wlan.isconnected():
    time.sleep_ms(5)
print('again')",
        "True ('192.168.1.100', '255.255.255.0', '192.168.1.1', '192.168.1.1') True
[(b'workshop', b'\\x02\\xc0\\x11\\x00\\x00\\x01', 6, -47, 3, False)] workshop True\nagain",
    );
}

#[test]
fn what_keeps_a_board_off_the_network_is_told_by_its_status() {
    let cases = [("workshop", "wrong word", 202), ("nowhere", "micropython", 201)];
    for (ssid, password, status) in cases {
        let program = format!(
            "import network, time
wlan = network.WLAN()
wlan.active(True)
wlan.connect({ssid:?}, {password:?})
while wlan.status() == network.STAT_CONNECTING:
    time.sleep_ms(5)
print(wlan.status(), wlan.isconnected(), wlan.ifconfig()[0])
wlan.disconnect()
print(wlan.status())"
        );
        let text = Lab::new().board(Some(&program)).finish();
        assert_eq!(text, format!("{status} False 0.0.0.0\n1000\n"));
    }
}

#[test]
fn misuse_of_the_wlan_object_raises_what_the_firmware_raises() {
    let program = "import network
wlan = network.WLAN()
def tell(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e))
tell(lambda: wlan.connect('a', 'b'))
tell(lambda: wlan.scan())
wlan.active(True)
tell(lambda: wlan.config('colour'))
tell(lambda: wlan.status('colour'))
tell(lambda: wlan.status('stations'))
tell(lambda: network.WLAN(2))
tell(lambda: wlan.config(ssid='x'))
tell(lambda: wlan.config('mac', 'ssid'))
wlan.connect('nowhere')
tell(lambda: wlan.connect('nowhere'))";
    let text = Lab::new().board(Some(program)).finish();
    let lines: Vec<_> = text.lines().filter(|l| !l.starts_with("E (")).collect();
    assert_eq!(
        lines,
        [
            "OSError('Wifi Not Started',)",
            "OSError('STA must be active',)",
            "ValueError('unknown config param',)",
            "ValueError('unknown status param',)",
            "OSError('AP required',)",
            "ValueError('invalid WLAN interface identifier',)",
            "OSError('AP required',)",
            "TypeError('can query only one param',)",
            "OSError('Wifi Internal Error',)",
        ]
    );
}

#[test]
fn the_time_server_sets_the_clock() {
    says("import ntptime\nntptime.settime()\nprint(time.gmtime()[:4])", "(2026, 1, 1, 0)");
}

#[test]
fn db_json_is_read_and_a_value_goes_to_the_cloud_over_tls_and_comes_back() {
    says(
        "import requests
r = requests.get('http://my-json-server.typicode.com/user/repo/posts/device00')
key = r.json()['key']
print(r.status_code, r.reason, key)
url = 'https://api-m2x.att.com/v2/devices/' + key + '/streams/button'
h = {'X-M2X-KEY': key}
for part, value in (('', {}), ('/value', {'value': 42})):
    r = requests.put(url + part, headers=h, json=value)
    print(r.status_code)
    r.close()
print(requests.get(url, headers=h).json()['value'])",
        "200 b'OK' 75ed7be11c6ca9631d1e50320dee9663\n201\n202\n42",
    );
}

const URL: &str = "import requests\nURL = '://my-json-server.typicode.com/user/repo/posts'\n";

#[test]
fn the_eleventh_open_request_finds_no_socket_and_closed_ones_cost_nothing() {
    let program = format!(
        "{URL}kept = []
try:
    while True:
        kept.append(requests.get('http' + URL))
except OSError as e:
    print(len(kept), e.errno)
for r in kept:
    r.close()
for i in range(50):
    requests.get('http' + URL).close()
for i in range(15):
    requests.get('http' + URL)
print('collected')"
    );
    says(&program, "10 23\ncollected");
}

#[test]
fn a_second_open_tls_session_finds_no_memory_and_closed_ones_give_theirs_back() {
    let program = format!(
        "{URL}kept = []
try:
    while True:
        kept.append(requests.get('https' + URL))
except OSError as e:
    print(len(kept), e.errno)
for r in kept:
    r.close()
for i in range(50):
    requests.get('https' + URL).close()
for i in range(3):
    requests.get('https' + URL)
print('collected')"
    );
    says(&program, "1 12\ncollected");
}

/// The two errors that the course of 2019 warns of, as its learners met them.
#[test]
fn responses_that_are_not_closed_run_into_the_errors_of_the_course_of_2019() {
    let program = |url: &str| {
        format!(
            "
import urequests
kept = []
try:
    while True:
        kept.append(urequests.get('{url}'))
except OSError as e:
    print(len(kept), e)
response = kept[0]
print(response.status_code, response.reason)
"
        )
    };
    let run = |url| {
        let text = Lab::of("1.11").joined(&program(url)).finish();
        let told = text.lines().filter(|l| !l.is_empty() && !l.starts_with("I ("));
        told.map(str::to_owned).collect::<Vec<_>>()
    };
    let plain = run("http://my-json-server.typicode.com/workshop/course/posts/device00");
    assert_eq!(plain, ["10 23", "200 b'OK'"]);
    let tls = run("https://api-m2x.att.com/v2/time");
    assert_eq!(tls, ["mbedtls_ssl_handshake error: -4290", "1 [Errno 5] EIO", "200 b'OK'"]);
}

#[test]
fn streams_of_uasyncio_2_carry_lines_between_two_boards() {
    let mut lab = Lab::of("1.11");
    let server = lab.joined(
        "
import uasyncio as asyncio
async def answer(reader, writer):
    line = await reader.readline()
    await writer.awrite(b'you said ' + line)
    await writer.aclose()
    asyncio.get_event_loop().stop()
loop = asyncio.get_event_loop()
loop.create_task(asyncio.start_server(answer, '0.0.0.0', 8080))
print('ready')
loop.run_forever()
print('stopped')
",
    );
    server.type_until(b"", "ready");
    let client = lab
        .joined(
            "
import uasyncio as asyncio
async def talk():
    reader, writer = await asyncio.open_connection('192.168.1.100', 8080)
    await writer.awrite(b'hello\\n')
    print(await reader.read())
    await writer.aclose()
asyncio.get_event_loop().run_until_complete(talk())
",
        )
        .finish();
    assert!(client.contains("b'you said hello\\n'"), "{client}");
    assert!(server.finish().contains("stopped"));
}

#[test]
fn failures_of_sockets_have_the_chip_s_numbers() {
    says(
        "import socket
def tell(f):
    try:
        print(f())
    except OSError as e:
        print(e.errno)
tell(lambda: socket.getaddrinfo('no.such.example', 80))
s = socket.socket()
tell(lambda: s.recv(1))
tell(lambda: s.connect(('192.168.1.1', 9999)))
s.close()
s.close()
tell(lambda: s.send(b'x'))
print(s.fileno())
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 4000))
tell(lambda: socket.socket().bind(('10.1.1.1', 4000)))
s.settimeout(0)
tell(lambda: s.recv(1))
s.settimeout(0.2)
tell(lambda: s.recv(1))
print(s.read(0), s.ioctl(3, 5))
wlan.disconnect()
tell(lambda: socket.getaddrinfo('pool.ntp.org', 80))
tell(lambda: socket.socket().connect(('192.168.1.1', 80)))",
        "-202\n128\n104\n9\n-1\n125\n11\n116\nb'' 4\n-202\n118",
    );
}

#[test]
fn two_boards_talk_over_tcp_and_udp() {
    let mut lab = Lab::new();
    let server = lab.joined(
        "import socket
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('', 5000))
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 8000))
s.listen(1)
print('ready')
c, peer = s.accept()
print(peer[0] == '192.168.1.101', c.readline(), c.recv(10))
c.write(b'x' * 20000)
c.close()
data, peer = u.recvfrom(100)
u.sendto(data + b'?', peer)",
    );
    server.type_until(b"", "ready");
    let client = lab.joined(
        "import socket
s = socket.socket()
s.connect(('192.168.1.100', 8000))
s.send(b'hello\\nmore')
print(len(s.read()), s.recv(10))
s.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b'datagram', ('192.168.1.100', 5000))
print(u.recv(100))",
    );
    assert_eq!(client.finish(), "20000 b''\nb'datagram?'\n");
    assert_eq!(server.finish(), "ready\nTrue b'hello\\n' b'more'\n");
}

#[test]
fn a_soft_reset_closes_sockets_and_keeps_the_link() {
    let mut lab = Lab::new();
    let board = lab.board(None);
    board.type_until(b"", ">>> ");
    let join = JOIN.trim().lines().collect::<Vec<_>>().join("\r\n");
    // Paste mode takes several lines as they are.
    board
        .type_until(format!("\x05{join}\r\nprint('jo' + 'ined')\x04").as_bytes(), "joined\r\n>>> ");
    board.type_until(b"import socket; kept = [socket.socket() for i in range(10)]\r\n", ">>> ");
    board.type_until(b"\x04", "help()");
    let text = board.type_until(
        b"import network, socket; kept = [socket.socket() for i in range(10)]; print(network.WLAN().isconnected(), len(kept))\r\n",
        "\n>>> ",
    );
    assert!(text.contains("True 10"), "{text}");
    // A hard reset ends the connection.
    board.type_until(b"import machine; machine.reset()\r\n", "help()");
    let text = board.type_until(
        b"import network; print(network.WLAN().isconnected(), network.WLAN().active())\r\n",
        "\n>>> ",
    );
    assert!(text.contains("False False"), "{text}");
}

#[test]
fn a_blocked_call_is_interrupted_by_ctrl_c() {
    let mut lab = Lab::new();
    let board = lab.board(None);
    board.type_until(b"", ">>> ");
    let program = "import socket; s = socket.socket(2, 2); s.bind(('', 4000)); print('wai' + 'ting'); s.recv(10)\r\n";
    board.type_until(program.as_bytes(), "waiting");
    let text = board.type_until(b"\x03", ">>> ");
    assert!(text.contains("KeyboardInterrupt"), "{text}");
}

#[test]
fn tasks_wait_for_sockets_beside_each_other() {
    says(
        "import asyncio
async def serve(reader, writer):
    line = await reader.readline()
    writer.write(line.upper())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
async def ask(text):
    reader, writer = await asyncio.open_connection('127.0.0.1', 7000)
    writer.write(text)
    await writer.drain()
    answer = await reader.read(-1)
    writer.close()
    await writer.wait_closed()
    return answer
async def main():
    server = await asyncio.start_server(serve, '0.0.0.0', 7000)
    print(await asyncio.gather(ask(b'one\\n'), ask(b'two\\n'), ask(b'three\\n')))
    server.close()
    await server.wait_closed()
asyncio.run(main())",
        "[b'ONE\\n', b'TWO\\n', b'THREE\\n']",
    );
}

#[test]
fn a_certificate_is_believed_only_from_a_known_authority_and_for_its_name() {
    let mut lab = Lab::new();
    let pem = lab.air.authority().certificate_pem().to_owned();
    let program = format!(
        "import socket, ssl, ntptime
ntptime.settime()
PEM = {pem:?}
def tell(name, authority):
    s = socket.socket()
    s.connect(socket.getaddrinfo('api-m2x.att.com', 443)[0][-1])
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority:
        c.load_verify_locations(cadata=PEM)
    try:
        t = c.wrap_socket(s, server_hostname=name)
        t.write(b'GET /v2/status HTTP/1.0\\r\\n\\r\\n')
        print(t.readline(), t.cipher()[1])
        t.close()
    except (ValueError, OSError) as e:
        print(type(e).__name__, str(e).strip())
        s.close()
tell('api-m2x.att.com', True)
tell('www.example.com', True)
tell('api-m2x.att.com', False)
tell(None, True)"
    );
    assert_eq!(
        lab.joined(&program).finish(),
        "b'HTTP/1.0 200 OK\\r\\n' TLSv1.2
ValueError The certificate Common Name (CN) does not match with the expected CN
OSError (-30336, 'MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED')
ValueError CERT_REQUIRED requires server_hostname
"
    );
}

#[test]
fn a_board_speaks_the_ciphers_that_it_was_told() {
    let mut lab = Lab::new();
    let program = "import socket, ssl
def tell(ciphers):
    s = socket.socket()
    s.connect(socket.getaddrinfo('api-m2x.att.com', 443)[0][-1])
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.verify_mode = ssl.CERT_NONE
    all = [n for n in c.get_ciphers() if 'ECDHE' in n and ciphers in n]
    try:
        c.set_ciphers(all)
        t = c.wrap_socket(s)
        print(t.cipher()[0] in all, t.cipher()[0][-23:])
        t.close()
    except OSError as e:
        print(e)
        s.close()
tell('128-GCM')
tell('256-GCM')
tell('CBC')
tell('none')";
    assert_eq!(
        lab.joined(program).finish(),
        "True WITH-AES-128-GCM-SHA256
True WITH-AES-256-GCM-SHA384
(-30592, 'MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE')
(-24192, 'MBEDTLS_ERR_SSL_BAD_CONFIG')
"
    );
}

#[test]
fn a_board_serves_tls_to_another() {
    let mut lab = Lab::new();
    let (chain, key) = lab.air.authority().issue(&["board"]).unwrap();
    let python = |bytes: &[u8]| {
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        format!("bytes.fromhex('{hex}')")
    };
    let server = lab.joined(&format!(
        "import socket, ssl
c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
c.load_cert_chain({}, {})
c.set_ciphers([n for n in c.get_ciphers() if '128' in n])
s = socket.socket()
s.bind(('', 8443))
s.listen(1)
print('ready')
t = c.wrap_socket(s.accept()[0], server_side=True)
print(t.readline(), t.cipher()[0][-18:])
t.write(b'y' * 10000)
print(t.read(4))
t.close()",
        python(&chain[0]),
        python(&key)
    ));
    server.type_until(b"", "ready");
    let client = lab.joined(
        "import socket, ssl
s = socket.socket()
s.connect(('192.168.1.100', 8443))
s = ssl.wrap_socket(s)
s.write(b'secret\\n')
print(len(s.read(10000)))
s.write(b'done')",
    );
    assert_eq!(client.finish(), "10000\n");
    assert_eq!(server.finish(), "ready\nb'secret\\n' AES-128-GCM-SHA256\nb'done'\n");
}

/// A board that serves datagrams, and what one prints that asks it.
fn over_datagrams(server_context: &str, client_program: &str) -> (Lab, Board, String) {
    let mut lab = Lab::new();
    let (chain, key) = lab.air.authority().issue(&["board"]).unwrap();
    let python = |bytes: &[u8]| {
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        format!("bytes.fromhex('{hex}')")
    };
    let root = python(lab.air.authority().certificate_der());
    let server = lab.joined(&format!(
        "import socket, tls
c = tls.SSLContext(tls.PROTOCOL_DTLS_SERVER)
cert, key = {}, {}
{server_context}
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5684))
print('ready')
_, peer = s.recvfrom(2000)
s.connect(peer)
try:
    t = c.wrap_socket(s, server_side=True, client_id=repr(peer).encode())
    print(t.read(4))
    t.write(b'pong')
    t.close()
except OSError as e:
    print(e)",
        python(&chain[0]),
        python(&key)
    ));
    server.type_until(b"", "ready");
    let client = lab.joined(&format!(
        "import socket, tls
c = tls.SSLContext(tls.PROTOCOL_DTLS_CLIENT)
root = {root}
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('192.168.1.100', 5684))
{client_program}"
    ));
    let client = client.finish();
    (lab, server, client)
}

/// Asks once, as a program does.
const ASK: &str = "
try:
    t = c.wrap_socket(s, server_hostname='board')
    print(t.write(b'ping'))
    print(t.read(4), (t.getpeercert(True) or b'')[:1])
except (OSError, ValueError) as e:
    print(e)";

/// Asks again and again whatever happens; says what came of it.
const INSIST: &str = "
s.settimeout(0.1)
t = c.wrap_socket(s, server_hostname='board', do_handshake_on_connect=False)
seen = set()
for _ in range(20):
    try:
        seen.add(t.write(b'ping'))
    except (OSError, ValueError) as e:
        seen.add('refused' if isinstance(e, ValueError) else e.args[0])
print(4 in seen, 'refused' in seen)";

#[test]
fn boards_share_a_key_over_datagrams() {
    let (_lab, server, client) = over_datagrams(
        "c.server_psk_keys = {b'other': b'x' * 16, b'lamp': b'0123456789abcdef'}",
        &format!("c.psk_identity = b'lamp'; c.psk_key = b'0123456789abcdef'{ASK}"),
    );
    assert_eq!(server.finish(), "ready\nb'ping'\n");
    assert_eq!(client, "4\nb'pong' b''\n");
}

#[test]
fn boards_trust_a_certificate_over_datagrams() {
    let program = format!("c.load_verify_locations(root){ASK}");
    let (_lab, server, client) = over_datagrams("c.load_cert_chain(cert, key)", &program);
    assert_eq!(server.finish(), "ready\nb'ping'\n");
    assert_eq!(client, "4\nb'pong' b'0'\n");
}

#[test]
fn a_certificate_that_is_not_good_is_refused_over_datagrams() {
    let other = coil_air::tls::CertificateAuthority::in_memory().unwrap();
    let hex: String = other.certificate_der().iter().map(|b| format!("{b:02x}")).collect();
    let cases = [
        (
            format!("c.load_verify_locations(bytes.fromhex('{hex}'))"),
            "The certificate is not correctly signed by the trusted CA",
        ),
        (
            "c.load_verify_locations(root)
import machine
machine.RTC().datetime((2060, 1, 1, 0, 0, 0, 0, 0))"
                .into(),
            "The certificate validity has expired",
        ),
    ];
    for (context, why) in cases {
        let (_lab, _server, client) =
            over_datagrams("c.load_cert_chain(cert, key)", &format!("{context}{ASK}"));
        assert_eq!(client.trim_end(), why);
    }
}

#[test]
fn a_session_whose_certificate_was_refused_opens_no_more() {
    let other = coil_air::tls::CertificateAuthority::in_memory().unwrap();
    let hex: String = other.certificate_der().iter().map(|b| format!("{b:02x}")).collect();
    let program = format!("c.load_verify_locations(bytes.fromhex('{hex}')){INSIST}");
    let (_lab, _server, client) = over_datagrams("c.load_cert_chain(cert, key)", &program);
    assert_eq!(client, "False True\n");
}

#[test]
fn a_wrong_key_or_name_opens_nothing_over_datagrams() {
    let known = [("lamp", "0123456789abcdef", "True False\n")];
    let wrong = [
        ("lamp", "another key 0123", "False False\n"),
        ("nobody", "0123456789abcdef", "False False\n"),
    ];
    for (name, key, wanted) in known.into_iter().chain(wrong) {
        let program = format!("c.psk_identity = '{name}'; c.psk_key = b'{key}'{INSIST}");
        let server = "c.server_psk_keys = {b'lamp': b'0123456789abcdef'}";
        let (_lab, _server, client) = over_datagrams(server, &program);
        assert_eq!(client, wanted, "{name} {key}");
    }
}

#[test]
fn keys_over_streams_are_refused_and_long_ones_too() {
    let program = "
import socket, tls
c = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
c.psk_identity = 'lamp'
try:
    c.psk_key = b'x' * 49
except OSError as e:
    print(e)
c.psk_key = b'x' * 48
try:
    c.wrap_socket(socket.socket())
except OSError as e:
    print(e)";
    says(
        program,
        "(-28928, 'MBEDTLS_ERR_SSL_BAD_INPUT_DATA')\n(-28800, 'MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE')",
    );
}
