//! The network as programs see it: WiFi, sockets, TLS. The radio behind it is the chip's.

pub(crate) mod espnow;
pub(crate) mod network;
pub(crate) mod socket;
pub(crate) mod socket_callback;
mod stream;
pub(crate) mod tls;
pub(crate) mod webrepl;
pub(crate) mod websocket;

use crate::chip::Chip;
use crate::outside::{EINPROGRESS, Radio};
use coil_vm::{Raised, Value, Vm};
use core::net::Ipv4Addr;

/// The chip's radio.
fn radio(vm: &mut Vm) -> &mut dyn Radio {
    &mut *Chip::of(vm).radio
}

/// Turns an error number into OSError.
fn check<T>(vm: &mut Vm, result: Result<T, i32>) -> Result<T, Raised> {
    result.map_err(|errno| raise(vm, errno))
}

/// OSError for an error of the network. Its numbers are newlib's in all firmware, but for the one of
/// a call that goes on.
fn raise(vm: &mut Vm, errno: i32) -> Raised {
    let is_newlib = Chip::of(vm).profile.switches.newlib_errno;
    vm.os_error(if errno == EINPROGRESS && !is_newlib { 115 } else { i64::from(errno) })
}

/// Tries until there is a result, or until a moment.
fn wait_for<T>(
    vm: &mut Vm,
    until_us: Option<u64>,
    mut attempt: impl FnMut(&mut Vm) -> Result<Option<T>, Raised>,
) -> Result<Option<T>, Raised> {
    radio(vm).poll();
    let mut got = attempt(vm)?;
    if got.is_none() {
        vm.wait_until(until_us, |vm| {
            got = attempt(vm)?;
            Ok(got.is_some())
        })?;
    }
    Ok(got)
}

/// An address in figures from a string of the program.
fn address(vm: &mut Vm, v: Value) -> Result<Ipv4Addr, Raised> {
    let text = vm.expect_string(v)?;
    if text.is_empty() {
        return Ok(Ipv4Addr::UNSPECIFIED);
    }
    text.parse().map_err(|_| vm.value_error("invalid arguments"))
}

/// An address as a string for the program.
fn new_address(vm: &mut Vm, ip: Ipv4Addr) -> coil_vm::Res {
    let text = alloc::format!("{ip}");
    vm.new_str(text.as_bytes())
}
