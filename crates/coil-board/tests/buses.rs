//! Devices on the buses of a board: a register file on I2C, a memory on SPI, a modem on a UART, and a
//! card in its slot.

mod board;

use board::{Chip, firmware, run, run_on};
use coil_board::outside::bus::{
    I2cDevice, I2cLines, Parity, SECTOR_BYTES, SdCard, SpiDevice, SpiLines, UartDevice, UartFrame,
};
use coil_board::outside::{Bench, Event, Stimulus, Wires};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// 16 registers behind a place that the first byte of a write sets; the last can only be read.
#[derive(Default)]
struct Registers {
    at: usize,
    placed: bool,
    bytes: [u8; 16],
    log: Log,
}

/// What happened to a device.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, text: String) {
        self.0.lock().expect("nobody panicked").push(text);
    }
    fn text(&self) -> String {
        self.0.lock().expect("nobody panicked").join(" ")
    }
}

impl I2cDevice for Registers {
    fn start(&mut self, read: bool) -> bool {
        self.log.add(if read { "read" } else { "write" }.into());
        self.placed = false;
        true
    }
    fn write(&mut self, byte: u8) -> bool {
        self.log.add(format!("{byte:02x}"));
        if self.placed {
            let fits = self.at != 15;
            if fits {
                self.bytes[self.at] = byte;
                self.at += 1;
            }
            return fits;
        }
        self.placed = true;
        self.at = usize::from(byte) % 16;
        true
    }
    fn read(&mut self) -> u8 {
        let byte = self.bytes[self.at];
        self.at = (self.at + 1) % 16;
        byte
    }
    fn stop(&mut self) {
        self.log.add("stop".into());
    }
}

const LINES: I2cLines = I2cLines { scl: 22, sda: 21 };

fn on(bench: Bench, source: &str) -> String {
    run_on(&firmware(), &Chip::erased(), source, false, Box::new(bench))
}

fn with_registers(bus: &str, source: &str) -> (String, String) {
    let log = Log::default();
    let device =
        Registers { bytes: *b"0123456789abcdef", log: log.clone(), ..Registers::default() };
    let bench = Bench::default().i2c(LINES, 0x68, device);
    let source = format!("from machine import *\ni2c = {bus}(scl=Pin(22), sda=Pin(21))\n{source}");
    (on(bench, &source), log.text())
}

#[test]
fn both_kinds_of_i2c_buses_find_read_and_write_a_device() {
    let source = "
print(i2c.scan())
print(i2c.readfrom_mem(0x68, 4, 3))
i2c.writeto_mem(0x68, 4, b'xyz')
b = bytearray(4)
i2c.readfrom_mem_into(0x68, 3, b)
print(b)
print(i2c.writeto(0x68, b'\\x02AB'), i2c.writevto(0x68, (b'\\x00', b'', b'C', b'DE')))
print(i2c.writeto(0x68, b'\\x00', False), i2c.readfrom(0x68, 5))
i2c.readfrom_into(0x68, b)
print(b)
for f in (lambda: i2c.readfrom(0x69, 1), lambda: i2c.writeto(0x67, b'x')):
    try:
        f()
    except OSError as e:
        print(e)
";
    let expected = "[104]
b'456'
bytearray(b'3xyz')
3 4
1 b'CDEBx'
bytearray(b'yz78')
[Errno 19] ENODEV
[Errno 19] ENODEV
";
    for bus in ["I2C", "SoftI2C"] {
        let (printed, _) = with_registers(bus, source);
        assert_eq!(printed, expected, "{bus}");
    }
}

#[test]
fn memory_is_read_with_a_second_start_and_no_stop_between() {
    for bus in ["I2C", "SoftI2C"] {
        let (_, log) = with_registers(bus, "i2c.readfrom_mem(0x68, 0x0102, 2, addrsize=16)");
        assert_eq!(log, "write 01 02 read stop", "{bus}");
    }
    let (_, log) = with_registers("SoftI2C", "i2c.writeto(0x68, b'\\x05', False)");
    assert_eq!(log, "write 05");
    // The controller cannot leave the stop out.
    let (_, log) = with_registers("I2C", "i2c.writeto(0x68, b'\\x05', False)");
    assert_eq!(log, "write 05 stop");
}

#[test]
fn bytes_that_are_not_acknowledged_end_a_write() {
    let source = "
for f in (lambda: i2c.writeto(0x68, b'\\x0ex!!'), lambda: i2c.writeto_mem(0x68, 14, b'x!!')):
    try:
        print(f())
    except OSError as e:
        print(e)
";
    let (printed, _) = with_registers("SoftI2C", source);
    assert_eq!(printed, "2\nNone\n");
    let (printed, _) = with_registers("I2C", source);
    assert_eq!(printed, "[Errno 19] ENODEV\n[Errno 19] ENODEV\n");
}

