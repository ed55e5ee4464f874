//! `select`: waiting for streams.

use crate::stream::{self, POLL, POLL_ERR, POLL_HUP, POLL_RD, POLL_WR};
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm};

/// `select`
pub static MODULE: ModuleDef = ModuleDef {
    name: "select",
    items: &[
        def("select(r, w, x, timeout=)", select),
        def("poll()", |vm, _| new_poll(vm)),
        Item::Type("_poll", &POLL_TYPE),
        Item::Int("POLLIN", POLL_RD),
        Item::Int("POLLOUT", POLL_WR),
        Item::Int("POLLERR", POLL_ERR),
        Item::Int("POLLHUP", POLL_HUP),
    ],
    attr: None,
};

/// Fields of a poll object: lists of streams, of what is waited for and of what was found; then
/// how many are still to be given by the iterator, where it is, its flags and its tuple.
const STREAMS: usize = 0;
const EVENTS: usize = 1;
const FOUND: usize = 2;
const LEFT: usize = 3;
const AT: usize = 4;
const FLAGS: usize = 5;
const TUPLE: usize = 6;

/// Flag of `ipoll`: what was found is not waited for again.
const ONE_SHOT: i64 = 1;

/// How long a program's own streams are left alone while waiting.
const PERIOD_US: u64 = 10_000;

static POLL_TYPE: TypeDef = TypeDef {
    name: "poll",
    items: &[
        def("register(self, stream, events=)", |vm, a| {
            let events = if a.n > 2 { vm.expect_int(vm.arg(a, 2))? } else { POLL_RD | POLL_WR };
            add(vm, vm.arg(a, 0), vm.arg(a, 1), events, false)?;
            Ok(Value::NONE)
        }),
        def("unregister(self, stream)", |vm, a| {
            let this = vm.arg(a, 0);
            if let Some(i) = find(vm, this, vm.arg(a, 1)) {
                for field in [STREAMS, EVENTS, FOUND] {
                    if let Some(list) = vm.as_list(vm.native_field(this, field)) {
                        vm.list_splice(list, i, 1, &[])?;
                    }
                }
            }
            Ok(Value::NONE)
        }),
        def("modify(self, stream, events)", |vm, a| {
            let this = vm.arg(a, 0);
            let Some(i) = find(vm, this, vm.arg(a, 1)) else { return Err(vm.os_error(2)) };
            let events = vm.expect_int(vm.arg(a, 2))?;
            set(vm, this, EVENTS, i, events);
            Ok(Value::NONE)
        }),
        def("poll(self, timeout=)", poll),
        def("ipoll(self, timeout=, flags=)", ipoll),
    ],
    iter: Some(|_, v| Ok(v)),
    next: Some(next),
    ..TypeDef::EMPTY
};

fn new_poll(vm: &mut Vm) -> Res {
    let mut fields = [Value::int(0); 7];
    for list in &mut fields[..3] {
        *list = vm.new_list(&[])?;
    }
    fields[TUPLE] = Value::NULL;
    vm.new_native(&POLL_TYPE, &fields)
}

fn len(vm: &Vm, this: Value) -> usize {
    vm.as_list(vm.native_field(this, STREAMS)).map_or(0, |l| vm.list_len(l))
}

fn item(vm: &Vm, this: Value, field: usize, i: usize) -> Value {
    vm.as_list(vm.native_field(this, field)).map_or(Value::NULL, |l| vm.list_item(l, i))
}

fn int(vm: &Vm, this: Value, field: usize, i: usize) -> i64 {
    item(vm, this, field, i).as_int().unwrap_or(0)
}

fn set(vm: &mut Vm, this: Value, field: usize, i: usize, n: i64) {
    if let Some(list) = vm.as_list(vm.native_field(this, field)) {
        vm.list_set(list, i, Value::try_int(n).unwrap_or(Value::int(0)));
    }
}

fn find(vm: &Vm, this: Value, stream: Value) -> Option<usize> {
    (0..len(vm, this)).find(|&i| item(vm, this, STREAMS, i) == stream)
}

fn add(vm: &mut Vm, this: Value, stream: Value, events: i64, merge: bool) -> Result<(), Raised> {
    if let Some(i) = find(vm, this, stream) {
        let events = if merge { events | int(vm, this, EVENTS, i) } else { events };
        set(vm, this, EVENTS, i, events);
        return Ok(());
    }
    stream::check(vm, stream, stream::Op::Ioctl)?;
    let events = Value::try_int(events).unwrap_or(Value::int(0));
    for (field, v) in [(STREAMS, stream), (EVENTS, events), (FOUND, Value::int(0))] {
        if let Some(list) = vm.as_list(vm.native_field(this, field)) {
            vm.list_append(list, v)?;
        }
    }
    Ok(())
}

