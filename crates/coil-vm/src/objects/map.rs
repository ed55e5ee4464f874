//! Hash tables: the reference's sizes and probing, so that iteration has the reference's order.
//!
//! A table belongs to a holder object: field `at` counts used entries, field `at + 1` is the
//! storage. A slot has `STRIDE` values: key and value for dicts, the key alone for sets.

mod plain;

use crate::kinds;
use crate::qstr::Qstr;
use crate::vm::{Raised, Vm};
use coil_heap::{Ref, Value};

pub(crate) use plain::{Found, SlotHints};

const SIZES: [u32; 34] = [
    0, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521, 691, 919,
    1223, 1627, 2161, 3229, 4831, 7243, 10861, 16273, 24407, 36607, 54907,
];

/// `2^32 / n`, rounded up: a division by a small `n` is a multiplication by it.
const RECIPROCALS: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 2;
    while n < 256 {
        table[n] = (1u64 << 32).div_ceil(n as u64) as u32;
        n += 1;
    }
    table
};

/// Where the search for a hash starts. On the device a hash is a small int of 31 bits, taken for
/// a word without a sign.
#[inline(always)]
fn slot_of(hash: i64, slots: usize) -> usize {
    let (hash, n) = ((hash as i32) << 1 >> 1, slots as u32);
    let hash = hash as u32;
    // Exact for 16 bits of hash: a string's has no more.
    if hash <= 0xffff
        && let Some(&reciprocal @ 1..) = RECIPROCALS.get(slots)
    {
        let quotient = (u64::from(hash) * u64::from(reciprocal)) >> 32;
        return (hash - quotient as u32 * n) as usize;
    }
    (hash % n) as usize
}

fn size_at_least(n: u32) -> u32 {
    SIZES.iter().copied().find(|&s| s >= n).unwrap_or((n + n / 2) | 1)
}

/// A table: where it is held, and whether entries keep the order of insertion.
#[derive(Clone, Copy, Debug)]
pub struct Table<const STRIDE: usize> {
    /// The object that holds it.
    pub holder: Ref,
    /// The first of its two fields.
    pub at: usize,
    /// Entries stand in the order of insertion, without hashing.
    pub ordered: bool,
}

/// The table of a dict.
pub type Map = Table<2>;
/// The table of a set.
pub type Keys = Table<1>;

impl<const STRIDE: usize> Table<STRIDE> {
    /// How many entries there are.
    #[inline(always)]
    pub fn len(self, vm: &Vm) -> usize {
        vm.heap.get(self.holder, self.at).int_unchecked() as usize
    }

    /// Whether there is none.
    pub fn is_empty(self, vm: &Vm) -> bool {
        self.len(vm) == 0
    }

    #[inline(always)]
    fn set_len(self, vm: &mut Vm, n: usize) {
        vm.heap.set(self.holder, self.at, Value::int(n as i64));
    }

    /// The storage, if there is any.
    #[inline(always)]
    pub fn store(self, vm: &Vm) -> Option<Ref> {
        vm.heap.get(self.holder, self.at + 1).as_ref()
    }

    /// How many slots there are.
    #[inline(always)]
    pub fn slots(self, vm: &Vm) -> usize {
        self.store(vm).map_or(0, |s| vm.heap.len(s) / STRIDE)
    }

    /// The key in a slot, null if the slot is free.
    #[inline(always)]
    pub fn key(self, vm: &Vm, slot: usize) -> Value {
        match self.store(vm) {
            Some(s) if slot * STRIDE < vm.heap.len(s) => {
                let k = vm.heap.get(s, slot * STRIDE);
                if k == Value::DELETED { Value::NULL } else { k }
            }
            _ => Value::NULL,
        }
    }

    /// The next used slot from `slot` on.
    pub fn next_slot(self, vm: &Vm, mut slot: usize) -> Option<usize> {
        let n = if self.ordered { self.len(vm) } else { self.slots(vm) };
        while slot < n {
            if !self.key(vm, slot).is_null() {
                return Some(slot);
            }
            slot += 1;
        }
        None
    }

    /// Puts empty storage with room for `n` entries in place.
    pub fn reserve(self, vm: &mut Vm, n: usize) -> Result<(), Raised> {
        if n > 0 {
            let len = vm.checked_len(n * STRIDE)?;
            let store = vm.alloc_values(kinds::VEC, len)?;
            vm.heap.set(self.holder, self.at + 1, store.into());
        }
        Ok(())
    }

