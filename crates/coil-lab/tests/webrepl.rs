//! WebREPL over the air in virtual time: one board serves its prompt, another plays the client that people have in their
//! browsers, and others that nobody wants.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::{AccessPoint, Air, AirConfig, Timings};
use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardSpec, Pace, Runner, catalog};

const SECOND: u64 = 1_000_000;

const JOIN: &str = "
import network, time
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect('workshop', 'micropython')
while not wlan.isconnected():
    time.sleep_ms(5)
";

/// The client's half of the protocol.
const CLIENT: &str = r#"
import network, socket, struct
def connect(path='/'):
    while True:
        s = socket.socket()
        try:
            s.connect(('192.168.1.100', 8266))
            break
        except OSError as e:
            print(e)
            s.close()
            time.sleep(1)
    s.send(b'GET %s HTTP/1.1\r\nHost: board\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' % path)
    s.send(b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    return s
def open_ws():
    s = connect()
    head = []
    while True:
        line = s.readline()
        if not line.strip():
            return s, head
        head.append(line)
def send(s, data, kind=1):
    if isinstance(data, str):
        data = data.encode()
    mask = b'\x01\x02\x03\x04'
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b'\xfe' + struct.pack('>H', len(data))
    s.write(bytes([0x80 | kind]) + size + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(data)))
def frame(s):
    head = s.read(2)
    if len(head) < 2:
        return None, b''
    n = head[1]
    if n == 126:
        n = struct.unpack('>H', s.read(2))[0]
    return head[0] & 15, s.read(n)
def until(s, wanted):
    text = b''
    while not text.endswith(wanted):
        kind, data = frame(s)
        if kind is None or kind == 8:
            return text, 'end'
        text += data
    return text
def log_in(word='secret'):
    s, _ = open_ws()
    until(s, b'Password: ')
    send(s, word + '\r')
    return s, until(s, b'>>> ')
def binary(s, n):
    got = b''
    while len(got) < n:
        kind, data = frame(s)
        if kind is None:
            return got, 'end'
        if kind == 2:
            got += data
    return got
def request(kind, name, size=0):
    return struct.pack('<2sBBQIH64s', b'WA', kind, 0, 0, size, len(name), name)
def put(s, name, data):
    send(s, request(1, name, len(data)), 2)
    first = binary(s, 4)
    for i in range(0, len(data), 1000):
        send(s, data[i:i + 1000], 2)
    return first, binary(s, 4)
def get(s, name):
    send(s, request(2, name), 2)
    first, all = binary(s, 4), b''
    while True:
        send(s, b'\0', 2)
        _, part = frame(s)
        n = struct.unpack('<H', part[:2])[0]
        if n == 0:
            return first, all, binary(s, 4)
        all += part[2:]
"#;

/// Two boards of a firmware: what the client prints, and what the server's console shows.
fn run_on(firmware: &str, boot: &str, keys: &[(u64, &str)], client: &str) -> (String, String) {
    let mut config = AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap();
    config.timings = Timings::chip().faster(100);
    let air = Air::new(config).unwrap();
    let profile = catalog::profile(firmware).unwrap();
    let rom = coil_board::modules::rom(&profile);
    let mac = |n| [0x24, 0x0a, 0xc4, 0, 0, n];
    let (spec, served) = support::bare("wemos-d1-r32");
    let server = BoardSpec {
        profile: profile.clone(),
        mac: mac(1),
        station: Some(air.attach(mac(1))),
        files: vec![("boot.py".into(), format!("{JOIN}{boot}").into_bytes())],
        keys: keys.iter().map(|(at, keys)| (*at, keys.as_bytes().to_vec())).collect(),
        script: vec![(40 * SECOND, Stimulus::PowerOff)],
        ..spec
    };
    let (spec, seen) = support::bare("wemos-d1-r32");
    let program = format!("import time\ntime.sleep(5)\n{JOIN}{CLIENT}{client}\n").into_bytes();
    let client = BoardSpec {
        profile,
        mac: mac(2),
        station: Some(air.attach(mac(2))),
        program: Some((program, "client.py".into())),
        ..spec
    };
    let mut runner = Runner::start_with_air(rom, Pace::Virtual, air).unwrap();
    runner.add(server);
    runner.add(client);
    let ended = seen.end();
    let gone = served.end();
    assert!(gone.is_some(), "{}", served.text());
    runner.stop();
    match ended {
        Some(Outcome::Done) => (seen.text(), served.text()),
        Some(Outcome::Raised(e)) => {
            panic!("{}{}\n{}", seen.text(), String::from_utf8_lossy(&e), served.text())
        }
        other => panic!("{other:?}: {}\n{}", seen.text(), served.text()),
    }
}