#[test]
fn the_steps_of_a_software_bus_can_be_taken_one_by_one() {
    let source = "
i2c.start()
print(i2c.write(bytes([0x68 << 1, 3])))
i2c.start()
print(i2c.write(bytes([0x68 << 1 | 1])))
b = bytearray(3)
i2c.readinto(b, False)
print(b)
i2c.readinto(b)
print(b)
i2c.stop()
i2c.start()
print(i2c.write(bytes([0x10 << 1, 3])))
i2c.stop()
";
    let (printed, log) = with_registers("SoftI2C", source);
    assert_eq!(printed, "2\n1\nbytearray(b'345')\nbytearray(b'678')\n0\n");
    assert_eq!(log, "write 03 read stop");
}

/// A memory of 256 bytes: command 2 writes, 3 reads, at the place that follows.
struct Memory {
    bytes: [u8; 256],
    command: Vec<u8>,
}

impl SpiDevice for Memory {
    fn select(&mut self, selected: bool) {
        if selected {
            self.command.clear();
        }
    }
    fn transfer(&mut self, out: u8) -> u8 {
        let n = self.command.len();
        self.command.push(out);
        match (n, self.command[0]) {
            (2.., 2) => {
                self.bytes[usize::from(self.command[1]) + n - 2] = out;
                0
            }
            (2.., 3) => self.bytes[usize::from(self.command[1]) + n - 2],
            _ => 0xa5,
        }
    }
}

#[test]
fn an_spi_device_listens_while_it_is_selected() {
    let source = "
from machine import *
cs = Pin(5, Pin.OUT, value=1)
for spi in (SPI(2), SoftSPI(sck=18, mosi=23, miso=19)):
    Pin(19, Pin.IN, Pin.PULL_UP)
    print(spi.read(2))
    cs(0)
    print(spi.read(1), spi.read(1))
    cs(1)
    cs(0)
    spi.write(b'\\x02\\x10hello')
    cs(1)
    cs(0)
    b = bytearray(7)
    spi.write_readinto(b'\\x03\\x10.....', b)
    cs(1)
    print(b)
# The other bit first is another command.
spi = SPI(2, firstbit=SPI.LSB)
cs(0)
spi.write(b'\\xc0\\x08')
print(spi.read(5))
";
    let lines = SpiLines { sck: Some(18), mosi: Some(23), miso: Some(19) };
    let memory = Memory { bytes: [0; 256], command: Vec::new() };
    let printed = on(Bench::default().spi(lines, 5, memory), source);
    let once = "b'\\xff\\xff'\nb'\\xa5' b'\\xa5'\nbytearray(b'\\xa5\\xa5hello')\n";
    let reversed: String = b"hello".iter().map(|b| char::from(b.reverse_bits())).collect();
    let reversed: String = reversed
        .chars()
        .map(|c| if c.is_ascii_graphic() { c.to_string() } else { format!("\\x{:02x}", c as u32) })
        .collect();
    assert_eq!(printed, format!("{once}{once}b'{reversed}'\n"));
}

#[test]
fn a_wire_and_no_device_bring_back_what_was_sent() {
    let source = "# jumper: 23-19
from machine import *
back = bytearray(5)
SPI(2).write_readinto(b'there', back)
print(back, I2C(1).scan())
";
    let printed = run(&firmware(), &Chip::erased(), source, false);
    assert_eq!(printed, "bytearray(b'there') []\n");
}

/// Answers a line with `OK`, at its own rate only.
struct Modem {
    frame: UartFrame,
    line: Vec<u8>,
}

impl UartDevice for Modem {
    fn receive(&mut self, frame: &UartFrame, byte: u8) -> Vec<u8> {
        self.line.push(frame.heard_as(byte, &self.frame));
        if self.line.ends_with(b"\r") {
            let known = self.line == b"AT\r";
            self.line.clear();
            return if known { b"\r\nOK\r\n".to_vec() } else { b"\r\nERROR\r\n".to_vec() };
        }
        Vec::new()
    }
}

