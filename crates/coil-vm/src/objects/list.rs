//! Lists.

use super::slice::Bounds;
use crate::interp::gather::Sink;
use crate::kinds;
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef, Unary, def, def_kw};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Ref, Value};

/// `list`
pub static LIST: TypeDef = TypeDef {
    name: "list",
    items: &[
        def("append(self, x)", append),
        def("clear(self)", clear),
        def("copy(self)", copy),
        def("count(self, x)", count),
        def("extend(self, items)", extend),
        def("index(self, x, start=, stop=)", index),
        def("insert(self, i, x)", insert),
        def("pop(self, i=)", pop),
        def("remove(self, x)", remove),
        def("reverse(self)", reverse),
        def_kw("sort(self, *, key=, reverse=)", sort),
    ],
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// Room of the smallest storage, as in the reference.
const MIN_ROOM: usize = 4;

impl Vm {
    /// `v in list`
    pub(crate) fn list_contains(&mut self, r: Ref, v: Value) -> Result<bool, Raised> {
        let mut i = 0;
        while i < self.list_len(r) {
            let item = self.list_item(r, i);
            if !(item.is_int() && v.is_int()) {
                if self.equal(item, v)? {
                    return Ok(true);
                }
            } else if item == v {
                return Ok(true);
            }
            i += 1;
        }
        Ok(false)
    }

    /// Makes a list.
    pub fn new_list(&mut self, items: &[Value]) -> Res {
        let mark = self.mark();
        for v in items {
            self.root(*v);
        }
        let list = self.new_list_with_room(items.len())?;
        let r = list.as_ref().expect("a list is an object");
        let store = self.list_store(r);
        for (i, v) in items.iter().enumerate() {
            self.heap.set(store, i, *v);
        }
        self.heap.set(r, 0, Value::int(items.len() as i64));
        self.release_but(mark, list);
        Ok(list)
    }

    /// Makes an empty list with room for `n` items.
    pub fn new_list_with_room(&mut self, n: usize) -> Res {
        let len = self.checked_len(n.max(MIN_ROOM))?;
        let mark = self.mark();
        let store = self.alloc_values(kinds::VEC, len)?;
        let r = self.alloc_values(kinds::LIST, 2)?;
        self.heap.set(r, 0, Value::int(0));
        self.heap.set(r, 1, store.into());
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// The list in a value, or in the built-in base of an instance.
    #[inline]
    pub fn as_list(&self, v: Value) -> Option<Ref> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::LIST => Some(r),
            kinds::INSTANCE => {
                self.as_ref_kind(self.heap.get(r, kinds::instance::NATIVE), kinds::LIST)
            }
            _ => None,
        }
    }

    /// Number of items.
    #[inline(always)]
    pub fn list_len(&self, r: Ref) -> usize {
        self.heap.get(r, 0).int_unchecked() as usize
    }

    /// Number of items, and where they are.
    #[inline(always)]
    pub(crate) fn list_parts(&self, r: Ref) -> (usize, Ref) {
        let [n, store] = self.heap.fields::<2>(r).map(Value::from_bits);
        (n.int_unchecked() as usize, store.as_ref().expect("a list always has storage"))
    }

    #[inline(always)]
    pub(crate) fn list_store(&self, r: Ref) -> Ref {
        self.heap.get(r, 1).as_ref().expect("a list always has storage")
    }

    /// An item; null beyond the end.
    #[inline(always)]
    pub fn list_item(&self, r: Ref, i: usize) -> Value {
        let (n, store) = self.list_parts(r);
        if i < n { self.heap.get(store, i) } else { Value::NULL }
    }

    /// Replaces an item.
    #[inline]
    pub fn list_set(&mut self, r: Ref, i: usize, v: Value) {
        if i < self.list_len(r) {
            let store = self.list_store(r);
            self.heap.set(store, i, v);
        }
    }

    /// The items as a host vector.
    pub fn list_items(&self, r: Ref) -> Vec<Value> {
        let (n, store) = (self.list_len(r), self.list_store(r));
        self.heap.slots(store)[..n].iter().map(|&bits| Value::from_bits(bits)).collect()
    }

    /// Adds an item at the end.
    #[inline]
    pub fn list_append(&mut self, r: Ref, v: Value) -> Result<(), Raised> {
        if self.append_in_place(r, v) {
            return Ok(());
        }
        self.list_append_slow(r, v)
    }

    /// Appends if there is room.
    #[inline(always)]
    pub(crate) fn append_in_place(&mut self, r: Ref, v: Value) -> bool {
        let (n, store) = self.list_parts(r);
        let has_room = n < self.heap.len(store);
        if has_room {
            self.heap.set(store, n, v);
            self.heap.set(r, 0, Value::int(n as i64 + 1));
        }
        has_room
    }

    #[cold]
    #[inline(never)]
    fn list_append_slow(&mut self, r: Ref, v: Value) -> Result<(), Raised> {
        let n = self.list_len(r);
        self.root(v);
        self.list_make_room(r, n * 2)?;
        let store = self.list_store(r);
        self.heap.set(store, n, v);
        self.heap.set(r, 0, Value::int(n as i64 + 1));
        Ok(())
    }

    /// Makes the storage at least this large.
    fn list_make_room(&mut self, r: Ref, room: usize) -> Result<(), Raised> {
        let store = self.list_store(r);
        if room <= self.heap.len(store) {
            return Ok(());
        }
        let len = self.checked_len(room.max(MIN_ROOM))?;
        if self.grow_in_place(store, len) {
            return Ok(());
        }
        let mark = self.mark();
        self.root(r.into());
        let new = self.alloc_values(kinds::VEC, len)?;
        let n = self.list_len(r);
        self.heap.copy_values(store, 0, new, 0, n);
        self.heap.set(r, 1, new.into());
        self.heap.free(store);
        self.release(mark);
        Ok(())
    }

    /// A new list of `len` items from `at` on.
    pub(crate) fn list_part(&mut self, r: Ref, at: usize, len: usize) -> Res {
        let mark = self.mark();
        self.root(r.into());
        let list = self.new_list_with_room(len)?;
        let new = list.as_ref().expect("a list is an object");
        let (from, to) = (self.list_store(r), self.list_store(new));
        self.heap.copy_values(from, at, to, 0, len);
        self.heap.set(new, 0, Value::int(len as i64));
        self.release_but(mark, list);
        Ok(list)
    }

    /// `r[slice]`
    fn load_list_slice(&mut self, r: Ref, slice: Bounds) -> Res {
        if slice.step == 1 {
            let len = (slice.stop.max(slice.start) - slice.start) as usize;
            return self.list_part(r, slice.start as usize, len);
        }
        let mark = self.mark();
        self.root(r.into());
        let n = slice.len();
        let list = self.new_list_with_room(n)?;
        let new = list.as_ref().expect("a list is an object");
        let (from, to) = (self.list_store(r), self.list_store(new));
        if slice.step == -1 && n > 0 {
            self.heap.copy_values(from, slice.start as usize + 1 - n, to, 0, n);
            self.heap.slots_mut(to)[..n].reverse();
        } else {
            for (to_at, at) in slice.indices().enumerate() {
                let item = self.heap.get(from, at);
                self.heap.set(to, to_at, item);
            }
        }
        self.heap.set(new, 0, Value::int(n as i64));
        self.release_but(mark, list);
        Ok(list)
    }

    /// `r[slice] = value`
    fn store_list_slice(&mut self, r: Ref, slice: Bounds, value: Value) -> Result<(), Raised> {
        if slice.step == 1
            && let Some(from) = self.as_ref_kind(value, kinds::LIST)
            && self.list_copy_over(r, slice.start, slice.stop, from)
        {
            return Ok(());
        }
        if slice.step != 1 {
            return Err(self.raise_value(types::NOT_IMPLEMENTED_ERROR, Value::NULL));
        }
        let items = self.sequence_items(value)?;
        let (at, end) = (slice.start as usize, (slice.stop.max(slice.start)) as usize);
        self.list_splice(r, at, end - at, &items)
    }

    /// `v[start:stop:step]` of a list, without a slice object; nothing if it is no list, or the
    /// parts are more than ints and None.
    pub(crate) fn list_slice(&mut self, v: Value, parts: [Value; 3]) -> Option<Res> {
        let r = self.as_ref_kind(v, kinds::LIST)?;
        let slice = Bounds::plain(parts, self.list_len(r))?;
        Some(self.load_list_slice(r, slice))
    }

    /// `v[start:stop:step] = value` likewise.
    pub(crate) fn set_list_slice(
        &mut self,
        v: Value,
        parts: [Value; 3],
        value: Value,
    ) -> Option<Result<(), Raised>> {
        let r = self.as_ref_kind(v, kinds::LIST)?;
        let slice = Bounds::plain(parts, self.list_len(r))?;
        Some(self.store_list_slice(r, slice, value))
    }

    /// Replaces items by as many of another list; false if their number differs.
    fn list_copy_over(&mut self, r: Ref, start: i64, stop: i64, from: Ref) -> bool {
        let n = self.list_len(from);
        if stop - start != n as i64 {
            return false;
        }
        let (to, source) = (self.list_store(r), self.list_store(from));
        self.heap.copy_values(source, 0, to, start as usize, n);
        true
    }

    /// Replaces `del` items from `at` by these.
    pub fn list_splice(
        &mut self,
        r: Ref,
        at: usize,
        del: usize,
        items: &[Value],
    ) -> Result<(), Raised> {
        let n = self.list_len(r);
        let new_len = n - del + items.len();
        let mark = self.mark();
        for v in items {
            self.root(*v);
        }
        self.list_make_room(r, new_len)?;
        self.release(mark);
        let store = self.list_store(r);
        self.heap.copy_values(store, at + del, store, at + items.len(), n - at - del);
        for (i, v) in items.iter().enumerate() {
            self.heap.set(store, at + i, *v);
        }
        for i in new_len..n {
            self.heap.set(store, i, Value::NULL);
        }
        self.heap.set(r, 0, Value::int(new_len as i64));
        Ok(())
    }
}

