//! `bytearray`: an array of bytes with the methods of text.

use crate::kinds;
use crate::objects::array::{self, construct};
use crate::objects::memoryview;
use crate::objects::str::text::Text;
use crate::objects::str::{encoding, methods};
use crate::rom::{Args, TypeDef};
use crate::vm::{Res, Vm};
use coil_heap::Value;

/// `bytearray`
pub static BYTEARRAY: TypeDef = TypeDef {
    name: "bytearray",
    items: methods::BYTEARRAY_ITEMS,
    new: Some(new),
    print: Some(array::print),
    unary: Some(array::unary),
    binary: Some(array::binary),
    subscr: Some(|vm, v, index, access| match vm.as_ref_kind(v, kinds::MEMORYVIEW) {
        Some(_) => memoryview::subscr(vm, v, index, access),
        None => array::subscr(vm, v, index, access),
    }),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

impl Vm {
    /// Makes a bytearray.
    pub fn new_bytearray(&mut self, bytes: &[u8]) -> Res {
        self.new_array(0, bytes)
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, 3)?;
    if args.n == 0 {
        return vm.new_bytearray(&[]);
    }
    let v = vm.arg(args, 0);
    let is_int = v.is_int() || vm.as_ref_kind(v, kinds::BIGINT).is_some();
    if is_int {
        let n = vm.expect_int(v)? as u64;
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        vm.check_room(n)?;
        return vm.new_zeroed_array(0, n);
    }
    if vm.text_kind(v) == Some(Text::Str) && args.n == 1 {
        return Err(encoding::needs_encoding(vm));
    }
    construct(vm, 0, v)
}
