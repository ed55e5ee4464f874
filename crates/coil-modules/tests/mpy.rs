//! Runs the files of `coil-mpy/tests/files`: as mpy-cross made them they print what their scripts
//! print in the reference; changed they raise or print whatever they like, but never panic.

use coil_testkit::Kept;
use coil_vm::interp::import::{Content, Found};
use coil_vm::{Config, Raised, Value, Vm, names, rom::Rom};

/// The file that is imported, and how many polls a program may take yet.
#[derive(Debug, Default)]
struct Given {
    file: Vec<u8>,
    polls: u32,
}

fn import(_: &mut Vm, name: &str, _: Option<&str>) -> Result<Option<Found>, Raised> {
    let content = Content::File(|vm, _| Ok(vm.state::<Given>().file.clone()));
    Ok((name == "given").then(|| Found::Source(content, "given.mpy".into())))
}

fn count(vm: &mut Vm) -> Result<(), Raised> {
    let given = vm.state::<Given>();
    given.polls = given.polls.saturating_sub(1);
    if given.polls == 0 {
        vm.abort();
    }
    Ok(())
}

/// What importing a file prints, and whether it raised.
fn run(file: &[u8], polls: u32, stress: bool) -> (String, bool) {
    let port = Kept::default();
    let out = port.output();
    let config = Config {
        heap_initial: 1 << 20,
        heap_max: 1 << 20,
        stack_bytes: 60_000,
        single_precision: false,
    };
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(port), config);
    *vm.state::<Given>() = Given { file: file.to_vec(), polls };
    vm.importer = Some(import);
    vm.hook = Some(count);
    vm.gc_stress = stress;
    let globals = vm.new_dict(0).expect("room for a dict");
    vm.pin(globals);
    vm.dict_put(globals, names::name, Value::from(names::main)).expect("room");
    let source = b"import given\n";
    let ran = vm.exec_source(source, "main.py", coil_vm::compiler::Mode::Module, globals);
    (out.text(), ran.is_err())
}

macro_rules! files {
    ($($name:literal)*) => {
        [$((
            $name,
            &include_bytes!(concat!("../../coil-mpy/tests/files/", $name, ".mpy"))[..],
            include_str!(concat!("../../coil-mpy/tests/files/", $name, ".exp")),
        )),*]
    };
}

#[test]
fn files_print_what_their_scripts_print() {
    for (name, file, expected) in files!["functions" "blocks" "data"] {
        for stress in [false, true] {
            let (printed, raised) = run(file, u32::MAX, stress);
            assert_eq!(printed, expected, "{name}, stress {stress}");
            assert!(!raised, "{name}");
        }
    }
}

#[test]
fn changed_files_never_panic() {
    let files = files!["functions" "blocks" "data"];
    let mut seed = 3u64;
    let mut chance = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n
    };
    let mut ran = 0;
    for round in 0..3000 {
        let mut file = files[round % files.len()].1.to_vec();
        for _ in 0..=chance(3) {
            let at = 4 + chance(file.len() - 4);
            match chance(2) {
                0 => file[at] = chance(256) as u8,
                _ => file[at] ^= 1 << chance(8),
            }
        }
        let (printed, _) = run(&file, 20, round % 4 == 0);
        ran += usize::from(!printed.is_empty());
    }
    assert!(ran > 250, "the changes are too wild to find anything: {ran}");
}