    /// Forgets all entries.
    pub fn clear(self, vm: &mut Vm) {
        self.set_len(vm, 0);
        if let Some(s) = self.store(vm) {
            vm.heap.free(s);
        }
        vm.heap.set(self.holder, self.at + 1, Value::NULL);
    }

    /// The slot of an interned key; cannot fail and calls nothing.
    #[inline]
    pub fn find_qstr(self, vm: &Vm, key: Qstr) -> Option<usize> {
        let store = self.store(vm)?;
        match self.guess(vm, store, key.into()) {
            Some(slot) => Some(slot),
            None => self.search_qstr(vm, store, key),
        }
    }

    #[inline(never)]
    fn search_qstr(self, vm: &Vm, store: Ref, key: Qstr) -> Option<usize> {
        let want = Value::from(key);
        if self.ordered {
            return (0..self.len(vm)).find(|&i| {
                let k = vm.heap.get(store, i * STRIDE);
                k == want || vm.is_heap_str(k) && vm.str_eq(k, want)
            });
        }
        let slots = vm.heap.slots(store);
        let hash = i64::from(vm.names.hash(key));
        let n = slots.len() / STRIDE;
        let start = slot_of(hash, n);
        let mut at = start;
        loop {
            let k = Value::from_bits(slots[at * STRIDE]);
            if k == want {
                vm.slot_hints.set(store, want, at);
                return Some(at);
            }
            if k.is_null() {
                return None;
            }
            if vm.is_heap_str(k) && vm.str_eq(k, want) {
                return Some(at);
            }
            at += 1;
            if at == n {
                at = 0;
            }
            if at == start {
                return None;
            }
        }
    }

    /// The slot of an interned key, new if it was not there; nothing if that takes more than to
    /// look at interned keys.
    #[inline(never)]
    pub(crate) fn slot_for(self, vm: &mut Vm, key: Qstr) -> Option<usize> {
        let store = self.store(vm).filter(|_| !self.ordered)?;
        let slots = vm.heap.slots(store);
        let n = slots.len() / STRIDE;
        let start = slot_of(i64::from(vm.names.hash(key)), n);
        let mut at = start;
        loop {
            let k = Value::from_bits(slots[at * STRIDE]);
            if k == key.into() {
                return Some(at);
            }
            if k.is_null() {
                self.put_key(vm, at, key.into());
                return Some(at);
            }
            k.as_qstr()?;
            at = if at + 1 == n { 0 } else { at + 1 };
            if at == start {
                return None;
            }
        }
    }

    /// The slot of a key.
    pub fn find(self, vm: &mut Vm, key: Value) -> Result<Option<usize>, Raised> {
        match self.find_plain(vm, key) {
            Found::At(_, slot) => Ok(Some(slot)),
            Found::Nowhere(_) => Ok(None),
            Found::Unknown => self.lookup(vm, key, false),
        }
    }

    /// The slot of a key, added if it is new. Its value is then null.
    pub fn insert(self, vm: &mut Vm, key: Value) -> Result<usize, Raised> {
        match self.find_plain(vm, key) {
            Found::At(_, slot) => return Ok(slot),
            Found::Nowhere(Some(slot)) => {
                self.put_key(vm, slot, key);
                return Ok(slot);
            }
            _ => {}
        }
        match self.lookup(vm, key, true)? {
            Some(slot) => Ok(slot),
            None => Err(vm.runtime_error("table changed while a key was added")),
        }
    }

