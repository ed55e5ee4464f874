//! Boards with older firmware at their prompts and on the air: what they print while they boot, what
//! the log tells of WiFi, how failures are told, and the course's programs of those years. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::Outcome;
use coil_board::outside::{Event, Stimulus};
use coil_lab::{BoardSpec, Observer, Pace, Runner, catalog};
use std::path::Path;
use support::MAC;

const MS: u64 = 1000;
const SECOND: u64 = 1000 * MS;

/// A board and what happens to it.
#[derive(Default)]
struct Case<'a> {
    firmware: &'a str,
    /// Sockets that it has room for, if it is not the firmware's own number.
    sockets: Option<u32>,
    boot_text: bool,
    files: Vec<(String, Vec<u8>)>,
    keys: Vec<(u64, Vec<u8>)>,
    script: Vec<(u64, Stimulus)>,
    program: Option<Vec<u8>>,
    /// The network goes away when the program prints this.
    vanishes_at: Option<&'static str>,
    power_off_us: u64,
}

/// Switches the network off at a print.
struct Vanish(Air, &'static str);

impl Observer for Vanish {
    fn event(&mut self, _: u64, event: &Event) {
        if let Event::Print { bytes } = event
            && String::from_utf8_lossy(bytes).contains(self.1)
        {
            self.0.set_access_point_present("workshop", false);
        }
    }
}

/// What the board shows until it loses its power, or its program ends.
fn run(case: Case<'_>) -> String {
    let air =
        Air::new(AirConfig::new(AccessPoint::wpa2("workshop", "micropython")).unwrap()).unwrap();
    let mut profile = catalog::profile(case.firmware).unwrap();
    profile.net.max_sockets = case.sockets.unwrap_or(profile.net.max_sockets);
    let rom = coil_board::modules::rom(&profile);
    let mut script = case.script;
    script.push((case.power_off_us, Stimulus::PowerOff));
    let (spec, seen) = support::bare("wemos-d1-r32");
    let vanish = case.vanishes_at.map(|at| Box::new(Vanish(air.clone(), at)) as Box<dyn Observer>);
    let spec = BoardSpec {
        observer: vanish.or(spec.observer),
        profile,
        station: Some(air.attach(MAC)),
        boot_text: case.boot_text,
        files: case.files,
        script,
        keys: case.keys,
        program: case.program.map(|p| (p, "program.py".to_owned())),
        ..spec
    };
    let mut runner = Runner::start_with_air(rom, Pace::Virtual, air).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let mut text = seen.text();
    match ended {
        Some(Outcome::Done) => {}
        Some(Outcome::Raised(e)) => text += &String::from_utf8(e).unwrap(),
        other => panic!("{other:?}: {text}"),
    }
    text
}

fn workshop_file(path: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop").join(path)).unwrap()
}

fn typed(firmware: &str, keys: &[&str]) -> String {
    let keys: Vec<_> =
        keys.iter().zip(1..).map(|(k, at)| (at * SECOND, k.as_bytes().to_vec())).collect();
    let power_off_us = (keys.len() as u64 + 2) * SECOND;
    run(Case { firmware, keys, power_off_us, ..Case::default() })
}

#[test]
fn the_boot_text_is_that_of_its_time() {
    let text = run(Case {
        firmware: "1.11",
        boot_text: true,
        power_off_us: 2 * SECOND,
        ..Case::default()
    });
    assert!(text.starts_with("ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)"), "{text}");
    assert!(text.contains("entry 0x400806e8\r\nI (433) cpu_start: Pro cpu up.\r\n"), "{text}");
    assert!(
        text.ends_with(
            "Performing initial setup\r\nMicroPython v1.11 on 2019-05-29; ESP32 module with ESP32\r\n\
             Type \"help()\" for more information.\r\n>>> "
        ),
        "{text}"
    );
    let text = run(Case {
        firmware: "1.19.1",
        boot_text: true,
        power_off_us: 2 * SECOND,
        ..Case::default()
    });
    assert!(text.contains("entry 0x40080680\r\n"), "{text}");
    assert!(!text.contains("I ("), "{text}");
    assert!(
        text.contains("MicroPython v1.19.1 on 2022-06-18; ESP32 module with ESP32\r\n"),
        "{text}"
    );
}

#[test]
fn raw_paste_is_no_mode_of_the_oldest_firmware() {
    let ask = ["\x01", "\x05A\x01", "\x02"];
    let text = typed("1.11", &ask);
    assert_eq!(text.matches("raw REPL; CTRL-B to exit\r\n>").count(), 2, "{text}");
    assert!(!text.contains("R\x01"), "{text}");
    assert!(typed("1.19.1", &ask[..2]).contains("raw REPL; CTRL-B to exit\r\n>R\x01"));
}

#[test]
fn restarts_by_software_are_alike_to_the_oldest_firmware() {
    let ask = "import machine; print('cause', machine.reset_cause())\r";
    let keys = [ask, "\x04", ask, "machine.reset()\r", ask];
    let causes = |firmware| {
        let text = typed(firmware, &keys);
        let lines = text.lines().filter_map(|l| l.strip_prefix("cause "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(causes("1.11"), ["1", "1", "5"]);
    assert_eq!(causes("1.19.1"), ["1", "5", "2"]);
}

const JOIN: &str = "import network; w = network.WLAN(network.STA_IF); w.active(True); ";

#[test]
fn the_log_tells_of_wifi_at_the_friendly_prompt_alone() {
    let join = format!("{JOIN}w.connect('workshop', 'micropython')\r");
    let text = typed("1.11", &[&join, "\r", "\r", "\r", "\r", "\r"]);
    for line in [
        "wifi: mode : sta (24:0a:c4:00:00:01)\r\n",
        "wifi: state: assoc -> run (10)\r\n",
        "wifi: connected with workshop, channel ",
        "network: CONNECTED\r\n",
        "event: sta ip: 192.168.",
        "network: GOT_IP\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let raw = format!("\x01{JOIN}w.connect('workshop', 'micropython')\x04");
    for (firmware, keys) in [
        ("1.11", vec![raw.as_str(), "", "", "", ""]),
        ("1.11", vec!["import esp; esp.osdebug(None)\r", &join, "\r", "\r", "\r"]),
        ("1.19.1", vec![&join, "\r", "\r", "\r"]),
    ] {
        let text = typed(firmware, &keys);
        assert!(!text.contains("wifi:") && !text.contains("GOT_IP"), "{firmware}: {text}");
    }
}

#[test]
fn the_log_of_2019_tells_that_the_network_is_lost() {
    let keys = [
        "import network; w = network.WLAN(); w.active(True)\r",
        "w.connect('workshop', 'micropython')\r",
        "",
        "print('van' + 'ish')\r",
    ];
    let keys = (1..).zip(keys).map(|(at, k)| (at * 3 * SECOND, k.as_bytes().to_vec())).collect();
    let text = run(Case {
        firmware: "1.11",
        keys,
        vanishes_at: Some("vanish"),
        power_off_us: 60 * SECOND,
        ..Case::default()
    });
    let lost = "wifi: bcn_timout,ap_probe_send_start\r\n";
    let at = text.find(lost).unwrap_or_else(|| panic!("{text}"));
    for line in [
        "wifi: ap_probe_send over, resett wifi status to disassoc\r\n",
        "wifi: state: run -> init (c800)\r\n",
        "wifi: STA_DISCONNECTED, reason:200\r\nbeacon timeout\r\n",
    ] {
        assert!(text[at..].contains(line), "{line} in {text}");
    }
}

#[test]
fn what_a_socket_does_not_know_is_told_and_the_stack_and_queues_have_their_sizes() {
    let keys = [
        "import network; w = network.WLAN(); w.active(True)\r",
        "import socket; s = socket.socket(); s.setsockopt(1, 99, 1)\r",
        "import micropython; micropython.mem_info()\r",
        "from ucollections import deque; d = deque((), 1, 1); d.append(1); d.append(2)\r",
    ];
    for (firmware, stack) in [("1.11", "15360"), ("1.19.1", "15360"), ("current", "15360")] {
        let text = typed(firmware, &keys);
        let stack = format!(" out of {stack}\r\n");
        for line in
            ["Warning: lwip.setsockopt() option not implemented\r\n", &stack, "IndexError: full"]
        {
            assert!(text.contains(line), "{firmware}: {line} in {text}");
        }
    }
}

#[test]
fn newer_firmware_logs_what_happens_when_it_is_asked_to() {
    let join = format!("{JOIN}w.connect('workshop', 'micropython')\r");
    let none = "import network; w = network.WLAN(); w.active(True); w.connect('none', 'x')\r";
    let osdebug = "import esp; esp.osdebug(0)\r";
    for (firmware, number, reason) in [
        ("1.19.1", "b0", "reason:201\r\nno AP found\r\n"),
        ("current", "0xb0", "reason:201:no AP found\r\n"),
    ] {
        let text = typed(firmware, &[osdebug, &join, "\r", "\r", "\r", "\r", "\r"]);
        for line in [
            "wifi:mode : sta (24:0a:c4:00:00:01)\r\n",
            "wifi: STA_START\r\n",
            &format!("wifi:state: init -> auth ({number})\r\n"),
            "network: CONNECTED\r\n",
            "esp_netif_handlers: sta ip: 192.168.",
            "network: GOT_IP\r\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        let text = typed(firmware, &[osdebug, &none.replace("()", "(0)"), "\r", "\r", "\r", "\r"]);
        assert!(text.contains(reason), "{text}");
    }
}

#[test]
fn errors_are_logged_unless_the_log_is_off_or_the_prompt_is_raw() {
    let twice = format!("{JOIN}w.connect('workshop', 'x'); w.connect('workshop', 'x')\r");
    let error = "wifi:sta is connecting, return error\r\n";
    for firmware in ["1.11", "1.19.1", "current"] {
        assert!(typed(firmware, &[&twice]).contains(error));
        // `None` leaves the errors.
        assert!(typed(firmware, &["import esp; esp.osdebug(None)\r", &twice]).contains(error));
        let off = ["import esp; esp.osdebug(0, esp.LOG_NONE)\r", &twice];
        assert!(!typed(firmware, &off).contains(error));
        let raw = format!("\x01{}\x04", twice.trim());
        let text = typed(firmware, &[&raw]);
        assert!(text.contains("Wifi Internal Error") && !text.contains(error), "{text}");
        // After a soft reset of the raw prompt the firmware stays silent.
        let text = typed(firmware, &["\x01", "\x04", "\x02", &twice]);
        assert!(text.contains("Wifi Internal Error") && !text.contains(error), "{text}");
    }
}

#[test]
fn the_first_use_of_sockets_is_logged_once_between_resets_of_the_chip() {
    let ask = "import socket; s = socket.socket(); s.close()\r";
    let line = "modsocket: Initializing\r\n";
    let keys = [ask, ask, "\x04", ask, "import machine; machine.reset()\r", ask];
    assert_eq!(typed("1.11", &keys).matches(line).count(), 2);
    assert_eq!(typed("1.19.1", &keys).matches(line).count(), 0);
    assert_eq!(typed("current", &["import esp; esp.osdebug(0)\r", ask]).matches(line).count(), 1);
}

/// What `status()` says some time after the board began to join.
fn status(firmware: &str, ssid: &str, password: &str) -> String {
    let program = format!(
        "{JOIN}w.connect('{ssid}', '{password}')\nimport time\ntime.sleep(8)\nprint('status', w.status())\n"
    );
    let text = run(Case {
        firmware,
        program: Some(program.into_bytes()),
        power_off_us: 60 * SECOND,
        ..Case::default()
    });
    text.lines().find_map(|l| l.strip_prefix("status ")).unwrap_or(&text).to_owned()
}

#[test]
fn a_failure_shows_in_the_status_as_each_firmware_tells_it() {
    let cases = ["1.11", "1.19.1", "current"].map(|firmware| {
        [("workshop", "micropython"), ("nowhere", "x"), ("workshop", "wrong password")]
            .map(|(ssid, password)| status(firmware, ssid, password))
    });
    assert_eq!(cases[0], ["1010", "1001", "202"], "1.11");
    assert_eq!(cases[1], ["1010", "1001", "1001"], "1.19.1");
    assert_eq!(cases[2], ["1010", "201", "202"], "current");
}

const JOINED: &str = "
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(50)
";

fn joined(firmware: &str, program: &str) -> String {
    let program = format!("{JOINED}{program}");
    let text = run(Case {
        firmware,
        program: Some(program.into_bytes()),
        power_off_us: 600 * SECOND,
        ..Case::default()
    });
    text.lines().filter(|l| !l.starts_with("I (") && !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_failure_of_the_network_is_told_by_each_firmware_s_names() {
    let program = "
import socket
for host, port in (('10.1.2.3', 80), ('192.168.1.1', 9)):
    s = socket.socket()
    try:
        s.connect((host, port))
    except OSError as e:
        print(e)
    s.close()
try:
    print(socket.getaddrinfo('nobody.knows', 80))
    s = socket.socket()
    s.connect(('nobody.knows', 80))
except OSError as e:
    print(repr(e))
";
    // The numbers are the network library's; Linux, whose names the oldest firmware has, has no 118.
    assert_eq!(joined("1.11", program), "118\n[Errno 104] ECONNRESET\n[]\nOSError(202,)");
    for firmware in ["1.19.1", "current"] {
        let text = joined(firmware, program);
        assert_eq!(
            text, "[Errno 118] EHOSTUNREACH\n[Errno 104] ECONNRESET\nOSError(-202,)",
            "{firmware}"
        );
    }
}

#[test]
fn a_call_that_would_wait_is_told_by_each_firmware_s_numbers() {
    let program = "
import socket
s = socket.socket()
s.setblocking(False)
try:
    s.connect(('192.168.1.1', 53))
except OSError as e:
    print(e)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('', 5000))
for seconds in (0, 1):
    u.settimeout(seconds)
    try:
        u.recv(1)
    except OSError as e:
        print(e)
";
    let numbers = |firmware| joined(firmware, program);
    assert_eq!(
        numbers("1.11"),
        "[Errno 115] EINPROGRESS\n[Errno 11] EAGAIN\n[Errno 110] ETIMEDOUT"
    );
    for firmware in ["1.19.1", "current"] {
        assert_eq!(
            numbers(firmware),
            "[Errno 119] EINPROGRESS\n[Errno 11] EAGAIN\n[Errno 116] ETIMEDOUT",
            "{firmware}"
        );
    }
}

#[test]
fn a_connection_that_nobody_takes_ends_by_a_timeout_only_in_current_firmware() {
    let program = "
import socket
s = socket.socket()
s.settimeout(1)
start = time.time()
try:
    s.connect(('192.168.1.77', 80))
except OSError as e:
    print(e)
print(time.time() - start > 10)
";
    // 113 is ECONNABORTED to the network library; the name is Linux' for that number.
    assert_eq!(joined("1.11", program), "[Errno 113] EHOSTUNREACH\nTrue");
    assert_eq!(joined("1.19.1", program), "[Errno 113] ECONNABORTED\nTrue");
    assert_eq!(joined("current", program), "[Errno 116] ETIMEDOUT\nFalse");
}

#[test]
fn a_ctrl_c_while_older_firmware_connects_counts_when_that_is_over() {
    let program = format!(
        "{JOINED}
import socket
start = time.time()
try:
    socket.socket().connect(('192.168.1.77', 80))
except KeyboardInterrupt:
    print('interrupted')
except OSError as e:
    print(e)
print('late' if time.time() - start > 10 else 'at once')
"
    );
    let case = |firmware| {
        let text = run(Case {
            firmware,
            program: Some(program.clone().into_bytes()),
            keys: vec![(10 * SECOND, b"\x03".to_vec())],
            power_off_us: 600 * SECOND,
            ..Case::default()
        });
        text.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(case("current"), "at once");
    assert_eq!(case("1.11"), "late");
}

#[test]
fn each_firmware_has_as_many_sockets_as_its_profile_says() {
    let program = format!(
        "{JOINED}
import socket
listener = socket.socket()
listener.bind(('', 80))
listener.listen(2)
all = []
try:
    while True:
        all.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM if len(all) % 2 else socket.SOCK_STREAM))
except OSError as e:
    print('sockets', len(all) + 1, e)
all.pop().close()
all.append(socket.socket())
try:
    socket.socket()
except OSError as e:
    print('sockets', len(all) + 1, e)
"
    );
    for (firmware, sockets, told) in [
        ("1.11", None, "10 23"),
        ("1.19.1", None, "10 23"),
        ("current", None, "10 23"),
        ("current", Some(4), "4 23"),
    ] {
        let text = run(Case {
            firmware,
            sockets,
            program: Some(program.clone().into_bytes()),
            power_off_us: 60 * SECOND,
            ..Case::default()
        });
        let lines: Vec<_> = text.lines().filter_map(|l| l.strip_prefix("sockets ")).collect();
        assert_eq!(lines, [told, told], "{firmware}: {text}");
    }
}

#[test]
fn the_oldest_firmware_has_ten_sockets_and_does_not_collect_for_another() {
    let text = joined(
        "1.11",
        "
import socket
all = []
try:
    while True:
        all.append(socket.socket())
except OSError as e:
    print(len(all), e)
all = None
try:
    socket.socket()
except OSError as e:
    print(e)
import gc
gc.collect()
print(socket.socket() is not None)
",
    );
    assert_eq!(text, "10 23\n23\nTrue");
}

#[test]
fn the_clock_is_set_by_every_firmware_s_own_ntptime() {
    for firmware in ["1.11", "1.19.1", "current"] {
        let text =
            joined(firmware, "import ntptime\nntptime.settime()\nprint(time.localtime()[:3])\n");
        assert_eq!(text, "(2026, 1, 1)", "{firmware}");
    }
}

#[test]
fn the_workshop_s_board_joins_with_every_firmware() {
    let files = ["boot.py", "config.py", "wifi_and_ntp.py"]
        .map(|name| (name.to_owned(), workshop_file(&format!("board/{name}"))));
    for firmware in ["1.11", "1.19.1", "current"] {
        let text = run(Case {
            firmware,
            files: files.to_vec(),
            power_off_us: 20 * SECOND,
            ..Case::default()
        });
        assert!(text.contains("WiFi: connected, address 192.168.1."), "{firmware}: {text}");
        assert!(text.contains("Clock: 2026-01-01 00:00:0"), "{firmware}: {text}");
    }
}

/// A button to ground: pressed, and released `hold` later.
fn press(gpio: u8, at: u64, hold: u64) -> [(u64, Stimulus); 2] {
    [
        (at * MS, Stimulus::Pin { gpio, level: Some(false) }),
        ((at + hold) * MS, Stimulus::Pin { gpio, level: None }),
    ]
}

fn presses() -> Vec<(u64, Stimulus)> {
    let mut all =
        [press(18, 300, 120), press(19, 1200, 100), press(19, 1450, 100), press(19, 2300, 1400)]
            .concat();
    all.sort_by_key(|s| s.0);
    all
}

#[test]
fn the_course_s_programs_run_on_the_firmware_they_were_written_for() {
    let cases: &[(&str, &str)] = &[
        ("1.11", "01_output.py"),
        ("1.11", "05_adc.py"),
        ("1.11", "08_memory.py"),
        ("1.11", "09_keys.py"),
        ("1.19.1", "01_output.py"),
        ("1.19.1", "05_adc.py"),
        ("1.19.1", "08_memory.py"),
        ("1.19.1", "09_keys.py"),
    ];
    for (firmware, program) in cases {
        let text = run(Case {
            firmware,
            program: Some(workshop_file(&format!("programs/{program}"))),
            power_off_us: 30 * SECOND,
            ..Case::default()
        });
        assert!(!text.contains("Traceback") && !text.is_empty(), "{firmware} {program}: {text}");
    }
    for (firmware, program) in [
        ("1.11", "04_uasyncio_2019.py"),
        ("1.19.1", "04_uasyncio_2019.py"),
        ("current", "04_asyncio.py"),
    ] {
        let text = run(Case {
            firmware,
            program: Some(workshop_file(&format!("programs/{program}"))),
            script: presses(),
            power_off_us: 4500 * MS,
            ..Case::default()
        });
        let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('t')).collect();
        assert_eq!(lines, ["1 pressed", "1 released", "2 double", "2 long"], "{firmware}");
    }
}

/// A program as courses of 2022 and 2023 wrote them: buttons on 12 and 14, a light on 27, a sensor on 26.
#[test]
fn a_program_for_uasyncio_3_runs_on_its_firmware_alone() {
    let program = b"
import uasyncio as asyncio
from aswitch import Pushbutton
from machine import ADC, Pin

led = Pin(27, Pin.OUT)
light = ADC(Pin(26))
light.atten(ADC.ATTN_11DB)

async def watch():
    while True:
        await asyncio.sleep_ms(1000)
        print('light', 0 <= light.read() < 4096)

async def main():
    one = Pushbutton(Pin(12, Pin.IN, Pin.PULL_UP))
    one.press_func(led.value, (1,))
    one.release_func(print, ('one',))
    two = Pushbutton(Pin(14, Pin.IN, Pin.PULL_UP))
    two.double_func(print, ('two twice',))
    asyncio.create_task(watch())
    await asyncio.sleep(3)
    print('led', led.value())

asyncio.run(main())
";
    let mut script = [press(12, 300, 120), press(14, 1200, 100), press(14, 1450, 100)].concat();
    script.sort_by_key(|s| s.0);
    let case = |firmware| {
        let (program, script) = (Some(program.to_vec()), script.clone());
        run(Case { firmware, program, script, power_off_us: 9 * SECOND, ..Case::default() })
    };
    for firmware in ["1.19.1", "current"] {
        let text = case(firmware);
        assert_eq!(text, "one\nlight True\ntwo twice\nlight True\nled 1\n", "{firmware}");
    }
    let text = case("1.11");
    assert!(text.contains("ValueError: invalid Pin for ADC"), "{text}");
}

#[test]
fn a_queue_of_the_default_length_is_too_short_for_many_tasks() {
    let program = b"
import uasyncio as asyncio
loop = asyncio.get_event_loop()
async def wait():
    await asyncio.sleep(5)
for i in range(8):
    loop.create_task(wait())
async def more():
    await asyncio.sleep_ms(10)
    for i in range(9):
        loop.create_task(wait())
loop.create_task(more())
loop.run_forever()
";
    let case = |firmware| {
        let program = Some(program.to_vec());
        run(Case { firmware, program, power_off_us: 9 * SECOND, ..Case::default() })
    };
    assert!(case("1.11").ends_with("IndexError: queue overflow\n"), "{}", case("1.11"));
    assert_eq!(case("1.19.1"), "");
}
