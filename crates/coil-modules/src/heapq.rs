//! `heapq`: a priority queue in a list.

use coil_vm::rom::{Args, Binary, ModuleDef, def};
use coil_vm::{Raised, Ref, Value, Vm, kinds, types};

/// `heapq`
pub static MODULE: ModuleDef = ModuleDef {
    name: "heapq",
    items: &[
        def("heappush(heap, item)", |vm, a| {
            let heap = heap(vm, a)?;
            vm.list_append(heap, vm.arg(a, 1))?;
            let last = vm.list_len(heap) - 1;
            sift_down(vm, heap, 0, last)?;
            Ok(Value::NONE)
        }),
        def("heappop(heap)", |vm, a| {
            let heap = heap(vm, a)?;
            let n = vm.list_len(heap);
            if n == 0 {
                return Err(vm.raise_args(types::INDEX_ERROR, "empty heap"));
            }
            let (first, last) = (vm.list_item(heap, 0), vm.list_item(heap, n - 1));
            vm.root(first);
            vm.list_set(heap, 0, last);
            vm.list_splice(heap, n - 1, 1, &[])?;
            if n > 1 {
                sift_up(vm, heap, 0)?;
            }
            Ok(first)
        }),
        def("heapify(heap)", |vm, a| {
            let heap = heap(vm, a)?;
            for i in (0..vm.list_len(heap) / 2).rev() {
                sift_up(vm, heap, i)?;
            }
            Ok(Value::NONE)
        }),
    ],
    attr: None,
};

fn heap(vm: &mut Vm, args: Args) -> Result<Ref, Raised> {
    match vm.as_ref_kind(vm.arg(args, 0), kinds::LIST) {
        Some(r) => Ok(r),
        None => Err(vm.type_error("heap must be a list")),
    }
}

/// Whether `a < b`, and answered with `True` itself. A comparison may change the list: what is not
/// there any more is not less.
fn less(vm: &mut Vm, a: Value, b: Value) -> Result<Option<bool>, Raised> {
    if a.is_null() || b.is_null() {
        return Ok(None);
    }
    let mark = vm.mark();
    vm.root(a);
    vm.root(b);
    let v = vm.binary(Binary::Lt, a, b)?;
    vm.release(mark);
    Ok(Some(v == Value::TRUE))
}

fn sift_down(vm: &mut Vm, heap: Ref, start: usize, mut at: usize) -> Result<(), Raised> {
    let item = vm.list_item(heap, at);
    vm.root(item);
    while at > start {
        let up = (at - 1) / 2;
        let parent = vm.list_item(heap, up);
        if less(vm, item, parent)? != Some(true) {
            break;
        }
        vm.list_set(heap, at, parent);
        at = up;
    }
    vm.list_set(heap, at, item);
    Ok(())
}

fn sift_up(vm: &mut Vm, heap: Ref, start: usize) -> Result<(), Raised> {
    let mark = vm.mark();
    let (mut at, end) = (start, vm.list_len(heap));
    let item = vm.list_item(heap, at);
    vm.root(item);
    let mut child = 2 * at + 1;
    while child < end {
        if child + 1 < end {
            let (left, right) = (vm.list_item(heap, child), vm.list_item(heap, child + 1));
            if less(vm, left, right)? == Some(false) {
                child += 1;
            }
        }
        let v = vm.list_item(heap, child);
        if v.is_null() {
            break;
        }
        vm.list_set(heap, at, v);
        at = child;
        child = 2 * at + 1;
    }
    vm.list_set(heap, at, item);
    sift_down(vm, heap, start, at)?;
    vm.release(mark);
    Ok(())
}
