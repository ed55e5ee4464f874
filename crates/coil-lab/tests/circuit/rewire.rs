//! Boards that are wired anew while their programs run.

use crate::support;
use coil_board::outside::event::PartValue;
use coil_board::outside::{Event, Stimulus};
use coil_circuit::{Circuit, Deed, Plan, Value};
use coil_lab::recording::{Recorder, Start, VERSION};
use coil_lab::{BoardHandle, BoardSpec, Pace, RewireError, Runner, catalog};
use coil_vm::rom::Rom;
use std::time::{Duration, Instant};

/// It does what is typed.
const PROGRAM: &str = "
from machine import Pin, PWM, ADC, DAC, I2C
import dht
names = globals()
print('ready.')
while True:
    line = input()
    try:
        exec(line, names)
    except Exception as e:
        print(type(e))
    print('done.')
";

struct Board {
    runner: Runner,
    handle: BoardHandle,
    seen: support::Seen,
    read: usize,
}

fn plan(text: &str) -> Plan {
    let device = catalog::device("wemos-d1-r32").expect("a device");
    Plan::read(text, &device).unwrap_or_else(|e| panic!("{e}"))
}

impl Board {
    fn start(change: impl FnOnce(&mut BoardSpec)) -> Self {
        let (mut spec, seen) = support::bare("wemos-d1-r32");
        spec.circuit = Some(Circuit::new(&Plan::default()));
        spec.program = Some((PROGRAM.into(), "program.py".into()));
        change(&mut spec);
        let rom = Rom::new(&coil_board::modules::all());
        let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
        let handle = runner.add(spec);
        let mut board = Self { runner, handle, seen, read: 0 };
        board.until("ready.\n");
        board
    }

