//! `io`: streams in memory, a base for streams of programs, and `open`.

mod buffered;
pub(crate) mod memory;

use coil_vm::rom::{Access, Item, ModuleDef, TypeDef};
use coil_vm::{Qstr, Res, Value, Vm};

/// `io`
pub static MODULE: ModuleDef = ModuleDef {
    name: "io",
    items: &[
        Item::Type("IOBase", &IOBASE),
        Item::Type("StringIO", &memory::STRING_IO),
        Item::Type("BytesIO", &memory::BYTES_IO),
        Item::Type("BufferedWriter", &buffered::BUFFERED_WRITER),
    ],
    attr: Some(attr),
};

/// `io.IOBase`: what a program's class derives from to be a stream.
pub static IOBASE: TypeDef =
    TypeDef { name: "IOBase", new: Some(|vm, _, _| vm.new_native(&IOBASE, &[])), ..TypeDef::EMPTY };

/// `open` is the board's: found among the built-in names.
fn attr(vm: &mut Vm, name: Qstr, access: Access) -> Res {
    if access == Access::Load && vm.names.get(name) == b"open" {
        return Ok(vm.rom.builtins.get(name).unwrap_or(Value::NULL));
    }
    Ok(Value::NULL)
}
