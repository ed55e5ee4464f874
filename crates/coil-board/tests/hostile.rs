//! Nothing that a program hands to the firmware's modules ends the board: awkward arguments, and
//! file systems whose device holds nonsense.

mod board;

use board::{Chip, firmware, run};

const AWKWARD: &str = "
import _onewire, esp, esp32, io, machine, os, socket, vfs, websocket
class Plain: pass
class Stream(io.IOBase):
    def __init__(self, n): self.n = n
    def readinto(self, b): return self.n
    def write(self, b): return self.n
    def ioctl(self, r, a): return self.n
class Device:
    def __init__(self, size, count): self.size, self.count = size, count
    def readblocks(self, *a): a[1][:] = bytes(len(a[1]))
    def writeblocks(self, *a): pass
    def ioctl(self, op, arg): return {4: self.count, 5: self.size}.get(op, 0)
P = esp32.Partition
odd = [None, True, 0, 1, -1, 7, 511, 4096, 65536, 2147483647, -2147483648, 1 << 70, 1.5, '', 'x', '/', '/x/y', '..', 'a/../b', 'w', 'rb', 'x' * 300,
    b'', b'abc', bytearray(8), bytearray(4096), memoryview(bytearray(9)), [], [1, 2], (), {}, Plain, Plain(), Stream(0), Stream(5), Stream(-5), Stream(None),
    io.BytesIO(b'\\x81\\x02ab'), Device(512, 50), Device(0, 0), Device(512, 1 << 40), Device(4096, 30), Device(100, 7), Device(-1, -1), Device(None, None),
    P('nvs'), P('phy_init'), P('phy_init', 512), P('phy_init', 0), machine.Pin(4)]
made = [esp32.NVS('n'), P('phy_init'), P('factory'), websocket.websocket(io.BytesIO(b'\\x81\\x7f')), machine.Timer(-1), machine.Timer(2), machine.RTC(), machine.mem_backup(), machine.PWM(5), machine.ADC(36), machine.ADCBlock(1, bits=9),
    machine.DAC(25), machine.TouchPad(4), machine.Counter(0, 4), machine.Encoder(1, 4, 5), machine.Pin(4), machine.Pin(4).irq(), machine.Signal(4),
    esp32.PCNT(2), esp32.PCNT(2).irq(), esp32.RMT(pin=18), esp32.ULP(), P.find,
    machine.UART(1, tx=4, rx=5), machine.UART(1).irq(), machine.I2C(0), machine.SoftI2C(22, 21), machine.SPI(1), machine.SoftSPI(sck=14, mosi=13, miso=12),
    machine.I2S(0, sck=14, ws=13, sd=12, mode=1, bits=16, format=0, rate=8000, ibuf=4000), machine.I2S(1, sck=14, ws=13, sd=12, mode=2, bits=32, format=1, rate=8000, ibuf=4000),
    machine.SDCard(), machine.SDCard(slot=2)]
for kind in (vfs.VfsLfs2, vfs.VfsFat):
    d = Device(512, 50)
    d.data = bytearray(50 * 512)
    class Ram(Device):
        def readblocks(self, n, b, off=0): b[:] = self.data[n * 512 + off:n * 512 + off + len(b)]
        def writeblocks(self, n, b, off=0): self.data[n * 512 + off:n * 512 + off + len(b)] = b
    r = Ram(512, 50)
    r.data = bytearray(50 * 512)
    kind.mkfs(r)
    fs = kind(r)
    made += [fs, kind, fs.open('f', 'w'), fs.ilistdir('/'), fs.open('g', 'xb')]
skip = ('reset', 'soft_reset', 'deepsleep', 'lightsleep', 'sleep', 'idle', 'disable_irq', 'enable_irq', 'WDT', 'loop', 'loop_count')
def attempt(f, args):
    try:
        r = f(*args)
        if hasattr(r, '__next__'):
            for i in range(20): next(r)
    except Exception:
        pass
for o in made + [vfs, os, esp, _onewire, esp32, esp32.Partition, esp32.NVS, websocket, machine]:
    for name in dir(o):
        if name in skip or name.startswith('__') and name != '__del__': continue
        try:
            f = getattr(o, name)
        except Exception:
            continue
        if not callable(f): continue
        attempt(f, ())
        for a in odd:
            attempt(f, (a,))
            for b in odd[::5]:
                attempt(f, (a, b))
                attempt(f, (b, a, odd[(len(name) * 7) % len(odd)]))
print('alive')
";

#[test]
fn no_function_or_method_ends_the_board_whatever_it_is_given() {
    // Some say what is out of date.
    let printed = run(&firmware(), &Chip::erased(), AWKWARD, false);
    assert!(printed.ends_with("alive\n"), "{printed}");
}

const NONSENSE: &str = "
import vfs
class Ram:
    def __init__(self, n): self.data = bytearray(n * 512)
    def readblocks(self, n, b, off=0):
        part = self.data[n * 512 + off:n * 512 + off + len(b)]
        b[:len(part)] = part
    def writeblocks(self, n, b, off=0):
        if n * 512 + off + len(b) <= len(self.data):
            self.data[n * 512 + off:n * 512 + off + len(b)] = b
    def ioctl(self, op, arg): return {4: len(self.data) // 512, 5: 512}.get(op, 0)
seed = 1
def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % n
def use(fs):
    for f in (lambda: list(fs.ilistdir('/')), lambda: list(fs.ilistdir('d')), lambda: fs.stat('f'), lambda: fs.statvfs('/'), lambda: fs.chdir('d/e'),
            fs.getcwd, lambda: fs.open('f', 'r').read(), lambda: fs.open('new', 'w').write('x' * 900), lambda: fs.open('f', 'a').write('y'),
            lambda: fs.mkdir('m'), lambda: fs.rename('f', 'd/z'), lambda: fs.remove('g'), lambda: fs.rmdir('d/e')):
        try:
            f()
        except (OSError, ValueError, UnicodeError):
            pass
ram = Ram(60)
vfs.VfsFat.mkfs(ram)
fs = vfs.VfsFat(ram)
fs.mkdir('d')
fs.mkdir('d/e')
for n in ('f', 'g', 'd/A long name'):
    with fs.open(n, 'w') as f: f.write('text' * 300)
good = bytes(ram.data)
for i in range(3000):
    ram.data[:] = good
    for _ in range(1 + rnd(12)):
        at = rnd(512) if rnd(3) == 0 else 512 + rnd(512) if rnd(2) else rnd(len(good) // 2)
        ram.data[at] = rnd(256) if rnd(2) else ram.data[at] ^ (1 << rnd(8))
    try:
        fs = vfs.VfsFat(ram)
        fs.mount(False, False)
    except OSError:
        continue
    use(fs)
print('alive')
";

#[test]
fn a_fat_file_system_of_nonsense_only_raises() {
    assert_eq!(run(&firmware(), &Chip::erased(), NONSENSE, false), "alive\n");
}
