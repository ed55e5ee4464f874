//! Ints as bytes and back.

use crate::rom::Args;
use crate::types;
use crate::vm::{Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;
use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign};

/// Whether an optional argument asks for the lowest byte first.
fn is_little(vm: &Vm, v: Value) -> bool {
    !v.is_null() && vm.is_str(v) && vm.str_bytes(v) == b"little"
}

pub(crate) fn from_bytes(vm: &mut Vm, args: Args) -> Res {
    let mut bytes = vm.expect_bytes_like(vm.arg(args, 1))?;
    if !is_little(vm, vm.arg(args, 2)) {
        bytes.reverse();
    }
    vm.new_big(false, &bytes)
}

/// The bits of an int in two's complement, the lowest byte first.
fn complement(i: &IBig, n: usize) -> Vec<u8> {
    let negative = i.sign() == Sign::Negative;
    // The bits of a negative number are those of what is left to -1, turned over.
    let (_, magnitude) = if negative { (!i.clone()).into_parts() } else { i.clone().into_parts() };
    let mut bytes = magnitude.to_le_bytes().to_vec();
    bytes.resize(n, 0);
    if negative {
        bytes.iter_mut().for_each(|b| *b = !*b);
    }
    bytes
}

pub(crate) fn to_bytes(vm: &mut Vm, args: Args) -> Res {
    let (length, order, signed) = (vm.arg(args, 1), vm.arg(args, 2), vm.arg(args, 3));
    let length = if length.is_null() { 1 } else { vm.expect_int(length)? };
    let signed = !signed.is_null() && vm.truth(signed)?;
    let Ok(n) = usize::try_from(length) else {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    };
    vm.check_room(n)?;
    let Some(i) = vm.as_ibig(vm.arg(args, 0)) else {
        return Err(vm.type_error("argument has wrong type"));
    };
    let negative = i.sign() == Sign::Negative && !i.is_zero();
    if negative && !signed {
        return Err(vm.raise_args(types::OVERFLOW_ERROR, "can't convert negative int to unsigned"));
    }
    let bits = if negative { (!i.clone()).bit_len() } else { i.bit_len() };
    let room = (n * 8).saturating_sub(usize::from(signed && n > 0));
    if bits > room {
        return Err(vm.raise_fmt(
            types::OVERFLOW_ERROR,
            format_args!("value would overflow a {n} byte buffer"),
        ));
    }
    let mut bytes = complement(&i, n);
    if !is_little(vm, order) {
        bytes.reverse();
    }
    vm.new_bytes(&bytes)
}
