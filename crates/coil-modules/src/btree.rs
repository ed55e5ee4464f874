//! `btree`: a database of keys and values in a stream, in the format of Berkeley DB 1.85.

mod page;
mod pager;
mod tree;

use crate::stream;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Access, Args, Binary, Item, ModuleDef, PrintKind, TypeDef, def, def_kw};
use coil_vm::{Raised, Ref, Res, Value, Vm, types};
use tree::Tree;

/// `btree`
pub static MODULE: ModuleDef = ModuleDef {
    name: "btree",
    items: &[
        def_kw("open(stream, *, flags=, cachesize=, pagesize=, minkeypage=)", open),
        Item::Int("INCL", INCLUSIVE),
        Item::Int("DESC", DESCENDING),
        // Types of objects that only functions make have to be in some module.
        Item::Type("_btree", &BTREE),
    ],
    attr: None,
};

/// Flags of an iteration: its end belongs to it; from the end; what it gives.
const INCLUSIVE: i64 = 1;
const DESCENDING: i64 = 2;
const KEYS: i64 = 0x40;
const VALUES: i64 = 0x80;
const ITEMS: i64 = KEYS | VALUES;

/// Fields: number of the open database (zero once closed), stream, list of kept pages, the key
/// where the cursor is (null for nowhere), and of the iteration: start (null once it has begun),
/// end, flags, and flags that are for the next.
const NUMBER: usize = 0;
const STREAM: usize = 1;
const CURSOR: usize = 3;
const START: usize = 4;
const END: usize = 5;
const FLAGS: usize = 6;
const NEXT_FLAGS: usize = 7;

/// Bytes of a page where none are asked for, and of the least and the most that can be.
const PAGE_DEFAULT: i64 = 4096;
const PER_PAGE_DEFAULT: i64 = 2;

/// `seq`: where to go.
const TO_KEY: i64 = 1;
const TO_FIRST: i64 = 3;
const TO_LAST: i64 = 6;
const TO_NEXT: i64 = 7;
const TO_PREVIOUS: i64 = 9;

const EBUSY: i64 = 16;
const EINVAL: i64 = 22;

static BTREE: TypeDef = TypeDef {
    name: "btree",
    items: &[
        def("close(self)", |vm, a| {
            let this = vm.arg(a, 0);
            if is_open(vm, this) {
                let synced = with(vm, this, |vm, tree| tree.sync(vm));
                forget(vm, this);
                synced?;
            }
            Ok(Value::int(0))
        }),
        def("flush(self)", |vm, a| {
            let this = vm.arg(a, 0);
            with(vm, this, |vm, tree| tree.sync(vm))?;
            Ok(Value::int(0))
        }),
        def("get(self, key, default=)", |vm, a| {
            let this = vm.arg(a, 0);
            match get(vm, this, vm.arg(a, 1))? {
                Some(value) => vm.new_bytes(&value),
                None if a.n > 2 => Ok(vm.arg(a, 2)),
                None => Ok(Value::NONE),
            }
        }),
        def("put(self, key, value, flags=)", |vm, a| {
            put(vm, vm.arg(a, 0), vm.arg(a, 1), vm.arg(a, 2))?;
            Ok(Value::int(0))
        }),
        def("seq(self, flags, key=, value=)", |vm, a| {
            let this = vm.arg(a, 0);
            check_open(vm, this)?;
            let to = vm.arg(a, 1).as_int().unwrap_or(0);
            match go(vm, this, to, vm.arg(a, 2))? {
                Some((key, value)) => pair(vm, &key, &value),
                None => Ok(Value::NONE),
            }
        }),
        def("keys(self, start=, end=, flags=)", |vm, a| begin(vm, a, KEYS)),
        def("values(self, start=, end=, flags=)", |vm, a| begin(vm, a, VALUES)),
        def("items(self, start=, end=, flags=)", |vm, a| begin(vm, a, ITEMS)),
        def("__del__(self)", |vm, a| {
            forget(vm, vm.arg(a, 0));
            Ok(Value::NONE)
        }),
    ],
    print: Some(print),
    binary: Some(|vm, op, this, other| {
        check_open(vm, this)?;
        if op != Binary::Contains {
            return Ok(Value::NULL);
        }
        Ok(Value::bool(get(vm, this, other)?.is_some()))
    }),
    subscr: Some(subscr),
    iter: Some(iter),
    next: Some(next),
    ..TypeDef::EMPTY
};

/// The open databases. One that is away is being worked with.
#[derive(Default)]
struct Trees {
    table: BTreeMap<i64, Option<Tree>>,
    last: i64,
}

