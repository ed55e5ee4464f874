//! `esp32.ULP`: the small processor. It takes programs, but none runs here.

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
            let buffer = vm.arg(a, 2);
            let len = vm.buffer_len(buffer)? & !3;
            let mut header = vec![0; HEADER];
            let start = vm.buffer_read(buffer, 0, len.min(HEADER))?;
            header[..start.len()].copy_from_slice(&start);
            check(vm, words.saturating_mul(4), len as i64, &header)?;
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
const HEADER: usize = 12;
const MARK: [u8; 4] = *b"ulp\0";

/// What the ESP-IDF says; these numbers are raised as they are.
const INVALID_ARG: i64 = 0x102;
const INVALID_SIZE: i64 = 0x104;
const NOT_SUPPORTED: i64 = 0x106;

fn check(vm: &mut Vm, at: i64, len: i64, header: &[u8]) -> Result<(), Raised> {
    let half = |i: usize| i64::from(u16::from_le_bytes([header[i], header[i + 1]]));
    let size = [4, 6, 8, 10].map(half).iter().sum::<i64>();
    let failed = if len < HEADER as i64 {
        INVALID_SIZE
    } else if !(0..=RESERVE_MEM).contains(&at) {
        INVALID_ARG
    } else if at + len > RESERVE_MEM {
        INVALID_SIZE
    } else if header[..4] != MARK {
        NOT_SUPPORTED
    } else if size > RESERVE_MEM - at {
        INVALID_SIZE
    } else {
        return Ok(());
    };
    Err(vm.os_error(failed))
}
