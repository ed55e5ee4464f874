//! The UARTs: what is on its way out, what has come in, and the interrupts of it.
//!
//! Time here is nanoseconds since power on.

use super::{Chip, wiring};
use crate::outside::bus::{Parity, UartFrame};
use alloc::collections::VecDeque;
use coil_vm::Vm;

/// How many UARTs there are; the first is the console's.
pub const UARTS: usize = 3;
/// Bytes of the hardware's own buffer, one for each direction.
pub const FIFO_BYTES: usize = 128;
/// Bytes in the hardware's buffer from which on RTS asks for no more.
const FIFO_ENOUGH: usize = FIFO_BYTES - FIFO_BYTES / 4;
/// `UART.RTS`
pub const FLOW_RTS: u8 = 1;
/// `UART.CTS`
pub const FLOW_CTS: u8 = 2;
/// Bytes in the hardware's buffer that make the driver look, unless programs want it sooner.
const FIFO_THRESHOLD: usize = 120;
/// Frequency that the rate is divided from.
const CLOCK_HZ: u64 = 80_000_000;

/// `UART.INV_RX`
pub const INVERT_RX: u32 = 4;
/// `UART.INV_CTS`
pub const INVERT_CTS: u32 = 8;
/// `UART.INV_TX`
pub const INVERT_TX: u32 = 32;
/// `UART.INV_RTS`
pub const INVERT_RTS: u32 = 64;

/// `UART.IRQ_RX`
pub const IRQ_RX: u32 = 1;
/// `UART.IRQ_BREAK`
pub const IRQ_BREAK: u32 = 2;
/// `UART.IRQ_RXIDLE`
pub const IRQ_RXIDLE: u32 = 0x1000;

/// How the wait for silence stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Idle {
    /// Nobody waits for it.
    #[default]
    Off,
    /// Nothing has come in yet.
    Standby,
    /// Something came in since the timer ran out last; when it runs out next.
    Alert(u64),
    /// Nothing came in since then.
    Armed(u64),
}

/// A character on its way in.
#[derive(Clone, Copy, Debug)]
struct Coming {
    at_ns: u64,
    byte: u8,
    /// The wire was low for longer than a character.
    is_break: bool,
}

/// A UART.
#[derive(Clone, Debug, Default)]
pub struct Uart {
    /// The driver is there.
    pub installed: bool,
    /// What the clock is divided by, in sixteenths.
    pub divider: u64,
    /// Data bits.
    pub bits: u8,
    /// Parity bit.
    pub parity: Parity,
    /// Stop bits.
    pub stop: u8,
    /// Pins: TX, RX, RTS, CTS; negative for none.
    pub pins: [i8; 4],
    /// Bytes of the driver's buffer for sending.
    pub txbuf: u16,
    /// Bytes of the driver's buffer for what comes in.
    pub rxbuf: u16,
    /// Milliseconds to wait for a first character.
    pub timeout: u16,
    /// Milliseconds to wait for another character.
    pub timeout_char: u16,
    /// Wires that rest low.
    pub invert: u32,
    /// Flow control: [`FLOW_RTS`], [`FLOW_CTS`].
    pub flow: u8,
    /// Bytes in the hardware's buffer that make the driver look.
    pub threshold: usize,
    /// Characters of silence that make the driver look; zero for never.
    pub silence: u32,
    /// Which events call the handler.
    pub trigger: u32,
    /// Which event called it last.
    pub flags: u32,
    /// The wait for silence.
    pub idle: Idle,
    /// Nanoseconds of silence that end it.
    pub idle_ns: u64,
    /// Where the machine keeps the object, its handler and what `irq` gives, plus one.
    pub slot: usize,
    out: VecDeque<u8>,
    /// When the first of `out` will have been sent.
    sent_ns: u64,
    /// CTS says to wait.
    held: bool,
    coming: VecDeque<Coming>,
    fifo: VecDeque<u8>,
    fifo_due_ns: Option<u64>,
    buffer: VecDeque<u8>,
}

