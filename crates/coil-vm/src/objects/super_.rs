//! `super`.

use crate::kinds::{self, instance};
use crate::qstr::Qstr;
use crate::rom::{Access, Args, PrintKind, TypeDef};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Tag, Value};

/// `super`
pub static SUPER: TypeDef = TypeDef {
    name: "super",
    new: Some(new),
    print: Some(print),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 2, 2)?;
    if vm.as_type(vm.arg(args, 0)).is_none() {
        return Err(vm.type_error("issubclass() arg 2 must be a class or a tuple of classes"));
    }
    let (class, this) = (vm.arg(args, 0), vm.arg(args, 1));
    let fits = vm.is_subclass(vm.type_of(this), class)
        || vm.as_type(this).is_some() && vm.is_subclass(this, class);
    if !fits {
        return Err(vm.new_type_error());
    }
    // `super().method()` takes no memory on the device.
    let r = vm.off_heap(|vm| vm.alloc_values(kinds::SUPER, 2))?;
    for i in 0..2 {
        let v = vm.arg(args, i);
        vm.heap.set(r, i, v);
    }
    Ok(r.into())
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let Some(r) = v.as_ref() else { return Ok(()) };
    out.extend_from_slice(b"<super: ");
    for i in 0..2 {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        let part = vm.heap.get(r, i);
        vm.print(part, out, PrintKind::Str)?;
    }
    out.push(b'>');
    Ok(())
}

impl Vm {
    /// An attribute seen through `super()`: callee and self.
    pub(crate) fn super_lookup(
        &mut self,
        v: Value,
        name: Qstr,
    ) -> Result<Option<(Value, Value)>, Raised> {
        let Some(s) = v.as_ref() else { return Ok(None) };
        let (class, this) = (self.heap.get(s, 0), self.heap.get(s, 1));
        let is_class = self.as_type(this).is_some();
        let own_class = if is_class { this } else { self.type_of(this) };
        let Some(found) = self.super_search(class, name) else {
            if let Some(f) = self.class_lookup(types::OBJECT.into(), name) {
                let (f, bound) = self.bind(f, this, own_class);
                return Ok(Some((f, bound)));
            }
            // Attributes that the built-in base computes.
            let native =
                self.as_ref_kind(this, kinds::INSTANCE).map(|r| self.heap.get(r, instance::NATIVE));
            return match native {
                Some(n) if !n.is_null() => self.load_method(n, name),
                _ => Ok(None),
            };
        };
        if self.as_ref_kind(found, kinds::PROPERTY).is_some() {
            // Not asked for its value, as on the device.
            return Ok(Some((found, Value::NULL)));
        }
        let (f, bound) = self.bind(found, if is_class { Value::NULL } else { this }, own_class);
        if let Some(n) = f.as_tagged(Tag::Native)
            && !bound.is_null()
            && self.rom.natives[n as usize].owner.is_some_and(|o| o != types::OBJECT.0)
            && let Some(r) = self.as_ref_kind(this, kinds::INSTANCE)
        {
            let native = self.heap.get(r, instance::NATIVE);
            if native.is_null() {
                return Err(
                    self.raise_args(types::ATTRIBUTE_ERROR, "call super().__init__() first")
                );
            }
            return Ok(Some((f, native)));
        }
        Ok(Some((f, bound)))
    }
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if access == Access::Load {
        return match vm.super_lookup(v, name)? {
            Some((f, this)) if this.is_null() => Ok(f),
            Some((f, this)) => vm.new_bound(f, this),
            None => Ok(Value::NULL),
        };
    }
    Ok(Value::NULL)
}
