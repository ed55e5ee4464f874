//! Runs every script under `conformance/` and compares what it prints with the file beside it.
//!
//! Comments at the top of a script may say `# float: f32` (single precision) or `# stress`
//! (collect at every allocation).

use coil_testkit::{Kept, check_scripts};
use coil_vm::compiler::Mode;
use coil_vm::{Config, Raised, Vm, names, rom::Rom};
use std::path::Path;

/// What a script prints, an exception that ends it included.
fn run(source: &str, stress: bool) -> String {
    let directives: Vec<&str> = source.lines().take_while(|l| l.starts_with('#')).collect();
    let single = directives.contains(&"# float: f32");
    let heap = 2 << 20;
    let config = Config {
        heap_initial: heap,
        heap_max: heap,
        stack_bytes: 60_000,
        single_precision: single,
    };
    let port = Kept::default();
    let out = port.output();
    let rom = Rom::new(&[&coil_vm::objects::array::MODULE]);
    let mut vm = Vm::new(rom, Box::new(port), config);
    vm.gc_stress = stress || directives.contains(&"# stress");
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    out.text()
}

#[test]
fn every_script_prints_what_the_reference_prints() {
    check_all(false);
}

#[test]
fn every_script_does_so_when_memory_is_collected_at_every_allocation() {
    check_all(true);
}

/// What a script prints whose code went through bytes.
fn run_from_bytes(source: &str) -> Result<String, Raised> {
    let config = Config {
        heap_initial: 2 << 20,
        heap_max: 2 << 20,
        stack_bytes: 60_000,
        single_precision: source.starts_with("# float: f32"),
    };
    let port = Kept::default();
    let out = port.output();
    let rom = Rom::new(&[&coil_vm::objects::array::MODULE]);
    let mut vm = Vm::new(rom, Box::new(port), config);
    let module = vm.new_module(names::main)?;
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    let code = vm.compile(source.as_bytes(), "script.py", Mode::Module)?;
    let bytes = vm.pack_code(code)?;
    let code = vm.unpack_code(&bytes)?;
    vm.pin(code);
    if vm.run_module_code(code, dict, dict).is_err() {
        out.add_exception(&mut vm);
    }
    Ok(out.text())
}

#[test]
fn every_script_does_so_when_its_code_comes_from_bytes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    check_scripts(&folder, |source| {
        let has_machine_code = source.contains("@micropython.");
        (!has_machine_code).then(|| run_from_bytes(source).unwrap_or_default())
    });
}

fn check_all(stress: bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    check_scripts(&folder, |source| Some(run(source, stress)));
}

/// Values that are awkward in every operation.
const ODD: &str = r#"
class Plain: pass
class Num:
    def __int__(self): return 3
    def __float__(self): return 2.5
    def __index__(self): return 1
class S(str): pass
class B(bytes): pass
class L(list): pass
class Cut:
    def __getitem__(self, i): return i
cut = Cut()
import array
big = 1 << 70
odd = [None, True, False, 0, 1, -1, 2, 37, 255, 256, 4611686018427387903, -4611686018427387904, big, -big, 10**30,
    0.0, -0.0, 1.5, -2.5, 1e300, -1e-300, float('inf'), float('nan'), 2+3j, 0j,
    '', 'a', 'abc', 'h\xe9llo \u4f60 \U0001f600', '{', '}', '{}', '{0}', '{:5}', '{!r:>{}}', '%', '%s', '%d %d', '%(a)s',
    '%*.*f', ' a b\tc\r\n', '12', '1e5', 'utf-8', 'ascii', 'bogus', 'little',
    b'', b'a', b'abc', b'\xff\xfe', b'\xe4\xbd', b'%s', b'12', bytearray(), bytearray(b'abc\xff'), memoryview(b'abcd'),
    memoryview(bytearray(b'abcd')), memoryview(array.array('i', [1, 2])), array.array('h', [1, 2, 3]), array.array('d', [1.5]),
    array.array('Q', [big - 1 - (1 << 69)]), [], [1, 2], ['a', 'b'], [b'a'], (), (1,), ('a', 'b'), (1, 'a', 2.5), {}, {'a': 1},
    {1}, cut[:], cut[1:2], cut[::-1], cut[2:100:2], cut['a':], range(3), iter([1, 2]), Plain, Plain(), Num(),
    S('abc'), B(b'abc'), L([1]), int, str, len, Ellipsis]
"#;

/// Calls every method and constructor of every type with them.
const METHODS: &str = r#"tried = 0
def attempt(f, *a, **k):
    global tried
    tried += 1
    try:
        return f(*a, **k)
    except Exception as e:
        str(e)