impl Uart {
    /// The settings of a driver that is installed anew.
    pub fn set_defaults(&mut self) {
        self.bits = 8;
        self.parity = Parity::None;
        self.stop = 1;
        self.pins[2..].fill(-1);
        self.txbuf = 256;
        self.rxbuf = 256;
        self.timeout = 0;
        self.timeout_char = 0;
        self.invert = 0;
        self.flow = 0;
    }

    /// Installs the driver.
    pub fn install(&mut self) {
        self.installed = true;
        self.threshold = FIFO_THRESHOLD;
        self.discard();
    }

    /// Takes the driver away, with all that has not been sent or read.
    pub fn remove(&mut self) {
        self.installed = false;
        self.out.clear();
        self.coming.clear();
        self.discard();
        if self.idle != Idle::Off {
            self.idle = Idle::Standby;
        }
    }

    /// Forgets what has come in.
    pub fn discard(&mut self) {
        self.fifo.clear();
        self.fifo_due_ns = None;
        self.buffer.clear();
    }

    /// Sets the rate, as near as the divider comes.
    pub fn set_baudrate(&mut self, hz: u32) {
        self.divider = (CLOCK_HZ * 16 / u64::from(hz.max(1))).max(1);
    }

    /// Bits in a second.
    pub fn baudrate(&self) -> u32 {
        (CLOCK_HZ * 16 / self.divider.max(1)) as u32
    }

    /// The characters that it sends.
    pub fn frame(&self) -> UartFrame {
        self.frame_on(INVERT_TX)
    }

    fn frame_on(&self, wire: u32) -> UartFrame {
        UartFrame {
            baudrate: self.baudrate(),
            bits: self.bits,
            parity: self.parity,
            stop: self.stop,
            inverted: self.invert & wire != 0,
        }
    }

    /// Bytes that have not been sent yet.
    pub fn unsent(&self) -> usize {
        self.out.len()
    }

    /// Whether a character is on its way.
    fn is_sending(&self) -> bool {
        !self.out.is_empty() && !self.held
    }

    /// When everything will have been sent.
    pub fn all_sent_ns(&self) -> u64 {
        let more = self.out.len().saturating_sub(1) as u64;
        self.sent_ns + more * self.frame().symbol_ns()
    }

    /// Bytes to be sent that it takes before it makes a program wait.
    pub fn capacity(&self) -> usize {
        usize::from(self.txbuf) + FIFO_BYTES
    }

    /// Gives it bytes to send.
    pub fn send(&mut self, now_ns: u64, bytes: &[u8]) {
        if self.out.is_empty() {
            self.sent_ns = now_ns + self.frame().symbol_ns();
        }
        self.out.extend(bytes);
    }

    /// Bytes that can be read.
    pub fn readable(&self) -> usize {
        self.buffer.len()
    }

    /// Takes up to `n` bytes that have come in.
    pub fn take(&mut self, n: usize) -> alloc::vec::Vec<u8> {
        let n = n.min(self.buffer.len());
        let taken = self.buffer.drain(..n).collect();
        if self.fifo_due_ns.is_none() {
            // What found no room before finds it now.
            self.drain_fifo();
        }
        taken
    }

    /// Has bytes come in one after the other from now on.
    fn hear(&mut self, now_ns: u64, bytes: &[u8]) {
        let symbol_ns = self.frame_on(INVERT_RX).symbol_ns();
        let mut at_ns = self.coming.back().map_or(now_ns, |c| c.at_ns.max(now_ns));
        for &byte in bytes {
            at_ns += symbol_ns;
            self.coming.push_back(Coming { at_ns, byte, is_break: false });
        }
    }

    /// The hardware's buffer into the driver's, as far as there is room.
    fn drain_fifo(&mut self) {
        let room = usize::from(self.rxbuf).saturating_sub(self.buffer.len());
        let n = room.min(self.fifo.len());
        self.buffer.extend(self.fifo.drain(..n));
    }

    /// When something of it happens next.
    fn due_ns(&self) -> u64 {
        let sent = self.is_sending().then_some(self.sent_ns);
        self.heard_due_ns().into_iter().chain(sent).min().unwrap_or(u64::MAX)
    }

