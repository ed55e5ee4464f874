//! `sys`: the interpreter about itself, and the console as streams.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::rom::{Access, Args, Item, ModuleDef, PrintKind, TypeDef, def};
use coil_vm::{Header, Qstr, Raised, Res, Told, Value, Vm, kinds, types};

/// `sys`
pub static MODULE: ModuleDef = ModuleDef {
    name: "sys",
    items: &[
        Item::Str("byteorder", "little"),
        Item::Str("platform", "esp32"),
        Item::Int("maxsize", 0x7fff_ffff),
        def("exit(status=)", exit),
        def("print_exception(exception, file=)", print_exception),
        Item::Type("_stream", &STREAM),
        Item::Type("_buffer", &BUFFER),
        // Computed below; the rows are for `dir()`.
        Item::Value("path", Value::NULL),
        Item::Value("argv", Value::NULL),
        Item::Value("modules", Value::NULL),
        Item::Value("version", Value::NULL),
        Item::Value("version_info", Value::NULL),
        Item::Value("implementation", Value::NULL),
        Item::Value("stdin", Value::NULL),
        Item::Value("stdout", Value::NULL),
        Item::Value("stderr", Value::NULL),
    ],
    attr: Some(attr),
};

/// What the firmware tells about itself; the board fills it in.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// `sys.version`: language version and firmware build.
    pub version: String,
    /// `sys.implementation.version`
    pub numbers: (i64, i64, i64),
    /// `sys.implementation._machine`
    pub machine: String,
    /// `sys.implementation._build`
    pub build: String,
    /// `sys.implementation._thread`
    pub thread: String,
    /// `sys.implementation._mpy`
    pub mpy: i64,
    /// Which of the private names above `sys.implementation` has.
    pub implementation: Vec<String>,
    /// `sys.path` at the start.
    pub path: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    argv: Option<usize>,
    implementation: Option<usize>,
    /// `sys.ps1` and `sys.ps2`, where they were set.
    prompts: [Option<usize>; 2],
}

/// A prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ps {
    /// `sys.ps1`: for a new statement.
    First,
    /// `sys.ps2`: for its further lines.
    Second,
}

impl Ps {
    fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"ps1" => Some(Self::First),
            b"ps2" => Some(Self::Second),
            _ => None,
        }
    }

    fn usual(self) -> &'static str {
        match self {
            Self::First => ">>> ",
            Self::Second => "... ",
        }
    }
}

/// What the prompt is to show: nothing if the program set what is no text.
pub fn prompt(vm: &mut Vm, which: Ps) -> String {
    match vm.state::<State>().prompts[which as usize].map(|place| vm.pinned(place)) {
        None => which.usual().into(),
        Some(v) if vm.is_str(v) => String::from_utf8_lossy(vm.str_bytes(v)).into_owned(),
        Some(_) => String::new(),
    }
}

fn attr(vm: &mut Vm, name: Qstr, access: Access) -> Res {
    if access != Access::Load {
        return assign(vm, name, access);
    }
    if let Some(which) = Ps::named(vm.names.get(name)) {
        return match vm.state::<State>().prompts[which as usize] {
            Some(place) => Ok(vm.pinned(place)),
            None => vm.new_str(which.usual().as_bytes()),
        };
    }
    match vm.names.get(name) {
        b"path" => path(vm),
        b"argv" => {
            if let Some(place) = vm.state::<State>().argv {
                return Ok(vm.pinned(place));
            }
            let list = vm.new_list(&[])?;
            let place = vm.pin(list);
            vm.state::<State>().argv = Some(place);
            Ok(list)
        }
        b"modules" => Ok(vm.modules),
        b"version" => {
            let text = identity(vm).version;
            vm.new_str(text.as_bytes())
        }
        b"version_info" => vm.new_tuple(&[Value::int(3), Value::int(4), Value::int(0)]),
        b"implementation" => implementation(vm),
        b"stdin" => stream(vm, &STREAM, 0),
        b"stdout" => stream(vm, &STREAM, 1),
        b"stderr" => stream(vm, &STREAM, 2),
        _ => Ok(Value::NULL),
    }
}