    fn lookup(self, vm: &mut Vm, key: Value, add: bool) -> Result<Option<usize>, Raised> {
        if self.ordered {
            return self.lookup_ordered(vm, key, add);
        }
        // An empty table has nothing to find: the key need not be one that can be hashed.
        if self.store(vm).is_none() && !add {
            return Ok(None);
        }
        // Nor is it where all keys of a dict are names.
        if STRIDE == 2
            && !add
            && key.as_qstr().is_none()
            && !vm.is_heap_str(key)
            && self.has_names_only(vm)
        {
            return Ok(None);
        }
        let hash = vm.hash(key)?;
        if self.store(vm).is_none() {
            self.rehash(vm)?;
        }
        let mut knows_other_keys = None;
        'again: loop {
            let Some(mut store) = self.store(vm) else { return Ok(None) };
            let n = vm.heap.len(store) / STRIDE;
            let start = slot_of(hash, n);
            let (mut at, mut free) = (start, None);
            loop {
                let k = vm.heap.get(store, at * STRIDE);
                if k.is_null() {
                    return self.place(vm, key, add, free.unwrap_or(at));
                }
                if k == Value::DELETED {
                    free = free.or(Some(at));
                } else if k == key {
                    return Ok(Some(at));
                } else if STRIDE == 2
                    && k.as_qstr().is_some()
                    && vm.as_ref_kind(key, kinds::BYTES).is_some()
                    && !*knows_other_keys.get_or_insert_with(|| !self.has_names_only(vm))
                {
                    // Where all keys are names, bytes are not even compared.
                } else if !(k.is_int() && key.is_int()) && vm.keys_equal(k, key)? {
                    return Ok(Some(at));
                } else if self.store(vm) != Some(store) {
                    // The comparison ran a program that changed this table.
                    match self.store(vm) {
                        Some(s) if vm.heap.len(s) / STRIDE == n => store = s,
                        _ => continue 'again,
                    }
                }
                at = if at + 1 == n { 0 } else { at + 1 };
                if at == start {
                    if !add || free.is_some() {
                        return self.place(vm, key, add, free.unwrap_or(0));
                    }
                    self.rehash(vm)?;
                    continue 'again;
                }
            }
        }
    }

    /// Whether all keys are interned strings.
    fn has_names_only(self, vm: &Vm) -> bool {
        let mut at = 0;
        while let Some(slot) = self.next_slot(vm, at) {
            if self.key(vm, slot).as_qstr().is_none() {
                return false;
            }
            at = slot + 1;
        }
        true
    }

    fn place(
        self,
        vm: &mut Vm,
        key: Value,
        add: bool,
        slot: usize,
    ) -> Result<Option<usize>, Raised> {
        if !add {
            return Ok(None);
        }
        self.put_key(vm, slot, key);
        Ok(Some(slot))
    }

    /// Puts a key that is not there into a free slot.
    pub(crate) fn put_key(self, vm: &mut Vm, slot: usize, key: Value) {
        let store = self.store(vm).expect("the caller has just looked into it");
        let n = self.len(vm);
        self.set_len(vm, n + 1);
        vm.heap.set(store, slot * STRIDE, key);
        if STRIDE == 2 {
            vm.heap.set(store, slot * STRIDE + 1, Value::NULL);
        }
    }

    fn lookup_ordered(self, vm: &mut Vm, key: Value, add: bool) -> Result<Option<usize>, Raised> {
        let mut i = 0;
        while i < self.len(vm) {
            let k = self.key(vm, i);
            if k == key || vm.keys_equal(k, key)? {
                return Ok(Some(i));
            }
            i += 1;
        }
        if !add {
            return Ok(None);
        }
        let n = self.len(vm);
        if n == self.slots(vm) {
            let len = vm.checked_len((n + 4) * STRIDE)?;
            let old = self.store(vm);
            if old.is_none_or(|s| !vm.grow_in_place(s, len)) {
                let new = vm.alloc_values(kinds::VEC, len)?;
                if let Some(old) = old {
                    vm.heap.copy_values(old, 0, new, 0, n * STRIDE);
                    vm.heap.free(old);
                }
                vm.heap.set(self.holder, self.at + 1, new.into());
            }
        }
        self.place(vm, key, true, n)
    }

    fn rehash(self, vm: &mut Vm) -> Result<(), Raised> {
        let old_slots = self.slots(vm);
        let n = size_at_least(old_slots as u32 + 1);
        let mark = vm.mark();
        vm.root(self.holder.into());
        let len = vm.checked_len(n as usize * STRIDE)?;
        let new = vm.alloc_values(kinds::VEC, len)?;
        let old = self.store(vm);
        vm.heap.set(self.holder, self.at + 1, new.into());
        if let Some(old) = old {
            vm.root(old.into());
            for slot in 0..old_slots {
                let k = vm.heap.get(old, slot * STRIDE);
                if k.is_null() || k == Value::DELETED {
                    continue;
                }
                // Keys of one table are distinct: no comparison, no program runs but for hashes.
                let mut at = slot_of(vm.hash(k)?, n as usize);
                while !vm.heap.get(new, at * STRIDE).is_null() {
                    at = if at + 1 == n as usize { 0 } else { at + 1 };
                }
                for i in 0..STRIDE {
                    let v = vm.heap.get(old, slot * STRIDE + i);
                    vm.heap.set(new, at * STRIDE + i, v);
                }
            }
            vm.heap.free(old);
        }
        vm.release(mark);
        Ok(())
    }

    /// Removes the entry in a slot.
    pub fn remove_slot(self, vm: &mut Vm, slot: usize) {
        let Some(store) = self.store(vm) else { return };
        let n = self.len(vm);
        self.set_len(vm, n - 1);
        let total = vm.heap.len(store) / STRIDE;
        if self.ordered {
            vm.heap.copy_values(
                store,
                (slot + 1) * STRIDE,
                store,
                slot * STRIDE,
                (n - slot - 1) * STRIDE,
            );
            for i in 0..STRIDE {
                vm.heap.set(store, (n - 1) * STRIDE + i, Value::NULL);
            }
            return;
        }
        let next = (slot + 1) % total;
        let empty = vm.heap.get(store, next * STRIDE).is_null();
        vm.heap.set(store, slot * STRIDE, if empty { Value::NULL } else { Value::DELETED });
        if STRIDE == 2 {
            vm.heap.set(store, slot * STRIDE + 1, Value::NULL);
        }
    }
}

