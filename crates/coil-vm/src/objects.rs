//! The built-in types: a file per type with its table, its constructors and its methods.

pub mod array;
pub mod bytearray;
pub mod bytes;
pub mod class;
pub mod complex;
pub mod descriptor;
pub mod dict;
pub mod exception;
pub mod float;
pub mod function;
pub mod generator;
pub mod int;
pub mod iter;
pub mod list;
pub mod map;
pub mod memoryview;
pub mod module;
pub mod native;
pub mod object;
pub mod range;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod str;
pub mod super_;
pub mod template;
pub mod tuple;
pub mod weak;

use crate::kinds;
use crate::qstr::names;
use crate::vm::Vm;
use coil_heap::Ref;

/// Runs what an object that became garbage still has to do: `__del__`, closing a file.
pub(crate) fn finalise(vm: &mut Vm, r: Ref) {
    let mark = vm.mark();
    let done = vm.load_method(r.into(), names::del_).and_then(|m| match m {
        Some((f, this)) => vm.call_method(f, this, &[]),
        None => Ok(coil_heap::Value::NONE),
    });
    if done.is_err() && vm.heap.kind(r) == kinds::INSTANCE {
        // As in the reference, an exception in a finaliser is told and forgotten.
        let e = vm.pending;
        let mut out = alloc::vec::Vec::new();
        vm.print_exception(e, &mut out);
        vm.write_console(&out);
    }
    vm.release(mark);
}
