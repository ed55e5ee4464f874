//! `socket`: the firmware's sockets over the radio's.
//!
//! A blocking call waits on the radio and can be interrupted. Timeouts count in steps of 100 ms,
//! as the firmware's do.

use super::{address, check, new_address, radio, raise, socket_callback, stream, wait_for};
use crate::chip::{Chip, log, open_sockets};
use crate::modules::etimedout;
use crate::profile::Era;

use crate::outside::{EAGAIN, EINPROGRESS, NOT_STARTED, SocketOption};
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};
use core::net::{Ipv4Addr, SocketAddrV4};

/// `socket`
pub(crate) static MODULE: ModuleDef = ModuleDef { name: "socket", items: ITEMS, attr: None };

const ITEMS: &[Item] = &[
    Item::Type("socket", &SOCKET),
    def("getaddrinfo(host, port, family=, type=, proto=, flags=)", getaddrinfo),
    Item::Int("AF_INET", AF_INET),
    Item::Int("AF_INET6", 10),
    Item::Int("SOCK_STREAM", STREAM),
    Item::Int("SOCK_DGRAM", DGRAM),
    Item::Int("SOCK_RAW", 3),
    Item::Int("IPPROTO_IP", 0),
    Item::Int("IPPROTO_TCP", 6),
    Item::Int("IPPROTO_UDP", 17),
    Item::Int("SOL_SOCKET", 0xfff),
    Item::Int("SO_REUSEADDR", SO_REUSEADDR),
    Item::Int("SO_BROADCAST", SO_BROADCAST),
    Item::Int("SO_BINDTODEVICE", SO_BINDTODEVICE),
    Item::Int("IP_ADD_MEMBERSHIP", IP_ADD_MEMBERSHIP),
    Item::Int("TCP_NODELAY", TCP_NODELAY),
    Item::Int("MSG_PEEK", 1),
    Item::Int("MSG_DONTWAIT", MSG_DONTWAIT),
];

const AF_INET: i64 = 2;
const STREAM: i64 = 1;
const DGRAM: i64 = 2;
const TCP_NODELAY: i64 = 1;
const IP_ADD_MEMBERSHIP: i64 = 3;
const SO_REUSEADDR: i64 = 4;
const SO_BINDTODEVICE: i64 = 0x100b;
const SO_BROADCAST: i64 = 0x20;
const MSG_DONTWAIT: i64 = 8;