    /// When something comes in, or silence is noticed, next.
    fn heard_due_ns(&self) -> Option<u64> {
        let coming = self.coming.front().map(|c| c.at_ns);
        let idle = match self.idle {
            Idle::Alert(at) | Idle::Armed(at) => Some(at),
            Idle::Off | Idle::Standby => None,
        };
        coming.into_iter().chain(self.fifo_due_ns).chain(idle).min()
    }
}

/// Lets time pass: sends, hears and interrupts what is due.
pub(crate) fn advance(vm: &mut Vm) {
    let uarts = &Chip::of(vm).uarts;
    if next(uarts).is_none() && uarts.iter().all(|u| u.flow == 0) {
        return;
    }
    let now = vm.port.now_us() * 1000;
    control_flow(vm, now);
    while let Some((at, id)) = next(&Chip::of(vm).uarts)
        && at <= now
    {
        let uart = &mut Chip::of(vm).uarts[id];
        if uart.is_sending() && uart.sent_ns == at {
            sent(vm, id, at);
        } else if uart.coming.front().is_some_and(|c| c.at_ns == at) {
            if let Some(c) = uart.coming.pop_front() {
                arrive(vm, id, c);
            }
        } else if uart.fifo_due_ns == Some(at) {
            notice(vm, id, at);
        } else {
            run_out(vm, id, at);
        }
        control_flow(vm, at);
    }
}

/// Drives RTS and obeys CTS, where a UART is told to.
fn control_flow(vm: &mut Vm, now: u64) {
    for id in 0..UARTS {
        let Uart { flow, pins: [_, _, rts, cts], invert, .. } = Chip::of(vm).uarts[id];
        if let (true, Ok(rts)) = (flow & FLOW_RTS != 0, usize::try_from(rts)) {
            let enough = Chip::of(vm).uarts[id].fifo.len() >= FIFO_ENOUGH;
            let level = enough != (invert & INVERT_RTS != 0);
            let pin = &Chip::of(vm).pins[rts];
            if pin.uart_drives && pin.latch != level {
                wiring::set_up(vm, rts, |p| p.latch = level);
            }
        }
        let chip = Chip::of(vm);
        let held = flow & FLOW_CTS != 0
            && usize::try_from(cts)
                .is_ok_and(|cts| chip.pins[cts].level() != (invert & INVERT_CTS != 0));
        let uart = &mut chip.uarts[id];
        if uart.held && !held {
            uart.sent_ns = now + uart.frame().symbol_ns();
        }
        uart.held = held;
    }
}

fn next(uarts: &[Uart; UARTS]) -> Option<(u64, usize)> {
    let dues = uarts.iter().enumerate().map(|(id, u)| (u.due_ns(), id));
    dues.min().filter(|(at, _)| *at != u64::MAX)
}

/// When something happens next that someone can notice, in microseconds.
pub(crate) fn deadline(chip: &Chip) -> Option<u64> {
    let due = |uart: &Uart| {
        let sent = (uart.is_sending() && is_heard(chip, uart)).then_some(uart.sent_ns);
        uart.heard_due_ns().into_iter().chain(sent).min()
    };
    chip.uarts.iter().filter_map(due).min().map(|ns| ns.div_ceil(1000))
}

/// The pin that a UART sends on, if it is still the UART's.
pub(crate) fn sends_on(chip: &Chip, uart: &Uart) -> Option<u8> {
    let tx = u8::try_from(uart.pins[0]).ok()?;
    chip.pins[usize::from(tx)].uart_drives.then_some(tx)
}

/// Whether someone notices what a UART sends.
fn is_heard(chip: &Chip, uart: &Uart) -> bool {
    sends_on(chip, uart).is_some_and(|tx| {
        chip.wires.listens(tx) || chip.uarts.iter().any(|u| listens_on(chip, u, tx))
    })
}

