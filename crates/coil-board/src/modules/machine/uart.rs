//! `machine.UART`.

mod setup;

use super::busy;
use super::params::{any, int, parse, size};
use crate::chip::Chip;
use crate::chip::uart::{self, Uart};
use crate::modules::esp32::esp_error;
use crate::outside::{Event, Kind};
use crate::profile::Era;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::rom::{Args, Item, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `UART`: field 0 is its number.
pub(crate) static UART: TypeDef = TypeDef {
    name: "UART",
    items: &[
        def_raw("init(self, *settings)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            setup::init(vm, id, a)?;
            Ok(Value::NONE)
        }),
        def("deinit(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            if id != REPL {
                Chip::of(vm).uarts[id].remove();
            }
            Ok(Value::NONE)
        }),
        def("flush(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            flush(vm, id)
        }),
        def("read(self, n=)", read),
        def("readline(self, n=)", readline),
        def("readinto(self, buffer, n=)", readinto),
        def("write(self, data, off=, n=)", write),
        def("any(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            let n = readable(vm, id)?;
            Ok(Value::int(n as i64))
        }),
        def("txdone(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            uart::advance(vm);
            let uart = &Chip::of(vm).uarts[id];
            Ok(Value::bool(uart.installed && uart.unsent() == 0))
        }),
        def("sendbreak(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            setup::send_break(vm, id)
        }),
        def_raw("irq(self, *settings)", irq),
        def("ioctl(self, request, arg)", ioctl),
        Item::Type("_irq", &IRQ),
        Item::Int("INV_TX", uart::INVERT_TX as i64),
        Item::Int("INV_RX", uart::INVERT_RX as i64),
        Item::Int("INV_RTS", uart::INVERT_RTS as i64),
        Item::Int("INV_CTS", uart::INVERT_CTS as i64),
        Item::Int("RTS", uart::FLOW_RTS as i64),
        Item::Int("CTS", uart::FLOW_CTS as i64),
        Item::Int("IRQ_RX", uart::IRQ_RX as i64),
        Item::Int("IRQ_RXIDLE", uart::IRQ_RXIDLE as i64),
        Item::Int("IRQ_BREAK", uart::IRQ_BREAK as i64),
    ],
    new: Some(setup::new),
    print: Some(|vm, v, out, _| {
        let id = number(vm, v);
        let chip = Chip::of(vm);
        let text = describe(id, &chip.uarts[id], chip.profile.switches.buses);
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    iter: Some(|_, v| Ok(v)),
    next: Some(|vm, v| {
        let id = number(vm, v);
        match line(vm, id, usize::MAX)? {
            Some(line) if !line.is_empty() => vm.new_bytes(&line),
            _ => Ok(Value::STOP),
        }
    }),
    ..TypeDef::EMPTY
};

/// What `UART.irq` gives: field 0 is the number of the UART.
static IRQ: TypeDef = TypeDef {
    name: "irq",
    items: &[
        def("flags(self)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            Ok(Value::int(i64::from(Chip::of(vm).uarts[id].flags)))
        }),
        def("trigger(self, trigger=)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            let before = Chip::of(vm).uarts[id].trigger;
            if a.n > 1 {
                let trigger = vm.expect_int(vm.arg(a, 1))? as u32;
                set_trigger(&mut Chip::of(vm).uarts[id], trigger);
            }
            Ok(Value::int(i64::from(before)))
        }),
    ],
    call: Some(|vm, v, a| {
        vm.check_args(a, 0, 0)?;
        let id = number(vm, v);
        let slot = Chip::of(vm).uarts[id].slot;
        if slot != 0 {
            let (object, handler) = (vm.pinned(slot - 1), vm.pinned(slot));
            if handler != Value::NONE {
                vm.schedule(handler, object);
            }
        }
        Ok(Value::NONE)
    }),
    ..TypeDef::EMPTY
};

/// The console's.
const REPL: usize = 0;
/// Bytes that `read()` asks for at a time.
const CHUNK: usize = 256;
/// The firmware's clock for waits ticks this often.
const TICK_US: u64 = 10_000;
/// Least time of silence that is noticed.
const IDLE_MIN_US: u64 = 500;

/// Errors of the ESP-IDF.
const ESP_FAIL: i32 = -1;
const ESP_ERR_INVALID_ARG: i32 = 0x102;
const ESP_ERR_INVALID_STATE: i32 = 0x103;

const EINVAL: i64 = 22;

fn number(vm: &Vm, object: Value) -> usize {
    let native = vm.as_native(object, &UART).unwrap_or(object);
    (vm.native_int(native, 0) as usize).min(uart::UARTS - 1)
}

