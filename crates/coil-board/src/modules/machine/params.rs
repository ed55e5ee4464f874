//! Arguments as the firmware's classes take them: in their order or by name, with the firmware's
//! words about those that do not fit.

use alloc::format;
use coil_vm::rom::Args;
use coil_vm::{Qstr, Raised, Value, Vm, types};

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    name: &'static str,
    /// It is an int, with this default.
    int: Option<i64>,
    required: bool,
    by_name: bool,
}

/// A parameter that is an int.
pub(crate) const fn int(name: &'static str, default: i64) -> Param {
    Param { name, int: Some(default), required: false, by_name: false }
}

/// A parameter that may be anything; null where it is not given.
pub(crate) const fn any(name: &'static str) -> Param {
    Param { name, int: None, required: false, by_name: false }
}

impl Param {
    /// It must be given.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// It can only be given by name.
    pub(crate) const fn by_name(self) -> Self {
        Self { by_name: true, ..self }
    }
}

/// The values of parameters, in their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<const N: usize>([Value; N]);

impl<const N: usize> Given<N> {
    /// A parameter that may be anything.
    pub(crate) fn any(&self, i: usize) -> Value {
        self.0[i]
    }

    /// A parameter that is an int, cut to the chip's word.
    pub(crate) fn int(&self, i: usize) -> i64 {
        i64::from(self.0[i].as_int().unwrap_or(0) as i32)
    }
}

/// Takes the arguments of a call apart, after the first `skip` of them.
pub(crate) fn parse<const N: usize>(
    vm: &mut Vm,
    args: Args,
    skip: usize,
    params: &[Param; N],
) -> Result<Given<N>, Raised> {
    let mut values = [Value::NULL; N];
    let positional = args.n.saturating_sub(skip);
    let (mut placed, mut named) = (0, 0);
    for (i, p) in params.iter().enumerate() {
        let given = if i < positional {
            if p.by_name {
                break;
            }
            placed += 1;
            vm.arg(args, skip + i)
        } else if let Some(v) = by_name(vm, args, p.name) {
            named += 1;
            v
        } else if p.required {
            let text = format!("'{}' argument required", p.name);
            return Err(vm.type_error(&text));
        } else {
            p.int.map_or(Value::NULL, Value::int)
        };
        values[i] = if p.int.is_some() && !given.is_null() {
            word(vm, given).map(Value::int)?
        } else {
            given
        };
    }
    if placed < positional {
        return Err(vm.type_error("extra positional arguments given"));
    }
    if named < args.nkw {
        return Err(vm.type_error("extra keyword arguments given"));
    }
    Ok(Given(values))
}

fn by_name(vm: &Vm, args: Args, name: &str) -> Option<Value> {
    (0..args.nkw)
        .map(|i| vm.kwarg(args, i))
        .find(|(given, _)| {
            given.as_qstr().is_some_and(|q| vm.names.get(Qstr(q)) == name.as_bytes())
        })
        .map(|(_, v)| v)
}

/// An int that fits the chip's word.
pub(crate) fn word(vm: &mut Vm, v: Value) -> Result<i64, Raised> {
    let i = vm.expect_int(v)?;
    if i32::try_from(i).is_err() && u32::try_from(i).is_err() {
        let text = "overflow converting long int to machine word";
        return Err(vm.raise_args(types::OVERFLOW_ERROR, text));
    }
    Ok(i)
}

/// A number of bytes that a program asks for; MemoryError if it has no room for as many.
pub(crate) fn size(vm: &mut Vm, v: Value) -> Result<usize, Raised> {
    let n = word(vm, v)? as u32 as usize;
    // The firmware ends them with a zero.
    vm.alloc_zeroed(coil_vm::kinds::STORE, (n + 1).min(u32::MAX as usize))?;
    Ok(n)
}

/// The GPIO number of a pin that a bus is to use: a Pin or its number.
pub(crate) fn gpio(vm: &mut Vm, v: Value) -> Result<u8, Raised> {
    let is_pin = vm.type_of(v) == vm.type_value(&super::pin::PIN);
    if !is_pin && v.as_int().is_none() {
        return Err(vm.value_error("invalid pin"));
    }
    super::gpio_of(vm, v).map(|gpio| gpio as u8)
}
