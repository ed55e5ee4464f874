//! `random`: the generator of the reference, so that a seed gives the same numbers.

use crate::args::expect_float;
use coil_vm::rom::{Args, ModuleDef, Unary, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `random`
pub static MODULE: ModuleDef = ModuleDef {
    name: "random",
    items: &[
        def("getrandbits(n)", getrandbits),
        def("seed(n=)", seed),
        def("randrange(start, stop=, step=)", randrange),
        def("randint(a, b)", randint),
        def("choice(sequence)", choice),
        def("random()", |vm, _| {
            let f = fraction(vm);
            vm.new_float(f)
        }),
        def("uniform(a, b)", |vm, args| {
            let (a, b) = (expect_float(vm, vm.arg(args, 0))?, expect_float(vm, vm.arg(args, 1))?);
            let f = fraction(vm);
            let width = crate::math::round(vm, b - a);
            let part = crate::math::round(vm, width * f);
            vm.new_float(a + part)
        }),
    ],
    attr: None,
};

/// Yasmarang, a generator by Ilya Levin, in the public domain.
#[derive(Clone, Copy, Debug)]
struct Yasmarang {
    pad: u32,
    n: u32,
    d: u32,
    dat: u8,
}

impl Yasmarang {
    fn seeded(seed: u32) -> Self {
        Self { pad: seed, n: 69, d: 233, dat: 0 }
    }

    fn next(&mut self) -> u32 {
        self.pad =
            self.pad.wrapping_add(u32::from(self.dat)).wrapping_add(self.d.wrapping_mul(self.n));
        self.pad = self.pad.rotate_left(3);
        self.n = self.pad | 2;
        self.d ^= self.pad.rotate_right(1);
        self.dat ^= (self.pad as u8) ^ ((self.d >> 8) as u8) ^ 1;
        self.pad ^ self.d << 5 ^ self.pad >> 18 ^ u32::from(self.dat) << 1
    }
}

/// The board's generator, seeded with true random bits when it is first used.
#[derive(Debug, Default)]
struct State(Option<Yasmarang>);

fn next(vm: &mut Vm) -> u32 {
    if vm.state::<State>().0.is_none() {
        let seed = vm.port.random();
        vm.state::<State>().0 = Some(Yasmarang::seeded(seed));
    }
    vm.state::<State>().0.as_mut().map_or(0, Yasmarang::next)
}

/// A number below `n`; zero stands for the whole range.
fn below(vm: &mut Vm, n: u32) -> u32 {
    let mask = match n {
        0 => u32::MAX,
        n => (u64::from(n).next_power_of_two().max(2) - 1) as u32,
    };
    // The reference widens its mask until it holds `n` itself.
    let mask = if n != 0 && n & mask < n { mask << 1 | 1 } else { mask };
    loop {
        let r = next(vm) & mask;
        if n == 0 || r < n {
            return r;
        }
    }
}

/// A number from 0 up to 1, with as many random bits as the float holds.
fn fraction(vm: &mut Vm) -> f64 {
    if vm.is_single_precision() {
        return f64::from(next(vm) & 0x7f_ffff) / f64::from(1 << 23);
    }
    let (high, low) = (u64::from(next(vm)), u64::from(next(vm)));
    ((high << 32 | low) & ((1 << 52) - 1)) as f64 / (1u64 << 52) as f64
}

fn bad_range(vm: &mut Vm) -> Raised {
    vm.raise_value(types::VALUE_ERROR, Value::NULL)
}

fn getrandbits(vm: &mut Vm, args: Args) -> Res {
    let n = vm.expect_int(vm.arg(args, 0))?;
    match n {
        0 => Ok(Value::int(0)),
        1..=32 => {
            let bits = next(vm);
            Ok(Value::int(i64::from(bits & u32::MAX >> (32 - n))))
        }
        _ => Err(vm.value_error("bits must be 32 or less")),
    }
}

fn seed(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let seed = if v.is_null() || v == Value::NONE {
        vm.port.random()
    } else if crate::args::is_int(vm, v) {
        vm.int_low_bits(v) as u32
    } else {
        vm.expect_int(v)? as u32
    };
    vm.state::<State>().0 = Some(Yasmarang::seeded(seed));
    Ok(Value::NONE)
}

fn randrange(vm: &mut Vm, args: Args) -> Res {
    let start = vm.expect_int(vm.arg(args, 0))?;
    if args.n == 1 {
        if start <= 0 {
            return Err(bad_range(vm));
        }
        return Ok(Value::int(i64::from(below(vm, start as u32))));
    }
    let stop = vm.expect_int(vm.arg(args, 1))?;
    let step = if args.n > 2 { vm.expect_int(vm.arg(args, 2))? } else { 1 };
    let n = match step {
        1.. => (stop - start + step - 1) / step,
        0 => 0,
        _ => (stop - start + step + 1) / step,
    };
    if n <= 0 {
        return Err(bad_range(vm));
    }
    let r = i64::from(below(vm, n as u32));
    Ok(Value::int(start + step * r))
}

fn randint(vm: &mut Vm, args: Args) -> Res {
    let (a, b) = (vm.expect_int(vm.arg(args, 0))?, vm.expect_int(vm.arg(args, 1))?);
    if a > b {
        return Err(bad_range(vm));
    }
    let r = i64::from(below(vm, (b - a + 1) as u32));
    Ok(Value::int(a + r))
}

fn choice(vm: &mut Vm, args: Args) -> Res {
    let sequence = vm.arg(args, 0);
    let n = vm.unary(Unary::Len, sequence)?;
    let n = vm.expect_int(n)?;
    if n <= 0 {
        return Err(vm.raise_value(types::INDEX_ERROR, Value::NULL));
    }
    let i = below(vm, n as u32);
    vm.get_item(sequence, Value::int(i64::from(i)))
}
