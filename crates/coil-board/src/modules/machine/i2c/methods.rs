//! The methods that `machine.I2C` and `machine.SoftI2C` share.

use super::soft::{self, SOFT_I2C};
use super::{Transfer, number, transfer};
use crate::modules::machine::params::{Given, Param, any, int, parse, size, word};
use alloc::vec::Vec;
use coil_modules::args::expect_items;
use coil_vm::rom::{Args, Item, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

pub(super) const ITEMS: &[Item] = &[
    def_raw("init(self, *settings)", |vm, a| {
        if is_soft(vm, a) {
            soft::init(vm, vm.arg(a, 0), a, 1)?;
            return Ok(Value::NONE);
        }
        Err(unsupported(vm))
    }),
    def("deinit(self)", |_, _| Ok(Value::NONE)),
    def("scan(self)", scan),
    def("start(self)", |vm, a| primitive(vm, a, soft::start)),
    def("stop(self)", |vm, a| primitive(vm, a, soft::stop)),
    def("readinto(self, buffer, nack=)", |vm, a| primitive(vm, a, soft::readinto)),
    def("write(self, data)", |vm, a| primitive(vm, a, soft::write)),
    def("readfrom(self, addr, n, stop=)", |vm, a| {
        let address = address(vm, a)?;
        let n = size(vm, vm.arg(a, 2))?;
        let stop = stop(vm, a)?;
        let bytes = read(vm, vm.arg(a, 0), address, n, stop)?;
        vm.new_bytes(&bytes)
    }),
    def("readfrom_into(self, addr, buffer, stop=)", |vm, a| {
        let address = address(vm, a)?;
        let n = vm.buffer_len(vm.arg(a, 2))?;
        let stop = stop(vm, a)?;
        let bytes = read(vm, vm.arg(a, 0), address, n, stop)?;
        vm.buffer_write(vm.arg(a, 2), 0, &bytes)?;
        Ok(Value::NONE)
    }),
    def("writeto(self, addr, data, stop=)", |vm, a| {
        let address = address(vm, a)?;
        let data = vm.expect_bytes_like(vm.arg(a, 2))?;
        let stop = stop(vm, a)?;
        let n = write(vm, vm.arg(a, 0), address, &[data], stop)?;
        Ok(Value::int(n as i64))
    }),
    def("writevto(self, addr, vector, stop=)", |vm, a| {
        let address = address(vm, a)?;
        let mut pieces = Vec::new();
        for v in expect_items(vm, vm.arg(a, 2))? {
            let piece = vm.expect_bytes_like(v)?;
            if !piece.is_empty() {
                pieces.push(piece);
            }
        }
        let stop = stop(vm, a)?;
        let n = write(vm, vm.arg(a, 0), address, &pieces, stop)?;
        Ok(Value::int(n as i64))
    }),
    def_raw("readfrom_mem(self, *settings)", |vm, a| {
        let given = parse(vm, a, 1, &MEMORY)?;
        let n = size(vm, given.any(2))?;
        let bytes = read_memory(vm, vm.arg(a, 0), &given, n)?;
        vm.new_bytes(&bytes)
    }),
    def_raw("readfrom_mem_into(self, *settings)", |vm, a| {
        let given = parse(vm, a, 1, &MEMORY)?;
        let n = vm.buffer_len(given.any(2))?;
        let bytes = read_memory(vm, vm.arg(a, 0), &given, n)?;
        vm.buffer_write(given.any(2), 0, &bytes)?;
        Ok(Value::NONE)
    }),
    def_raw("writeto_mem(self, *settings)", |vm, a| {
        let given = parse(vm, a, 1, &MEMORY)?;
        let data = vm.expect_bytes_like(given.any(2))?;
        let place = memory_place(vm, &given)?;
        let address = given.int(0) as u16;
        write(vm, vm.arg(a, 0), address, &[place, data], true)?;
        Ok(Value::NONE)
    }),
];

/// Parameters of the methods for memory behind a device.
const MEMORY: [Param; 4] = [
    int("addr", 0).required(),
    int("memaddr", 0).required(),
    any("arg").required(),
    int("addrsize", 8).by_name(),
];

/// The addresses that are not reserved.
const ADDRESSES: core::ops::Range<u16> = 0x08..0x78;

fn is_soft(vm: &Vm, a: Args) -> bool {
    vm.as_native(vm.arg(a, 0), &SOFT_I2C).is_some()
}

fn unsupported(vm: &mut Vm) -> Raised {
    vm.raise_args(types::OS_ERROR, "I2C operation not supported")
}

fn primitive(vm: &mut Vm, a: Args, f: fn(&mut Vm, Args) -> Res) -> Res {
    if is_soft(vm, a) { f(vm, a) } else { Err(unsupported(vm)) }
}

fn address(vm: &mut Vm, a: Args) -> Result<u16, Raised> {
    word(vm, vm.arg(a, 1)).map(|n| n as u16)
}

fn stop(vm: &mut Vm, a: Args) -> Result<bool, Raised> {
    if a.n > 3 { vm.truth(vm.arg(a, 3)) } else { Ok(true) }
}

fn read(vm: &mut Vm, this: Value, address: u16, n: usize, stop: bool) -> Result<Vec<u8>, Raised> {
    if let Some(soft) = vm.as_native(this, &SOFT_I2C) {
        return soft::read_from(vm, soft, address, n, stop);
    }
    let id = number(vm, this);
    transfer(vm, id, address, &Transfer::Read(n)).map(|done| done.1)
}

/// Writes pieces one after the other; how many bytes were acknowledged.
fn write(
    vm: &mut Vm,
    this: Value,
    address: u16,
    pieces: &[Vec<u8>],
    stop: bool,
) -> Result<usize, Raised> {
    if let Some(soft) = vm.as_native(this, &SOFT_I2C) {
        return soft::write_to(vm, soft, address, &pieces.concat(), stop);
    }
    let id = number(vm, this);
    transfer(vm, id, address, &Transfer::Write(pieces)).map(|done| done.0)
}

/// The bytes of a place in the memory behind a device.
fn memory_place(vm: &mut Vm, given: &Given<4>) -> Result<Vec<u8>, Raised> {
    let bits = given.int(3) as u8;
    if bits & 7 != 0 || bits > 32 {
        return Err(vm.value_error("invalid addrsize"));
    }
    let place = (given.int(1) as u32).to_be_bytes();
    Ok(place[4 - usize::from(bits) / 8..].to_vec())
}

fn read_memory(vm: &mut Vm, this: Value, given: &Given<4>, n: usize) -> Result<Vec<u8>, Raised> {
    let place = memory_place(vm, given)?;
    let address = given.int(0) as u16;
    if let Some(soft) = vm.as_native(this, &SOFT_I2C) {
        let acked = soft::write_to(vm, soft, address, &place, false);
        if !matches!(acked, Ok(n) if n == place.len()) {
            let pending = vm.pending;
            vm.root(pending);
            // The bus must not stay started; whether somebody answers is of no interest.
            let _ = soft::write_to(vm, soft, address, &[], true);
            vm.pending = pending;
            return acked.map(|_| alloc::vec![0; n]);
        }
        return soft::read_from(vm, soft, address, n, true);
    }
    let id = number(vm, this);
    transfer(vm, id, address, &Transfer::WriteRead(&place, n)).map(|done| done.1)
}

fn scan(vm: &mut Vm, a: Args) -> Res {
    let list = vm.new_list(&[])?;
    for address in ADDRESSES {
        let mark = vm.mark();
        let answered = write(vm, vm.arg(a, 0), address, &[Vec::new()], true);
        match answered {
            Ok(_) => {
                let there = list.as_ref().expect("a list is an object");
                vm.list_append(there, Value::int(i64::from(address)))?;
            }
            Err(Raised) => {
                let e = vm.pending;
                if vm.aborting || !vm.exception_is(e, types::OS_ERROR) {
                    return Err(Raised);
                }
            }
        }
        vm.release(mark);
        vm.poll()?;
    }
    Ok(list)
}
