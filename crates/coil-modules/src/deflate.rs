//! `deflate`: reading compressed streams. The firmware cannot write them.
//!
//! The window is in the board's memory; what else decompression needs is kept beside it until the
//! stream ends, is closed or becomes garbage.

pub mod uzlib;

use crate::stream;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, kinds, types};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress_with_limit};

const AUTO: i64 = 0;
const RAW: i64 = 1;
const ZLIB: i64 = 2;
const GZIP: i64 = 3;

/// `deflate`
pub static MODULE: ModuleDef = ModuleDef {
    name: "deflate",
    items: &[
        Item::Type("DeflateIO", &DEFLATE_IO),
        Item::Int("AUTO", AUTO),
        Item::Int("RAW", RAW),
        Item::Int("ZLIB", ZLIB),
        Item::Int("GZIP", GZIP),
    ],
    attr: None,
};

/// Fields: stream (null once closed), format, window bits, whether to close the stream, window,
/// number of the state (zero before the first read).
const STREAM: usize = 0;
const FORMAT: usize = 1;
const BITS: usize = 2;
const CLOSE: usize = 3;
const WINDOW: usize = 4;
const STATE: usize = 5;

/// Window bits where none are asked for.
const DEFAULT_BITS: i64 = 8;

static DEFLATE_IO: TypeDef = TypeDef {
    name: "DeflateIO",
    items: &[
        def("read(self, n=)", read_bytes),
        def("readinto(self, buffer, n=)", read_into),
        def("readline(self, n=)", read_line),
        def("close(self)", |vm, a| close(vm, vm.arg(a, 0))),
        def("__enter__(self)", |vm, a| Ok(vm.arg(a, 0))),
        def("__exit__(self, t, v, tb)", |vm, a| close(vm, vm.arg(a, 0))),
        def("__del__(self)", |vm, a| {
            forget(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

fn read_bytes(vm: &mut Vm, a: Args) -> Res {
    let n = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
    if n < -1 {
        return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
    }
    let bytes = read(vm, vm.arg(a, 0), usize::try_from(n).unwrap_or(READ_MAX))?;
    vm.new_bytes(&bytes)
}

fn read_into(vm: &mut Vm, a: Args) -> Res {
    let buffer = vm.arg(a, 1);
    let mut n = vm.buffer_len(buffer)?;
    if a.n > 2 {
        n = n.min(vm.expect_int(vm.arg(a, 2))? as usize);
    }
    let bytes = read(vm, vm.arg(a, 0), n)?;
    vm.buffer_write(buffer, 0, &bytes)?;
    Ok(Value::int(bytes.len() as i64))
}

fn read_line(vm: &mut Vm, a: Args) -> Res {
    let max = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
    let max = usize::try_from(max).unwrap_or(READ_MAX);
    let mut line = Vec::new();
    while line.len() < max && line.last() != Some(&b'\n') {
        let byte = read(vm, vm.arg(a, 0), 1)?;
        if byte.is_empty() {
            break;
        }
        line.extend(byte);
    }
    vm.new_bytes(&line)
}

/// More than this does not fit any board.
const READ_MAX: usize = 1 << 26;

/// What follows the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Nothing,
    Adler(u32),
    Crc(u32),
}

/// A stream that is being decompressed.
struct Inflater {
    state: Box<DecompressorOxide>,
    /// Where in the window the next byte goes.
    at: usize,
    check: Check,
    /// A byte that was read and belongs to what follows.
    left: Option<u8>,
    done: bool,
}

#[derive(Default)]
struct Inflaters {
    table: BTreeMap<i64, Inflater>,
    last: i64,
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 4)?;
    let format = crate::args::optional_int(vm, args, 1)?.unwrap_or(AUTO);
    let bits = crate::args::optional_int(vm, args, 2)?.unwrap_or(0);
    if !(AUTO..=GZIP).contains(&format) {
        return Err(vm.value_error("format"));
    }
    if bits != 0 && !(5..=15).contains(&bits) {
        return Err(vm.value_error("wbits"));
    }
    let close = args.n > 3 && vm.truth(vm.arg(args, 3))?;
    let fields = [
        vm.arg(args, 0),
        Value::int(format),
        Value::int(bits),
        Value::bool(close),
        Value::NULL,
        Value::int(0),
    ];
    let this = vm.new_native(&DEFLATE_IO, &fields)?;
    if let Some(r) = this.as_ref() {
        vm.heap.add_finaliser(r);
    }
    Ok(this)
}

fn forget(vm: &mut Vm, this: Value) {
    let number = vm.native_int(this, STATE);
    vm.state::<Inflaters>().table.remove(&number);
}

fn close(vm: &mut Vm, this: Value) -> Res {
    let stream = vm.native_field(this, STREAM);
    if !stream.is_null() {
        if vm.native_field(this, CLOSE) == Value::TRUE {
            stream::call(vm, stream, "close", &[])?;
        }
        vm.set_native_field(this, STREAM, Value::NULL);
        vm.set_native_field(this, WINDOW, Value::NULL);
        forget(vm, this);
    }
    Ok(Value::NONE)
}

/// One byte of the compressed stream; EOFError at its end.
fn byte(vm: &mut Vm, stream: Value) -> Result<u8, Raised> {
    match stream::read(vm, stream, 1)? {
        None => Err(vm.os_error(11)),
        Some(b) => match b.first() {
            Some(b) => Ok(*b),
            None => Err(vm.raise_value(types::EOF_ERROR, Value::NULL)),
        },
    }
}

fn bytes<const N: usize>(vm: &mut Vm, stream: Value) -> Result<[u8; N], Raised> {
    let mut all = [0; N];
    for b in &mut all {
        *b = byte(vm, stream)?;
    }
    Ok(all)
}

/// Reads a header: window bits and what follows the data. Nothing if it is none.
fn header(vm: &mut Vm, stream: Value, format: i64) -> Result<Option<(i64, Check)>, Raised> {
    let [a, b] = bytes(vm, stream)?;
    if [a, b] != [0x1f, 0x8b] {
        let good =
            u16::from_be_bytes([a, b]) % 31 == 0 && a & 15 == 8 && a >> 4 <= 7 && b & 0x20 == 0;
        return Ok((good && format != GZIP).then(|| (i64::from(a >> 4) + 8, Check::Adler(1))));
    }
    let [method, flags] = bytes(vm, stream)?;
    if method != 8 || flags & 0xe0 != 0 {
        return Ok(None);
    }
    bytes::<6>(vm, stream)?;
    if flags & 4 != 0 {
        for _ in 0..u16::from_le_bytes(bytes(vm, stream)?) {
            byte(vm, stream)?;
        }
    }
    for bit in [8, 16] {
        while flags & bit != 0 && byte(vm, stream)? != 0 {}
    }
    if flags & 2 != 0 {
        bytes::<2>(vm, stream)?;
    }
    Ok((format != ZLIB).then_some((15, Check::Crc(0))))
}

/// Gets ready at the first read.
fn start(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    let stream = vm.native_field(this, STREAM);
    if stream.is_null() {
        return Err(vm.os_error(22));
    }
    if vm.native_int(this, STATE) != 0 {
        return Ok(());
    }
    stream::check(vm, stream, stream::Op::Read)?;
    let (mut bits, mut check) = (vm.native_int(this, BITS), Check::Nothing);
    let format = vm.native_int(this, FORMAT);
    if format == RAW {
        bits = if bits == 0 { DEFAULT_BITS } else { bits };
    } else {
        let Some((found, c)) = header(vm, stream, format)? else { return Err(vm.os_error(22)) };
        bits = if bits == 0 { found } else { bits.min(found) };
        check = c;
    }
    begin(vm, this, bits, check)
}

/// Gets ready for what follows the header: a window of so many bits.
fn begin(vm: &mut Vm, this: Value, bits: i64, check: Check) -> Result<(), Raised> {
    let window = vm.alloc_zeroed(kinds::STORE, 1 << bits)?;
    let inflaters = vm.state::<Inflaters>();
    inflaters.last += 1;
    let number = inflaters.last;
    let state = Box::new(DecompressorOxide::new());
    inflaters.table.insert(number, Inflater { state, at: 0, check, left: None, done: false });
    vm.set_native_field(this, WINDOW, window.into());
    vm.set_native_field(this, STATE, Value::int(number));
    Ok(())
}

/// Up to `n` bytes of the content.
fn read(vm: &mut Vm, this: Value, n: usize) -> Result<Vec<u8>, Raised> {
    start(vm, this)?;
    let number = vm.native_int(this, STATE);
    let mut out = Vec::new();
    // The stream may be a program's: meanwhile the state is out of the table.
    let Some(mut inflater) = vm.state::<Inflaters>().table.remove(&number) else {
        return Err(vm.os_error(22));
    };
    let done = inflater.read(vm, this, n, &mut out);
    vm.state::<Inflaters>().table.insert(number, inflater);
    done.map(|()| out)
}

impl Inflater {
    fn read(
        &mut self,
        vm: &mut Vm,
        this: Value,
        n: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), Raised> {
        while out.len() < n && !self.done {
            if out.len() >= READ_MAX {
                return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
            }
            let Some(window) = vm.as_ref_kind(vm.native_field(this, WINDOW), kinds::STORE) else {
                return Err(vm.os_error(22));
            };
            let input = self.left.take();
            let given = input.map_or(0, |_| 1);
            let ring = vm.heap.bytes_mut(window);
            let (status, consumed, made) = decompress_with_limit(
                &mut self.state,
                input.as_slice(),
                ring,
                self.at,
                n - out.len(),
                TINFL_FLAG_HAS_MORE_INPUT,
            );
            let fresh = &ring[self.at..self.at + made];
            out.extend_from_slice(fresh);
            self.check.update(fresh);
            self.at = (self.at + made) % ring.len();
            if consumed < given {
                self.left = input;
            }
            match status {
                TINFLStatus::Done => {
                    self.done = true;
                    self.verify(vm, this)?;
                }
                TINFLStatus::NeedsMoreInput => {
                    let stream = vm.native_field(this, STREAM);
                    self.left = Some(byte(vm, stream)?);
                }
                TINFLStatus::HasMoreOutput => {}
                _ => return Err(vm.os_error(22)),
            }
        }
        Ok(())
    }

    fn verify(&mut self, vm: &mut Vm, this: Value) -> Result<(), Raised> {
        if self.check == Check::Nothing {
            return Ok(());
        }
        let stream = vm.native_field(this, STREAM);
        let mut next = |vm: &mut Vm| self.left.take().map_or_else(|| byte(vm, stream), Ok);
        let mut four = [0; 4];
        for b in &mut four {
            *b = next(vm)?;
        }
        let good = match self.check {
            Check::Nothing => true,
            Check::Adler(sum) => u32::from_be_bytes(four) == sum,
            Check::Crc(sum) => {
                let good = u32::from_le_bytes(four) == sum;
                bytes::<4>(vm, stream)?;
                good
            }
        };
        if good { Ok(()) } else { Err(vm.os_error(22)) }
    }
}

impl Check {
    fn update(&mut self, data: &[u8]) {
        match self {
            Self::Nothing => {}
            Self::Crc(sum) => *sum = crate::binascii::crc32(*sum, data),
            Self::Adler(sum) => {
                let (mut a, mut b) = (*sum & 0xffff, *sum >> 16);
                for &d in data {
                    a = (a + u32::from(d)) % 65521;
                    b = (b + a) % 65521;
                }
                *sum = b << 16 | a;
            }
        }
    }
}