impl Map {
    /// Adds an interned key that is not there, if there is a free slot where it belongs.
    #[inline]
    pub(crate) fn add_qstr(self, vm: &mut Vm, key: Qstr, v: Value) -> bool {
        let Some(store) = self.store(vm).filter(|_| !self.ordered) else { return false };
        let n = vm.heap.len(store) / 2;
        let used = self.len(vm);
        if used >= n {
            return false;
        }
        let mut at = slot_of(i64::from(vm.names.hash(key)), n);
        loop {
            let k = vm.heap.get(store, at * 2);
            if k.is_null() {
                break;
            }
            if k == Value::DELETED {
                return false;
            }
            at = if at + 1 == n { 0 } else { at + 1 };
        }
        vm.heap.set(store, at * 2, key.into());
        vm.heap.set(store, at * 2 + 1, v);
        self.set_len(vm, used + 1);
        true
    }

    /// The value in a slot.
    #[inline(always)]
    pub fn value(self, vm: &Vm, slot: usize) -> Value {
        self.store(vm).map_or(Value::NULL, |s| vm.heap.get(s, slot * 2 + 1))
    }

    /// Replaces the value in a slot.
    #[inline(always)]
    pub fn set_value(self, vm: &mut Vm, slot: usize, v: Value) {
        if let Some(s) = self.store(vm) {
            vm.heap.set(s, slot * 2 + 1, v);
        }
    }

    /// The value of an interned key.
    #[inline]
    pub fn get_qstr(self, vm: &Vm, key: Qstr) -> Option<Value> {
        self.find_qstr(vm, key).map(|slot| self.value(vm, slot))
    }

    /// The value of a key.
    pub fn get(self, vm: &mut Vm, key: Value) -> Result<Option<Value>, Raised> {
        match self.find_plain(vm, key) {
            Found::At(store, slot) => return Ok(Some(vm.heap.get(store, slot * 2 + 1))),
            Found::Nowhere(_) => return Ok(None),
            Found::Unknown => {}
        }
        Ok(self.find(vm, key)?.map(|slot| self.value(vm, slot)))
    }

    /// Sets the value of a key.
    pub fn put(self, vm: &mut Vm, key: Value, v: Value) -> Result<(), Raised> {
        match self.find_plain(vm, key) {
            Found::At(store, slot) => {
                vm.heap.set(store, slot * 2 + 1, v);
                return Ok(());
            }
            Found::Nowhere(Some(slot)) => {
                self.put_key(vm, slot, key);
                self.set_value(vm, slot, v);
                return Ok(());
            }
            _ => {}
        }
        let mark = vm.mark();
        vm.root(key);
        vm.root(v);
        let slot = self.insert(vm, key)?;
        self.set_value(vm, slot, v);
        vm.release(mark);
        Ok(())
    }
}
