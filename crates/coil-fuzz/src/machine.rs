//! A machine that runs an input for so long and no longer.

use coil_modules::sys::Identity;
use coil_vm::compiler::Mode;
use coil_vm::rom::Rom;
use coil_vm::shared::Shared;
use coil_vm::{Config, Port, Raised, Vm, Wake, names};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::LazyLock;

/// All modules, and what older firmware had.
static ROM: LazyLock<Shared<Rom>> = LazyLock::new(|| {
    let older = [&coil_modules::deflate::uzlib::MODULE];
    Rom::new(&[coil_modules::ALL, &older].concat())
});

/// Bytes of output that are kept.
const OUTPUT_MAX: usize = 1 << 16;

/// What a limited port and whoever runs the machine share.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) output: Vec<u8>,
    polls: u32,
    interrupted: bool,
    waits: u32,
}

/// A port whose user interrupts after some polls, and again and again. It keeps no waiting
/// program: time jumps to whatever is waited for.
#[derive(Debug, Default)]
pub(crate) struct Metered {
    meter: Rc<RefCell<Meter>>,
    now_us: u64,
    seed: u32,
}

/// Polls until Ctrl-C is pressed, and between two of them.
const PATIENCE: u32 = 24;
/// Polls until the program is left past all its handlers.
const END: u32 = 60;
/// Waits until it is.
const WAITS_MAX: u32 = 400;

impl Port for Metered {
    fn now_us(&mut self) -> u64 {
        self.now_us
    }
    fn write(&mut self, bytes: &[u8]) {
        let mut meter = self.meter.borrow_mut();
        let room = OUTPUT_MAX.saturating_sub(meter.output.len());
        meter.output.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
    fn read(&mut self) -> Option<u8> {
        None
    }
    fn readable(&mut self) -> bool {
        false
    }
    fn wait(&mut self, until: Option<u64>) -> Wake {
        self.meter.borrow_mut().waits += 1;
        self.now_us = self.now_us.max(until.unwrap_or(self.now_us + 1_000_000));
        Wake::Time
    }
    fn poll(&mut self, steps: u32) {
        self.now_us += u64::from(steps) / 64;
        self.meter.borrow_mut().polls += 1;
    }
    fn take_interrupt(&mut self) -> bool {
        let mut meter = self.meter.borrow_mut();
        let due = meter.polls > 0 && meter.polls.is_multiple_of(PATIENCE);
        meter.interrupted |= due;
        due
    }
    fn set_interrupt_char(&mut self, _: i16) {}
    fn random(&mut self) -> u32 {
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.seed
    }
}

/// Leaves a program that has had its time.
fn hook(vm: &mut Vm) -> Result<(), Raised> {
    let meter = vm.state::<Option<Rc<RefCell<Meter>>>>().clone();
    let over = meter.is_some_and(|m| {
        let m = m.borrow();
        m.polls > END || m.waits > WAITS_MAX
    });
    if over {
        vm.abort();
        return vm.check_abort();
    }
    Ok(())
}

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// What it printed, the traceback that ended it included.
    pub(crate) output: Vec<u8>,
    /// It ended by itself, within its time.
    pub(crate) in_time: bool,
}

/// A machine with every portable module, a small heap and little time.
pub(crate) fn machine(heap: u32, single_precision: bool) -> (Vm, Rc<RefCell<Meter>>) {
    let meter = Rc::new(RefCell::new(Meter::default()));
    let port = Metered { meter: meter.clone(), ..Metered::default() };
    let config =
        Config { heap_initial: heap, heap_max: heap, stack_bytes: 15_360, single_precision };
    let mut vm = Vm::new(ROM.clone(), Box::new(port), config);
    *vm.state::<Option<Rc<RefCell<Meter>>>>() = Some(meter.clone());
    vm.hook = Some(hook);
    // Programs ask for it; which machine it is does not matter here.
    vm.state::<Identity>().version = "3.4.0".into();
    (vm, meter)
}

/// Runs a source text.
pub(crate) fn run(source: &[u8], heap: u32, single_precision: bool, stress: bool) -> Run {
    let (mut vm, meter) = machine(heap, single_precision);
    vm.gc_stress = stress;
    let main = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(main).expect("a module has a dict");
    vm.pin(main);
    finish(&mut vm, &meter, |vm| {
        vm.exec_source(source, "fuzz.py", Mode::Module, dict)?;
        vm.run_scheduled()
    })
}

/// Runs something on a machine and collects what it did.
pub(crate) fn finish(
    vm: &mut Vm,
    meter: &RefCell<Meter>,
    body: impl FnOnce(&mut Vm) -> Result<(), Raised>,
) -> Run {
    let raised = body(vm).is_err();
    let mut text = Vec::new();
    if raised && !vm.aborting {
        let e = vm.pending;
        vm.root(e);
        vm.print_exception(e, &mut text);
    }
    // What is left must be whole.
    vm.collect();
    let mut meter = meter.borrow_mut();
    let mut output = std::mem::take(&mut meter.output);
    output.extend(text);
    Run { output, in_time: !vm.aborting && !meter.interrupted }
}
