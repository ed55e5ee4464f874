//! Names and methods that the firmware brings along, found without a search of tables.

use crate::kinds;
use crate::objects::map::Found;
use crate::ops::type_of_header;
use crate::qstr::Qstr;
use crate::rom::{Binding, Convention, NativeFn};
use crate::types::{self, Type};
use crate::vm::Vm;
use coil_heap::{Ref, Tag, Value};

/// Entries of the cache of built-in names.
const NAMES: usize = 64;

/// A built-in name as it was found from a module that has no global of that name.
#[derive(Clone, Copy, Debug)]
struct Entry {
    name: Qstr,
    globals: u32,
    /// How many globals there were: a new one may hide the name.
    used: Value,
    /// Globals may have been deleted since.
    epoch: u32,
    value: Value,
}

/// Built-in names that were looked up lately.
#[derive(Debug)]
pub(crate) struct NameCache([Entry; NAMES]);

impl Default for NameCache {
    fn default() -> Self {
        let none =
            Entry { name: Qstr(0), globals: 0, used: Value::NULL, epoch: 0, value: Value::NULL };
        Self([none; NAMES])
    }
}

impl Vm {
    /// A built-in name that this module's globals are known not to hide.
    #[inline(always)]
    pub(crate) fn cached_builtin(&self, globals: Ref, name: Qstr) -> Option<Value> {
        let e = &self.name_cache.0[name.0 as usize % NAMES];
        (e.name == name
            && e.globals == globals.offset()
            && e.epoch == self.epoch
            && e.used == self.heap.get(globals, 0))
        .then_some(e.value)
    }

    /// Keeps a built-in name that was not among these globals.
    pub(crate) fn cache_builtin(&mut self, globals: Ref, name: Qstr, value: Value) {
        let (used, epoch) = (self.heap.get(globals, 0), self.epoch);
        self.name_cache.0[name.0 as usize % NAMES] =
            Entry { name, globals: globals.offset(), used, epoch, value };
    }

    /// The code of a built-in function, if it takes `n` plain arguments and belongs to no type.
    #[inline(always)]
    pub(crate) fn plain_function(&self, number: u32, n: usize) -> Option<NativeFn> {
        let native = &self.rom.natives[number as usize];
        let plain = native.convention == Convention::Plain
            && native.owner.is_none()
            && n >= usize::from(native.min)
            && (n <= usize::from(native.max) || native.max == u16::MAX);
        plain.then_some(native.f)
    }

    /// The code of a method of a built-in object, if it takes `n` plain arguments, the object
    /// itself included, and nothing else has a say in the matter.
    #[inline(always)]
    pub(crate) fn plain_method(&mut self, v: Value, name: Qstr, n: usize) -> Option<NativeFn> {
        let t = match v.as_ref() {
            Some(r) => type_of_header(self.heap.header(r))?,
            None if v.as_qstr().is_some() => types::STR,
            None => return None,
        };
        self.method_of(t, name, n)
    }

    #[inline]
    fn method_of(&mut self, t: Type, name: Qstr, n: usize) -> Option<NativeFn> {
        if types::CORE[t.0 as usize].attr.is_some() {
            return None;
        }
        let number = self.class_lookup(t.into(), name)?.as_tagged(Tag::Native)?;
        let native = &self.rom.natives[number as usize];
        let plain = native.convention == Convention::Plain
            && native.binding == Binding::Method
            && native.owner == Some(t.0)
            && n >= usize::from(native.min)
            && (n <= usize::from(native.max) || native.max == u16::MAX);
        plain.then_some(native.f)
    }

    /// A member of a module of the firmware, if the module has no say in the matter.
    #[inline]
    pub(crate) fn rom_member(&self, v: Value, name: Qstr) -> Option<Value> {
        let module = &self.rom.modules[v.as_tagged(Tag::Module)? as usize];
        if module.def.attr.is_some() {
            return None;
        }
        module.attrs.get(name)
    }

    /// `v[key]` of a dict with a plain key, or of an array of numbers; null if it is not there or
    /// something has a say.
    #[inline(never)]
    pub(crate) fn plain_item(&mut self, v: Value, key: Value) -> Value {
        let Some(r) = self.as_ref_kind(v, kinds::DICT) else {
            return match key.as_int().and_then(|i| usize::try_from(i).ok()) {
                Some(i) => self.array_item(v, i).filter(|v| *v != Value::STOP).unwrap_or_default(),
                None => Value::NULL,
            };
        };
        match self.dict_map(r).find_plain(self, key) {
            Found::At(store, slot) => self.heap.get(store, slot * 2 + 1),
            _ => Value::NULL,
        }
    }

    /// `v[key] = x` of a dict that has this plain key; false if there is more to do.
    #[inline(never)]
    pub(crate) fn plain_store(&mut self, v: Value, key: Value, x: Value) -> bool {
        let Some(r) = self.as_ref_kind(v, kinds::DICT) else { return false };
        if self.heap.header(r).flags() != 0 {
            return false;
        }
        match self.dict_map(r).find_plain(self, key) {
            Found::At(store, slot) => {
                self.heap.set(store, slot * 2 + 1, x);
                true
            }
            _ => false,
        }
    }
}