fn this(vm: &mut Vm, args: Args) -> Result<Ref, Raised> {
    match vm.as_list(vm.arg(args, 0)) {
        Some(r) => Ok(r),
        None => Err(vm.type_error("argument has wrong type")),
    }
}

fn new(vm: &mut Vm, _class: Value, args: Args) -> Res {
    vm.check_args(args, 0, 1)?;
    if args.n == 1
        && let Some(r) = vm.as_ref_kind(vm.arg(args, 0), kinds::LIST)
    {
        let n = vm.list_len(r);
        return vm.list_part(r, 0, n);
    }
    let list = vm.new_list_with_room(0)?;
    if args.n == 1 {
        let r = list.as_ref().expect("a list is an object");
        extend_with(vm, r, vm.arg(args, 0))?;
    }
    Ok(list)
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(r) = vm.as_list(v) else { return Ok(()) };
    out.push(b'[');
    let mut i = 0;
    while i < vm.list_len(r) {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let item = vm.list_item(r, i);
        vm.print(item, out, PrintKind::Repr)?;
        i += 1;
    }
    out.push(b']');
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(r) = vm.as_list(v) else { return Ok(Value::NULL) };
    let n = vm.list_len(r);
    Ok(match op {
        Unary::Bool => Value::bool(n != 0),
        Unary::Len => Value::int(n as i64),
        Unary::SizeOf => Value::int(16 + 4 * vm.heap.len(vm.list_store(r)) as i64),
        _ => Value::NULL,
    })
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let Some(r) = vm.as_list(a) else { return Ok(Value::NULL) };
    match op {
        Binary::Add => {
            let Some(rb) = vm.as_list(b) else { return Ok(Value::NULL) };
            let (na, nb) = (vm.list_len(r), vm.list_len(rb));
            let list = vm.new_list_with_room(na + nb)?;
            let new = list.as_ref().expect("a list is an object");
            let (sa, sb, s) = (vm.list_store(r), vm.list_store(rb), vm.list_store(new));
            vm.heap.copy_values(sa, 0, s, 0, na);
            vm.heap.copy_values(sb, 0, s, na, nb);
            vm.heap.set(new, 0, Value::int((na + nb) as i64));
            Ok(list)
        }
        Binary::IAdd => {
            extend_with(vm, r, b)?;
            Ok(a)
        }
        Binary::Mul | Binary::IMul => {
            let Some(times) = vm.as_repeat_count(b)? else { return Ok(Value::NULL) };
            let n = vm.list_len(r);
            let list = vm.new_list_with_room(n.saturating_mul(times))?;
            let new = list.as_ref().expect("a list is an object");
            let (from, to) = (vm.list_store(r), vm.list_store(new));
            for k in 0..if n == 0 { 0 } else { times } {
                vm.heap.copy_values(from, 0, to, k * n, n);
            }
            vm.heap.set(new, 0, Value::int((n * times) as i64));
            Ok(list)
        }
        Binary::Contains => vm.list_contains(r, b).map(Value::bool),
        _ if op.is_comparison() => {
            let Some(rb) = vm.as_list(b) else { return Ok(Value::NULL) };
            let (x, y) = (vm.list_items(r), vm.list_items(rb));
            crate::ops::compare_sequences(vm, op, &x, &y)
        }
        _ => Ok(Value::NULL),
    }
}

fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    let Some(r) = vm.as_list(v) else { return Ok(Value::NULL) };
    let n = vm.list_len(r);
    if let Some(slice) = vm.resolve_slice(index, n)? {
        return match access {
            Access::Load => vm.load_list_slice(r, slice),
            Access::Store(value) => {
                vm.store_list_slice(r, slice, value)?;
                Ok(Value::NONE)
            }
            Access::Delete => {
                if slice.step != 1 {
                    return Err(vm.raise_value(types::NOT_IMPLEMENTED_ERROR, Value::NULL));
                }
                let (at, end) = (slice.start as usize, (slice.stop.max(slice.start)) as usize);
                vm.list_splice(r, at, end - at, &[])?;
                Ok(Value::NONE)
            }
        };
    }
    if access == Access::Delete {
        return pop_at(vm, r, index).map(|_| Value::NONE);
    }
    let i = vm.resolve_index(index, n, "list")?;
    match access {
        Access::Store(value) => vm.list_set(r, i, value),
        _ => return Ok(vm.list_item(r, i)),
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    vm.list_append(r, vm.arg(args, 1))?;
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let n = vm.list_len(r);
    vm.list_splice(r, 0, n, &[])?;
    let store = vm.list_store(r);
    vm.heap.resize_in_place(store, MIN_ROOM as u32);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let n = vm.list_len(r);
    vm.list_part(r, 0, n)
}