fresh = lambda v: v[:] if type(v) in (bytearray, array.array, list) else v
for v in odd:
    for name in dir(v):
        if name == '__class__' or type(v) in (type, type(len)): continue
        f = getattr(fresh(v), name, None)
        if not callable(f): continue
        attempt(f)
        for a in odd:
            attempt(getattr(fresh(v), name), a)
            for b in odd[::7]:
                attempt(getattr(fresh(v), name), a, b)
            attempt(getattr(fresh(v), name), a, 1, 2)
            attempt(getattr(fresh(v), name), a, key=a)
for T in (int, float, complex, bool, str, bytes, bytearray, memoryview, array.array):
    attempt(T)
    for a in odd:
        attempt(T, a)
        for b in odd[::STEP]:
            attempt(T, a, b)
        attempt(T, a, 'utf-8', 'ignore')
        attempt(T, a, x=1)
    for name in dir(T):
        f = getattr(T, name)
        if callable(f):
            for a in odd:
                attempt(f, a)
                for b in odd[::STEP]:
                    attempt(f, a, b)
print(tried > 500)
"#;

/// Uses every operator and the built-in functions on them.
const OPERATORS: &str = r#"import array
ops = ['a + b', 'a - b', 'a * b', 'a / b', 'a // b', 'a % b', 'a ** b', 'a << b', 'a >> b', 'a & b', 'a | b', 'a ^ b', 'a @ b',
    'a < b', 'a <= b', 'a > b', 'a >= b', 'a == b', 'a != b', 'a in b', 'a[b]', 'divmod(a, b)', 'round(a, b)', 'pow(a, b)',
    'pow(a, b, 7)', 'pow(7, a, b)', 'isinstance(a, type(b))', 'a.format(b, a)', '(b, a)', 'f"{a:{b}}"']
fs = [eval('lambda a, b: ' + o) for o in ops]
one = [eval('lambda a: ' + o) for o in ['-a', '+a', '~a', 'not a', 'abs(a)', 'hash(a)', 'len(a)', 'str(a)', 'repr(a)', 'int(a)',
    'float(a)', 'complex(a)', 'bool(a)', 'hex(a)', 'oct(a)', 'bin(a)', 'chr(a)', 'ord(a)', 'round(a)', 'list(a)', 'sorted(a)',
    'f"{a!r:10}"', 'f"{a:>10.3}"', '"%s %r" % (a, a)', '"%5.2f" % a', '"%-8x" % a', '"%c" % a', 'a[0]', 'a[-1]', 'a[1:]', 'sum(a)', 'max(a)']]
fresh = lambda v: v[:] if type(v) in (bytearray, array.array, list) else v
tried = 0
for i, a in enumerate(odd):
    for f in one:
        tried += 1
        try: f(fresh(a))
        except Exception as e: repr(e)
    for b in odd[i % STEP::STEP]:
        for f in fs:
            tried += 1
            try: f(fresh(a), b)
            except Exception as e: repr(e)
        x = fresh(a)
        try: x += b
        except Exception as e: repr(e)
        x = fresh(a)
        try: x *= b
        except Exception as e: repr(e)
        x = fresh(a)
        for i in (0, -1, 99, cut[0:2], cut[1:], cut[::2]):
            try: x[i] = b
            except Exception as e: repr(e)
        try: del x[b]
        except Exception as e: repr(e)
print(tried > 500)
"#;

/// Runs a script over the odd values: in both precisions, and a thinner one with a collection at
/// every allocation. A panic fails the test, and so does an exception that ends the script.
fn withstands(script: &str) {
    for (header, stress) in
        [("STEP = 3", false), ("# float: f32\nSTEP = 3", false), ("STEP = 20", true)]
    {
        let thin = if stress { "odd = odd[::4]\n" } else { "" };
        let printed = run(&format!("{header}\n{ODD}{thin}{script}"), stress);
        assert!(printed.ends_with("True\n"), "{}", &printed[printed.len().saturating_sub(400)..]);
    }
}

#[test]
fn no_method_panics_whatever_it_is_given() {
    withstands(METHODS);
}

#[test]
fn no_operator_panics_whatever_it_is_given() {
    withstands(OPERATORS);
}

#[test]
fn a_generator_as_the_body_of_a_class_makes_one_and_does_not_run() {
    let printed = run("def g():\n    yield 1\nprint(__build_class__(g, 'A'))\n", false);
    assert_eq!(printed, "<class 'A'>\n");
}