/// `socket`: see the fields below.
pub(crate) static SOCKET: TypeDef = TypeDef {
    name: "socket",
    items: &[
        def("__del__(self)", close),
        def("close(self)", close),
        def("bind(self, address)", bind),
        def("listen(self, backlog=)", listen),
        def("accept(self)", accept),
        def("connect(self, address)", connect),
        def("send(self, data)", |vm, a| {
            let data = vm.expect_bytes_like(vm.arg(a, 1))?;
            let n = send(vm, vm.arg(a, 0), &data)?;
            Ok(Value::int(n as i64))
        }),
        def("sendall(self, data)", |vm, a| {
            let data = vm.expect_bytes_like(vm.arg(a, 1))?;
            let n = send(vm, vm.arg(a, 0), &data)?;
            if n < data.len() {
                let late = etimedout(vm);
                return Err(vm.os_error(late));
            }
            Ok(Value::NONE)
        }),
        def("sendto(self, data, address)", sendto),
        def("recv(self, n, flags=)", |vm, a| {
            receive(vm, a).and_then(|(bytes, _)| vm.new_bytes(&bytes))
        }),
        def("recvfrom(self, n, flags=)", recvfrom),
        def("setsockopt(self, level, option, value)", setsockopt),
        def("settimeout(self, seconds)", settimeout),
        def("setblocking(self, flag)", |vm, a| {
            let on = vm.truth(vm.arg(a, 1))?;
            vm.set_native_field(vm.arg(a, 0), TIMEOUT, Value::int(if on { -1 } else { 0 }));
            Ok(Value::NONE)
        }),
        def("makefile(self, mode=, buffering=)", |vm, a| Ok(vm.arg(a, 0))),
        def("fileno(self)", |vm, a| {
            let id = vm.native_field(vm.arg(a, 0), ID).as_int().unwrap_or(-1);
            Ok(Value::int(if id < 0 { -1 } else { FIRST_FILENO + id }))
        }),
        def("ioctl(self, request, arg)", ioctl),
        def("read(self, n=)", |vm, a| stream::read(vm, a, read_some)),
        def("readinto(self, buffer, n=)", |vm, a| stream::readinto(vm, a, read_some)),
        def("readline(self, n=)", |vm, a| stream::readline(vm, a, read_some)),
        def("write(self, data, n=)", |vm, a| stream::write(vm, a, write_some)),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

/// Field: the radio's number of the socket, -1 when closed.
const ID: usize = 0;
/// Field: stream or datagrams.
const KIND: usize = 1;
/// Field: milliseconds, -1 for ever.
const TIMEOUT: usize = 2;
/// Field: how far it is.
const STATE: usize = 3;

/// States.
const NEW: i64 = 0;
const CONNECTED: i64 = 1;
const PEER_CLOSED: i64 = 2;

/// Where the firmware's file descriptors of sockets begin.
const FIRST_FILENO: i64 = 54;
/// How long the firmware waits at a time.
const STEP_US: u64 = 100_000;
/// Bytes that one call receives at most.
const RECEIVE_MAX: usize = 1 << 16;

const EBADF: i64 = 9;
const EOPNOTSUPP: i64 = 95;
const ENFILE: i32 = 23;
const ENOTCONN: i64 = 128;
/// Nobody has that name.
const NAME_NOT_KNOWN: i64 = -2;
/// A name has no address.
const EAI_FAIL: i64 = -202;

/// The radio's number of an open socket.
pub(super) fn id(vm: &mut Vm, socket: Value) -> Result<usize, Raised> {
    let id = vm.native_field(socket, ID).as_int().unwrap_or(-1);
    usize::try_from(id).map_err(|_| vm.os_error(EBADF))
}

fn state(vm: &Vm, socket: Value) -> i64 {
    vm.native_field(socket, STATE).as_int().unwrap_or(NEW)
}

/// Until when a call on this socket waits, and what it raises then.
pub(super) fn patience(vm: &mut Vm, socket: Value) -> (Option<u64>, i64) {
    let ms = vm.native_field(socket, TIMEOUT).as_int().unwrap_or(-1);
    let now = vm.port.now_us();
    let late = etimedout(vm);
    match u64::try_from(ms) {
        Err(_) => (None, late),
        Ok(0) => (Some(now), i64::from(EAGAIN)),
        Ok(ms) => {
            let steps = ms * 1000 / STEP_US;
            (Some(now + (steps + 1) * STEP_US), if steps == 0 { i64::from(EAGAIN) } else { late })
        }
    }
}

/// Tries a call until it does something, as long as the socket's timeout lets it.
pub(super) fn patiently<T>(
    vm: &mut Vm,
    socket: Value,
    mut attempt: impl FnMut(&mut Vm, usize) -> Result<T, i32>,
) -> Result<T, Raised> {
    let (until, too_late) = patience(vm, socket);
    let id = id(vm, socket)?;
    let attempt = |vm: &mut Vm| match attempt(vm, id) {
        Ok(done) => Ok(Some(done)),
        Err(EAGAIN | EINPROGRESS) => Ok(None),
        Err(errno) => Err(raise(vm, errno)),
    };
    match wait_for(vm, until, attempt)? {
        Some(done) => Ok(done),
        None => Err(vm.os_error(too_late)),
    }
}

fn object(vm: &mut Vm, id: usize, kind: i64, state: i64) -> Res {
    let fields = [Value::int(id as i64), Value::int(kind), Value::int(-1), Value::int(state)];
    let made = vm.new_native(&SOCKET, &fields);
    match made {
        Ok(socket) => {
            vm.heap.add_finaliser(socket.as_ref().expect("a socket is an object"));
            open_sockets::opened(vm, id, if kind == DGRAM { "udp" } else { "tcp" });
            Ok(socket)
        }
        Err(Raised) => {
            // Nobody could close it any more.
            let _ = radio(vm).close(id);
            Err(Raised)
        }
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 3)?;
    let mut numbers = [AF_INET, STREAM, 0];
    for (i, n) in numbers.iter_mut().enumerate().take(args.n) {
        *n = vm.expect_int(vm.arg(args, i))?;
    }
    let [_, kind, _] = numbers;
    if kind != STREAM && kind != DGRAM {
        return Err(vm.os_error(EPROTONOSUPPORT));
    }
    log::sockets(vm);
    let mut opened = radio(vm).open(kind == DGRAM);
    if opened == Err(ENFILE) && era(vm) == Era::Now {
        // One that nobody uses any more may be collected.
        vm.collect();
        opened = radio(vm).open(kind == DGRAM);
    }
    let id = check(vm, opened)?;
    object(vm, id, kind, if kind == STREAM { NEW } else { CONNECTED })
}

/// The generation of the firmware's sockets.
fn era(vm: &mut Vm) -> Era {
    Chip::of(vm).profile.switches.sockets
}

const EPROTONOSUPPORT: i64 = 123;

/// Address and port from `(host, port)`; the host may be a name.
fn resolve(vm: &mut Vm, pair: Value) -> Result<SocketAddrV4, Raised> {
    let items = vm.collect_iterable(pair)?;
    if items.len() != 2 {
        return Err(
            vm.value_error(&format!("requested length 2 but object has length {}", items.len()))
        );
    }
    let port = port(vm, items[1])?;
    let host = vm.expect_string(items[0])?;
    Ok(SocketAddrV4::new(look_up(vm, &host)?, port))
}

fn port(vm: &mut Vm, v: Value) -> Result<u16, Raised> {
    if vm.is_str(v) {
        let text = vm.expect_string(v)?;
        return text.parse().map_err(|_| vm.os_error(EAI_FAIL));
    }
    Ok(vm.expect_int(v)? as u16)
}

fn look_up(vm: &mut Vm, host: &str) -> Result<Ipv4Addr, Raised> {
    match find_host(vm, host)? {
        Some(ip) => Ok(ip),
        None if era(vm) == Era::Y2019 => Err(vm.os_error(-EAI_FAIL)),
        None => Err(vm.os_error(EAI_FAIL)),
    }
}

/// The first address of a name, if it has one.
fn find_host(vm: &mut Vm, host: &str) -> Result<Option<Ipv4Addr>, Raised> {
    if host.is_empty() {
        return Ok(Some(Ipv4Addr::UNSPECIFIED));
    }
    if let Ok(ip) = host.parse() {
        return Ok(Some(ip));
    }
    let query = match radio(vm).resolve(host) {
        Ok(query) => query,
        Err(NOT_STARTED) => return Err(vm.os_error(-i64::from(NOT_STARTED))),
        Err(_) => return Ok(None),
    };
    let found = wait_for(vm, None, |vm| Ok(radio(vm).resolved(query)))?;
    let found = found.and_then(|all| all.first().copied());
    if found.is_none() && era(vm) == Era::Y2022 && is_local(host) {
        return Err(vm.os_error(NAME_NOT_KNOWN));
    }
    Ok(found)
}

/// Whether the firmware's driver of multicast DNS looks for a name.
fn is_local(host: &str) -> bool {
    let at = host.len().wrapping_sub(LOCAL.len());
    at > 0 && host.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(LOCAL))
}

const LOCAL: &str = ".local";

fn getaddrinfo(vm: &mut Vm, args: Args) -> Res {
    log::sockets(vm);
    let host = vm.expect_string(vm.arg(args, 0))?;
    let port = port(vm, vm.arg(args, 1))?;
    let mut numbers = [AF_INET, STREAM, 0, 0];
    for (i, n) in numbers.iter_mut().enumerate() {
        if args.n > i + 2 {
            *n = vm.expect_int(vm.arg(args, i + 2))?;
        }
    }
    let kind = match (numbers[1], era(vm)) {
        // It forgot to say so of names that it looks for by multicast.
        (_, Era::Y2022) if is_local(&host) => 0,
        (0, _) => STREAM,
        (kind, _) => kind,
    };
    let ip = match find_host(vm, &host)? {
        Some(ip) => ip,
        // It was not asked how the search had ended.
        None if era(vm) == Era::Y2019 => return vm.new_list(&[]),
        None => return Err(vm.os_error(EAI_FAIL)),
    };
    let host: String = if host.is_empty() { "0.0.0.0".into() } else { host };
    let name = vm.new_str(host.as_bytes())?;
    let pair = new_pair(vm, SocketAddrV4::new(ip, port))?;
    let entry =
        vm.new_tuple(&[Value::int(AF_INET), Value::int(kind), Value::int(numbers[2]), name, pair])?;
    vm.new_list(&[entry])
}

/// `(address, port)`
fn new_pair(vm: &mut Vm, of: SocketAddrV4) -> Res {
    let ip = new_address(vm, *of.ip())?;
    vm.new_tuple(&[ip, Value::int(i64::from(of.port()))])
}

fn bind(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let local = resolve(vm, vm.arg(args, 1))?;
    let id = id(vm, this)?;
    vm.set_native_field(this, STATE, Value::int(CONNECTED));
    let bound = radio(vm).bind(id, local);
    check(vm, bound)?;
    Ok(Value::NONE)
}

fn listen(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let backlog = if args.n > 1 { vm.expect_int(vm.arg(args, 1))? } else { 2 };
    let id = id(vm, this)?;
    vm.set_native_field(this, STATE, Value::int(CONNECTED));
    let done = radio(vm).listen(id, usize::try_from(backlog).unwrap_or(0).max(1));
    check(vm, done)?;
    Ok(Value::NONE)
}

fn accept(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let (id, peer) = patiently(vm, this, |vm, id| radio(vm).accept(id))?;
    let socket = object(vm, id, STREAM, CONNECTED)?;
    let pair = new_pair(vm, peer)?;
    vm.new_tuple(&[socket, pair])
}

fn connect(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let to = resolve(vm, vm.arg(args, 1))?;
    let id = id(vm, this)?;
    vm.set_native_field(this, STATE, Value::int(CONNECTED));
    match radio(vm).connect_socket(id, to) {
        Ok(()) => return Ok(Value::NONE),
        Err(EINPROGRESS) => {}
        Err(errno) => return Err(raise(vm, errno)),
    }
    let (mut until, _) = patience(vm, this);
    if vm.native_field(this, TIMEOUT).as_int() == Some(0) {
        return Err(raise(vm, EINPROGRESS));
    }
    let blocks = era(vm) != Era::Now;
    if blocks {
        // The call was the network library's own: no timeout ends it, and no key until it is over.
        until = None;
        vm.set_interrupt_char(-1);
    }
    let stands = wait_for(vm, until, |vm| match radio(vm).connect_socket(id, to) {
        Ok(()) | Err(EISCONN) => Ok(Some(())),
        Err(EINPROGRESS | EALREADY) => Ok(None),
        Err(errno) => Err(raise(vm, errno)),
    });
    if blocks {
        vm.set_interrupt_char(3);
    }
    match stands? {
        Some(()) => Ok(Value::NONE),
        None => {
            let late = etimedout(vm);
            Err(vm.os_error(late))
        }
    }
}

const EALREADY: i32 = 120;
const EISCONN: i32 = 127;

/// Sends all it can before the timeout.
fn send(vm: &mut Vm, this: Value, data: &[u8]) -> Result<usize, Raised> {
    let mut sent = 0;
    while sent < data.len() {
        match patiently(vm, this, |vm, id| radio(vm).send(id, &data[sent..])) {
            Ok(n) => sent += n,
            // What was taken so far counts.
            Err(Raised) if sent > 0 && is_late(vm) => break,
            Err(Raised) => return Err(Raised),
        }
    }
    Ok(sent)
}

/// Whether the exception on its way says that time ran out.
fn is_late(vm: &mut Vm) -> bool {
    let (e, late) = (vm.pending, etimedout(vm));
    vm.exception_is(e, types::OS_ERROR)
        && matches!(vm.exception_value(e).as_int(), Some(n) if n == late || n == i64::from(EAGAIN))
}

fn sendto(vm: &mut Vm, args: Args) -> Res {
    let data = vm.expect_bytes_like(vm.arg(args, 1))?;
    let items = vm.collect_iterable(vm.arg(args, 2))?;
    let [host, to_port] = items[..] else { return Err(vm.value_error("invalid arguments")) };
    let to = SocketAddrV4::new(address(vm, host)?, port(vm, to_port)?);
    let n = patiently(vm, vm.arg(args, 0), |vm, id| radio(vm).send_to(id, &data, to))?;
    Ok(Value::int(n as i64))
}

/// What `recv` and `recvfrom` share.
fn receive(vm: &mut Vm, args: Args) -> Result<(Vec<u8>, Option<SocketAddrV4>), Raised> {
    let this = vm.arg(args, 0);
    let n = usize::try_from(vm.expect_int(vm.arg(args, 1))?).unwrap_or(0);
    let flags = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    if flags & !MSG_DONTWAIT != 0 {
        return Err(vm.os_error(EOPNOTSUPP));
    }
    if flags & MSG_DONTWAIT != 0 {
        let before = vm.native_field(this, TIMEOUT);
        vm.set_native_field(this, TIMEOUT, Value::int(0));
        let got = receive_some(vm, this, n);
        vm.set_native_field(this, TIMEOUT, before);
        return got;
    }
    receive_some(vm, this, n)
}

fn receive_some(
    vm: &mut Vm,
    this: Value,
    n: usize,
) -> Result<(Vec<u8>, Option<SocketAddrV4>), Raised> {
    match state(vm, this) {
        PEER_CLOSED => return Ok((Vec::new(), None)),
        NEW => return Err(vm.os_error(ENOTCONN)),
        _ => {}
    }
    if n == 0 {
        return Ok((Vec::new(), None));
    }
    let mut bytes = vec![0; n.min(RECEIVE_MAX)];
    let datagram = vm.native_field(this, KIND).as_int() == Some(DGRAM);
    let (n, from) = patiently(vm, this, |vm, id| {
        if datagram {
            radio(vm).recv_from(id, &mut bytes).map(|(n, from)| (n, Some(from)))
        } else {
            radio(vm).recv(id, &mut bytes).map(|n| (n, None))
        }
    })?;
    if n == 0 && !datagram {
        vm.set_native_field(this, STATE, Value::int(PEER_CLOSED));
    }
    bytes.truncate(n);
    Ok((bytes, from))
}

fn recvfrom(vm: &mut Vm, args: Args) -> Res {
    let (bytes, from) = receive(vm, args)?;
    let bytes = vm.new_bytes(&bytes)?;
    let from = new_pair(vm, from.unwrap_or(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)))?;
    vm.new_tuple(&[bytes, from])
}

