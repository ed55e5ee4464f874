//! Scenarios and unittest files as their users write them: what passes, what fails, and in which words.

use coil_test::{FileReport, Found, Options, Verdict, find, run};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
    folder
}

fn options() -> Options {
    let patience = Duration::from_secs(60);
    Options { jobs: 2, filter: Vec::new(), patience, coverage: false }
}

fn run_all(folder: &Path, options: &Options) -> Vec<FileReport> {
    let found = find(&[folder.to_owned()]).expect("tests");
    run(&found, options, |_| {}).0
}

/// Runs a scenario for a program; what was wrong with it.
fn scenario(program: &str, scenario: &str) -> String {
    let scenario = format!("program = 'p.py'\n{scenario}");
    let folder = folder(&[("p.py", program), ("a.test.toml", &scenario)]);
    let report = run_all(folder.path(), &options()).remove(0).tests.remove(0);
    match report.verdict {
        Verdict::Failed(why) | Verdict::Error(why) => why,
        _ => String::new(),
    }
}

const BLINK: &str = "
from machine import Pin
import time
led = Pin(27, Pin.OUT)
for i in range(6):
    led(i % 2 == 0)
    time.sleep_ms(500)
print('blinked', led())
";
const LED: &str = "[circuit.parts.led]\nkind = 'led'\npins = { anode = 'D6', cathode = 'GND' }\n";

#[test]
fn what_is_so_passes_and_what_is_not_is_told() {
    for (good, bad, words) in [
        ("output = 'blinked'", "output = 'blonk'", "seen: blinked 0"),
        ("output = { equals = 'blinked 0' }", "output = { equals = 'blinked' }", "seen: blinked 0"),
        (
            "output = { matches = '^blinked \\d$' }",
            "output = { matches = '^\\d$' }",
            "the output matches `^\\d$`",
        ),
        ("output = { lacks = 'x' }", "output = { lacks = 'link' }", "it came at 3 s"),
        (
            "output = { lines = ['blinked 0'] }",
            "output = { lines = ['blinked 0', 'end'] }",
            "nothing like it after \"blinked 0\" at 3 s",
        ),
        ("output = 'blink'\nby = '3s'", "output = 'blink'\nby = '2s'", "no output"),
        ("pin = 'D6'\nis = 1\nat = '1200ms'", "pin = 27\nis = 0\nat = '1200ms'", "1, since 1 s"),
        ("pin = 'D6'\nis = 0", "pin = 'D6'\nis = 1", "D6 (GPIO27) is 1 at the end"),
        ("pin = 'D6'\nrising = 3", "pin = 'D6'\nrising = '4..'", "seen: 3 times"),
        (
            "pin = 'D6'\nedges = 2\nafter = '800ms'\nby = '1700ms'",
            "pin = 'D6'\nfalling = 2\nafter = '800ms'\nby = '1700ms'",
            "from 800 ms to 1.7 s",
        ),
        ("pin = 'D6'\nperiod = '1s'", "pin = 'D6'\nperiod = '1050ms'", "seen: 1 s"),
        ("pin = 'D6'\nfreq = 1.03\nwithin = '5%'", "pin = 'D5'\nfreq = 1", "it does not pulse"),
        ("pin = 'D6'\nduty = 0.5", "pin = 'D6'\nduty = 0.6", "seen: 0.5"),
        (
            "shows = 'led.lit'\nis = true\nat = '100ms'",
            "shows = 'led.lit'\nis = true\nat = '600ms'",
            "false, since 500 ms",
        ),
        (
            "shows = 'led.brightness'\nabove = 0.1\nby = '1s'",
            "shows = 'led.colour'\nis = 'red'",
            "there are: led.brightness, led.lit",
        ),
        ("ends = true\nby = '4s'", "ends = false", "it ended at 3 s"),
        ("exit = 0", "exit = 1", "exit code 0 at 3 s"),
        ("reset = 'power_on'\ntimes = 1", "reset = 'watchdog'", "power_on at 0 us"),
        ("request = 'GET /'\ntimes = 0", "request = 'GET /'", "the board asked for nothing"),
        ("output = 'b'", "exception = 'ValueError'", "nothing of it happened"),
        ("output = 'b'", "fault = 'fight'", "nothing of it happened"),
    ] {
        assert_eq!(scenario(BLINK, &format!("{LED}[[expect]]\n{good}\n")), "", "{good}");
        let why = scenario(BLINK, &format!("{LED}[[expect]]\n{bad}\n"));
        assert!(why.contains(words) && why.contains("(expect 1)"), "{bad}: {why}");
    }
}

