//! Attributes, items and iteration over built-in types and instances.

use crate::kinds::{self, instance};
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Unary};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use coil_heap::{Tag, Value};

impl Vm {
    /// An attribute as callee and self; nothing if there is none.
    pub fn load_method(&mut self, v: Value, name: Qstr) -> Result<Option<(Value, Value)>, Raised> {
        if let Some(r) = v.as_ref() {
            match self.heap.kind(r) {
                kinds::INSTANCE => return self.instance_lookup(r, name),
                kinds::SUPER => return self.super_lookup(v, name),
                _ => {}
            }
        }
        let computed = [names::name, names::bases, names::dict];
        if self.as_type(v).is_some()
            && !computed.contains(&name)
            && let Some(found) = self.class_member(v, name)?
        {
            return Ok(Some(found));
        }
        let class = self.type_of(v);
        let def = self.def_of(v);
        if let Some(attr) = def.attr {
            let found = attr(self, v, name, Access::Load)?;
            if !found.is_null() {
                return Ok(Some((found, Value::NULL)));
            }
        }
        if name == names::class {
            return Ok(Some((class, Value::NULL)));
        }
        // Attributes of a class are those of the class itself, found above; `type` has none.
        if self.as_type(v).is_some() {
            return Ok(None);
        }
        if name == names::next && (def.next.is_some()) && self.class_lookup(class, name).is_none() {
            let f = self.rom.builtins.get(names::next_builtin);
            return Ok(f.map(|f| (f, v)));
        }
        match self.class_lookup(class, name) {
            Some(found) => Ok(Some(self.bind(found, v, class))),
            None => Ok(None),
        }
    }

    /// `v.name`; null if there is none.
    pub fn get_attr_maybe(&mut self, v: Value, name: Qstr) -> Res {
        match self.load_method(v, name)? {
            None => Ok(Value::NULL),
            Some((f, this)) if this.is_null() => Ok(f),
            Some((f, this)) => self.new_bound(f, this),
        }
    }

    /// `v.name`
    pub fn get_attr(&mut self, v: Value, name: Qstr) -> Res {
        let found = self.get_attr_maybe(v, name)?;
        if found.is_null() { Err(self.attribute_error(v, name)) } else { Ok(found) }
    }

    /// `v.name = x` or `del v.name`
    pub fn set_attr(&mut self, v: Value, name: Qstr, access: Access) -> Result<(), Raised> {
        if let Some(r) = self.is_instance_value(v) {
            return self.instance_store(r, name, access);
        }
        if let Some(attr) = self.def_of(v).attr
            && !attr(self, v, name, access)?.is_null()
        {
            return Ok(());
        }
        Err(self.attribute_fixed_error(v, name))
    }

    // ---- items ----

    /// `v[key]`
    pub fn get_item(&mut self, v: Value, key: Value) -> Res {
        self.subscript(v, key, Access::Load)
    }

    /// `v[key] = x`
    pub fn set_item(&mut self, v: Value, key: Value, x: Value) -> Result<(), Raised> {
        self.subscript(v, key, Access::Store(x)).map(|_| ())
    }