fn assign(vm: &mut Vm, name: Qstr, access: Access) -> Res {
    let Access::Store(v) = access else { return Ok(Value::NULL) };
    if vm.names.get(name) == b"path" {
        vm.path = v;
    } else if let Some(which) = Ps::named(vm.names.get(name)) {
        match vm.state::<State>().prompts[which as usize] {
            Some(place) => vm.set_pinned(place, v),
            None => {
                let place = vm.pin(v);
                vm.state::<State>().prompts[which as usize] = Some(place);
            }
        }
    } else {
        return Ok(Value::NULL);
    }
    Ok(Value::NONE)
}

fn identity(vm: &mut Vm) -> Identity {
    vm.state::<Identity>().clone()
}

/// `sys.path`
pub fn path(vm: &mut Vm) -> Res {
    if !vm.path.is_null() {
        return Ok(vm.path);
    }
    let list = vm.new_list(&[])?;
    let r = list.as_ref().expect("a list is an object");
    for entry in identity(vm).path {
        let v: Value = vm.intern(&entry).into();
        vm.list_append(r, v)?;
    }
    vm.path = list;
    Ok(list)
}

fn implementation(vm: &mut Vm) -> Res {
    if let Some(place) = vm.state::<State>().implementation {
        return Ok(vm.pinned(place));
    }
    let id = identity(vm);
    let (a, b, c) = id.numbers;
    let empty = vm.new_str(b"")?;
    // Firmware that tells its build tells as well that it is released.
    let parts = if id.implementation.iter().any(|n| n == "_build") { 4 } else { 3 };
    let version = [Value::int(a), Value::int(b), Value::int(c), empty];
    let version = vm.new_tuple(&version[..parts])?;
    let (machine, build) = (vm.new_str(id.machine.as_bytes())?, vm.new_str(id.build.as_bytes())?);
    let thread = vm.new_str(id.thread.as_bytes())?;
    let name = vm.intern("micropython").into();
    let fields = [
        ("name", name),
        ("version", version),
        ("_machine", machine),
        ("_mpy", Value::int(id.mpy)),
        ("_build", build),
        ("_thread", thread),
    ];
    let there = |name: &str| !name.starts_with('_') || id.implementation.iter().any(|n| n == name);
    let (names, values): (Vec<&str>, Vec<Value>) =
        fields.iter().copied().filter(|f| there(f.0)).unzip();
    let v = vm.new_attr_tuple(&names, &values)?;
    let place = vm.pin(v);
    vm.state::<State>().implementation = Some(place);
    Ok(v)
}

fn exit(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    Err(vm.raise_value(types::SYSTEM_EXIT, v))
}

fn print_exception(vm: &mut Vm, args: Args) -> Res {
    let e = vm.arg(args, 0);
    let file = vm.arg(args, 1);
    if args.n == 2 {
        crate::stream::check(vm, file, crate::stream::Op::Write)?;
    }
    let mut text = Vec::new();
    vm.print_exception(e, &mut text);
    if args.n == 2 {
        let write = vm.intern("write");
        let write = vm.get_attr(file, write)?;
        let text = vm.stream_data(file, &text)?;
        vm.call(write, &[text])?;
    } else {
        vm.write_stdout(&text)?;
    }
    Ok(Value::NONE)
}

// ---- the console as streams: field 0 says which one ----

/// `sys.stdin`, `sys.stdout`, `sys.stderr`: text.
pub static STREAM: TypeDef = TypeDef {
    name: "TextIOWrapper",
    items: STREAM_ITEMS,
    attr: Some(|vm, v, name, access| {
        if access == Access::Load && vm.names.get(name) == b"buffer" {
            let which = which(vm, v);
            return stream(vm, &BUFFER, which);
        }
        Ok(Value::NULL)
    }),
    print: Some(print_stream),
    iter: Some(|_, v| Ok(v)),
    next: Some(|vm, v| {
        let line = read_until(vm, v, usize::MAX, true)?;
        text(vm, v, line)
    }),
    ..TypeDef::EMPTY
};

/// The same as bytes.
pub static BUFFER: TypeDef =
    TypeDef { name: "FileIO", items: STREAM_ITEMS, print: Some(print_stream), ..TypeDef::EMPTY };

