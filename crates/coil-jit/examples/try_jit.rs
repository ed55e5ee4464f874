//! Runs a script on a bare machine: a developer's tool.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a developer's tool")]
use coil_vm::compiler::Mode;
use coil_vm::{Config, Port, Vm, Wake, names, rom::Rom};

struct Std(std::time::Instant);
impl Port for Std {
    fn now_us(&mut self) -> u64 {
        self.0.elapsed().as_micros() as u64
    }
    fn write(&mut self, bytes: &[u8]) {
        use std::io::Write;
        let _ = std::io::stdout().write_all(bytes);
    }
    fn read(&mut self) -> Option<u8> {
        None
    }
    fn readable(&mut self) -> bool {
        false
    }
    fn wait(&mut self, _: Option<u64>) -> Wake {
        Wake::Time
    }
    fn poll(&mut self, _: u32) {}
    fn take_interrupt(&mut self) -> bool {
        false
    }
    fn set_interrupt_char(&mut self, _: i16) {}
    fn random(&mut self) -> u32 {
        4
    }
}

fn main() {
    let file = std::env::args().nth(1).unwrap();
    let source = std::fs::read(&file).unwrap();
    let heap = 2 << 20;
    let config = Config {
        heap_initial: heap,
        heap_max: heap,
        stack_bytes: 60000,
        single_precision: std::env::var("F32").is_ok(),
    };
    let mut vm =
        Vm::new(Rom::new(coil_modules::ALL), Box::new(Std(std::time::Instant::now())), config);
    if let Ok(rounds) = std::env::var("JIT") {
        vm.machine_code = Some(Box::new(coil_jit::Jit::after(rounds.parse().unwrap())));
    }
    vm.hot_loops = std::env::var("HOT").is_ok();
    vm.gc_stress = std::env::var("STRESS").is_ok();
    let m = vm.new_module(names::main).unwrap();
    let dict = vm.module_dict(m).unwrap();
    vm.pin(m);
    if vm.exec_source(&source, &file, Mode::Module, dict).is_err() {
        let e = vm.pending;
        let mut out = Vec::new();
        vm.print_exception(e, &mut out);
        print!("{}", String::from_utf8_lossy(&out));
    }
}
