//! Parts on I2C and SPI: programs that speak to their registers.

use crate::support::circuit::run;

fn i2c_part(kind: &str, more: &str) -> String {
    format!("[parts.it]\nkind = '{kind}'\npins = {{ scl = 'SCL', sda = 'SDA' }}\n{more}")
}

const I2C: &str = "
from machine import Pin, I2C
import time
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)
";

#[test]
fn modules_of_i2c_are_found_where_they_are() {
    let circuit = "
[parts.screen]
kind = 'ssd1306'
address = 0x3d
pins = { scl = 'SCL', sda = 'SDA' }
[parts.warmth]
kind = 'lm75'
pins = { scl = 'SCL', sda = 'SDA' }
[parts.motion]
kind = 'mpu6050'
pins = { scl = 'SCL', sda = 'SDA' }
[parts.far]
kind = 'mpu6050'
address = 0x69
pins = { scl = 'D6', sda = 'D7' }
";
    let source = format!("{I2C}print([hex(a) for a in i2c.scan()])");
    assert_eq!(run(circuit, "", &source).text, "['0x3d', '0x48', '0x68']\n");
}

#[test]
fn a_module_with_exchanged_wires_or_no_power_is_told() {
    let source = format!(
        "{I2C}
try:
    i2c.readfrom(0x48, 2)
except OSError as e:
    print(e)
"
    );
    for (pins, fault) in [
        ("scl = 'SDA', sda = 'SCL'", "its SDA and SCL are exchanged"),
        ("scl = 'SCL', sda = 'SDA', vcc = 'nc'", "wire its `vcc` to 3V3"),
    ] {
        let run = run(&format!("[parts.it]\nkind = 'lm75'\npins = {{ {pins} }}"), "", &source);
        assert!(run.text.starts_with("[Errno "), "{}", run.text);
        assert!(run.faults().iter().any(|f| f.contains(fault)), "{:?}", run.faults());
    }
}

#[test]
fn a_thermometer_is_read_and_raises_its_alarm() {
    let circuit = i2c_part("lm75", "").replace("sda =", "os = 'D6', sda =");
    let warmer = "
[[step]]
at = '500ms'
set = 'it.temperature'
value = -0.5
[[step]]
at = '1500ms'
set = 'it.temperature'
value = 31.5
";
    let source = format!(
        "{I2C}
alarm = Pin(27, Pin.IN, Pin.PULL_UP)
i2c.writeto_mem(0x48, 3, bytes([30, 0]))
i2c.writeto_mem(0x48, 2, bytes([29, 0x80]))
print(i2c.readfrom_mem(0x48, 3, 2), i2c.readfrom_mem(0x48, 2, 2))
for _ in range(3):
    whole, rest = i2c.readfrom_mem(0x48, 0, 2)
    print((whole ^ 0x80) - 0x80 + (rest >> 7) / 2, alarm())
    time.sleep(1)
"
    );
    let run = run(&circuit, warmer, &source);
    assert_eq!(run.text, "b'\\x1e\\x00' b'\\x1d\\x80'\n21.0 1\n-0.5 1\n31.5 0\n");
    assert_eq!(run.shown("it", "alarm"), ["false", "true"]);
}

#[test]
fn an_accelerometer_measures_once_it_is_awake() {
    let circuit = i2c_part("mpu6050", "x = -0.5\nturn_z = 90.0\ntemperature = 36.53");
    let source = format!(
        "{I2C}
import struct
print(hex(i2c.readfrom_mem(0x68, 0x75, 1)[0]))
def measure():
    print(struct.unpack('>7h', i2c.readfrom_mem(0x68, 0x3b, 14)))
measure()
i2c.writeto_mem(0x68, 0x6b, b'\\0')
measure()
i2c.writeto_mem(0x68, 0x1b, b'\\x18\\x08')
measure()
i2c.writeto_mem(0x68, 0x6b, b'\\x80')
measure()
"
    );
    let run = run(&circuit, "", &source);
    let asleep = "(0, 0, 0, 0, 0, 0, 0)";
    let narrow = "(-8192, 0, 16384, 0, 0, 0, 11790)";
    let wide = "(-4096, 0, 8192, 0, 0, 0, 1476)";
    assert_eq!(run.text, format!("0x68\n{asleep}\n{narrow}\n{wide}\n{asleep}\n"));
    assert_eq!(run.shown("it", "awake"), ["false", "true", "false"]);
}

