//! What a crash prints, each firmware in its way, and how it ends: the chip restarts.

use super::{Chip, Leave, ResetCause, up_ms};
use crate::profile::Crash;
use alloc::format;
use alloc::string::{String, ToString};
use coil_vm::hardware::Fault;
use coil_vm::{Raised, Vm};
use core::fmt::Write as _;

/// Interrupts may be held back so long before the watchdog of interrupts bites.
const INTERRUPT_WATCHDOG_US: u64 = 300_000;
/// What `EXCCAUSE` has when it bites the core that MicroPython runs on.
const INTERRUPT_WATCHDOG: u32 = 6;

/// The order in which registers are printed, four in a line.
const REGISTERS: [&str; 24] = [
    "PC", "PS", "A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A12",
    "A13", "A14", "A15", "SAR", "EXCCAUSE", "EXCVADDR", "LBEG", "LEND", "LCOUNT",
];

/// A value of the register for the processor's state: a task runs, interrupts are let through.
const STATE: u32 = 0x0006_0830;

/// What the registers hold: no code runs here, so that beside the cause, the address and those of the
/// calls they only look like it.
fn registers(calls: &[(u32, u32)], pc_ahead: u32, cause: u32, address: u32) -> String {
    let (pc, sp) = calls.first().copied().unwrap_or_default();
    let (caller, caller_sp) = calls.get(1).copied().unwrap_or_default();
    // What is printed of a call is where it was made, what is in registers where it returns to; the
    // upper two bits then are the size of its window.
    let back = |pc: u32| pc.wrapping_add(3) & 0x3fff_ffff | 0x8000_0000;
    let pc = pc.wrapping_add(pc_ahead);
    let values = [
        pc,
        STATE,
        back(caller),
        sp,
        address,
        0x3f41_1d24,
        0x0000_0004,
        caller_sp.wrapping_add(0x10),
        0x3ffb_d9a0,
        0x3f40_1b84,
        back(pc),
        sp.wrapping_sub(0x20),
        address,
        0x3ffc_4138,
        0x0000_0001,
        0x0000_0000,
        0x0000_0004,
        0x3ffc_4160,
        0x0000_001a,
        cause,
        address,
        0x4000_c46c,
        0x4000_c477,
        0x0000_0000,
    ];
    let mut text = String::new();
    for (i, (name, value)) in REGISTERS.iter().zip(values).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{name:8}: 0x{value:08x}  ");
        if i % 4 == 3 && i + 1 < REGISTERS.len() {
            text.push('\n');
        }
    }
    text
}

fn backtrace(calls: &[(u32, u32)]) -> String {
    let calls = calls.iter().map(|(pc, sp)| format!("0x{pc:08x}:0x{sp:08x}"));
    calls.collect::<alloc::vec::Vec<_>>().join(" ")
}

/// Prints one of the profile's texts and restarts the chip.
fn print(vm: &mut Vm, text: fn(&Crash) -> &str, fill: &[(&str, String)], cause: ResetCause) {
    let profile = Chip::of(vm).profile.clone();
    let mut out = text(&profile.crash).replace("{preamble}", &profile.crash.preamble);
    let told = [
        ("{version}", profile.version.clone()),
        ("{date}", profile.date.clone()),
        ("{board}", profile.board_name.clone()),
        ("{ms}", up_ms(vm).to_string()),
        ("{backtrace}", backtrace(&profile.crash.calls)),
        ("{idle_backtrace}", backtrace(&profile.crash.idle)),
    ];
    for (name, value) in told.iter().chain(fill) {
        out = out.replace(name, value);
    }
    vm.port.write(out.replace('\n', "\r\n").as_bytes());
    super::leave(vm, Leave::Reset(cause));
}

/// The processor cannot go on.
pub(super) fn fault(vm: &mut Vm, fault: Fault) -> Raised {
    let crash = &Chip::of(vm).profile.crash;
    let dump = registers(&crash.calls, crash.pc_ahead, fault.cause(), fault.address());
    let fill = [("{reason}", fault.name().to_string()), ("{registers}", dump)];
    print(vm, |crash| &crash.fault, &fill, ResetCause::Panic);
    match vm.check_abort() {
        Err(raised) => raised,
        Ok(()) => Raised,
    }
}

/// The task watchdog bites while this task runs.
pub(super) fn watchdog(vm: &mut Vm, task: &str) {
    print(vm, |c| &c.watchdog, &[("{task}", task.to_string())], ResetCause::Watchdog);
}

/// When the watchdog of interrupts bites.
pub(super) fn interrupts_due_us(chip: &Chip) -> Option<u64> {
    chip.irqs_off_us.map(|since| since.saturating_add(INTERRUPT_WATCHDOG_US))
}

/// Lets the watchdog of interrupts bite if it is time.
pub(super) fn watch_interrupts(vm: &mut Vm, now: u64) {
    let chip = Chip::of(vm);
    if interrupts_due_us(chip).is_none_or(|due| now < due) {
        return;
    }
    chip.irqs_off_us = None;
    let crash = &chip.profile.crash;
    let dump = |calls: &[(u32, u32)]| registers(calls, crash.pc_ahead, INTERRUPT_WATCHDOG, 0);
    let fill = [("{registers}", dump(&crash.calls)), ("{idle_registers}", dump(&crash.idle))];
    print(vm, |crash| &crash.interrupt_watchdog, &fill, ResetCause::Watchdog);
}