fn count(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let (mut i, mut n) = (0, 0);
    while i < vm.list_len(r) {
        let item = vm.list_item(r, i);
        n += i64::from(vm.equal(item, vm.arg(args, 1))?);
        i += 1;
    }
    Ok(Value::int(n))
}

/// Appends everything an iterable gives.
pub(crate) fn extend_with(vm: &mut Vm, r: Ref, items: Value) -> Result<(), Raised> {
    if let Some(items) = vm.fast_items(items) {
        let n = vm.list_len(r);
        return vm.list_splice(r, n, 0, &items);
    }
    let it = vm.iter(items)?;
    let generator = vm.as_ref_kind(it, kinds::GENERATOR);
    let mark = vm.mark();
    loop {
        let v = match generator {
            Some(g) => vm.gather(g, Sink::List, r.into())?,
            None => vm.next(it)?,
        };
        if v == Value::STOP {
            return Ok(());
        }
        vm.list_append(r, v)?;
        vm.release(mark);
    }
}

fn extend(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    extend_with(vm, r, vm.arg(args, 1))?;
    Ok(Value::NONE)
}

fn index(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let items = vm.list_items(r);
    crate::ops::index_of(vm, &items, args, "list")
}

fn insert(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let n = vm.list_len(r) as i64;
    let mut i = vm.expect_int(vm.arg(args, 1))?;
    if i < 0 {
        i += n;
    }
    vm.list_splice(r, i.clamp(0, n) as usize, 0, &[vm.arg(args, 2)])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    pop_at(vm, r, if args.n == 1 { Value::int(-1) } else { vm.arg(args, 1) })
}

/// Takes the item at an index out of a list.
fn pop_at(vm: &mut Vm, r: Ref, index: Value) -> Res {
    let n = vm.list_len(r);
    if n == 0 {
        return Err(vm.raise_args(types::INDEX_ERROR, "pop from empty list"));
    }
    let i = vm.resolve_index(index, n, "list")?;
    let v = vm.list_item(r, i);
    vm.list_splice(r, i, 1, &[])?;
    let (n, store) = (n - 1, vm.list_store(r));
    let room = vm.heap.len(store);
    if room > MIN_ROOM && room > 2 * n {
        vm.heap.resize_in_place(store, (room / 2).max(MIN_ROOM) as u32);
    }
    Ok(v)
}

fn remove(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let mut i = 0;
    while i < vm.list_len(r) {
        let item = vm.list_item(r, i);
        if vm.equal(item, vm.arg(args, 1))? {
            if i < vm.list_len(r) {
                vm.list_splice(r, i, 1, &[])?;
            }
            return Ok(Value::NONE);
        }
        i += 1;
    }
    Err(vm.value_error("object not in sequence"))
}

fn reverse(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let (n, store) = (vm.list_len(r), vm.list_store(r));
    vm.heap.slots_mut(store)[..n].reverse();
    Ok(Value::NONE)
}

