//! Machine code is made for what asks for it, kept within bounds, left at polls, and goes with its
//! code object.

use coil_jit::Jit;
use coil_testkit::Kept;
use coil_vm::compiler::Mode;
use coil_vm::interp::machine::{MachineCode, NEVER, Round};
use coil_vm::{Config, Ref, Vm, names, rom::Rom};
use std::cell::Cell;
use std::rc::Rc;

/// What a [`Watched`] has seen.
#[derive(Debug, Default)]
struct Seen {
    /// Functions with machine code now, and at most.
    now: Cell<usize>,
    most: Cell<usize>,
    /// How often machine code took steps, and how many.
    runs: Cell<u32>,
    steps: Cell<u32>,
    /// Places that were given up.
    never: Cell<u32>,
}

/// Machine code that is looked at from outside.
struct Watched(Jit, Rc<Seen>);

#[allow(unsafe_code, reason = "passes on what another one vouches for")]
// SAFETY: the places are those that `Jit` gives.
unsafe impl MachineCode for Watched {
    fn go_on(&mut self, note: &mut u32, round: Round<'_>) -> u32 {
        let Round { code, viper, at, registers, heap, fuel } = round;
        let before = *fuel;
        let round = Round { code, viper, at, registers, heap, fuel: &mut *fuel };
        let at = self.0.go_on(note, round);
        assert!(*fuel > 0, "the step that ends at a poll is the interpreter's");
        let seen = &self.1;
        if *fuel < before {
            seen.runs.set(seen.runs.get() + 1);
            seen.steps.set(seen.steps.get() + before - *fuel);
        }
        seen.never.set(seen.never.get() + u32::from(*note == NEVER));
        seen.now.set(self.0.functions());
        seen.most.set(seen.most.get().max(self.0.functions()));
        at
    }

    fn forget_unless(&mut self, alive: &dyn Fn(Ref) -> bool) {
        self.0.forget_unless(alive);
        self.1.now.set(self.0.functions());
    }
}

fn run(source: &str, rounds: u32) -> (String, Rc<Seen>) {
    let config = Config {
        heap_initial: 1 << 20,
        heap_max: 1 << 20,
        stack_bytes: 60_000,
        single_precision: false,
    };
    let port = Kept::default();
    let out = port.output();
    let seen = Rc::new(Seen::default());
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(port), config);
    vm.machine_code = Some(Box::new(Watched(Jit::after(rounds), seen.clone())));
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    (out.text(), seen)
}

#[test]
fn a_loop_goes_on_in_machine_code_after_some_rounds_and_leaves_it_at_polls_alone() {
    for kind in ["native", "viper"] {
        let source = format!(
            "@micropython.{kind}\ndef f(n: int) -> int:\n    s = 0\n    for i in range(n):\n        \
             s += i & 3\n    return s\nprint(f(100000))\n"
        );
        let (printed, seen) = run(&source, 100);
        assert_eq!(printed, "150000\n");
        assert!((99_000..100_000).contains(&seen.steps.get()), "{} steps", seen.steps.get());
        assert!(seen.runs.get() < 60, "{} runs for 49 polls", seen.runs.get());
    }
}

#[test]
fn functions_that_do_not_ask_stay_with_the_interpreter() {
    let source = "def f():\n    for i in range(9999):\n        pass\nf()\n";
    assert_eq!(run(source, 0).1.now.get(), 0);
}

#[test]
fn machine_code_goes_with_its_code_object_and_there_is_never_too_much() {
    let source = "
import gc
text = '@micropython.native\\ndef f(n):\\n    s = %d\\n    for i in range(n):\\n        s += i\\n    return s\\n'
kept = []
total = 0
for k in range(300):
    exec(text % k)
    total += f(10)
    if k < 140: kept.append(f)
for f in kept: total += f(10)
print(total)
f = kept = None
gc.collect()
";
    let (printed, seen) = run(source, 0);
    assert_eq!(printed, format!("{}\n", 300 * 299 / 2 + 300 * 45 + 140 * 139 / 2 + 140 * 45));
    assert!((100..=128).contains(&seen.most.get()), "{} at most", seen.most.get());
    assert!(seen.now.get() <= 1, "{} are left", seen.now.get());
}

#[test]
fn a_loop_that_machine_code_cannot_finish_a_round_of_is_left_alone() {
    let source = "
@micropython.native
def f(n):
    s = 0
    for i in range(n):
        s += len(str(i))
    return s
print(f(1000))
";
    let (printed, seen) = run(source, 0);
    assert_eq!(printed, "2890\n");
    assert_eq!((seen.never.get(), seen.steps.get()), (1, 0));
}
