//! `cmath`: functions of complex numbers, by the reference's formulas.

use crate::args::expect_float;
use coil_vm::rom::{Args, Item, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm, kinds};
use libm::{atan2, cos, cosh, exp, log, log10, pow, sin, sinh, sqrt};

macro_rules! function {
    ($signature:literal $f:expr) => {
        def($signature, |vm, a| {
            let (re, im) = parts(vm, a, 0)?;
            let f: fn(f64, f64) -> (f64, f64) = $f;
            let (re, im) = f(re, im);
            vm.new_complex(re, im)
        })
    };
}

/// `cmath`
pub static MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    items: &[
        Item::Float("e", core::f64::consts::E),
        Item::Float("pi", core::f64::consts::PI),
        def("phase(z)", |vm, a| {
            let (re, im) = parts(vm, a, 0)?;
            vm.new_float(atan2(im, re))
        }),
        def("polar(z)", |vm, a| {
            let (re, im) = parts(vm, a, 0)?;
            let r = vm.new_float(sqrt(re * re + im * im))?;
            let phi = vm.new_float(atan2(im, re))?;
            vm.new_tuple(&[r, phi])
        }),
        def("rect(r, phi)", |vm, a| {
            let (r, phi) = (expect_float(vm, vm.arg(a, 0))?, expect_float(vm, vm.arg(a, 1))?);
            vm.new_complex(r * cos(phi), r * sin(phi))
        }),
        function!("exp(z)" | re, im | (exp(re) * cos(im), exp(re) * sin(im))),
        function!("log(z)" | re, im | (0.5 * log(re * re + im * im), atan2(im, re))),
        function!(
            "log10(z)" | re,
            im | { (0.5 * log10(re * re + im * im), core::f64::consts::LOG10_E * atan2(im, re)) }
        ),
        function!(
            "sqrt(z)" | re,
            im | {
                let (r, theta) = (pow(re * re + im * im, 0.25), 0.5 * atan2(im, re));
                (r * cos(theta), r * sin(theta))
            }
        ),
        function!("cos(z)" | re, im | (cos(re) * cosh(im), -sin(re) * sinh(im))),
        function!("sin(z)" | re, im | (sin(re) * cosh(im), cos(re) * sinh(im))),
    ],
    attr: Some(|vm, name, access| {
        let f = match vm.names.get(name) {
            b"e" => core::f64::consts::E,
            b"pi" => core::f64::consts::PI,
            _ => return Ok(Value::NULL),
        };
        if access == coil_vm::rom::Access::Load { vm.new_float(f) } else { Ok(Value::NULL) }
    }),
};

/// Real and imaginary part of a number.
fn parts(vm: &mut Vm, args: Args, i: usize) -> Result<(f64, f64), Raised> {
    let v = vm.arg(args, i);
    if vm.as_ref_kind(v, kinds::COMPLEX).is_none() {
        let class = vm.type_of(v);
        if vm.as_float(v).is_some() || crate::args::is_int(vm, v) {
            return Ok((expect_float(vm, v)?, 0.0));
        }
        if vm.as_ref_kind(v, kinds::INSTANCE).is_none() {
            let text = alloc::format!("can't convert {} to complex", vm.class_name(class));
            return Err(vm.type_error(&text));
        }
        let complex = vm.unary(coil_vm::rom::Unary::Complex, v);
        let Ok(z) = complex else { return Ok((expect_float(vm, v)?, 0.0)) };
        return components(vm, z);
    }
    components(vm, v)
}

fn components(vm: &mut Vm, v: Value) -> Result<(f64, f64), Raised> {
    let mut part = |name| -> Res {
        let q = vm.intern(name);
        vm.get_attr(v, q)
    };
    let (re, im) = (part("real")?, part("imag")?);
    Ok((expect_float(vm, re)?, expect_float(vm, im)?))
}
