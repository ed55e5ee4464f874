//! Boards whose chip sleeps, wakes, is bitten by its watchdog, and has things around it. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::{Event, Sensor, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner};
use coil_vm::rom::Rom;

const MS: u64 = 1000;
const SECOND: u64 = 1000 * MS;
const HOUR: u64 = 3600 * SECOND;

/// What a board shows and does until it loses its power.
struct Seen {
    text: String,
    events: Vec<(u64, Event)>,
}

/// A board with a program, and what happens to it.
struct Bench {
    main: String,
    script: Vec<(u64, Stimulus)>,
    keys: Vec<(u64, Vec<u8>)>,
    boot_text: bool,
}

fn bench(main: &str) -> Bench {
    Bench { main: main.into(), script: Vec::new(), keys: Vec::new(), boot_text: false }
}

impl Bench {
    fn at(mut self, us: u64, what: Stimulus) -> Self {
        self.script.push((us, what));
        self
    }

    fn type_at(mut self, us: u64, keys: &[u8]) -> Self {
        self.keys.push((us, keys.to_vec()));
        self
    }

    fn with_boot_text(mut self) -> Self {
        self.boot_text = true;
        self
    }

    fn run(mut self, power_off_us: u64) -> Seen {
        self.script.push((power_off_us, Stimulus::PowerOff));
        let (spec, seen) = support::bare("esp32-devkitc");
        let spec = BoardSpec {
            boot_text: self.boot_text,
            files: vec![("main.py".into(), self.main.into_bytes())],
            script: self.script,
            keys: self.keys,
            ..spec
        };
        let mut runner =
            Runner::start(Rom::new(&coil_board::modules::all()), Pace::Virtual).unwrap();
        runner.add(spec);
        let ended = seen.end();
        runner.stop();
        let text = seen.text();
        assert_eq!(ended, Some(Outcome::Done), "{text}");
        Seen { text: text.replace("\r\n", "\n"), events: seen.events() }
    }
}

impl Seen {
    /// When something happened, in milliseconds.
    fn when(&self, what: impl Fn(&Event) -> bool) -> Vec<u64> {
        self.events.iter().filter(|e| what(&e.1)).map(|e| e.0 / 1_000_000).collect()
    }

    /// What the board printed by itself, without prompts and banners.
    fn lines(&self) -> Vec<&str> {
        let noise = ["MicroPython v", "Type \"help()\"", ">>>", "Performing initial setup"];
        self.text.lines().filter(|l| !noise.iter().any(|n| l.starts_with(n))).collect()
    }
}

const SLEEPER: &str = "
import machine, esp32
from machine import Pin
rtc = machine.RTC()
n = int(rtc.memory() or b'0')
print(n, machine.reset_cause(), machine.wake_reason(), machine.wake_pins())
rtc.memory(str(n + 1))
";