fn listens_on(chip: &Chip, uart: &Uart, gpio: u8) -> bool {
    uart.installed && u8::try_from(uart.pins[1]).is_ok_and(|rx| wiring::are_joined(chip, rx, gpio))
}

/// The first of the bytes to be sent has been.
fn sent(vm: &mut Vm, id: usize, at: u64) {
    let chip = Chip::of(vm);
    let uart = &mut chip.uarts[id];
    let Some(byte) = uart.out.pop_front() else { return };
    let frame = uart.frame();
    uart.sent_ns = at + frame.symbol_ns();
    let Some(tx) = sends_on(chip, &chip.uarts[id]) else { return };
    for other in 0..UARTS {
        if listens_on(chip, &chip.uarts[other], tx) {
            let heard = frame.heard_as(byte, &chip.uarts[other].frame_on(INVERT_RX));
            chip.uarts[other].coming.push_front(Coming { at_ns: at, byte: heard, is_break: false });
        }
    }
    chip.wires.uart(tx, &frame, byte);
}

/// A character has come in.
fn arrive(vm: &mut Vm, id: usize, c: Coming) {
    let uart = &mut Chip::of(vm).uarts[id];
    if uart.fifo.len() < FIFO_BYTES {
        uart.fifo.push_back(c.byte);
    }
    if uart.fifo.len() >= uart.threshold || c.is_break {
        notice(vm, id, c.at_ns);
    } else if uart.silence > 0 {
        let silence_ns = u64::from(uart.silence) * uart.frame().symbol_ns();
        uart.fifo_due_ns = Some(c.at_ns + silence_ns);
    }
    if c.is_break {
        interrupt(vm, id, IRQ_BREAK);
    }
}

/// The driver takes what the hardware has.
fn notice(vm: &mut Vm, id: usize, at: u64) {
    let uart = &mut Chip::of(vm).uarts[id];
    uart.fifo_due_ns = None;
    uart.drain_fifo();
    uart.idle = match uart.idle {
        Idle::Off => Idle::Off,
        Idle::Standby => Idle::Alert(at + uart.idle_ns),
        Idle::Alert(due) | Idle::Armed(due) => Idle::Alert(due),
    };
    interrupt(vm, id, IRQ_RX);
}

/// The timer that waits for silence runs out.
fn run_out(vm: &mut Vm, id: usize, at: u64) {
    let uart = &mut Chip::of(vm).uarts[id];
    if let Idle::Alert(_) = uart.idle {
        uart.idle = Idle::Armed(at + uart.idle_ns.max(1));
    } else {
        uart.idle = Idle::Standby;
        interrupt(vm, id, IRQ_RXIDLE);
    }
}

fn interrupt(vm: &mut Vm, id: usize, event: u32) {
    let uart = &mut Chip::of(vm).uarts[id];
    if uart.trigger & event != 0 && uart.slot != 0 {
        uart.flags = event;
        let slot = uart.slot;
        let (object, handler) = (vm.pinned(slot - 1), vm.pinned(slot));
        if handler != coil_vm::Value::NONE {
            vm.schedule(handler, object);
        }
    }
}

/// Bytes come in on a pin from outside.
pub(crate) fn hear(vm: &mut Vm, gpio: u8, bytes: &[u8]) {
    let now = vm.port.now_us() * 1000;
    let chip = Chip::of(vm);
    for id in 0..UARTS {
        if listens_on(chip, &chip.uarts[id], gpio) {
            chip.uarts[id].hear(now, bytes);
        }
    }
}

/// A UART holds its wire low from now on for longer than a character.
pub(crate) fn hear_break(vm: &mut Vm, id: usize) {
    let now = vm.port.now_us() * 1000;
    let chip = Chip::of(vm);
    let Some(tx) = sends_on(chip, &chip.uarts[id]) else { return };
    for other in 0..UARTS {
        if listens_on(chip, &chip.uarts[other], tx) {
            let uart = &mut chip.uarts[other];
            let at_ns = now + uart.frame().symbol_ns();
            uart.coming.push_back(Coming { at_ns, byte: 0, is_break: true });
        }
    }
}
