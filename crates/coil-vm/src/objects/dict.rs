//! Dicts, ordered dicts and their views.

use crate::kinds;
use crate::objects::map::Map;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, Binary, Item, PrintKind, TypeDef, Unary, def, def_raw};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Header, Ref, Value};

const METHODS: &[Item] = &[
    def("clear(self)", clear),
    def("copy(self)", copy),
    Item::Class(crate::rom::Def {
        signature: "fromkeys(cls, keys, value=)",
        f: fromkeys,
        convention: crate::rom::Convention::Plain,
    }),
    def("get(self, key, default=)", get),
    def("items(self)", |vm, a| view(vm, a, 0)),
    def("keys(self)", |vm, a| view(vm, a, 1)),
    def("pop(self, key, default=)", pop),
    def("popitem(self)", popitem),
    def("setdefault(self, key, default=)", setdefault),
    def_raw("update(self, other=, **kw)", update),
    def("values(self)", |vm, a| view(vm, a, 2)),
    def("__getitem__(self, key)", |vm, a| subscr(vm, vm.arg(a, 0), vm.arg(a, 1), Access::Load)),
    def("__setitem__(self, key, value)", |vm, a| {
        subscr(vm, vm.arg(a, 0), vm.arg(a, 1), Access::Store(vm.arg(a, 2)))
    }),
    def("__delitem__(self, key)", |vm, a| subscr(vm, vm.arg(a, 0), vm.arg(a, 1), Access::Delete)),
];

/// `dict`
pub static DICT: TypeDef = TypeDef {
    name: "dict",
    items: METHODS,
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(|vm, v| vm.dict_iter(v, 1)),
    ..TypeDef::EMPTY
};

/// `collections.OrderedDict`
pub static ORDERED_DICT: TypeDef = TypeDef {
    name: "OrderedDict",
    base: Some(&DICT),
    items: METHODS,
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(|vm, v| vm.dict_iter(v, 1)),
    ..TypeDef::EMPTY
};

/// What `keys()`, `values()` and `items()` give.
pub static VIEW: TypeDef = TypeDef {
    name: "dict_view",
    print: Some(view_print),
    unary: Some(view_unary),
    binary: Some(view_binary),
    iter: Some(|vm, v| {
        let r = v.as_ref().expect("a view is an object");
        let kind = vm.heap.header(r).flags();
        vm.dict_iter(vm.heap.get(r, 0), kind)
    }),
    ..TypeDef::EMPTY
};

/// Flag of a dict that keeps the order of insertion.
pub(crate) const ORDERED: u8 = 1;
/// Flag of a dict that a program cannot change.
const FIXED: u8 = 2;

impl Vm {
    /// Makes a dict with room for `n` entries.
    pub fn new_dict(&mut self, n: usize) -> Res {
        self.new_dict_with(n, 0)
    }

    /// Makes a dict with these flags.
    pub fn new_dict_with(&mut self, n: usize, flags: u8) -> Res {
        let mark = self.mark();
        let r = self.alloc(Header::new(kinds::DICT, flags, 0, 2))?;
        self.heap.set(r, 0, Value::int(0));
        self.dict_map(r).reserve(self, n)?;
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// Makes a dict one that a program cannot change.
    pub fn fix_dict(&mut self, dict: Value) {
        if let Some(r) = self.as_ref_kind(dict, kinds::DICT) {
            let h = self.heap.header(r);
            self.heap.set_header(r, Header::new(h.kind(), h.flags() | FIXED, h.aux(), h.len()));
        }
    }

    /// A copy of a dict that a program cannot change.
    pub(crate) fn fixed_copy(&mut self, dict: Value) -> Res {
        let copy = copy_of(self, dict)?;
        self.fix_dict(copy);
        Ok(copy)
    }

    /// The table of a dict.
    #[inline(always)]
    pub fn dict_map(&self, r: Ref) -> Map {
        Map { holder: r, at: 0, ordered: self.heap.header(r).flags() & ORDERED != 0 }
    }

    /// The dict in a value, or in the built-in base of an instance.
    pub fn as_dict(&self, v: Value) -> Option<Map> {
        match self.as_ref_kind(v, kinds::DICT) {
            Some(r) => Some(self.dict_map(r)),
            None => self.dict_of_instance(v),
        }
    }

    /// The dict in the built-in base of an instance.
    #[inline(never)]
    fn dict_of_instance(&self, v: Value) -> Option<Map> {
        let r = self.as_ref_kind(v, kinds::INSTANCE)?;
        let native = self.as_ref_kind(self.heap.get(r, kinds::instance::NATIVE), kinds::DICT)?;
        Some(self.dict_map(native))
    }

    /// Sets an entry of a dict under an interned name.
    pub fn dict_put(&mut self, dict: Value, key: Qstr, v: Value) -> Result<(), Raised> {
        match self.as_dict(dict) {
            Some(map) => map.put(self, key.into(), v),
            None => Ok(()),
        }
    }

    /// An entry of a dict under an interned name.
    #[inline]
    pub fn dict_get(&self, dict: Value, key: Qstr) -> Option<Value> {
        self.as_dict(dict)?.get_qstr(self, key)
    }

    /// All entries of a dict.
    pub fn dict_entries(&self, dict: Value) -> Vec<(Value, Value)> {
        let Some(map) = self.as_dict(dict) else { return Vec::new() };
        let (mut at, mut out) = (0, Vec::with_capacity(map.len(self)));
        while let Some(slot) = map.next_slot(self, at) {
            out.push((map.key(self, slot), map.value(self, slot)));
            at = slot + 1;
        }
        out
    }

    /// KeyError for a missing key.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raised {
        self.raise_value(types::KEY_ERROR, key)
    }
}

