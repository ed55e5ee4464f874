//! How a `machine.UART` is made and set up.

use super::{ESP_ERR_INVALID_ARG, ESP_ERR_INVALID_STATE, ESP_FAIL, IRQ, REPL, UART};
use crate::chip::uart::{self, FIFO_BYTES, Uart};
use crate::chip::{Chip, wiring};
use crate::modules::esp32::esp_error;
use crate::modules::machine::busy;
use crate::modules::machine::params::{Given, Param, any, gpio, int, parse};
use crate::outside::bus::Parity;
use crate::profile::Era;
use alloc::format;
use coil_vm::rom::Args;
use coil_vm::{Raised, Res, Value, Vm, types};

const PARAMS: [Param; 14] = [
    int("baudrate", 0),
    int("bits", 0),
    any("parity"),
    int("stop", 0),
    any("tx").by_name(),
    any("rx").by_name(),
    any("rts").by_name(),
    any("cts").by_name(),
    int("txbuf", -1).by_name(),
    int("rxbuf", -1).by_name(),
    int("timeout", -1).by_name(),
    int("timeout_char", -1).by_name(),
    int("invert", -1).by_name(),
    int("flow", -1).by_name(),
];
const BAUDRATE: usize = 0;
const BITS: usize = 1;
const PARITY: usize = 2;
const STOP: usize = 3;
const TX: usize = 4;
const TXBUF: usize = 8;
const RXBUF: usize = 9;
const TIMEOUT: usize = 10;
const TIMEOUT_CHAR: usize = 11;
const INVERT: usize = 12;
const FLOW: usize = 13;

/// TX and RX of each UART where a program does not say.
const DEFAULT_PINS: [[i8; 2]; uart::UARTS] = [[-1, -1], [10, 9], [17, 16]];
const DEFAULT_BAUDRATE: u32 = 115_200;
/// Milliseconds that a change waits for what is still to be sent.
const SENT_WITHIN_MS: u64 = 1000;
const ESP_ERR_TIMEOUT: i32 = 0x107;
/// The most bits of silence that the hardware can count.
const SILENCE_MAX_BITS: u32 = 127 * 8;

/// `UART(id, …)`
pub(super) fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let n = vm.expect_int(vm.arg(args, 0))?;
    let Some(id) = usize::try_from(n).ok().filter(|id| *id < uart::UARTS) else {
        let text = format!("UART({n}) does not exist");
        return Err(vm.raise_args(types::VALUE_ERROR, &text));
    };
    if id == REPL && Chip::of(vm).profile.switches.buses == Era::Y2019 {
        return Err(vm.value_error("UART(0) is disabled (dedicated to REPL)"));
    }
    let mut slot = Chip::of(vm).uarts[id].slot;
    if slot == 0 {
        let object = vm.new_native(&UART, &[Value::int(n)])?;
        slot = vm.pin(object) + 1;
        vm.pin(Value::NONE);
        let irq = vm.new_native(&IRQ, &[Value::int(n)])?;
        vm.pin(irq);
        Chip::of(vm).uarts[id].slot = slot;
    }
    init(vm, id, args)?;
    Ok(vm.pinned(slot - 1))
}

