//! Arrays of numbers; a bytearray is one too. What looks into them is in `array/`.

use crate::kinds;
use crate::objects::str::{STEP_ERROR, find, order, print_quoted_bytes, text::Text};
use crate::rom::{Access, Args, Binary, Item, ModuleDef, PrintKind, TypeDef, Unary, def};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::vec::Vec;
use coil_heap::{Header, Ref, Value};

pub(crate) mod buffer;
pub(crate) mod item;

pub use buffer::Buffer;
pub(crate) use item::item_size;

/// `array`
pub static ARRAY: TypeDef = TypeDef {
    name: "array",
    items: &[def("append(self, x)", append), def("extend(self, items)", extend)],
    new: Some(new),
    print: Some(print),
    unary: Some(unary),
    binary: Some(binary),
    subscr: Some(subscr),
    iter: Some(crate::objects::iter::sequence),
    ..TypeDef::EMPTY
};

/// The module `array`, for the table of a firmware.
pub static MODULE: ModuleDef =
    ModuleDef { name: "array", items: &[Item::Type("array", &ARRAY)], attr: None };

/// Bit of a memoryview's type code: it may be written to.
pub(crate) const WRITABLE: usize = 1 << 8;

/// Items that an append makes room for.
const GROWTH: usize = 8;

impl Vm {
    /// Makes an array of this type code (zero for a bytearray) from the bytes of its items.
    pub(crate) fn new_array(&mut self, code: u8, bytes: &[u8]) -> Res {
        let v = self.new_zeroed_array(code, bytes.len() / item_size(code))?;
        let r = v.as_ref().expect("an array is an object");
        let store = self.array_store(r);
        let n = self.heap.len(store).min(bytes.len());
        self.heap.bytes_mut(store)[..n].copy_from_slice(&bytes[..n]);
        Ok(v)
    }

