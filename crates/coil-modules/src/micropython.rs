//! `micropython`: the machine about itself.

mod ringio;

use alloc::format;
use coil_vm::rom::{ModuleDef, def};
use coil_vm::{Res, Value, Vm};

/// `micropython`
pub static MODULE: ModuleDef = ModuleDef {
    name: "micropython",
    items: &[
        def("const(x)", |vm, a| Ok(vm.arg(a, 0))),
        def("opt_level(level=)", |vm, a| {
            if a.n == 0 {
                return Ok(Value::int(i64::from(vm.opt_level)));
            }
            vm.opt_level = vm.expect_int(vm.arg(a, 0))?.clamp(0, 3) as u8;
            Ok(Value::NONE)
        }),
        def("mem_info(verbose=)", mem_info),
        def("qstr_info(verbose=)", qstr_info),
        def("stack_use()", |vm, _| Ok(Value::int(i64::from(vm.stack_used())))),
        def("heap_lock()", |vm, _| {
            vm.heap_lock += 1;
            Ok(Value::NONE)
        }),
        def("heap_unlock()", |vm, _| {
            vm.heap_lock = vm.heap_lock.saturating_sub(1);
            Ok(Value::int(i64::from(vm.heap_lock)))
        }),
        def("heap_locked()", |vm, _| Ok(Value::int(i64::from(vm.heap_lock)))),
        def("alloc_emergency_exception_buf(size)", |vm, a| {
            let size = vm.expect_int(vm.arg(a, 0))?;
            vm.emergency_bytes = u32::try_from(size).unwrap_or(0);
            Ok(Value::NONE)
        }),
        def("kbd_intr(c)", |vm, a| {
            let c = vm.expect_int(vm.arg(a, 0))?;
            vm.set_interrupt_char(i16::try_from(c).unwrap_or(-1));
            Ok(Value::NONE)
        }),
        def("schedule(f, arg)", |vm, a| {
            let (this, name) = (vm.intern("micropython"), vm.intern("kbd_intr"));
            let module = vm.builtin_module(this).unwrap_or(Value::NULL);
            if vm.get_attr_maybe(module, name)? == vm.arg(a, 0) {
                // As if the user had pressed the key.
                vm.interrupt_soon();
                return Ok(Value::NONE);
            }
            if vm.schedule(vm.arg(a, 0), vm.arg(a, 1)) {
                Ok(Value::NONE)
            } else {
                Err(vm.runtime_error("schedule queue full"))
            }
        }),
        // The three decorators choose a code emitter while compiling; at run time they do nothing.
        def("bytecode(f)", |vm, a| Ok(vm.arg(a, 0))),
        def("native(f)", |vm, a| Ok(vm.arg(a, 0))),
        def("viper(f)", |vm, a| Ok(vm.arg(a, 0))),
        ringio::ITEM,
    ],
    attr: None,
};

fn mem_info(vm: &mut Vm, _: coil_vm::rom::Args) -> Res {
    let s = vm.heap.stats();
    let text = format!(
        "stack: {} out of {}\nGC: total: {}, used: {}, free: {}, max new split: {}\n No. of 1-blocks: {}, max free sz: {}\n",
        vm.stack_used(),
        vm.stack_limit(),
        s.total,
        s.used,
        s.free,
        s.max - s.total,
        s.used / 16,
        s.largest_free_blocks
    );
    vm.write_stdout(text.as_bytes())?;
    Ok(Value::NONE)
}

fn qstr_info(vm: &mut Vm, _: coil_vm::rom::Args) -> Res {
    let (n, bytes) = vm.names.own_size();
    let text = format!(
        "qstr pool: n_pool=1, n_qstr={n}, n_str_data_bytes={bytes}, n_total_bytes={}\n",
        bytes + n * 8
    );
    vm.write_stdout(text.as_bytes())?;
    Ok(Value::NONE)
}
