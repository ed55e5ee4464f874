//! `SSLContext`: what a session is to trust and to show.

use super::{
    CERT_NONE, CERT_REQUIRED, PROTOCOL_DTLS_CLIENT, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER,
};
use super::{raise, wrap};

use crate::chip::Chip;
use crate::outside::{Datagrams, Tls, TlsClient, TlsFault};
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::{args, time};
use coil_vm::qstr::Qstr;
use coil_vm::rom::{Access, Args, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm};

/// `SSLContext`: see the fields below.
pub(crate) static CONTEXT: TypeDef = TypeDef {
    name: "SSLContext",
    items: &[
        def_kw("load_verify_locations(self, cafile=, cadata=)", load_verify_locations),
        def_kw("load_cert_chain(self, certfile, keyfile)", |vm, a| {
            let (this, cert, key) = (vm.arg(a, 0), vm.arg(a, 1), vm.arg(a, 2));
            load_chain(vm, this, cert, key)
        }),
        def("get_ciphers(self)", get_ciphers),
        def("set_ciphers(self, ciphers)", set_ciphers),
        def_kw(
            "wrap_socket(self, sock, *, server_side=, do_handshake_on_connect=, server_hostname=, client_id=)",
            |vm, a| {
                let flags = [flag(vm, vm.arg(a, 2), false)?, flag(vm, vm.arg(a, 3), true)?];
                open(vm, [vm.arg(a, 0), vm.arg(a, 1)], flags, [vm.arg(a, 4), vm.arg(a, 5)])
            },
        ),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 1, 1)?;
        let protocol = vm.expect_int(vm.arg(a, 0))?;
        let is_client = matches!(protocol, PROTOCOL_TLS_CLIENT | PROTOCOL_DTLS_CLIENT);
        let verify = if is_client { CERT_REQUIRED } else { CERT_NONE };
        new_context(vm, protocol, verify)
    }),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// Field: client or server.
const PROTOCOL: usize = 0;
/// Field: how much of the peer's certificate is looked at.
const VERIFY: usize = 1;
/// Field: the authorities' certificates.
const AUTHORITIES: usize = 2;
/// Field: the own certificate.
const CERTIFICATE: usize = 3;
/// Field: its key.
const KEY: usize = 4;
/// Field: tuple of the ciphers' names, or `None` for all.
const CIPHERS: usize = 5;
/// Field: the client's name of a key that the server has as well.
const PSK_IDENTITY: usize = 6;
/// Field: that key.
const PSK_KEY: usize = 7;
/// Field: a server's dict of names and keys.
const SERVER_PSK_KEYS: usize = 8;

/// Bytes of a key shared beforehand, at most.
const PSK_MAX: usize = 48;
/// The protocol is one over datagrams.
const OVER_DATAGRAMS: i64 = 2;

/// The ciphers of the firmware's library, in its order.
const FIRMWARE_CIPHERS: &[&str] = &[
    "TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384",
    "TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384",
    "TLS-ECDHE-ECDSA-WITH-AES-256-CBC-SHA384",
    "TLS-ECDHE-RSA-WITH-AES-256-CBC-SHA384",
    "TLS-ECDHE-ECDSA-WITH-AES-256-CBC-SHA",
    "TLS-ECDHE-RSA-WITH-AES-256-CBC-SHA",
    "TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256",
    "TLS-ECDHE-RSA-WITH-AES-128-GCM-SHA256",
    "TLS-ECDHE-ECDSA-WITH-AES-128-CBC-SHA256",
    "TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA256",
    "TLS-ECDHE-ECDSA-WITH-AES-128-CBC-SHA",
    "TLS-ECDHE-RSA-WITH-AES-128-CBC-SHA",
    "TLS-RSA-WITH-AES-256-GCM-SHA384",
    "TLS-RSA-WITH-AES-256-CBC-SHA256",
    "TLS-RSA-WITH-AES-256-CBC-SHA",
    "TLS-RSA-WITH-AES-128-GCM-SHA256",
    "TLS-RSA-WITH-AES-128-CBC-SHA256",
    "TLS-RSA-WITH-AES-128-CBC-SHA",
];

/// A list without items, or a name that is no cipher's.
const BAD_CONFIG: TlsFault = TlsFault::Other(-0x5e80, "MBEDTLS_ERR_SSL_BAD_CONFIG");

fn new_context(vm: &mut Vm, protocol: i64, verify: i64) -> Res {
    vm.new_native(
        &CONTEXT,
        &[
            Value::int(protocol),
            Value::int(verify),
            Value::NONE,
            Value::NONE,
            Value::NONE,
            Value::NONE,
            Value::NONE,
            Value::NONE,
            Value::NONE,
        ],
    )
}

fn get_ciphers(vm: &mut Vm, _: Args) -> Res {
    let list = vm.new_list(&[])?;
    for name in FIRMWARE_CIPHERS {
        let name = vm.new_str(name.as_bytes())?;
        vm.list_append(list.as_ref().expect("a list is an object"), name)?;
    }
    Ok(list)
}

