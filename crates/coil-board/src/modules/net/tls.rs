//! `tls` and `ssl`: sessions over sockets and other streams, in the memory beside the Python heap.
//!
//! A session takes that memory when a socket is wrapped and gives it back when it is closed or
//! collected; one that does not fit is refused, after one collection, with ENOMEM.

mod context;
mod session;

use self::session::{Below, Failure};
use super::stream as methods;
use super::{socket, wait_for};
use crate::chip::{Chip, open_sockets};
use crate::outside::{EAGAIN, Tls, TlsFault, TlsSession};
use crate::profile::Era;
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `tls`
pub(crate) static MODULE: ModuleDef = ModuleDef { name: "tls", items: TLS_ITEMS, attr: None };
/// `ssl`
pub(crate) static SSL: ModuleDef = ModuleDef {
    name: "ssl",
    items: &[
        Item::Type("SSLContext", &context::CONTEXT),
        Item::Type("SSLSocket", &SSL_SOCKET),
        WRAP_SOCKET,
        Item::Int("PROTOCOL_TLS_CLIENT", PROTOCOL_TLS_CLIENT),
        Item::Int("PROTOCOL_TLS_SERVER", PROTOCOL_TLS_SERVER),
        Item::Int("PROTOCOL_DTLS_CLIENT", PROTOCOL_DTLS_CLIENT),
        Item::Int("PROTOCOL_DTLS_SERVER", PROTOCOL_DTLS_SERVER),
        Item::Int("CERT_NONE", CERT_NONE),
        Item::Int("CERT_OPTIONAL", 1),
        Item::Int("CERT_REQUIRED", CERT_REQUIRED),
        MBEDTLS_VERSION,
    ],
    attr: None,
};

const TLS_ITEMS: &[Item] = &[
    Item::Type("SSLContext", &context::CONTEXT),
    Item::Type("_SSLSocket", &SSL_SOCKET),
    Item::Int("PROTOCOL_TLS_CLIENT", PROTOCOL_TLS_CLIENT),
    Item::Int("PROTOCOL_TLS_SERVER", PROTOCOL_TLS_SERVER),
    Item::Int("PROTOCOL_DTLS_CLIENT", PROTOCOL_DTLS_CLIENT),
    Item::Int("PROTOCOL_DTLS_SERVER", PROTOCOL_DTLS_SERVER),
    Item::Int("CERT_NONE", CERT_NONE),
    Item::Int("CERT_OPTIONAL", 1),
    Item::Int("CERT_REQUIRED", CERT_REQUIRED),
    MBEDTLS_VERSION,
];

const WRAP_SOCKET: Item = def_kw(
    "wrap_socket(sock, server_side=, key=, cert=, cert_reqs=, cadata=, server_hostname=, do_handshake=)",
    context::wrap_socket,
);

/// The library that programs believe to speak with.
const MBEDTLS_VERSION: Item = Item::Str("MBEDTLS_VERSION", "Mbed TLS 3.6.5");

const PROTOCOL_TLS_CLIENT: i64 = 0;
const PROTOCOL_TLS_SERVER: i64 = 1;
const PROTOCOL_DTLS_CLIENT: i64 = 2;
const PROTOCOL_DTLS_SERVER: i64 = 3;
const CERT_NONE: i64 = 0;
const CERT_REQUIRED: i64 = 2;

/// `SSLSocket`: its session's place in `Sessions` (-1 when closed), and the socket.
pub(crate) static SSL_SOCKET: TypeDef = TypeDef {
    name: "SSLSocket",
    items: &[
        def("__del__(self)", close),
        def("close(self)", close),
        def("read(self, n=)", |vm, a| methods::read(vm, a, read_some)),
        def("readinto(self, buffer, n=)", |vm, a| methods::readinto(vm, a, read_some)),
        def("readline(self, n=)", |vm, a| methods::readline(vm, a, read_some)),
        def("write(self, data, n=)", |vm, a| methods::write(vm, a, write_some)),
        def("setblocking(self, flag)", |vm, a| on_socket(vm, a, "setblocking")),
        def("settimeout(self, seconds)", |vm, a| on_socket(vm, a, "settimeout")),
        def("ioctl(self, request, arg)", ioctl),
        def("cipher(self)", cipher),
        def("getpeercert(self, binary_form)", peer_certificate),
    ],
    ..TypeDef::EMPTY
};

