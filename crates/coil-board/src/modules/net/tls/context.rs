//! `SSLContext`: what a session is to trust and to show.

use super::{CERT_NONE, CERT_REQUIRED, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, raise, wrap};

use crate::chip::Chip;
use crate::outside::{Tls, TlsClient, TlsFault};
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
                open(vm, vm.arg(a, 0), vm.arg(a, 1), flags, vm.arg(a, 4))
            },
        ),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 1, 1)?;
        let protocol = vm.expect_int(vm.arg(a, 0))?;
        let verify = if protocol == PROTOCOL_TLS_CLIENT { CERT_REQUIRED } else { CERT_NONE };
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
    if vm.names.text(name) != "verify_mode" {
        return Ok(Value::NULL);
    }
    match access {
        Access::Load => Ok(vm.native_field(this, VERIFY)),
        Access::Store(v) => {
            let mode = vm.expect_int(v)?;
            vm.set_native_field(this, VERIFY, Value::int(mode));
            Ok(Value::NONE)
        }
        Access::Delete => Ok(Value::NULL),
    }
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
    context: Value,
    sock: Value,
    [server, handshake]: [bool; 2],
    hostname: Value,
) -> Res {
    let is_set = |v: &Value| !v.is_null() && *v != Value::NONE;
    let name: Option<String> = match Some(hostname).filter(is_set) {
        Some(v) => Some(vm.expect_string(v)?),
        None => None,
    };
    let verify = vm.native_field(context, VERIFY).as_int().unwrap_or(CERT_NONE);
    let is_server =
        server || vm.native_field(context, PROTOCOL).as_int() == Some(PROTOCOL_TLS_SERVER);
    if verify == CERT_REQUIRED && !is_server && name.is_none() {
        return Err(vm.value_error("CERT_REQUIRED requires server_hostname"));
    }
    let (certificate, key) = (bytes_of(vm, context, CERTIFICATE)?, bytes_of(vm, context, KEY)?);
    let identity = certificate.zip(key);
    let authorities = bytes_of(vm, context, AUTHORITIES)?;
    let ciphers = chosen_ciphers(vm, context)?;
    if is_server {
        return wrap(vm, sock, handshake, |tls| tls.server(identity, ciphers));
    }
    let seconds = time::wall_us(vm).div_euclid(1_000_000);
    let unix_seconds = (seconds >= CLOCK_IS_SET).then(|| (seconds + EPOCH_2000) as u64);
    let authorities = (verify == CERT_REQUIRED).then(|| authorities.into_iter().collect());
    let client = TlsClient { server_name: name, authorities, unix_seconds, identity, ciphers };
    wrap(vm, sock, handshake, |tls| tls.client(client))
}

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
    open(vm, context, sock, [server, handshake], hostname)
}