const STREAM_ITEMS: &[Item] = &[
    def("read(self, n=)", |vm, a| {
        let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
        let this = vm.arg(a, 0);
        let bytes = read_until(vm, this, usize::try_from(n).unwrap_or(usize::MAX), false)?;
        text(vm, this, bytes)
    }),
    def("readline(self, n=)", |vm, a| {
        let this = vm.arg(a, 0);
        let bytes = read_until(vm, this, usize::MAX, true)?;
        text(vm, this, bytes)
    }),
    def("readinto(self, buffer, n=)", |vm, a| {
        let (this, buffer) = (vm.arg(a, 0), vm.arg(a, 1));
        let mut n = vm.buffer_len(buffer)?;
        if a.n > 2 {
            n = n.min(usize::try_from(vm.expect_int(vm.arg(a, 2))?).unwrap_or(0));
        }
        let bytes = read_until(vm, this, n, false)?;
        vm.buffer_write(buffer, 0, &bytes)?;
        Ok(Value::int(bytes.len() as i64))
    }),
    def("write(self, data, n=)", |vm, a| {
        let data = vm.arg(a, 1);
        let mut bytes = vm.expect_bytes_like(data)?;
        if a.n > 2 {
            bytes.truncate(usize::try_from(vm.expect_int(vm.arg(a, 2))?).unwrap_or(0));
        }
        if is_text(vm, vm.arg(a, 0)) {
            vm.write_stdout(&bytes)?;
        } else {
            vm.write_console(&bytes);
            vm.tell(Told::Text(&bytes));
        }
        Ok(Value::int(bytes.len() as i64))
    }),
    def("flush(self)", |_, _| Ok(Value::NONE)),
    def("close(self)", |_, _| Ok(Value::NONE)),
    def("__enter__(self)", |vm, a| Ok(vm.arg(a, 0))),
    def("__exit__(self, *args)", |_, _| Ok(Value::NONE)),
    // Readiness, for `select`: bit 0 readable, bit 2 writable.
    def("ioctl(self, request, arg)", |vm, a| {
        if vm.expect_int(vm.arg(a, 1))? != 3 {
            return Ok(Value::int(-22));
        }
        let wanted = vm.expect_int(vm.arg(a, 2))?;
        let ready = 4 | i64::from(vm.console_readable());
        Ok(Value::int(wanted & ready))
    }),
];

fn stream(vm: &mut Vm, def: &'static TypeDef, which: i64) -> Res {
    let class = vm.type_value(def);
    let number = Vm::type_number(class).expect("a built-in type has a number");
    let r = vm.alloc(Header::new(kinds::NATIVE, 0, number as u16, 1))?;
    vm.heap.set(r, 0, Value::int(which));
    Ok(r.into())
}

fn which(vm: &Vm, v: Value) -> i64 {
    v.as_ref().map_or(0, |r| vm.heap.get(r, 0).int_unchecked())
}

fn is_text(vm: &Vm, v: Value) -> bool {
    vm.type_of(v) == vm.type_value(&STREAM)
}

fn print_stream(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    out.extend_from_slice(
        format!(
            "<io.{} {}>",
            if is_text(vm, v) { "TextIOWrapper" } else { "FileIO" },
            which(vm, v)
        )
        .as_bytes(),
    );
    Ok(())
}

/// Waits for up to `n` bytes, or for a line.
fn read_until(vm: &mut Vm, v: Value, n: usize, line: bool) -> Result<Vec<u8>, Raised> {
    let as_text = is_text(vm, v);
    let mut bytes = Vec::new();
    while bytes.len() < n {
        let Some(b) = vm.read_console() else {
            vm.wait_until(None, |vm| Ok(vm.console_readable()))?;
            continue;
        };
        let b = if as_text && b == b'\r' { b'\n' } else { b };
        bytes.push(b);
        if line && b == b'\n' || bytes.len() >= 1 << 20 {
            break;
        }
    }
    Ok(bytes)
}

fn text(vm: &mut Vm, v: Value, bytes: Vec<u8>) -> Res {
    if is_text(vm, v) { vm.new_str(&bytes) } else { vm.new_bytes(&bytes) }
}
