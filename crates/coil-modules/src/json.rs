//! `json`: values as text and back.

mod dump;
mod load;

use crate::stream;
use alloc::vec::Vec;
use coil_vm::rom::{Args, ModuleDef, def, def_raw};
use coil_vm::{Qstr, Raised, Value, Vm};
use dump::Separators;

/// `json`
pub static MODULE: ModuleDef = ModuleDef {
    name: "json",
    items: &[
        def_raw("dump(value, stream, *, separators=)", |vm, a| {
            let separators = separators(vm, a, 2)?;
            let stream = vm.arg(a, 1);
            stream::check(vm, stream, stream::Op::Write)?;
            let mut out = Vec::new();
            dump::dump(vm, vm.arg(a, 0), &separators, &mut out)?;
            stream::write_all(vm, stream, &out)?;
            Ok(Value::NONE)
        }),
        def_raw("dumps(value, *, separators=)", |vm, a| {
            let separators = separators(vm, a, 1)?;
            let mut out = Vec::new();
            dump::dump(vm, vm.arg(a, 0), &separators, &mut out)?;
            vm.new_str(&out)
        }),
        def("load(stream)", |vm, a| {
            let stream = vm.arg(a, 0);
            stream::check(vm, stream, stream::Op::Read)?;
            let source = stream::Source::new(vm, stream)?;
            load::load(vm, source)
        }),
        def("loads(text)", |vm, a| {
            let text = vm.expect_bytes_like(vm.arg(a, 0))?;
            load::load(vm, stream::Source::from_bytes(text))
        }),
    ],
    attr: None,
};

/// Checks the number of arguments and takes `separators` out of them.
fn separators(vm: &mut Vm, args: Args, n: usize) -> Result<Separators, Raised> {
    if args.n < n {
        let text = alloc::format!("function missing {} required positional arguments", n - args.n);
        return Err(vm.type_error(&text));
    }
    if args.n > n {
        return Err(vm.type_error("extra positional arguments given"));
    }
    let mut found = Value::NONE;
    for i in 0..args.nkw {
        let (k, v) = vm.kwarg(args, i);
        if k.as_qstr().map(|q| vm.names.get(Qstr(q))) != Some(b"separators") {
            return Err(vm.type_error("extra keyword arguments given"));
        }
        found = v;
    }
    if found == Value::NONE {
        return Ok(Separators::default());
    }
    let items = crate::args::expect_items(vm, found)?;
    let [item, key] = items[..] else {
        let text = alloc::format!("requested length 2 but object has length {}", items.len());
        return Err(vm.value_error(&text));
    };
    let text =
        |vm: &mut Vm, v| -> Result<Vec<u8>, Raised> { Ok(vm.expect_string(v)?.into_bytes()) };
    Ok(Separators { item: text(vm, item)?, key: text(vm, key)? })
}
