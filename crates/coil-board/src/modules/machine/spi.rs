//! `machine.SPI`: the two controllers that are free for programs. What it shares with
//! `machine.SoftSPI` is in `spi/transfer.rs`.

pub(super) mod soft;
mod transfer;

use super::params::{Given, Param, any, gpio, int, parse};
use crate::chip::{Chip, SpiPort, wiring};
use crate::outside::bus::SpiLines;
use crate::profile::Era;
use alloc::format;
use alloc::vec::Vec;
use coil_vm::rom::{Args, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `SPI`: field 0 is its number.
pub(crate) static SPI: TypeDef = TypeDef {
    name: "SPI",
    items: transfer::ITEMS,
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let id = number(vm, v);
        let SpiPort { baudrate, polarity, phase, bits, firstbit, pins, .. } = *port(vm, id);
        let [sck, mosi, miso] = pins;
        let text = format!(
            "SPI(id={id}, baudrate={baudrate}, polarity={polarity}, phase={phase}, bits={bits}, \
             firstbit={firstbit}, sck={sck}, mosi={mosi}, miso={miso})"
        );
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Where the machine keeps the objects.
#[derive(Default)]
struct Places([Option<usize>; 2]);

/// SCK, MOSI and MISO of each controller where a program does not say.
const DEFAULT_PINS: [[i8; 3]; 2] = [[14, 13, 12], [18, 23, 19]];

const PARAMS: [Param; 8] = [
    int("baudrate", -1),
    int("polarity", -1).by_name(),
    int("phase", -1).by_name(),
    int("bits", -1).by_name(),
    int("firstbit", -1).by_name(),
    any("sck").by_name(),
    any("mosi").by_name(),
    any("miso").by_name(),
];
const PINS: usize = 5;
/// What the numbers are where a program does not say.
const DEFAULTS: [i64; PINS] = [500_000, 0, 0, 8, 0];

/// Frequency that the rate is divided from.
const CLOCK_HZ: i64 = 80_000_000;

/// The rate that the dividers give: the nearest, and of several ways to it any.
fn actual_rate(hz: i64) -> i64 {
    if hz > CLOCK_HZ / 4 * 3 {
        return CLOCK_HZ;
    }
    let candidates = (2..=64).map(|n| {
        let pre = ((CLOCK_HZ / n + hz / 2) / hz).clamp(1, 8192);
        CLOCK_HZ / (pre * n)
    });
    // Of two that are as near the later one counts, as it does on the chip.
    let nearer = |best: i64, rate: i64| {
        if (rate - hz).abs() <= (best - hz).abs() { rate } else { best }
    };
    candidates.reduce(nearer).unwrap_or(CLOCK_HZ)
}

fn number(vm: &Vm, object: Value) -> usize {
    let native = vm.as_native(object, &SPI).unwrap_or(object);
    (vm.native_int(native, 0) as usize).clamp(1, 2)
}

fn port(vm: &mut Vm, id: usize) -> &mut SpiPort {
    &mut Chip::of(vm).spis[id - 1]
}

/// The lines of a controller.
fn lines(pins: [i8; 3]) -> SpiLines {
    let [sck, mosi, miso] = pins.map(|p| u8::try_from(p).ok());
    SpiLines { sck, mosi, miso }
}

fn os_error(vm: &mut Vm, text: &str) -> Raised {
    vm.raise_args(types::OS_ERROR, text)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    let era = Chip::of(vm).profile.switches.buses;
    if args.n == 0 || vm.arg(args, 0) == Value::int(-1) {
        if era == Era::Y2019 {
            return soft::make(vm, args, args.n.min(1));
        }
        vm.write_stdout(b"Warning: SPI(-1, ...) is deprecated, use SoftSPI(...) instead\n")?;
        return soft::make(vm, args, args.n.min(1));
    }
    let n = super::params::word(vm, vm.arg(args, 0))?;
    let given = parse(vm, args, 1, &PARAMS)?;
    let Some(id) = usize::try_from(n).ok().filter(|id| (1..=2).contains(id)) else {
        let text = match era {
            Era::Y2019 => "SPI ID must be either HSPI(1) or VSPI(2)".into(),
            _ => format!("SPI({n}) doesn't exist"),
        };
        return Err(vm.raise_args(types::VALUE_ERROR, &text));
    };
    set_up(vm, id, &given, true)?;
    object(vm, id)
}

/// The one object of a controller.
fn object(vm: &mut Vm, id: usize) -> Res {
    if let Some(place) = vm.state::<Places>().0[id - 1] {
        return Ok(vm.pinned(place));
    }
    let made = vm.new_native(&SPI, &[Value::int(id as i64)])?;
    let place = vm.pin(made);
    vm.state::<Places>().0[id - 1] = Some(place);
    Ok(made)
}

/// `init(…)` of a controller.
fn init(vm: &mut Vm, id: usize, args: Args) -> Result<(), Raised> {
    let given = parse(vm, args, 1, &PARAMS)?;
    set_up(vm, id, &given, false)
}

/// Sets a controller up; what is not given is the default, or as it was.
fn set_up(vm: &mut Vm, id: usize, given: &Given<8>, anew: bool) -> Result<(), Raised> {
    let old = *port(vm, id);
    let is_oldest = Chip::of(vm).profile.switches.buses == Era::Y2019;
    let mut pins = match anew {
        true if is_oldest => [-1; 3],
        true => DEFAULT_PINS[id - 1],
        false => old.pins,
    };
    for (i, pin) in pins.iter_mut().enumerate() {
        match given.any(PINS + i) {
            Value::NULL => {}
            Value::NONE => *pin = -1,
            v => *pin = gpio(vm, v)? as i8,
        }
    }
    let number = |i: usize| {
        let n = given.int(i);
        if n == -1 && anew { Some(DEFAULTS[i]) } else { Some(n).filter(|n| *n != -1) }
    };
    let mut new = SpiPort { pins, ..old };
    if let Some(hz) = number(0) {
        if hz <= 0 {
            return Err(os_error(vm, "invalid configuration"));
        }
        new.baudrate = actual_rate(hz) as u32;
    }
    if let Some(bits) = number(3) {
        if bits <= 0 || bits as u8 == 0 {
            return Err(vm.value_error("invalid bits"));
        }
        new.bits = bits as u8;
    }
    for (i, field) in [(1, &mut new.polarity), (2, &mut new.phase), (4, &mut new.firstbit)] {
        if let Some(n) = number(i) {
            *field = n as u8;
        }
    }
    if old.live && new == old {
        return Ok(());
    }
    if old.live {
        release(vm, id);
    }
    *port(vm, id) = SpiPort { live: false, ..new };
    let outputs = [new.pins[0], new.pins[1]];
    if outputs.iter().any(|p| *p >= wiring::FIRST_INPUT_ONLY as i8) {
        return Err(os_error(vm, "invalid configuration"));
    }
    if new.has_card {
        return Err(os_error(vm, "SPI host already in use"));
    }
    take_pins(vm, new.pins, new.polarity != 0);
    port(vm, id).live = true;
    Ok(())
}

/// Gives pins to a bus: the clock rests at its level.
fn take_pins(vm: &mut Vm, [sck, mosi, miso]: [i8; 3], high: bool) {
    if let Ok(pin) = usize::try_from(miso) {
        wiring::set_up(vm, pin, |p| {
            p.output = false;
            p.uart_drives = false;
        });
    }
    for (pin, level) in [(sck, high), (mosi, false)] {
        if let Ok(pin) = usize::try_from(pin) {
            wiring::set_up(vm, pin, |p| {
                p.output = true;
                p.open_drain = false;
                p.uart_drives = false;
                p.latch = level;
            });
        }
    }
}

/// Lets go of the pins of a controller.
fn release(vm: &mut Vm, id: usize) {
    port(vm, id).live = false;
    for pin in port(vm, id).pins {
        if let Ok(pin) = usize::try_from(pin) {
            wiring::set_up(vm, pin, |p| p.output = false);
        }
    }
}

/// `deinit()` of a controller.
fn deinit(vm: &mut Vm, id: usize) {
    if port(vm, id).live {
        release(vm, id);
    }
}

/// Transfers with a controller: what came back, as many bytes as were sent.
fn transfer(vm: &mut Vm, id: usize, out: &[u8]) -> Result<Vec<u8>, Raised> {
    let SpiPort { live, bits, baudrate, polarity, phase, firstbit, pins, .. } = *port(vm, id);
    if !live {
        return Err(os_error(vm, "transfer on deinitialized SPI"));
    }
    // Only whole words are sent.
    let bits = usize::from(bits);
    let sent = out.len() * 8 / bits * bits;
    if sent == 0 {
        return Err(vm.value_error("buffer too short"));
    }
    let (now, rest) = out.split_at(sent.div_ceil(8));
    let mode = polarity << 1 & 2 | phase & 1;
    let how = transfer::Exchange { freq: baudrate, mode, lsb_first: firstbit == 1 };
    let mut back = transfer::exchange(vm, lines(pins), how, now);
    back.extend_from_slice(rest);
    super::busy::spend(vm, sent as u64 * 1_000_000_000 / u64::from(baudrate.max(1)))?;
    Ok(back)
}

#[cfg(test)]
mod tests {
    use super::actual_rate;

    #[test]
    fn rates_are_those_that_the_dividers_give() {
        for hz in [100_000, 250_000, 500_000, 800_000, 1_000_000, 4_000_000, 8_000_000, 40_000_000]
        {
            assert_eq!(actual_rate(hz), hz);
        }
        assert_eq!(actual_rate(80_000_000), 80_000_000);
        assert_eq!(actual_rate(60_000_001), 80_000_000);
        assert_eq!(actual_rate(30_000_000), 26_666_666);
        assert_eq!(actual_rate(1), 152);
    }
}
