//! `gc`: the collector.

use coil_vm::rom::{ModuleDef, def};
use coil_vm::{Value, Vm};

/// `gc`
pub static MODULE: ModuleDef = ModuleDef {
    name: "gc",
    items: &[
        def("collect()", |vm, _| {
            let before = vm.heap.stats().free;
            vm.collect();
            Ok(Value::int(i64::from(vm.heap.stats().free.saturating_sub(before) / 16)))
        }),
        def("disable()", |vm, _| {
            vm.gc_enabled = false;
            Ok(Value::NONE)
        }),
        def("enable()", |vm, _| {
            vm.gc_enabled = true;
            Ok(Value::NONE)
        }),
        def("isenabled()", |vm, _| Ok(Value::bool(vm.gc_enabled))),
        def("mem_alloc()", |vm, _| Ok(Value::int(i64::from(vm.heap.stats().used)))),
        def("mem_free()", |vm, _| Ok(Value::int(i64::from(free(vm))))),
        def("threshold(amount=)", |vm, a| {
            if a.n == 0 {
                return Ok(Value::int(vm.gc_threshold.map_or(-1, i64::from)));
            }
            let n = vm.expect_int(vm.arg(a, 0))?;
            // Counted in blocks, as the collector does.
            vm.gc_threshold = u32::try_from(n).ok().map(|n| n / 16 * 16);
            Ok(Value::NONE)
        }),
    ],
    attr: None,
};

/// What `gc.mem_free()` says. What the heap can still grow by is free as well, as on the chip.
pub fn free(vm: &Vm) -> u32 {
    let s = vm.heap.stats();
    s.free + (s.max - s.total)
}