fn describe(id: usize, u: &Uart, era: Era) -> String {
    let parity = match u.parity {
        crate::outside::bus::Parity::None => "None",
        crate::outside::bus::Parity::Odd => "1",
        crate::outside::bus::Parity::Even => "0",
    };
    let [tx, rx, rts, cts] = u.pins;
    let mut text = format!(
        "UART({id}, baudrate={}, bits={}, parity={parity}, stop={}, tx={tx}, rx={rx}, rts={rts}, \
         cts={cts}, txbuf={}, rxbuf={}, timeout={}, timeout_char={}",
        u.baudrate(),
        u.bits,
        u.stop,
        u.txbuf,
        u.rxbuf,
        u.timeout,
        u.timeout_char,
    );
    if era == Era::Now {
        text += &format!(", irq={}", u.trigger);
    }
    let names = |set: &[(u32, &'static str)], mask: u32| {
        let on: Vec<_> = set.iter().filter(|s| mask & s.0 != 0).map(|s| s.1).collect();
        on.join("|")
    };
    let inverted = names(
        &[
            (uart::INVERT_TX, "INV_TX"),
            (uart::INVERT_RX, "INV_RX"),
            (uart::INVERT_RTS, "INV_RTS"),
            (uart::INVERT_CTS, "INV_CTS"),
        ],
        u.invert,
    );
    let [rts, cts] = [uart::FLOW_RTS, uart::FLOW_CTS].map(u32::from);
    let flow = names(&[(rts, "RTS"), (cts, "CTS")], u32::from(u.flow));
    for (name, value) in [("invert", inverted), ("flow", flow)] {
        if !value.is_empty() {
            text += &format!(", {name}={value}");
        }
    }
    text + ")"
}

/// When a wait of so many milliseconds ends, as the firmware's clock counts them.
fn tick_end(now_us: u64, ms: u64) -> u64 {
    (now_us / TICK_US + ms * 1000 / TICK_US) * TICK_US
}

/// Bytes that can be read.
fn readable(vm: &mut Vm, id: usize) -> Result<usize, Raised> {
    crate::chip::poll(vm)?;
    let uart = &Chip::of(vm).uarts[id];
    if uart.installed { Ok(uart.readable()) } else { Err(esp_error(vm, ESP_FAIL)) }
}

/// Waits for bytes to read, so many milliseconds.
fn await_bytes(vm: &mut Vm, id: usize, ms: u16) -> Result<(), Raised> {
    crate::chip::poll(vm)?;
    let until = tick_end(vm.port.now_us(), u64::from(ms));
    if ms == 0 || Chip::of(vm).uarts[id].readable() > 0 {
        return Ok(());
    }
    busy::hold(vm, until, |vm| Ok(Chip::of(vm).uarts[id].readable() > 0))
}

/// Reads once: a byte for which it waits, and others as long as they follow soon enough. Nothing if
/// there is none.
fn read_once(vm: &mut Vm, id: usize, n: usize) -> Result<Option<Vec<u8>>, Raised> {
    if n == 0 {
        return Ok(Some(Vec::new()));
    }
    let Uart { installed, timeout, timeout_char, .. } = Chip::of(vm).uarts[id];
    if !installed {
        return Ok(None);
    }
    await_bytes(vm, id, timeout)?;
    let mut bytes = Chip::of(vm).uarts[id].take(1);
    while !bytes.is_empty() && bytes.len() < n {
        await_bytes(vm, id, timeout_char)?;
        let more = Chip::of(vm).uarts[id].take(n - bytes.len());
        if more.is_empty() {
            break;
        }
        bytes.extend_from_slice(&more);
    }
    Ok(Some(bytes).filter(|b| !b.is_empty()))
}

fn give(vm: &mut Vm, bytes: Option<Vec<u8>>) -> Res {
    match bytes {
        Some(bytes) => vm.new_bytes(&bytes),
        None => Ok(Value::NONE),
    }
}

fn read(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    if a.n > 1 && vm.arg(a, 1) != Value::int(-1) {
        let n = size(vm, vm.arg(a, 1))?;
        let bytes = read_once(vm, id, n)?;
        return give(vm, bytes);
    }
    let mut all = None;
    while let Some(part) = read_once(vm, id, CHUNK)? {
        all.get_or_insert_with(Vec::new).extend_from_slice(&part);
    }
    give(vm, all)
}

fn line(vm: &mut Vm, id: usize, max: usize) -> Result<Option<Vec<u8>>, Raised> {
    let mut line = Vec::new();
    while line.len() < max && line.last() != Some(&b'\n') {
        match read_once(vm, id, 1)? {
            Some(byte) => line.extend_from_slice(&byte),
            None if line.is_empty() => return Ok(None),
            None => break,
        }
    }
    Ok(Some(line))
}

fn readline(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let max = if a.n > 1 { vm.expect_int(vm.arg(a, 1))? } else { -1 };
    let line = line(vm, id, usize::try_from(max).unwrap_or(usize::MAX))?;
    give(vm, line)
}

fn readinto(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let buffer = vm.arg(a, 1);
    let mut n = vm.buffer_len(buffer)?;
    if a.n > 2 {
        n = n.min(vm.expect_int(vm.arg(a, 2))? as u32 as usize);
    }
    match read_once(vm, id, n)? {
        Some(bytes) => {
            vm.buffer_write(buffer, 0, &bytes)?;
            Ok(Value::int(bytes.len() as i64))
        }
        None => Ok(Value::NONE),
    }
}

fn write(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let data = super::stream_part(vm, a)?;
    if !Chip::of(vm).uarts[id].installed {
        return Ok(if data.is_empty() { Value::int(0) } else { Value::NONE });
    }
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    if !data.is_empty() && chip.is_watched(Kind::Uart) {
        let uart = &chip.uarts[id];
        let (tx, frame) = (uart::sends_on(chip, uart), uart.frame());
        chip.emit(now, Event::Uart { id: id as u8, tx, frame, bytes: data.clone() });
    }
    let mut rest = data.as_slice();
    while !rest.is_empty() {
        uart::advance(vm);
        let now = vm.port.now_us() * 1000;
        let uart = &mut Chip::of(vm).uarts[id];
        let room = uart.capacity() - uart.unsent().min(uart.capacity());
        if room > 0 {
            let (part, later) = rest.split_at(room.min(rest.len()));
            uart.send(now, part);
            rest = later;
        } else {
            // Until all that is left fits, or the buffer is empty.
            let excess = rest.len().min(uart.capacity());
            let until = now + excess as u64 * uart.frame().symbol_ns();
            busy::hold(vm, until.div_ceil(1000), |_| Ok(false))?;
        }
    }
    Ok(Value::int(data.len() as i64))
}

/// Waits until everything has been sent, at most twice as long as full buffers take.
fn flush(vm: &mut Vm, id: usize) -> Res {
    let uart = &Chip::of(vm).uarts[id];
    let ticks = (3 + u64::from(uart.txbuf)) * 26_000 / u64::from(uart.baudrate().max(1));
    if uart.installed && await_sent(vm, id, ticks * TICK_US / 1000)? {
        return Ok(Value::NONE);
    }
    Err(crate::modules::timed_out(vm))
}

/// Waits so many milliseconds until everything has been sent: whether it has.
fn await_sent(vm: &mut Vm, id: usize, ms: u64) -> Result<bool, Raised> {
    uart::advance(vm);
    let late = tick_end(vm.port.now_us(), ms);
    while Chip::of(vm).uarts[id].unsent() > 0 && vm.port.now_us() < late {
        let sent = Chip::of(vm).uarts[id].all_sent_ns().div_ceil(1000);
        // What waits for CTS is sent later than it says.
        let until = if sent > vm.port.now_us() { sent.min(late) } else { late };
        busy::hold_exactly(vm, until, |vm| {
            uart::advance(vm);
            Ok(Chip::of(vm).uarts[id].unsent() == 0)
        })?;
        uart::advance(vm);
    }
    Ok(Chip::of(vm).uarts[id].unsent() == 0)
}

fn ioctl(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    match vm.expect_int(vm.arg(a, 1))? {
        stream::POLL => {
            let wanted = vm.expect_int(vm.arg(a, 2))?;
            let n = readable(vm, id)?;
            let readable = if n > 0 { stream::POLL_RD } else { 0 };
            Ok(Value::int(wanted & (readable | stream::POLL_WR)))
        }
        stream::FLUSH => flush(vm, id).map(|_| Value::int(0)),
        _ => Err(vm.os_error(EINVAL)),
    }
}

fn set_trigger(u: &mut Uart, trigger: u32) {
    u.trigger = trigger;
    u.idle = uart::Idle::Off;
    if trigger & uart::IRQ_RXIDLE != 0 {
        // Two characters of silence.
        let two_us = 2 * u64::from(u.frame().symbol_bits()) * 1_000_000 / u64::from(u.baudrate());
        u.idle_ns = (two_us.max(IDLE_MIN_US) + 1) * 1000;
        u.idle = uart::Idle::Standby;
    }
}

fn irq(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let given = parse(vm, a, 1, &[any("handler"), int("trigger", 0), any("hard")])?;
    let slot = Chip::of(vm).uarts[id].slot;
    if id == REPL || slot == 0 {
        return Err(vm.value_error("REPL UART does not support IRQs"));
    }
    if a.n > 1 || a.nkw > 0 {
        let handler = match given.any(0) {
            Value::NULL => Value::NONE,
            v => v,
        };
        if handler != Value::NONE && !vm.is_callable(handler) {
            return Err(vm.value_error("handler must be None or callable"));
        }
        let trigger = given.int(1) as u32;
        let unknown = trigger & !(uart::IRQ_RX | uart::IRQ_RXIDLE | uart::IRQ_BREAK);
        if unknown != 0 {
            let text = format!("trigger 0x{unknown:04x} unsupported");
            return Err(vm.raise_args(types::VALUE_ERROR, &text));
        }
        vm.set_pinned(slot, handler);
        if !given.any(2).is_null() && vm.truth(given.any(2))? {
            return Err(vm.value_error("hard IRQ is not supported"));
        }
        let uart = &mut Chip::of(vm).uarts[id];
        if handler == Value::NONE {
            uart.trigger = trigger;
            uart.idle = uart::Idle::Off;
        } else {
            set_trigger(uart, trigger);
        }
    }
    Ok(vm.pinned(slot + 1))
}
