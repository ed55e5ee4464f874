//! The access point of `network.WLAN`: on and off, and who is there.

use super::{INVALID_MODE, fail, radio};
use crate::chip::Chip;
use crate::modules::net::new_address;
use crate::profile::Era;
use coil_vm::{Res, Value, Vm};

/// Switches it on or off.
pub(super) fn set_active(vm: &mut Vm, on: bool) {
    Chip::of(vm).wifi.ap_active = on;
    if on {
        apply(vm);
    } else {
        radio(vm).stop_access_point();
    }
}

/// Has the radio know how it is set up, if it is on.
pub(super) fn apply(vm: &mut Vm) {
    let wifi = &Chip::of(vm).wifi;
    if wifi.ap_active {
        let settings = wifi.ap.clone();
        radio(vm).start_access_point(&settings);
    }
}

/// `status('stations')`: their hardware addresses, and since 1.28 what they were given.
pub(super) fn stations(vm: &mut Vm) -> Res {
    if !Chip::of(vm).wifi.ap_active {
        return Err(fail(vm, INVALID_MODE));
    }
    let has_addresses = Chip::of(vm).profile.switches.wlan == Era::Now;
    let list = vm.new_list(&[])?;
    for client in radio(vm).clients() {
        let mark = vm.mark();
        let mac = vm.new_bytes(&client.mac)?;
        let entry = if has_addresses {
            let address = match client.address {
                Some(ip) => new_address(vm, ip)?,
                None => Value::NONE,
            };
            vm.new_tuple(&[mac, address])?
        } else {
            vm.new_tuple(&[mac])?
        };
        vm.list_append(list.as_ref().expect("a list is an object"), entry)?;
        vm.release(mark);
    }
    Ok(list)
}
