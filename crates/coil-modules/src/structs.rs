//! `struct`: numbers as bytes, laid out as on the chip (32 bits, little-endian).

use alloc::vec::Vec;
use coil_vm::rom::{Args, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `struct`
pub static MODULE: ModuleDef = ModuleDef {
    name: "struct",
    items: &[
        def("calcsize(format)", |vm, a| {
            let format = Format::parse(vm, vm.arg(a, 0))?;
            Ok(Value::int(format.size as i64))
        }),
        def("pack(format, *args)", |vm, a| {
            let format = Format::parse(vm, vm.arg(a, 0))?;
            let mut bytes = alloc::vec![0; format.size];
            format.pack(vm, a, 1, &mut bytes)?;
            vm.new_bytes(&bytes)
        }),
        def("pack_into(format, buffer, offset, *args)", pack_into),
        def("unpack(format, data, offset=)", unpack),
        def("unpack_from(format, data, offset=)", unpack),
    ],
    attr: None,
};

/// One letter of a format, with its count.
#[derive(Clone, Copy, Debug)]
struct Part {
    count: usize,
    code: u8,
}

#[derive(Debug)]
struct Format {
    order: u8,
    parts: Vec<Part>,
    size: usize,
    items: usize,
}

/// Larger structures than any board could hold are refused.
const SIZE_MAX: usize = 1 << 26;

/// Size and alignment of a type code.
pub(crate) fn layout(order: u8, code: u8) -> Option<(usize, usize)> {
    let size = match code {
        b'b' | b'B' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'l' | b'L' | b'f' | b'P' | b'O' | b'S' => 4,
        b'q' | b'Q' | b'd' => 8,
        _ => return None,
    };
    match order {
        b'<' | b'>' => Some((size, 1)),
        b'@' => Some((size, size)),
        _ => None,
    }
}

impl Format {
    fn parse(vm: &mut Vm, v: Value) -> Result<Self, Raised> {
        let text = crate::args::expect_text(vm, v)?;
        let (order, mut rest) = match text.first() {
            Some(b'!') => (b'>', &text[1..]),
            Some(&c @ (b'@' | b'=' | b'<' | b'>')) => (c, &text[1..]),
            _ => (b'@', &text[..]),
        };
        let mut format = Self { order, parts: Vec::new(), size: 0, items: 0 };
        while !rest.is_empty() && rest[0] != 0 {
            let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
            let count = rest[..digits]
                .iter()
                .fold(0usize, |n, c| n.saturating_mul(10).saturating_add(usize::from(c - b'0')));
            let code = rest.get(digits).copied().unwrap_or(0);
            format.add(vm, Part { count: if digits == 0 { 1 } else { count }, code })?;
            rest = rest.get(digits + 1..).unwrap_or(&[]);
        }
        Ok(format)
    }

    fn add(&mut self, vm: &mut Vm, part: Part) -> Result<(), Raised> {
        let items = match part.code {
            b'x' => {
                self.size = self.size.saturating_add(part.count);
                0
            }
            b's' => {
                self.size = self.size.saturating_add(part.count);
                1
            }
            code => {
                let Some((size, align)) = layout(self.order, code) else {
                    return Err(vm.value_error("bad typecode"));
                };
                if part.count > 0 {
                    self.size = self
                        .size
                        .next_multiple_of(align)
                        .saturating_add(size.saturating_mul(part.count));
                }
                part.count
            }
        };
        self.items = self.items.saturating_add(items);
        if self.size > SIZE_MAX {
            return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
        }
        self.parts.push(part);
        Ok(())
    }

    /// Packs arguments from the `first` on; missing ones leave zeros, as in the reference.
    fn pack(&self, vm: &mut Vm, args: Args, first: usize, out: &mut [u8]) -> Result<(), Raised> {
        let (mut at, mut arg) = (0, first);
        for part in &self.parts {
            if arg >= args.n {
                break;
            }
            match part.code {
                b'x' => {
                    out[at..at + part.count].fill(0);
                    at += part.count;
                }
                b's' => {
                    let data = vm.expect_bytes_like(vm.arg(args, arg))?;
                    arg += 1;
                    let n = data.len().min(part.count);
                    out[at..at + n].copy_from_slice(&data[..n]);
                    out[at + n..at + part.count].fill(0);
                    at += part.count;
                }
                code => {
                    let (size, align) =
                        layout(self.order, code).expect("checked when it was parsed");
                    for _ in 0..part.count {
                        if arg >= args.n {
                            break;
                        }
                        at = at.next_multiple_of(align);
                        encode(vm, self.order, code, vm.arg(args, arg), &mut out[at..at + size])?;
                        at += size;
                        arg += 1;
                    }
                }
            }
        }
        Ok(())
    }

    fn unpack(&self, vm: &mut Vm, data: &[u8]) -> Res {
        let mut items = Vec::new();
        let mut at = 0;
        for part in &self.parts {
            match part.code {
                b'x' => at += part.count,
                b's' => {
                    items.push(vm.new_bytes(&data[at..at + part.count])?);
                    at += part.count;
                }
                code => {
                    let (size, align) =
                        layout(self.order, code).expect("checked when it was parsed");
                    for _ in 0..part.count {
                        at = at.next_multiple_of(align);
                        items.push(decode(vm, self.order, code, &data[at..at + size])?);
                        at += size;
                    }
                }
            }
        }
        vm.new_tuple(&items)
    }
}

/// Where an offset that may count from the end begins, if a structure fits there.
fn place(vm: &mut Vm, offset: i64, len: usize, size: usize) -> Result<usize, Raised> {
    let at = if offset < 0 { offset.saturating_add(len as i64) } else { offset };
    match usize::try_from(at) {
        Ok(at) if at.saturating_add(size) <= len => Ok(at),
        _ => Err(vm.value_error("buffer too small")),
    }
}

fn pack_into(vm: &mut Vm, args: Args) -> Res {
    let buffer = vm.arg(args, 1);
    let len = vm.buffer_len(buffer)?;
    let offset = vm.expect_int(vm.arg(args, 2))?;
    let format = Format::parse(vm, vm.arg(args, 0))?;
    let at = place(vm, offset, len, format.size)?;
    // What is not written keeps what the buffer holds.
    let mut bytes = vm.expect_bytes_like(buffer)?;
    let Some(slot) = bytes.get_mut(at..at + format.size) else {
        return Err(vm.value_error("buffer too small"));
    };
    format.pack(vm, args, 3, slot)?;
    let slot = bytes[at..at + format.size].to_vec();
    vm.buffer_write(buffer, at, &slot)?;
    Ok(Value::NONE)
}

fn unpack(vm: &mut Vm, args: Args) -> Res {
    let format = Format::parse(vm, vm.arg(args, 0))?;
    let data = vm.expect_bytes_like(vm.arg(args, 1))?;
    let offset = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    let at = place(vm, offset, data.len(), format.size)?;
    format.unpack(vm, &data[at..at + format.size])
}

/// Writes a number as bytes; one that is too large loses its upper part.
pub(crate) fn encode(
    vm: &mut Vm,
    order: u8,
    code: u8,
    v: Value,
    out: &mut [u8],
) -> Result<(), Raised> {
    let bits = match code {
        b'e' => u64::from(half_from(crate::args::expect_float(vm, v)? as f32)),
        b'f' => u64::from((crate::args::expect_float(vm, v)? as f32).to_bits()),
        b'd' => crate::args::expect_float(vm, v)?.to_bits(),
        b'O' => u64::from(vm.value_to_word(v)?),
        _ if crate::args::is_int(vm, v) => vm.int_low_bits(v) as u64,
        _ => vm.expect_int(v)? as u64,
    };
    let n = out.len();
    out.copy_from_slice(&bits.to_le_bytes()[..n]);
    if order == b'>' {
        out.reverse();
    }
    Ok(())
}

/// Reads a number from bytes.
pub(crate) fn decode(vm: &mut Vm, order: u8, code: u8, data: &[u8]) -> Res {
    let mut bytes = [0; 8];
    bytes[..data.len()].copy_from_slice(data);
    if order == b'>' {
        bytes[..data.len()].reverse();
    }
    let bits = u64::from_le_bytes(bytes);
    match code {
        b'e' => vm.new_float(f64::from(half_to(bits as u16))),
        b'f' => vm.new_float(f64::from(f32::from_bits(bits as u32))),
        b'd' => vm.new_float(f64::from_bits(bits)),
        b'O' | b'S' => vm.pointed_at(code, bits as u32),
        b'a'..=b'z' => {
            let unused = 64 - 8 * data.len() as u32;
            vm.new_int(((bits << unused) as i64) >> unused)
        }
        _ => match i64::try_from(bits) {
            Ok(i) => vm.new_int(i),
            Err(_) => vm.new_big(false, &bits.to_le_bytes()),
        },
    }
}

/// A half-precision float's value.
fn half_to(h: u16) -> f32 {
    let sign = if h & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (e, m) = (i32::from(h >> 10 & 31), f32::from(h & 0x3ff));
    sign * match e {
        31 if m == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        0 => libm::ldexpf(m, -24),
        _ => libm::ldexpf(m + 1024.0, e - 25),
    }
}

/// The half-precision float nearest to a value, halves rounded up as the reference does.
fn half_from(f: f32) -> u16 {
    let bits = f.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let mut m = (bits >> 13 & 0x3ff) as u16;
    if bits & 1 << 12 != 0 {
        m += 1;
    }
    let mut e = (bits >> 23 & 0xff) as i32;
    if e == 0xff {
        e = 31;
    } else if e != 0 {
        e -= 127 - 15;
        if e < 0 {
            if e >= -11 {
                m = (m | 0x400) >> -e;
                m = if m & 1 != 0 { (m >> 1) + 1 } else { m >> 1 };
            } else {
                m = 0;
            }
            e = 0;
        } else if e > 0x3f {
            (e, m) = (31, 0);
        }
    }
    sign | ((e as u16) << 10).wrapping_add(m)
}
