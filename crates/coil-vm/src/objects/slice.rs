//! Slices, and what indices mean.

use crate::kinds;
use crate::ops::arguments::fits_word;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, PrintKind, TypeDef, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// `slice`
pub static SLICE: TypeDef = TypeDef {
    name: "slice",
    items: &[def("indices(self, length)", indices)],
    print: Some(print),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// A slice fitted to a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// First index.
    pub start: i64,
    /// Index after the last one, in the direction of the step.
    pub stop: i64,
    /// Never zero.
    pub step: i64,
}

impl Bounds {
    /// The indices, all of them inside the sequence.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        let Self { start, stop, step } = self;
        let n = super::range::length((start, stop, step));
        (0..n).map(move |k| (start + k * step) as usize)
    }

    /// What ints and None mean for a sequence of `n` items; nothing if there are other parts, or
    /// the step is zero.
    #[inline]
    pub(crate) fn plain([start, stop, step]: [Value; 3], n: usize) -> Option<Self> {
        let n = n as i64;
        let step = if step == Value::NONE { 1 } else { step.as_int().filter(|&i| fits_word(i))? };
        if step == 0 {
            return None;
        }
        let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
        let (first, last) = if step > 0 { (low, high) } else { (high, low) };
        let fit = |v: Value, default: i64| {
            if v == Value::NONE {
                return Some(default);
            }
            let i = v.as_int().filter(|&i| fits_word(i))?;
            Some(if i < 0 { (i + n).max(low) } else { i.min(high) })
        };
        Some(Self { start: fit(start, first)?, stop: fit(stop, last)?, step })
    }

    /// How many indices.
    pub fn len(self) -> usize {
        super::range::length((self.start, self.stop, self.step)) as usize
    }

    /// Whether there is no index.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl Vm {
    /// Makes a slice object.
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Res {
        let r = self.alloc_values(kinds::SLICE, 3)?;
        for (i, v) in [start, stop, step].into_iter().enumerate() {
            self.heap.set(r, i, v);
        }
        Ok(r.into())
    }

    /// If the index is a slice, fits it to a sequence of `n` items.
    pub fn resolve_slice(&mut self, index: Value, n: usize) -> Result<Option<Bounds>, Raised> {
        let Some(r) = self.as_ref_kind(index, kinds::SLICE) else { return Ok(None) };
        let [start, stop, step] = [0, 1, 2].map(|i| self.heap.get(r, i));
        if let Some(bounds) = Bounds::plain([start, stop, step], n) {
            return Ok(Some(bounds));
        }
        let step = if step == Value::NONE { 1 } else { self.expect_int(step)? };
        if step == 0 {
            return Err(self.value_error("slice step can't be zero"));
        }
        let mut ints = [start, stop, Value::int(step)];
        for v in &mut ints[..2] {
            if *v != Value::NONE {
                *v = Value::int(self.expect_int(*v)?);
            }
        }
        Ok(Bounds::plain(ints, n))
    }

    /// An index into a sequence of `n` items; negative ones count from the end.
    pub fn resolve_index(&mut self, index: Value, n: usize, what: &str) -> Result<usize, Raised> {
        let i = match index.as_int() {
            Some(i) => i,
            None => self.index_value(index, what)?,
        };
        let at = if i < 0 { i + n as i64 } else { i };
        if at < 0 || at >= n as i64 {
            // A number beyond a word is none that an index can be.
            self.try_int_like(index)?;
            return Err(self.index_error(what));
        }
        Ok(at as usize)
    }

    #[cold]
    pub(crate) fn index_value(&mut self, index: Value, what: &str) -> Result<i64, Raised> {
        if let Some(i) = self.try_int_like(index)? {
            return Ok(i);
        }
        let t = alloc::string::ToString::to_string(self.type_name(index));
        Err(self
            .raise_fmt(types::TYPE_ERROR, format_args!("{what} indices must be integers, not {t}")))
    }
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(r) = v.as_ref() else { return Ok(()) };
    out.extend_from_slice(b"slice(");
    for i in 0..3 {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let part = vm.heap.get(r, i);
        vm.print(part, out, PrintKind::Repr)?;
    }
    out.push(b')');
    Ok(())
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

fn indices(vm: &mut Vm, args: Args) -> Res {
    let n = vm.expect_int(vm.arg(args, 1))?.max(0) as usize;
    match vm.resolve_slice(vm.arg(args, 0), n)? {
        Some(b) => vm.new_tuple(&[Value::int(b.start), Value::int(b.stop), Value::int(b.step)]),
        None => Err(vm.type_error("argument has wrong type")),
    }
}