#[test]
fn a_clock_is_set_and_goes_on() {
    let source = format!(
        "{I2C}
def bcd(n): return n // 10 << 4 | n % 10
def show(): print([hex(b)[2:] for b in i2c.readfrom_mem(0x68, 0, 7)])
show()
print(i2c.readfrom_mem(0x68, 0x0f, 1)[0] >> 7)
i2c.writeto_mem(0x68, 0, bytes(bcd(n) for n in (58, 59, 23, 3, 28, 2, 24)))
i2c.writeto_mem(0x68, 0x0f, b'\\0')
time.sleep(3)
show()
print(i2c.readfrom_mem(0x68, 0x0f, 1)[0] >> 7)
i2c.writeto_mem(0x68, 2, b'\\x72')
show()
print(i2c.readfrom_mem(0x68, 0x11, 2))
"
    );
    let new = run(&i2c_part("ds3231", "temperature = 24.75"), "", &source);
    let expected = "\
['0', '0', '0', '1', '1', '1', '0']
1
['1', '0', '0', '4', '29', '2', '24']
0
['1', '0', '72', '4', '29', '2', '24']
b'\\x18\\xc0'
";
    assert_eq!(new.text, expected);
    assert_eq!(new.shown("it", "time")[..2], ["2000-01-01 00:00:00", "2024-02-28 23:59:58"]);
    let set = run(
        &i2c_part("ds3231", "time = 762269400"),
        "",
        &format!("{I2C}print(i2c.readfrom_mem(0x68, 0, 7).hex())"),
    );
    // Monday, the 26th of February 2024, 13:30.
    assert_eq!(set.text, "00301301260224\n");
}

/// A small driver: commands, then content.
const SCREEN: &str = "
import framebuf
buffer = bytearray(128 * 8)
fb = framebuf.FrameBuffer(buffer, 128, 64, framebuf.MONO_VLSB)
def commands(*cs):
    i2c.writeto(0x3c, b'\\0' + bytes(cs))
def show():
    commands(0x21, 0, 127, 0x22, 0, 7)
    i2c.writeto(0x3c, b'\\x40' + buffer)
";