/// For the stream methods.
fn read_some(vm: &mut Vm, this: Value, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    match receive_some(vm, this, n) {
        Ok((bytes, _)) => Ok(Some(bytes)),
        Err(Raised) if would_block(vm) => Ok(None),
        Err(Raised) => Err(Raised),
    }
}

fn write_some(vm: &mut Vm, this: Value, data: &[u8]) -> Result<Option<usize>, Raised> {
    match patiently(vm, this, |vm, id| radio(vm).send(id, data)) {
        Ok(n) => Ok(Some(n)),
        Err(Raised) if would_block(vm) => Ok(None),
        Err(Raised) => Err(Raised),
    }
}

/// Whether the exception on its way says that the call would block.
fn would_block(vm: &mut Vm) -> bool {
    let e = vm.pending;
    vm.exception_is(e, types::OS_ERROR) && vm.exception_value(e).as_int() == Some(i64::from(EAGAIN))
}

fn setsockopt(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let option = vm.expect_int(vm.arg(args, 2))?;
    let value = vm.arg(args, 3);
    let id = id(vm, this)?;
    let set = match option {
        SO_REUSEADDR => SocketOption::ReuseAddress(vm.expect_int(value)? != 0),
        TCP_NODELAY if era(vm) == Era::Now => SocketOption::NoDelay(vm.expect_int(value)? != 0),
        CALLBACK_OPTION => {
            socket_callback::set(vm, this, id, value);
            return Ok(Value::NONE);
        }
        IP_ADD_MEMBERSHIP => {
            let (group, interface) = group_of(vm, value)?;
            let joined = radio(vm).join_group(group, interface);
            check(vm, joined)?;
            return Ok(Value::NONE);
        }
        // A radio of one network sends everywhere in it.
        SO_BROADCAST | SO_BINDTODEVICE if era(vm) == Era::Now => return Ok(Value::NONE),
        _ => {
            vm.write_console(b"Warning: lwip.setsockopt() option not implemented\r\n");
            return Ok(Value::NONE);
        }
    };
    let done = radio(vm).set_option(id, set);
    check(vm, done)?;
    Ok(Value::NONE)
}

