//! The loop. The only file of this crate with `unsafe`: code, constants and registers are read
//! without bounds checks, which the verifier has made sure of when the code was loaded.
//!
//! `pc`, `regs` and `consts` live in locals. They are loaded anew whenever another frame becomes
//! the top one; neither the arena nor the stack ever moves.

#![allow(unsafe_code, reason = "unchecked access to verified code, see above")]

use super::call::Begun;
use super::frame::Caller;
use super::machine;
use super::native;
use super::plan::Return;
use crate::kinds::{self, class, code, function, instance};
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Args, Binary, PrintKind, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_compiler::bytecode::Op;
use coil_heap::{Header, Ref, Tag, Value};
use core::hint::cold_path;

/// Which byte of an instruction in memory has the opcode, and which the fields. Taking them from there
/// costs less than to keep the word, which never stays in a register of the host for long.
const BYTE: [usize; 4] = if cfg!(target_endian = "little") { [0, 1, 2, 3] } else { [3, 2, 1, 0] };
/// Which half of an instruction has its two last fields.
const UPPER: usize = if cfg!(target_endian = "little") { 1 } else { 0 };

/// Where the loop goes after an instruction that changed the frame.
enum Next {
    /// Another frame is on top.
    Reload,
    /// An exception is pending, raised by this instruction.
    Raise,
    /// An exception is pending in the frame that is on top now.
    Unwind,
    /// An exception goes on its way: this frame is in its traceback already.
    Reraise,
}

