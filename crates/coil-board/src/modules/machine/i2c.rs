//! `machine.I2C`: the two controllers of the chip. What it shares with `machine.SoftI2C` is in
//! `i2c/bus.rs` and `i2c/methods.rs`.

mod bus;
mod methods;
pub(super) mod soft;

use super::params::{any, gpio, int, parse};
use crate::chip::{self, Chip, I2cPort, wiring};
use crate::modules::esp32::esp_error;
use crate::outside::bus::I2cLines;
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use bus::{Bus, Direction};
use coil_vm::rom::{Args, TypeDef};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `I2C`: field 0 is its number.
pub(crate) static I2C: TypeDef = TypeDef {
    name: "I2C",
    items: methods::ITEMS,
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let id = number(vm, v);
        let I2cPort { scl, sda, freq, timeout_us, .. } = Chip::of(vm).i2cs[id];
        let timeout = match Chip::of(vm).profile.switches.buses {
            Era::Now => format!(", timeout={timeout_us}"),
            _ => String::new(),
        };
        let text = format!("I2C({id}, scl={scl}, sda={sda}, freq={freq}{timeout})");
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

/// Controllers, and where the machine keeps their objects.
const PORTS: usize = 2;
#[derive(Default)]
struct Places([Option<usize>; PORTS]);

/// SCL and SDA of each controller where a program does not say.
const DEFAULT_PINS: [(u8, u8); PORTS] = [(18, 19), (25, 26)];
const DEFAULT_FREQ: u32 = 400_000;
/// Microseconds that a controller waits for a bus that is stuck.
const DEFAULT_TIMEOUT_US: u32 = 50_000;

const ESP_ERR_INVALID_ARG: i32 = 0x102;
const ENODEV: i64 = 19;
/// The ESP-IDF's code for an invalid argument, which this class gives as an error number.
const INVALID_ARG: i64 = 0x102;

fn number(vm: &Vm, object: Value) -> usize {
    let native = vm.as_native(object, &I2C).unwrap_or(object);
    (vm.native_int(native, 0) as usize).min(PORTS - 1)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n > 0 && vm.arg(args, 0) == Value::int(-1) {
        vm.write_stdout(b"Warning: I2C(-1, ...) is deprecated, use SoftI2C(...) instead\n")?;
        return soft::make(vm, args, 1);
    }
    let given = parse(
        vm,
        args,
        0,
        &[
            int("id", 0),
            any("scl").by_name(),
            any("sda").by_name(),
            int("freq", -1).by_name(),
            int("timeout", -1).by_name(),
        ],
    )?;
    let n = given.int(0);
    let Some(id) = usize::try_from(n).ok().filter(|id| *id < PORTS) else {
        let text = format!("I2C({n}) doesn't exist");
        return Err(vm.raise_args(types::VALUE_ERROR, &text));
    };
    let mut port = Chip::of(vm).i2cs[id];
    if !port.known {
        let (scl, sda) = DEFAULT_PINS[id];
        port =
            I2cPort { known: true, scl, sda, freq: DEFAULT_FREQ, timeout_us: DEFAULT_TIMEOUT_US };
    }
    if !given.any(1).is_null() {
        port.scl = gpio(vm, given.any(1))?;
    }
    if !given.any(2).is_null() {
        port.sda = gpio(vm, given.any(2))?;
    }
    if given.int(3) != -1 {
        port.freq = given.int(3) as u32;
    }
    if given.int(4) != -1 {
        port.timeout_us = given.int(4) as u32;
    }
    Chip::of(vm).i2cs[id] = port;
    let pins = [port.scl, port.sda].map(usize::from);
    if port.freq == 0 || pins.iter().any(|p| *p >= wiring::FIRST_INPUT_ONLY) {
        return Err(esp_error(vm, ESP_ERR_INVALID_ARG));
    }
    for pin in pins {
        wiring::set_up(vm, pin, |p| {
            p.output = true;
            p.open_drain = true;
            p.latch = true;
            p.uart_drives = false;
            p.pull_up = true;
            p.pull_down = false;
        });
    }
    object(vm, id)
}

/// The one object of a controller.
fn object(vm: &mut Vm, id: usize) -> Res {
    if let Some(place) = vm.state::<Places>().0[id] {
        return Ok(vm.pinned(place));
    }
    let made = vm.new_native(&I2C, &[Value::int(id as i64)])?;
    let place = vm.pin(made);
    vm.state::<Places>().0[id] = Some(place);
    Ok(made)
}

/// What a program wants of a bus.
enum Transfer<'a> {
    /// Bytes, one piece after the other.
    Write(&'a [Vec<u8>]),
    /// So many bytes.
    Read(usize),
    /// Bytes, and then as many as are asked for, with a second start between.
    WriteRead(&'a [u8], usize),
}

/// Transfers; how many bytes were acknowledged, and what was read.
fn transfer(
    vm: &mut Vm,
    id: usize,
    address: u16,
    what: &Transfer<'_>,
) -> Result<(usize, Vec<u8>), Raised> {
    // What changed outside counts at once.
    chip::poll(vm)?;
    let port = Chip::of(vm).i2cs[id];
    let lines = I2cLines { scl: port.scl, sda: port.sda };
    let mut bus = Bus::new(lines, 1_000_000_000 / u64::from(port.freq.max(1)));
    let invalid = match what {
        Transfer::WriteRead(out, n) => out.is_empty() || *n == 0,
        _ => false,
    };
    if invalid {
        return Err(vm.os_error(INVALID_ARG));
    }
    // Reading nothing does not even call the device.
    if matches!(what, Transfer::Read(0)) {
        return Ok((0, Vec::new()));
    }
    if !bus.is_free(vm) {
        let until = vm.port.now_us() + u64::from(port.timeout_us);
        super::busy::hold(vm, until, |_| Ok(false))?;
        return Err(vm.os_error(ENODEV));
    }
    let out: Vec<u8> = match what {
        // A first piece without bytes makes it a mere call of the device.
        Transfer::Write([first, ..]) if first.is_empty() => Vec::new(),
        Transfer::Write(pieces) => pieces.concat(),
        Transfer::WriteRead(out, _) => out.to_vec(),
        Transfer::Read(_) => Vec::new(),
    };
    let mut back = Vec::new();
    let mut answered = true;
    if !matches!(what, Transfer::Read(_)) {
        answered = bus.start(vm, address, Direction::Write);
        answered = answered && bus.write(vm, &out) == out.len();
    }
    if let (true, Transfer::Read(n) | Transfer::WriteRead(_, n)) = (answered, what) {
        answered = bus.start(vm, address, Direction::Read);
        if answered {
            back = bus.read(vm, *n);
        }
    }
    bus.stop(vm);
    bus.spend(vm)?;
    if answered { Ok((out.len(), back)) } else { Err(vm.os_error(ENODEV)) }
}