/// Asks every stream once; how many are ready.
fn poll_once(vm: &mut Vm, this: Value) -> Result<usize, Raised> {
    let (mut ready, mut i) = (0, 0);
    while i < len(vm, this) {
        let mark = vm.mark();
        let stream = item(vm, this, STREAMS, i);
        vm.root(stream);
        let events = int(vm, this, EVENTS, i);
        let found = stream::ioctl(vm, stream, POLL, events)?;
        set(vm, this, FOUND, i, found);
        ready += usize::from(found != 0);
        vm.release(mark);
        i += 1;
    }
    Ok(ready)
}

/// Waits until a stream is ready, or for so many milliseconds.
fn wait(vm: &mut Vm, this: Value, timeout_ms: Option<u64>) -> Result<usize, Raised> {
    let until = timeout_ms.map(|ms| vm.port.now_us().saturating_add(ms.saturating_mul(1000)));
    // Nobody tells when a program's own stream becomes ready: those are asked again and again.
    let restless = (0..len(vm, this)).any(|i| stream::is_iobase(vm, item(vm, this, STREAMS, i)));
    let mut ready = 0;
    loop {
        let now = vm.port.now_us();
        let slice =
            if restless { Some(until.unwrap_or(u64::MAX).min(now + PERIOD_US)) } else { until };
        vm.wait_until(slice, |vm| {
            ready = poll_once(vm, this)?;
            Ok(ready > 0)
        })?;
        if ready > 0 || until.is_some_and(|t| vm.port.now_us() >= t) {
            return Ok(ready);
        }
    }
}

fn timeout(vm: &mut Vm, args: Args) -> Result<Option<u64>, Raised> {
    Ok(crate::args::optional_int(vm, args, 1)?.and_then(|ms| u64::try_from(ms).ok()))
}

fn poll(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let timeout = timeout(vm, args)?;
    wait(vm, this, timeout)?;
    let list = vm.new_list(&[])?;
    let mark = vm.mark();
    let mut i = 0;
    while i < len(vm, this) {
        let found = item(vm, this, FOUND, i);
        if found != Value::int(0) {
            let pair = vm.new_tuple(&[item(vm, this, STREAMS, i), found])?;
            if let Some(r) = vm.as_list(list) {
                vm.list_append(r, pair)?;
            }
            vm.release(mark);
        }
        i += 1;
    }
    Ok(list)
}

fn ipoll(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let timeout = timeout(vm, args)?;
    let flags = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 0 };
    if vm.native_field(this, TUPLE).is_null() {
        let tuple = vm.new_tuple(&[Value::NONE, Value::NONE])?;
        vm.set_native_field(this, TUPLE, tuple);
    }
    let ready = wait(vm, this, timeout)?;
    vm.set_native_field(this, FLAGS, Value::int(flags & ONE_SHOT));
    vm.set_native_field(this, LEFT, Value::int(ready as i64));
    vm.set_native_field(this, AT, Value::int(0));
    Ok(this)
}

fn next(vm: &mut Vm, this: Value) -> Res {
    let left = vm.native_int(this, LEFT);
    if left <= 0 {
        return Ok(Value::STOP);
    }
    vm.set_native_field(this, LEFT, Value::int(left - 1));
    let mut i = vm.native_int(this, AT) as usize;
    while i < len(vm, this) && int(vm, this, FOUND, i) == 0 {
        i += 1;
    }
    vm.set_native_field(this, AT, Value::int(i as i64 + 1));
    if i >= len(vm, this) {
        return Ok(Value::STOP);
    }
    // The tuple is the poll object's own, to save memory: the same one every time.
    let tuple = vm.native_field(this, TUPLE);
    if let Some((r, at, 2)) = vm.as_tuple(tuple) {
        let (stream, found) = (item(vm, this, STREAMS, i), item(vm, this, FOUND, i));
        vm.heap.set(r, at, stream);
        vm.heap.set(r, at + 1, found);
    }
    if vm.native_int(this, FLAGS) & ONE_SHOT != 0 {
        set(vm, this, EVENTS, i, 0);
    }
    Ok(tuple)
}

fn select(vm: &mut Vm, args: Args) -> Res {
    let this = new_poll(vm)?;
    let wanted = [POLL_RD, POLL_WR, POLL_ERR | POLL_HUP];
    for (i, events) in wanted.into_iter().enumerate() {
        for stream in crate::args::expect_items(vm, vm.arg(args, i))? {
            add(vm, this, stream, events, true)?;
        }
    }
    let timeout = match vm.arg(args, 3) {
        v if v.is_null() || v == Value::NONE => None,
        v => {
            let s = crate::args::expect_float(vm, v)?;
            (s >= 0.0).then_some((s * 1000.0) as u64)
        }
    };
    wait(vm, this, timeout)?;
    let mut lists = Vec::new();
    for mask in [POLL_RD, POLL_WR, !(POLL_RD | POLL_WR)] {
        let ready: Vec<Value> = (0..len(vm, this))
            .filter(|&i| int(vm, this, FOUND, i) & mask != 0)
            .map(|i| item(vm, this, STREAMS, i))
            .collect();
        lists.push(vm.new_list(&ready)?);
    }
    vm.new_tuple(&lists)
}