fn set_ciphers(vm: &mut Vm, args: Args) -> Res {
    let names = args::expect_items(vm, vm.arg(args, 1))?;
    if names.is_empty() {
        return Err(raise(vm, &BAD_CONFIG));
    }
    for &name in &names {
        let name = vm.expect_string(name)?;
        if !FIRMWARE_CIPHERS.contains(&name.as_str()) {
            return Err(raise(vm, &BAD_CONFIG));
        }
    }
    let names = vm.new_tuple(&names)?;
    vm.set_native_field(vm.arg(args, 0), CIPHERS, names);
    Ok(Value::NONE)
}

/// The names of the chosen ciphers as the standards write them.
fn chosen_ciphers(vm: &mut Vm, context: Value) -> Result<Vec<String>, Raised> {
    let names = vm.native_field(context, CIPHERS);
    let mut all = Vec::new();
    for name in vm.tuple_items(names).unwrap_or_default() {
        all.push(vm.expect_string(name)?.replace('-', "_"));
    }
    Ok(all)
}

fn attr(vm: &mut Vm, this: Value, name: Qstr, access: Access) -> Res {
    let field = match vm.names.text(name) {
        "verify_mode" => VERIFY,
        "psk_identity" => PSK_IDENTITY,
        "psk_key" => PSK_KEY,
        "server_psk_keys" => SERVER_PSK_KEYS,
        _ => return Ok(Value::NULL),
    };
    match access {
        Access::Load => Ok(vm.native_field(this, field)),
        Access::Store(v) if field == VERIFY => {
            let mode = vm.expect_int(v)?;
            vm.set_native_field(this, VERIFY, Value::int(mode));
            Ok(Value::NONE)
        }
        Access::Store(v) => {
            vm.set_native_field(this, field, v);
            // The pair counts as soon as both are there.
            client_key(vm, this)?;
            Ok(Value::NONE)
        }
        Access::Delete => Ok(Value::NULL),
    }
}

const BAD_INPUT: TlsFault = TlsFault::Other(-0x7100, "MBEDTLS_ERR_SSL_BAD_INPUT_DATA");

/// The client's name and key, if both are set.
fn client_key(vm: &mut Vm, context: Value) -> Result<Option<(Vec<u8>, Vec<u8>)>, Raised> {
    let [identity, key] = [PSK_IDENTITY, PSK_KEY].map(|i| vm.native_field(context, i));
    if identity == Value::NONE || key == Value::NONE {
        return Ok(None);
    }
    let pair = (vm.expect_bytes_like(identity)?, vm.expect_bytes_like(key)?);
    if pair.1.is_empty() || pair.1.len() > PSK_MAX {
        return Err(raise(vm, &BAD_INPUT));
    }
    Ok(Some(pair))
}

/// All keys that a session may use.
fn shared_keys(
    vm: &mut Vm,
    context: Value,
    is_server: bool,
) -> Result<Vec<(Vec<u8>, Vec<u8>)>, Raised> {
    if !is_server {
        return Ok(client_key(vm, context)?.into_iter().collect());
    }
    let known = vm.native_field(context, SERVER_PSK_KEYS);
    let Some(map) = vm.as_dict(known) else { return Ok(Vec::new()) };
    let mut keys = Vec::new();
    let mut slot = 0;
    while let Some(at) = map.next_slot(vm, slot) {
        let (name, key) = (map.key(vm, at), map.value(vm, at));
        keys.push((vm.expect_bytes_like(name)?, vm.expect_bytes_like(key)?));
        slot = at + 1;
    }
    Ok(keys)
}

fn flag(vm: &mut Vm, v: Value, default: bool) -> Result<bool, Raised> {
    if v.is_null() { Ok(default) } else { vm.truth(v) }
}

/// A certificate or key: its content, or the name of a file that has it.
fn material(vm: &mut Vm, v: Value) -> Res {
    if !vm.is_str(v) || vm.str_bytes(v).starts_with(b"-----BEGIN ") {
        let bytes = vm.expect_bytes_like(v)?;
        return vm.new_bytes(&bytes);
    }
    let path = vm.expect_string(v)?;
    match crate::vfs::read_file(vm, &path) {
        Some(bytes) => vm.new_bytes(&bytes),
        None => Err(vm.os_error(2)),
    }
}

/// Takes the own certificate and its key; both are looked at, the key first.
fn load_chain(vm: &mut Vm, this: Value, cert: Value, key: Value) -> Res {
    let key = material(vm, key)?;
    checked(vm, key, |tls, bytes| tls.check_key(bytes))?;
    vm.set_native_field(this, KEY, key);
    let cert = material(vm, cert)?;
    checked(vm, cert, |tls, bytes| tls.check_certificates(bytes))?;
    vm.set_native_field(this, CERTIFICATE, cert);
    Ok(Value::NONE)
}

fn checked(
    vm: &mut Vm,
    given: Value,
    check: fn(&mut dyn Tls, &[u8]) -> Result<(), TlsFault>,
) -> Result<(), Raised> {
    let bytes = vm.expect_bytes_like(given)?;
    check(&mut *Chip::of(vm).tls, &bytes).map_err(|fault| raise(vm, &fault))
}

