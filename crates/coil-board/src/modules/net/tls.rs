//! `tls` and `ssl`: sessions over sockets, in the memory beside the Python heap.
//!
//! A session takes that memory when a socket is wrapped and gives it back when it is closed or
//! collected; one that does not fit is refused, after one collection, with ENOMEM.

mod context;

use super::socket::{self, SOCKET};
use super::{radio, stream, wait_for};
use crate::chip::Chip;

use crate::outside::{EAGAIN, EINPROGRESS, TlsFault, TlsSession};
use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
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
        Item::Int("CERT_NONE", CERT_NONE),
        Item::Int("CERT_OPTIONAL", 1),
        Item::Int("CERT_REQUIRED", CERT_REQUIRED),
    ],
    attr: None,
};
/// `ussl`: its old name.
pub(crate) static USSL: ModuleDef = ModuleDef { name: "ussl", items: SSL.items, attr: None };

const TLS_ITEMS: &[Item] = &[
    Item::Type("SSLContext", &context::CONTEXT),
    Item::Type("_SSLSocket", &SSL_SOCKET),
    Item::Int("PROTOCOL_TLS_CLIENT", PROTOCOL_TLS_CLIENT),
    Item::Int("PROTOCOL_TLS_SERVER", PROTOCOL_TLS_SERVER),
    Item::Int("CERT_NONE", CERT_NONE),
    Item::Int("CERT_OPTIONAL", 1),
    Item::Int("CERT_REQUIRED", CERT_REQUIRED),
    Item::Str("MBEDTLS_VERSION", "Mbed TLS 3.6.5"),
];

const WRAP_SOCKET: Item = def_kw(
    "wrap_socket(sock, server_side=, key=, cert=, cert_reqs=, cadata=, server_hostname=, do_handshake=)",
    context::wrap_socket,
);

const PROTOCOL_TLS_CLIENT: i64 = 0;
const PROTOCOL_TLS_SERVER: i64 = 1;
const CERT_NONE: i64 = 0;
const CERT_REQUIRED: i64 = 2;

