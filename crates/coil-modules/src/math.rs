//! `math`. Computed in double precision and rounded to the board's.

use crate::args::expect_float;
use coil_vm::rom::{Access, Args, Binary, Item, ModuleDef, Unary, def, def_kw};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};
use core::f64::consts;

macro_rules! one {
    ($signature:literal $f:expr) => {
        def($signature, |vm, a| generic_1(vm, a, $f))
    };
}
macro_rules! two {
    ($signature:literal $f:expr) => {
        def($signature, |vm, a| generic_2(vm, a, $f))
    };
}

/// `math`
pub static MODULE: ModuleDef = ModuleDef {
    name: "math",
    items: &[
        Item::Float("e", consts::E),
        Item::Float("pi", consts::PI),
        Item::Float("tau", consts::TAU),
        // Computed below; the rows are for `dir()`.
        Item::Value("inf", Value::NULL),
        Item::Value("nan", Value::NULL),
        one!("sqrt(x)" libm::sqrt),
        two!("pow(x, y)" libm::pow),
        one!("exp(x)" libm::exp),
        one!("expm1(x)" libm::expm1),
        def("log(x, base=)", log),
        one!("log2(x)" libm::log2),
        one!("log10(x)" libm::log10),
        one!("cosh(x)" libm::cosh),
        one!("sinh(x)" libm::sinh),
        one!("tanh(x)" libm::tanh),
        one!("acosh(x)" libm::acosh),
        one!("asinh(x)" libm::asinh),
        one!("atanh(x)" libm::atanh),
        one!("cos(x)" libm::cos),
        one!("sin(x)" libm::sin),
        one!("tan(x)" libm::tan),
        one!("acos(x)" libm::acos),
        one!("asin(x)" libm::asin),
        one!("atan(x)" libm::atan),
        two!("atan2(y, x)" libm::atan2),
        def("ceil(x)", |vm, a| to_int(vm, a, libm::ceil)),
        two!("copysign(x, y)" libm::copysign),
        one!("fabs(x)" libm::fabs),
        def("floor(x)", |vm, a| to_int(vm, a, libm::floor)),
        two!("fmod(x, y)" libm::fmod),
        def("frexp(x)", frexp),
        def("ldexp(x, e)", ldexp),
        def("modf(x)", modf),
        def("isfinite(x)", |vm, a| Ok(Value::bool(expect_float(vm, vm.arg(a, 0))?.is_finite()))),
        def("isinf(x)", |vm, a| Ok(Value::bool(expect_float(vm, vm.arg(a, 0))?.is_infinite()))),
        def("isnan(x)", |vm, a| Ok(Value::bool(expect_float(vm, vm.arg(a, 0))?.is_nan()))),
        def_kw("isclose(a=, b=, *, rel_tol=, abs_tol=)", isclose),
        def("trunc(x)", |vm, a| to_int(vm, a, libm::trunc)),
        def("radians(x)", |vm, a| scaled(vm, a, consts::PI / 180.0)),
        def("degrees(x)", |vm, a| scaled(vm, a, 180.0 / consts::PI)),
        def("factorial(n)", factorial),
        one!("erf(x)" libm::erf),
        one!("erfc(x)" libm::erfc),
        one!("gamma(x)" libm::tgamma),
        one!("lgamma(x)" libm::lgamma),
    ],
    attr: Some(attr),
};

fn attr(vm: &mut Vm, name: Qstr, access: Access) -> Res {
    match vm.names.get(name) {
        b"inf" if access == Access::Load => vm.new_float(f64::INFINITY),
        b"nan" if access == Access::Load => vm.new_float(f64::NAN),
        b"e" if access == Access::Load => vm.new_float(consts::E),
        b"pi" if access == Access::Load => vm.new_float(consts::PI),
        b"tau" if access == Access::Load => vm.new_float(consts::TAU),
        _ => Ok(Value::NULL),
    }
}

pub(crate) fn domain_error(vm: &mut Vm) -> Raised {
    vm.value_error("math domain error")
}

/// Rounds to the board's precision.
pub(crate) fn round(vm: &Vm, f: f64) -> f64 {
    if vm.is_single_precision() { f64::from(f as f32) } else { f }
}

fn generic_1(vm: &mut Vm, args: Args, f: fn(f64) -> f64) -> Res {
    let x = expect_float(vm, vm.arg(args, 0))?;
    let y = round(vm, f(x));
    if y.is_nan() && !x.is_nan() || y.is_infinite() && !x.is_infinite() {
        return Err(domain_error(vm));
    }
    vm.new_float(y)
}

