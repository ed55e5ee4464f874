//! Ranges.

use crate::kinds;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary};
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// `range`
pub static RANGE: TypeDef = TypeDef {
    name: "range",
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    attr: Some(attr),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::range),
    ..TypeDef::EMPTY
};

/// Start, stop and step of a range.
pub(crate) fn parts(vm: &Vm, r: Ref) -> (i64, i64, i64) {
    (
        vm.heap.get(r, 0).int_unchecked(),
        vm.heap.get(r, 1).int_unchecked(),
        vm.heap.get(r, 2).int_unchecked(),
    )
}

/// How many items a range has.
pub(crate) fn length((start, stop, step): (i64, i64, i64)) -> i64 {
    let span = if step > 0 { stop.saturating_sub(start) } else { start.saturating_sub(stop) };
    match step {
        _ if span <= 0 => 0,
        1 | -1 => span,
        _ => (span - 1) / step.abs() + 1,
    }
}

impl Vm {
    /// Makes a range.
    pub fn new_range(&mut self, start: i64, stop: i64, step: i64) -> Res {
        let r = self.alloc_values(kinds::RANGE, 3)?;
        for (i, v) in [start, stop, step].into_iter().enumerate() {
            self.heap.set(r, i, Value::int(v));
        }
        Ok(r.into())
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 3)?;
    let first = vm.expect_int(vm.arg(args, 0))?;
    if args.n == 1 {
        return vm.new_range(0, first, 1);
    }
    let stop = vm.expect_int(vm.arg(args, 1))?;
    let step = if args.n == 3 { vm.expect_int(vm.arg(args, 2))? } else { 1 };
    if step == 0 {
        return Err(vm.value_error("zero step"));
    }
    vm.new_range(first, stop, step)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(r) = v.as_ref() else { return Ok(()) };
    let (start, stop, step) = parts(vm, r);
    let text = if step == 1 {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {step})")
    };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(r) = v.as_ref() else { return Ok(Value::NULL) };
    let n = length(parts(vm, r));
    Ok(match op {
        Unary::Bool => Value::bool(n != 0),
        Unary::Len => Value::int(n),
        // Ranges are compared by identity, and have no hash.
        Unary::Hash => return Err(vm.type_error("unsupported type for __hash__: 'range'")),
        _ => Value::NULL,
    })
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let Some(r) = a.as_ref() else { return Ok(Value::NULL) };
    let (start, stop, step) = parts(vm, r);
    match op {
        Binary::Contains => {
            let Some(i) = b.as_int() else {
                let it = vm.iter(a)?;
                loop {
                    let x = vm.next(it)?;
                    if x == Value::STOP {
                        return Ok(Value::FALSE);
                    }
                    if vm.equal(x, b)? {
                        return Ok(Value::TRUE);
                    }
                }
            };
            let inside = if step > 0 { i >= start && i < stop } else { i <= start && i > stop };
            Ok(Value::bool(inside && (i - start) % step == 0))
        }
        _ => Ok(Value::NULL),
    }
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    let Some(r) = v.as_ref() else { return Ok(Value::NULL) };
    let field = match vm.names.get(name) {
        b"start" => 0,
        b"stop" => 1,
        b"step" => 2,
        _ => return Ok(Value::NULL),
    };
    Ok(if access == Access::Load { vm.heap.get(r, field) } else { Value::NULL })
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    let Some(r) = v.as_ref() else { return Ok(Value::NULL) };
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    let (start, stop, step) = parts(vm, r);
    let n = length((start, stop, step));
    if let Some(s) = vm.resolve_slice(index, n as usize)? {
        return vm.new_range(start + s.start * step, start + s.stop * step, step * s.step);
    }
    let i = vm.resolve_index(index, n as usize, "range")?;
    Ok(Value::int(start + i as i64 * step))
}
