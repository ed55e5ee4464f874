//! `binascii`: hexadecimal, base 64, CRC-32.

use alloc::vec::Vec;
use coil_vm::rom::{Args, ModuleDef, def, def_raw};
use coil_vm::{Qstr, Res, Value, Vm};

/// `binascii`
pub static MODULE: ModuleDef = ModuleDef {
    name: "binascii",
    items: &[
        def("hexlify(data, sep=)", hexlify),
        def("unhexlify(data)", unhexlify),
        def("a2b_base64(data)", a2b_base64),
        def_raw("b2a_base64(data, newline=)", b2a_base64),
        def("crc32(data, crc=)", |vm, a| {
            let data = vm.expect_bytes_like(vm.arg(a, 0))?;
            let crc = if a.n > 1 { vm.expect_long(vm.arg(a, 1))? as u32 } else { 0 };
            vm.new_int(i64::from(crc32(crc, &data)))
        }),
    ],
    attr: None,
};

fn hexlify(vm: &mut Vm, args: Args) -> Res {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let data = vm.expect_bytes_like(vm.arg(args, 0))?;
    let sep = if args.n > 1 { Some(separator(vm, vm.arg(args, 1))?) } else { None };
    let mut out = Vec::with_capacity(data.len() * 3);
    for b in data {
        if let Some(sep) = sep.filter(|_| !out.is_empty()) {
            out.push(sep);
        }
        out.extend([DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    }
    vm.new_bytes(&out)
}

/// The first byte of a separator; the reference takes a NUL from an empty one.
fn separator(vm: &mut Vm, v: Value) -> Result<u8, coil_vm::Raised> {
    Ok(crate::args::expect_text(vm, v)?.first().copied().unwrap_or(0))
}

fn unhexlify(vm: &mut Vm, args: Args) -> Res {
    let data = vm.expect_bytes_like(vm.arg(args, 0))?;
    match coil_vm::from_hex_digits(&data) {
        Some(bytes) => vm.new_bytes(&bytes),
        None => Err(vm.value_error("non-hex digit")),
    }
}

/// The six bits of a character of base 64.
fn sextet(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

fn a2b_base64(vm: &mut Vm, args: Args) -> Res {
    let data = vm.expect_bytes_like(vm.arg(args, 0))?;
    let mut out = Vec::with_capacity(data.len() * 3 / 4 + 1);
    let (mut shift, mut bits, mut padded) = (0u32, 0, false);
    for b in data {
        if b == b'=' {
            if bits == 2 || bits == 4 && padded {
                bits = 0;
                break;
            }
            padded = true;
        }
        let Some(s) = sextet(b) else { continue };
        padded = false;
        shift = shift << 6 | s;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((shift >> bits) as u8);
        }
    }
    if bits != 0 {
        return Err(vm.value_error("incorrect padding"));
    }
    vm.new_bytes(&out)
}

fn b2a_base64(vm: &mut Vm, args: Args) -> Res {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, 2));
    }
    if args.n > 2 {
        return Err(vm.type_error("extra positional arguments given"));
    }
    let mut newline = args.n < 2 || vm.truth(vm.arg(args, 1))?;
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        if k.as_qstr().map(|q| vm.names.get(Qstr(q))) != Some(b"newline") || args.n > 1 {
            return Err(vm.type_error("extra keyword arguments given"));
        }
        newline = vm.truth(v)?;
    }
    let data = vm.expect_bytes_like(vm.arg(args, 0))?;
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for part in data.chunks(3) {
        let bits = part.iter().fold(0u32, |n, &b| n << 8 | u32::from(b)) << (8 * (3 - part.len()));
        for i in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= part.len() { digit } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    vm.new_bytes(&out)
}

/// CRC-32 as zip and Ethernet have it, going on from `crc`.
pub(crate) fn crc32(crc: u32, data: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut t = [0; 16];
        let mut i = 0;
        while i < 16 {
            let mut c = i as u32;
            let mut k = 0;
            while k < 4 {
                c = if c & 1 != 0 { 0xedb8_8320 ^ c >> 1 } else { c >> 1 };
                k += 1;
            }
            t[i] = c;
            i += 1;
        }
        t
    };
    !data.iter().fold(!crc, |c, &b| {
        let c = c ^ u32::from(b);
        let c = TABLE[(c & 15) as usize] ^ c >> 4;
        TABLE[(c & 15) as usize] ^ c >> 4
    })
}