fn sort(vm: &mut Vm, args: Args) -> Res {
    let r = this(vm, args)?;
    let (key, reverse) = (vm.arg(args, 1), vm.arg(args, 2));
    let reverse = !reverse.is_null() && vm.truth(reverse)?;
    sort_in_place(vm, r, key, reverse)?;
    Ok(Value::NONE)
}

/// Sorts a list in place, as the reference does: not stable, the key asked for at every comparison.
pub(crate) fn sort_in_place(vm: &mut Vm, r: Ref, key: Value, reverse: bool) -> Result<(), Raised> {
    let n = vm.list_len(r);
    if n < 2 {
        return Ok(());
    }
    let key = if key == Value::NONE { Value::NULL } else { key };
    if key.is_null() && sort_plain(vm, r, n, reverse) {
        return Ok(());
    }
    // The items between, the last one among them, are to be put in order.
    let mut todo = alloc::vec![(0, n - 1)];
    while let Some((first, last)) = todo.pop() {
        if first >= last {
            continue;
        }
        let mark = vm.mark();
        let (left, right) = partition(vm, r, (first, last), key, reverse)?;
        vm.release(mark);
        // The smaller part comes first.
        let (left, right) = ((first, left), (right, last));
        let small = left.1 + 1 - left.0 < right.1 + 1 - right.0;
        todo.extend(if small { [right, left] } else { [left, right] });
    }
    Ok(())
}

/// Sorts a list of nothing but small ints or plain strings, where any way leads to the same.
fn sort_plain(vm: &mut Vm, r: Ref, n: usize, reverse: bool) -> bool {
    let mut items = vm.list_items(r);
    if items.iter().all(|v| v.is_int()) {
        items.sort_unstable_by_key(|v| v.int_unchecked());
    } else if items.iter().all(|v| v.as_qstr().is_some() || vm.is_heap_str(*v)) {
        items.sort_by(|a, b| vm.str_bytes(*a).cmp(vm.str_bytes(*b)));
    } else {
        return false;
    }
    if reverse {
        items.reverse();
    }
    for (i, v) in items.into_iter().enumerate().take(n) {
        vm.list_set(r, i, v);
    }
    true
}

/// What an item is compared by. A list that a program shortens meanwhile cannot be sorted.
fn sort_key(vm: &mut Vm, r: Ref, i: usize, key: Value) -> Res {
    let v = vm.list_item(r, i);
    if v.is_null() {
        return Err(vm.value_error("list modified during sort"));
    }
    if key.is_null() { Ok(v) } else { vm.call(key, &[v]) }
}

/// Puts the last item where it belongs, what is less on one side and the rest on the other. Gives
/// the last index of the left part, plus nothing if it is empty, and the first of the right part.
fn partition(
    vm: &mut Vm,
    r: Ref,
    (first, last): (usize, usize),
    key: Value,
    reverse: bool,
) -> Result<(usize, usize), Raised> {
    let pivot = sort_key(vm, r, last, key)?;
    vm.root(pivot);
    let goes_on = Value::bool(!reverse);
    // Both are one too far: they step before they look.
    let (mut low, mut high) = (first, last);
    let mut started = false;
    loop {
        low += usize::from(started);
        while low < high {
            let mark = vm.mark();
            let x = sort_key(vm, r, low, key)?;
            if less_as_told(vm, x, pivot)? != goes_on {
                break;
            }
            vm.release(mark);
            low += 1;
        }
        high -= 1;
        while low < high {
            let mark = vm.mark();
            let x = sort_key(vm, r, high, key)?;
            if less_as_told(vm, pivot, x)? != goes_on {
                break;
            }
            vm.release(mark);
            high -= 1;
        }
        started = true;
        if low >= high {
            break;
        }
        swap(vm, r, low, high);
    }
    swap(vm, r, low, last);
    Ok((high, low + 1))
}

/// `x < y`, whatever object that gives.
fn less_as_told(vm: &mut Vm, x: Value, y: Value) -> Res {
    match (x.as_int(), y.as_int()) {
        (Some(x), Some(y)) => Ok(Value::bool(x < y)),
        _ => vm.binary(Binary::Lt, x, y),
    }
}

fn swap(vm: &mut Vm, r: Ref, i: usize, j: usize) {
    let (x, y) = (vm.list_item(r, i), vm.list_item(r, j));
    if !x.is_null() && !y.is_null() {
        vm.list_set(r, i, y);
        vm.list_set(r, j, x);
    }
}
