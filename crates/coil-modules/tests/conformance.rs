//! Runs every script under `conformance/` and compares what it prints with the file beside it.
//! A comment `# float: f32` at the top of a script asks for single precision.

use coil_testkit::{Kept, check_scripts};
use coil_vm::compiler::Mode;
use coil_vm::{Config, Vm, names, rom::Rom};
use std::path::Path;

/// What a script prints, an exception that ends it included.
fn run(source: &str, stress: bool) -> String {
    let single_precision = source.lines().next() == Some("# float: f32");
    let heap = 2 << 20;
    let config =
        Config { heap_initial: heap, heap_max: heap, stack_bytes: 60_000, single_precision };
    let port = Kept::default();
    let out = port.output();
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(port), config);
    vm.gc_stress = stress;
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    out.text()
}

fn check_all(stress: bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    check_scripts(&folder, |source| Some(run(source, stress)));
}

#[test]
fn every_script_prints_what_the_reference_prints() {
    check_all(false);
}

#[test]
fn every_script_does_so_when_memory_is_collected_at_every_allocation() {
    check_all(true);
}

/// Calls everything in every module with values that are awkward, and the methods of what that gives.
const HOSTILE: &str = r#"
import sys, io
from collections import OrderedDict, deque, namedtuple
import array, binascii, cmath, cryptolib, deflate, errno, framebuf, uctypes, hashlib, heapq, json, math, platform, random, re, select, struct, string, string.templatelib, weakref
class Plain: pass
class Num:
    def __int__(self): return 3
    def __float__(self): return 2.5
class Stream(io.IOBase):
    def __init__(self, n): self.n = n
    def readinto(self, b): return self.n
    def write(self, b): return self.n
    def ioctl(self, r, a): return self.n
class Reader(io.IOBase):
    def __init__(self, data): self.data = data
    def readinto(self, b):
        n = min(len(b), len(self.data))
        b[:n] = self.data[:n]
        self.data = self.data[n:]
        return n
big = 1 << 70
odd = [None, True, 0, 1, -1, 3, 15, 16, 255, 256, 65536, 2147483647, -2147483648, 4611686018427387903, big, -big, 0.0, -1.5, 1e300,
    float('inf'), float('nan'), 2j, '', 'a', '<B', '@3H2x4sq', '99999999999s', '(a*)*b', '[a-', 'a{2}', '\\', 'x y', '{"a": [1, 2.5e', '[1]',
    b'', b'a', b'\x78\x9c\x03\x00\x00\x00\x00\x01', b'\x1f\x8b\x08\x00', bytes(range(256)), bytearray(), bytearray(b'0123456789abcdef'),
    memoryview(bytearray(64)), array.array('h', [1, -2, 3, 400, 5, 6]), [], [3, 1, 2], ['a', 1, None], [[1]], (), (1,), (',', ':'), {}, {'a': 1}, {1: {2: 3}},
    {1, 2}, range(3), Plain, Plain(), Num(), Stream(0), Stream(1), Stream(-5), Stream(None), Stream(10**9), Reader(b'[1, 2]'), io.StringIO('{"a": 1}'),
    io.BytesIO(b'\x78\x9c\x4b\x4c\x04\x00\x02\x49\x01\x24'), deque((1, 2), 4), OrderedDict([(1, 2)]), namedtuple('P', 'a b')(1, 2),
    framebuf.FrameBuffer(bytearray(32), 16, 16, 0), re.compile('(a)(b)?'), hashlib.md5(), len, int, str]
tried = 0
def attempt(f, *a, **k):
    global tried
    tried += 1
    try:
        return f(*a, **k)
    except Exception as e:
        str(e)
def methods(o):
    for name in dir(o):
        if name[:2] == '__' or name in SKIP: continue
        m = getattr(o, name, None)
        if not callable(m): continue
        attempt(m)
        for a in odd[::3]:
            attempt(m, a)
            for b in odd[::9]:
                attempt(m, a, b)
                attempt(m, a, b, a)
        attempt(m, 3, 3, 5, 5, 1)
        attempt(m, -3, -70000, 2147483647, 50000, 1, True)
        attempt(m, 2147483647, -2147483648, -2147483648, 2147483647, 1, True)
    attempt(lambda: list(o))
    attempt(lambda: (o[0], o[-1], o[1:2]))
    str(o), repr(o), bool(o), attempt(len, o)
SKIP = ('factorial', 'register')
for module in MODULES:
    for name in dir(module):
        if name[:2] == '__' or name in SKIP: continue
        f = getattr(module, name)
        if not callable(f): continue
        attempt(f)
        for a in odd:
            made = [attempt(f, a)]
            for b in odd[::2]:
                made.append(attempt(f, a, b))
                for c in odd[::17]:
                    made.append(attempt(f, a, b, c))
                    attempt(f, a, b, c, b)
            attempt(f, a, x=1)
            if type(f) is type:
                for o in made[::7]:
                    if type(o) is f: methods(o)
for made in MADE:
    methods(made())
print(tried > 1000)
"#;

fn hostile(modules: &str, made: &str) {
    let source = HOSTILE.replace("MODULES", modules).replace("MADE", made);
    let printed = run(&source, false);
    assert!(printed.ends_with("True\n"), "{}", &printed[printed.len().saturating_sub(400)..]);
}

#[test]
fn nothing_in_collections_heapq_struct_or_random_panics_or_hangs() {
    hostile(
        "[sys.modules.get('collections') or __import__('collections'), heapq, struct, random]",
        "[lambda: deque((1, 2, 3), 5)]",
    );
}

#[test]
fn nothing_in_json_binascii_hashlib_or_cryptolib_panics_or_hangs() {
    hostile(
        "[json, binascii, hashlib, cryptolib]",
        "[lambda: hashlib.sha1(b'a'), lambda: cryptolib.aes(bytes(16), 2, bytes(16))]",
    );
}

#[test]
fn nothing_in_math_cmath_errno_or_platform_panics_or_hangs() {
    hostile("[math, cmath, errno, platform, uctypes]", "[]");
}

#[test]
fn nothing_in_io_deflate_or_select_panics_or_hangs() {
    hostile(
        "[io, deflate]",
        "[lambda: io.StringIO('a\\nb'), lambda: io.BytesIO(b'a\\nb'), lambda: io.BufferedWriter(Stream(1), 4), lambda: deflate.DeflateIO(io.BytesIO(b'abc'))]",
    );
}

#[test]
fn nothing_in_re_or_framebuf_panics_or_hangs() {
    hostile(
        "[re, framebuf]",
        "[lambda: re.compile('(a+)+'), lambda: re.match('(.)', 'a'), lambda: framebuf.FrameBuffer(bytearray(512), 16, 16, 1), lambda: framebuf.FrameBuffer(bytearray(512), 15, 9, 2, 16)]",
    );
}
