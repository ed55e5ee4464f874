//! `esp32.ULP`: the small processor. It takes programs, but none runs here.

use crate::chip::Chip;
use crate::chip::memory::RtcSlow;
use alloc::vec;
use coil_vm::rom::{Item, TypeDef, def};
use coil_vm::{Raised, Value, Vm};

/// `ULP`
pub(super) static ULP: TypeDef = TypeDef {
    name: "ULP",
    items: &[
        def("set_wakeup_period(self, period_index, period_us)", |vm, a| {
            let index = vm.expect_int(vm.arg(a, 1))?;
            vm.expect_int(vm.arg(a, 2))?;
            if !(0..PERIODS).contains(&index) {
                return Err(vm.os_error(INVALID_ARG));
            }
            Ok(Value::NONE)
        }),
        def("load_binary(self, load_addr, program_binary)", |vm, a| {
            let words = vm.expect_int(vm.arg(a, 1))?;
            let program = vm.expect_bytes_like(vm.arg(a, 2))?;
            let (at, program) = (words.saturating_mul(4), &program[..program.len() & !3]);
            check(vm, at, program)?;
            load(&mut Chip::of(vm).rtc_slow, at as usize, program);
            Ok(Value::NONE)
        }),
        def("run(self, entry_point)", |vm, a| {
            vm.expect_int(vm.arg(a, 1))?;
            Err(vm.os_error(NOT_SUPPORTED))
        }),
        Item::Int("RESERVE_MEM", RESERVE_MEM),
    ],
    new: Some(|vm, _, args| {
        vm.check_args(args, 0, 0)?;
        vm.new_native(&ULP, &[])
    }),
    ..TypeDef::EMPTY
};

/// Bytes of memory for programs.
const RESERVE_MEM: i64 = 2040;
/// Wake-up periods that can be set.
const PERIODS: i64 = 5;
/// Bytes before a program: its mark, where its text starts, and the sizes of its three parts.
const HEADER: i64 = 12;
const MARK: [u8; 4] = *b"ulp\0";

/// What the ESP-IDF says; these numbers are raised as they are.
const INVALID_ARG: i64 = 0x102;
const INVALID_SIZE: i64 = 0x104;
const NOT_SUPPORTED: i64 = 0x106;

/// A number in a program's header.
fn half(program: &[u8], i: usize) -> usize {
    let bytes = program.get(i..i + 2).map_or([0; 2], |b| [b[0], b[1]]);
    u16::from_le_bytes(bytes).into()
}

/// Puts a program that was checked into the memory: its text, its data, and zeros.
fn load(memory: &mut RtcSlow, at: usize, program: &[u8]) {
    let [from, text, data, zeros] = [4, 6, 8, 10].map(|i| half(program, i));
    let loaded = program.get(from..).unwrap_or_default();
    let loaded = &loaded[..loaded.len().min(text + data)];
    memory.write(at, loaded);
    memory.write(at + text + data, &vec![0; zeros]);
}

fn check(vm: &mut Vm, at: i64, program: &[u8]) -> Result<(), Raised> {
    let size = [4, 6, 8, 10].map(|i| half(program, i)).iter().sum::<usize>() as i64;
    let len = program.len() as i64;
    let failed = if len < HEADER {
        INVALID_SIZE
    } else if !(0..=RESERVE_MEM).contains(&at) {
        INVALID_ARG
    } else if at + len > RESERVE_MEM {
        INVALID_SIZE
    } else if program[..4] != MARK {
        NOT_SUPPORTED
    } else if size > RESERVE_MEM - at {
        INVALID_SIZE
    } else {
        return Ok(());
    };
    Err(vm.os_error(failed))
}
