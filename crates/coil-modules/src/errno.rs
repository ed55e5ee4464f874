//! `errno`: error numbers by name.

use coil_vm::rom::{Access, Item, ModuleDef};
use coil_vm::{Qstr, Res, Value, Vm};

macro_rules! numbers {
    ($($name:literal $number:literal)*) => {
        /// `errno`
        pub static MODULE: ModuleDef = ModuleDef {
            name: "errno",
            items: &[$(Item::Int($name, $number)),*],
            attr: Some(attr),
        };
    };
}

numbers! {
    "EPERM" 1 "ENOENT" 2 "EIO" 5 "EBADF" 9 "EAGAIN" 11 "ENOMEM" 12 "EACCES" 13 "EEXIST" 17 "ENODEV" 19 "EISDIR" 21
    "EINVAL" 22 "EOPNOTSUPP" 95 "EADDRINUSE" 112 "ECONNABORTED" 113 "ECONNRESET" 104 "ENOBUFS" 105 "ENOTCONN" 128
    "ETIMEDOUT" 116 "ECONNREFUSED" 111 "EHOSTUNREACH" 118 "EALREADY" 120 "EINPROGRESS" 119
}

#[derive(Debug, Default)]
struct State {
    errorcode: Option<usize>,
}

fn attr(vm: &mut Vm, name: Qstr, access: Access) -> Res {
    if access != Access::Load || vm.names.get(name) != b"errorcode" {
        return Ok(Value::NULL);
    }
    if let Some(place) = vm.state::<State>().errorcode {
        return Ok(vm.pinned(place));
    }
    let table = vm.rom.errno;
    let dict = vm.new_dict(table.len())?;
    for (name, number) in table {
        let name = vm.intern(name);
        vm.set_item(dict, Value::int(*number), name.into())?;
    }
    vm.fix_dict(dict);
    let place = vm.pin(dict);
    vm.state::<State>().errorcode = Some(place);
    Ok(dict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_and_the_compiler_know_the_same_numbers() {
        for item in MODULE.items {
            let Item::Int(name, number) = item else { continue };
            assert!(coil_vm::errno::TABLE.contains(&(*name, *number)), "{name}");
        }
        assert_eq!(MODULE.items.len(), coil_vm::errno::TABLE.len());
    }
}