/// Fields.
const SESSION: usize = 0;
const SOCK: usize = 1;

/// Where a TLS socket's session is.
fn session(vm: &mut Vm, this: Value) -> Result<usize, Raised> {
    let place = usize::try_from(vm.native_field(this, SESSION).as_int().unwrap_or(-1));
    match place {
        Ok(i) if session::is_open(vm, i) => Ok(i),
        _ => Err(vm.os_error(EBADF)),
    }
}

const EBADF: i64 = 9;
const EIO: i64 = 5;
const ENOMEM: i64 = 12;
/// How often a program's own stream is asked for the rest of a handshake, in microseconds.
const PERIOD_US: u64 = 1000;

/// Raises what a session says.
fn raise(vm: &mut Vm, fault: &TlsFault) -> Raised {
    match fault {
        TlsFault::WouldBlock => vm.os_error(i64::from(EAGAIN)),
        TlsFault::Certificate(why) | TlsFault::Material(why) => vm.value_error(why),
        TlsFault::Other(code, _) if is_old(vm) => print_and_fail(vm, i64::from(*code)),
        TlsFault::Other(code, name) => {
            let made = vm.new_str(name.as_bytes()).and_then(|name| {
                vm.new_exception(types::OS_ERROR, &[Value::int(i64::from(*code)), name])
            });
            match made {
                Ok(e) => vm.raise(e),
                Err(Raised) => Raised,
            }
        }
    }
}

fn is_old(vm: &mut Vm) -> bool {
    Chip::of(vm).profile.switches.tls == Era::Y2019
}

/// A computation with keys that finds no memory.
const RSA_WITHOUT_MEMORY: i64 = -0x4290;

/// The library's number goes to the console, the program gets EIO.
fn print_and_fail(vm: &mut Vm, code: i64) -> Raised {
    let text = alloc::format!("mbedtls_ssl_handshake error: -{:x}\r\n", code.unsigned_abs());
    vm.write_console(text.as_bytes());
    vm.os_error(EIO)
}

/// Takes the memory of a session, collecting once if there is not enough. One over datagrams takes half:
/// its buffers, but no chain of certificates.
fn take_memory(vm: &mut Vm, over_datagrams: bool) -> Result<u32, Raised> {
    let all = Chip::of(vm).profile.net.tls_heap;
    let bytes = if over_datagrams { all / 2 } else { all };
    if !Chip::of(vm).idf_heap.take(bytes) {
        vm.collect();
        if !Chip::of(vm).idf_heap.take(bytes) {
            if is_old(vm) {
                return Err(print_and_fail(vm, RSA_WITHOUT_MEMORY));
            }
            return Err(vm.os_error(ENOMEM));
        }
    }
    open_sockets::heap_changed(vm, true);
    Ok(bytes)
}

/// Wraps a stream in a session that `open` makes: one that shakes hands at once, one over datagrams.
fn wrap(
    vm: &mut Vm,
    sock: Value,
    [handshake, over_datagrams]: [bool; 2],
    open: impl FnOnce(&mut dyn Tls) -> Result<Box<dyn TlsSession>, TlsFault>,
) -> Res {
    for op in [stream::Op::Read, stream::Op::Write, stream::Op::Ioctl] {
        stream::check(vm, sock, op)?;
    }
    let bytes = take_memory(vm, over_datagrams)?;
    let tls = match open(&mut *Chip::of(vm).tls) {
        Ok(tls) => tls,
        Err(fault) => {
            Chip::of(vm).idf_heap.give(bytes);
            open_sockets::heap_changed(vm, false);
            return Err(raise(vm, &fault));
        }
    };
    let place = session::keep(vm, tls, bytes);
    let made = vm.new_native(&SSL_SOCKET, &[Value::int(place as i64), sock]);
    let Ok(this) = made else {
        session::forget(vm, place);
        return Err(Raised);
    };
    vm.heap.add_finaliser(this.as_ref().expect("a TLS socket is an object"));
    if handshake && let Err(Raised) = shake_hands(vm, this, sock, place) {
        let e = vm.pending;
        vm.root(e);
        vm.set_native_field(this, SESSION, Value::int(-1));
        session::forget(vm, place);
        return Err(vm.raise(e));
    }
    Ok(this)
}

