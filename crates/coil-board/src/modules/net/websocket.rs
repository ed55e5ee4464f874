//! `websocket`: frames of the WebSocket protocol over any stream.

use super::stream;
use alloc::vec::Vec;
use coil_modules::stream as any;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `websocket`
pub(crate) static MODULE: ModuleDef =
    ModuleDef { name: "websocket", items: &[Item::Type("websocket", &WEBSOCKET)], attr: None };

/// `websocket.websocket`: see the fields below.
static WEBSOCKET: TypeDef = TypeDef {
    name: "websocket",
    items: &[
        def("read(self, n=)", |vm, a| stream::read(vm, a, read_some)),
        def("readinto(self, buffer, n=)", |vm, a| stream::readinto(vm, a, read_some)),
        def("readline(self, n=)", |vm, a| stream::readline(vm, a, read_some)),
        def("write(self, data, n=)", |vm, a| stream::write(vm, a, write_some)),
        def("ioctl(self, request, arg=)", ioctl),
        def("close(self)", |vm, a| {
            close(vm, vm.arg(a, 0))?;
            Ok(Value::NONE)
        }),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

/// Fields: the stream below, and where the frame that is being read has got to.
const SOCK: usize = 0;
/// Bytes of the payload that are to come.
const LEFT: usize = 1;
const STATE: usize = 2;
/// Bytes of the header that are to come, those that have, and how many these are.
const MISSING: usize = 3;
const HEAD: usize = 4;
const HAVE: usize = 5;
/// The four bytes of the mask, and which is next.
const MASK: usize = 6;
const MASK_AT: usize = 7;
/// What frames are sent as, and whether writing waits.
const OPTIONS: usize = 8;
/// The first byte of the last data frame, and of this frame.
const DATA_FLAGS: usize = 9;
const FLAGS: usize = 10;
const FIELDS: usize = 11;

/// States: the first two bytes, the rest of the header, data, control data.
const HEADER: i64 = 0;
const MORE: i64 = 1;
const PAYLOAD: i64 = 2;
const CONTROL: i64 = 3;

const OPCODE: i64 = 0x0f;
const CONTINUED: i64 = 0;
const TEXT: i64 = 1;
const CLOSE: i64 = 8;
const WAITS: i64 = 0x80;
const MASKED: i64 = 0x80;
/// Payloads from here on have their length in two more bytes, and in eight.
const LENGTH_16: i64 = 126;
const LENGTH_64: i64 = 127;

const EIO: i64 = 5;
const EINVAL: i64 = 22;
const ENOBUFS: i64 = 105;
/// Requests: what the last data frame was, and what frames are to be sent as.
const GET_DATA_OPTS: i64 = 8;
const SET_DATA_OPTS: i64 = 9;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 2)?;
    let sock = vm.arg(args, 0);
    for op in [any::Op::Read, any::Op::Write, any::Op::Ioctl] {
        any::check(vm, sock, op)?;
    }
    let mut fields = [Value::int(0); FIELDS];
    fields[SOCK] = sock;
    fields[MISSING] = Value::int(2);
    let waits = if vm.arg(args, 1) == Value::TRUE { WAITS } else { 0 };
    fields[OPTIONS] = Value::int(TEXT | waits);
    vm.new_native(&WEBSOCKET, &fields)
}

fn get(vm: &Vm, this: Value, field: usize) -> i64 {
    vm.native_int(this, field)
}

fn set(vm: &mut Vm, this: Value, field: usize, n: i64) {
    vm.set_native_field(this, field, Value::int(n));
}

/// Waits for a header of so many bytes next.
fn expect(vm: &mut Vm, this: Value, state: i64, bytes: i64) {
    set(vm, this, STATE, state);
    set(vm, this, MISSING, bytes);
    set(vm, this, HEAD, 0);
    set(vm, this, HAVE, 0);
}

/// Reads what is missing of a header: `Some(true)` when it is there, `Some(false)` at the end of the
/// stream, nothing if that has to wait.
fn fill_header(vm: &mut Vm, this: Value) -> Result<Option<bool>, Raised> {
    while get(vm, this, MISSING) > 0 {
        let (sock, n) = (vm.native_field(this, SOCK), get(vm, this, MISSING));
        let Some(bytes) = any::read(vm, sock, n as usize)? else { return Ok(None) };
        if bytes.is_empty() {
            return Ok(Some(false));
        }
        let mut head = get(vm, this, HEAD);
        for b in &bytes {
            head = head << 8 | i64::from(*b);
        }
        set(vm, this, HEAD, head);
        set(vm, this, HAVE, get(vm, this, HAVE) + bytes.len() as i64);
        set(vm, this, MISSING, n - bytes.len() as i64);
        if (bytes.len() as i64) < n {
            return Ok(None);
        }
    }
    Ok(Some(true))
}

fn payload_state(vm: &Vm, this: Value) -> i64 {
    if get(vm, this, FLAGS) & OPCODE >= CLOSE { CONTROL } else { PAYLOAD }
}

