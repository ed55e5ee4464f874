//! Parts that show digits and levels, and take them bit by bit.

use crate::support::circuit::run;

const REGISTERS: &str = "
wires = [['low.qhs', 'high.ser'], ['low.qa', 'led.anode']]
[parts.low]
kind = 'shift-register'
pins = { ser = 'D11', srclk = 'D13', rclk = 'D10' }
[parts.high]
kind = 'shift-register'
pins = { srclk = 'D13', rclk = 'D10' }
[parts.led]
kind = 'led'
pins = { cathode = 'GND' }
";

#[test]
fn a_shift_register_takes_bits_by_hand() {
    let source = "
from machine import Pin
ser, clk, latch = Pin(23, Pin.OUT), Pin(18, Pin.OUT, value=0), Pin(5, Pin.OUT, value=0)
def put(value):
    for n in range(15, -1, -1):
        ser(value >> n & 1)
        clk(1)
        clk(0)
    latch(1)
    latch(0)
put(0x1281)
put(0x3450)
";
    let run = run(REGISTERS, "", source);
    assert_eq!(run.shown("low", "outputs")[1..], ["129", "80"]);
    assert_eq!(run.shown("high", "outputs")[1..], ["18", "52"]);
    let lit = run.shown("led", "lit");
    assert_eq!(lit[lit.len() - 2..], ["true", "false"], "{lit:?}");
}

#[test]
fn shift_registers_in_a_row_take_bytes_of_spi() {
    for mode in 0..4 {
        let source = format!(
            "
from machine import Pin, SPI
spi = SPI(2, 1_000_000, polarity={}, phase={}, sck=Pin(18), mosi=Pin(23), miso=Pin(19))
latch = Pin(5, Pin.OUT, value=0)
spi.write(b'\\x12\\x81')
latch(1)
",
            mode >> 1,
            mode & 1
        );
        let run = run(REGISTERS, "", &source);
        let shown = |part| run.shown(part, "outputs").last().cloned();
        let expected = match mode {
            // It takes the level before the edge at which the data changes: one bit is late.
            1 | 2 => continue,
            _ => (Some("129".to_owned()), Some("18".to_owned())),
        };
        assert_eq!((shown("low"), shown("high")), expected, "mode {mode}");
    }
}

#[test]
fn a_digit_reads_as_its_segments_light() {
    let circuit = "
[parts.digit]
kind = 'seven-segment'
pins = { a = 26, b = 25, c = 17, d = 16, e = 27, f = 14, g = 12, dp = 13, com = 'GND' }
";
    let source = "
from machine import Pin
pins = [Pin(n, Pin.OUT, value=0) for n in (26, 25, 17, 16, 27, 14, 12, 13)]
for bits in (0b0000110, 0b11001111):
    for n, pin in enumerate(pins):
        pin(bits >> n & 1)
";
    let run = run(circuit, "", source);
    assert_eq!(run.shown("digit", "segments").last().map(String::as_str), Some("abcdg."));
    let digits = run.shown("digit", "digit");
    assert!(digits.contains(&"1".to_owned()), "{digits:?}");
    assert_eq!(digits.last().map(String::as_str), Some("3"));
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn a_display_on_two_wires_acknowledges_and_shows() {
    let circuit = "
[parts.clock]
kind = 'tm1637'
pins = { clk = 'D6', dio = 'D7' }
";
    let source = "
from machine import Pin
import time
clk = Pin(27, Pin.OUT, value=1)
dio = Pin(14, Pin.OPEN_DRAIN, value=1)
def send(data):
    acked = True
    dio(0)
    for byte in data:
        for n in range(8):
            clk(0)
            dio(byte >> n & 1)
            clk(1)
        clk(0)
        dio(1)
        clk(1)
        acked = acked and dio() == 0
    clk(0)
    dio(0)
    clk(1)
    dio(1)
    return acked
print(send(b'\\x40'))
print(send(bytes([0xc0, 0x06, 0xdb, 0x4f, 0x66])))
print(send(b'\\x8f'))
send(b'\\x44')
send(bytes([0xc3, 0x6d]))
send(b'\\x80')
";
    let run = run(circuit, "", source);
    assert_eq!(run.text, "True\nTrue\nTrue\n");
    assert_eq!(run.shown("clock", "text"), ["    ", "12:34", "12:35", "    "]);
    assert_eq!(run.shown("clock", "brightness"), ["0", "8", "0"]);
    assert_eq!(run.faults(), [""; 0]);
}
