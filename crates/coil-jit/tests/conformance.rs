//! All portable conformance scripts, with machine code from the first round of every loop.

use coil_jit::Jit;
use coil_testkit::{Kept, check_scripts};
use coil_vm::compiler::Mode;
use coil_vm::{Config, Vm, names, rom::Rom};
use std::path::Path;

fn run(source: &str, stress: bool) -> String {
    let directives: Vec<&str> = source.lines().take_while(|l| l.starts_with('#')).collect();
    let config = Config {
        heap_initial: 2 << 20,
        heap_max: 2 << 20,
        stack_bytes: 60_000,
        single_precision: directives.contains(&"# float: f32"),
    };
    let port = Kept::default();
    let out = port.output();
    let rom = Rom::new(coil_modules::ALL);
    let mut vm = Vm::new(rom, Box::new(port), config);
    vm.gc_stress = stress || directives.contains(&"# stress");
    vm.hot_loops = true;
    vm.machine_code = Some(Box::new(Jit::after(0)));
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    out.text()
}

fn check_all(stress: bool) {
    for room in ["coil-vm", "coil-modules"] {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = crates.join(room).join("tests/conformance");
        check_scripts(&folder, |source| Some(run(source, stress)));
    }
}

#[test]
fn scripts_print_the_same_with_machine_code() {
    check_all(false);
}

#[test]
fn scripts_print_the_same_when_memory_is_collected_at_every_allocation() {
    check_all(true);
}