    /// What it prints up to this.
    fn until(&mut self, end: &str) -> String {
        let start = Instant::now();
        loop {
            let text = self.seen.text().replace('\r', "");
            if let Some(at) = text[self.read..].find(end) {
                let said = text[self.read..self.read + at].to_owned();
                self.read += at + end.len();
                return said;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Lets it do something; what it prints.
    fn run(&mut self, line: &str) -> String {
        self.handle.send(format!("{line}\r").as_bytes());
        let said = self.until("done.\n");
        // What is typed is echoed.
        said.split_once('\n').map_or(said.clone(), |s| s.1.trim_end().to_owned())
    }

    fn rewire(&self, text: &str) {
        self.handle.rewire(plan(text)).expect("it can be");
    }

    /// What a part has shown last.
    fn shown(&self, part: &str, name: &str) -> Option<PartValue> {
        let of = |e: &(u64, Event)| match &e.1 {
            Event::Part { part: p, name: n, value } if p == part && n == name => {
                Some(value.clone())
            }
            _ => None,
        };
        self.seen.events().iter().rev().find_map(of)
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.runner.stop();
    }
}

const LED: &str = "[parts.led]\nkind = 'led'\npins = { anode = 'D6', cathode = 'GND' }\n";
const POT: &str = "[parts.pot]\nkind = 'potentiometer'\npins = { wiper = 'A2' }\n";

#[test]
fn outputs_that_were_driven_before_and_are_driven_after_reach_the_parts() {
    let mut board = Board::start(|_| ());
    board.run("p = Pin(27, Pin.OUT)");
    board.run("p.on()");
    board.rewire(LED);
    board.run("pass");
    assert_eq!(board.shown("led", "lit"), Some(PartValue::Switch(true)));
    board.run("p.off()");
    assert_eq!(board.shown("led", "lit"), Some(PartValue::Switch(false)));
    board.run("w = PWM(p, freq=1000, duty_u16=32768)");
    assert_eq!(board.shown("led", "lit"), Some(PartValue::Switch(true)));
    board.rewire("");
    board.run("w.duty_u16(16384)");
    board.rewire(LED);
    board.run("pass");
    let Some(PartValue::Amount(quarter)) = board.shown("led", "brightness") else {
        panic!("{:?}", board.shown("led", "brightness"));
    };
    board.run("w.duty_u16(65535)");
    let Some(PartValue::Amount(full)) = board.shown("led", "brightness") else { panic!("none") };
    assert!((0.2..0.3).contains(&(quarter / full)), "{quarter} of {full}");
    let resets = board.seen.events().iter().filter(|e| matches!(e.1, Event::Reset(_))).count();
    assert!(resets <= 1, "{resets}");
}

#[test]
fn inputs_are_held_while_something_is_wired_to_them_and_not_after() {
    let mut board = Board::start(|_| ());
    board.run("p = Pin(12, Pin.IN, Pin.PULL_UP)");
    board.run("p.irq(lambda p: print('edge', p.value()), Pin.IRQ_FALLING | Pin.IRQ_RISING)");
    let button = "[parts.b]\nkind = 'button'\nbounce = 0\npins = { a = 'D8', b = 'GND' }\n";
    board.rewire(button);
    assert_eq!(board.run("print(p.value())"), "1");
    let deed = Deed { part: "b".into(), setting: "pressed".into(), value: Value::Bool(true) };
    board.handle.act(0, deed);
    assert_eq!(board.run("print(p.value())").lines().last(), Some("0"));
    board.rewire(&format!("{button}{LED}{POT}"));
    assert_eq!(board.run("print(p.value())"), "0");
    board.rewire(POT);
    assert_eq!(board.run("print(p.value())").lines().last(), Some("1"));
    // A wire between two pins comes and goes.
    board.run("q = Pin(14, Pin.OUT, value=0)");
    board.rewire("wires = [['D7', 'D8']]");
    assert_eq!(board.run("print(p.value())").lines().last(), Some("0"));
    board.rewire("");
    assert_eq!(board.run("print(p.value())").lines().last(), Some("1"));
}

#[test]
fn voltages_buses_and_sensors_are_there_as_soon_as_they_are_wired() {
    let mut board = Board::start(|_| ());
    board.rewire(POT);
    assert_eq!(board.run("print(round(ADC(Pin(35)).read_uv() / 1e6, 1))"), "1.6");
    let deed = Deed { part: "pot".into(), setting: "position".into(), value: Value::Number(0.25) };
    board.handle.act(0, deed);
    let sensors = format!(
        "{POT}[parts.t]\nkind = 'lm75'\npins = {{ scl = 'SCL', sda = 'SDA' }}
         [parts.d]\nkind = 'dht22'\ntemperature = 30.5\npins = {{ data = 'D2' }}\n"
    );
    board.run("i = I2C(0, scl=Pin(22), sda=Pin(21))");
    board.run("d = dht.DHT22(Pin(26))");
    assert_eq!(board.run("print(i.scan())"), "[]");
    assert!(board.run("d.measure()").contains("OSError"));
    board.rewire(&sensors);
    assert_eq!(board.run("print(i.scan())"), "[72]");
    assert_eq!(board.run("d.measure(); print(d.temperature())"), "30.5");
    assert_eq!(board.run("print(round(ADC(Pin(35)).read_uv() / 1e6, 1))"), "0.8");
    board.rewire("");
    assert_eq!(board.run("print(i.scan())"), "[]");
    assert!(board.run("d.measure()").contains("OSError"));
}

#[test]
fn who_cannot_be_wired_anew_says_so() {
    let board = Board::start(|spec| spec.circuit = None);
    assert_eq!(board.handle.rewire(plan(LED)), Err(RewireError::Unwired));
    board.handle.stimulate(Stimulus::PowerOff);
    assert!(board.seen.end().is_some());
    let start = Instant::now();
    while board.handle.rewire(plan(LED)) != Err(RewireError::NoPower) {
        assert!(start.elapsed() < Duration::from_secs(60));
    }
    let start = Start {
        recording: VERSION,
        device: "wemos-d1-r32".into(),
        firmware: "current".into(),
        float: 32,
        heap: None,
        seed: 1,
        circuit: None,
        program: None,
        jumpers: Vec::new(),
        flash: Vec::new(),
    };
    let recorder = Recorder::new(Box::new(std::io::sink()), &start).expect("written");
    let board = Board::start(|spec| spec.recorder = Some(recorder));
    assert_eq!(board.handle.rewire(plan(LED)), Err(RewireError::Recorded));
}