#[inline]
fn this(vm: &mut Vm, args: Args) -> Result<Map, Raised> {
    match vm.as_dict(vm.arg(args, 0)) {
        Some(m) => Ok(m),
        None => Err(vm.type_error("argument has wrong type")),
    }
}

fn new(vm: &mut Vm, class: Value, args: Args) -> Res {
    let ordered = vm.is_subclass(class, types::ORDERED_DICT.into());
    let dict = vm.new_dict_with(0, if ordered { ORDERED } else { 0 })?;
    let map = vm.as_dict(dict).expect("just made");
    if args.n > 1 {
        return Err(vm.arg_count_error(args.n + 1, 1, 2));
    }
    if args.n == 1 {
        merge(vm, map, vm.arg(args, 0))?;
    }
    merge_keywords(vm, map, args)?;
    Ok(dict)
}

fn merge_keywords(vm: &mut Vm, map: Map, args: Args) -> Result<(), Raised> {
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        map.put(vm, k, v)?;
    }
    Ok(())
}

/// Adds all entries of a dict, or of an iterable of pairs.
pub(crate) fn merge(vm: &mut Vm, map: Map, from: Value) -> Result<(), Raised> {
    // An instance of a class that derives from dict is taken for an iterable of pairs.
    if let Some(r) = vm.as_ref_kind(from, kinds::DICT) {
        if r == map.holder {
            return Ok(());
        }
        let mark = vm.mark();
        for (k, v) in vm.dict_entries(from) {
            map.put(vm, k, v)?;
        }
        vm.release(mark);
        return Ok(());
    }
    let it = vm.iter(from)?;
    let mark = vm.mark();
    loop {
        let pair = vm.next(it)?;
        if pair == Value::STOP {
            return Ok(());
        }
        vm.root(pair);
        let inner = vm.iter(pair)?;
        let (k, v, end) = (vm.next(inner)?, vm.next(inner)?, vm.next(inner)?);
        if k == Value::STOP || v == Value::STOP || end != Value::STOP {
            return Err(vm.value_error("dict update sequence has wrong length"));
        }
        map.put(vm, k, v)?;
        vm.release(mark);
    }
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(map) = vm.as_dict(v) else { return Ok(()) };
    if map.ordered {
        out.extend_from_slice(b"OrderedDict(");
    }
    out.push(b'{');
    let (mut at, mut first) = (0, true);
    while let Some(slot) = map.next_slot(vm, at) {
        if !first {
            out.extend_from_slice(b", ");
        }
        first = false;
        let (k, value) = (map.key(vm, slot), map.value(vm, slot));
        vm.print(k, out, PrintKind::Repr)?;
        out.extend_from_slice(b": ");
        vm.print(value, out, PrintKind::Repr)?;
        at = slot + 1;
    }
    out.push(b'}');
    if map.ordered {
        out.push(b')');
    }
    Ok(())
}

fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let Some(map) = vm.as_dict(v) else { return Ok(Value::NULL) };
    Ok(match op {
        Unary::Bool => Value::bool(!map.is_empty(vm)),
        Unary::Len => Value::int(map.len(vm) as i64),
        Unary::SizeOf => Value::int(16 + 8 * map.slots(vm) as i64),
        _ => Value::NULL,
    })
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let Some(map) = vm.as_dict(a) else { return Ok(Value::NULL) };
    match op {
        Binary::Contains => Ok(Value::bool(map.find(vm, b)?.is_some())),
        Binary::Eq => {
            let Some(other) = vm.as_dict(b) else { return Ok(Value::NULL) };
            if map.ordered != other.ordered {
                return Ok(Value::FALSE);
            }
            if map.ordered {
                let (x, y) = (vm.dict_entries(a), vm.dict_entries(b));
                let flat = |e: Vec<(Value, Value)>| {
                    e.into_iter().flat_map(|(k, v)| [k, v]).collect::<Vec<_>>()
                };
                return crate::ops::compare_sequences(vm, op, &flat(x), &flat(y));
            }
            if map.len(vm) != other.len(vm) {
                return Ok(Value::FALSE);
            }
            for (k, v) in vm.dict_entries(a) {
                match other.get(vm, k)? {
                    Some(w) if vm.equal(v, w)? => {}
                    _ => return Ok(Value::FALSE),
                }
            }
            Ok(Value::TRUE)
        }
        Binary::Or => {
            let new = copy_of(vm, a)?;
            let map = vm.as_dict(new).expect("a copy of a dict");
            merge(vm, map, b)?;
            Ok(new)
        }
        Binary::IOr => {
            merge(vm, map, b)?;
            Ok(a)
        }
        _ => Ok(Value::NULL),
    }
}

/// The table of a dict that is about to be changed.
fn this_to_change(vm: &mut Vm, args: Args) -> Result<Map, Raised> {
    let map = this(vm, args)?;
    ensure_not_fixed(vm, map)?;
    Ok(map)
}

fn ensure_not_fixed(vm: &mut Vm, map: Map) -> Result<(), Raised> {
    if vm.heap.header(map.holder).flags() & FIXED == 0 {
        return Ok(());
    }
    Err(vm.raise_value(types::TYPE_ERROR, Value::NULL))
}

fn subscr(vm: &mut Vm, v: Value, key: Value, access: Access) -> Res {
    let Some(map) = vm.as_dict(v) else { return Ok(Value::NULL) };
    if access != Access::Load {
        ensure_not_fixed(vm, map)?;
    }
    match access {
        Access::Load => match map.get(vm, key)? {
            Some(v) => Ok(v),
            None => Err(vm.key_error(key)),
        },
        Access::Store(value) => {
            map.put(vm, key, value)?;
            Ok(Value::NONE)
        }
        Access::Delete => match map.find(vm, key)? {
            Some(slot) => {
                map.remove_slot(vm, slot);
                vm.bump_epoch();
                Ok(Value::NONE)
            }
            None => Err(vm.key_error(key)),
        },
    }
}

fn clear(vm: &mut Vm, args: Args) -> Res {
    let map = this_to_change(vm, args)?;
    map.clear(vm);
    vm.bump_epoch();
    Ok(Value::NONE)
}

fn copy_of(vm: &mut Vm, v: Value) -> Res {
    let Some(map) = vm.as_dict(v) else { return Ok(Value::NULL) };
    let new = vm.new_dict_with(map.slots(vm), u8::from(map.ordered))?;
    let to = vm.as_dict(new).expect("just made");
    if let (Some(a), Some(b)) = (map.store(vm), to.store(vm)) {
        let n = vm.heap.len(a);
        vm.heap.copy_values(a, 0, b, 0, n);
        let used = vm.heap.get(map.holder, map.at);
        vm.heap.set(to.holder, to.at, used);
    }
    Ok(new)
}

fn copy(vm: &mut Vm, args: Args) -> Res {
    this(vm, args)?;
    copy_of(vm, vm.arg(args, 0))
}

fn fromkeys(vm: &mut Vm, args: Args) -> Res {
    let value = if args.n > 2 { vm.arg(args, 2) } else { Value::NONE };
    let keys = vm.arg(args, 1);
    let it = vm.iter(keys)?;
    vm.root(it);
    // A plain dict, whatever the class, as in the reference; it has as many slots as there are keys.
    let n = vm.len_if_any(keys)?.unwrap_or(0);
    let dict = vm.new_dict(usize::try_from(n).unwrap_or(0))?;
    vm.root(dict);
    loop {
        let mark = vm.mark();
        let k = vm.next(it)?;
        if k == Value::STOP {
            return Ok(dict);
        }
        vm.root(k);
        vm.set_item(dict, k, value)?;
        vm.release(mark);
    }
}