    /// `v[key]`, `v[key] = x`, `del v[key]`
    pub fn subscript(&mut self, v: Value, key: Value, access: Access) -> Res {
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            let method = match access {
                Access::Load => names::getitem,
                Access::Store(_) => names::setitem,
                Access::Delete => names::delitem,
            };
            if let Some(f) =
                self.class_lookup(class, method).filter(|f| f.as_tagged(Tag::Native).is_none())
            {
                let (f, this) = self.bind(f, v, class);
                return match access {
                    Access::Store(x) => self.call_method(f, this, &[key, x]),
                    _ => self.call_method(f, this, &[key]),
                };
            }
            let native = self.native_of(r);
            if !native.is_null() && self.def_of(native).subscr.is_some() {
                return self.subscript(native, key, access);
            }
        } else if let Some(f) = self.def_of(v).subscr {
            let x = f(self, v, key, access)?;
            if !x.is_null() {
                return Ok(x);
            }
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&match access {
            Access::Load => format!("'{t}' object isn't subscriptable"),
            Access::Store(_) => format!("'{t}' object doesn't support item assignment"),
            Access::Delete => format!("'{t}' object doesn't support item deletion"),
        }))
    }

    // ---- iteration ----

    /// `iter(v)`
    pub fn iter(&mut self, v: Value) -> Res {
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            if let Some(f) =
                self.class_lookup(class, names::iter).filter(|f| f.as_tagged(Tag::Native).is_none())
            {
                let (f, this) = self.bind(f, v, class);
                return self.call_method(f, this, &[]);
            }
            let native = self.native_of(r);
            if !native.is_null() {
                let def = self.def_of(native);
                if def.iter.is_some() || def.next.is_some() {
                    return self.iter(native);
                }
            }
            // A `__getattr__` is asked as well.
            if self.load_method(v, names::getitem)?.is_some() {
                return self.getitem_iter(v);
            }
        } else {
            let def = self.def_of(v);
            if let Some(f) = def.iter {
                return f(self, v);
            }
            if def.next.is_some() {
                return Ok(v);
            }
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&format!("'{t}' object isn't iterable")))
    }

    /// `next(it)`; [`Value::STOP`] at the end.
    pub fn next(&mut self, it: Value) -> Res {
        self.returned = Value::NULL;
        if self.as_ref_kind(it, kinds::ITER).is_some() {
            return crate::objects::iter::next(self, it);
        }
        if let Some(r) = self.is_instance_value(it) {
            let class = self.heap.get(r, instance::CLASS);
            if let Some(f) = self.class_lookup(class, names::next) {
                let (f, this) = self.bind(f, it, class);
                return match self.call_method(f, this, &[]) {
                    Err(Raised) if self.exception_is(self.pending, types::STOP_ITERATION) => {
                        self.returned = self.exception_value(self.pending);
                        Ok(Value::STOP)
                    }
                    other => other,
                };
            }
        } else if let Some(f) = self.def_of(it).next {
            return f(self, it);
        }
        let t = self.type_name(it).to_string();
        Err(self.type_error(&format!("'{t}' object isn't an iterator")))
    }

    /// `len(v)`; nothing if the value has no length.
    pub(crate) fn len_if_any(&mut self, v: Value) -> Result<Option<i64>, Raised> {
        if let Some(r) = self.is_instance_value(v) {
            let class = self.heap.get(r, instance::CLASS);
            if self.class_lookup(class, names::len).is_none() {
                let native = self.native_of(r);
                return if native.is_null() { Ok(None) } else { self.len_if_any(native) };
            }
            return self.unary(Unary::Len, v).map(|n| n.as_int());
        }
        match self.def_of(v).unary {
            Some(f) => f(self, Unary::Len, v).map(|n| n.as_int()),
            None => Ok(None),
        }
    }

    /// Items of a list or tuple, without iterating.
    pub(crate) fn fast_items(&self, v: Value) -> Option<Vec<Value>> {
        let r = v.as_ref()?;
        match self.heap.kind(r) {
            kinds::LIST => Some(self.list_items(r)),
            kinds::TUPLE => self.tuple_items(v),
            _ => None,
        }
    }

    /// Everything an iterable gives, held as temporary roots.
    pub fn collect_iterable(&mut self, v: Value) -> Result<Vec<Value>, Raised> {
        if let Some(items) = self.fast_items(v) {
            for x in &items {
                self.root(*x);
            }
            return Ok(items);
        }
        let it = self.iter(v)?;
        self.root(it);
        if let Some(r) = self.as_ref_kind(it, kinds::GENERATOR) {
            return self.gather_all(r);
        }
        let mut items = Vec::new();
        loop {
            let mark = self.mark();
            let x = self.next(it)?;
            if x == Value::STOP {
                return Ok(items);
            }
            self.release_but(mark, x);
            self.check_gathered(items.len())?;
            items.push(x);
        }
    }

    /// Items of a list or tuple, as slice assignment takes them.
    pub(crate) fn sequence_items(&mut self, v: Value) -> Result<Vec<Value>, Raised> {
        if let Some(r) = self.as_list(v) {
            return Ok(self.list_items(r));
        }
        if let Some(items) = self.tuple_items(v) {
            return Ok(items);
        }
        let t = self.type_name(v).to_string();
        Err(self.type_error(&format!("object '{t}' isn't a tuple or list")))
    }
}
