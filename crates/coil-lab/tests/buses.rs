//! Boards with devices on their buses and wires between their pins, in virtual time.

mod support;

use coil_board::Outcome;
use coil_board::outside::bus::{I2cDevice, I2cLines};
use coil_board::outside::{Bench, Event, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner};
use coil_vm::rom::Rom;

/// Runs a program on a board with these devices and this script: what it prints, and its events.
fn run(bench: Bench, script: Vec<(u64, Stimulus)>, source: &str) -> (String, Vec<(u64, Event)>) {
    let (spec, seen) = support::bare("wemos-d1-r32");
    let spec =
        BoardSpec { bench, script, program: Some((source.into(), "program.py".into())), ..spec };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    let events = seen.events().into_iter().map(|(at_ns, event)| (at_ns / 1000, event)).collect();
    (text, events)
}

/// A thermometer that needs a while after it was asked, and says by not answering that it does.
struct Thermometer {
    busy: u8,
    bytes: Vec<u8>,
}

impl I2cDevice for Thermometer {
    fn start(&mut self, read: bool) -> bool {
        let ready = !read || self.busy == 0;
        self.busy = self.busy.saturating_sub(u8::from(read));
        self.bytes = vec![0x80, 0x16];
        ready
    }
    fn write(&mut self, _: u8) -> bool {
        self.busy = 3;
        true
    }
    fn read(&mut self) -> u8 {
        self.bytes.pop().unwrap_or(0xff)
    }
}

const LINES: I2cLines = I2cLines { scl: 22, sda: 21 };

#[test]
fn a_program_asks_a_thermometer_until_it_answers() {
    let bench = Bench::default().i2c(LINES, 0x48, Thermometer { busy: 0, bytes: Vec::new() });
    let source = "
from machine import I2C, Pin
import time
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=100_000)
start = time.ticks_us()
i2c.writeto(0x48, b'\\xf3')
tries = 0
while True:
    try:
        raw = i2c.readfrom(0x48, 2)
        break
    except OSError:
        tries += 1
        time.sleep_ms(10)
print(tries, (raw[0] << 8 | raw[1]) / 256, time.ticks_diff(time.ticks_us(), start) // 1000)
";
    let (text, events) = run(bench, Vec::new(), source);
    assert_eq!(text, "3 22.5 30\n");
    let transfers: Vec<_> = events
        .into_iter()
        .filter_map(|(at, event)| match event {
            Event::I2c { address: 0x48, read, bytes, acked, .. } => Some((at, read, bytes, acked)),
            _ => None,
        })
        .collect();
    let summary: Vec<_> = transfers.iter().map(|(_, r, b, a)| (*r, b.len(), *a)).collect();
    let asked = (true, 0, None);
    assert_eq!(summary, [(false, 1, Some(1)), asked, asked, asked, (true, 2, Some(2))]);
    // Twenty clocks of ten microseconds for the question.
    let first = transfers[1].0 - transfers[0].0;
    assert!((200..260).contains(&first), "{first}");
}

#[test]
fn what_comes_in_on_a_pin_is_heard_at_its_rate() {
    let sentence = b"$GPGLL,4916.45,N,12311.12,W*71\r\n".to_vec();
    let script = vec![(500_000, Stimulus::Uart { gpio: 16, bytes: sentence })];
    let source = "
from machine import UART
import time
u = UART(2, 4800)
while not u.any(): time.sleep_ms(1)
start = time.ticks_ms()
print(500 <= start <= 503)
line = b''
while not line.endswith(b'\\n'):
    line += u.read(1) or b''
print(line)
print(60 <= time.ticks_diff(time.ticks_ms(), start) <= 66)
";
    let (text, _) = run(Bench::default(), script, source);
    assert_eq!(text, "True\nb'$GPGLL,4916.45,N,12311.12,W*71\\r\\n'\nTrue\n");
}

#[test]
fn a_reader_of_asyncio_wakes_up_when_a_line_is_there() {
    let at =
        |ms: u64, bytes: &[u8]| (ms * 1000, Stimulus::Uart { gpio: 16, bytes: bytes.to_vec() });
    let script = vec![at(100, b"first\nsec"), at(300, b"ond\n")];
    let source = "
from machine import UART
import asyncio, time
async def main():
    reader = asyncio.StreamReader(UART(2, 115200))
    for _ in range(2):
        print(await reader.readline(), time.ticks_ms())
asyncio.run(main())
";
    let (text, _) = run(Bench::default(), script, source);
    assert_eq!(text, "b'first\\n' 100\nb'second\\n' 300\n");
}

#[test]
fn a_jumper_wire_can_be_pulled_out() {
    let jumper = |ms: u64, plugged| (ms * 1000, Stimulus::Jumper { a: 4, b: 5, plugged });
    let source = "
from machine import Pin, UART
import time
out, other = Pin(4, Pin.OUT, value=1), Pin(5, Pin.IN)
changes = []
other.irq(lambda p: changes.append((time.ticks_ms(), p.value())))
time.sleep_ms(50)
out(0)
time.sleep_ms(100)
print(changes)
u = UART(1, 9600, tx=4, rx=5)
for _ in range(2):
    u.write('heard')
    u.flush()
    print(u.read())
    time.sleep_ms(100)
";
    let script = vec![jumper(10, true), jumper(100, false), jumper(140, true), jumper(200, false)];
    let (text, _) = run(Bench::default(), script, source);
    assert_eq!(text, "[(10, 1), (50, 0)]\nb'heard'\nNone\n");
}