#[test]
fn what_goes_wrong_fails_a_test_unless_it_is_expected() {
    let raises = "print('on')\nraise ValueError('no')";
    let why = scenario(raises, "");
    assert!(why.contains("ValueError in p.py") && why.contains("line 2"), "{why}");
    assert_eq!(scenario(raises, "[[expect]]\nexception = 'ValueError'\ncontains = 'no'"), "");
    let fights =
        "from machine import Pin\na = Pin(27, Pin.OUT, value=1)\nb = Pin(14, Pin.OUT, value=0)";
    let wires = "circuit = { wires = [['D6', 'D7']] }\n";
    let why = scenario(fights, wires);
    assert!(why.contains("drives against"), "{why}");
    let expected = "[[expect]]\nfault = 'drives against'";
    assert_eq!(scenario(fights, &format!("{wires}{expected}")), "");
    let exits = "import sys\nsys.exit(3)";
    assert!(scenario(exits, "").contains("exit code 3"));
    assert_eq!(scenario(exits, "[[expect]]\nexit = 3"), "");
}

#[test]
fn an_hour_of_sleep_is_tested_in_well_under_a_second() {
    let program = "import time\ntime.sleep(3600)\nprint('an hour later')";
    let says = "for = '2h'\n[[expect]]\noutput = 'an hour later'\nafter = '3600s'\n[[expect]]\nends = true\nby = '3601s'";
    // Once to have everything at hand.
    assert_eq!(scenario("", ""), "");
    let start = Instant::now();
    assert_eq!(scenario(program, says), "");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[test]
fn a_program_without_an_end_is_stopped() {
    for program in
        ["while True:\n    pass", "import time\nwhile True:\n    time.sleep(1)", "input()"]
    {
        assert_eq!(scenario(program, "for = '3s'\n[[expect]]\nends = false"), "", "{program}");
        let why = scenario(program, "for = '3s'\n[[expect]]\nends = true");
        assert!(why.contains("still running at 3 s"), "{why}");
    }
}

#[test]
fn a_board_that_is_busy_for_too_long_is_left() {
    let folder = folder(&[
        ("p.py", "while True:\n    pass"),
        ("a.test.toml", "program = 'p.py'\nfor = '100000s'"),
    ]);
    let options = Options { patience: Duration::from_millis(300), ..options() };
    let report = run_all(folder.path(), &options).remove(0).tests.remove(0);
    let Verdict::Failed(why) = report.verdict else { panic!("{report:?}") };
    assert!(why.contains("the host's patience"), "{why}");
}

const UNIT: &str = r#"
import unittest, machine
class Case(unittest.TestCase):
    log = []
    @classmethod
    def setUpClass(cls):
        cls.log.append("class")
    def setUp(self):
        self.log.append("up")
        self.addCleanup(self.log.append, "clean")
    def tearDown(self):
        self.log.append("down")
    def test_1(self):
        self.assertEqual(self.log, ["class", "up"])
    def test_2_raises(self):
        self.assertEqual(self.log[2:], ["down", "clean", "up"])
        with self.assertRaises(ValueError) as c:
            int("x")
        self.assertIn("invalid", str(c.exception))
        with self.assertRaisesRegex(ZeroDivisionError, "div.*"):
            1 / 0
        self.assertRaises(KeyError, {}.pop, 1)
    def test_3_fails(self):
        print("seen")
        self.assertEqual(1, 2, "not so")
    @unittest.skip("later")
    def test_4_skip(self):
        pass
    @unittest.expectedFailure
    def test_5_xfail(self):
        self.fail()
    @unittest.expectedFailure
    def test_6_xpass(self):
        pass
    def test_7_sub(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
    def test_8_error(self):
        {}["x"]
    async def test_9_async(self):
        import asyncio
        await asyncio.sleep(2)
@unittest.skipIf(True, "no such part")
class Other(unittest.TestCase):
    def test_x(self):
        pass
def test_function():
    assert 1 == 1
def test_reset():
    machine.reset()
"#;

#[test]
fn each_test_of_a_file_is_reported_by_itself() {
    let folder = folder(&[("test_all.py", UNIT)]);
    let tests = run_all(folder.path(), &options()).remove(0).tests;
    let told: Vec<_> = tests
        .iter()
        .map(|t| match &t.verdict {
            Verdict::Passed => format!("{} passed", t.name),
            Verdict::Skipped(why) => format!("{} skipped {why}", t.name),
            Verdict::ExpectedFailure(_) => format!("{} xfail", t.name),
            Verdict::Failed(why) => {
                format!("{} failed {}", t.name, why.trim().lines().last().expect("a line"))
            }
            Verdict::Error(why) => {
                format!("{} error {}", t.name, why.trim().lines().last().expect("a line"))
            }
        })
        .map(|t| t.trim().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "Case::test_1 passed",
            "Case::test_2_raises passed",
            "Case::test_3_fails failed AssertionError: 1 != 2 : not so",
            "Case::test_4_skip skipped later",
            "Case::test_5_xfail xfail",
            "Case::test_6_xpass failed this test was expected to fail",
            "Case::test_7_sub failed AssertionError: 1 == 1",
            "Case::test_8_error error KeyError: x",
            "Case::test_9_async passed",
            "Other::test_x skipped no such part",
            "test_function passed",
            &told[11],
        ]
    );
    assert!(told[11].starts_with("test_reset error the board was reset"), "{}", told[11]);
    assert_eq!(tests[2].output, "seen\n");
    assert_eq!(tests[8].board_ns / 1_000_000_000, 2);
}

#[test]
fn test_files_that_break_or_hang_say_so() {
    for (source, words) in [
        ("import nothing", "no module named 'nothing'"),
        ("def test_x(\n", "SyntaxError"),
        ("# for: 3s\ndef test_x():\n    while True:\n        pass", "longer than 3 s"),
    ] {
        let folder = folder(&[("test_x.py", source)]);
        let test = run_all(folder.path(), &options()).remove(0).tests.remove(0);
        let Verdict::Error(why) = test.verdict else { panic!("{test:?}") };
        assert!(why.contains(words), "{why}");
    }
    let folder = folder(&[("test_x.py", "# for: long\n")]);
    assert!(run_all(folder.path(), &options()).remove(0).is_broken);
}

#[test]
fn tests_run_on_older_firmwares() {
    for firmware in ["1.11", "1.19.1"] {
        let source = format!(
            "# firmware: {firmware}\nimport sys\nimport unittest\nclass T(unittest.TestCase):\n    \
             def test_v(self):\n        self.assertEqual(sys.implementation[1][:2], (1, int('{firmware}'.split('.')[1])))\n"
        );
        let folder = folder(&[("test_v.py", &source)]);
        let tests = run_all(folder.path(), &options()).remove(0).tests;
        assert_eq!(tests.len(), 1);
        assert_eq!(tests[0].verdict, Verdict::Passed, "{firmware}");
    }
}

#[test]
fn executed_lines_are_counted_over_all_boards() {
    let program =
        "import helper\nif helper.twice(2) == 4:\n    print('good')\nelse:\n    print('bad')\n";
    let helper = "def twice(x):\n    return x * 2\n\ndef thrice(x):\n    y = x * 3\n    return y\n";
    let test = "import helper\ndef test_thrice():\n    assert helper.thrice(1) == 3\n";
    let folder = folder(&[
        ("p.py", program),
        ("lib/helper.py", helper),
        ("a.test.toml", "program = 'p.py'\nfiles = { '/lib/helper.py' = 'lib/helper.py' }"),
        ("u/test_helper.py", &format!("# files: ../lib\n{test}")),
    ]);
    let coverage = |paths: &[PathBuf]| {
        let found = find(paths).expect("tests");
        let options = Options { coverage: true, ..options() };
        let (reports, coverage) = run(&found, &options, |_| {});
        assert!(reports.iter().all(|r| r.tests.iter().all(|t| t.verdict.is_good())), "{reports:?}");
        let missing = |name: &str| {
            let file = coverage.files.iter().find(|f| f.0.ends_with(name));
            file.map(|f| f.1.missing()).expect("it was there")
        };
        (missing("p.py"), missing("helper.py"), coverage.lcov())
    };
    let (program, helper, lcov) = coverage(&[folder.path().join("a.test.toml")]);
    assert_eq!((program.as_str(), helper.as_str()), ("5", "5-6"));
    assert!(lcov.contains("DA:5,0\n") && lcov.contains("LF:4\nLH:3\nend_of_record"), "{lcov}");
    assert_eq!(coverage(&[folder.path().to_owned()]).1, "");
}

#[test]
fn names_choose_tests() {
    let folder =
        folder(&[("test_all.py", UNIT), ("p.py", ""), ("a.test.toml", "program = 'p.py'")]);
    let options = Options { filter: vec!["test_2".into(), "a.test".into()], ..options() };
    let reports = run_all(folder.path(), &options);
    let names: Vec<_> = reports.iter().flat_map(|r| &r.tests).map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["a", "Case::test_2_raises"]);
    let found = Found::Unit(folder.path().join("test_all.py"));
    let listed = coil_test::list(&found, &options).expect("it can be listed");
    assert_eq!(listed.len(), 1);
    assert!(listed[0].ends_with("test_all.py::Case::test_2_raises"), "{listed:?}");
}