fn generic_2(vm: &mut Vm, args: Args, f: fn(f64, f64) -> f64) -> Res {
    let x = expect_float(vm, vm.arg(args, 0))?;
    let y = expect_float(vm, vm.arg(args, 1))?;
    let z = round(vm, f(x, y));
    if z.is_nan() && !x.is_nan() && !y.is_nan()
        || z.is_infinite() && !x.is_infinite() && !y.is_infinite()
    {
        return Err(domain_error(vm));
    }
    vm.new_float(z)
}

fn to_int(vm: &mut Vm, args: Args, f: fn(f64) -> f64) -> Res {
    let x = f(expect_float(vm, vm.arg(args, 0))?);
    if x.abs() < 4e18 {
        return vm.new_int(x as i64);
    }
    let x = vm.new_float(x)?;
    vm.unary(Unary::Int, x)
}

fn scaled(vm: &mut Vm, args: Args, by: f64) -> Res {
    let x = expect_float(vm, vm.arg(args, 0))?;
    let by = round(vm, by);
    vm.new_float(x * by)
}

fn log(vm: &mut Vm, args: Args) -> Res {
    let x = expect_float(vm, vm.arg(args, 0))?;
    if x <= 0.0 {
        return Err(domain_error(vm));
    }
    let l = round(vm, libm::log(x));
    if args.n == 1 {
        return vm.new_float(l);
    }
    let base = expect_float(vm, vm.arg(args, 1))?;
    if base <= 0.0 {
        return Err(domain_error(vm));
    }
    if base == 1.0 {
        return Err(vm.raise_args(types::ZERO_DIVISION_ERROR, "divide by zero"));
    }
    let base = round(vm, libm::log(base));
    vm.new_float(l / base)
}

fn frexp(vm: &mut Vm, args: Args) -> Res {
    let (m, e) = libm::frexp(expect_float(vm, vm.arg(args, 0))?);
    let m = vm.new_float(m)?;
    vm.new_tuple(&[m, Value::int(i64::from(e))])
}

fn ldexp(vm: &mut Vm, args: Args) -> Res {
    let x = expect_float(vm, vm.arg(args, 0))?;
    let e = vm.expect_int(vm.arg(args, 1))?;
    vm.new_float(libm::ldexp(x, e.clamp(-5000, 5000) as i32))
}

fn modf(vm: &mut Vm, args: Args) -> Res {
    let (fraction, whole) = libm::modf(expect_float(vm, vm.arg(args, 0))?);
    let (fraction, whole) = (vm.new_float(fraction)?, vm.new_float(whole)?);
    vm.new_tuple(&[fraction, whole])
}

fn isclose(vm: &mut Vm, args: Args) -> Res {
    let given = (0..2).filter(|&i| !vm.arg(args, i).is_null()).count();
    if given < 2 {
        return Err(vm.arg_count_error(given, 2, usize::MAX));
    }
    let a = expect_float(vm, vm.arg(args, 0))?;
    let b = expect_float(vm, vm.arg(args, 1))?;
    let tolerance = |vm: &mut Vm, i, default| match vm.arg(args, i) {
        v if v.is_null() => Ok(default),
        v => expect_float(vm, v),
    };
    let relative = tolerance(vm, 2, 1e-9)?;
    let absolute = tolerance(vm, 3, 0.0)?;
    if relative < 0.0 || absolute < 0.0 {
        return Err(domain_error(vm));
    }
    let difference = round(vm, a - b).abs();
    let close = difference <= absolute
        || difference <= round(vm, relative * a).abs()
        || difference <= round(vm, relative * b).abs();
    Ok(Value::bool(a == b || !difference.is_infinite() && close))
}

fn factorial(vm: &mut Vm, args: Args) -> Res {
    let n = vm.expect_int(vm.arg(args, 0))?;
    match n {
        ..0 => Err(vm.value_error("negative factorial")),
        0 => Ok(Value::int(1)),
        _ => product(vm, 1, n),
    }
}

/// The product of the numbers from `start` to `end`, halves first: big factors meet late.
fn product(vm: &mut Vm, start: i64, end: i64) -> Res {
    if start == end {
        return vm.new_int(start);
    }
    let mark = vm.mark();
    let middle = start + (end - start) / 2;
    let left = product(vm, start, middle)?;
    let right = product(vm, middle + 1, end)?;
    let v = vm.binary(Binary::Mul, left, right)?;
    vm.release_but(mark, v);
    Ok(v)
}
