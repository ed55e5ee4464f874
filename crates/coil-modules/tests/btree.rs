//! Databases where the reference is no measure: keys that need pages of their own, which it brings
//! out of order, and files that were tampered with, which it believes.

use coil_testkit::Kept;
use coil_vm::compiler::Mode;
use coil_vm::{Config, Vm, names, rom::Rom};

/// What a program prints.
fn run(source: &str) -> String {
    let heap = 2 << 20;
    let config =
        Config { heap_initial: heap, heap_max: heap, stack_bytes: 60_000, single_precision: true };
    let port = Kept::default();
    let out = port.output();
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(port), config);
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    out.text()
}

#[test]
fn keys_and_values_may_be_longer_than_a_page() {
    let printed = run(r"
import btree, io
f = io.BytesIO()
db = btree.open(f, pagesize=512)
keys = [bytes([65 + i * 7 % 26]) * (40 * i) + b'!' for i in range(40)]
for k in keys:
    db[k] = k[:7] * 100
db.close()
f.seek(0)
db = btree.open(f)
assert list(db) == sorted(keys), 'all'
assert list(db.items(None, None, btree.DESC)) == [(k, k[:7] * 100) for k in reversed(sorted(keys))], 'reversed'
for k in keys[::2]:
    del db[k]
assert list(db) == sorted(keys[1::2]), 'half'
for k in keys:
    db[k] = b'new'
db.flush()
size = len(f.getvalue())
assert list(db.items()) == [(k, b'new') for k in sorted(keys)], 'again'
for i in range(5):
    for k in keys:
        db[k] = bytes(3000)
    for k in keys:
        db[k] = b''
db.flush()
print(len(f.getvalue()) < 20 * size)
for k in keys:
    del db[k]
print(list(db))
db.close()
");
    assert_eq!(printed, "True\n[]\n");
}

#[test]
fn freed_pages_are_used_again() {
    let printed = run(r"
import btree, io
f = io.BytesIO()
db = btree.open(f, pagesize=512)
sizes = set()
for i in range(6):
    for k in range(100):
        db['%d' % k] = bytes(300)
    for k in range(100):
        del db['%d' % k]
    db.flush()
    sizes.add(len(f.getvalue()))
print(len(sizes), list(db))
");
    assert_eq!(printed, "1 []\n");
}

#[test]
fn files_that_were_tampered_with_give_os_errors() {
    let printed = run(r"
import btree, io
f = io.BytesIO()
db = btree.open(f, pagesize=512)
for i in range(60):
    db['key%d' % (i * 37 % 60)] = bytes(i * 11)
db.close()
good = f.getvalue()
n = 1
errors = 0
def delete(k):
    try:
        del db[k]
    except KeyError:
        pass
for turn in range(400):
    bad = bytearray(good)
    for i in range(turn % 7 + 1):
        n = (n * 1103515245 + 12345) & 0x3fffffff
        # Mostly where pages and items say what they are.
        at = (n >> 8) % len(bad)
        if n & 0x10000000:
            at = at // 512 * 512 + at % 64
        bad[at] = n >> 16 & 255 if n & 0x8000000 else n >> 16 & 3
    f = io.BytesIO(bad if turn % 9 else bad[:n % len(bad)])
    try:
        db = btree.open(f)
    except OSError:
        errors += 1
        continue
    for work in (
        lambda: [None for pair in db.items()],
        lambda: [None for pair in db.items(None, None, btree.DESC)],
        lambda: [db.get('key%d' % i) for i in range(60)],
        lambda: [db.put('key%d' % i, bytes(i * 20)) for i in range(0, 60, 3)],
        lambda: [db.put('k%d' % i, bytes(100)) for i in range(20)],
        lambda: [db.put(k, b'') for k in ('key3', 'key7', 'key59')],
        lambda: [delete('key%d' % i) for i in range(60)],
        lambda: db.close(),
    ):
        try:
            work()
        except OSError:
            errors += 1
print(errors > 100)
");
    assert_eq!(printed, "True\n");
}

#[test]
fn a_stream_that_uses_its_own_database_finds_it_busy() {
    let printed = run(r"
import btree, io
class Own(io.IOBase):
    def __init__(self):
        self.inner = io.BytesIO()
        self.db = None
    def write(self, b):
        try:
            self.db['x'] = b'y'
        except OSError as e:
            print(e.errno, end=' ')
        return self.inner.write(b)
    def readinto(self, b):
        return self.inner.readinto(b)
    def ioctl(self, request, arg):
        import uctypes
        if request == 2:
            s = uctypes.struct(arg, {'at': 0 | uctypes.INT32, 'whence': 4 | uctypes.INT32}, uctypes.LITTLE_ENDIAN)
            s.at = self.inner.seek(s.at, s.whence)
        return 0
own = Own()
own.db = btree.open(own, pagesize=512)
own.db['a'] = b'b'
print(own.db.flush(), list(own.db.items()))
own.inner.seek(0)
print(list(btree.open(own).items()))
");
    assert_eq!(printed, "16 16 0 [(b'a', b'b')]\n[(b'a', b'b')]\n");
}
