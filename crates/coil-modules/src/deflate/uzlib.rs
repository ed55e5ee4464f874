//! `uzlib`: what firmware had before `deflate`. Headers are read when a stream is made, and say what it is only by the
//! sign and size of the window's bits.

use super::{
    BITS, CLOSE, Check, FORMAT, GZIP, READ_MAX, STATE, STREAM, WINDOW, ZLIB, begin, forget, header,
    read_bytes, read_into, read_line,
};
use crate::stream;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Res, Value, Vm, types};
use miniz_oxide::inflate::{
    TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
};

/// `uzlib`, without the letter that such names had.
pub static MODULE: ModuleDef = ModuleDef {
    name: "zlib",
    items: &[
        def("decompress(data, wbits=, bufsize=)", decompress),
        Item::Type("DecompIO", &DECOMP_IO),
    ],
    attr: None,
};

/// `DecompIO`: the fields of a `DeflateIO`.
static DECOMP_IO: TypeDef = TypeDef {
    name: "DecompIO",
    items: &[
        def("read(self, n=)", read_bytes),
        def("readinto(self, buffer, n=)", read_into),
        def("readline(self, n=)", read_line),
        def("__del__(self)", |vm, a| {
            forget(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

/// Bits of a window that no memory has room for.
const BITS_MAX: i64 = 30;
/// From here on the bits are those of a stream of gzip, and so many more.
const GZIP_FROM: i64 = 16;

/// Errors of the library that the firmware had.
const DATA_ERROR: i64 = -3;
const CHECKSUM_ERROR: i64 = -4;

/// `DecompIO(stream, wbits=0)`: from 16 on gzip with the bits beyond, from 0 on zlib, whose header says them, below 0
/// a stream without header and so many bits.
fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 2)?;
    let stream = vm.arg(args, 0);
    stream::check(vm, stream, stream::Op::Read)?;
    let asked = crate::args::optional_int(vm, args, 1)?.unwrap_or(0);
    let mut fields = [Value::int(0); STATE + 1];
    fields[STREAM] = stream;
    fields[CLOSE] = Value::FALSE;
    fields[WINDOW] = Value::NULL;
    fields[FORMAT] = Value::int(0);
    fields[BITS] = Value::int(0);
    let this = vm.new_native(&DECOMP_IO, &fields)?;
    if let Some(r) = this.as_ref() {
        vm.heap.add_finaliser(r);
    }
    vm.root(this);
    let (bits, check) = if asked < 0 {
        (asked.saturating_neg(), Check::Nothing)
    } else {
        let format = if asked >= GZIP_FROM { GZIP } else { ZLIB };
        let Some((found, check)) = header(vm, stream, format)? else {
            return Err(vm.value_error("compression header"));
        };
        (if format == GZIP { asked - GZIP_FROM } else { found }, check)
    };
    if bits > BITS_MAX {
        return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
    }
    begin(vm, this, bits, check)?;
    Ok(this)
}

/// `decompress(data, wbits=0)`: zlib, or without a header where the bits are below 0.
fn decompress(vm: &mut Vm, args: Args) -> Res {
    let data = vm.expect_bytes_like(vm.arg(args, 0))?;
    let is_raw = crate::args::optional_int(vm, args, 1)?.unwrap_or(0) < 0;
    let done = match is_raw {
        true => decompress_to_vec_with_limit(&data, READ_MAX),
        false => decompress_to_vec_zlib_with_limit(&data, READ_MAX),
    };
    match done.map_err(|e| e.status) {
        Ok(bytes) => vm.new_bytearray(&bytes),
        Err(TINFLStatus::HasMoreOutput) => {
            Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"))
        }
        Err(status) => {
            let is_sum = status == TINFLStatus::Adler32Mismatch;
            let code = if is_sum { CHECKSUM_ERROR } else { DATA_ERROR };
            Err(vm.raise_value(types::VALUE_ERROR, Value::int(code)))
        }
    }
}
