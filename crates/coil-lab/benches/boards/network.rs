//! Boards on the air: how fast they download, what a request costs, and a thousand sessions of MQTT at a real broker.

use crate::bench::{Figure, PATIENCE, Screen, median, processor_seconds, runner, spec};
use coil_air::bridge::{self, ServiceIo};
use coil_air::{AccessPoint, Air, AirConfig, Outside};
use coil_cloud::{Cloud, CloudConfig, DeviceKey, Peer};
use coil_lab::{BoardHandle, BoardSpec, Runner};
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A workshop's network with its cloud.
struct Lab {
    runners: Vec<Runner>,
    air: Air,
    boards: u16,
    _services: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

const BIG: usize = 4 << 20;
const MESSAGES: usize = 20;
const BOARDS: u16 = 1000;

impl Lab {
    fn new(runners: usize, change: impl FnOnce(&mut AirConfig)) -> Self {
        let services = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads");
        let ap = AccessPoint::wpa2("workshop", "micropython");
        let mut config = AirConfig::new(ap).expect("the table is valid");
        config.prefix = 16;
        change(&mut config);
        let air = Air::new(config).expect("it is valid");
        let runners: Vec<_> = (0..runners).map(|_| runner()).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let db = folder.path().join("db.json");
        let text = "x".repeat(BIG);
        std::fs::write(&db, format!("{{\"big\": {{\"text\": \"{text}\"}}}}")).expect("written");
        let cloud = services.block_on(async {
            let config = CloudConfig::new(folder.path().join("cloud.db")).with_db_json(db);
            let cloud = Cloud::open(config).await.expect("a cloud");
            cloud.ensure_device("device00", DeviceKey::Md5OfName).await.expect("a device");
            cloud
        });
        let (clock, on_air) = (runners[0].clock(), air.clone());
        services.spawn(async move {
            let serve = move |io: ServiceIo| {
                let cloud = cloud.clone();
                let peer = Peer {
                    address: Some(IpAddr::V4(*io.stream().peer().ip())),
                    tls: io.stream().is_tls(),
                };
                tokio::spawn(async move {
                    // A board that goes away in the middle is no news.
                    let _ = cloud.serve_connection(io, peer).await;
                });
            };
            bridge::run(on_air, Arc::new(move || clock.now_us()), serve).await;
        });
        Self { runners, air, boards: 0, _services: services, _folder: folder }
    }

    /// A board that joins the network and runs a program.
    fn board(&mut self, program: &str) -> (BoardHandle, Screen) {
        self.boards += 1;
        let [high, low] = self.boards.to_be_bytes();
        let mac = [0x24, 0x0a, 0xc4, 0, high, low];
        let screen = Screen::default();
        let spec = BoardSpec {
            station: Some(self.air.attach(mac)),
            mac,
            boot_text: false,
            program: Some((format!("{JOIN}{program}").into_bytes(), "bench.py".to_owned())),
            ..spec(&screen)
        };
        let turn = usize::from(self.boards) % self.runners.len();
        (self.runners[turn].add(spec), screen)
    }