fn get(vm: &mut Vm, args: Args) -> Res {
    let map = this(vm, args)?;
    let found = map.get(vm, vm.arg(args, 1))?;
    Ok(found.unwrap_or(if args.n > 2 { vm.arg(args, 2) } else { Value::NONE }))
}

fn pop(vm: &mut Vm, args: Args) -> Res {
    let map = this_to_change(vm, args)?;
    match map.find(vm, vm.arg(args, 1))? {
        Some(slot) => {
            let v = map.value(vm, slot);
            map.remove_slot(vm, slot);
            vm.bump_epoch();
            Ok(v)
        }
        None if args.n > 2 => Ok(vm.arg(args, 2)),
        None => Err(vm.key_error(vm.arg(args, 1))),
    }
}

fn popitem(vm: &mut Vm, args: Args) -> Res {
    let map = this_to_change(vm, args)?;
    let slot = if map.ordered { map.len(vm).checked_sub(1) } else { map.next_slot(vm, 0) };
    let Some(slot) = slot else {
        return Err(vm.raise_args(types::KEY_ERROR, "popitem(): dictionary is empty"));
    };
    let pair = vm.new_tuple(&[map.key(vm, slot), map.value(vm, slot)])?;
    map.remove_slot(vm, slot);
    vm.bump_epoch();
    Ok(pair)
}

fn setdefault(vm: &mut Vm, args: Args) -> Res {
    let map = this_to_change(vm, args)?;
    let slot = map.insert(vm, vm.arg(args, 1))?;
    let v = map.value(vm, slot);
    if !v.is_null() {
        return Ok(v);
    }
    let v = if args.n > 2 { vm.arg(args, 2) } else { Value::NONE };
    map.set_value(vm, slot, v);
    Ok(v)
}

fn update(vm: &mut Vm, args: Args) -> Res {
    let map = this_to_change(vm, args)?;
    if args.n > 2 {
        return Err(vm.arg_count_error(args.n, 1, 2));
    }
    if args.n > 1 {
        merge(vm, map, vm.arg(args, 1))?;
    }
    merge_keywords(vm, map, args)?;
    Ok(Value::NONE)
}

fn view(vm: &mut Vm, args: Args, kind: u8) -> Res {
    let map = this(vm, args)?;
    let r = vm.alloc(Header::new(kinds::DICTVIEW, kind, 0, 1))?;
    vm.heap.set(r, 0, map.holder.into());
    Ok(r.into())
}

fn view_parts(vm: &Vm, v: Value) -> (Value, u8) {
    let r = v.as_ref().expect("a view is an object");
    (vm.heap.get(r, 0), vm.heap.header(r).flags())
}

fn view_print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let (dict, kind) = view_parts(vm, v);
    out.extend_from_slice(
        [&b"dict_items(["[..], b"dict_keys([", b"dict_values(["][usize::from(kind)],
    );
    let it = vm.dict_iter(dict, kind)?;
    let mut first = true;
    loop {
        let item = vm.next(it)?;
        if item == Value::STOP {
            break;
        }
        if !first {
            out.extend_from_slice(b", ");
        }
        first = false;
        vm.print(item, out, PrintKind::Repr)?;
    }
    out.extend_from_slice(b"])");
    Ok(())
}

fn view_unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let (dict, _) = view_parts(vm, v);
    match op {
        Unary::Len | Unary::Bool => unary(vm, op, dict),
        _ => Ok(Value::NULL),
    }
}

fn view_binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let (dict, kind) = view_parts(vm, a);
    match (op, kind) {
        (Binary::Contains, 1) => binary(vm, op, dict, b),
        (Binary::Contains, _) => {
            let it = vm.dict_iter(dict, kind)?;
            loop {
                let item = vm.next(it)?;
                if item == Value::STOP {
                    return Ok(Value::FALSE);
                }
                if vm.equal(item, b)? {
                    return Ok(Value::TRUE);
                }
            }
        }
        _ => Ok(Value::NULL),
    }
}