fn first_bytes(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let head = get(vm, this, HEAD);
    let (flags, length) = (head >> 8, head & 0xff);
    set(vm, this, FLAGS, flags);
    let data = if flags & OPCODE == CONTINUED {
        get(vm, this, DATA_FLAGS) & OPCODE | flags & !OPCODE
    } else {
        flags
    };
    set(vm, this, DATA_FLAGS, data);
    set(vm, this, MASK, 0);
    let (size, mut more) = (length & 0x7f, 0);
    match size {
        LENGTH_16 => more += 2,
        LENGTH_64 => {
            // A message of that length cannot be, and nothing after it can be understood.
            close(vm, this)?;
            return Err(vm.os_error(EIO));
        }
        _ => {}
    }
    if length & MASKED != 0 {
        more += 4;
    }
    set(vm, this, LEFT, size);
    let state = if more > 0 { MORE } else { payload_state(vm, this) };
    expect(vm, this, state, more);
    Ok(())
}

fn rest_of_header(vm: &mut Vm, this: Value) {
    let (head, have) = (get(vm, this, HEAD), get(vm, this, HAVE));
    if have & 2 != 0 {
        set(vm, this, LEFT, head >> (8 * (have - 2)) & 0xffff);
    }
    if have & 4 != 0 {
        set(vm, this, MASK, head & 0xffff_ffff);
    }
    let state = payload_state(vm, this);
    expect(vm, this, state, 0);
}

fn read_some(vm: &mut Vm, this: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    loop {
        match fill_header(vm, this)? {
            None => return Ok(None),
            Some(false) => return Ok(Some(Vec::new())),
            Some(true) => {}
        }
        match get(vm, this, STATE) {
            HEADER => {
                first_bytes(vm, this)?;
                continue;
            }
            MORE => {
                rest_of_header(vm, this);
                continue;
            }
            _ => {}
        }
        let mut bytes = Vec::new();
        let left = get(vm, this, LEFT);
        if left > 0 {
            let sock = vm.native_field(this, SOCK);
            match any::read(vm, sock, n.min(left as usize))? {
                Some(got) if !got.is_empty() => bytes = got,
                other => return Ok(other),
            }
            let (mask, mut at) =
                ((get(vm, this, MASK) as u32).to_be_bytes(), get(vm, this, MASK_AT));
            for b in &mut bytes {
                *b ^= mask[(at & 3) as usize];
                at += 1;
            }
            set(vm, this, MASK_AT, at & 3);
            set(vm, this, LEFT, left - bytes.len() as i64);
        }
        if get(vm, this, LEFT) == 0 {
            let was_control = get(vm, this, STATE) == CONTROL;
            expect(vm, this, HEADER, 2);
            set(vm, this, MASK_AT, 0);
            if was_control {
                if get(vm, this, FLAGS) & OPCODE == CLOSE {
                    // Whether the goodbye arrives changes nothing.
                    let _ = send(vm, this, &[0x80 | CLOSE as u8, 0], &[]);
                    return Ok(Some(Vec::new()));
                }
                continue;
            }
        }
        // An empty frame of data is not the end.
        if !bytes.is_empty() {
            return Ok(Some(bytes));
        }
    }
}

fn write_some(vm: &mut Vm, this: Value, data: &[u8]) -> Result<Option<usize>, Raised> {
    let Ok(length) = u16::try_from(data.len()) else { return Err(vm.os_error(ENOBUFS)) };
    let first = 0x80 | (get(vm, this, OPTIONS) & OPCODE) as u8;
    let [high, low] = length.to_be_bytes();
    if i64::from(length) < LENGTH_16 {
        send(vm, this, &[first, low], data)?;
    } else {
        send(vm, this, &[first, LENGTH_16 as u8, high, low], data)?;
    }
    Ok(Some(data.len()))
}

/// Sends a header and a payload; the stream waits meanwhile if that was asked for.
fn send(vm: &mut Vm, this: Value, header: &[u8], payload: &[u8]) -> Result<(), Raised> {
    let sock = vm.native_field(this, SOCK);
    let waits = get(vm, this, OPTIONS) & WAITS != 0;
    if waits {
        any::call(vm, sock, "setblocking", &[Value::TRUE])?;
    }
    any::write_all(vm, sock, header)?;
    any::write_all(vm, sock, payload)?;
    if waits {
        any::call(vm, sock, "setblocking", &[Value::FALSE])?;
    }
    Ok(())
}

fn close(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let sock = vm.native_field(this, SOCK);
    any::ioctl(vm, sock, any::CLOSE, 0)?;
    Ok(())
}

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    match vm.expect_int(vm.arg(args, 1))? {
        any::CLOSE => {
            close(vm, this)?;
            Ok(Value::int(0))
        }
        GET_DATA_OPTS => Ok(Value::int(get(vm, this, DATA_FLAGS) & OPCODE)),
        SET_DATA_OPTS => {
            let new = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
            let old = get(vm, this, OPTIONS);
            set(vm, this, OPTIONS, old & !OPCODE | new & OPCODE);
            Ok(Value::int(old & OPCODE))
        }
        _ => Err(vm.os_error(EINVAL)),
    }
}
