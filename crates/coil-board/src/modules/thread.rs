//! `_thread`: threads and locks, as the firmware has them: one runs at a time, and the stacks of
//! all take their place in the memory beside the Python heap.

use crate::chip::Chip;
use alloc::vec::Vec;
use coil_vm::interp::thread::Start;
use coil_vm::rom::{Args, Item, ModuleDef, PrintKind, TypeDef, def};
use coil_vm::{Raised, Res, Told, Value, Vm, types};

/// `_thread`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "_thread",
    items: &[
        Item::Type("LockType", &LOCK),
        def("get_ident()", |vm, _| Ok(Value::int(i64::from(vm.thread_handle())))),
        def("stack_size(size=)", stack_size),
        def("start_new_thread(function, args, kwargs=)", start_new_thread),
        def("exit()", |vm, _| Err(vm.raise_value(types::SYSTEM_EXIT, Value::NULL))),
        def("allocate_lock()", |vm, _| vm.new_native(&LOCK, &[Value::FALSE, Value::NULL])),
    ],
    attr: None,
};

/// `lock`: whether it is taken; the second word is for its size, which is a semaphore's.
static LOCK: TypeDef = TypeDef {
    name: "lock",
    items: &[
        def("acquire(self, waitflag=, timeout=)", acquire),
        def("release(self)", release),
        def("locked(self)", |vm, a| Ok(vm.native_field(vm.arg(a, 0), LOCKED))),
        def("__enter__(self, waitflag=, timeout=)", acquire),
        def("__exit__(self, type, value, traceback)", release),
    ],
    ..TypeDef::EMPTY
};

/// Field: whether the lock is taken.
const LOCKED: usize = 0;

/// A thread's stack has at least this many bytes.
const STACK_MIN: u32 = 4096;
/// What is left of a stack when recursion is refused.
const STACK_MARGIN: u32 = 1024;
/// The task's block beside the stack.
const TASK_BYTES: u32 = 360;

/// Waits for the lock, unless told not to. As in the firmware, a timeout makes no difference.
fn acquire(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let wait = args.n < 2 || vm.expect_int(vm.arg(args, 1))? != 0;
    vm.pass_turn();
    if vm.native_field(this, LOCKED) == Value::TRUE {
        if !wait {
            return Ok(Value::FALSE);
        }
        vm.wait_for_object(this, |vm| Ok(vm.native_field(this, LOCKED) == Value::FALSE))?;
    }
    vm.set_native_field(this, LOCKED, Value::TRUE);
    Ok(Value::TRUE)
}

fn release(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    if vm.native_field(this, LOCKED) == Value::FALSE {
        return Err(vm.raise_value(types::RUNTIME_ERROR, Value::NULL));
    }
    vm.set_native_field(this, LOCKED, Value::FALSE);
    vm.announce(this);
    vm.pass_turn();
    Ok(Value::NONE)
}

/// The size for threads from now on; gives the one before. Zero, or no size, is the default.
fn stack_size(vm: &mut Vm, args: Args) -> Res {
    let size = if args.n > 0 { vm.expect_int(vm.arg(args, 0))? as u32 } else { 0 };
    let before = core::mem::replace(&mut Chip::of(vm).thread_stack, size);
    vm.new_int(i64::from(before))
}

fn start_new_thread(vm: &mut Vm, args: Args) -> Res {
    let given = vm.arg(args, 1);
    let positional = match vm.as_list(given) {
        Some(list) => {
            let items = vm.list_items(list);
            vm.new_tuple(&items)?
        }
        None if vm.tuple_items(given).is_some() => given,
        None => {
            let text = alloc::format!("object '{}' isn't a tuple or list", vm.type_name(given));
            return Err(vm.type_error(&text));
        }
    };
    let named = if args.n > 2 { pairs(vm, vm.arg(args, 2))? } else { Value::NULL };
    let stack = match Chip::of(vm).thread_stack {
        0 => STACK_MIN + STACK_MARGIN,
        size => size.max(STACK_MIN),
    };
    if !Chip::of(vm).idf_heap.take(stack.saturating_add(TASK_BYTES)) {
        return Err(cannot(vm));
    }
    let start = Start {
        f: vm.arg(args, 0),
        args: positional,
        kwargs: named,
        stack_bytes: stack - STACK_MARGIN,
        ended,
    };
    let Some(handle) = vm.start_thread(start) else {
        Chip::of(vm).idf_heap.give(stack + TASK_BYTES);
        return Err(cannot(vm));
    };
    let off = Chip::of(vm).irqs_off > 0;
    vm.hold_turn(off);
    vm.new_int(i64::from(handle))
}

fn cannot(vm: &mut Vm) -> Raised {
    vm.raise_args(types::OS_ERROR, "can't create thread")
}

/// Names and values of a dict in turn.
fn pairs(vm: &mut Vm, dict: Value) -> Res {
    if vm.type_of(dict) != types::DICT.into() {
        return Err(vm.type_error("expecting a dict for keyword args"));
    }
    let mut all = Vec::new();
    for (k, v) in vm.dict_entries(dict) {
        all.extend([vm.str_to_qstr(k)?.map_or(k, Value::from), v]);
    }
    vm.new_tuple(&all)
}

/// The end of a thread: tells an exception that nobody took, gives the stack back.
fn ended(vm: &mut Vm, f: Value, done: Result<Value, Raised>) {
    let stack = vm.stack_limit() + STACK_MARGIN;
    Chip::of(vm).idf_heap.give(stack + TASK_BYTES);
    let e = vm.pending;
    if done.is_ok() || vm.aborting || vm.exception_is(e, types::SYSTEM_EXIT) {
        return;
    }
    vm.root(e);
    let mut text = b"Unhandled exception in thread started by ".to_vec();
    // What cannot be printed stays away: there is nobody to tell.
    let _ = vm.print(f, &mut text, PrintKind::Repr);
    text.push(b'\n');
    vm.print_exception(e, &mut text);
    vm.write_lines(&text);
    vm.tell(Told::Exception { exception: e, origin: "thread", text: &text });
}
