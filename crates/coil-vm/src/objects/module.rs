//! Modules: loaded ones with a dict, and the firmware's own.

use crate::kinds;
use crate::qstr::{Qstr, names};
use crate::rom::{Access, Binding, PrintKind, RomMap, TypeDef};
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::{Tag, Value};

/// `module`
pub static MODULE: TypeDef =
    TypeDef { name: "module", print: Some(print), attr: Some(attr), ..TypeDef::EMPTY };

impl Vm {
    /// Makes an empty module.
    pub fn new_module(&mut self, name: Qstr) -> Res {
        let mark = self.mark();
        let dict = self.new_dict(2)?;
        self.dict_put(dict, names::name, name.into())?;
        let r = self.alloc_values(kinds::MODULE, 2)?;
        self.heap.set(r, 0, name.into());
        self.heap.set(r, 1, dict);
        self.release_but(mark, r.into());
        Ok(r.into())
    }

    /// The dict of a loaded module.
    pub fn module_dict(&self, module: Value) -> Option<Value> {
        self.as_ref_kind(module, kinds::MODULE).map(|r| self.heap.get(r, 1))
    }

    /// The name of a module.
    pub fn module_name(&self, module: Value) -> Option<Qstr> {
        if let Some(n) = module.as_tagged(Tag::Module) {
            return Some(self.rom.modules[n as usize].name);
        }
        let r = self.as_ref_kind(module, kinds::MODULE)?;
        let name = self.dict_get(self.heap.get(r, 1), names::name).unwrap_or(self.heap.get(r, 0));
        name.as_qstr().map(Qstr)
    }

    /// All public and private names of a module.
    pub fn module_names(&self, module: Value) -> Vec<Value> {
        if let Some(n) = module.as_tagged(Tag::Module) {
            if self.rom.modules[n as usize].name == names::builtins {
                return self.builtin_names();
            }
            let mut all = alloc::vec![Value::from(names::name)];
            all.extend(self.rom.modules[n as usize].attrs.names().iter().map(|&q| Value::from(q)));
            return all;
        }
        self.module_dict(module)
            .map_or_else(Vec::new, |d| self.dict_entries(d).into_iter().map(|e| e.0).collect())
    }

    /// The language's own names, and those that the program has put beside them.
    fn builtin_names(&self) -> Vec<Value> {
        let mut all: Vec<_> = self.rom.builtins.names().iter().map(|&q| Value::from(q)).collect();
        for (name, _) in self.dict_entries(self.builtins_override) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    /// What `help()` lists: the content of a module or class, or that of a value's class, as it
    /// is there.
    pub fn own_attributes(&self, v: Value) -> Vec<(Value, Value)> {
        if let Some(n) = v.as_tagged(Tag::Module) {
            let module = &self.rom.modules[n as usize];
            if module.name == names::builtins {
                return rom_attributes(&self.rom.builtins);
            }
            let mut all = alloc::vec![(names::name.into(), module.name.into())];
            all.extend(rom_attributes(&module.attrs));
            return all;
        }
        if let Some(dict) = self.module_dict(v) {
            return self.dict_entries(dict);
        }
        let class = self.as_type(v).unwrap_or_else(|| self.type_of(v));
        match self.as_ref_kind(class, kinds::CLASS) {
            Some(r) => self.dict_entries(self.heap.get(r, kinds::class::DICT)),
            None => Self::type_number(class)
                .map_or_else(Vec::new, |n| rom_attributes(&self.rom.types[n as usize].attrs)),
        }
    }

    /// What a module or type of the firmware has, as a dict that cannot be changed.
    pub(crate) fn fixed_dict_of(&mut self, v: Value) -> Res {
        let dict = self.new_dict(0)?;
        let map = self.as_dict(dict).expect("just made");
        for (name, x) in self.own_attributes(v) {
            map.put(self, name, x)?;
        }
        self.fix_dict(dict);
        Ok(dict)
    }

    /// How a function of the firmware binds as an attribute of a class.
    pub fn native_binding(&self, f: Value) -> Option<Binding> {
        f.as_tagged(Tag::Native).map(|n| self.rom.natives[n as usize].binding)
    }
}

fn rom_attributes(attrs: &RomMap) -> Vec<(Value, Value)> {
    attrs.names().iter().filter_map(|&q| attrs.get(q).map(|v| (q.into(), v))).collect()
}

fn print(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let name = vm.module_name(v).unwrap_or(Qstr(0));
    out.extend_from_slice(b"<module '");
    out.extend_from_slice(vm.names.get(name));
    if let Some(file) = vm.module_dict(v).and_then(|d| vm.dict_get(d, names::file)) {
        out.extend_from_slice(b"' from '");
        vm.print(file, out, PrintKind::Str)?;
    }
    out.extend_from_slice(b"'>");
    Ok(())
}

fn attr(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if let Some(n) = v.as_tagged(Tag::Module) {
        let rom = vm.rom.clone();
        let module = &rom.modules[n as usize];
        if let Some(f) = module.def.attr {
            let found = f(vm, name, access)?;
            if !found.is_null() {
                return Ok(found);
            }
        }
        if access == Access::Load && name == names::dict {
            return vm.fixed_dict_of(v);
        }
        return Ok(match access {
            Access::Load if name == names::name => module.name.into(),
            Access::Load => module.attrs.get(name).unwrap_or(Value::NULL),
            _ => Value::NULL,
        });
    }
    let Some(dict) = vm.module_dict(v) else { return Ok(Value::NULL) };
    match access {
        Access::Load if name == names::dict => Ok(dict),
        Access::Load => match vm.dict_get(dict, name) {
            Some(v) => Ok(v),
            None => match vm.dict_get(dict, names::getattr_) {
                Some(f) => vm.call(f, &[name.into()]),
                None => Ok(Value::NULL),
            },
        },
        Access::Store(value) => {
            vm.dict_put(dict, name, value)?;
            vm.bump_epoch();
            Ok(Value::NONE)
        }
        Access::Delete => {
            let map = vm.as_dict(dict).expect("a module has a dict");
            vm.bump_epoch();
            match map.find_qstr(vm, name) {
                Some(slot) => {
                    map.remove_slot(vm, slot);
                    Ok(Value::NONE)
                }
                None => Ok(Value::NULL),
            }
        }
    }
}