    /// Makes an array of `n` items that are zero.
    pub(crate) fn new_zeroed_array(&mut self, code: u8, n: usize) -> Res {
        let bytes = n.saturating_mul(item_size(code));
        self.check_room(bytes)?;
        let mark = self.mark();
        let store = self.alloc_zeroed(kinds::STORE, bytes)?;
        let r = self.alloc(Header::new(kinds::ARRAY, code, 0, 2))?;
        self.heap.set(r, 0, Value::int(n as i64));
        self.heap.set(r, 1, store.into());
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// How many items.
    pub(crate) fn array_len(&self, r: Ref) -> usize {
        self.heap.get(r, 0).int_unchecked() as usize
    }

    /// Where the items are kept.
    pub(crate) fn array_store(&self, r: Ref) -> Ref {
        self.heap.get(r, 1).as_ref().expect("an array always has storage")
    }

    /// Makes room for `n` items.
    fn array_make_room(&mut self, r: Ref, n: usize) -> Result<(), Raised> {
        let bytes = n.saturating_mul(item_size(self.heap.header(r).flags()));
        let store = self.array_store(r);
        let old = self.heap.len(store);
        if bytes <= old {
            return Ok(());
        }
        self.check_room(bytes)?;
        let len = self.checked_len(bytes)?;
        if self.grow_in_place(store, len) {
            self.heap.bytes_mut(store)[old..].fill(0);
            return Ok(());
        }
        let mark = self.mark();
        self.root(r.into());
        let new = self.alloc_zeroed(kinds::STORE, bytes)?;
        self.heap.copy_bytes(store, 0, new, 0, old);
        self.heap.set(r, 1, new.into());
        self.heap.free(store);
        self.release(mark);
        Ok(())
    }

    /// Replaces `del` items from `at` by those in these bytes.
    fn array_splice(&mut self, r: Ref, at: usize, del: usize, bytes: &[u8]) -> Result<(), Raised> {
        let size = item_size(self.heap.header(r).flags());
        let (n, add) = (self.array_len(r), bytes.len() / size);
        let new_len = n - del + add;
        self.array_make_room(r, new_len)?;
        let store = self.array_store(r);
        let (from, to, tail) = ((at + del) * size, (at + add) * size, (n - at - del) * size);
        self.heap.copy_bytes(store, from, store, to, tail);
        let all = self.heap.bytes_mut(store);
        all[at * size..to].copy_from_slice(&bytes[..add * size]);
        if new_len < n {
            all[new_len * size..n * size].fill(0);
        }
        self.heap.set(r, 0, Value::int(new_len as i64));
        Ok(())
    }

    fn as_array(&self, v: Value) -> Option<Ref> {
        self.as_ref_kind(v, kinds::ARRAY)
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 1, 2)?;
    let code = vm.arg(args, 0);
    vm.expect_text(code)?;
    let code = vm.text(code).first().copied().unwrap_or(0);
    if !item::is_array_code(code) {
        return Err(vm.value_error("bad typecode"));
    }
    if args.n == 1 { vm.new_zeroed_array(code, 0) } else { construct(vm, code, vm.arg(args, 1)) }
}

/// Makes an array from bytes or from an iterable.
pub(crate) fn construct(vm: &mut Vm, code: u8, from: Value) -> Res {
    let raw = code == 0 || matches!(vm.text_kind(from), Some(Text::Bytes | Text::ByteArray));
    if raw && vm.buffer(from).is_some() {
        let bytes = vm.expect_bytes_like(from)?;
        return vm.new_array(code, &bytes);
    }
    let v = vm.new_zeroed_array(code, 0)?;
    let r = v.as_ref().expect("an array is an object");
    append_all(vm, r, from)?;
    Ok(v)
}

fn append_all(vm: &mut Vm, r: Ref, items: Value) -> Result<(), Raised> {
    let it = vm.iter(items)?;
    vm.root(it);
    loop {
        let mark = vm.mark();
        let x = vm.next(it)?;
        if x == Value::STOP {
            return Ok(());
        }
        vm.root(x);
        append_item(vm, r, x)?;
        vm.release(mark);
    }
}

fn append_item(vm: &mut Vm, r: Ref, x: Value) -> Result<(), Raised> {
    let code = vm.heap.header(r).flags();
    let bytes = item::encode(vm, code, x)?;
    let (n, size) = (vm.array_len(r), item_size(code));
    if (n + 1) * size > vm.heap.len(vm.array_store(r)) {
        vm.array_make_room(r, n + GROWTH)?;
    }
    let store = vm.array_store(r);
    vm.heap.bytes_mut(store)[n * size..(n + 1) * size].copy_from_slice(&bytes[..size]);
    vm.heap.set(r, 0, Value::int(n as i64 + 1));
    Ok(())
}

pub(crate) fn append(vm: &mut Vm, args: Args) -> Res {
    let Some(r) = vm.as_array(vm.arg(args, 0)) else {
        return Err(vm.type_error("argument has wrong type"));
    };
    append_item(vm, r, vm.arg(args, 1))?;
    Ok(Value::NONE)
}

pub(crate) fn extend(vm: &mut Vm, args: Args) -> Res {
    let Some(r) = vm.as_array(vm.arg(args, 0)) else {
        return Err(vm.type_error("argument has wrong type"));
    };
    extend_with(vm, r, vm.arg(args, 1))?;
    Ok(Value::NONE)
}

fn extend_with(vm: &mut Vm, r: Ref, items: Value) -> Result<(), Raised> {
    if vm.buffer(items).is_none() {
        return append_all(vm, r, items);
    }
    let bytes = vm.expect_bytes_like(items)?;
    let n = vm.array_len(r);
    vm.array_splice(r, n, 0, &bytes)
}

pub(crate) fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(b) = vm.buffer(v) else { return Ok(()) };
    if b.code == 0 {
        out.extend_from_slice(b"bytearray(b");
        print_quoted_bytes(vm.buffer_bytes(b), out);
        out.push(b')');
        return Ok(());
    }
    out.extend_from_slice(format!("array('{}'", char::from(b.code)).as_bytes());
    let size = item_size(b.code);
    for i in 0..b.len / size {
        out.extend_from_slice(if i == 0 { b", [" } else { b", " });
        let mark = vm.mark();
        let x = item::decode(vm, b, i)?;
        vm.print(x, out, PrintKind::Repr)?;
        vm.release(mark);
    }
    out.extend_from_slice(if b.len / size > 0 { b"])" } else { b")" });
    Ok(())
}

/// How many items an array or view has. A view of memory has as many as it was made with.
pub(crate) fn items(vm: &Vm, v: Value) -> usize {
    use crate::kinds::memoryview as view;
    if let Some(r) = vm.as_ref_kind(v, kinds::MEMORYVIEW)
        && vm.heap.get(r, view::OBJECT).is_int()
    {
        return vm.heap.get(r, view::LEN_ITEMS).int_unchecked() as usize;
    }
    vm.buffer(v).map_or(0, |b| b.len / item_size(b.code))
}

pub(crate) fn unary(vm: &mut Vm, op: Unary, v: Value) -> Res {
    let n = items(vm, v);
    Ok(match op {
        Unary::Bool => Value::bool(n != 0),
        Unary::Len => Value::int(n as i64),
        _ => Value::NULL,
    })
}

/// The type code that says whether bytes may be compared, and whether it is unsigned.
fn comparable(code: u8) -> (u8, bool) {
    let code = if code == 0 { b'B' } else { code };
    (code.to_ascii_lowercase(), code.is_ascii_uppercase())
}

