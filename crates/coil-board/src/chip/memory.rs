//! The chip's address space, where no bytes of a program are: registers, memories, and nothing.

use super::{Chip, panic, registers};
use alloc::vec::Vec;
use coil_vm::hardware::{Bus, Fault, Hardware};
use coil_vm::{Raised, Vm};

/// What a machine that runs on the chip asks it.
pub(crate) static HARDWARE: Hardware = Hardware { access, fault: panic::fault };

/// Bytes of the slow memory of the part that stays on in deep sleep.
pub const RTC_SLOW: usize = 8192;

/// What stands in a stretch of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// Constants of the firmware, in the flash: only to be read.
    Constants,
    /// Memory beside the chip, as far as the board has it.
    External,
    /// Registers.
    Registers,
    /// Memory that holds nothing of a program.
    Data,
    /// The same on the bus of instructions, which carries whole words alone.
    Instructions,
    /// Instructions in the ROM or the flash.
    Code,
    /// Memory that keeps what is stored, until the power goes.
    Slow,
}

/// First addresses, addresses after the last ones, and what is there. Between them is nothing.
const MAP: &[(u32, u32, What)] = &[
    (0x3f40_0000, 0x3f80_0000, What::Constants),
    (EXTERNAL, 0x3fc0_0000, What::External),
    (0x3ff0_0000, 0x3ff8_0000, What::Registers),
    // The fast memory of the part that stays on, and the ROM's constants.
    (0x3ff8_0000, 0x3ff8_2000, What::Data),
    (0x3ff9_0000, 0x3ffa_0000, What::Constants),
    (0x3ffa_e000, 0x4000_0000, What::Data),
    (0x4000_0000, 0x4006_0000, What::Code),
    // The caches' memory, that of interrupt handlers, the other end of the data memory, and the fast
    // memory once more.
    (0x4007_0000, 0x400c_2000, What::Instructions),
    (0x400c_2000, 0x40c0_0000, What::Code),
    (SLOW, SLOW + RTC_SLOW as u32, What::Slow),
    // Some of the registers once more.
    (SECOND, SECOND + 0x4_0000, What::Registers),
];

/// The second place of some registers, and their first one.
const SECOND: u32 = 0x6000_0000;
const FIRST: u32 = 0x3ff4_0000;

const EXTERNAL: u32 = 0x3f80_0000;
const SLOW: u32 = 0x5000_0000;

/// Memory that only the power clears.
#[derive(Clone, Debug)]
pub struct RtcSlow(Vec<u8>);

impl Default for RtcSlow {
    fn default() -> Self {
        Self(alloc::vec![0; RTC_SLOW])
    }
}

impl RtcSlow {
    /// Replaces bytes; what would be beyond the end is lost.
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        for (to, from) in self.0.iter_mut().skip(at).zip(bytes) {
            *to = *from;
        }
    }

    /// `n` bytes (at most four) as a little-endian number, zeros beyond the end.
    fn word(&self, at: usize, n: usize) -> u32 {
        let mut word = [0; 4];
        for (to, from) in word[..n].iter_mut().zip(self.0.iter().skip(at)) {
            *to = *from;
        }
        u32::from_le_bytes(word)
    }
}

/// What stands at all bytes of an access.
fn what_at(chip: &Chip, bus: Bus) -> Option<What> {
    let last = bus.address.checked_add(bus.size - 1)?;
    let inside = |&&(from, to, _): &&(u32, u32, What)| bus.address >= from && last < to;
    let what = MAP.iter().find(inside)?.2;
    let external = chip.device.psram_bytes;
    (what != What::External || last - EXTERNAL < external).then_some(what)
}

fn access(vm: &mut Vm, bus: Bus) -> Result<u32, Raised> {
    let Bus { address, size, store } = bus;
    let what = what_at(Chip::of(vm), bus);
    let fault = match what {
        None => Some(bus.prohibited()),
        Some(What::Constants | What::Code) if store.is_some() => Some(bus.prohibited()),
        Some(What::Instructions | What::Code) if size < 4 => Some(Fault::LoadStoreError(address)),
        Some(What::Registers | What::Instructions | What::Code | What::Slow)
            if !address.is_multiple_of(size) =>
        {
            Some(Fault::LoadStoreAlignment(address))
        }
        Some(_) => None,
    };
    if let Some(fault) = fault {
        return Err(vm.crash(fault));
    }
    let register = if address < SECOND { address } else { address - SECOND + FIRST };
    match (what, store) {
        (Some(What::Registers), None) => registers::read(vm, register & !3).map(|word| {
            let word = word >> (8 * (address & 3));
            if size == 4 { word } else { word & ((1 << (8 * size)) - 1) }
        }),
        (Some(What::Registers), Some(word)) => {
            registers::write(vm, register, word);
            Ok(0)
        }
        (Some(What::Slow), None) => {
            Ok(Chip::of(vm).rtc_slow.word((address - SLOW) as usize, size as usize))
        }
        (Some(What::Slow), Some(word)) => {
            let bytes = word.to_le_bytes();
            Chip::of(vm).rtc_slow.write((address - SLOW) as usize, &bytes[..size as usize]);
            Ok(0)
        }
        // What the system keeps there is not to be seen, and cannot be spoilt.
        _ => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_is_in_order_and_leaves_no_stretch_empty() {
        for pair in MAP.windows(2) {
            assert!(pair[0].1 <= pair[1].0, "{pair:x?}");
        }
        assert!(MAP.iter().all(|(from, to, _)| from < to));
    }

    #[test]
    fn slow_memory_ends_where_it_ends() {
        let mut memory = RtcSlow::default();
        memory.write(RTC_SLOW - 2, &[1, 2, 3, 4]);
        memory.write(usize::MAX, &[5]);
        assert_eq!(memory.word(RTC_SLOW - 4, 4), 0x0201_0000);
        assert_eq!(memory.word(RTC_SLOW - 1, 1), 2);
        assert_eq!(memory.word(RTC_SLOW, 4), 0);
    }
}
