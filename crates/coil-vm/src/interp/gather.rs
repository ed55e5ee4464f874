//! Generators whose values Rust code takes one after the other: they stay on the stack meanwhile.
//!
//! `set(x + 1 for x in items)` need not suspend and resume its generator for every item: where the
//! item is of a kind that no program has a say about, `yield` hands it over and goes on.

use super::frame::Caller;
use crate::kinds;
use crate::objects::map::{Found, Keys};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// What becomes of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Sink {
    /// They are held as temporary roots, one after the other.
    Roots,
    /// They are appended to the list that is held.
    List,
    /// They are keys of the set that is held.
    Set,
    /// They are added to the number that is held.
    Sum,
    /// They are looked at until one is true.
    UntilTrue,
    /// They are looked at until one is false.
    UntilFalse,
}

impl Sink {
    const ALL: [Self; 6] =
        [Self::Roots, Self::List, Self::Set, Self::Sum, Self::UntilTrue, Self::UntilFalse];

    /// The one that a frame's `dst` stands for.
    fn of(dst: u8) -> Self {
        Self::ALL[usize::from(dst)]
    }
}

/// Values that are held at once while an iterable is taken apart, at most.
const GATHERED_MAX: usize = 1 << 22;

impl Vm {
    /// Goes on with a generator until it ends ([`Value::STOP`]) or yields a value that the caller
    /// must see to. Two temporary roots are left above the caller's: the generator, and what was
    /// `held`, which `Sum` replaces; above them stands what [`Sink::Roots`] took.
    pub(crate) fn gather(&mut self, r: Ref, sink: Sink, held: Value) -> Res {
        self.root(r.into());
        self.root(held);
        self.drive(r, Value::NONE, Caller::Gather, sink as u8)
    }

    /// Everything a generator yields, held as temporary roots.
    pub(crate) fn gather_all(&mut self, r: Ref) -> Result<Vec<Value>, Raised> {
        let mut items = Vec::new();
        loop {
            let mark = self.mark();
            let x = self.gather(r, Sink::Roots, Value::NULL)?;
            items.extend_from_slice(&self.temps[mark + 2..]);
            if x == Value::STOP {
                return Ok(items);
            }
            self.root(x);
            self.check_gathered(items.len())?;
            items.push(x);
        }
    }

    /// Whether there may be one more.
    pub(crate) fn check_gathered(&mut self, n: usize) -> Result<(), Raised> {
        if n >= GATHERED_MAX {
            return Err(self.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
        }
        Ok(())
    }

    /// Takes the value that the top frame yields; false if whoever drives it must see to it.
    /// `temps` is the height of the temporary roots.
    pub(super) fn take_in(&mut self, dst: u8, temps: &mut usize, v: Value) -> bool {
        match Sink::of(dst) {
            Sink::Roots => {
                if *temps >= GATHERED_MAX {
                    return false;
                }
                self.release(*temps);
                self.root(v);
                *temps += 1;
                true
            }
            Sink::List => match self.as_ref_kind(self.rooted(*temps - 1), kinds::LIST) {
                Some(list) => self.append_in_place(list, v),
                None => false,
            },
            Sink::Set => match self.as_set(self.rooted(*temps - 1)) {
                Some(set) => self.add_plain(set, v),
                None => false,
            },
            Sink::Sum => {
                let sum = self.plain_sum(self.rooted(*temps - 1), v);
                if let Some(sum) = sum {
                    self.release_but(*temps - 1, sum);
                }
                sum.is_some()
            }
            Sink::UntilTrue => v == Value::FALSE || v == Value::NONE || v == Value::int(0),
            Sink::UntilFalse => v == Value::TRUE || v.is_int() && v != Value::int(0),
        }
    }

    /// The sum of two ints, if it is a small one too.
    #[inline]
    pub(crate) fn plain_sum(&self, a: Value, b: Value) -> Option<Value> {
        a.as_int()?.checked_add(b.as_int()?).and_then(Value::try_int)
    }

    fn add_plain(&mut self, set: Keys, v: Value) -> bool {
        match set.find_plain(self, v) {
            Found::At(..) => true,
            Found::Nowhere(Some(slot)) => {
                set.put_key(self, slot, v);
                true
            }
            _ => false,
        }
    }
}
