//! `machine.Timer`: the four hardware timers.

use crate::chip::Chip;
use alloc::format;
use coil_vm::rom::{Args, Item, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `Timer`: field 0 is its number.
pub(crate) static TIMER: TypeDef = TypeDef {
    name: "Timer",
    items: &[
        def_kw("init(self, *, mode=, callback=, period=, tick_hz=, freq=, hard=)", |vm, a| {
            let this = vm.arg(a, 0);
            let settings = [1, 2, 3, 4, 5, 6].map(|i| vm.arg(a, i));
            init(vm, this, settings)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", |vm, a| {
            let n = number(vm, vm.arg(a, 0));
            Chip::of(vm).timers[n].next_us = None;
            Ok(Value::NONE)
        }),
        def("value(self)", |vm, a| {
            let n = number(vm, vm.arg(a, 0));
            let now = vm.port.now_us();
            let t = Chip::of(vm).timers[n];
            let started = t.next_us.map_or(now, |next| next.saturating_sub(t.period_us));
            Ok(Value::int((now.saturating_sub(started) / 1000) as i64))
        }),
        Item::Int("ONE_SHOT", 0),
        Item::Int("PERIODIC", 1),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let n = number(vm, v);
        let t = Chip::of(vm).timers[n];
        let mode = if t.period_us > 0 { "PERIODIC" } else { "ONE_SHOT" };
        out.extend_from_slice(
            format!("Timer({n}, mode={mode}, period={})", t.period_us / 1000).as_bytes(),
        );
        Ok(())
    }),
    ..TypeDef::EMPTY
};

fn number(vm: &Vm, timer: Value) -> usize {
    (vm.native_field(timer, 0).as_int().unwrap_or(0) & 3) as usize
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let id = vm.expect_int(vm.arg(args, 0))?;
    if !(0..4).contains(&id) {
        return Err(vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!("Timer({id}) doesn't exist, there are only 4 hardware timers"),
        ));
    }
    let timer = vm.new_native(&TIMER, &[Value::int(id)])?;
    vm.root(timer);
    if args.n > 1 || args.nkw > 0 {
        let init = vm.intern("init");
        let init = vm.get_attr(timer, init)?;
        let all = vm.args_vec(args);
        let mut pairs = alloc::vec::Vec::new();
        for i in 0..args.nkw {
            let (k, v) = vm.kwarg(args, i);
            pairs.extend([k, v]);
        }
        vm.call_kw(init, &all[1..], &pairs)?;
    }
    Ok(timer)
}

fn init(vm: &mut Vm, timer: Value, settings: [Value; 6]) -> Result<(), Raised> {
    let [mode, callback, period, tick_hz, freq, hard] = settings;
    if !hard.is_null() && vm.truth(hard)? {
        return Err(vm.value_error("hard Timers are not implemented"));
    }
    let get = |vm: &mut Vm, v: Value, default: i64| {
        if v.is_null() { Ok(default) } else { vm.expect_int(v) }
    };
    let repeat = get(vm, mode, 1)? != 0;
    let us = if !freq.is_null() && freq != Value::NONE {
        let hz = match vm.as_float(freq) {
            Some(f) => f,
            None => vm.expect_int(freq)? as f64,
        };
        (1e6 / hz.max(1e-6)) as u64
    } else {
        let hz = get(vm, tick_hz, 1000)?.max(1);
        (get(vm, period, 0xffff_ffff)?.max(0).saturating_mul(1_000_000) / hz) as u64
    };
    if us == 0 {
        return Err(vm.value_error("Timer period is too short for this timer"));
    }
    let callback = if callback.is_null() { Value::NONE } else { callback };
    let n = number(vm, timer);
    let now = vm.port.now_us();
    let mut slot = Chip::of(vm).timers[n].slot;
    if slot == 0 {
        slot = vm.pin(callback) + 1;
        vm.pin(timer);
    } else {
        vm.set_pinned(slot - 1, callback);
        vm.set_pinned(slot, timer);
    }
    let t = &mut Chip::of(vm).timers[n];
    t.slot = slot;
    t.period_us = if repeat { us } else { 0 };
    t.next_us = Some(now + us);
    Ok(())
}
