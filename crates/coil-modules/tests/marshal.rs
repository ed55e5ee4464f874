//! Code from bytes that were tampered with: refused, or run to some end, but never a panic.

use coil_testkit::Kept;
use coil_vm::compiler::{Options, bytecode, compile};
use coil_vm::{Config, Raised, Value, Vm, names, rom::Rom};

/// How many polls a program may take yet.
#[derive(Debug, Default)]
struct Polls(u32);

fn count(vm: &mut Vm) -> Result<(), Raised> {
    let polls = vm.state::<Polls>();
    polls.0 = polls.0.saturating_sub(1);
    if polls.0 == 0 {
        vm.abort();
    }
    Ok(())
}

fn machine() -> Vm {
    let config = Config {
        heap_initial: 1 << 18,
        heap_max: 1 << 18,
        stack_bytes: 30_000,
        single_precision: false,
    };
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(Kept::default()), config);
    vm.hook = Some(count);
    vm
}

/// Loads these bytes as a program would, and runs them; whether they were accepted.
fn run(bytes: &[u8], stress: bool) -> bool {
    // What is refused needs no machine.
    if bytecode::unpack(bytes).is_none_or(|(u, _)| bytecode::verify(&u).is_err()) {
        return false;
    }
    let mut vm = machine();
    vm.state::<Polls>().0 = 20;
    let globals = vm.new_dict(0).expect("room for a dict");
    vm.pin(globals);
    vm.dict_put(globals, names::name, Value::from(names::main)).expect("room");
    let Ok(code) = vm.unpack_code(bytes) else { return false };
    vm.pin(code);
    vm.gc_stress = stress;
    let _: Result<Value, Raised> = vm.run_module_code(code, globals, globals);
    true
}

const SOURCES: &[&str] = &[
    include_str!("conformance/marshal/bytes.py"),
    include_str!("conformance/marshal/code.py"),
    include_str!("conformance/string/literals.py"),
    include_str!("conformance/weakref/finalize.py"),
    "def f(a, b=1, *c, d=2, **e):\n x = [a, b]\n g = lambda: (x, a)\n return [i for i in g()[0]]\nf(1)\nf(2, 3, 4, d=5, q=6)\n",
    "class A:\n def __init__(self): super().__init__(); self.x = {1: {2}}\n def g(self):\n  y = yield self.x\n  yield from (y, 2)\nfor q in A().g(): print(q)\n",
    "try:\n try: 1/0\n finally: z = 1\nexcept Exception as e: print(e, z)\nwith open('x') as f: pass\n",
];

/// The units of all sources.
fn units() -> Vec<bytecode::CodeUnit> {
    let unit = |source: &&str| {
        // Code with machine code in it does not become bytes.
        let source = source.split("def native()").next().unwrap_or(source);
        compile(source, &Options::default()).expect("it compiles")
    };
    SOURCES.iter().map(unit).collect()
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

#[test]
fn changed_bytes_are_refused_or_run_to_some_end() {
    let (mut chance, mut accepted) = (Chance(5), 0);
    for unit in units() {
        let whole = bytecode::pack(&unit, "file.py");
        assert!(run(&whole, false));
        assert!((0..whole.len()).all(|n| !run(&whole[..n], false)));
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..=chance.below(2) {
                let at = 6 + chance.below(bytes.len() - 6);
                bytes[at] = chance.below(256) as u8;
            }
            accepted += u32::from(run(&bytes, false));
        }
    }
    assert!(accepted > 50, "{accepted}");
}

/// A unit somewhere inside.
fn somewhere<'a>(
    unit: &'a mut bytecode::CodeUnit,
    chance: &mut Chance,
) -> &'a mut bytecode::CodeUnit {
    let inner: Vec<usize> = (0..unit.consts.len())
        .filter(|&i| matches!(unit.consts[i], bytecode::Const::Code(_)))
        .collect();
    if inner.is_empty() || chance.below(3) == 0 {
        return unit;
    }
    match &mut unit.consts[inner[chance.below(inner.len())]] {
        bytecode::Const::Code(unit) => somewhere(unit, chance),
        _ => unreachable!("it was filtered"),
    }
}

#[test]
fn changed_instructions_are_refused_or_run_to_some_end() {
    let (mut chance, mut accepted) = (Chance(9), 0);
    let fresh = units();
    for round in 0..6000 {
        let mut unit = fresh[round % fresh.len()].clone();
        for _ in 0..=chance.below(2) {
            let inner = somewhere(&mut unit, &mut chance);
            let at = chance.below(inner.code.len());
            let mut word = inner.code[at].to_le_bytes();
            // Mostly another register or opcode; sometimes another instruction's word.
            match chance.below(8) {
                0 => word[0] = chance.below(bytecode::Op::ALL.len()) as u8,
                1 => word = inner.code[chance.below(inner.code.len())].to_le_bytes(),
                2 => inner.flags.0 ^= 1 << chance.below(7),
                n => word[n % 4] = chance.below(usize::from(inner.registers) + 1) as u8,
            }
            inner.code[at] = u32::from_le_bytes(word);
        }
        accepted += u32::from(run(&bytecode::pack(&unit, "file.py"), round % 50 == 0));
    }
    assert!(accepted > 300, "{accepted}");
}
