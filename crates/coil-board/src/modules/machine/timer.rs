//! `machine.Timer`: the four hardware timers, and virtual ones.

use crate::chip::{Chip, HARDWARE_TIMERS, TimerState};
use crate::profile::Era;
use alloc::format;
use coil_vm::rom::{Args, Item, TypeDef, def, def_kw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `Timer`: see the fields below.
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
            deinit(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
        def("value(self)", |vm, a| {
            let now = vm.port.now_us();
            let this = vm.arg(a, 0);
            let t = state(vm, this);
            // The chip's own go on when they have fired.
            let counts = t.next_us.is_some()
                || t.period_us > 0 && number(vm, this).is_some_and(|n| n < HARDWARE_TIMERS);
            let until = if counts { now } else { t.stopped_us };
            Ok(Value::int((until.saturating_sub(t.started_us) / 1000) as i64))
        }),
        Item::Int("ONE_SHOT", 0),
        Item::Int("PERIODIC", 1),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let t = state(vm, v);
        if era(vm) != Era::Now {
            let address = v.bits() as u32;
            let [alarm, reload, counts] =
                [t.next_us.is_some(), t.repeats, t.period_us > 0].map(u8::from);
            let text = format!(
                "Timer({address:x}; alarm_en={alarm}, auto_reload={reload}, counter_en={counts})"
            );
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        // The firmware has the two names the wrong way round.
        let mode = if t.repeats { "ONE_SHOT" } else { "PERIODIC" };
        let id = vm.native_int(v, ID);
        let text = format!("Timer({id}, mode={mode}, period={})", t.period_us / 1000);
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Fields: its number, negative for a virtual one; its place among the chip's timers, -1 while it has
/// none.
const ID: usize = 0;
const PLACE: usize = 1;

fn number(vm: &Vm, timer: Value) -> Option<usize> {
    usize::try_from(vm.native_field(timer, PLACE).as_int().unwrap_or(-1)).ok()
}

fn state(vm: &mut Vm, timer: Value) -> TimerState {
    match number(vm, timer) {
        Some(n) => Chip::of(vm).timers[n],
        None => TimerState::default(),
    }
}

fn deinit(vm: &mut Vm, timer: Value) {
    let now = vm.port.now_us();
    let Some(n) = number(vm, timer) else { return };
    let slot = Chip::of(vm).timers[n].slot;
    if slot != 0 {
        // The machine lets go of the callback and the object.
        vm.set_pinned(slot - 1, Value::NONE);
        vm.set_pinned(slot, Value::NONE);
    }
    if n >= HARDWARE_TIMERS {
        Chip::of(vm).timers[n] = TimerState { slot, ..TimerState::default() };
        vm.set_native_field(timer, PLACE, Value::int(-1));
        return;
    }
    let timer = &mut Chip::of(vm).timers[n];
    if timer.period_us > 0 {
        timer.stopped_us = now;
    }
    timer.next_us = None;
    timer.period_us = 0;
    timer.repeats = false;
}

/// The objects of the chip's own timers, one each: their pinned places.
#[derive(Default)]
struct Own([Option<usize>; HARDWARE_TIMERS]);

fn object(vm: &mut Vm, id: i64) -> Res {
    let own = usize::try_from(id).ok();
    if let Some(place) = own.and_then(|n| vm.state::<Own>().0[n]) {
        return Ok(vm.pinned(place));
    }
    let timer = vm.new_native(&TIMER, &[Value::int(id), Value::int(id.max(-1))])?;
    if let Some(n) = own {
        let place = vm.pin(timer);
        vm.state::<Own>().0[n] = Some(place);
    }
    Ok(timer)
}

/// A place for a virtual timer that starts: a free one, or a new one.
fn take_place(vm: &mut Vm) -> usize {
    let timers = &Chip::of(vm).timers;
    let places: alloc::vec::Vec<usize> = timers.iter().map(|t| t.slot).collect();
    for (n, slot) in places.into_iter().enumerate().skip(HARDWARE_TIMERS) {
        if vm.pinned(slot) == Value::NONE {
            return n;
        }
    }
    Chip::of(vm).timers.push(TimerState::default());
    Chip::of(vm).timers.len() - 1
}

fn era(vm: &mut Vm) -> Era {
    Chip::of(vm).profile.switches.timers
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if era(vm) != Era::Now {
        vm.check_args(args, 1, 1)?;
        // Two bits of any number are the group and the timer in it.
        let id = vm.expect_int(vm.arg(args, 0))? & (HARDWARE_TIMERS as i64 - 1);
        return object(vm, id);
    }
    let id = if args.n > 0 { vm.expect_int(vm.arg(args, 0))? } else { -1 };
    if id >= HARDWARE_TIMERS as i64 {
        return Err(vm.raise_fmt(
            types::VALUE_ERROR,
            format_args!(
                "Timer({id}) doesn't exist, there are only {HARDWARE_TIMERS} hardware timers"
            ),
        ));
    }
    let timer = object(vm, id)?;
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
        vm.call_kw(init, all.get(1..).unwrap_or_default(), &pairs)?;
    }
    Ok(timer)
}

fn init(vm: &mut Vm, timer: Value, settings: [Value; 6]) -> Result<(), Raised> {
    let [mode, callback, period, tick_hz, freq, hard] = settings;
    deinit(vm, timer);
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
    let n = match number(vm, timer) {
        Some(n) => n,
        None => {
            let n = take_place(vm);
            vm.set_native_field(timer, PLACE, Value::int(n as i64));
            n
        }
    };
    let now = vm.port.now_us();
    let mut slot = Chip::of(vm).timers[n].slot;
    if slot == 0 {
        slot = vm.pin(callback) + 1;
        vm.pin(timer);
    } else {
        vm.set_pinned(slot - 1, callback);
        vm.set_pinned(slot, timer);
    }
    Chip::of(vm).timers[n] = TimerState {
        next_us: Some(now + us),
        period_us: us,
        repeats: repeat,
        started_us: now,
        stopped_us: 0,
        slot,
    };
    Ok(())
}