const START: &str = "import webrepl\nwebrepl.start(password='secret')\n";

fn run(client: &str) -> (String, String) {
    run_on("current", START, &[], client)
}

fn has_in_order(text: &str, wanted: &[&str]) {
    let mut rest = text;
    for part in wanted {
        let Some(at) = rest.find(part) else { panic!("no {part:?} in {rest:?}, all: {text}") };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn whoever_knows_the_password_has_the_prompt() {
    let (client, server) = run("
s, head = open_ws()
print(head[0], [l for l in head if b'Accept' in l])
print(until(s, b'Password: '))
send(s, 'secret\\r')
print(until(s, b'>>> '))
send(s, 'print(6 * 7)\\r')
print(until(s, b'>>> '))
send(s, 'while True: pass\\r\\r')
time.sleep(1)
send(s, b'\\x03')
print(until(s, b'>>> ')[-34:])
send(s, 'input(\"? \")\\rhello\\r')
print(until(s, b'>>> '))
s.close()
");
    assert_eq!(
        client,
        r#"b'HTTP/1.1 101 Switching Protocols\r\n' [b'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n']
b'Password: '
b'\r\nWebREPL connected\r\n>>> '
b'print(6 * 7)\r\n42\r\n>>> '
b'module>\r\nKeyboardInterrupt: \r\n>>> '
b'input("? ")\r\n? hello\r\n\'hello\'\r\n>>> '
"#
    );
    has_in_order(
        &server,
        &[
            "WebREPL server started on http://192.168.1.100:8266/\r\n",
            "Started webrepl in manual override mode\r\n",
            "\nWebREPL connection from: ('192.168.1.101', ",
            "print(6 * 7)\r\n42\r\n>>> ",
            "dupterm: EOF received, deactivating",
        ],
    );
}

#[test]
fn a_wrong_password_shows_nothing_and_ends_the_connection() {
    let (client, server) = run("
for word in ('', 'wrong', 'secretsecretsecret', 'secret '):
    s, _ = open_ws()
    until(s, b'Password: ')
    send(s, word + '\\r')
    print(until(s, b'>>> '))
    s.close()
    time.sleep(1)
print(log_in()[1])
");
    let denied = "(b'\\r\\nAccess denied\\r\\n', 'end')\n";
    assert_eq!(client, denied.repeat(4) + "b'\\r\\nWebREPL connected\\r\\n>>> '\n");
    assert_eq!(server.matches("dupterm: EOF received").count(), 4, "{server}");
}

#[test]
fn files_come_and_go_and_the_version_is_told() {
    let (client, _) = run("
s, _ = log_in()
send(s, request(3, b''), 2)
print(binary(s, 3))
data = bytes(i * 7 & 255 for i in range(3000))
print(put(s, b'/data.bin', data), put(s, b'empty', b''))
first, back, last = get(s, b'/data.bin')
print(first, back == data, last, get(s, b'empty'))
send(s, 'import os; os.stat(\"data.bin\")[6]\\r')
print(until(s, b'>>> ')[-12:])
");
    assert_eq!(
        client,
        "b'\\x01\\x1d\\x00'
(b'WB\\x00\\x00', b'WB\\x00\\x00') (b'WB\\x00\\x00', b'WB\\x00\\x00')
b'WB\\x00\\x00' True b'WB\\x00\\x00' (b'WB\\x00\\x00', b'', b'WB\\x00\\x00')
b'\\r\\n3000\\r\\n>>> '
"
    );
}

#[test]
fn one_client_at_a_time_is_served_and_browsers_get_the_page() {
    let (client, server) = run("
s, _ = log_in()
other = connect()
print(len(other.read()) > 100)
other.close()
s.close()
time.sleep(1)
b = socket.socket()
b.connect(('192.168.1.100', 8266))
b.send(b'GET / HTTP/1.0\\r\\n\\r\\n')
print(b.read())
b.close()
print(log_in()[1])
");
    assert_eq!(
        client,
        "True
b'HTTP/1.0 200 OK\\r\\n\\r\\n<base href=\"https://micropython.org/webrepl/\"></base>\\r\\n<script src=\"webrepl_content.js\"></script>\\r\\n'
b'\\r\\nWebREPL connected\\r\\n>>> '
"
    );
    has_in_order(
        &server,
        &["Concurrent WebREPL connection from ('192.168.1.101', ", ") rejected\r\n"],
    );
}

#[test]
fn what_no_client_sends_ends_the_connection_and_nothing_else() {
    let (client, server) = run("
def ends(*frames):
    s, _ = log_in()
    for f in frames:
        s.write(f)
    s.settimeout(5)
    try:
        while frame(s)[0] not in (None, 8):
            pass
        print('ended')
    except OSError as e:
        print(e)
    s.close()
    time.sleep(1)
# A length of eight bytes, unknown requests, a file in no folder, one that is not there.
ends(b'\\x82\\xff' + b'\\xff' * 8)
s = log_in()[0]; send(s, request(9, b'x'), 2); print(until(s, b'!')); s.close(); time.sleep(1)
s = log_in()[0]; send(s, request(1, b'/no/such/folder', 5), 2); print(until(s, b'!')); s.close(); time.sleep(1)
s = log_in()[0]; send(s, request(2, b'nothing'), 2); print(until(s, b'!')); s.close(); time.sleep(1)
# A request that comes in pieces, a file that is cut off, a frame that does not end.
s = log_in()[0]
for b in request(3, b''):
    send(s, bytes([b]), 2)
print(binary(s, 3))
send(s, request(1, b'half', 1 << 31), 2)
binary(s, 4)
send(s, b'half', 2)
s.write(b'\\x82\\xfe\\xff\\xff')
s.close()
time.sleep(1)
s = log_in()[0]
print(get(s, b'half'))
");
    assert_eq!(
        client,
        "[Errno 104] ECONNRESET
(b'', 'end')
(b'', 'end')
(b'', 'end')
b'\\x01\\x1d\\x00'
(b'WB\\x00\\x00', b'half', b'WB\\x00\\x00')
"
    );
    assert_eq!(server.matches("dupterm: Exception in read() method").count(), 4, "{server}");
}

#[test]
fn the_dialogue_makes_it_start_with_the_board() {
    let keys = [
        (2 * SECOND, "import webrepl_setup\r"),
        (3 * SECOND, "E\r"),
        (4 * SECOND, "abc\r"),
        (5 * SECOND, "word1\r"),
        (6 * SECOND, "other\r"),
        (7 * SECOND, "word1\r"),
        (8 * SECOND, "word1\r"),
        (9 * SECOND, "y\r"),
    ];
    let client = "
time.sleep(15)
s, said = log_in('word1')
print(said)
send(s, 'print(open(\"webrepl_cfg.py\").read(), open(\"boot.py\").read()[-32:])\\r')
print(until(s, b'>>> '))
";
    let boot = "#import webrepl\n#webrepl.start()\n";
    let (client, server) = run_on("current", boot, &keys, client);
    assert_eq!(
        client,
        r#"b'\r\nWebREPL connected\r\n>>> '
b'print(open("webrepl_cfg.py").read(), open("boot.py").read()[-32:])\r\nPASS = \'word1\'\r\n \r\nimport webrepl\r\nwebrepl.start()\r\n\r\n>>> '
"#
    );
    has_in_order(
        &server,
        &[
            "WebREPL daemon auto-start status: disabled\r\n",
            "To enable WebREPL, you must set password for it\r\n",
            "New password (4-9 chars): abc\r\nInvalid password length\r\n",
            "Confirm password: other\r\nPasswords do not match\r\n",
            "Changes will be activated after reboot\r\n",
            "Would you like to reboot now? (y/n) y\r\n",
            "Started webrepl in normal mode\r\n",
        ],
    );
}

#[test]
fn firmware_of_2019_and_2022_has_it_too() {
    for firmware in ["1.11", "1.19.1"] {
        let client =
            "s, said = log_in()\nprint(said)\nsend(s, '1 + 1\\r')\nprint(until(s, b'>>> '))\n";
        let (client, _) = run_on(firmware, START, &[], client);
        let said: Vec<_> = client.lines().filter(|l| l.starts_with("b'")).collect();
        assert_eq!(
            said,
            ["b'\\r\\nWebREPL connected\\r\\n>>> '", "b'1 + 1\\r\\n2\\r\\n>>> '"],
            "{firmware}"
        );
    }
}