#[test]
fn a_display_shows_what_was_drawn() {
    let source = format!(
        "{I2C}{SCREEN}
commands(0x20, 0, 0xa1, 0xc8, 0x8d, 0x14, 0xaf)
fb.hline(0, 1, 128, 1)
fb.pixel(3, 63, 1)
show()
commands(0xa7)
commands(0xa6, 0xa0)
commands(0xae)
"
    );
    let run = run(&i2c_part("ssd1306", ""), "", &source);
    let lit = run.shown("it", "lit");
    assert_eq!(lit, ["0", "129", "8063", "129", "0"]);
    let pixels = run.shown("it", "pixels");
    let picture = |dot: (usize, &str)| {
        let mut lines = vec!["00".repeat(16); 64];
        lines[1] = "ff".repeat(16);
        lines[63].replace_range(dot.0..dot.0 + 2, dot.1);
        lines.concat()
    };
    assert_eq!(pixels[1], picture((0, "10")));
    // The other way round the dot is on the other side.
    assert_eq!(pixels[pixels.len() - 2], picture((30, "08")));
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn a_display_is_written_in_three_ways() {
    let source = format!(
        "{I2C}{SCREEN}
commands(0xa1, 0xc8, 0x8d, 0x14, 0xaf)
def send(*bs): i2c.writeto(0x3c, b'\\x40' + bytes(bs))
# Along a page, from column 0x7e of page 2 on.
commands(0xb2, 0x0e, 0x17)
send(1, 2, 4)
# Down the pages 0 and 1 of columns 0 and 1.
commands(0x20, 1, 0x21, 0, 1, 0x22, 0, 1)
send(1, 3, 7, 15)
# And line by line.
commands(0x20, 0, 0x21, 8, 9, 0x22, 3, 4)
send(255, 1, 255, 1)
# Single ones between others.
i2c.writeto(0x3c, b'\\x80\\xb7\\x80\\x00\\x80\\x10\\x80\\x20\\x80\\x02\\xc0\\x55\\x40\\xff')
"
    );
    let run = run(&i2c_part("ssd1306", ""), "", &source);
    let shown = run.shown("it", "pixels");
    let last = shown.last().expect("it shows");
    let line = |n: usize| &last[32 * n..32 * n + 32];
    let with = |start: &str, end: &str| {
        format!("{start}{}{end}", "0".repeat(32 - start.len() - end.len()))
    };
    assert_eq!(line(0), with("c0", ""));
    assert_eq!(line(1), with("40", ""));
    assert_eq!(line(8), with("c0", ""));
    assert_eq!(line(11), with("40", ""));
    // The third byte went over the end, to where the first had been.
    assert_eq!(line(16), with("", ""));
    assert_eq!(line(17), with("", "01"));
    assert_eq!(line(18), with("", "02"));
    assert_eq!(line(24), with("00c0", ""));
    assert_eq!(line(25), with("0080", ""));
    assert_eq!(line(32), with("00c0", ""));
}

#[test]
fn a_display_without_its_charge_pump_stays_dark_and_says_so() {
    let source = format!("{I2C}{SCREEN}commands(0xa5, 0xaf)\ntime.sleep(1)\ncommands(0x8d, 0x14)");
    let run = run(&i2c_part("ssd1306", "size = '128x32'"), "", &source);
    assert_eq!(run.shown("it", "lit"), ["0", "4096"]);
    assert!(run.faults()[0].contains("send 0x8d, 0x14 before 0xaf"), "{:?}", run.faults());
}

const CARD: &str = "
[parts.card]
kind = 'sd-card'
pins = { cs = 'D10', sck = 'D13', mosi = 'D11', miso = 'D12' }
";

/// A block device on a card: the least that mounts it.
const CARD_DRIVER: &str = "
import os, vfs
from machine import Pin, SPI
spi = SPI(2, 1_000_000, sck=Pin(18), mosi=Pin(23), miso=Pin(19))
cs = Pin(5, Pin.OUT, value=1)
def get(n=1): return spi.read(n, 0xff)
def command(n, argument=0, crc=1, more=0):
    cs(0)
    spi.write(bytes([0x40 | n]) + argument.to_bytes(4, 'big') + bytes([crc]))
    for _ in range(10):
        status = get()[0]
        if status < 0x80:
            return (status, get(more)) if more else status
def block(n):
    while get()[0] != 0xfe:
        pass
    data = get(n)
    get(2)
    return data
class Card:
    def readblocks(self, sector, buffer):
        for at in range(0, len(buffer), 512):
            assert command(17, sector * 512 + at) == 0
            buffer[at:at + 512] = block(512)
        cs(1)
    def writeblocks(self, sector, buffer):
        for at in range(0, len(buffer), 512):
            assert command(24, sector * 512 + at) == 0
            spi.write(b'\\xfe' + bytes(buffer[at:at + 512]) + b'..')
            assert get()[0] & 0x1f == 5
            while get()[0] == 0:
                pass
        cs(1)
    def ioctl(self, op, arg):
        return {4: sectors, 5: 512}.get(op, 0)
def begin():
    global sectors
    assert command(0, 0, 0x95) == 1
    assert command(8, 0x1aa, 0x87, 4) == (1, b'\\0\\0\\1\\xaa')
    while command(55) == 1 and command(41, 0x40000000) == 1:
        pass
    assert command(9) == 0
    csd = block(16)
    rows = (csd[6] & 3) << 10 | csd[7] << 2 | csd[8] >> 6
    sectors = (rows + 1) << (csd[9] & 3) * 2 + (csd[10] >> 7) + 2
    cs(1)
";

#[test]
fn a_card_of_every_kind_of_table_is_mounted_and_keeps_files() {
    for (megabytes, sectors) in [(1, 2048), (2, 4096), (3, 6144), (8, 16384), (32, 65536)] {
        let source = format!(
            "{CARD_DRIVER}
begin()
print(sectors)
vfs.mount(Card(), '/sd')
print(os.listdir('/sd'), os.statvfs('/sd')[2] > sectors // 5)
with open('/sd/log.txt', 'w') as f:
    for n in range(300):
        f.write('line %d\\n' % n)
vfs.umount('/sd')
vfs.mount(Card(), '/sd')
print(os.listdir('/sd'), os.stat('/sd/log.txt')[6])
print(open('/sd/log.txt').read()[-9:])
"
        );
        let run = run(&format!("{CARD}megabytes = {megabytes}"), "", &source);
        assert_eq!(run.text, format!("{sectors}\n[] True\n['log.txt'] 2590\nline 299\n\n"));
        assert!(run.amount("card", "writes") > 5.0);
        assert_eq!(run.faults(), [""; 0]);
    }
}

#[test]
fn a_card_refuses_what_it_cannot_do() {
    let source = format!(
        "{CARD_DRIVER}
print(command(17))              # it does not listen yet
print(command(0, 0, 0x94))      # nor with a wrong checksum
print(command(0, 0, 0x95), command(17), command(58, 0, 1, 4))
begin()
print(command(58, 0, 1, 4))
print([hex(command(*c)) for c in ((17, 1), (17, 512 * sectors), (16, 1024), (16, 512), (60,))])
print(command(59, 1), command(13, 0, 1))
cs(1)
print(command(0, 0, 0x95))
"
    );
    let expected = "None\nNone\n1 5 (1, b'\\x00\\xff\\x80\\x00')\n(0, b'\\x80\\xff\\x80\\x00')\n\
                    ['0x20', '0x40', '0x40', '0x0', '0x4']\n0 8\n1\n";
    assert_eq!(run(CARD, "", &source).text, expected);
}

#[test]
fn several_sectors_are_written_and_read_at_once() {
    let source = format!(
        "{CARD_DRIVER}
begin()
print(command(25, 512 * 100))
for n in range(3):
    spi.write(b'\\xfc' + bytes([n]) * 512 + b'..')
    print(hex(get()[0]))
    while get()[0] == 0:
        pass
spi.write(b'\\xfd\\xff')
while get()[0] == 0:
    pass
cs(1)
print(command(18, 512 * 101))
print(block(512)[0], block(512)[0])
spi.write(b'\\x4c\\0\\0\\0\\0\\1\\xff')
print(command(18, 512 * 102))
print(block(512)[0], block(512)[0])
"
    );
    assert_eq!(run(CARD, "", &source).text, "0\n0xe5\n0xe5\n0xe5\n0\n1 2\n0\n2 0\n");
}