#[test]
fn the_workshop_s_programs_pass_their_tests() {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the project's root");
    let reports = run_all(&root.join("workshop/tests"), &options());
    let tests: Vec<_> = reports.iter().flat_map(|r| &r.tests).collect();
    assert_eq!(tests.len(), 6);
    for test in tests {
        assert_eq!(test.verdict, Verdict::Passed, "{}", test.name);
    }
}

/// Joins the network and asks a service for something, and says how that went.
const ONLINE: &str = "
import network, requests, time
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
start = time.ticks_ms()
while not w.isconnected() and time.ticks_diff(time.ticks_ms(), start) < 12_000:
    time.sleep_ms(50)
print('connected', w.isconnected(), w.status())
def get(url):
    try:
        r = requests.get(url, timeout=10)
        print(r.status_code, r.text)
        r.close()
    except Exception as e:
        print(type(e).__name__, e)
if w.isconnected():
    get('http://api-m2x.att.com/v2/status')
";
const SERVED: &str = "[network]\n[[serve]]\nrequest = 'GET /v2/status'\nhost = 'api-m2x.att.com'\njson = { status = 'OK' }\n";

#[test]
fn what_goes_wrong_on_purpose_is_what_a_program_meets() {
    for (faults, lines) in [
        ("", "'connected True 1010', '200 {\"status\":\"OK\"}'"),
        ("'access-point=gone'", "'connected False 201'"),
        ("'signal=-95'", "'connected False 201'"),
        ("'signal=-60'", "'connected True 1010', '200 {\"status\":\"OK\"}'"),
        ("'password=other'", "'connected False 202'"),
        ("'dhcp=silent'", "'connected False 1001'"),
        ("'dns=dead'", "'connected True 1010', 'OSError -202'"),
        ("'services=dead'", "'connected True 1010', 'OSError [Errno 104] ECONNRESET'"),
        (
            "'services=503'",
            "'connected True 1010', '503 {\"message\":\"The service fails on purpose.\"}'",
        ),
        ("'latency=300ms'", "'connected True 1010', '200 {\"status\":\"OK\"}'"),
        ("'bandwidth=16k', 'loss=3%'", "'connected True 1010', '200 {\"status\":\"OK\"}'"),
        ("'portal=on'", "'connected True 1010', '200 <!doctype html>"),
    ] {
        let expected = match lines.split_once("'200 <") {
            Some((head, _)) => format!(
                "[[expect]]\noutput = {{ lines = [{}] }}\n[[expect]]\noutput = 'Accept the terms of this network'\n",
                head.trim_end_matches(", ")
            ),
            None => format!("[[expect]]\noutput = {{ lines = [{lines}] }}\n"),
        };
        let text =
            format!("for = '60s'\n{SERVED}[[fault]]\nat = '0'\nset = [{faults}]\n{expected}");
        assert_eq!(scenario(ONLINE, &text), "", "{faults}");
    }
}

