//! What t-strings make: templates, and the interpolations in them.

use crate::objects::iter;
use crate::qstr::Qstr;
use crate::rom::{Access, Args, Binary, PrintKind, TypeDef};
use crate::vm::{Raised, Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// Fields of a template: its strings and its interpolations, both tuples (the strings are whatever
/// `__template__` was given).
const STRINGS: usize = 0;
const INTERPOLATIONS: usize = 1;

/// Fields of an interpolation, in the order of its arguments.
const FIELDS: [&str; 4] = ["value", "expression", "conversion", "format_spec"];
const VALUE: usize = 0;

/// `string.templatelib.Template`
pub static TEMPLATE: TypeDef = TypeDef {
    name: "Template",
    new: Some(new_template),
    print: Some(print_template),
    binary: Some(binary),
    attr: Some(attr_of_template),
    iter: Some(iter::template),
    ..TypeDef::EMPTY
};

/// `string.templatelib.Interpolation`
pub static INTERPOLATION: TypeDef = TypeDef {
    name: "Interpolation",
    new: Some(new_interpolation),
    print: Some(print_interpolation),
    attr: Some(attr_of_interpolation),
    ..TypeDef::EMPTY
};

/// `__template__(strings, value, expression, conversion, format_spec, …)`, or with all that
/// describes interpolations in one tuple.
pub(crate) fn make(vm: &mut Vm, args: Args) -> Res {
    let described = if args.n == 2 {
        let all = vm.arg(args, 1);
        vm.sequence_items(all)?
    } else {
        vm.args_vec(args).split_off(1)
    };
    let mut interpolations = Vec::with_capacity(described.len() / 4);
    for fields in described.chunks_exact(4) {
        let made = vm.new_native(&INTERPOLATION, fields)?;
        interpolations.push(made);
    }
    let interpolations = vm.new_tuple(&interpolations)?;
    vm.new_native(&TEMPLATE, &[vm.arg(args, 0), interpolations])
}

/// The strings and interpolations of a template: the items of an iterator over it, by number.
pub(crate) fn part(vm: &Vm, template: Value, number: usize) -> Option<Value> {
    let field = |i| vm.fast_items(vm.native_field(template, i)).unwrap_or_default();
    let from = if number.is_multiple_of(2) { STRINGS } else { INTERPOLATIONS };
    field(from).get(number / 2).copied()
}

fn new_template(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 0, usize::MAX)?;
    let mut strings = Vec::new();
    let mut interpolations = Vec::new();
    // The string being put together: none yet, one of the arguments, or the text of several.
    let mut single = Value::NULL;
    let mut joined: Option<Vec<u8>> = None;
    for v in vm.args_vec(args) {
        if is_interpolation(vm, v) {
            strings.push(finish(vm, single, joined.take())?);
            single = Value::NULL;
            interpolations.push(v);
        } else if !vm.is_str(v) {
            return Err(vm.type_error("expected str or Interpolation"));
        } else if let Some(text) = &mut joined {
            text.extend_from_slice(vm.str_bytes(v));
        } else if single.is_null() {
            single = v;
        } else {
            joined = Some([vm.str_bytes(single), vm.str_bytes(v)].concat());
        }
    }
    strings.push(finish(vm, single, joined)?);
    let strings = vm.new_tuple(&strings)?;
    vm.root(strings);
    let interpolations = vm.new_tuple(&interpolations)?;
    vm.new_native(&TEMPLATE, &[strings, interpolations])
}

/// The string between two interpolations.
fn finish(vm: &mut Vm, single: Value, joined: Option<Vec<u8>>) -> Res {
    match joined {
        Some(text) => vm.new_str(&text),
        None if single.is_null() => Ok(Qstr(0).into()),
        None => Ok(single),
    }
}

fn is_interpolation(vm: &Vm, v: Value) -> bool {
    vm.type_of(v) == vm.type_value(&INTERPOLATION)
}

