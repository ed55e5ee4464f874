//! `ifconfig` and `ipconfig`: the addresses of the interfaces.

use super::{AP, STA, access_point, interface, radio};
use crate::chip::Chip;
use crate::modules::net::{address, new_address};
use crate::outside::Addresses;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm};
use core::net::Ipv4Addr;

fn addresses(vm: &mut Vm, this: Value) -> Addresses {
    if interface(vm, this) == AP {
        return Chip::of(vm).wifi.ap.addresses;
    }
    let none = Ipv4Addr::UNSPECIFIED;
    radio(vm).addresses().unwrap_or(Addresses {
        address: none,
        netmask: none,
        gateway: none,
        dns: none,
    })
}

/// `ifconfig(self, addresses=)`
pub(super) fn ifconfig(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let now = addresses(vm, this);
    if args.n == 1 {
        let mut fields = [Value::NONE; 4];
        for (field, ip) in fields.iter_mut().zip([now.address, now.netmask, now.gateway, now.dns]) {
            *field = new_address(vm, ip)?;
        }
        return vm.new_tuple(&fields);
    }
    let wanted = vm.arg(args, 1);
    if vm.is_str(wanted) {
        if vm.str_bytes(wanted) != b"dhcp" || interface(vm, this) != STA {
            return Err(vm.value_error("invalid arguments"));
        }
        fix(vm, this, None);
        return Ok(Value::NONE);
    }
    let items = vm.collect_iterable(wanted)?;
    let [ip, mask, gateway, dns] = items[..] else {
        return Err(vm.value_error("invalid arguments"));
    };
    let fixed = Addresses {
        address: address(vm, ip)?,
        netmask: netmask(vm, mask)?,
        gateway: address(vm, gateway)?,
        dns: address(vm, dns)?,
    };
    fix(vm, this, Some(fixed));
    Ok(Value::NONE)
}

/// A mask, or how many bits it has.
fn netmask(vm: &mut Vm, v: Value) -> Result<Ipv4Addr, Raised> {
    match v.as_int() {
        Some(bits) => Ok(mask_of(bits)),
        None => address(vm, v),
    }
}

fn mask_of(bits: i64) -> Ipv4Addr {
    let bits = u32::try_from(bits).unwrap_or(0).min(32);
    Ipv4Addr::from(u32::MAX.checked_shl(32 - bits).unwrap_or(0))
}

fn fix(vm: &mut Vm, this: Value, fixed: Option<Addresses>) {
    if interface(vm, this) == AP {
        if let Some(addresses) = fixed {
            Chip::of(vm).wifi.ap.addresses = addresses;
            access_point::apply(vm);
        }
        return;
    }
    Chip::of(vm).wifi.fixed = fixed.is_some();
    radio(vm).set_addresses(fixed);
}

/// `ipconfig(self, *args, **kw)`
pub(super) fn ipconfig(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if args.nkw > 0 {
        if args.n != 1 {
            return Err(vm.type_error("can't specify pos and kw args"));
        }
        return set(vm, this, args);
    }
    if args.n != 2 {
        return Err(vm.type_error("must query one param"));
    }
    let now = addresses(vm, this);
    let name = vm.expect_string(vm.arg(args, 1))?;
    match name.as_str() {
        "dhcp4" if interface(vm, this) == STA => {
            let fixed = Chip::of(vm).wifi.fixed;
            Ok(Value::bool(!fixed))
        }
        "addr4" => {
            let (ip, mask) = (new_address(vm, now.address)?, new_address(vm, now.netmask)?);
            vm.new_tuple(&[ip, mask])
        }
        "gw4" => new_address(vm, now.gateway),
        _ => Err(vm.value_error("unexpected key")),
    }
}

fn set(vm: &mut Vm, this: Value, args: Args) -> Res {
    let mut now = addresses(vm, this);
    let mut touched = false;
    for i in 0..args.nkw {
        let (name, value) = vm.kwarg(args, i);
        match vm.expect_string(name)?.as_str() {
            "dhcp4" if interface(vm, this) == STA => {
                let on = vm.truth(value)?;
                fix(vm, this, if on { None } else { Some(now) });
            }
            "addr4" => {
                if value != Value::NONE {
                    (now.address, now.netmask) = with_mask(vm, value, now.netmask)?;
                }
                touched = true;
            }
            "gw4" => {
                now.gateway = address(vm, value)?;
                touched = true;
            }
            _ => return Err(vm.value_error("unexpected key")),
        }
    }
    if touched {
        fix(vm, this, Some(now));
    }
    Ok(Value::NONE)
}

/// `"192.168.1.5/24"` or `("192.168.1.5", "255.255.255.0")`; without a mask that stays as it is.
fn with_mask(vm: &mut Vm, v: Value, mask: Ipv4Addr) -> Result<(Ipv4Addr, Ipv4Addr), Raised> {
    if !vm.is_str(v) {
        let items = vm.collect_iterable(v)?;
        let [ip, mask] = items[..] else { return Err(vm.value_error("invalid arguments")) };
        return Ok((address(vm, ip)?, address(vm, mask)?));
    }
    let text = vm.expect_string(v)?;
    let (ip, mask) = match text.split_once('/') {
        None => (&text[..], Some(mask)),
        Some((ip, bits)) => (ip, bits.parse().ok().map(mask_of)),
    };
    match (ip.parse(), mask) {
        (Ok(ip), Some(mask)) => Ok((ip, mask)),
        _ => Err(vm.value_error("invalid arguments")),
    }
}

/// `network.ipconfig`: what belongs to no interface.
pub(super) fn stack_ipconfig(vm: &mut Vm, args: Args) -> Res {
    if args.nkw > 0 {
        if args.n != 0 {
            return Err(vm.type_error("can't specify pos and kw args"));
        }
        for i in 0..args.nkw {
            let (name, value) = vm.kwarg(args, i);
            if vm.str_bytes(name) != b"dns" {
                return Err(vm.value_error("unexpected key"));
            }
            let Ok(server) = vm.expect_string(value)?.parse() else {
                return Err(vm.value_error("invalid arguments as dns server"));
            };
            radio(vm).set_dns(server);
        }
        return Ok(Value::NONE);
    }
    if args.n != 1 {
        return Err(vm.type_error("must query one param"));
    }
    let name = vm.expect_string(vm.arg(args, 0))?;
    match name.as_str() {
        "dns" => {
            let dns = radio(vm).addresses().map_or(Ipv4Addr::UNSPECIFIED, |a| a.dns);
            new_address(vm, dns)
        }
        _ => Err(vm.value_error("unexpected key")),
    }
}