fn open(vm: &mut Vm, args: Args) -> Res {
    let stream = vm.arg(args, 0);
    stream::check(vm, stream, stream::Op::Read)?;
    stream::check(vm, stream, stream::Op::Write)?;
    let seek = vm.intern("seek");
    if !stream::is_iobase(vm, stream) && vm.load_method(stream, seek)?.is_none() {
        stream::check(vm, stream, stream::Op::Ioctl)?;
        return Err(vm.os_error(EINVAL));
    }
    let mut given = [0; 4];
    for (i, n) in given.iter_mut().enumerate() {
        *n = crate::args::optional_int(vm, args, i + 1)?.unwrap_or(0);
    }
    let [flags, cache_len, page_len, per_page] = given;
    let or = |n, default| if n == 0 { default } else { n };
    let (page_len, per_page) = (or(page_len, PAGE_DEFAULT), or(per_page, PER_PAGE_DEFAULT));
    let pages = page::PAGE_MIN as i64..=page::PAGE_MAX as i64;
    if flags != 0 || !pages.contains(&page_len) || page_len % 2 != 0 || per_page < 2 {
        return Err(vm.os_error(EINVAL));
    }
    let store = vm.new_list(&[])?;
    let null = Value::NULL;
    let zero = Value::int(0);
    let fields = [zero, stream, store, null, Value::NONE, Value::NONE, zero, zero];
    let this = vm.new_native(&BTREE, &fields)?;
    vm.heap.add_finaliser(this.as_ref().expect("a database is an object"));
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    let cache_len = size(cache_len);
    let tree = Tree::open(vm, stream, store, size(page_len), cache_len, size(per_page))?;
    let trees = vm.state::<Trees>();
    trees.last += 1;
    let number = trees.last;
    trees.table.insert(number, Some(tree));
    vm.set_native_field(this, NUMBER, Value::int(number));
    Ok(this)
}

fn is_open(vm: &Vm, this: Value) -> bool {
    vm.native_int(this, NUMBER) != 0
}

fn check_open(vm: &mut Vm, this: Value) -> Result<(), Raised> {
    if is_open(vm, this) { Ok(()) } else { Err(vm.value_error("database closed")) }
}

fn forget(vm: &mut Vm, this: Value) {
    let number = vm.native_int(this, NUMBER);
    vm.state::<Trees>().table.remove(&number);
    for field in [NUMBER, STREAM, STREAM + 1] {
        vm.set_native_field(this, field, Value::int(0));
    }
}

/// Works with an open database. Its stream may be a program's, which finds it busy meanwhile.
fn with<T>(
    vm: &mut Vm,
    this: Value,
    work: impl FnOnce(&mut Vm, &mut Tree) -> Result<T, Raised>,
) -> Result<T, Raised> {
    check_open(vm, this)?;
    let number = vm.native_int(this, NUMBER);
    let taken = vm.state::<Trees>().table.get_mut(&number).and_then(Option::take);
    let Some(mut tree) = taken else { return Err(vm.os_error(EBUSY)) };
    // The stream stays even if the program closes the database while it is read.
    vm.root(vm.native_field(this, STREAM));
    vm.root(vm.native_field(this, STREAM + 1));
    let done = work(vm, &mut tree);
    if let Some(place) = vm.state::<Trees>().table.get_mut(&number) {
        *place = Some(tree);
    }
    done
}

fn get(vm: &mut Vm, this: Value, key: Value) -> Result<Option<Vec<u8>>, Raised> {
    check_open(vm, this)?;
    let key = vm.expect_bytes_like(key)?;
    with(vm, this, |vm, tree| tree.get(vm, &key))
}

fn put(vm: &mut Vm, this: Value, key: Value, value: Value) -> Result<(), Raised> {
    check_open(vm, this)?;
    let (key, value) = (vm.expect_bytes_like(key)?, vm.expect_bytes_like(value)?);
    with(vm, this, |vm, tree| tree.put(vm, &key, &value))
}

type Pair = (Vec<u8>, Vec<u8>);