fn is_array(vm: &Vm, v: Value) -> bool {
    vm.as_array(v).is_some_and(|r| vm.heap.header(r).flags() != 0)
}

pub(crate) fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let Some(this) = vm.buffer(a) else { return Ok(Value::NULL) };
    let is_view = vm.type_of(a) == types::MEMORYVIEW.into();
    match op {
        Binary::Add | Binary::IAdd if is_view => Ok(Value::NULL),
        Binary::Add => {
            let other = vm.expect_buffer(b)?;
            vm.check_room(this.len + other.len)?;
            let usable = other.len - other.len % item_size(this.code);
            let joined = [vm.buffer_bytes(this), &vm.buffer_bytes(other)[..usable]].concat();
            vm.new_array(this.code, &joined)
        }
        Binary::IAdd => {
            let Some(r) = vm.as_array(a) else { return Ok(Value::NULL) };
            extend_with(vm, r, b)?;
            Ok(a)
        }
        Binary::Contains => {
            if let Some(other) = vm.buffer(b) {
                let text = vm.type_of(a) == types::BYTEARRAY.into();
                return Ok(Value::bool(
                    text && find::find(vm.buffer_bytes(this), vm.buffer_bytes(other)).is_some(),
                ));
            }
            if b.is_int() || vm.as_ref_kind(b, kinds::BIGINT).is_some() || vm.as_float(b).is_some()
            {
                return Err(vm.raise_value(types::NOT_IMPLEMENTED_ERROR, Value::NULL));
            }
            Ok(Value::FALSE)
        }
        // Arrays equal nothing but arrays; bytearrays and views look into everything.
        Binary::Eq if is_array(vm, a) && !is_array(vm, b) => Ok(Value::NULL),
        Binary::Eq | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge => {
            let Some(other) = vm.buffer(b) else { return Ok(Value::FALSE) };
            let ((x, xu), (y, yu)) = (comparable(this.code), comparable(other.code));
            if x == y && x != b'f' && x != b'd' && (op == Binary::Eq || xu || yu) {
                return Ok(order(op, vm.buffer_bytes(this), vm.buffer_bytes(other)));
            }
            Err(vm.raise_value(types::NOT_IMPLEMENTED_ERROR, Value::NULL))
        }
        _ => Ok(Value::NULL),
    }
}

pub(crate) fn subscr(vm: &mut Vm, v: Value, index: Value, access: Access) -> Res {
    let Some(r) = vm.as_array(v) else { return Ok(Value::NULL) };
    if access == Access::Delete {
        return Ok(Value::NULL);
    }
    let code = vm.heap.header(r).flags();
    let (n, size) = (vm.array_len(r), item_size(code));
    if let Some(s) = vm.resolve_slice(index, n)? {
        if s.step != 1 {
            return Err(vm.raise_args(types::NOT_IMPLEMENTED_ERROR, STEP_ERROR));
        }
        let (start, end) = (s.start as usize, s.stop.max(s.start) as usize);
        if let Access::Store(value) = access {
            let bytes = assigned_bytes(vm, size, value)?;
            vm.array_splice(r, start, end - start, &bytes)?;
            return Ok(Value::NONE);
        }
        let part = vm.heap.bytes(vm.array_store(r))[start * size..end * size].to_vec();
        return vm.new_array(code, &part);
    }
    let what = if code == 0 { "bytearray" } else { "array" };
    let i = vm.resolve_index(index, n, what)?;
    if let Access::Store(value) = access {
        let bytes = item::encode(vm, code, value)?;
        let store = vm.array_store(r);
        if let Some(place) = vm.heap.bytes_mut(store).get_mut(i * size..(i + 1) * size) {
            place.copy_from_slice(&bytes[..size]);
        }
        return Ok(Value::NONE);
    }
    match vm.buffer(v) {
        Some(b) => item::decode(vm, b, i),
        None => Ok(Value::NULL),
    }
}

/// The bytes that are assigned to a slice of items of a size.
pub(crate) fn assigned_bytes(vm: &mut Vm, size: usize, value: Value) -> Result<Vec<u8>, Raised> {
    let is_array =
        matches!(value.as_ref().map(|r| vm.heap.kind(r)), Some(kinds::ARRAY | kinds::MEMORYVIEW));
    if !is_array && vm.text_kind(value) != Some(Text::Bytes) {
        return Err(
            vm.raise_args(types::NOT_IMPLEMENTED_ERROR, "array/bytes required on right side")
        );
    }
    let b = vm.expect_buffer(value)?;
    if item_size(b.code) != size {
        return Err(vm.value_error("lhs and rhs should be compatible"));
    }
    Ok(vm.buffer_bytes(b).to_vec())
}