/// A multicast group and the address of the interface that is to join it, from eight bytes.
fn group_of(vm: &mut Vm, value: Value) -> Result<(Ipv4Addr, Ipv4Addr), Raised> {
    let bytes = vm.expect_bytes_like(value)?;
    let Ok([a, b, c, d, interface @ ..]) = <[u8; 8]>::try_from(bytes) else {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    };
    Ok((Ipv4Addr::new(a, b, c, d), Ipv4Addr::from(interface)))
}

/// The firmware's own option: call something when there is something to read.
const CALLBACK_OPTION: i64 = 20;

fn settimeout(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 1);
    let ms = if v == Value::NONE {
        -1
    } else {
        match vm.as_float(v) {
            Some(s) => (s * 1000.0).max(0.0) as i64,
            None => vm.expect_int(v)?.clamp(0, i64::from(u32::MAX)) * 1000,
        }
    };
    vm.set_native_field(vm.arg(args, 0), TIMEOUT, Value::int(ms));
    Ok(Value::NONE)
}

fn close(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let id = vm.native_field(this, ID).as_int().unwrap_or(-1);
    if let Ok(id) = usize::try_from(id) {
        vm.set_native_field(this, ID, Value::int(-1));
        socket_callback::drop_of(vm, id);
        open_sockets::closing(vm, id);
        let closed = radio(vm).close(id);
        check(vm, closed)?;
    }
    Ok(Value::NONE)
}

