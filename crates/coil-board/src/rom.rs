//! What the chip's ROM does after a reset: it reads the strapping pins, says so, and starts the
//! firmware, or waits for a new one, or finds that it cannot read the flash.

use crate::chip::{self, Chip, Leave, ResetCause};
use crate::loader;
use alloc::format;
use alloc::string::String;
use coil_vm::Vm;

/// GPIO numbers of the strapping pins, and their levels when nothing outside drives them; the first
/// is the lowest bit.
const STRAPS: [(usize, bool); 6] =
    [(5, true), (15, true), (4, false), (2, false), (0, true), (12, false)];

const GPIO5: u8 = 1;
const GPIO15: u8 = 1 << 1;
const GPIO2: u8 = 1 << 3;
const GPIO0: u8 = 1 << 4;
const GPIO12: u8 = 1 << 5;

/// The watchdog of a ROM that does not get on restarts the chip after so long.
const WATCHDOG_US: u64 = 400_000;

/// What the strapping pins ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// The firmware in the flash.
    Flash,
    /// The same, from a flash that is not there.
    OtherFlash,
    /// A firmware over the serial line.
    Download,
}

impl Mode {
    fn of(straps: u8) -> Self {
        match (straps & GPIO0 != 0, straps & GPIO2 != 0) {
            (true, _) => Self::Flash,
            (false, true) => Self::OtherFlash,
            (false, false) => Self::Download,
        }
    }

    fn name(self, straps: u8) -> String {
        match self {
            Self::Flash => "SPI_FAST_FLASH_BOOT".into(),
            Self::OtherFlash => "HSPI_FLASH_BOOT".into(),
            Self::Download => {
                // At which edges of its clock another interface of the chip reads and writes.
                let edge = |pin| if straps & pin != 0 { 'R' } else { 'F' };
                let (input, output) = (edge(GPIO15), edge(GPIO5));
                format!("DOWNLOAD_BOOT(UART0/UART1/SDIO_{input}EI_{output}EO_V2)")
            }
        }
    }
}

/// The levels of the strapping pins now, a bit each.
fn read_straps(chip: &mut Chip) -> u8 {
    let boots = chip.auto_reset.take_boot();
    let level = |&(gpio, pull): &(usize, bool)| {
        let pin = &chip.pins[gpio];
        // What resets the chip by the lines of the serial port pulls the pin of the BOOT button.
        pin.outside.or(pin.wired).unwrap_or(pull) && !(gpio == 0 && boots)
    };
    STRAPS.iter().map(level).enumerate().fold(0, |all, (bit, level)| all | u8::from(level) << bit)
}

/// Starts the firmware: nothing. Otherwise why the chip left the ROM. `shows` that it prints what it
/// does where nothing is the matter.
pub(crate) fn start(vm: &mut Vm, cause: ResetCause, shows: bool) -> Option<Leave> {
    // What is on the pins already.
    chip::take_stimuli(vm);
    if let Some(left) = Chip::of(vm).leave.take() {
        return Some(left);
    }
    let chip = Chip::of(vm);
    // Other resets leave the rest of the chip on, and what it has read there.
    if matches!(cause, ResetCause::PowerOn | ResetCause::RtcWatchdog) {
        chip.straps = read_straps(chip);
    }
    let (straps, profile) = (chip.straps, chip.profile.clone());
    let mode = Mode::of(straps);
    let text = profile
        .rom_banner
        .replace("{rst}", cause.rom_text())
        .replace("{boot}", &format!("0x{straps:x} ({})", mode.name(straps)));
    // GPIO15 silences it; what comes after the line of the reset is about the loader.
    let loud = straps & GPIO15 != 0;
    let own = text.find("rst:").and_then(|at| Some(at + text[at..].find('\n')? + 1));
    let own = &text[..own.unwrap_or(text.len())];
    if mode == Mode::Download {
        if loud {
            print(vm, own);
            print(vm, "waiting for download\n");
        }
        return Some(loader::run(vm, false));
    }
    // GPIO12 high is for a flash of 1.8 V.
    if mode == Mode::OtherFlash || straps & GPIO12 != 0 {
        if loud {
            print(vm, own);
            print(vm, "flash read err, 1000\nets_main.c 371 \n");
        }
        let bites_us = vm.port.now_us() + WATCHDOG_US;
        return Some(wait(vm, bites_us));
    }
    if shows {
        if loud {
            print(vm, &text);
        }
        print(vm, &profile.boot_log);
    }
    None
}

/// Holds the chip in reset as long as its EN is low; why it is to be left all the same.
pub(crate) fn held(vm: &mut Vm) -> Option<Leave> {
    while Chip::of(vm).is_held() && Chip::of(vm).leave.is_none() {
        // Nobody listens on the console.
        while vm.port.read().is_some() {}
        let lets_go_us = Chip::of(vm).auto_reset.lets_go_us();
        vm.port.wait(lets_go_us);
        vm.port.poll(0);
        chip::take_stimuli(vm);
        let now = vm.port.now_us();
        Chip::of(vm).auto_reset.pass(now);
    }
    Chip::of(vm).leave.take()
}

fn print(vm: &mut Vm, text: &str) {
    vm.port.write(text.replace('\n', "\r\n").as_bytes());
}

/// Waits for a reset from outside, or for the watchdog; nobody listens on the console meanwhile.
fn wait(vm: &mut Vm, bites_us: u64) -> Leave {
    loop {
        chip::take_stimuli(vm);
        if let Some(leave) = Chip::of(vm).leave {
            return leave;
        }
        while vm.port.read().is_some() {}
        if vm.port.now_us() >= bites_us {
            return Leave::Reset(ResetCause::RtcWatchdog);
        }
        vm.port.wait(Some(bites_us));
        // A steady moment of virtual time is no reason to go round for ever.
        vm.port.poll(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strapping_words_have_their_modes_and_names() {
        for (straps, mode, name) in [
            (0x13, Mode::Flash, "SPI_FAST_FLASH_BOOT"),
            (0x33, Mode::Flash, "SPI_FAST_FLASH_BOOT"),
            (0x1f, Mode::Flash, "SPI_FAST_FLASH_BOOT"),
            (0x2b, Mode::OtherFlash, "HSPI_FLASH_BOOT"),
            (0x03, Mode::Download, "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)"),
            (0x06, Mode::Download, "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_FEO_V2)"),
            (0x21, Mode::Download, "DOWNLOAD_BOOT(UART0/UART1/SDIO_FEI_REO_V2)"),
        ] {
            assert_eq!((Mode::of(straps), mode.name(straps)), (mode, name.into()), "{straps:x}");
        }
    }
}