#[test]
fn a_dead_time_server_is_met_by_who_asks_for_the_time() {
    let program = format!(
        "{ONLINE}
import ntptime
try:
    ntptime.settime()
    print('set to', time.gmtime()[0])
except OSError as e:
    print(e)
"
    );
    for (fault, line) in [("ok", "set to 2026"), ("dead", "[Errno 116] ETIMEDOUT")] {
        let fault = format!("[[fault]]\nat = '0'\nset = ['ntp={fault}']\n");
        let text = format!("{SERVED}{fault}[[expect]]\noutput = {{ lines = ['{line}'] }}\n");
        assert_eq!(scenario(&program, &text), "", "{fault}");
    }
}

#[test]
fn a_fault_that_is_none_is_said_to_be_none() {
    for (fault, words) in [
        ("at = '1s'\nset = ['x=1']", "fault: there is no fault `x`; there are: loss"),
        ("at = 'soon'\nset = []", "fault: `soon` is no moment"),
        ("at = '1s'\nset = ['dns=slow']", "`dns` cannot be `slow`: it is ok or dead"),
    ] {
        let why = scenario("print(1)", &format!("[[fault]]\n{fault}\n"));
        assert!(why.contains(words), "{why}");
    }
}

/// Sees which networks there are, joins one, and says when it has it and when not.
const ROAMING: &str = "
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
for ssid, _, channel, rssi, security, _ in w.scan():
    print(ssid, channel, rssi, security)
