//! Searches that run no program: keys that are strings or small ints, as almost all are.

use super::{Table, slot_of};
use crate::kinds;
use crate::qstr::Qstr;
use crate::vm::Vm;
use coil_heap::{Header, Ref, Value};
use core::cell::Cell;

/// What a search came to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// The key is in this slot of the storage.
    At(Ref, usize),
    /// It is in none; a free slot for it, if there is one where it is looked for.
    Nowhere(Option<usize>),
    /// Some comparison may run a program, or the table is an ordered one: search the long way.
    Unknown,
}

impl<const STRIDE: usize> Table<STRIDE> {
    /// Where a key was found lately, if it is still there.
    #[inline(always)]
    pub(super) fn guess(self, vm: &Vm, store: Ref, key: Value) -> Option<usize> {
        let guess = vm.slot_hints.get(store, key);
        let is_there = !self.ordered
            && guess * STRIDE < vm.heap.len(store)
            && vm.heap.get(store, guess * STRIDE) == key;
        is_there.then_some(guess)
    }

    /// The slot of a string or a small int.
    #[inline]
    pub(crate) fn find_plain(self, vm: &mut Vm, key: Value) -> Found {
        // An int is its own hash: it is found as soon as guessed.
        if !key.is_int()
            && let Some(store) = self.store(vm)
            && let Some(slot) = self.guess(vm, store, key)
        {
            return Found::At(store, slot);
        }
        self.search_plain(vm, key)
    }

    #[inline(never)]
    fn search_plain(self, vm: &mut Vm, key: Value) -> Found {
        if self.ordered {
            return Found::Unknown;
        }
        let Some(store) = self.store(vm) else {
            let plain = key.is_int() || key.as_qstr().is_some() || vm.is_heap_str(key);
            return if plain { Found::Nowhere(None) } else { Found::Unknown };
        };
        if let Some(i) = key.as_int() {
            return match probe::<STRIDE>(vm, store, i, key, |k| vm.is_no_number(k)) {
                Some(Ok(at)) => Found::At(store, at),
                Some(Err(free)) => Found::Nowhere(free),
                None => Found::Unknown,
            };
        }
        let found = if let Some(r) = vm.as_ref_kind(key, kinds::STR) {
            let hash = match vm.heap.header(r).aux() {
                0 => crate::objects::str::hash_of(vm, key),
                hash => hash,
            };
            let header = vm.heap.header(r);
            let guess = vm.slot_hints.get(store, key);
            let slots = vm.heap.slots(store);
            let guessed = slots.get(guess * STRIDE).map_or(Value::NULL, |b| Value::from_bits(*b));
            if !guessed.is_null() && vm.is_text(guessed, r, header) == Some(true) {
                return Found::At(store, guess);
            }
            probe::<STRIDE>(vm, store, i64::from(hash), key, |k| vm.is_text(k, r, header))
        } else if let Some(q) = key.as_qstr() {
            let hash = vm.names.hash(Qstr(q));
            probe::<STRIDE>(vm, store, i64::from(hash), key, |k| vm.is_name(k, Qstr(q), hash))
        } else {
            None
        };
        match found {
            Some(Ok(at)) => {
                vm.slot_hints.set(store, key, at);
                Found::At(store, at)
            }
            Some(Err(free)) => Found::Nowhere(free),
            None => Found::Unknown,
        }
    }
}

/// Where keys were found lately: guesses, which whoever follows them has to check.
#[derive(Debug)]
pub(crate) struct SlotHints([Cell<u16>; HINTS]);

/// How many guesses are kept.
const HINTS: usize = 1024;

impl Default for SlotHints {
    fn default() -> Self {
        Self([const { Cell::new(0) }; HINTS])
    }
}

impl SlotHints {
    /// The guess for a key in a table.
    #[inline(always)]
    fn of(&self, store: Ref, key: Value) -> &Cell<u16> {
        let bits = key.bits();
        let place = (bits >> 5) as usize ^ (bits >> 32) as usize ^ (store.offset() >> 5) as usize;
        &self.0[place % HINTS]
    }

    #[inline(always)]
    fn get(&self, store: Ref, key: Value) -> usize {
        usize::from(self.of(store, key).get())
    }

    #[inline(always)]
    pub(super) fn set(&self, store: Ref, key: Value, slot: usize) {
        self.of(store, key).set(slot as u16);
    }
}

/// Looks from the slot of a hash on for a key: its slot, or a free one for it; nothing if a key
/// was met whose type has a say. `same` compares with a key that is no small int.
#[inline(always)]
fn probe<const STRIDE: usize>(
    vm: &Vm,
    store: Ref,
    hash: i64,
    key: Value,
    same: impl Fn(Value) -> Option<bool>,
) -> Option<Result<usize, Option<usize>>> {
    let slots = vm.heap.slots(store);
    let n = slots.len() / STRIDE;
    let start = slot_of(hash, n);
    let (mut at, mut free) = (start, None);
    loop {
        let k = Value::from_bits(slots[at * STRIDE]);
        if k == key {
            return Some(Ok(at));
        }
        if k.is_null() {
            return Some(Err(free.or(Some(at))));
        }
        if k == Value::DELETED {
            free = free.or(Some(at));
        } else if !k.is_int() && same(k)? {
            return Some(Ok(at));
        }
        at += 1;
        if at == n {
            at = 0;
        }
        if at == start {
            return Some(Err(free));
        }
    }
}

impl Vm {
    /// Whether a key is the text of this string, whose header has its hash.
    #[inline(always)]
    fn is_text(&self, k: Value, text: Ref, header: Header) -> Option<bool> {
        if let Some(q) = k.as_qstr() {
            let same = self.names.hash(Qstr(q)) == header.aux();
            return Some(same && self.names.get(Qstr(q)) == self.heap.bytes(text));
        }
        let r = self.as_ref_kind(k, kinds::STR)?;
        let h = self.heap.header(r);
        // A key of a table has its hash in the header.
        Some(
            h.aux() == header.aux()
                && h.len() == header.len()
                && self.heap.bytes(r) == self.heap.bytes(text),
        )
    }

    /// Whether a key is the text of an interned string.
    #[inline(always)]
    fn is_name(&self, k: Value, name: Qstr, hash: u16) -> Option<bool> {
        if k.as_qstr().is_some() {
            return Some(false);
        }
        let r = self.as_ref_kind(k, kinds::STR)?;
        Some(self.heap.header(r).aux() == hash && self.names.get(name) == self.heap.bytes(r))
    }

    /// False of a key that no int is equal to.
    #[inline(always)]
    fn is_no_number(&self, k: Value) -> Option<bool> {
        (k.as_qstr().is_some() || self.is_heap_str(k)).then_some(false)
    }
}