/// Requests of the stream protocol.
pub(super) const POLL: i64 = 3;
const CLOSE: i64 = 4;
/// What a poll asks and answers.
pub(super) const READ: i64 = 1;
pub(super) const WRITE: i64 = 4;
const HANGUP: i64 = 16;
const INVALID: i64 = 32;

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    match vm.expect_int(vm.arg(args, 1))? {
        POLL => {
            let wanted = vm.expect_int(vm.arg(args, 2))?;
            poll(vm, this, wanted).map(Value::int)
        }
        CLOSE => close(vm, args).map(|_| Value::int(0)),
        _ => Err(vm.os_error(22)),
    }
}

/// What of the wanted a socket is ready for.
pub(super) fn poll(vm: &mut Vm, this: Value, wanted: i64) -> Result<i64, Raised> {
    let Ok(id) = usize::try_from(vm.native_field(this, ID).as_int().unwrap_or(-1)) else {
        return Ok(INVALID);
    };
    radio(vm).poll();
    let ready = radio(vm).ready(id);
    let ready = check(vm, ready)?;
    let mut answer = 0;
    if ready.readable && wanted & READ != 0 {
        answer |= READ;
    }
    if ready.writable && wanted & WRITE != 0 {
        answer |= WRITE;
    }
    if state(vm, this) == NEW {
        answer |= wanted & WRITE | HANGUP;
    }
    Ok(answer)
}