fn load_verify_locations(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    for i in 1..3 {
        let v = vm.arg(args, i);
        if !v.is_null() && v != Value::NONE {
            let bytes = material(vm, v)?;
            checked(vm, bytes, |tls, bytes| tls.check_certificates(bytes))?;
            vm.set_native_field(this, AUTHORITIES, bytes);
        }
    }
    Ok(Value::NONE)
}

fn bytes_of(vm: &mut Vm, context: Value, i: usize) -> Result<Option<Vec<u8>>, Raised> {
    let v = vm.native_field(context, i);
    if v == Value::NONE { Ok(None) } else { vm.expect_bytes_like(v).map(Some) }
}

/// Seconds from 1970 to 2000.
const EPOCH_2000: i64 = 946_684_800;
/// A clock before 2020 was never set.
const CLOCK_IS_SET: i64 = 631_152_000;

/// Wraps a socket: server's side, and whether to shake hands at once.
fn open(
    vm: &mut Vm,
    [context, sock]: [Value; 2],
    [server, handshake]: [bool; 2],
    [hostname, client_id]: [Value; 2],
) -> Res {
    let is_set = |v: &Value| !v.is_null() && *v != Value::NONE;
    let name: Option<String> = match Some(hostname).filter(is_set) {
        Some(v) => Some(vm.expect_string(v)?),
        None => None,
    };
    let verify = vm.native_field(context, VERIFY).as_int().unwrap_or(CERT_NONE);
    let protocol = vm.native_field(context, PROTOCOL).as_int().unwrap_or(0);
    let is_server = server || protocol & PROTOCOL_TLS_SERVER != 0;
    let keys = shared_keys(vm, context, is_server)?;
    if verify == CERT_REQUIRED && !is_server && name.is_none() && keys.is_empty() {
        return Err(vm.value_error("CERT_REQUIRED requires server_hostname"));
    }
    let (certificate, key) = (bytes_of(vm, context, CERTIFICATE)?, bytes_of(vm, context, KEY)?);
    let identity = certificate.zip(key);
    let authorities = bytes_of(vm, context, AUTHORITIES)?;
    let ciphers = chosen_ciphers(vm, context)?;
    let over_datagrams = protocol & OVER_DATAGRAMS != 0;
    if !keys.is_empty() && !over_datagrams {
        return Err(raise(vm, &NO_SUCH_FEATURE));
    }
    if is_server && over_datagrams {
        // The library here asks for a cookie without it; the firmware's needs it.
        if !is_set(&client_id) || vm.expect_bytes_like(client_id).is_err() {
            return Err(raise(vm, &BAD_INPUT));
        }
        let client = TlsClient { identity, ..TlsClient::default() };
        let now = vm.port.now_us();
        let how = Datagrams { is_server, client, keys };
        return wrap(vm, sock, [handshake, true], |tls| tls.datagrams(how, now));
    }
    if is_server {
        return wrap(vm, sock, [handshake, false], |tls| tls.server(identity, ciphers));
    }
    let seconds = time::wall_us(vm).div_euclid(1_000_000);
    let unix_seconds = (seconds >= CLOCK_IS_SET).then(|| (seconds + EPOCH_2000) as u64);
    let checks = verify == CERT_REQUIRED && keys.is_empty();
    let authorities = checks.then(|| authorities.into_iter().collect());
    let client = TlsClient { server_name: name, authorities, unix_seconds, identity, ciphers };
    if over_datagrams {
        let now = vm.port.now_us();
        let how = Datagrams { is_server, client, keys };
        return wrap(vm, sock, [handshake, true], |tls| tls.datagrams(how, now));
    }
    wrap(vm, sock, [handshake, false], |tls| tls.client(client))
}

/// Keys shared beforehand are for sessions over datagrams: the library here has none over streams.
const NO_SUCH_FEATURE: TlsFault = TlsFault::Other(-0x7080, "MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE");

/// `ssl.wrap_socket`, the old way.
pub(super) fn wrap_socket(vm: &mut Vm, args: Args) -> Res {
    let [sock, server, key, cert, verify, roots, hostname, handshake] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|i| vm.arg(args, i));
    let server = flag(vm, server, false)?;
    let verify = if verify.is_null() { CERT_NONE } else { vm.expect_int(verify)? };
    let protocol = if server { PROTOCOL_TLS_SERVER } else { PROTOCOL_TLS_CLIENT };
    let context = new_context(vm, protocol, verify)?;
    let given = |v: Value| if v.is_null() { Value::NONE } else { v };
    let (key, cert, roots) = (given(key), given(cert), given(roots));
    if vm.truth(cert)? || vm.truth(key)? {
        load_chain(vm, context, cert, key)?;
    }
    if vm.truth(roots)? {
        let bytes = material(vm, roots)?;
        checked(vm, bytes, |tls, bytes| tls.check_certificates(bytes))?;
        vm.set_native_field(context, AUTHORITIES, bytes);
    }
    let handshake = flag(vm, handshake, true)?;
    open(vm, [context, sock], [server, handshake], [hostname, Value::NONE])
}
