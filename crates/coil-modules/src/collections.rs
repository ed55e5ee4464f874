//! `collections`: named tuples, ordered dicts, deques.

mod deque;

use alloc::vec::Vec;
use coil_vm::objects::dict::ORDERED_DICT;
use coil_vm::rom::{Args, Item, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm, names, types};

/// `collections`
pub static MODULE: ModuleDef = ModuleDef {
    name: "collections",
    items: &[
        Item::Type("deque", &deque::DEQUE),
        Item::Type("_deque_iterator", &deque::ITERATOR),
        def("namedtuple(name, fields)", namedtuple),
        Item::Type("OrderedDict", &ORDERED_DICT),
    ],
    attr: None,
};

fn namedtuple(vm: &mut Vm, args: Args) -> Res {
    let name = vm.arg(args, 0);
    let Some(name) = vm.str_to_qstr(name)? else { return Err(not_a_string(vm, name)) };
    let fields = field_names(vm, vm.arg(args, 1))?;
    let fields = vm.new_tuple(&fields)?;
    let dict = vm.new_dict(1)?;
    vm.dict_put(dict, names::args, fields)?;
    let bases = vm.new_tuple(&[types::NAMEDTUPLE.into()])?;
    vm.new_class(name, bases, dict)
}

fn field_names(vm: &mut Vm, fields: Value) -> Result<Vec<Value>, Raised> {
    if vm.is_str(fields) {
        let text = vm.expect_string(fields)?;
        return text
            .split_ascii_whitespace()
            .map(|f| vm.intern_text(f.as_bytes()).map(Value::from))
            .collect();
    }
    let mut out = Vec::new();
    for f in crate::args::expect_items(vm, fields)? {
        match vm.str_to_qstr(f)? {
            Some(q) => out.push(q.into()),
            None => return Err(not_a_string(vm, f)),
        }
    }
    Ok(out)
}

fn not_a_string(vm: &mut Vm, v: Value) -> Raised {
    let text = alloc::format!("can't convert '{}' object to str implicitly", vm.type_name(v));
    vm.type_error(&text)
}