fn shake_hands(vm: &mut Vm, this: Value, sock: Value, place: usize) -> Result<(), Raised> {
    let step = |vm: &mut Vm| {
        move_bytes(vm, this, sock)?;
        let (over, cut) = session::with(vm, place, |s| {
            let handshaking = s.tls.is_handshaking();
            (!handshaking && s.out.is_empty(), s.ended && handshaking)
        })
        .unwrap_or((false, !session::is_open(vm, place)));
        if cut {
            return Err(raise(vm, &TlsFault::Other(CONN_EOF, "MBEDTLS_ERR_SSL_CONN_EOF")));
        }
        Ok(over.then_some(()))
    };
    // Over datagrams time matters: what was lost has to be sent again.
    let is_datagram = session::with(vm, place, |s| s.tls.is_datagram()) == Some(true);
    if is_datagram || !session::is_socket(vm, sock) {
        let mark = vm.mark();
        while step(vm)?.is_none() {
            vm.release(mark);
            let soon = vm.port.now_us() + PERIOD_US;
            vm.sleep_until(soon)?;
        }
        return Ok(());
    }
    let (until, too_late) = socket::patience(vm, sock);
    // A socket that does not block waits here all the same: the firmware tries until it is done.
    let until = if too_late == i64::from(EAGAIN) { None } else { until };
    match wait_for(vm, until, step)? {
        Some(()) => Ok(()),
        None => Err(vm.os_error(too_late)),
    }
}

/// Moves ciphertext between session and stream, as much as goes without waiting.
fn move_bytes(vm: &mut Vm, this: Value, sock: Value) -> Result<(), Raised> {
    let place = session(vm, this)?;
    let below = Below::of(vm, sock)?;
    // One that is away is being worked with.
    match session::work(vm, place, |vm, s| s.step(vm, below)) {
        None | Some(Ok(())) => Ok(()),
        Some(Err(Failure::Errno(errno))) => Err(vm.os_error(i64::from(errno))),
        Some(Err(Failure::Tls(fault))) => Err(raise(vm, &fault)),
        Some(Err(Failure::Raised)) => Err(Raised),
    }
}

/// Works on the session as long as its socket's timeout lets it; `None` if it would block. A stream that
/// is no socket has done its own waiting.
fn patiently<T>(
    vm: &mut Vm,
    this: Value,
    mut attempt: impl FnMut(&mut dyn TlsSession) -> Result<T, TlsFault>,
) -> Result<Option<T>, Raised> {
    let sock = vm.native_field(this, SOCK);
    let mut step = |vm: &mut Vm| {
        let place = session(vm, this)?;
        let mut tried = session::with(vm, place, |s| attempt(&mut *s.tls));
        if matches!(tried, Some(Err(TlsFault::WouldBlock))) {
            move_bytes(vm, this, sock)?;
            tried = session::with(vm, place, |s| attempt(&mut *s.tls));
        }
        match tried {
            Some(Ok(done)) => Ok(Some(done)),
            None | Some(Err(TlsFault::WouldBlock)) => Ok(None),
            Some(Err(fault)) => Err(raise(vm, &fault)),
        }
    };
    if !session::is_socket(vm, sock) {
        return step(vm);
    }
    let (until, too_late) = socket::patience(vm, sock);
    match wait_for(vm, until, step)? {
        Some(done) => Ok(Some(done)),
        None if too_late == i64::from(EAGAIN) => Ok(None),
        None => Err(vm.os_error(too_late)),
    }
}