#[test]
fn a_uart_peer_answers_in_its_time() {
    let frame = UartFrame {
        baudrate: 9600,
        bits: 8,
        parity: coil_board::outside::bus::Parity::None,
        stop: 1,
        inverted: false,
    };
    let source = "
from machine import UART
import asyncio, time
u = UART(2, 9600, tx=17, rx=16)
u.write('AT\\r')
start = time.ticks_us()
while u.any() < 6: pass
ms = time.ticks_diff(time.ticks_us(), start) / 1000
# Three characters there, six back.
print(u.read(), 9.3 < ms < 9.6)
async def ask(line):
    writer, reader = asyncio.StreamWriter(u), asyncio.StreamReader(u)
    writer.write(line)
    await writer.drain()
    print(await reader.readline(), await reader.readline())
asyncio.run(ask('AT\\r'))
asyncio.run(ask('ATZ\\r'))
u.init(2400)
u.write('AT\\r')
time.sleep_ms(100)
print(u.any())
";
    let printed = on(Bench::default().uart(17, 16, Modem { frame, line: Vec::new() }), source);
    assert_eq!(
        printed,
        "b'\\r\\nOK\\r\\n' True\nb'\\r\\n' b'OK\\r\\n'\nb'\\r\\n' b'ERROR\\r\\n'\n0\n"
    );
}

/// A card of 2 MB.
struct Card(Vec<u8>);

impl SdCard for Card {
    fn sectors(&self) -> u32 {
        (self.0.len() / SECTOR_BYTES) as u32
    }
    fn read(&mut self, sector: u32, into: &mut [u8]) -> bool {
        let at = sector as usize * SECTOR_BYTES;
        into.copy_from_slice(&self.0[at..at + SECTOR_BYTES]);
        true
    }
    fn write(&mut self, sector: u32, from: &[u8]) -> bool {
        let at = sector as usize * SECTOR_BYTES;
        self.0[at..at + SECTOR_BYTES].copy_from_slice(from);
        true
    }
}

#[test]
fn a_card_is_a_block_device() {
    let source = "
from machine import SDCard
import os, vfs
sd = SDCard(slot=2)
print(sd.info(), sd.ioctl(4, 0), sd.ioctl(5, 0), sd.ioctl(1, 0))
vfs.VfsFat.mkfs(sd)
vfs.mount(sd, '/sd')
with open('/sd/file.txt', 'w') as f: f.write('text' * 1000)
print(os.listdir('/sd'), os.stat('/sd/file.txt')[6])
vfs.umount('/sd')
b = bytearray(1024)
print(sd.readblocks(0, b), b[510:512], sd.readblocks(4095, b), sd.readblocks(-1, b), sd.writeblocks(4096, b))
sd.deinit()
print(sd.readblocks(0, b))
sd = SDCard(slot=2)
print(sd.info())
try:
    SDCard(slot=1).info()
except OSError as e:
    print(e)
";
    let printed = on(Bench::default().card(Some(2), Card(vec![0; 2 << 20])), source);
    let expected = "(2097152, 512) 4096 512 0
['file.txt'] 4000
0 bytearray(b'U\\xaa') -5 -5 -5
False
(2097152, 512)
[Errno 116] ETIMEDOUT: ESP_ERR_TIMEOUT
";
    assert_eq!(printed, expected);
}

/// Wires with nobody on them, whose events are kept.
#[derive(Clone, Default)]
struct Watched(Rc<RefCell<Vec<Event>>>);

impl Wires for Watched {
    fn emit(&mut self, _: u64, event: Event) {
        self.0.borrow_mut().push(event);
    }
    fn take(&mut self, _: u64) -> Option<(u64, Stimulus)> {
        None
    }
}

#[test]
fn observers_are_told_what_went_over_the_buses() {
    let watched = Watched::default();
    let source = "
from machine import *
UART(1, tx=4, rx=-1).write('hi')
SPI(1, miso=None).write(b'\\x01\\x80')
SPI(1, miso=None, firstbit=SPI.LSB).write(b'\\x01\\x80')
try:
    I2C(0).writeto(0x3c, b'x')
except OSError:
    pass
";
    run_on(&firmware(), &Chip::erased(), source, false, Box::new(watched.clone()));
    let events: Vec<Event> = watched
        .0
        .borrow()
        .iter()
        .filter(|e| !matches!(e, Event::Pin { .. } | Event::Reset(_)))
        .cloned()
        .collect();
    let lines = SpiLines { sck: Some(14), mosi: Some(13), miso: None };
    let sent = |out: &[u8]| Event::Spi {
        lines,
        freq: 500_000,
        mode: 0,
        out: out.to_vec(),
        back: vec![0; 2],
    };
    let parity = Parity::None;
    let frame = UartFrame { baudrate: 115_201, bits: 8, parity, stop: 1, inverted: false };
    assert_eq!(
        events,
        [
            Event::Uart { id: 1, tx: Some(4), frame, bytes: b"hi".to_vec() },
            sent(&[0x01, 0x80]),
            sent(&[0x80, 0x01]),
            Event::I2c {
                lines: I2cLines { scl: 18, sda: 19 },
                freq: 400_000,
                start: true,
                address: 0x3c,
                read: false,
                bytes: Vec::new(),
                acked: None,
                stop: true,
            },
        ]
    );
}