/// Keeps the ends of arms apart: the optimiser would share them, and the detour through shared
/// code keeps `pc` in memory instead of a register (a third of the speed of short loops).
#[inline(always)]
fn keep_apart() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instruction at all.
    unsafe {
        core::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

impl Vm {
    /// Runs the top frame until it returns to Rust.
    #[allow(clippy::too_many_lines, reason = "one arm per opcode")]
    pub(crate) fn run(&mut self) -> Res {
        let vm = self;
        let mut temps = vm.mark();
        if core::mem::take(&mut vm.raise_at_start) {
            vm.unwind(false)?;
        }
        let arena = vm.heap.base().cast::<u8>();
        let (mut words, mut consts, mut regs, mut base, mut globals);
        let mut pc: *mut u32;
        // Takes up the top frame.
        macro_rules! enter {
            () => {{
                let frame = vm.top();
                base = frame.base as usize;
                globals = frame.globals;
                // SAFETY: a frame's instructions and constants are payloads of objects inside the
                // arena, which never moves; `pc` is zero or was computed from this very code. The
                // stack never moves either, and holds `base`.
                unsafe {
                    words = arena.add(frame.words as usize).cast::<u32>();
                    consts = arena.add(frame.consts as usize).cast::<Value>().cast_const();
                    pc = words.add(frame.pc as usize);
                    regs = vm.stack.as_mut_ptr().add(base);
                }
            }};
        }
        enter!();
        loop {
            macro_rules! index {
                () => {
                    // SAFETY: both point into the same code.
                    unsafe { pc.offset_from(words) as u32 }
                };
            }
            macro_rules! r {
                ($i:expr) => {{
                    let i = $i as usize;
                    // SAFETY: the verifier bounds every register number by the frame's size.
                    unsafe { *regs.add(i) }
                }};
            }
            macro_rules! w {
                ($i:expr, $v:expr) => {{
                    let (i, v) = ($i as usize, $v);
                    // SAFETY: as for reading.
                    unsafe { *regs.add(i) = v }
                    keep_apart();
                }};
            }
            macro_rules! k {
                ($i:expr) => {{
                    let i = $i as usize;
                    // SAFETY: the verifier bounds every constant number.
                    unsafe { *consts.add(i) }
                }};
            }
            macro_rules! word {
                () => {{
                    // SAFETY: the verifier checks that no instruction reaches beyond the code.
                    let w = unsafe { *pc };
                    // SAFETY: as above.
                    pc = unsafe { pc.add(1) };
                    w
                }};
            }
            macro_rules! save {
                () => {
                    vm.top_mut().pc = index!()
                };
            }
            macro_rules! jump {
                ($off:expr) => {{
                    let off = $off as i32;
                    if off < 0 {
                        vm.fuel -= 1;
                        if vm.fuel == 0 {
                            cold_path();
                            // What is raised here is raised by the jump: where it leads to may be outside of a `try` that it is in.
                            save!();
                            if vm.poll().is_err() {
                                break Next::Raise;
                            }
                            vm.release(temps);
                        }
                    }
                    // SAFETY: the verifier checks that jumps land on instructions.
                    pc = unsafe { pc.offset(off as isize) };
                }};
            }
            // Gives the value of a slow operation, or goes to the handler of its exception.
            macro_rules! check {
                ($e:expr) => {{
                    match $e {
                        Ok(v) => v,
                        Err(Raised) => {
                            cold_path();
                            break Next::Raise;
                        }
                    }
                }};
            }
            macro_rules! slow {
                ($a:expr, $e:expr) => {{
                    cold_path();
                    let v = check!($e);
                    w!($a, v);
                    vm.release(temps);
                }};
            }
            macro_rules! float {
                ($a:expr, $f:expr) => {{
                    let f: f64 = $f;
                    let f = if vm.single { f64::from(f as f32) } else { f };
                    match Value::try_flonum(f) {
                        Some(v) => w!($a, v),
                        None => slow!($a, vm.new_float(f)),
                    }
                }};
            }
            macro_rules! both_ints {
                ($x:expr, $y:expr) => {
                    $x.bits() & $y.bits() & 1 == 1
                };
            }
            // Names, types, None and their like are equal if they are the same.
            macro_rules! both_immediate {
                ($x:expr, $y:expr) => {
                    $x.is_immediate() && $y.is_immediate()
                };
            }
            macro_rules! both_floats {
                ($x:expr, $y:expr) => {
                    $x.is_flonum() && $y.is_flonum()
                };
            }
            // An operator that is neither of ints nor of floats: the method of an instance runs in
            // this loop.
            macro_rules! operator {
                ($a:expr, $op:expr, $x:expr, $y:expr) => {{
                    cold_path();
                    save!();
                    vm.fuel -= 1;
                    if vm.fuel == 0 {
                        check!(vm.poll());
                        vm.release(temps);
                    }
                    if vm.begin_operator($op, $x, $y, $a as u8) {
                        break Next::Reload;
                    }
                    slow!($a, vm.binary($op, $x, $y));
                }};
            }
            // + and -: ints on the tagged word, floats in the word, the rest elsewhere.
            macro_rules! add_sub {
                ($a:expr, $x:expr, $y:expr, $checked:ident, $f:tt, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) {
                        match (x.bits() as i64).$checked(y.bits() as i64 & !1) {
                            Some(v) => w!($a, Value::from_bits(v as u64)),
                            None => slow!($a, vm.binary($op, x, y)),
                        }
                    } else if both_floats!(x, y) {
                        float!($a, x.flonum_unchecked() $f y.flonum_unchecked());
                    } else {
                        operator!($a, $op, x, y);
                    }
                }};
            }
            macro_rules! mul {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) {
                        match x
                            .int_unchecked()
                            .checked_mul(y.int_unchecked())
                            .and_then(Value::try_int)
                        {
                            Some(v) => w!($a, v),
                            None => slow!($a, vm.binary($op, x, y)),
                        }
                    } else if both_floats!(x, y) {
                        float!($a, x.flonum_unchecked() * y.flonum_unchecked());
                    } else {
                        operator!($a, $op, x, y);
                    }
                }};
            }
            macro_rules! true_div {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_floats!(x, y) && y.flonum_unchecked() != 0.0 {
                        float!($a, x.flonum_unchecked() / y.flonum_unchecked());
                    } else {
                        operator!($a, $op, x, y);
                    }
                }};
            }
            macro_rules! floor_div {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) && y.int_unchecked() > 0 {
                        w!($a, Value::int(x.int_unchecked().div_euclid(y.int_unchecked())));
                    } else {
                        operator!($a, $op, x, y);
                    }
                }};
            }
            macro_rules! modulo {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) && y.int_unchecked() > 0 {
                        w!($a, Value::int(x.int_unchecked().rem_euclid(y.int_unchecked())));
                    } else {
                        operator!($a, $op, x, y);
                    }
                }};
            }
            macro_rules! shl {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y)
                        && (0..32).contains(&y.int_unchecked())
                        && x.int_unchecked().unsigned_abs() < 1 << 30
                    {
                        w!($a, Value::int(x.int_unchecked() << y.int_unchecked()));
                    } else {
                        slow!($a, vm.binary($op, x, y));
                    }
                }};
            }
            macro_rules! shr {
                ($a:expr, $x:expr, $y:expr, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) && (0..63).contains(&y.int_unchecked()) {
                        w!($a, Value::int(x.int_unchecked() >> y.int_unchecked()));
                    } else {
                        slow!($a, vm.binary($op, x, y));
                    }
                }};
            }
            macro_rules! bits {
                ($a:expr, $x:expr, $y:expr, $f:tt, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) {
                        w!($a, Value::int(x.int_unchecked() $f y.int_unchecked()));
                    } else {
                        slow!($a, vm.binary($op, x, y));
                    }
                }};
            }
            // A comparison as a host bool.
            macro_rules! ordered {
                ($x:expr, $y:expr, $f:tt, $op:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) {
                        (x.bits() as i64) $f (y.bits() as i64)
                    } else if both_floats!(x, y) {
                        x.flonum_unchecked() $f y.flonum_unchecked()
                    } else {
                        cold_path();
                        let v = check!(vm.binary($op, x, y));
                        let t = check!(vm.truth(v));
                        vm.release(temps);
                        t
                    }
                }};
            }
            // A comparison whose result is a value: what a class's own method returns.
            macro_rules! order {
                ($f:tt, $op:expr) => {{
                    let (x, y) = (r!(b!()), r!(c!()));
                    if both_ints!(x, y) {
                        w!(a!(), Value::bool((x.bits() as i64) $f (y.bits() as i64)));
                    } else if both_floats!(x, y) {
                        w!(a!(), Value::bool(x.flonum_unchecked() $f y.flonum_unchecked()));
                    } else {
                        slow!(a!(), vm.binary($op, x, y));
                    }
                }};
            }
            macro_rules! equal {
                ($x:expr, $y:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) || both_immediate!(x, y) {
                        x == y
                    } else {
                        cold_path();
                        let t = check!(vm.equal(x, y));
                        vm.release(temps);
                        t
                    }
                }};
            }
            macro_rules! unequal {
                ($x:expr, $y:expr) => {{
                    let (x, y) = ($x, $y);
                    if both_ints!(x, y) || both_immediate!(x, y) {
                        x != y
                    } else {
                        cold_path();
                        let v = check!(vm.binary(Binary::Ne, x, y));
                        let t = check!(vm.truth(v));
                        vm.release(temps);
                        t
                    }
                }};
            }
            macro_rules! branch {
                ($cond:expr, $sense:expr) => {{
                    let off = word!();
                    let cond: bool = $cond;
                    if cond == ($sense != 0) {
                        jump!(off);
                    }
                }};
            }
            macro_rules! name {
                ($w:expr) => {
                    Qstr((k!($w & 0xffff).bits() >> 32) as u32)
                };
            }
            // A call whose callee may have pushed a frame.
            macro_rules! call {
                ($f:expr, $base:expr, $n:expr, $nkw:expr, $dst:expr) => {{
                    cold_path();
                    save!();
                    let args =
                        Args { base: base + $base as usize, n: $n as usize, nkw: $nkw as usize };
                    match check!(vm.begin_call($f, args, $dst as u8, Caller::Frame)) {
                        Begun::Frame => break Next::Reload,
                        Begun::Value(v) => w!($dst, v),
                    }
                    vm.release(temps);
                    vm.sp = vm.top().top as usize;
                }};
            }
            // Calls to plain functions and to classes: the frame is pushed right here.
            macro_rules! call_fast {
                ($f:expr, $base:expr, $n:expr, $nkw:expr, $dst:expr) => {{
                    let f: Value = $f;
                    if $nkw == 0 {
                        let (mut callee, mut at, mut n) = (None, base + $base as usize, $n as usize);
                        let mut to = Return { caller: Caller::Frame, dst: $dst as u8, owner: Value::NULL };
                        if let Some(fr) = f.as_ref() {
                            match vm.heap.kind(fr) {
                                kinds::FUNCTION => {
                                    let plan = vm.plan_of(fr);
                                    if plan.takes(n) || {
                                        cold_path();
                                        vm.complete(plan, fr, at, n)
                                    } {
                                        callee = Some((fr, plan));
                                    }
                                }
                                kinds::CLASS => {
                                    save!();
                                    if let Some((init, this)) = check!(vm.begin_init(fr, at - 1, n as u32)) {
                                        (at, n) = (at - 1, n + 1);
                                        (to.caller, to.owner) = (Caller::Init, this);
                                        callee = Some((init, vm.plan_of(init)));
                                    }
                                }
                                _ => {}
                            }
                        } else if let Some(number) = f.as_tagged(Tag::Native) {
                            save!();
                            let args = Args { base: at, n, nkw: 0 };
                            let v = match vm.plain_function(number, n) {
                                Some(f) => check!(f(vm, args)),
                                None => {
                                    cold_path();
                                    check!(vm.call_native(number, args))
                                }
                            };
                            w!($dst, v);
                            vm.release(temps);
                            vm.sp = vm.top().top as usize;
                            continue;
                        }
                        let _ = n;
                        if let Some((function, plan)) = callee {
                            if !vm.has_room(plan, at + plan.registers()) {
                                cold_path();
                                let _: Raised = vm.recursion_error();
                                break Next::Raise;
                            }
                            save!();
                            vm.fill_window(plan, function, at);
                            vm.fuel -= 1;
                            if vm.fuel == 0 {
                                cold_path();
                                // What runs in between may replace the function, and starts above
                                // the window.
                                vm.root(function.into());
                                vm.root(to.owner);
                                let sp = vm.sp;
                                vm.sp = sp.max(at + plan.registers());
                                check!(vm.poll());
                                vm.sp = sp;
                                vm.release(temps);
                            }
                            if plan.is_generator() {
                                cold_path();
                                let made = check!(vm.make_generator(function, at, plan.registers()));
                                w!($dst, made);
                                vm.release(temps);
                                continue;
                            }
                            (globals, consts) = {
                                let (g, c) = vm.push_planned(plan, function, at, to);
                                // SAFETY: the constants are the payload of an object inside the arena.
                                (g, unsafe { arena.add(c as usize).cast::<Value>().cast_const() })
                            };
                            base = at;
                            // SAFETY: the instructions are the payload of an object inside the arena,
                            // and the stack has room for the window, which was filled just now.
                            unsafe {
                                words = arena.add(plan.words() as usize).cast::<u32>();
                                regs = vm.stack.as_mut_ptr().add(base);
                            }
                            pc = words;
                            continue;
                        }
                    }
                    call!(f, $base, $n, $nkw, $dst)
                }};
            }

            let mut at: *const u8;
            macro_rules! byte {
                ($i:literal) => {
                    // SAFETY: `at` is where an instruction of four bytes stands.
                    u32::from(unsafe { *at.add(BYTE[$i]) })
                };
            }
            // Fields of the instruction, taken apart where an arm needs them.
            macro_rules! a {
                () => {
                    byte!(1)
                };
            }
            macro_rules! b {
                () => {
                    byte!(2)
                };
            }
            macro_rules! c {
                () => {
                    byte!(3)
                };
            }
            macro_rules! d {
                () => {
                    // SAFETY: as above; its upper half is aligned.
                    u32::from(unsafe { *at.cast::<u16>().add(UPPER) })
                };
            }

            // Keeps a slot in the upper half of the word just read.
            macro_rules! cache {
                ($n:expr, $slot:expr) => {
                    // SAFETY: the word just read; its upper half is a cache.
                    unsafe { *pc.sub(1) = $n & 0xffff | $slot << 16 }
                };
            }
            // A global or built-in name; the slot of a global is kept in the instruction.
            macro_rules! load_global {
                ($n:expr) => {{
                    let n: u32 = $n;
                    if let Some(store) = vm.heap.get(globals, 1).as_ref() {
                        let slot = (n >> 16) as usize;
                        if slot * 2 < vm.heap.len(store)
                            && vm.heap.get(store, slot * 2) == k!(n & 0xffff)
                        {
                            w!(a!(), vm.heap.get(store, slot * 2 + 1));
                            continue;
                        }
                    }
                    if let Some(v) = vm.cached_builtin(globals, name!(n)) {
                        w!(a!(), v);
                        continue;
                    }
                    cold_path();
                    let (v, slot) = check!(vm.load_global(globals, name!(n)));
                    w!(a!(), v);
                    if let Some(slot) = slot {
                        cache!(n, slot);
                    }
                }};
            }
            // Stores a name of this dict the same way.
            macro_rules! store_global {
                ($n:expr) => {{
                    let n: u32 = $n;
                    if let Some(store) = vm.heap.get(globals, 1).as_ref() {
                        let slot = (n >> 16) as usize;
                        if slot * 2 < vm.heap.len(store)
                            && vm.heap.get(store, slot * 2) == k!(n & 0xffff)
                        {
                            vm.heap.set(store, slot * 2 + 1, r!(a!()));
                            continue;
                        }
                    }
                    cold_path();
                    if let Some(slot) = check!(vm.store_global(globals, name!(n), r!(a!()))) {
                        cache!(n, slot);
                    }
                    vm.release(temps);
                }};
            }
            // Native values: ints of 32 bits.
            macro_rules! word32 {
                ($i:expr) => {
                    r!($i).int_unchecked() as i32
                };
            }
            macro_rules! int {
                ($f:expr) => {
                    w!(a!(), native::int($f(word32!(b!()), word32!(c!()))))
                };
            }
            macro_rules! load {
                ($shift:literal) => {{
                    save!();
                    let at = native::address(word32!(b!()), word32!(c!()), $shift);
                    let word = check!(vm.load(at, 1 << $shift));
                    w!(a!(), native::int(word as i32));
                }};
            }
            macro_rules! store {
                ($shift:literal) => {{
                    save!();
                    let at = native::address(word32!(a!()), word32!(b!()), $shift);
                    check!(vm.store(at, 1 << $shift, word32!(c!()) as u32));
                }};
            }
            let next = loop {
                at = pc.cast::<u8>().cast_const();
                let _ = word!();
                // SAFETY: the verifier checks that every instruction starts with a known opcode.
                let op: Op = unsafe { core::mem::transmute(*at.add(BYTE[0])) };
                match op {
                    Op::Nop => {}
                    Op::Move => w!(a!(), r!(b!())),
                    Op::LoadConst => w!(a!(), k!(d!())),
                    Op::LoadInt => w!(a!(), Value::int(i64::from(d!() as i16))),
                    Op::LoadNone => w!(a!(), Value::NONE),
                    Op::LoadTrue => w!(a!(), Value::TRUE),
                    Op::LoadFalse => w!(a!(), Value::FALSE),
                    Op::LoadNull => w!(a!(), Value::NULL),
                    Op::CheckLocal => {
                        if r!(a!()).is_null() {
                            let _: Raised = vm.raise_args(
                                types::NAME_ERROR,
                                "local variable referenced before assignment",
                            );
                            break Next::Raise;
                        }
                    }
                    Op::LoadGlobal => {
                        let n = word!();
                        load_global!(n);
                    }
                    Op::StoreGlobal => {
                        let n = word!();
                        store_global!(n);
                    }
                    Op::DelGlobal => {
                        let n = word!();
                        check!(vm.delete_name(globals.into(), name!(n)));
                    }
                    Op::LoadName => {
                        let n = word!();
                        let locals = vm.top().locals;
                        if locals == globals.into() {
                            load_global!(n);
                        } else {
                            let v = match vm.dict_get(locals, name!(n)) {
                                Some(v) => v,
                                None => check!(vm.load_global(globals, name!(n))).0,
                            };
                            w!(a!(), v);
                        }
                    }
                    Op::StoreName => {
                        let n = word!();
                        let locals = vm.top().locals;
                        if locals == globals.into() {
                            store_global!(n);
                        } else {
                            check!(vm.store_name(locals, name!(n), r!(a!())));
                            vm.release(temps);
                        }
                    }
                    Op::DelName => {
                        let n = word!();
                        check!(vm.delete_name(vm.top().locals, name!(n)));
                    }
                    Op::MakeCell => {
                        let v = r!(a!());
                        let cell = check!(vm.alloc_values(kinds::CELL, 1));
                        vm.heap.set(cell, 0, v);
                        w!(a!(), cell.into());
                        vm.release(temps);
                    }
                    Op::NewCell => {
                        let cell = check!(vm.alloc_values(kinds::CELL, 1));
                        w!(a!(), cell.into());
                        vm.release(temps);
                    }
                    Op::LoadCell => {
                        let n = word!();
                        let v = match r!(b!()).as_ref() {
                            Some(cell) => vm.heap.get(cell, 0),
                            None => Value::NULL,
                        };
                        if v.is_null() {
                            let _ = name!(n);
                            let _: Raised = vm.raise_args(
                                types::NAME_ERROR,
                                "local variable referenced before assignment",
                            );
                            break Next::Raise;
                        }
                        w!(a!(), v);
                    }
                    Op::StoreCell => {
                        if let Some(cell) = r!(a!()).as_ref() {
                            vm.heap.set(cell, 0, r!(b!()));
                        }
                    }
                    Op::DelCell => {
                        let n = word!();
                        let cell =
                            r!(a!()).as_ref().filter(|&cell| !vm.heap.get(cell, 0).is_null());
                        match cell {
                            Some(cell) => vm.heap.set(cell, 0, Value::NULL),
                            None => {
                                let _ = name!(n);
                                let _: Raised = vm.raise_args(
                                    types::NAME_ERROR,
                                    "local variable referenced before assignment",
                                );
                                break Next::Raise;
                            }
                        }
                    }

                    Op::Add => add_sub!(a!(), r!(b!()), r!(c!()), checked_add, +, Binary::Add),
                    Op::Sub => add_sub!(a!(), r!(b!()), r!(c!()), checked_sub, -, Binary::Sub),
                    Op::Mul => mul!(a!(), r!(b!()), r!(c!()), Binary::Mul),
                    Op::TrueDiv => true_div!(a!(), r!(b!()), r!(c!()), Binary::TrueDiv),
                    Op::FloorDiv => floor_div!(a!(), r!(b!()), r!(c!()), Binary::FloorDiv),
                    Op::Mod => modulo!(a!(), r!(b!()), r!(c!()), Binary::Mod),
                    Op::Pow => slow!(a!(), vm.binary(Binary::Pow, r!(b!()), r!(c!()))),
                    Op::MatMul => slow!(a!(), vm.binary(Binary::MatMul, r!(b!()), r!(c!()))),
                    Op::LShift => shl!(a!(), r!(b!()), r!(c!()), Binary::LShift),
                    Op::RShift => shr!(a!(), r!(b!()), r!(c!()), Binary::RShift),
                    Op::And => bits!(a!(), r!(b!()), r!(c!()), &, Binary::And),
                    Op::Or => bits!(a!(), r!(b!()), r!(c!()), |, Binary::Or),
                    Op::Xor => bits!(a!(), r!(b!()), r!(c!()), ^, Binary::Xor),
                    Op::IAdd => add_sub!(a!(), r!(b!()), r!(c!()), checked_add, +, Binary::IAdd),
                    Op::ISub => add_sub!(a!(), r!(b!()), r!(c!()), checked_sub, -, Binary::ISub),
                    Op::IMul => mul!(a!(), r!(b!()), r!(c!()), Binary::IMul),
                    Op::ITrueDiv => true_div!(a!(), r!(b!()), r!(c!()), Binary::ITrueDiv),
                    Op::IFloorDiv => floor_div!(a!(), r!(b!()), r!(c!()), Binary::IFloorDiv),
                    Op::IMod => modulo!(a!(), r!(b!()), r!(c!()), Binary::IMod),
                    Op::IPow => slow!(a!(), vm.binary(Binary::IPow, r!(b!()), r!(c!()))),
                    Op::IMatMul => slow!(a!(), vm.binary(Binary::IMatMul, r!(b!()), r!(c!()))),
                    Op::ILShift => shl!(a!(), r!(b!()), r!(c!()), Binary::ILShift),
                    Op::IRShift => shr!(a!(), r!(b!()), r!(c!()), Binary::IRShift),
                    Op::IAnd => bits!(a!(), r!(b!()), r!(c!()), &, Binary::IAnd),
                    Op::IOr => bits!(a!(), r!(b!()), r!(c!()), |, Binary::IOr),
                    Op::IXor => bits!(a!(), r!(b!()), r!(c!()), ^, Binary::IXor),
                    Op::AddI => {
                        add_sub!(a!(), r!(b!()), Value::int(i64::from(c!())), checked_add, +, Binary::Add);
                    }
                    Op::SubI => {
                        add_sub!(a!(), r!(b!()), Value::int(i64::from(c!())), checked_sub, -, Binary::Sub);
                    }
                    Op::MulI => mul!(a!(), r!(b!()), Value::int(i64::from(c!())), Binary::Mul),
                    Op::FloorDivI => {
                        floor_div!(a!(), r!(b!()), Value::int(i64::from(c!())), Binary::FloorDiv);
                    }
                    Op::ModI => modulo!(a!(), r!(b!()), Value::int(i64::from(c!())), Binary::Mod),
                    Op::LShiftI => {
                        shl!(a!(), r!(b!()), Value::int(i64::from(c!())), Binary::LShift);
                    }
                    Op::RShiftI => {
                        shr!(a!(), r!(b!()), Value::int(i64::from(c!())), Binary::RShift);
                    }
                    Op::AndI => bits!(a!(), r!(b!()), Value::int(i64::from(c!())), &, Binary::And),
                    Op::OrI => bits!(a!(), r!(b!()), Value::int(i64::from(c!())), |, Binary::Or),
                    Op::XorI => bits!(a!(), r!(b!()), Value::int(i64::from(c!())), ^, Binary::Xor),
                    Op::IAddI => {
                        add_sub!(a!(), r!(b!()), Value::int(i64::from(c!())), checked_add, +, Binary::IAdd);
                    }
                    Op::ISubI => {
                        add_sub!(a!(), r!(b!()), Value::int(i64::from(c!())), checked_sub, -, Binary::ISub);
                    }
                    Op::Neg => {
                        let v = r!(b!());
                        if v.is_int() && v.int_unchecked() != Value::INT_MIN {
                            w!(a!(), Value::int(-v.int_unchecked()));
                        } else if v.is_flonum() {
                            float!(a!(), -v.flonum_unchecked());
                        } else {
                            slow!(a!(), vm.unary(Unary::Neg, v));
                        }
                    }
                    Op::IntAdd => int!(i32::wrapping_add),
                    Op::IntSub => int!(i32::wrapping_sub),
                    Op::IntMul => int!(i32::wrapping_mul),
                    Op::IntAnd => int!(|x, y| x & y),
                    Op::IntOr => int!(|x, y| x | y),
                    Op::IntXor => int!(|x, y| x ^ y),
                    Op::IntShl => int!(|x: i32, y| x.wrapping_shl(y as u32)),
                    Op::IntShr => int!(|x: i32, y| x.wrapping_shr(y as u32)),
                    Op::IntShrU => int!(|x, y| (x as u32).wrapping_shr(y as u32) as i32),
                    Op::IntAddI => w!(a!(), native::int(word32!(b!()).wrapping_add(c!() as i32))),
                    Op::IntSubI => w!(a!(), native::int(word32!(b!()).wrapping_sub(c!() as i32))),
                    Op::IntAndI => w!(a!(), native::int(word32!(b!()) & c!() as i32)),
                    Op::IntShlI => w!(a!(), native::int(word32!(b!()).wrapping_shl(c!()))),
                    Op::IntNeg => w!(a!(), native::int(word32!(b!()).wrapping_neg())),
                    Op::IntInvert => w!(a!(), native::int(!word32!(b!()))),
                    Op::IntLt => int!(|x, y| i32::from(x < y)),
                    Op::IntLe => int!(|x, y| i32::from(x <= y)),
                    Op::IntLtU => int!(|x, y| i32::from((x as u32) < (y as u32))),
                    Op::IntLeU => int!(|x, y| i32::from((x as u32) <= (y as u32))),
                    Op::IntEq => int!(|x, y| i32::from(x == y)),
                    Op::IntNe => int!(|x, y| i32::from(x != y)),
                    Op::IntFloorDiv | Op::IntMod => {
                        save!();
                        let is_modulo = op == Op::IntMod;
                        slow!(a!(), vm.native_divide(word32!(b!()), word32!(c!()), is_modulo));
                    }
                    Op::Load8 => load!(0),
                    Op::Load16 => load!(1),
                    Op::Load32 => load!(2),
                    Op::Store8 => store!(0),
                    Op::Store16 => store!(1),
                    Op::Store32 => store!(2),
                    Op::ToNative => {
                        save!();
                        slow!(a!(), vm.native_from(r!(b!()), c!()));
                    }
                    Op::ToObject => slow!(a!(), vm.native_to_object(word32!(b!()), c!())),
                    Op::Pos => slow!(a!(), vm.unary(Unary::Pos, r!(b!()))),
                    Op::Invert => slow!(a!(), vm.unary(Unary::Invert, r!(b!()))),
                    Op::Not => {
                        let t = check!(vm.truth(r!(b!())));
                        w!(a!(), Value::bool(!t));
                        vm.release(temps);
                    }

                    Op::Lt => order!(<, Binary::Lt),
                    Op::Le => order!(<=, Binary::Le),
                    Op::Gt => order!(>, Binary::Gt),
                    Op::Ge => order!(>=, Binary::Ge),
                    Op::Eq => {
                        let (x, y) = (r!(b!()), r!(c!()));
                        if both_ints!(x, y) || both_immediate!(x, y) {
                            w!(a!(), Value::bool(x == y));
                        } else {
                            slow!(a!(), vm.binary(Binary::Eq, x, y));
                        }
                    }
                    Op::Ne => {
                        let (x, y) = (r!(b!()), r!(c!()));
                        if both_ints!(x, y) || both_immediate!(x, y) {
                            w!(a!(), Value::bool(x != y));
                        } else {
                            slow!(a!(), vm.binary(Binary::Ne, x, y));
                        }
                    }
                    Op::Is => w!(a!(), Value::bool(r!(b!()) == r!(c!()))),
                    Op::IsNot => w!(a!(), Value::bool(r!(b!()) != r!(c!()))),
                    Op::In => {
                        let t = check!(vm.contains(r!(c!()), r!(b!())));
                        w!(a!(), Value::bool(t));
                        vm.release(temps);
                    }
                    Op::NotIn => {
                        let t = check!(vm.contains(r!(c!()), r!(b!())));
                        w!(a!(), Value::bool(!t));
                        vm.release(temps);
                    }

                    Op::Jump => {
                        // SAFETY: as above.
                        let word = unsafe { *at.cast::<i32>() };
                        jump!(word >> 8);
                    }
                    Op::JTrue => {
                        let off = word!();
                        let v = r!(a!());
                        if if v == Value::TRUE {
                            true
                        } else if v == Value::FALSE {
                            false
                        } else {
                            cold_path();
                            check!(vm.truth(v))
                        } {
                            jump!(off);
                        }
                    }
                    Op::JFalse => {
                        let off = word!();
                        let v = r!(a!());
                        if if v == Value::TRUE {
                            false
                        } else if v == Value::FALSE {
                            true
                        } else {
                            cold_path();
                            !check!(vm.truth(v))
                        } {
                            jump!(off);
                        }
                    }
                    Op::JNone => branch!(r!(a!()) == Value::NONE, b!()),
                    Op::JLt => branch!(ordered!(r!(a!()), r!(b!()), <, Binary::Lt), c!()),
                    Op::JLe => branch!(ordered!(r!(a!()), r!(b!()), <=, Binary::Le), c!()),
                    Op::JGt => branch!(ordered!(r!(a!()), r!(b!()), >, Binary::Gt), c!()),
                    Op::JGe => branch!(ordered!(r!(a!()), r!(b!()), >=, Binary::Ge), c!()),
                    Op::JEq => branch!(equal!(r!(a!()), r!(b!())), c!()),
                    Op::JNe => branch!(unequal!(r!(a!()), r!(b!())), c!()),
                    Op::JIs => branch!(r!(a!()) == r!(b!()), c!()),
                    Op::JIn => branch!(
                        {
                            let t = check!(vm.contains(r!(b!()), r!(a!())));
                            vm.release(temps);
                            t
                        },
                        c!()
                    ),
                    Op::JLtI => {
                        branch!(
                            ordered!(r!(a!()), Value::int(i64::from(b!())), <, Binary::Lt),
                            c!()
                        );
                    }
                    Op::JLeI => {
                        branch!(
                            ordered!(r!(a!()), Value::int(i64::from(b!())), <=, Binary::Le),
                            c!()
                        );
                    }
                    Op::JGtI => {
                        branch!(
                            ordered!(r!(a!()), Value::int(i64::from(b!())), >, Binary::Gt),
                            c!()
                        );
                    }
                    Op::JGeI => {
                        branch!(
                            ordered!(r!(a!()), Value::int(i64::from(b!())), >=, Binary::Ge),
                            c!()
                        );
                    }
                    Op::JEqI => branch!(equal!(r!(a!()), Value::int(i64::from(b!()))), c!()),
                    Op::JNeI => branch!(unequal!(r!(a!()), Value::int(i64::from(b!()))), c!()),
                    Op::JExc => branch!(check!(vm.exception_matches(r!(a!()), r!(b!()))), c!()),

                    Op::GetIter => {
                        save!();
                        slow!(a!(), vm.iter(r!(b!())));
                    }
                    Op::ForIter => {
                        let off = word!();
                        let it = r!(b!());
                        if let Some(ir) = it.as_ref() {
                            let kind = vm.heap.kind(ir);
                            if kind == kinds::ITER {
                                let v = vm.next_fast(ir);
                                if v != Value::NULL {
                                    if v != Value::STOP {
                                        w!(a!(), v);
                                        jump!(off);
                                    }
                                    continue;
                                }
                            } else if kind == kinds::GENERATOR {
                                save!();
                                if check!(vm.push_generator(
                                    ir,
                                    Value::NONE,
                                    Caller::For,
                                    a!() as u8
                                )) {
                                    if vm.has_injected() && vm.take_injected().is_err() {
                                        break Next::Unwind;
                                    }
                                    break Next::Reload;
                                }
                                continue;
                            }
                        }
                        cold_path();
                        save!();
                        let v = check!(vm.next(it));
                        if v != Value::STOP {
                            w!(a!(), v);
                            vm.release(temps);
                            jump!(off);
                        }
                        vm.release(temps);
                    }
                    Op::ForRange => {
                        let off = word!();
                        let (i, stop, step) = (r!(b!()), r!(b!() + 1), r!(c!()));
                        if both_ints!(i, stop) && step.is_int() {
                            let more = if step.int_unchecked() > 0 {
                                (i.bits() as i64) < stop.bits() as i64
                            } else {
                                i.bits() as i64 > stop.bits() as i64
                            };
                            if more {
                                w!(a!(), i);
                                w!(b!(), Value::int(i.int_unchecked() + step.int_unchecked()));
                                jump!(off);
                            }
                        } else if check!(vm.range_goes_on(i, stop, step)) {
                            w!(a!(), i);
                            slow!(b!(), vm.binary(Binary::Add, i, step));
                            jump!(off);
                        }
                    }

                    Op::Line => {
                        let line = d!();
                        vm.tell_line(line);
                    }

                    Op::Hot => {
                        let note = word!();
                        if vm.machine_code.is_some() && note != machine::NEVER {
                            let (at, note) = vm.go_on_in_machine_code(index!(), note);
                            // SAFETY: the word just read is a cache; the place is where an
                            // instruction of this code starts, as `MachineCode` promises.
                            unsafe {
                                *pc.sub(1) = note;
                                pc = words.add(at as usize);
                            }
                        }
                    }

                    Op::Call => {
                        let dst = word!() & 255;
                        call_fast!(r!(a!()), a!() + 1, b!(), c!(), dst);
                    }
                    Op::LoadMethod => {
                        let n = word!();
                        save!();
                        let v = r!(b!());
                        match check!(vm.load_method(v, name!(n))) {
                            Some((f, this)) => {
                                w!(a!(), f);
                                w!(a!() + 1, this);
                            }
                            None => {
                                let _: Raised = vm.attribute_error(v, name!(n));
                                break Next::Raise;
                            }
                        }
                        vm.release(temps);
                    }
                    Op::CallM => {
                        let dst = word!() & 255;
                        if r!(a!() + 1).is_null() {
                            call!(r!(a!()), a!() + 2, b!(), c!(), dst);
                        } else {
                            call_fast!(r!(a!()), a!() + 1, b!() + 1, c!(), dst);
                        }
                    }
                    Op::CallMethod => {
                        let dst = word!() & 255;
                        let n = word!();
                        let v = r!(a!() + 1);
                        save!();
                        let found = match v.as_ref() {
                            _ if c!() == 0
                                && let Some(f) =
                                    vm.plain_method(v, name!(n), b!() as usize + 1) =>
                            {
                                let args = Args {
                                    base: base + a!() as usize + 1,
                                    n: b!() as usize + 1,
                                    nkw: 0,
                                };
                                let v = check!(f(vm, args));
                                w!(dst, v);
                                vm.release(temps);
                                vm.sp = vm.top().top as usize;
                                continue;
                            }
                            None if c!() == 0
                                && let Some(f) = vm.rom_member(v, name!(n))
                                && let Some(number) = f.as_tagged(Tag::Native) =>
                            {
                                let args = Args {
                                    base: base + a!() as usize + 2,
                                    n: b!() as usize,
                                    nkw: 0,
                                };
                                let v = check!(vm.call_native(number, args));
                                w!(dst, v);
                                vm.release(temps);
                                vm.sp = vm.top().top as usize;
                                continue;
                            }
                            Some(ir) if vm.heap.kind(ir) == kinds::INSTANCE => {
                                vm.method_fast(ir, name!(n))
                            }
                            _ => None,
                        };
                        let found = match found {
                            Some(f) => Some((f, v)),
                            None => check!(vm.load_method(v, name!(n))),
                        };
                        let Some((f, this)) = found else {
                            let _: Raised = vm.attribute_error(v, name!(n));
                            break Next::Raise;
                        };
                        w!(a!(), f);
                        if this.is_null() {
                            w!(a!() + 1, Value::NULL);
                            call!(f, a!() + 2, b!(), c!(), dst);
                        } else {
                            w!(a!() + 1, this);
                            call_fast!(f, a!() + 1, b!() + 1, c!(), dst);
                        }
                    }
                    Op::CallEx => {
                        let dst = word!() & 255;
                        save!();
                        let this = if b!() == 1 { r!(a!() + 3) } else { Value::NULL };
                        let (f, args, kwargs) = (r!(a!()), r!(a!() + 1), r!(a!() + 2));
                        if let Some(args) = vm.spread(this, args, kwargs) {
                            match check!(vm.begin_call(f, args, dst as u8, Caller::Frame)) {
                                Begun::Frame => break Next::Reload,
                                Begun::Value(v) => w!(dst, v),
                            }
                            vm.sp = vm.top().top as usize;
                        } else {
                            let v = check!(vm.call_spread(f, this, args, kwargs));
                            w!(dst, v);
                        }
                        vm.release(temps);
                    }
                    Op::Return => {
                        let v = r!(a!());
                        if let Some(dst) = vm.return_plain(v) {
                            enter!();
                            w!(dst, v);
                            continue;
                        }
                        match vm.finish_frame(v) {
                            Ok(Some(v)) => return Ok(v),
                            Ok(None) => break Next::Reload,
                            Err(Raised) => break Next::Unwind,
                        }
                    }
                    Op::MakeFunction => {
                        let word = word!();
                        slow!(
                            a!(),
                            vm.make_function(
                                k!(word & 0xffff),
                                globals,
                                if word & 0x10000 != 0 { r!(b!()) } else { Value::NULL },
                                if word & 0x20000 != 0 { r!(b!() + 1) } else { Value::NULL },
                                if word & 0x40000 != 0 { r!(b!() + 2) } else { Value::NULL },
                            )
                        );
                    }
                    Op::LoadBuildClass => w!(a!(), check!(vm.load_builtin(names::build_class))),

                    Op::LoadAttr => {
                        let n = word!();
                        let v = r!(b!());
                        if let Some(ir) = v.as_ref()
                            && vm.heap.kind(ir) == kinds::INSTANCE
                            && let Some(store) = vm.heap.get(ir, instance::MEMBERS + 1).as_ref()
                        {
                            let slot = (n >> 16) as usize;
                            if slot * 2 < vm.heap.len(store)
                                && vm.heap.get(store, slot * 2) == k!(n & 0xffff)
                            {
                                w!(a!(), vm.heap.get(store, slot * 2 + 1));
                                continue;
                            }
                            cold_path();
                            if let Some(slot) = vm.members(ir).find_qstr(vm, name!(n)) {
                                w!(a!(), vm.heap.get(store, slot * 2 + 1));
                                // SAFETY: the word just read; its upper half is a cache.
                                unsafe { *pc.sub(1) = n & 0xffff | (slot as u32) << 16 };
                                continue;
                            }
                        }
                        cold_path();
                        if let Some(member) = vm.rom_member(v, name!(n)) {
                            w!(a!(), member);
                            continue;
                        }
                        save!();
                        slow!(a!(), vm.get_attr(v, name!(n)));
                    }
                    Op::StoreAttr => {
                        let n = word!();
                        let v = r!(a!());
                        if let Some(ir) = v.as_ref()
                            && vm.heap.kind(ir) == kinds::INSTANCE
                            && let Some(store) = vm.heap.get(ir, instance::MEMBERS + 1).as_ref()
                            && let Some(cr) = vm.heap.get(ir, instance::CLASS).as_ref()
                            && vm.heap.get(cr, class::FLAGS).int_unchecked() & class::FLAG_SPECIAL
                                == 0
                        {
                            let slot = (n >> 16) as usize;
                            if slot * 2 < vm.heap.len(store)
                                && vm.heap.get(store, slot * 2) == k!(n & 0xffff)
                            {
                                vm.heap.set(store, slot * 2 + 1, r!(b!()));
                                continue;
                            }
                            cold_path();
                            if vm.may_be_member(name!(n))
                                && let Some(slot) = vm.members(ir).slot_for(vm, name!(n))
                            {
                                vm.heap.set(store, slot * 2 + 1, r!(b!()));
                                // SAFETY: the word just read; its upper half is a cache.
                                unsafe { *pc.sub(1) = n & 0xffff | (slot as u32) << 16 };
                                continue;
                            }
                        }
                        cold_path();
                        save!();
                        check!(vm.set_attr(v, name!(n), Access::Store(r!(b!()))));
                        vm.release(temps);
                    }
                    Op::DelAttr => {
                        let n = word!();
                        save!();
                        check!(vm.set_attr(r!(a!()), name!(n), Access::Delete));
                        vm.release(temps);
                    }
                    Op::LoadItem | Op::LoadItemI => {
                        let v = r!(b!());
                        let key = if byte!(0) == Op::LoadItem as u32 {
                            r!(c!())
                        } else {
                            Value::int(i64::from(c!()))
                        };
                        if let Some(vr) = v.as_ref()
                            && key.is_int()
                        {
                            let h = vm.heap.header(vr);
                            if h.kind() == kinds::LIST {
                                let ((n, store), i) = (vm.list_parts(vr), key.int_unchecked());
                                let i = if i < 0 { i + n as i64 } else { i } as usize;
                                if i < n {
                                    w!(a!(), vm.heap.get(store, i));
                                    continue;
                                }
                            } else if h.kind() == kinds::TUPLE {
                                let (n, i) = (h.len() as usize, key.int_unchecked());
                                let i = if i < 0 { i + n as i64 } else { i } as usize;
                                if i < n {
                                    w!(a!(), vm.heap.get(vr, i));
                                    continue;
                                }
                            } else if let Some(byte) = vm.byte_at(vr, h, key.int_unchecked()) {
                                w!(a!(), Value::int(i64::from(byte)));
                                continue;
                            }
                        }
                        cold_path();
                        let found = vm.plain_item(v, key);
                        if !found.is_null() {
                            w!(a!(), found);
                            continue;
                        }
                        save!();
                        slow!(a!(), vm.subscript(v, key, Access::Load));
                    }
                    Op::StoreItem | Op::StoreItemI => {
                        let v = r!(a!());
                        let key = if byte!(0) == Op::StoreItem as u32 {
                            r!(b!())
                        } else {
                            Value::int(i64::from(b!()))
                        };
                        if let Some(vr) = v.as_ref()
                            && key.is_int()
                            && vm.heap.kind(vr) == kinds::LIST
                        {
                            let ((n, store), i) = (vm.list_parts(vr), key.int_unchecked());
                            let i = if i < 0 { i + n as i64 } else { i } as usize;
                            if i < n {
                                vm.heap.set(store, i, r!(c!()));
                                continue;
                            }
                        }
                        if let Some(vr) = v.as_ref()
                            && key.is_int()
                            && r!(c!()).is_int()
                            && vm.set_byte(vr, key.int_unchecked(), r!(c!()).int_unchecked())
                        {
                            continue;
                        }
                        cold_path();
                        if vm.plain_store(v, key, r!(c!())) {
                            continue;
                        }
                        save!();
                        check!(vm.subscript(v, key, Access::Store(r!(c!()))));
                        vm.release(temps);
                    }
                    Op::DelItem => {
                        save!();
                        check!(vm.subscript(r!(a!()), r!(b!()), Access::Delete));
                        vm.release(temps);
                    }

                    Op::BuildTuple => {
                        let t = check!(vm.alloc_values(kinds::TUPLE, c!()));
                        for i in 0..c!() {
                            vm.heap.set(t, i as usize, r!(b!() + i));
                        }
                        w!(a!(), t.into());
                        vm.release(temps);
                    }
                    Op::BuildList => {
                        let v = check!(vm.new_list_with_room(c!() as usize));
                        let l = v.as_ref().expect("a list is an object");
                        let store = vm.list_store(l);
                        for i in 0..c!() {
                            vm.heap.set(store, i as usize, r!(b!() + i));
                        }
                        vm.heap.set(l, 0, Value::int(i64::from(c!())));
                        w!(a!(), v);
                        vm.release(temps);
                    }
                    Op::BuildSet => {
                        let items: Vec<Value> = (0..c!()).map(|i| r!(b!() + i)).collect();
                        slow!(a!(), vm.build_set(&items));
                    }
                    Op::BuildMap => slow!(a!(), vm.new_dict(d!() as usize)),
                    Op::BuildSlice => {
                        let parts = [r!(b!()), r!(b!() + 1), r!(b!() + 2)];
                        // SAFETY: the verifier checks that code does not end with this instruction.
                        let [op, x, y, z] = unsafe { *pc }.to_le_bytes();
                        // An index of a list and nothing else: the next instruction is done as well.
                        if op == Op::LoadItem as u8
                            && u32::from(z) == a!()
                            && let Some(part) = vm.list_slice(r!(y), parts)
                        {
                            let _ = word!();
                            w!(a!(), Value::NONE);
                            slow!(x, part);
                            continue;
                        }
                        if op == Op::StoreItem as u8
                            && u32::from(y) == a!()
                            && let Some(done) = vm.set_list_slice(r!(x), parts, r!(z))
                        {
                            let _ = word!();
                            w!(a!(), Value::NONE);
                            check!(done);
                            vm.release(temps);
                            continue;
                        }
                        // On the device's stack while it is only an index.
                        slow!(
                            a!(),
                            vm.off_heap(|vm| vm.new_slice(r!(b!()), r!(b!() + 1), r!(b!() + 2)))
                        );
                    }
                    Op::BuildString => {
                        let items: Vec<Value> = (0..c!()).map(|i| r!(b!() + i)).collect();
                        slow!(a!(), vm.join_strings(&items));
                    }
                    Op::FormatValue => {
                        save!();
                        slow!(a!(), vm.format_value(r!(b!()), r!(b!() + 1), c!()));
                    }
                    Op::StoreMap => {
                        let map = vm.as_dict(r!(a!())).expect("the compiler builds a!() dict here");
                        check!(map.put(vm, r!(b!()), r!(c!())));
                        vm.release(temps);
                    }
                    Op::ListAppend => {
                        let l = r!(a!()).as_ref().expect("the compiler builds a!() list here");
                        check!(vm.list_append(l, r!(b!())));
                        vm.release(temps);
                    }
                    Op::ListExtend => {
                        let l = r!(a!()).as_ref().expect("the compiler builds a!() list here");
                        check!(crate::objects::list::extend_with(vm, l, r!(b!())));
                        vm.release(temps);
                    }
                    Op::SetAdd => {
                        let set = vm.as_set(r!(a!())).expect("the compiler builds a!() set here");
                        check!(set.insert(vm, r!(b!())));
                        vm.release(temps);
                    }
                    Op::SetUpdate => {
                        let set = vm.as_set(r!(a!())).expect("the compiler builds a!() set here");
                        check!(crate::objects::set::add_all(vm, set, r!(b!())));
                        vm.release(temps);
                    }
                    Op::DictUpdate => {
                        check!(vm.dict_update(r!(a!()), r!(b!()), c!() == 1));
                        vm.release(temps);
                    }
                    Op::ListToTuple => {
                        let l = r!(b!()).as_ref().expect("the compiler builds a!() list here");
                        let items = vm.list_items(l);
                        slow!(a!(), vm.new_tuple(&items));
                    }
                    Op::UnpackSeq => {
                        let v = r!(b!());
                        if let Some(t) = v.as_ref()
                            && vm.heap.kind(t) == kinds::TUPLE
                            && vm.heap.len(t) == c!() as usize
                        {
                            for i in 0..c!() {
                                w!(a!() + i, vm.heap.get(t, i as usize));
                            }
                            continue;
                        }
                        save!();
                        let items = check!(vm.unpack(v, c!() as usize));
                        for (i, v) in items.into_iter().enumerate() {
                            w!(a!() as usize + i, v);
                        }
                        vm.release(temps);
                    }
                    Op::UnpackEx => {
                        let after = word!() as usize;
                        save!();
                        let items = check!(vm.unpack_star(r!(b!()), c!() as usize, after));
                        for (i, v) in items.into_iter().enumerate() {
                            w!(a!() as usize + i, v);
                        }
                        vm.release(temps);
                    }

                    Op::Raise => {
                        save!();
                        vm.pending = check!(vm.make_exception(r!(a!())));
                        break Next::Raise;
                    }
                    Op::RaiseFrom => {
                        save!();
                        if r!(b!()) != Value::NONE {
                            let text = b"Warning: exception chaining not supported\n";
                            check!(vm.write_stdout(text));
                        }
                        vm.pending = check!(vm.make_exception(r!(a!())));
                        break Next::Raise;
                    }
                    Op::Reraise => {
                        vm.pending = r!(a!());
                        if vm.as_exception(vm.pending).is_none() {
                            let _: Raised = vm.runtime_error("no active exception to reraise");
                            break Next::Raise;
                        }
                        break Next::Reraise;
                    }
                    Op::RaiseNoActive => {
                        let _: Raised = vm.runtime_error("no active exception to reraise");
                        break Next::Raise;
                    }
                    Op::TypeOf => w!(a!(), vm.type_of(r!(b!()))),

                    Op::Yield => {
                        let v = r!(b!());
                        let (caller, dst) = (vm.top().caller, vm.top().dst);
                        if caller == Caller::Gather && vm.take_in(dst, &mut temps, v) {
                            w!(a!(), Value::NONE);
                            continue;
                        }
                        let to = vm.suspend(index!());
                        match vm.hand_out(to, v) {
                            Some(v) => return Ok(v),
                            None => break Next::Reload,
                        }
                    }
                    Op::YieldFrom => {
                        save!();
                        let it = r!(b!());
                        let inner = vm.as_ref_kind(it, kinds::GENERATOR);
                        if let Some(ir) = inner.filter(|_| !vm.has_injected()) {
                            let send = r!(c!());
                            if check!(vm.push_generator(ir, send, Caller::Delegate, a!() as u8)) {
                                if vm.has_injected() && vm.take_injected().is_err() {
                                    break Next::Unwind;
                                }
                                break Next::Reload;
                            }
                            w!(a!(), vm.take_returned());
                            continue;
                        }
                        let own = vm.top().owner;
                        match check!(vm.delegate(own, it, r!(c!()))) {
                            Ok(done) => {
                                w!(a!(), done);
                                vm.release(temps);
                            }
                            Err(v) => {
                                let to = vm.suspend(index!());
                                vm.release(temps);
                                match vm.hand_out(to, v) {
                                    Some(v) => return Ok(v),
                                    None => break Next::Reload,
                                }
                            }
                        }
                    }
                    Op::GetAwaitable => {
                        save!();
                        slow!(a!(), vm.get_awaitable(r!(b!())));
                    }
                    Op::GetAIter => {
                        save!();
                        let v = r!(b!());
                        let m = check!(vm.get_attr(v, names::aiter));
                        slow!(a!(), vm.call(m, &[]));
                    }

                    Op::ImportName => {
                        let n = word!();
                        save!();
                        slow!(
                            a!(),
                            vm.import_name(name!(n), r!(b!()), r!(b!() + 1), globals.into())
                        );
                    }
                    Op::ImportFrom => {
                        let n = word!();
                        save!();
                        slow!(a!(), vm.import_from(r!(b!()), name!(n)));
                    }
                    Op::ImportStar => {
                        save!();
                        check!(vm.import_star(r!(a!()), vm.top().locals));
                        vm.release(temps);
                    }
                    Op::PrintExpr => {
                        save!();
                        check!(vm.print_expression(r!(a!()), PrintKind::Repr));
                        vm.release(temps);
                    }
                }
            };
            match next {
                Next::Reload => {}
                Next::Unwind => vm.unwind(false)?,
                Next::Raise | Next::Reraise => {
                    save!();
                    vm.unwind(matches!(next, Next::Reraise))?;
                }
            }
            vm.release(temps);
            enter!();
        }
    }

    /// A byte of bytes or a bytearray, if the object is one and has it.
    #[inline(always)]
    fn byte_at(&self, r: Ref, h: Header, i: i64) -> Option<u8> {
        let (store, n) = match h.kind() {
            kinds::ARRAY if h.flags() == 0 => {
                (self.heap.get(r, 1).as_ref()?, self.heap.get(r, 0).int_unchecked())
            }
            kinds::BYTES => (r, i64::from(h.len())),
            _ => return None,
        };
        let i = if i < 0 { i + n } else { i };
        if (0..n).contains(&i) { Some(self.heap.bytes(store)[i as usize]) } else { None }
    }

    /// Stores a byte into a bytearray; false if the object is none or has no such place.
    #[inline(always)]
    fn set_byte(&mut self, r: Ref, i: i64, byte: i64) -> bool {
        let h = self.heap.header(r);
        if h.kind() != kinds::ARRAY || h.flags() != 0 {
            return false;
        }
        let n = self.heap.get(r, 0).int_unchecked();
        let i = if i < 0 { i + n } else { i };
        let Some(store) = self.heap.get(r, 1).as_ref().filter(|_| (0..n).contains(&i)) else {
            return false;
        };
        self.heap.bytes_mut(store)[i as usize] = byte as u8;
        true
    }

    /// The method of an instance, if it is a plain function of its class and no own attribute
    /// can be in the way.
    #[inline]
    fn method_fast(&mut self, r: Ref, name: Qstr) -> Option<Value> {
        if self.may_be_member(name) {
            return None;
        }
        let class = self.heap.get(r, instance::CLASS);
        self.class_lookup(class, name).filter(|&f| self.as_ref_kind(f, kinds::FUNCTION).is_some())
    }

    /// The next item of an iterator over a list, tuple or range; null if it is another kind.
    #[inline]
    fn next_fast(&mut self, r: Ref) -> Value {
        match self.heap.header(r).flags() {
            crate::objects::iter::SEQUENCE => {
                let [seq, i] = self.heap.fields::<2>(r).map(Value::from_bits);
                let i = i.int_unchecked() as usize;
                let Some(sr) = seq.as_ref() else { return Value::NULL };
                let h = self.heap.header(sr);
                let v = if h.kind() == kinds::LIST {
                    self.list_item(sr, i)
                } else if h.kind() == kinds::TUPLE {
                    if i < h.len() as usize { self.heap.get(sr, i) } else { Value::NULL }
                } else {
                    return Value::NULL;
                };
                if v.is_null() {
                    return Value::STOP;
                }
                self.heap.set(r, 1, Value::int(i as i64 + 1));
                v
            }
            crate::objects::iter::RANGE => {
                let (at, stop, step) = crate::objects::range::parts(self, r);
                if if step > 0 { at >= stop } else { at <= stop } {
                    return Value::STOP;
                }
                self.heap.set(r, 0, Value::int(at + step));
                Value::int(at)
            }
            _ => Value::NULL,
        }
    }

    /// Makes a function; the code's cells, if it has any, are in the tuple.
    pub(crate) fn make_function(
        &mut self,
        code: Value,
        globals: Ref,
        defaults: Value,
        kwdefaults: Value,
        cells: Value,
    ) -> Res {
        let r = self.alloc_values(kinds::FUNCTION, function::LEN)?;
        let of = code.as_ref().expect("the verifier checks that this constant is code");
        let (plan, consts) = (self.heap.get(of, code::PLAN), self.heap.get(of, code::CONSTS));
        let fields = [code, globals.into(), defaults, kwdefaults, cells, plan, consts];
        for (i, v) in fields.into_iter().enumerate() {
            self.heap.set(r, i, v);
        }
        Ok(r.into())
    }
}