/// `SSLSocket`: its session's place in [`Sessions`] (-1 when closed), and the socket.
pub(crate) static SSL_SOCKET: TypeDef = TypeDef {
    name: "SSLSocket",
    items: &[
        def("__del__(self)", close),
        def("close(self)", close),
        def("read(self, n=)", |vm, a| stream::read(vm, a, read_some)),
        def("readinto(self, buffer, n=)", |vm, a| stream::readinto(vm, a, read_some)),
        def("readline(self, n=)", |vm, a| stream::readline(vm, a, read_some)),
        def("write(self, data, n=)", |vm, a| stream::write(vm, a, write_some)),
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

/// One session and what waits on its way.
struct Session {
    tls: Box<dyn TlsSession>,
    /// Ciphertext that the socket had no room for.
    out: Vec<u8>,
    /// Ciphertext that the session has not taken.
    waiting: Vec<u8>,
    ended: bool,
    bytes: u32,
}

/// The sessions of a machine.
#[derive(Default)]
struct Sessions(Vec<Option<Session>>);

fn session(vm: &mut Vm, this: Value) -> Result<usize, Raised> {
    let place = usize::try_from(vm.native_field(this, SESSION).as_int().unwrap_or(-1));
    let open = place.is_ok_and(|i| matches!(vm.state::<Sessions>().0.get(i), Some(Some(_))));
    match place {
        Ok(i) if open => Ok(i),
        _ => Err(vm.os_error(EBADF)),
    }
}

const EBADF: i64 = 9;
const ENOMEM: i64 = 12;
/// Ciphertext taken from the socket at once.
const CHUNK: usize = 2048;

/// Raises what a session says.
fn raise(vm: &mut Vm, fault: &TlsFault) -> Raised {
    match fault {
        TlsFault::WouldBlock => vm.os_error(i64::from(EAGAIN)),
        TlsFault::Certificate(why) | TlsFault::Material(why) => vm.value_error(why),
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

/// Takes the memory of a session, collecting once if there is not enough.
fn take_memory(vm: &mut Vm) -> Result<u32, Raised> {
    let bytes = Chip::of(vm).profile.net.tls_heap;
    if !Chip::of(vm).idf_heap.take(bytes) {
        vm.collect();
        if !Chip::of(vm).idf_heap.take(bytes) {
            return Err(vm.os_error(ENOMEM));
        }
    }
    Ok(bytes)
}

/// Wraps a socket in a session that `open` makes.
fn wrap(
    vm: &mut Vm,
    sock: Value,
    handshake: bool,
    open: impl FnOnce(&mut Vm) -> Result<Box<dyn TlsSession>, TlsFault>,
) -> Res {
    if vm.type_of(sock) != vm.type_value(&SOCKET) {
        return Err(vm.raise_args(types::OS_ERROR, "stream operation not supported"));
    }
    let bytes = take_memory(vm)?;
    let tls = match open(vm) {
        Ok(tls) => tls,
        Err(fault) => {
            Chip::of(vm).idf_heap.give(bytes);
            return Err(raise(vm, &fault));
        }
    };
    let sessions = &mut vm.state::<Sessions>().0;
    let place = sessions.iter().position(Option::is_none).unwrap_or(sessions.len());
    if place == sessions.len() {
        sessions.push(None);
    }
    sessions[place] =
        Some(Session { tls, out: Vec::new(), waiting: Vec::new(), ended: false, bytes });
    let made = vm.new_native(&SSL_SOCKET, &[Value::int(place as i64), sock]);
    let Ok(this) = made else {
        free(vm, place);
        return Err(Raised);
    };
    vm.heap.add_finaliser(this.as_ref().expect("a TLS socket is an object"));
    if handshake && let Err(Raised) = shake_hands(vm, this, sock, place) {
        let e = vm.pending;
        vm.root(e);
        vm.set_native_field(this, SESSION, Value::int(-1));
        free(vm, place);
        return Err(vm.raise(e));
    }
    Ok(this)
}

fn free(vm: &mut Vm, place: usize) {
    if let Some(session) = vm.state::<Sessions>().0.get_mut(place).and_then(Option::take) {
        Chip::of(vm).idf_heap.give(session.bytes);
    }
}

fn shake_hands(vm: &mut Vm, this: Value, sock: Value, place: usize) -> Result<(), Raised> {
    let (until, too_late) = socket::patience(vm, sock);
    // A socket that does not block waits here all the same: the firmware tries until it is done.
    let until = if too_late == i64::from(EAGAIN) { None } else { until };
    let done = wait_for(vm, until, |vm| {
        move_bytes(vm, this, sock)?;
        let s = vm.state::<Sessions>().0[place].as_ref();
        let over = s.is_some_and(|s| !s.tls.is_handshaking() && s.out.is_empty());
        let cut = s.is_none_or(|s| s.ended && s.tls.is_handshaking());
        if cut {
            return Err(raise(vm, &TlsFault::Other(-0x7280, "MBEDTLS_ERR_SSL_CONN_EOF")));
        }
        Ok(over.then_some(()))
    })?;
    match done {
        Some(()) => Ok(()),
        None => Err(vm.os_error(too_late)),
    }
}

/// Moves ciphertext between session and socket, as much as goes without waiting.
fn move_bytes(vm: &mut Vm, this: Value, sock: Value) -> Result<(), Raised> {
    let place = session(vm, this)?;
    let id = socket::id(vm, sock)?;
    let Some(mut s) = vm.state::<Sessions>().0[place].take() else {
        return Err(vm.os_error(EBADF));
    };
    let moved = s.step(vm, id);
    vm.state::<Sessions>().0[place] = Some(s);
    match moved {
        Ok(()) => Ok(()),
        Err(Failure::Socket(errno)) => Err(vm.os_error(i64::from(errno))),
        Err(Failure::Tls(fault)) => Err(raise(vm, &fault)),
    }
}

enum Failure {
    Socket(i32),
    Tls(TlsFault),
}

impl Session {
    fn step(&mut self, vm: &mut Vm, id: usize) -> Result<(), Failure> {
        self.push(vm, id)?;
        while !self.ended {
            if self.waiting.is_empty() {
                let mut chunk = vec![0; CHUNK];
                match radio(vm).recv(id, &mut chunk) {
                    Ok(0) => {
                        self.ended = true;
                        self.tls.end_of_transport();
                        break;
                    }
                    Ok(n) => self.waiting.extend_from_slice(&chunk[..n]),
                    Err(EAGAIN | EINPROGRESS) => break,
                    Err(errno) => return Err(Failure::Socket(errno)),
                }
            }
            let fed = self.tls.feed(&self.waiting);
            // An alert goes out even when the session is over.
            self.push(vm, id)?;
            match fed {
                Ok(0) => break,
                Ok(n) => drop(self.waiting.drain(..n)),
                Err(fault) => return Err(Failure::Tls(fault)),
            }
            if self.tls.has_plaintext() {
                break;
            }
        }
        self.push(vm, id)
    }

    fn push(&mut self, vm: &mut Vm, id: usize) -> Result<(), Failure> {
        self.tls.output(&mut self.out);
        while !self.out.is_empty() {
            match radio(vm).send(id, &self.out) {
                Ok(n) => drop(self.out.drain(..n)),
                Err(EAGAIN | EINPROGRESS) => break,
                Err(errno) => return Err(Failure::Socket(errno)),
            }
        }
        Ok(())
    }
}

/// Works on the session as long as its socket's timeout lets it; `None` if it would block.
fn patiently<T>(
    vm: &mut Vm,
    this: Value,
    mut attempt: impl FnMut(&mut dyn TlsSession) -> Result<T, TlsFault>,
) -> Result<Option<T>, Raised> {
    let sock = vm.native_field(this, SOCK);
    let (until, too_late) = socket::patience(vm, sock);
    let got = wait_for(vm, until, |vm| {
        let place = session(vm, this)?;
        let mut tried = None;
        if let Some(Some(s)) = vm.state::<Sessions>().0.get_mut(place) {
            tried = Some(attempt(&mut *s.tls));
        }
        if matches!(tried, Some(Err(TlsFault::WouldBlock))) {
            move_bytes(vm, this, sock)?;
            if let Some(Some(s)) = vm.state::<Sessions>().0.get_mut(place) {
                tried = Some(attempt(&mut *s.tls));
            }
        }
        match tried {
            Some(Ok(done)) => Ok(Some(done)),
            Some(Err(TlsFault::WouldBlock)) => Ok(None),
            Some(Err(fault)) => Err(raise(vm, &fault)),
            None => Err(vm.os_error(EBADF)),
        }
    })?;
    match got {
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
        // What the session took leaves as the socket has room.
        let sock = vm.native_field(this, SOCK);
        let (until, _) = socket::patience(vm, sock);
        wait_for(vm, until, |vm| {
            move_bytes(vm, this, sock)?;
            let place = session(vm, this)?;
            let s = vm.state::<Sessions>().0[place].as_ref();
            Ok(s.is_none_or(|s| s.out.is_empty() || s.tls.is_handshaking()).then_some(()))
        })?;
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
    if let Some(Some(mut s)) = vm.state::<Sessions>().0.get_mut(place).map(Option::take) {
        s.tls.close();
        if let Ok(id) = usize::try_from(vm.native_field(sock, 0).as_int().unwrap_or(-1)) {
            // The goodbye is a courtesy; a connection that is gone needs none.
            let _ = s.push(vm, id);
        }
        Chip::of(vm).idf_heap.give(s.bytes);
    }
    let close = vm.intern("close");
    let close = vm.get_attr(sock, close)?;
    vm.call(close, &[])
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
            let s = vm.state::<Sessions>().0.get_mut(place).and_then(Option::as_mut);
            let plain = s.is_some_and(|s| s.tls.has_plaintext());
            let mut answer = socket::poll(vm, sock, wanted)?;
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
    let agreed = vm.state::<Sessions>().0[place].as_ref().and_then(|s| s.tls.agreed());
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
    let der = vm.state::<Sessions>().0[place].as_ref().and_then(|s| s.tls.peer_certificate());
    match der {
        Some(der) => vm.new_bytes(&der),
        None => Ok(Value::NONE),
    }
}