/// Sets a UART up with the arguments after the first.
pub(super) fn init(vm: &mut Vm, id: usize, args: Args) -> Result<(), Raised> {
    let given = parse(vm, args, 1, &PARAMS)?;
    if Chip::of(vm).uarts[id].installed {
        super::await_sent(vm, id, SENT_WITHIN_MS)?;
    } else {
        let uart = &mut Chip::of(vm).uarts[id];
        uart.set_defaults();
        uart.pins[..2].copy_from_slice(&DEFAULT_PINS[id]);
        if uart.divider == 0 {
            uart.set_baudrate(DEFAULT_BAUDRATE);
        }
    }
    install(vm, id, &given)?;
    if given.int(BAUDRATE) > 0 {
        Chip::of(vm).uarts[id].set_baudrate(given.int(BAUDRATE) as u32);
    }
    set_pins(vm, id, &given)?;
    set_character(vm, id, &given)?;
    set_timeouts(vm, id, &given)?;
    for (i, known, what) in [(INVERT, 0x6c, "inversion"), (FLOW, 3, "flow control")] {
        let mask = given.int(i);
        if mask != -1 && mask & !known != 0 {
            let text = format!("invalid {what} mask");
            return Err(vm.raise_args(types::VALUE_ERROR, &text));
        }
        let uart = &mut Chip::of(vm).uarts[id];
        match i {
            _ if mask == -1 => {}
            INVERT => uart.invert = mask as u32,
            _ => uart.flow = mask as u8,
        }
    }
    if id == REPL {
        return Err(esp_error(vm, ESP_FAIL));
    }
    Chip::of(vm).uarts[id].discard();
    connect(vm, id);
    Ok(())
}

/// Sizes of buffers, and the driver with them.
fn install(vm: &mut Vm, id: usize, given: &Given<14>) -> Result<(), Raised> {
    let uart = &Chip::of(vm).uarts[id];
    let (tx, rx) = (given.int(TXBUF), given.int(RXBUF));
    let other = |wanted: i64, is: u16| wanted >= 0 && wanted != i64::from(is);
    if other(tx, uart.txbuf) || other(rx, uart.rxbuf) {
        if id == REPL {
            return Err(vm.value_error("REPL UART buffer size is fixed"));
        }
        let uart = &mut Chip::of(vm).uarts[id];
        if tx >= 0 {
            uart.txbuf = tx as u16;
        }
        if rx >= 0 {
            uart.rxbuf = rx as u16;
        }
        if uart.installed {
            uart.remove();
        } else {
            uart.set_baudrate(DEFAULT_BAUDRATE);
        }
    } else if !uart.installed && id != REPL {
        Chip::of(vm).uarts[id].set_baudrate(DEFAULT_BAUDRATE);
    }
    let uart = &mut Chip::of(vm).uarts[id];
    if id != REPL && !uart.installed {
        let [tx, rx] = [uart.txbuf, uart.rxbuf].map(usize::from);
        if rx <= FIFO_BYTES || tx != 0 && tx <= FIFO_BYTES {
            return Err(esp_error(vm, ESP_FAIL));
        }
        uart.install();
    }
    Ok(())
}

fn set_pins(vm: &mut Vm, id: usize, given: &Given<14>) -> Result<(), Raised> {
    for i in 0..4 {
        let v = given.any(TX + i);
        if !v.is_null() {
            let pin = if v == Value::int(-1) { -1 } else { gpio(vm, v)? as i8 };
            Chip::of(vm).uarts[id].pins[i] = pin;
        }
    }
    let [tx, _, rts, _] = Chip::of(vm).uarts[id].pins;
    if [tx, rts].iter().any(|p| *p >= wiring::FIRST_INPUT_ONLY as i8) {
        return Err(esp_error(vm, ESP_FAIL));
    }
    connect(vm, id);
    Ok(())
}

/// Gives the pins to the UART: those that it sends on rest at its level, the others are pulled up.
fn connect(vm: &mut Vm, id: usize) {
    let Uart { pins: [tx, rx, rts, cts], invert, .. } = Chip::of(vm).uarts[id];
    if id == REPL {
        return;
    }
    for pin in [rx, cts] {
        let is_own = pin == tx || pin == rts;
        if let (Ok(pin), false) = (usize::try_from(pin), is_own) {
            wiring::set_up(vm, pin, |p| {
                p.output = false;
                p.uart_drives = false;
                p.pull_up = pin < wiring::FIRST_INPUT_ONLY;
                p.pull_down = false;
            });
        }
    }
    for (pin, wire) in [(tx, uart::INVERT_TX), (rts, uart::INVERT_RTS)] {
        if let Ok(pin) = usize::try_from(pin) {
            wiring::set_up(vm, pin, |p| {
                p.output = true;
                p.open_drain = false;
                p.uart_drives = true;
                // At rest TX is high; RTS is low, which asks for more.
                p.latch = (wire == uart::INVERT_TX) == (invert & wire == 0);
            });
        }
    }
}