/// Moves the cursor; the pair it is at then. It stays where there is none.
fn go(vm: &mut Vm, this: Value, to: i64, key: Value) -> Result<Option<Pair>, Raised> {
    let from = match (to, vm.native_field(this, CURSOR)) {
        (TO_KEY, _) if key.is_null() => return Err(vm.os_error(EINVAL)),
        (TO_KEY, _) => Some(vm.expect_bytes_like(key)?).filter(|key| !key.is_empty()),
        (TO_NEXT | TO_PREVIOUS, at) if !at.is_null() => Some(vm.expect_bytes_like(at)?),
        (TO_FIRST | TO_LAST | TO_NEXT | TO_PREVIOUS, _) => None,
        _ => return Err(vm.os_error(EINVAL)),
    };
    if to == TO_KEY && from.is_none() {
        // No place is before all keys.
        return Err(vm.os_error(EINVAL));
    }
    let found = with(vm, this, |vm, tree| {
        let spot = match &from {
            Some(key) if to == TO_PREVIOUS => tree.seek_before(vm, key),
            Some(key) => tree.seek(vm, key, to == TO_NEXT),
            None => tree.end(vm, matches!(to, TO_LAST | TO_PREVIOUS)),
        };
        match spot? {
            Some(spot) => tree.pair(vm, spot).map(Some),
            None => Ok(None),
        }
    })?;
    if let Some((key, _)) = &found {
        // In a file where keys are in no order, an iteration need not come to an end.
        let astray = from.is_some_and(|from| match to {
            TO_NEXT => *key <= from,
            TO_PREVIOUS => *key >= from,
            _ => *key < from,
        });
        if astray {
            return Err(vm.os_error(EINVAL));
        }
        let at = vm.new_bytes(key)?;
        vm.set_native_field(this, CURSOR, at);
    }
    Ok(found)
}

fn pair(vm: &mut Vm, key: &[u8], value: &[u8]) -> Res {
    let (key, value) = (vm.new_bytes(key)?, vm.new_bytes(value)?);
    vm.new_tuple(&[key, value])
}

/// Sets up the iteration that `iter` then begins.
fn begin(vm: &mut Vm, args: Args, kind: i64) -> Res {
    let this = vm.arg(args, 0);
    let given = |v: Value| if v.is_null() { Value::NONE } else { v };
    let flags = if args.n > 3 { vm.expect_int(vm.arg(args, 3))? & 0xff } else { 0 };
    vm.set_native_field(this, START, given(vm.arg(args, 1)));
    vm.set_native_field(this, END, given(vm.arg(args, 2)));
    vm.set_native_field(this, NEXT_FLAGS, Value::int(kind | flags));
    Ok(this)
}

fn iter(vm: &mut Vm, this: Value) -> Res {
    let mut flags = vm.native_field(this, NEXT_FLAGS);
    if flags == Value::int(0) {
        flags = Value::int(KEYS);
        vm.set_native_field(this, START, Value::NONE);
        vm.set_native_field(this, END, Value::NONE);
    }
    vm.set_native_field(this, FLAGS, flags);
    vm.set_native_field(this, NEXT_FLAGS, Value::int(0));
    Ok(this)
}

fn next(vm: &mut Vm, this: Value) -> Res {
    check_open(vm, this)?;
    let flags = vm.native_int(this, FLAGS);
    let descending = flags & DESCENDING != 0;
    let start = vm.native_field(this, START);
    let to = match start {
        Value::NULL if descending => TO_PREVIOUS,
        Value::NULL => TO_NEXT,
        Value::NONE if descending => TO_LAST,
        Value::NONE => TO_FIRST,
        _ => TO_KEY,
    };
    let found = go(vm, this, to, start)?;
    vm.set_native_field(this, START, Value::NULL);
    let Some((key, value)) = found else { return Ok(Value::STOP) };
    let end = vm.native_field(this, END);
    if end != Value::NONE {
        let end = vm.expect_bytes_like(end)?;
        let order = if descending { end.cmp(&key) } else { key.cmp(&end) };
        if order.is_gt() || order.is_eq() && flags & INCLUSIVE == 0 {
            return Ok(Value::STOP);
        }
    }
    match flags & ITEMS {
        KEYS => vm.new_bytes(&key),
        VALUES => vm.new_bytes(&value),
        _ => pair(vm, &key, &value),
    }
}

fn subscr(vm: &mut Vm, this: Value, key: Value, access: Access) -> Res {
    check_open(vm, this)?;
    let there = match access {
        Access::Store(value) => {
            put(vm, this, key, value)?;
            return Ok(Value::NONE);
        }
        Access::Load => match get(vm, this, key)? {
            Some(value) => return vm.new_bytes(&value),
            None => false,
        },
        Access::Delete => {
            let key = vm.expect_bytes_like(key)?;
            with(vm, this, |vm, tree| tree.delete(vm, &key))?
        }
    };
    if there { Ok(Value::NONE) } else { Err(vm.raise_value(types::KEY_ERROR, Value::NULL)) }
}

fn print(vm: &mut Vm, this: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let at = if is_open(vm, this) { this.as_ref().map_or(0, Ref::offset) } else { 0 };
    let text = if at == 0 { "<btree 0>".into() } else { format!("<btree 0x{at:x}>") };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}