    /// The figures that a program prints in its last line.
    fn run(&mut self, program: &str) -> Vec<f64> {
        let (_board, screen) = self.board(program);
        let text = screen.expect("END");
        let line = text.lines().find_map(|line| line.strip_prefix("= "));
        let line = line.unwrap_or_else(|| panic!("no figures in {text:?}"));
        line.split(' ').map(|word| word.parse().expect("a number")).collect()
    }
}

const JOIN: &str = "
import network, socket, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect('workshop', 'micropython')
while not wlan.isconnected():
    time.sleep_ms(5)
";

const DOWNLOAD: &str = "
at = socket.getaddrinfo('my-json-server.typicode.com', 80)[0][-1]
buffer = bytearray(16384)
def get():
    s = socket.socket()
    s.connect(at)
    s.write(b'GET /user/repo/big HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n')
    n = 0
    while True:
        got = s.readinto(buffer)
        if not got:
            s.close()
            return n
        n += got
get()
start = time.ticks_us()
n = sum(get() for _ in range(ROUNDS))
print('=', n, time.ticks_diff(time.ticks_us(), start))
";

const PUT: &str = "
import tls
KEY = '75ed7be11c6ca9631d1e50320dee9663'
at = socket.getaddrinfo('api-m2x.att.com', 443)[0][-1]
def open():
    s = socket.socket()
    s.connect(at)
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_NONE
    return context.wrap_socket(s, server_hostname='api-m2x.att.com')
body = b'{\"value\": 42}'
head = b'PUT /v2/devices/' + KEY + '/streams/button%s HTTP/1.1\\r\\nHost: api-m2x.att.com\\r\\nX-M2X-KEY: ' + KEY
head += b'\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n%s'
def put(s, path, body):
    s.write(head % (path, len(body), body))
    status = s.readline()
    length = 0
    while True:
        line = s.readline()
        if line == b'\\r\\n':
            break
        if line.lower().startswith(b'content-length:'):
            length = int(line.split(b':')[1])
    s.read(length)
    return status
s = open()
assert b' 20' in put(s, b'', b'{}')
def timed(what):
    times = []
    for _ in range(101):
        start = time.ticks_us()
        what()
        times.append(time.ticks_diff(time.ticks_us(), start))
    times.sort()
    return times[50]
def kept():
    assert b'202' in put(s, b'/value', body)
def fresh():
    s = open()
    assert b'202' in put(s, b'/value', body)
    s.close()
kept = timed(kept)
s.close()
print('=', kept, timed(fresh))
";

const SESSION: &str = "
from umqtt.simple import MQTTClient
c = MQTTClient('board-NUMBER', 'host.workshop', PORT, keepalive=60)
c.connect()
print('in')
input()
start = time.ticks_ms()
time.sleep_ms(NUMBER % 1000)
for n in range(MESSAGES):
    c.publish(b'boards/NUMBER', b'%d' % n)
    start = time.ticks_add(start, 1000)
    time.sleep_ms(max(0, time.ticks_diff(start, time.ticks_ms())))
c.disconnect()
print('out')
";

/// Downloads and requests, at the chip's pace and as fast as the host is; a fleet of sessions.
pub(crate) fn measure() -> Vec<Figure> {
    let mut figures = Vec::new();
    for (is_fast, rounds) in [(false, "2"), (true, "16")] {
        let download = DOWNLOAD.replace("ROUNDS", rounds);
        let mut lab = Lab::new(1, |config| config.is_fast = is_fast);
        let figure = lab.run(&download);
        let [bytes, us] = figure[..] else { panic!("{figure:?}") };
        let (name, limit) = match is_fast {
            false => ("a MB downloaded from the cloud, at the chip's pace", None),
            true => ("a MB downloaded from the cloud, as fast as the host", Some(50.0)),
        };
        figures.push(Figure { name, value: us / 1000.0 / (bytes / 1e6), unit: "ms", limit });
        let runs: Vec<_> = (0..3).map(|_| lab.run(PUT)).collect();
        let of = |at: usize| median(runs.iter().map(|run| run[at] / 1000.0).collect());
        let names = match is_fast {
            false => [
                "HTTPS PUT, kept alive, at the chip's pace",
                "HTTPS PUT, new session, at the chip's pace",
            ],
            true => [
                "HTTPS PUT, kept alive, as fast as the host",
                "HTTPS PUT, new session, as fast as the host",
            ],
        };
        for (at, limit) in [(0, 2.0), (1, 6.0)] {
            let (name, limit) = (names[at], Some(limit));
            figures.push(Figure { name, value: of(at), unit: "ms", limit });
        }
    }
    figures.extend(fleet());
    figures
}

struct Broker(Child, u16);

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Broker {
    /// A real one, if this machine has it.
    fn start() -> Option<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0)).ok()?.local_addr().ok()?.port();
        let quiet = |command: &mut Command| command.stderr(Stdio::null()).spawn().ok();
        let child = quiet(Command::new("mosquitto").args(["-p", &port.to_string()]))?;
        let broker = Self(child, port);
        let give_up = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < give_up, "mosquitto does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(broker)
    }
}

/// A thousand boards with a session each, and a message a second.
fn fleet() -> Vec<Figure> {
    let Some(broker) = Broker::start() else { return Vec::new() };
    let listed = format!("127.0.0.1:{}", broker.1).parse().expect("an address");
    let mut lab = Lab::new(2, |config| {
        config.outside = Outside { internet: false, listed: vec![listed] };
    });
    let listening = Command::new("mosquitto_sub")
        .args(["-p", &broker.1.to_string(), "-t", "boards/#"])
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut listening) = listening else { return Vec::new() };
    let heard = Arc::new(AtomicUsize::new(0));
    let (count, lines) = (heard.clone(), listening.stdout.take().expect("piped"));
    std::thread::spawn(move || {
        for _ in BufReader::new(lines).lines() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    let text = |number: u16| {
        SESSION
            .replace("NUMBER", &number.to_string())
            .replace("PORT", &broker.1.to_string())
            .replace("MESSAGES", &MESSAGES.to_string())
    };
    let start = Instant::now();
    let boards: Vec<_> = (0..BOARDS).map(|number| lab.board(&text(number))).collect();
    for (_, screen) in &boards {
        screen.expect("in\n");
    }
    let joined = start.elapsed().as_secs_f64();
    let before = processor_seconds();
    for (board, _) in &boards {
        board.send(b"\r");
    }
    for (_, screen) in &boards {
        screen.expect("out\n");
    }
    let used = processor_seconds() - before;
    let all = usize::from(BOARDS) * MESSAGES;
    let give_up = Instant::now() + Duration::from_secs(5);
    while heard.load(Ordering::Relaxed) < all && Instant::now() < give_up {
        std::thread::sleep(Duration::from_millis(10));
    }
    let lost = all.saturating_sub(heard.load(Ordering::Relaxed));
    let _ = listening.kill();
    let _ = listening.wait();
    let told = |name, value, unit, limit| Figure { name, value, unit, limit };
    vec![
        told("1,000 boards: all have an MQTT session after", joined, "s", None),
        told(
            "1,000 boards, an MQTT message a second each: messages lost",
            lost as f64,
            "",
            Some(0.0),
        ),
        told(
            "1,000 boards, an MQTT message a second each: processors used",
            used / MESSAGES as f64,
            "",
            Some(2.0),
        ),
    ]
}
