//! `_webrepl`: what goes over WebREPL's connection, a password first, then the terminal's text and files.

use super::stream;
use crate::chip::Chip;
use crate::vfs;
use alloc::vec;
use alloc::vec::Vec;
use coil_modules::stream as any;
use coil_modules::sys::Identity;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `_webrepl`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "_webrepl",
    items: &[Item::Type("_webrepl", &WEBREPL), def("password(word)", set_password)],
    attr: None,
};

/// `_webrepl._webrepl`: see the fields below.
static WEBREPL: TypeDef = TypeDef {
    name: "_webrepl",
    items: &[
        def("read(self, n=)", |vm, a| stream::read(vm, a, read_some)),
        def("readinto(self, buffer, n=)", |vm, a| stream::readinto(vm, a, read_some)),
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

/// Field: the WebSocket.
const SOCK: usize = 0;
/// Field: the password was right.
const OPEN: usize = 1;
/// Field: the bytes of a password, or of a request for a file.
const HEAD: usize = 2;
/// Field: how many of them have come in.
const HAVE: usize = 3;
/// Field: the file that is being sent or received, or None.
const FILE: usize = 4;
/// Field: how many bytes of it are to come in, or -1 if they go out.
const LEFT: usize = 5;

/// Requests: two letters, what is asked, flags, an offset (eight bytes), a size (four), the length of the name
/// (two), the name and zeros.
const REQUEST: usize = 82;
const KIND: usize = 2;
const SIZE: usize = 12;
const NAME: usize = 18;
const PUT_FILE: u8 = 1;
const GET_FILE: u8 = 2;
const GET_VERSION: u8 = 3;

/// A password has this many bytes at most.
const PASSWORD_MAX: usize = 9;
/// Bytes of a file that come in, and go out, at once.
const PART_IN: usize = 512;
const PART_OUT: usize = 256;

/// What the WebSocket is asked: what kind the last data was, and what kind is to be sent.
const GET_DATA_OPTS: i64 = 8;
const SET_DATA_OPTS: i64 = 9;
const TEXT: i64 = 1;
const BINARY: i64 = 2;

const EINVAL: i64 = 22;

fn set_password(vm: &mut Vm, args: Args) -> Res {
    let word = vm.expect_string(vm.arg(args, 0))?;
    if word.len() > PASSWORD_MAX {
        return Err(vm.value_error(""));
    }
    Chip::of(vm).webrepl_password = word.into_bytes();
    Ok(Value::NONE)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 2)?;
    let sock = vm.arg(args, 0);
    for op in [any::Op::Read, any::Op::Write, any::Op::Ioctl] {
        any::check(vm, sock, op)?;
    }
    let head = vm.new_bytearray(&[0; REQUEST])?;
    let zero = Value::int(0);
    let made = vm.new_native(&WEBREPL, &[sock, Value::FALSE, head, zero, Value::NONE, zero])?;
    vm.root(made);
    any::write_all(vm, sock, b"Password: ")?;
    Ok(made)
}

fn get(vm: &Vm, this: Value, field: usize) -> i64 {
    vm.native_int(this, field)
}

fn set(vm: &mut Vm, this: Value, field: usize, n: i64) {
    vm.set_native_field(this, field, Value::int(n));
}

/// The terminal's next byte: files and the password are seen to on the way.
fn read_some(vm: &mut Vm, this: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    if n == 0 {
        return Ok(Some(Vec::new()));
    }
    let sock = vm.native_field(this, SOCK);
    loop {
        let Some(bytes) = any::read(vm, sock, 1)? else { return Ok(None) };
        let Some(&byte) = bytes.first() else { return Ok(Some(bytes)) };
        if vm.native_field(this, OPEN) != Value::TRUE {
            if !password(vm, this, byte)? {
                return Ok(Some(Vec::new()));
            }
        } else if any::ioctl(vm, sock, GET_DATA_OPTS, 0)? == TEXT {
            return Ok(Some(bytes));
        } else if vm.native_field(this, FILE) != Value::NONE {
            if let Err(Raised) = file_part(vm, this, byte) {
                // It stays as it is, and nothing more goes over this connection.
                let e = vm.pending;
                vm.root(e);
                let _ = close_file(vm, this);
                vm.pending = e;
                return Err(Raised);
            }
        } else {
            request_part(vm, this, byte)?;
        }
    }
}

/// Takes a byte of the password; false if it is wrong.
fn password(vm: &mut Vm, this: Value, byte: u8) -> Result<bool, Raised> {
    let (sock, head) = (vm.native_field(this, SOCK), vm.native_field(this, HEAD));
    let have = get(vm, this, HAVE) as usize;
    if byte != b'\r' && byte != b'\n' {
        // One more than a password has tells a longer one from it.
        if have <= PASSWORD_MAX {
            vm.buffer_write(head, have, &[byte])?;
            set(vm, this, HAVE, have as i64 + 1);
        }
        return Ok(true);
    }
    let given = vm.expect_bytes_like(head)?;
    if given[..have] != Chip::of(vm).webrepl_password {
        any::write_all(vm, sock, b"\r\nAccess denied\r\n")?;
        return Ok(false);
    }
    vm.set_native_field(this, OPEN, Value::TRUE);
    set(vm, this, HAVE, 0);
    any::write_all(vm, sock, b"\r\nWebREPL connected\r\n>>> ")?;
    Ok(true)
}

/// Takes a byte of a request, and what else of it is there.
fn request_part(vm: &mut Vm, this: Value, byte: u8) -> Result<(), Raised> {
    let (sock, head) = (vm.native_field(this, SOCK), vm.native_field(this, HEAD));
    let mut have = get(vm, this, HAVE) as usize;
    vm.buffer_write(head, have, &[byte])?;
    have += 1;
    if have < REQUEST
        && let Some(more) = any::read(vm, sock, REQUEST - have)?
    {
        vm.buffer_write(head, have, &more)?;
        have += more.len();
    }
    if have < REQUEST {
        set(vm, this, HAVE, have as i64);
        return Ok(());
    }
    set(vm, this, HAVE, 0);
    request(vm, this)
}

fn request(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let head = vm.native_field(this, HEAD);
    let head = vm.expect_bytes_like(head)?;
    let kind = head[KIND];
    if kind == GET_VERSION {
        let (major, minor, micro) = vm.state::<Identity>().numbers;
        return send(vm, this, &[major as u8, minor as u8, micro as u8]);
    }
    if kind != PUT_FILE && kind != GET_FILE {
        return Err(vm.os_error(EINVAL));
    }
    let name = head[NAME..].split(|&b| b == 0).next().unwrap_or_default();
    let size = head[SIZE..].first_chunk().map_or(0, |size| u32::from_le_bytes(*size));
    let mark = vm.mark();
    let path = vm.new_str(name)?;
    let mode = vm.new_str(if kind == PUT_FILE { b"wb" } else { b"rb" })?;
    let file = vfs::open(vm, path, mode)?;
    vm.set_native_field(this, FILE, file);
    vm.release(mark);
    set(vm, this, LEFT, if kind == PUT_FILE { i64::from(size) } else { -1 });
    respond(vm, this)?;
    if kind == PUT_FILE && size == 0 { finish(vm, this) } else { Ok(()) }
}

/// Takes a byte of a file and what else of it is there, or the other end's wish for more of one.
fn file_part(vm: &mut Vm, this: Value, byte: u8) -> Result<(), Raised> {
    let (sock, file) = (vm.native_field(this, SOCK), vm.native_field(this, FILE));
    let left = get(vm, this, LEFT);
    if left < 0 {
        let part = any::read(vm, file, PART_OUT)?.unwrap_or_default();
        let mut framed = Vec::from((part.len() as u16).to_le_bytes());
        framed.extend_from_slice(&part);
        send(vm, this, &framed)?;
        return if part.is_empty() { finish(vm, this) } else { Ok(()) };
    }
    let mut part = vec![byte];
    let more = PART_IN.min(left as usize) - 1;
    if more > 0
        && let Some(bytes) = any::read(vm, sock, more)?
    {
        part.extend_from_slice(&bytes);
    }
    any::write_all(vm, file, &part)?;
    let left = left - part.len() as i64;
    set(vm, this, LEFT, left);
    if left == 0 { finish(vm, this) } else { Ok(()) }
}

fn finish(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    close_file(vm, this)?;
    respond(vm, this)
}

fn close_file(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let file = vm.native_field(this, FILE);
    vm.set_native_field(this, FILE, Value::NONE);
    if file != Value::NONE {
        vm.root(file);
        any::call(vm, file, "close", &[])?;
    }
    Ok(())
}

/// Says that a request, or a file, has gone well.
fn respond(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    send(vm, this, b"WB\0\0")
}

/// Sends what is not for the terminal.
fn send(vm: &mut Vm, this: Value, bytes: &[u8]) -> Result<(), Raised> {
    let sock = vm.native_field(this, SOCK);
    let before = any::ioctl(vm, sock, SET_DATA_OPTS, BINARY)?;
    any::write_all(vm, sock, bytes)?;
    any::ioctl(vm, sock, SET_DATA_OPTS, before)?;
    Ok(())
}

fn write_some(vm: &mut Vm, this: Value, data: &[u8]) -> Result<Option<usize>, Raised> {
    if vm.native_field(this, OPEN) != Value::TRUE {
        // Who has not said the password sees nothing.
        return Ok(Some(data.len()));
    }
    let sock = vm.native_field(this, SOCK);
    any::write(vm, sock, data)
}

fn close(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let closed = close_file(vm, this);
    let sock = vm.native_field(this, SOCK);
    any::ioctl(vm, sock, any::CLOSE, 0)?;
    closed
}

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    match vm.expect_int(vm.arg(args, 1))? {
        any::CLOSE => {
            close(vm, this)?;
            Ok(Value::int(0))
        }
        _ => Err(vm.os_error(EINVAL)),
    }
}