fn set_character(vm: &mut Vm, id: usize, given: &Given<14>) -> Result<(), Raised> {
    match given.int(BITS) {
        0 => {}
        bits @ 5..=8 => Chip::of(vm).uarts[id].bits = bits as u8,
        _ => return Err(vm.value_error("invalid data bits")),
    }
    let parity = given.any(PARITY);
    if parity == Value::NONE {
        Chip::of(vm).uarts[id].parity = Parity::None;
    } else if !parity.is_null() {
        let odd = vm.expect_int(parity)? & 1 == 1;
        Chip::of(vm).uarts[id].parity = if odd { Parity::Odd } else { Parity::Even };
    }
    match given.int(STOP) {
        0 => {}
        stop @ 1..=2 => Chip::of(vm).uarts[id].stop = stop as u8,
        _ => return Err(vm.value_error("invalid stop bits")),
    }
    Ok(())
}

fn set_timeouts(vm: &mut Vm, id: usize, given: &Given<14>) -> Result<(), Raised> {
    let chip = Chip::of(vm);
    let (era, uart) = (chip.profile.switches.buses, &mut chip.uarts[id]);
    let [mut timeout, mut timeout_char] = [TIMEOUT, TIMEOUT_CHAR].map(|i| given.int(i));
    if era == Era::Y2019 {
        // It starts anew whenever it is set up.
        timeout = timeout.max(0);
        timeout_char = timeout_char.max(0);
    }
    if era != Era::Now && timeout_char != -1 {
        // At least a character, at the rate that was given.
        let given = u32::try_from(given.int(BAUDRATE)).ok().filter(|rate| *rate > 0);
        let least = 13_000 / given.unwrap_or(DEFAULT_BAUDRATE) + 1;
        timeout_char = timeout_char.max(i64::from(least));
    }
    if timeout != -1 {
        uart.timeout = timeout as u16;
    }
    if timeout_char != -1 {
        uart.timeout_char = timeout_char as u16;
    }
    let character_ms = 12_000 / uart.baudrate().max(1) + 1;
    let silence = u32::from(uart.timeout_char) / character_ms;
    if silence < 1 {
        uart.threshold = 1;
        uart.silence = 1;
        if id == REPL {
            return Err(esp_error(vm, ESP_ERR_INVALID_STATE));
        }
        return Ok(());
    }
    // The driver takes a byte.
    let silence = u32::from(silence as u8);
    if silence > SILENCE_MAX_BITS / uart.frame().symbol_bits() {
        return Err(esp_error(vm, ESP_ERR_INVALID_ARG));
    }
    uart.silence = silence;
    Ok(())
}

/// `UART.sendbreak`: the wire is low for thirteen bits.
pub(super) fn send_break(vm: &mut Vm, id: usize) -> Res {
    if !Chip::of(vm).uarts[id].installed {
        return Err(esp_error(vm, ESP_FAIL));
    }
    if !super::await_sent(vm, id, SENT_WITHIN_MS)? {
        return Err(esp_error(vm, ESP_ERR_TIMEOUT));
    }
    let uart = &Chip::of(vm).uarts[id];
    let (tx, us) = (uart.pins[0], u64::from(13_000_000 / uart.baudrate().max(1)));
    if let Ok(tx) = usize::try_from(tx) {
        uart::hear_break(vm, id);
        wiring::set_up(vm, tx, |p| p.latch = false);
        let until = vm.port.now_us() + us;
        busy::hold(vm, until, |_| Ok(false))?;
    }
    connect(vm, id);
    Ok(Value::NONE)
}