#[test]
fn a_deep_sleep_of_an_hour_takes_no_time_and_ends_in_a_boot_that_remembers() {
    let program = format!("{SLEEPER}if n < 3: machine.deepsleep(3600_000)\n");
    let seen = bench(&program).with_boot_text().run(4 * HOUR);
    let marks: Vec<_> = seen.text.lines().filter(|l| l.ends_with("()")).collect();
    assert_eq!(marks, ["0 1 0 ()", "1 4 4 ()", "2 4 4 ()", "3 4 4 ()"]);
    assert_eq!(seen.text.matches("rst:0x5 (DEEPSLEEP_RESET)").count(), 3, "{}", seen.text);
    let resets = seen.when(|e| matches!(e, Event::Reset(_)));
    assert_eq!(resets.iter().map(|ms| ms / 3_600_000).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn the_clock_runs_on_in_deep_sleep_and_the_ticks_start_anew() {
    let program = "
import machine, time
if machine.reset_cause() == 1:
    machine.RTC().datetime((2026, 8, 29, 0, 10, 0, 0, 0))
    time.sleep(60)
    machine.deepsleep(3600_000)
print(machine.RTC().datetime()[4:6], time.ticks_ms() // 1000)
";
    let seen = bench(program).run(2 * HOUR);
    assert_eq!(seen.lines(), ["(11, 1) 0"]);
    let anew = "
import machine, time
print(time.time() // 3600, time.ticks_ms() // 1000)
";
    let seen = bench(anew).at(3 * HOUR, Stimulus::Reset).run(4 * HOUR);
    assert_eq!(seen.text.matches("0 0\n").count(), 2, "{}", seen.text);
}

#[test]
fn a_sleeping_board_is_deaf_and_its_prompt_is_lost_until_it_wakes() {
    let seen = bench(&format!("{SLEEPER}if n == 0: machine.deepsleep(60_000)\n"))
        .type_at(10 * SECOND, b"print('asleep')\r\x03\x04")
        .type_at(70 * SECOND, b"print('aw' + 'ake')\r")
        .run(80 * SECOND);
    assert!(seen.text.contains("\nawake\n") && !seen.text.contains("asleep"), "{}", seen.text);
    assert!(!seen.text.contains("soft reboot"), "{}", seen.text);
}

#[test]
fn a_deep_sleep_without_an_end_lasts_until_the_reset_button() {
    let seen = bench(&format!("{SLEEPER}if n == 0: machine.deepsleep()\n"))
        .at(10 * HOUR, Stimulus::Reset)
        .run(11 * HOUR);
    // The button takes the power from the memory as well, and so the board sleeps again.
    assert_eq!(seen.lines(), ["0 1 0 ()", "0 1 0 ()"]);
    assert_eq!(seen.when(|e| matches!(e, Event::Sleep { deep: true })).len(), 2);
    assert!(seen.when(|e| matches!(e, Event::Wake(_))).is_empty());
}

#[test]
fn pins_wake_from_deep_sleep() {
    let program = format!(
        "{SLEEPER}
button, many = Pin(14, Pin.IN, Pin.PULL_UP), (Pin(32, Pin.IN, Pin.PULL_DOWN), Pin(33, Pin.IN, Pin.PULL_DOWN))
if n == 0:
    esp32.wake_on_ext0(button, esp32.WAKEUP_ALL_LOW)
elif n == 1:
    esp32.wake_on_ext1(many, esp32.WAKEUP_ANY_HIGH)
elif n == 2:
    button.irq(trigger=Pin.WAKE_LOW, wake=machine.DEEPSLEEP)
if n < 3: machine.deepsleep()
"
    );
    let pin = |gpio, level| Stimulus::Pin { gpio, level: Some(level) };
    let seen = bench(&program)
        .at(HOUR, pin(14, false))
        .at(HOUR + SECOND, pin(14, true))
        .at(2 * HOUR, pin(33, true))
        .at(2 * HOUR + SECOND, pin(33, false))
        .at(3 * HOUR, pin(14, false))
        .run(4 * HOUR);
    assert_eq!(seen.lines(), ["0 1 0 ()", "1 4 2 ()", "2 4 3 (33,)", "3 4 2 ()"]);
}

#[test]
fn a_touch_wakes_from_deep_sleep() {
    let program = format!(
        "{SLEEPER}
machine.TouchPad(Pin(4)).config(500)
esp32.wake_on_touch(True)
if n == 0: machine.deepsleep()
"
    );
    let seen = bench(&program)
        .at(HOUR, Stimulus::Touch { gpio: 4, value: 700 })
        .at(2 * HOUR, Stimulus::Touch { gpio: 4, value: 80 })
        .run(3 * HOUR);
    assert_eq!(seen.lines(), ["0 1 0 ()", "1 4 5 ()"]);
    assert_eq!(seen.when(|e| matches!(e, Event::Wake(_))), [7_200_000]);
}

#[test]
fn light_sleep_goes_on_where_it_was() {
    let program = "
import machine, esp32, time
from machine import Pin
def nap(ms=None):
    t = time.ticks_ms()
    machine.lightsleep(ms) if ms is not None else machine.sleep()
    print(machine.wake_reason(), time.ticks_diff(time.ticks_ms(), t) // 1000)
log = []
b = Pin(27, Pin.IN, Pin.PULL_UP)
b.irq(lambda p: log.append(p()), Pin.IRQ_FALLING)
nap(1800_000)
esp32.wake_on_gpio((b,), esp32.WAKEUP_ALL_LOW)
nap()
try:
    machine.deepsleep(5)
except ValueError as e:
    print(e)
esp32.wake_on_gpio((), True)
esp32.wake_on_ext1((Pin(26, Pin.IN, Pin.PULL_UP), Pin(25, Pin.IN, Pin.PULL_UP)), False)
nap(500_000)
nap(7_200_000)
print(machine.wake_pins(), log, machine.reset_cause())
";
    let pin = |gpio, level| Stimulus::Pin { gpio, level: Some(level) };
    let seen = bench(program)
        .type_at(10 * SECOND, b"\x03\x03")
        .at(HOUR, pin(27, false))
        .at(HOUR + 600 * SECOND, pin(26, false))
        .at(HOUR + 700 * SECOND, pin(25, false))
        .run(2 * HOUR);
    let wanted = [
        "4 1800",
        "7 1800",
        "DEEPSLEEP with gpio pins not supported on this chip",
        "4 500",
        "3 200",
        "(25, 26) [] 1",
    ];
    assert_eq!(seen.lines(), wanted);
}

#[test]
fn the_watchdog_bites_whoever_does_not_feed_it() {
    let program = "
import machine, time
print('cause', machine.reset_cause(), machine.RTC().memory())
if machine.reset_cause() == 1:
    machine.RTC().memory(b'kept')
    w = machine.WDT(timeout=2000)
    for i in range(3):
        time.sleep(1.5)
        w.feed()
    print('fed')
    while BUSY: pass
    time.sleep(10)
    print('never')
";
    for (busy, task) in [("True", "mp_task"), ("False", "IDLE1")] {
        let seen = bench(&program.replace("BUSY", busy)).with_boot_text().run(20 * SECOND);
        let text = &seen.text;
        assert!(text.contains("cause 1 b''\nfed\nE (65"), "{text}");
        let bite = format!("task_wdt: CPU 1: {task}\n");
        for part in [
            "tasks/users did not reset the watchdog in time:\n",
            " task_wdt:  - mpy_machine_wdt (CPU 0/1)\n",
            &bite,
            "MPY version : v1.29.0 on 2026-08-29\n",
            "Machine     : Generic ESP32 module with ESP32\n",
            "\nRebooting...\n",
            "rst:0xc (SW_CPU_RESET)",
            "cause 3 b'kept'\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert!(!text.contains("never"), "{text}");
        assert_eq!(seen.when(|e| matches!(e, Event::Reset(_))).last().map(|ms| ms / 100), Some(65));
    }
}

#[test]
fn the_watchdog_watches_the_prompt_too_and_a_soft_reset_does_not_stop_it() {
    let seen = bench("import machine\nif machine.reset_cause() == 1: machine.WDT(timeout=5000)\n")
        .type_at(SECOND, b"\x04")
        .run(20 * SECOND);
    assert!(
        seen.text.contains("soft reboot") && seen.text.contains("Rebooting..."),
        "{}",
        seen.text
    );
    // A soft reset is not the first start: nobody starts it again.
    assert_eq!(seen.when(|e| matches!(e, Event::Reset(_))).len(), 2);
}

#[test]
fn a_brown_out_restarts_the_board() {
    let seen = bench("import machine\nprint('cause', machine.reset_cause())\n")
        .with_boot_text()
        .at(SECOND, Stimulus::BrownOut)
        .run(2 * SECOND);
    let (before, after) = seen.text.split_once("\nBrownout detector was triggered\n\n").unwrap();
    assert!(before.contains("cause 1\n") && after.contains("cause 1\n"), "{}", seen.text);
    assert!(after.contains("rst:0xc (SW_CPU_RESET)"), "{}", seen.text);
}

#[test]
fn held_pins_stay_as_they_were() {
    let program = "
import machine, esp32
from machine import Pin
if machine.reset_cause() == 1:
    for gpio in (4, 5, 18):
        Pin(gpio, Pin.OUT, value=1, hold=gpio != 18)
    p = Pin(4)
    p(0)
    print(p())
    machine.deepsleep(1000)
print(Pin(4)(), Pin(5)(), Pin(18)())
Pin(4, Pin.OUT, value=0)
print(Pin(4)())
Pin(4).init(hold=False)
print(Pin(4)())
";
    let level = |seen: &Seen, gpio: u8| -> Vec<bool> {
        let of = |e: &Event| match e {
            Event::Pin { gpio: g, level } if *g == gpio => Some(*level),
            _ => None,
        };
        seen.events.iter().filter_map(|e| of(&e.1)).collect()
    };
    let seen = bench(program).run(3 * SECOND);
    // Only pins of the part that stays on are held through deep sleep ...
    assert_eq!(seen.lines(), ["1", "1 0 0", "1", "0"]);
    assert_eq!(
        [4, 5, 18].map(|g| level(&seen, g)),
        [vec![true, false], vec![true, false], vec![true, false]]
    );
    // ... unless all are.
    let held =
        program.replace("    p = Pin(4)", "    esp32.gpio_deep_sleep_hold(True)\n    p = Pin(4)");
    let seen = bench(&held).run(3 * SECOND);
    assert_eq!(seen.lines(), ["1", "1 1 0", "1", "0"]);
    assert_eq!(level(&seen, 5), [true]);
}

#[test]
fn levels_interrupt_as_long_as_they_last() {
    let program = "
from machine import Pin
import time
n = 0
def low(p):
    global n
    n += 1
    if n == 5: p.irq(None)
p = Pin(4, Pin.IN, Pin.PULL_UP)
i = p.irq(low, Pin.WAKE_LOW)
print(i.trigger())
time.sleep(1)
print(n)
time.sleep(1)
print(n, i.trigger())
";
    let seen =
        bench(program).at(1500 * MS, Stimulus::Pin { gpio: 4, level: Some(false) }).run(3 * SECOND);
    assert_eq!(seen.lines(), ["4", "0", "5 0"]);
}

#[test]
fn sensors_are_read_from_pins() {
    let program = "
from machine import Pin, TouchPad
import dht, onewire, ds18x20, time, esp32
time.sleep(1)
for kind in (dht.DHT11, dht.DHT22):
    d = kind(Pin(13))
    d.measure()
    print(d.temperature(), d.humidity())
    time.sleep(2)
ds = ds18x20.DS18X20(onewire.OneWire(Pin(12)))
roms = ds.scan()
print(sorted(bytes(r[1:7]) for r in roms))
print(sorted(ds.read_temp(r) for r in roms))
ds.convert_temp()
time.sleep_ms(750)
print(sorted(ds.read_temp(r) for r in roms))
ds.write_scratch(roms[0], b'\\x00\\x00\\x1f')
ds.convert_temp()
time.sleep_ms(750)
print(ds.read_scratch(roms[0])[4], sorted(ds.read_temp(r) for r in roms))
print(TouchPad(Pin(33)).read(), esp32.raw_temperature())
";
    let sensor = |gpio, sensor| Stimulus::Sensor { gpio, sensor };
    let thermometer = |serial, sixteenths| sensor(12, Sensor::Ds18b20 { serial, sixteenths });
    let seen = bench(program)
        .at(0, sensor(13, Sensor::Dht11 { celsius: 21, humidity: 40 }))
        .at(2 * SECOND, sensor(13, Sensor::Dht22 { decicelsius: -65, decihumidity: 515 }))
        .at(2 * SECOND, thermometer(0x0102_0304_0506, 0x191))
        .at(2 * SECOND, thermometer(0x0102_0304_0507, -0xa1))
        .at(2 * SECOND, thermometer(0x0902_0304_0506, 8))
        .at(2 * SECOND, Stimulus::Touch { gpio: 33, value: 12 })
        .at(2 * SECOND, Stimulus::Temperature { fahrenheit: 99 })
        .run(30 * SECOND);
    let wanted = [
        "21 40",
        "-6.5 51.5",
        "[b'\\x06\\x05\\x04\\x03\\x02\\x01', b'\\x06\\x05\\x04\\x03\\x02\\t', b'\\x07\\x05\\x04\\x03\\x02\\x01']",
        "[85.0, 85.0, 85.0]",
        "[-10.0625, 0.5, 25.0625]",
    ];
    assert_eq!(seen.lines()[..5], wanted);
    assert!(seen.lines()[5].starts_with("31 ["), "{}", seen.text);
    assert_eq!(seen.lines()[6], "12 99");
}

#[test]
fn pulses_from_outside_are_counted() {
    let program = "
from machine import Pin, Counter, Encoder
from esp32 import PCNT
import time
c = Counter(0, Pin(4))
e = Encoder(1, Pin(18), Pin(19), phases=4)
told = []
p = PCNT(2, pin=Pin(4), falling=PCNT.DECREMENT, min=-1000, threshold0=-500)
p.irq(lambda p: told.append(p.irq().flags()), PCNT.IRQ_MIN | PCNT.IRQ_THRESHOLD0)
p.start()
time.sleep(2)
print(c.value(), c.value(7), c.value(), e.value(), p.value())
print(len(told), set(told))
";
    let pin = |gpio, level| Stimulus::Pin { gpio, level: Some(level) };
    let mut board = bench(program).at(SECOND, Stimulus::Pulses { gpio: 4, count: 100_250 });
    // Six states one way, and one back.
    for (n, (a, b)) in
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0), (1, 0), (1, 1), (1, 0)].into_iter().enumerate()
    {
        let at = SECOND + n as u64 * MS;
        board = board.at(at, pin(18, a != 0)).at(at, pin(19, b != 0));
    }
    let seen = board.run(3 * SECOND);
    let lines = seen.lines();
    assert_eq!(lines[0], "100250 100250 7 5 -250");
    assert!(lines[1].starts_with("8 {"), "the queue of calls has eight places: {}", lines[1]);
}

#[test]
fn what_lights_and_remotes_are_sent_is_seen() {
    let program = "
from machine import Pin, DAC
from neopixel import NeoPixel
import esp32, time
n = NeoPixel(Pin(5), 2)
n[0] = (255, 0, 1)
n.write()
r = esp32.RMT(0, pin=Pin(18), resolution_hz=1_000_000)
t = time.ticks_ms()
r.write_pulses((9000, 4500, 560))
print(r.active(), r.wait_done())
r.wait_done(timeout=100)
print(r.active(), r.wait_done(), time.ticks_diff(time.ticks_ms(), t))
DAC(Pin(26)).write(200)
";
    let seen = bench(program).run(2 * SECOND);
    assert_eq!(seen.lines(), ["True False", "False True 14"]);
    let all: Vec<&Event> = seen.events.iter().map(|e| &e.1).collect();
    let bits =
        Event::Bits { gpio: 5, timing_ns: [400, 850, 800, 450], bytes: vec![0, 255, 1, 0, 0, 0] };
    let levels = vec![(true, 9_000_000), (false, 4_500_000), (true, 560_000)];
    for event in
        [bits, Event::Pulses { gpio: 18, levels, repeats: 0 }, Event::Dac { gpio: 26, value: 200 }]
    {
        assert!(all.contains(&&event), "{event:?} is not in {all:?}");
    }
}

#[test]
fn a_deep_sleep_of_no_time_wakes_at_once_and_a_reset_lets_no_hold_go() {
    let program = "
import machine
from machine import Pin
print(machine.reset_cause(), Pin(5)())
if machine.reset_cause() == 1:
    Pin(5, Pin.OUT, value=1, hold=True)
    machine.reset()
if machine.reset_cause() == 2:
    Pin(5).init(hold=False)
    machine.deepsleep(0)
";
    let seen = bench(program).run(SECOND);
    assert_eq!(seen.lines(), ["1 0", "2 1", "4 0"]);
}

#[test]
fn light_sleep_stops_the_watchdog_and_the_chip_s_own_timers() {
    let program = "
import machine, time
from machine import Timer
log = []
t = time.ticks_ms()
def note(name):
    return lambda timer: log.append((name, time.ticks_diff(time.ticks_ms(), t) // 100))
w = machine.WDT(timeout=2000)
Timer(0, mode=Timer.ONE_SHOT, period=500, callback=note('own'))
Timer(-1, mode=Timer.ONE_SHOT, period=500, callback=note('virtual'))
machine.lightsleep(10_000)
print(log)
time.sleep(1)
print(sorted(log))
";
    let seen = bench(program).run(11 * SECOND + 500 * MS);
    assert_eq!(seen.lines(), ["[]", "[('own', 105), ('virtual', 100)]"]);
}

#[test]
fn threads_rest_and_sleep_too() {
    let program = "
import machine, time, _thread
if machine.reset_cause() == 4:
    print('woke')
else:
    def body():
        machine.lightsleep(2000)
        print('rested', machine.wake_reason())
        machine.deepsleep(5000)
    _thread.start_new_thread(body, ())
    for n in range(100):
        time.sleep(1)
        print(n)
";
    let seen = bench(program).run(20 * SECOND);
    assert_eq!(seen.lines(), ["0", "1", "rested 4", "woke"]);
}
