//! Classes and their instances: creation, attribute lookup, descriptors.
//!
//! As in the reference, lookup goes depth first through the bases, left to right, and `object` is
//! not a real ancestor.

use crate::kinds::{self, class, instance};
use crate::objects::map::Map;
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Args, Binding, PrintKind, TypeDef};
use crate::types;
use crate::vm::{CACHE, CacheEntry, Raised, Res, Vm};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_heap::{Ref, Tag, Value};

/// `type`
pub static TYPE: TypeDef = TypeDef {
    name: "type",
    new: Some(new),
    call: Some(call),
    print: Some(print),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

/// Ancestors deeper than this are not looked at.
const DEPTH_MAX: u32 = 32;
/// Slots that a new instance's table of attributes starts with, at most.
const MEMBERS_MAX: usize = 16;

impl Vm {
    /// Whether a value is a class, built-in or not; gives it back.
    #[inline]
    pub fn as_type(&self, v: Value) -> Option<Value> {
        (v.as_tagged(Tag::Type).is_some() || self.as_ref_kind(v, kinds::CLASS).is_some())
            .then_some(v)
    }

    /// The name of a class.
    pub fn class_name(&self, class: Value) -> &str {
        if let Some(n) = class.as_tagged(Tag::Type) {
            return self.rom.types[n as usize].def.name;
        }
        match self
            .as_ref_kind(class, kinds::CLASS)
            .and_then(|r| self.heap.get(r, class::NAME).as_qstr())
        {
            Some(q) => self.names.text(Qstr(q)),
            None => "?",
        }
    }

    /// The name of a value's class.
    pub fn type_name(&self, v: Value) -> &str {
        self.class_name(self.type_of(v))
    }

    /// The built-in type that a class rests on; null if it rests on none but `object`.
    pub fn native_base(&self, class: Value) -> Value {
        if class.as_tagged(Tag::Type).is_some() {
            return class;
        }
        self.as_ref_kind(class, kinds::CLASS)
            .map_or(Value::NULL, |r| self.heap.get(r, class::NATIVE))
    }

    /// Whether `a` is `b` or derives from it.
    pub fn is_subclass(&self, a: Value, b: Value) -> bool {
        self.derives(a, b, 0)
    }

    fn derives(&self, a: Value, b: Value, depth: u32) -> bool {
        if a == b || b == types::OBJECT.into() {
            return true;
        }
        if depth > DEPTH_MAX {
            return false;
        }
        if let Some(n) = a.as_tagged(Tag::Type) {
            return self.rom.types[n as usize]
                .base
                .is_some_and(|base| self.derives(Value::immediate(Tag::Type, base), b, depth + 1));
        }
        let Some(r) = self.as_ref_kind(a, kinds::CLASS) else { return false };
        let bases = self.heap.get(r, class::BASES);
        let n = self.as_tuple(bases).map_or(0, |t| t.2);
        (0..n).any(|i| self.derives(self.tuple_item(bases, i), b, depth + 1))
    }

    /// `isinstance(v, class)`; a tuple of classes will do.
    pub fn is_instance(&mut self, v: Value, class: Value) -> Result<bool, Raised> {
        if let Some(classes) = self.tuple_items(class) {
            // What is no class in there is passed over.
            let class = self.type_of(v);
            return Ok(classes.into_iter().any(|c| self.is_subclass(class, c)));
        }
        if self.as_type(class).is_none() {
            return Err(self.type_error("issubclass() arg 2 must be a class or a tuple of classes"));
        }
        Ok(self.is_subclass(self.type_of(v), class))
    }

    /// Says that attributes of classes or globals changed: caches start anew.
    #[inline]
    pub fn bump_epoch(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// An entry of a class's own dict.
    pub fn class_dict_get(&self, class: Value, name: Qstr) -> Option<Value> {
        let r = self.as_ref_kind(class, kinds::CLASS)?;
        self.dict_get(self.heap.get(r, class::DICT), name)
    }

    /// An attribute of a class or its ancestors, as it stands there.
    #[inline]
    pub fn class_lookup(&mut self, class: Value, name: Qstr) -> Option<Value> {
        let at = ((class.bits() >> 5) as usize ^ (class.bits() >> 32) as usize ^ name.0 as usize)
            % CACHE;
        let e = &self.cache[at];
        if e.owner == class && e.name == name && e.epoch == self.epoch {
            return if e.value.is_null() { None } else { Some(e.value) };
        }
        let found = self.class_search(class, name, 0);
        self.cache[at] = CacheEntry {
            owner: class,
            name,
            epoch: self.epoch,
            value: found.unwrap_or(Value::NULL),
        };
        found
    }

    fn class_search(&self, class: Value, name: Qstr, depth: u32) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        if let Some(n) = class.as_tagged(Tag::Type) {
            let t = &self.rom.types[n as usize];
            return t.attrs.get(name).or_else(|| {
                t.base.and_then(|b| {
                    self.class_search(Value::immediate(Tag::Type, b), name, depth + 1)
                })
            });
        }
        let r = self.as_ref_kind(class, kinds::CLASS)?;
        if let Some(v) = self.dict_get(self.heap.get(r, class::DICT), name) {
            return Some(v);
        }
        self.bases_search(r, name, depth)
    }

    fn bases_search(&self, r: Ref, name: Qstr, depth: u32) -> Option<Value> {
        let bases = self.heap.get(r, class::BASES);
        let n = self.as_tuple(bases).map_or(0, |t| t.2);
        (0..n)
            .map(|i| self.tuple_item(bases, i))
            .filter(|&b| b != types::OBJECT.into())
            .find_map(|b| self.class_search(b, name, depth + 1))
    }

    /// An attribute of the ancestors of a class, the class itself left out: what `super()` sees.
    pub(crate) fn super_search(&self, class: Value, name: Qstr) -> Option<Value> {
        if let Some(n) = class.as_tagged(Tag::Type) {
            let base = self.rom.types[n as usize].base?;
            return self.class_search(Value::immediate(Tag::Type, base), name, 1);
        }
        self.bases_search(self.as_ref_kind(class, kinds::CLASS)?, name, 0)
    }

    /// What an attribute found in a class is when seen through an instance or the class: a callee
    /// and the self to give it (null for none).
    pub(crate) fn bind(&self, found: Value, this: Value, class: Value) -> (Value, Value) {
        if let Some(r) = found.as_ref() {
            return match self.heap.kind(r) {
                kinds::FUNCTION if !this.is_null() => (found, this),
                kinds::STATIC => (self.heap.get(r, 0), Value::NULL),
                kinds::CLASSMETHOD => (self.heap.get(r, 0), class),
                _ => (found, Value::NULL),
            };
        }
        if let Some(n) = found.as_tagged(Tag::Native) {
            let native = &self.rom.natives[n as usize];
            return match native.binding {
                // A built-in function as a class attribute of a program does not bind.
                Binding::Method if !this.is_null() && native.owner.is_some() => (found, this),
                Binding::Class => (found, class),
                _ => (found, Value::NULL),
            };
        }
        (found, Value::NULL)
    }

    /// Makes an instance without calling anything.
    pub fn new_instance(&mut self, class: Value) -> Res {
        let mark = self.mark();
        let r = self.alloc_values(kinds::INSTANCE, instance::LEN)?;
        self.heap.set(r, instance::CLASS, class);
        self.heap.set(r, instance::MEMBERS, Value::int(0));
        if let Some(c) = self.as_ref_kind(class, kinds::CLASS)
            && self.heap.get(c, class::FLAGS).int_unchecked() & class::FLAG_DEL != 0
        {
            self.heap.add_finaliser(r);
        }
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// The table of an instance's own attributes.
    #[inline(always)]
    pub fn members(&self, r: Ref) -> Map {
        Map { holder: r, at: instance::MEMBERS, ordered: false }
    }

    /// Makes the built-in part of an instance of a class that derives from a built-in type.
    pub(crate) fn init_native_base(
        &mut self,
        r: Ref,
        class: Value,
        args: Args,
    ) -> Result<(), Raised> {
        let native = self.native_base(class);
        if let Some(n) = Self::type_number(native)
            && let Some(new) = self.rom.types[n as usize].def.new
        {
            let v = new(self, native, args)?;
            self.heap.set(r, instance::NATIVE, v);
        }
        Ok(())
    }

    /// Sets or deletes an instance's own attribute, past any `__setattr__` or descriptor.
    pub(crate) fn instance_set_plain(
        &mut self,
        r: Ref,
        name: Qstr,
        access: Access,
    ) -> Result<(), Raised> {
        let map = self.members(r);
        match access {
            Access::Store(v) => {
                if let Some(slot) = map.find_qstr(self, name) {
                    map.set_value(self, slot, v);
                    return Ok(());
                }
                self.note_attr_name(name);
                self.add_member(map, name, v)
            }
            _ => match map.find_qstr(self, name) {
                Some(slot) => {
                    map.remove_slot(self, slot);
                    Ok(())
                }
                None => Err(self.attribute_error(r.into(), name)),
            },
        }
    }

    /// Adds an attribute that is not there. The table of a new instance is made as large as those
    /// of its class came to be.
    fn add_member(&mut self, map: Map, name: Qstr, v: Value) -> Result<(), Raised> {
        let class = self.as_ref_kind(self.heap.get(map.holder, instance::CLASS), kinds::CLASS);
        let Some(class) = class else { return map.put(self, name.into(), v) };
        let mark = self.mark();
        self.root(v);
        let wanted = self.heap.get(class, class::MEMBERS).int_unchecked() as usize;
        if wanted > 0 && map.store(self).is_none() {
            self.root(map.holder.into());
            map.reserve(self, wanted)?;
        }
        if !map.add_qstr(self, name, v) {
            map.put(self, name.into(), v)?;
            let slots = map.slots(self).min(MEMBERS_MAX);
            if slots > wanted {
                self.heap.set(class, class::MEMBERS, Value::int(slots as i64));
            }
        }
        self.release(mark);
        Ok(())
    }

    /// Remembers that some instance has an attribute of this name.
    fn note_attr_name(&mut self, name: Qstr) {
        let i = name.0 as usize;
        if self.attr_names.len() <= i {
            self.attr_names.resize(i + 64, false);
        }
        self.attr_names[i] = true;
    }

    /// Whether any instance may have an own attribute of this name.
    #[inline(always)]
    pub(crate) fn may_be_member(&self, name: Qstr) -> bool {
        self.attr_names.get(name.0 as usize).copied().unwrap_or(false)
    }

    /// An attribute of an instance: callee and self, or nothing.
    pub(crate) fn instance_lookup(
        &mut self,
        r: Ref,
        name: Qstr,
    ) -> Result<Option<(Value, Value)>, Raised> {
        if self.may_be_member(name)
            && let Some(v) = self.members(r).get_qstr(self, name)
        {
            return Ok(Some((v, Value::NULL)));
        }
        let class = self.heap.get(r, instance::CLASS);
        if name == names::class {
            return Ok(Some((class, Value::NULL)));
        }
        if name == names::dict {
            return self.members_dict(r).map(|d| Some((d, Value::NULL)));
        }
        if let Some(found) = self.class_lookup(class, name) {
            if let Some(p) = self.as_ref_kind(found, kinds::PROPERTY) {
                let getter = self.heap.get(p, 0);
                if getter == Value::NONE {
                    return Err(self.raise_args(types::ATTRIBUTE_ERROR, "unreadable attribute"));
                }
                return self.call(getter, &[r.into()]).map(|v| Some((v, Value::NULL)));
            }
            let native = self.heap.get(r, instance::NATIVE);
            let bound = self.bind(found, r.into(), class);
            if let Some(n) = found.as_tagged(Tag::Native)
                && self.rom.natives[n as usize].owner.is_some_and(|o| o != types::OBJECT.0)
                && !bound.1.is_null()
            {
                if native.is_null() {
                    return Err(
                        self.raise_args(types::ATTRIBUTE_ERROR, "call super().__init__() first")
                    );
                }
                return Ok(Some((bound.0, native)));
            }
            if self.as_ref_kind(found, kinds::INSTANCE).is_some() {
                return self.descriptor_get(found, r.into(), class).map(|v| Some((v, Value::NULL)));
            }
            return Ok(Some(bound));
        }
        let native = self.heap.get(r, instance::NATIVE);
        if !native.is_null()
            && let Some(m) = self.load_method(native, name)?
        {
            return Ok(Some(m));
        }
        if let Some(f) = self.class_lookup(class, names::getattr_) {
            // `__getattr__` is for names that nothing else knows, and never for its own kind.
            let (f, this) = self.bind(f, r.into(), class);
            let this = if this.is_null() { Value::from(r) } else { this };
            return match self.call(f, &[this, name.into()]) {
                Ok(v) => Ok(Some((v, Value::NULL))),
                Err(Raised) => Err(Raised),
            };
        }
        Ok(None)
    }

    fn descriptor_get(&mut self, found: Value, this: Value, class: Value) -> Res {
        let r = found.as_ref().expect("the caller saw an instance");
        let kind = self.heap.get(r, instance::CLASS);
        match self.class_lookup(kind, names::get) {
            Some(get) => {
                let (f, s) = self.bind(get, found, kind);
                self.call_method(f, s, &[this, class])
            }
            None => Ok(found),
        }
    }

    fn members_dict(&mut self, r: Ref) -> Res {
        let dict = self.new_dict(0)?;
        let (map, mut at) = (self.members(r), 0);
        let copy = self.as_dict(dict).expect("just made");
        while let Some(slot) = map.next_slot(self, at) {
            let (k, v) = (map.key(self, slot), map.value(self, slot));
            copy.put(self, k, v)?;
            at = slot + 1;
        }
        self.fix_dict(dict);
        Ok(dict)
    }

    /// Sets or deletes an attribute of an instance, with properties, descriptors and `__setattr__`.
    pub(crate) fn instance_store(
        &mut self,
        r: Ref,
        name: Qstr,
        access: Access,
    ) -> Result<(), Raised> {
        let class = self.heap.get(r, instance::CLASS);
        let special = self.as_ref_kind(class, kinds::CLASS).is_some_and(|c| {
            self.heap.get(c, class::FLAGS).int_unchecked() & class::FLAG_SPECIAL != 0
        });
        if special && self.store_special(r, class, name, access)? {
            return Ok(());
        }
        self.instance_set_plain(r, name, access)
    }

    fn store_special(
        &mut self,
        r: Ref,
        class: Value,
        name: Qstr,
        access: Access,
    ) -> Result<bool, Raised> {
        if let Some(found) = self.class_lookup(class, name) {
            if let Some(p) = self.as_ref_kind(found, kinds::PROPERTY) {
                let f = self.heap.get(p, if access == Access::Delete { 2 } else { 1 });
                if f == Value::NONE {
                    return Err(self.attribute_error(r.into(), name));
                }
                match access {
                    Access::Store(v) => self.call(f, &[r.into(), v])?,
                    _ => self.call(f, &[r.into()])?,
                };
                return Ok(true);
            }
            if let Some(d) = self.as_ref_kind(found, kinds::INSTANCE) {
                let kind = self.heap.get(d, instance::CLASS);
                let method = if access == Access::Delete { names::delete } else { names::set };
                if let Some(f) = self.class_lookup(kind, method) {
                    match access {
                        Access::Store(v) => self.call(f, &[found, r.into(), v])?,
                        _ => self.call(f, &[found, r.into()])?,
                    };
                    return Ok(true);
                }
            }
        }
        let hook = if access == Access::Delete { names::delattr_ } else { names::setattr_ };
        if let Some(f) = self.class_lookup(class, hook) {
            match access {
                Access::Store(v) => self.call(f, &[r.into(), name.into(), v])?,
                _ => self.call(f, &[r.into(), name.into()])?,
            };
            return Ok(true);
        }
        Ok(false)
    }

    /// Makes a class.
    pub fn new_class(&mut self, name: Qstr, bases: Value, dict: Value) -> Res {
        let items = self.tuple_items(bases).unwrap_or_default();
        let mut native = Value::NULL;
        let mut flags = 0;
        let mut native_bases = 0;
        for b in items {
            if self.as_type(b).is_none() {
                return Err(self.new_type_error());
            }
            if let Some(c) = self.as_ref_kind(b, kinds::CLASS) {
                let of_base = self.heap.get(c, class::FLAGS).int_unchecked();
                flags |= of_base & !class::FLAG_SUBCLASSED;
                let marked = Value::int(of_base | class::FLAG_SUBCLASSED);
                self.heap.set(c, class::FLAGS, marked);
            } else if b != types::OBJECT.into() {
                let n = Self::type_number(b).expect("a class is one or the other");
                if self.rom.types[n as usize].def.new.is_none() && b != types::NAMEDTUPLE.into() {
                    let text =
                        format!("type '{}' isn't an acceptable base type", self.class_name(b));
                    return Err(self.type_error(&text));
                }
            }
            native_bases += self.count_native_bases(b, 0);
            let base = self.native_base(b);
            if !base.is_null() && base != types::OBJECT.into() {
                native = base;
            }
        }
        if native_bases > 1 {
            return Err(self.type_error("multiple bases have instance lay-out conflict"));
        }
        for (k, v) in self.dict_entries(dict) {
            flags |= Self::class_flags(k, v, self);
        }
        let mark = self.mark();
        let r = self.alloc_values(kinds::CLASS, class::LEN)?;
        let fields = [name.into(), bases, dict, Value::int(flags), native, Value::int(0)];
        for (i, v) in fields.into_iter().enumerate() {
            self.heap.set(r, i, v);
        }
        self.release_but(mark, r.into());
        self.bump_epoch();
        self.wrap_new(dict)?;
        self.tell_names(r.into(), dict)?;
        Ok(r.into())
    }

    /// On how many ways a class comes from a built-in type.
    fn count_native_bases(&self, class: Value, depth: u32) -> usize {
        let Some(r) = self.as_ref_kind(class, kinds::CLASS) else {
            return usize::from(class != types::OBJECT.into());
        };
        if self.heap.get(r, class::NATIVE).is_null() || depth > DEPTH_MAX {
            return 0;
        }
        let bases = self.tuple_items(self.heap.get(r, class::BASES)).unwrap_or_default();
        bases.into_iter().map(|b| self.count_native_bases(b, depth + 1)).sum()
    }

    /// What a class attribute says about how its instances are to be treated.
    fn class_flags(key: Value, v: Value, vm: &Self) -> i64 {
        let mut flags = 0;
        if key == names::setattr_.into() || key == names::delattr_.into() {
            flags |= class::FLAG_SPECIAL;
        }
        if key == names::del_.into() {
            flags |= class::FLAG_DEL;
        }
        if let Some(r) = v.as_ref() {
            let special = vm.heap.kind(r) == kinds::PROPERTY
                || vm.heap.kind(r) == kinds::INSTANCE && {
                    let c = vm.heap.get(r, instance::CLASS);
                    vm.class_search(c, names::set, 0).is_some()
                        || vm.class_search(c, names::delete, 0).is_some()
                };
            if special {
                flags |= class::FLAG_SPECIAL;
            }
        }
        flags
    }

    /// `__new__` is a static method without being told so.
    fn wrap_new(&mut self, dict: Value) -> Result<(), Raised> {
        if let Some(f) = self.dict_get(dict, names::new)
            && self.as_ref_kind(f, kinds::FUNCTION).is_some()
        {
            let s = self.alloc_values(kinds::STATIC, 1)?;
            self.heap.set(s, 0, f);
            self.dict_put(dict, names::new, s.into())?;
        }
        Ok(())
    }

    fn tell_names(&mut self, class: Value, dict: Value) -> Result<(), Raised> {
        for (k, v) in self.dict_entries(dict) {
            if let Some(r) = self.as_ref_kind(v, kinds::INSTANCE) {
                let kind = self.heap.get(r, instance::CLASS);
                if let Some(f) = self.class_lookup(kind, names::set_name) {
                    self.call(f, &[v, class, k])?;
                }
            }
        }
        Ok(())
    }

    /// TypeError of an `__init__` that returned something.
    #[cold]
    pub(crate) fn init_returned(&mut self, v: Value) -> Raised {
        let t = self.type_name(v).to_string();
        self.type_error(&format!("__init__() should return None, not '{t}'"))
    }

    /// Makes an instance of a class with these arguments: `__new__`, `__init__`.
    pub(crate) fn instantiate(&mut self, class: Value, args: Args) -> Res {
        let native = self.native_base(class);
        if native == types::NAMEDTUPLE.into() {
            return crate::objects::tuple::new_named(self, class, args);
        }
        let made = match self.class_lookup(class, names::new) {
            Some(f) if f.as_tagged(Tag::Native).is_none() => {
                let (f, _) = self.bind(f, Value::NULL, class);
                let v = self.call_with_first(f, class, args)?;
                if self.type_of(v) != class {
                    return Ok(v);
                }
                v
            }
            _ => self.new_instance(class)?,
        };
        let mark = self.mark();
        self.root(made);
        let init =
            self.class_lookup(class, names::init).filter(|f| f.as_tagged(Tag::Native).is_none());
        if let Some(f) = init {
            let (f, this) = self.bind(f, made, class);
            let given = if this.is_null() {
                self.call_args(f, args)?
            } else {
                self.call_with_first(f, this, args)?
            };
            if given != Value::NONE {
                return Err(self.init_returned(given));
            }
        }
        if let Some(r) = self.as_ref_kind(made, kinds::INSTANCE)
            && !native.is_null()
            && self.heap.get(r, instance::NATIVE).is_null()
        {
            self.init_native_base(r, class, args)?;
        }
        self.release_but(mark, made);
        Ok(made)
    }
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    match args.n {
        0 => Err(vm.arg_count_error(0, 1, 3)),
        1 => Ok(vm.type_of(vm.arg(args, 0))),
        3 => {
            let name = vm.expect_name(vm.arg(args, 0))?;
            if vm.as_tuple(vm.arg(args, 1)).is_none() || vm.as_dict(vm.arg(args, 2)).is_none() {
                return Err(vm.new_type_error());
            }
            vm.new_class(name, vm.arg(args, 1), vm.arg(args, 2))
        }
        _ => Err(vm.type_error("type takes 1 or 3 arguments")),
    }
}

fn call(vm: &mut Vm, class: Value, args: Args) -> Res {
    let Some(n) = Vm::type_number(class) else { return vm.instantiate(class, args) };
    match vm.rom.types[n as usize].def.new {
        Some(f) => f(vm, class, args),
        None => {
            let name: String = vm.class_name(class).to_string();
            Err(vm.type_error(&format!("can't create '{name}' instances")))
        }
    }
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    out.extend_from_slice(b"<class '");
    out.extend_from_slice(vm.class_name(v).as_bytes());
    out.extend_from_slice(b"'>");
    Ok(())
}

fn attr(vm: &mut Vm, class: Value, name: Qstr, access: Access) -> Res {
    if access != Access::Load {
        return store(vm, class, name, access);
    }
    if name == names::name {
        let text = vm.class_name(class).to_string();
        return Ok(vm.intern(&text).into());
    }
    if let Some(r) = vm.as_ref_kind(class, kinds::CLASS) {
        if name == names::bases {
            let bases = vm.heap.get(r, class::BASES);
            let none = vm.as_tuple(bases).is_none_or(|t| t.2 == 0);
            return if none { vm.new_tuple(&[types::OBJECT.into()]) } else { Ok(bases) };
        }
        if name == names::dict {
            return vm.fixed_copy(vm.heap.get(r, class::DICT));
        }
    } else if name == names::dict {
        return vm.fixed_dict_of(class);
    } else if name == names::bases {
        let base = Vm::type_number(class).and_then(|n| vm.rom.types[n as usize].base);
        let base = base.map_or(types::OBJECT.into(), |b| Value::immediate(Tag::Type, b));
        return if class == types::OBJECT.into() {
            vm.new_tuple(&[])
        } else {
            vm.new_tuple(&[base])
        };
    }
    match vm.class_member(class, name)? {
        None => Ok(Value::NULL),
        Some((f, this)) if this.is_null() => Ok(f),
        Some((f, this)) => vm.new_bound(f, this),
    }
}

impl Vm {
    /// An attribute of a class that it or a base was given: callee and self, which is null unless
    /// it is a class method.
    pub(crate) fn class_member(
        &mut self,
        class: Value,
        name: Qstr,
    ) -> Result<Option<(Value, Value)>, Raised> {
        // A descriptor is not asked here, as in the reference.
        let found = self.class_lookup(class, name);
        Ok(found.map(|found| self.bind(found, Value::NULL, class)))
    }
}

fn store(vm: &mut Vm, class: Value, name: Qstr, access: Access) -> Res {
    let Some(r) = vm.as_ref_kind(class, kinds::CLASS) else { return Ok(Value::NULL) };
    let dict = vm.heap.get(r, class::DICT);
    vm.bump_epoch();
    match access {
        Access::Store(v) => {
            let (old, new) =
                (vm.heap.get(r, class::FLAGS).int_unchecked(), Vm::class_flags(name.into(), v, vm));
            if new & !old & class::FLAG_SPECIAL != 0 && old & class::FLAG_SUBCLASSED != 0 {
                // Instances of the classes that derive from it would not notice.
                let text = "can't add special method to already-subclassed class";
                return Err(vm.raise_args(types::ATTRIBUTE_ERROR, text));
            }
            let flags = old | new;
            vm.heap.set(r, class::FLAGS, Value::int(flags));
            vm.dict_put(dict, name, v)?;
        }
        _ => {
            let map = vm.as_dict(dict).expect("a class has a dict");
            match map.find_qstr(vm, name) {
                Some(slot) => map.remove_slot(vm, slot),
                None => return Ok(Value::NULL),
            }
        }
    }
    Ok(Value::NONE)
}