w.connect('attic', 'through the roof')
had = None
while time.ticks_ms() < 60_000:
    if w.isconnected() != had:
        had = w.isconnected()
        print(had, w.config('channel') if had else '-', time.ticks_ms() // 10_000)
    time.sleep_ms(100)
";

/// Two of one name, one that hides and one that is weak.
const AIR: &str = "
[[access_point]]
ssid = 'workshop'
password = 'micropython'
[[access_point]]
ssid = 'attic'
password = 'through the roof'
channel = 11
rssi = -60
[[access_point]]
ssid = 'attic'
password = 'through the roof'
channel = 3
rssi = -85
[[access_point]]
ssid = 'cellar'
channel = 1
rssi = -90
hidden = true
";

#[test]
fn a_board_is_among_the_access_points_that_a_scenario_says() {
    // The lowest channel is taken, not the strongest; both go when the signal does.
    let expected = "
[[fault]]
at = '25s'
set = ['access-point=gone']
[[fault]]
at = '45s'
set = ['access-point=ok']
[[expect]]
output = { equals = '''
b'workshop' 6 -47 3
b'attic' 11 -60 3
b'attic' 3 -85 3
b'' 1 -90 0
False - 0
True 3 0
False - 3
True 3 4''' }
";
    assert_eq!(scenario(ROAMING, &format!("for = '70s'\n{AIR}{expected}")), "");
    // The same from a file beside it, and for a test file as well.
    let text = format!("program = 'p.py'\nfor = '70s'\nair = 'air.toml'\n{expected}");
    let test = "# air: air.toml
import network
def test_four():
    w = network.WLAN()
    w.active(True)
    assert len(w.scan()) == 4
";
    let folder = folder(&[
        ("p.py", ROAMING),
        ("air.toml", AIR),
        ("a.test.toml", &text),
        ("test_scan.py", test),
    ]);
    let reports = run_all(folder.path(), &options());
    let tests: Vec<_> = reports.iter().flat_map(|r| &r.tests).collect();
    assert_eq!(tests.len(), 2);
    for test in tests {
        assert_eq!(test.verdict, Verdict::Passed, "{}", test.name);
    }
}

#[test]
fn what_cannot_be_on_the_air_is_told() {
    for (air, words) in [
        ("[network]\n[[access_point]]\nssid = 'x'", "by `network`, by `air` or by `access_point`"),
        ("[[access_point]]\nssid = ''", "access point"),
        ("[[access_point]]\nssid = 'x'\nchannel = 14", "14"),
        ("air = 'none.toml'", "none.toml"),
        ("authority = '/'", "`authority` says where"),
    ] {
        let why = scenario(ROAMING, air);
        assert!(why.contains(words), "{air}: {why}");
    }
}

/// Asks a service over HTTPS, and verifies what it shows, before and after something goes wrong.
const VERIFYING: &str = "
import network, ntptime, socket, ssl, time
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(50)
ntptime.settime()
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
c.verify_mode = ssl.CERT_REQUIRED
with open('ca.der', 'rb') as f:
    c.load_verify_locations(f.read())
def ask(name):
    s = socket.socket()
    s.connect(socket.getaddrinfo('api-m2x.att.com', 443)[0][-1])
    try:
        t = c.wrap_socket(s, server_hostname=name)
        t.write(b'GET /v2/status HTTP/1.0\\r\\nHost: api-m2x.att.com\\r\\n\\r\\n')
        print(t.readline())
    except Exception as e:
        print(type(e).__name__, e)
    s.close()
ask('api-m2x.att.com')
ask('example.com')
time.sleep_ms(20_000 - time.ticks_ms())
ask('api-m2x.att.com')
c.verify_mode = ssl.CERT_NONE
ask('api-m2x.att.com')
";

#[test]
fn who_verifies_is_told_of_a_certificate_that_has_expired() {
    let served = SERVED.trim_start_matches("[network]\n");
    let text = format!(
        "authority = 'ca.der'
for = '60s'
{served}
[[fault]]
at = '10s'
set = ['certificates=expired']
[[expect]]
output = {{ lines = [
    \"b'HTTP/1.1 200 OK\\\\r\\\\n'\",
    'ValueError The certificate Common Name (CN) does not match with the expected CN',
    'ValueError The certificate validity has expired',
    \"b'HTTP/1.1 200 OK\\\\r\\\\n'\",
] }}
"
    );
    assert_eq!(scenario(VERIFYING, &text), "");
}