fn read_some(vm: &mut Vm, this: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    let mut bytes = vec![0; n];
    let got = patiently(vm, this, |tls| match tls.read(&mut bytes) {
        // Many servers end the connection and not the session; the firmware calls that the end.
        Err(TlsFault::Other(CONN_EOF, _)) => Ok(0),
        other => other,
    })?;
    Ok(got.map(|n| {
        bytes.truncate(n);
        bytes
    }))
}

const CONN_EOF: i32 = -0x7280;

fn write_some(vm: &mut Vm, this: Value, data: &[u8]) -> Result<Option<usize>, Raised> {
    let n = patiently(vm, this, |tls| tls.write(data))?;
    if n.is_some() {
        // What the session took leaves as the stream has room.
        let sock = vm.native_field(this, SOCK);
        let push = |vm: &mut Vm| {
            move_bytes(vm, this, sock)?;
            let place = session(vm, this)?;
            let gone = session::with(vm, place, |s| s.out.is_empty() || s.tls.is_handshaking());
            Ok(gone.unwrap_or(true).then_some(()))
        };
        if session::is_socket(vm, sock) {
            let (until, _) = socket::patience(vm, sock);
            wait_for(vm, until, push)?;
        } else {
            push(vm)?;
        }
    }
    Ok(n)
}

fn close(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let Ok(place) = usize::try_from(vm.native_field(this, SESSION).as_int().unwrap_or(-1)) else {
        return Ok(Value::NONE);
    };
    let sock = vm.native_field(this, SOCK);
    vm.set_native_field(this, SESSION, Value::int(-1));
    let gone = session::forget(vm, place);
    if !session::is_socket(vm, sock) {
        return stream::ioctl(vm, sock, stream::CLOSE, 0).map(|_| Value::NONE);
    }
    if let (Some(mut s), Ok(below)) = (gone, Below::of(vm, sock)) {
        s.tls.close();
        // The goodbye is a courtesy; a connection that is gone needs none.
        let _ = s.push(vm, below);
    }
    stream::call(vm, sock, "close", &[])
}

fn on_socket(vm: &mut Vm, args: Args, method: &str) -> Res {
    let (sock, v) = (vm.native_field(vm.arg(args, 0), SOCK), vm.arg(args, 1));
    let name = vm.intern(method);
    let f = vm.get_attr(sock, name)?;
    vm.call(f, &[v])
}

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    match vm.expect_int(vm.arg(args, 1))? {
        socket::POLL => {
            let wanted = vm.expect_int(vm.arg(args, 2))?;
            let sock = vm.native_field(this, SOCK);
            let Ok(place) = session(vm, this) else { return Ok(Value::int(32)) };
            let plain = session::with(vm, place, |s| s.tls.has_plaintext()) == Some(true);
            let mut answer = if session::is_socket(vm, sock) {
                socket::poll(vm, sock, wanted)?
            } else {
                stream::ioctl(vm, sock, stream::POLL, wanted)?
            };
            if plain {
                answer |= wanted & socket::READ;
            }
            Ok(Value::int(answer))
        }
        4 => close(vm, args).map(|_| Value::int(0)),
        _ => Err(vm.os_error(22)),
    }
}

fn cipher(vm: &mut Vm, args: Args) -> Res {
    let place = session(vm, vm.arg(args, 0))?;
    let agreed = session::with(vm, place, |s| s.tls.agreed()).flatten();
    let Some((cipher, version)) = agreed else { return Ok(Value::NONE) };
    // As mbedTLS writes it, with dashes.
    let cipher = cipher.replace('_', "-");
    let (cipher, version) = (vm.new_str(cipher.as_bytes())?, vm.new_str(version.as_bytes())?);
    vm.new_tuple(&[cipher, version])
}

fn peer_certificate(vm: &mut Vm, args: Args) -> Res {
    if !vm.truth(vm.arg(args, 1))? {
        return Err(vm.raise_value(types::NOT_IMPLEMENTED_ERROR, Value::NULL));
    }
    let place = session(vm, vm.arg(args, 0))?;
    let der = session::with(vm, place, |s| s.tls.peer_certificate()).flatten();
    match der {
        Some(der) => vm.new_bytes(&der),
        None => Ok(Value::NONE),
    }
}