fn binary(vm: &mut Vm, op: Binary, a: Value, b: Value) -> Res {
    let class = vm.type_value(&TEMPLATE);
    if op != Binary::Add || vm.type_of(a) != class || vm.type_of(b) != class {
        return Ok(Value::NULL);
    }
    let items = |vm: &Vm, v, i| vm.fast_items(vm.native_field(v, i)).unwrap_or_default();
    let mut strings = items(vm, a, STRINGS);
    let more = items(vm, b, STRINGS);
    // `__template__` may have been given no strings at all.
    let (last, first) = (strings.pop(), more.first().copied());
    let [last, first] = [last, first].map(|v| v.unwrap_or(Qstr(0).into()));
    let text = [vm.str_bytes(last), vm.str_bytes(first)].concat();
    strings.push(vm.new_str(&text)?);
    strings.extend(more.iter().skip(1));
    let strings = vm.new_tuple(&strings)?;
    vm.root(strings);
    let interpolations = [items(vm, a, INTERPOLATIONS), items(vm, b, INTERPOLATIONS)].concat();
    let interpolations = vm.new_tuple(&interpolations)?;
    vm.new_native(&TEMPLATE, &[strings, interpolations])
}

fn attr_of_template(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    if access != Access::Load {
        return Ok(Value::NULL);
    }
    let v = vm.as_native(v, &TEMPLATE).unwrap_or(v);
    match vm.names.get(name) {
        b"strings" => Ok(vm.native_field(v, STRINGS)),
        b"interpolations" => Ok(vm.native_field(v, INTERPOLATIONS)),
        b"values" => {
            let interpolations = vm.tuple_items(vm.native_field(v, INTERPOLATIONS));
            let values: Vec<Value> = interpolations
                .unwrap_or_default()
                .into_iter()
                .map(|i| vm.native_field(i, VALUE))
                .collect();
            vm.new_tuple(&values)
        }
        _ => Ok(Value::NULL),
    }
}

fn print_template(vm: &mut Vm, v: Value, out: &mut Vec<u8>, _: PrintKind) -> Result<(), Raised> {
    let v = vm.as_native(v, &TEMPLATE).unwrap_or(v);
    let (strings, interpolations) =
        (vm.native_field(v, STRINGS), vm.native_field(v, INTERPOLATIONS));
    out.extend_from_slice(b"Template(strings=");
    vm.print(strings, out, PrintKind::Repr)?;
    out.extend_from_slice(b", interpolations=");
    vm.print(interpolations, out, PrintKind::Repr)?;
    out.push(b')');
    Ok(())
}

fn new_interpolation(vm: &mut Vm, _: Value, args: Args) -> Res {
    let mut fields = [Value::NULL, Qstr(0).into(), Value::NONE, Qstr(0).into()];
    if args.n > FIELDS.len() {
        return Err(vm.type_error("extra positional arguments given"));
    }
    for (i, field) in fields.iter_mut().enumerate().take(args.n) {
        *field = vm.arg(args, i);
    }
    for i in 0..args.nkw {
        let (name, value) = vm.kwarg(args, i);
        let at = FIELDS.iter().position(|f| vm.str_bytes(name) == f.as_bytes());
        match at.filter(|&at| at >= args.n) {
            Some(at) => fields[at] = value,
            None => return Err(vm.type_error("extra keyword arguments given")),
        }
    }
    if fields[VALUE].is_null() {
        return Err(vm.type_error("'value' argument required"));
    }
    vm.new_native(&INTERPOLATION, &fields)
}

fn attr_of_interpolation(vm: &mut Vm, v: Value, name: Qstr, access: Access) -> Res {
    let at = FIELDS.iter().position(|f| vm.names.get(name) == f.as_bytes());
    let v = vm.as_native(v, &INTERPOLATION).unwrap_or(v);
    Ok(match at {
        Some(at) if access == Access::Load => vm.native_field(v, at),
        _ => Value::NULL,
    })
}

fn print_interpolation(
    vm: &mut Vm,
    v: Value,
    out: &mut Vec<u8>,
    _: PrintKind,
) -> Result<(), Raised> {
    let v = vm.as_native(v, &INTERPOLATION).unwrap_or(v);
    out.extend_from_slice(b"Interpolation(");
    for i in 0..FIELDS.len() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        vm.print(vm.native_field(v, i), out, PrintKind::Repr)?;
    }
    out.push(b')');
    Ok(())
}
