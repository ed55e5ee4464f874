//! The wires of a board that runs: its bench and its circuit, what is done to them, and who watches.

use crate::clock::Clock;
use crate::look::Look;
use crate::port::{ForCircuit, Io};
use coil_board::look::View;
use coil_board::outside::bus::{I2cDevice, I2cLines, SdCard, SpiDevice, SpiLines, UartFrame};
use coil_board::outside::{Bench, Event, Kinds, Listener, Pad, Stimulus, Wires};
use coil_circuit::Circuit;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What is around a board.
pub(crate) struct BoardWires {
    io: Rc<RefCell<Io>>,
    bench: Bench,
    circuit: Option<Box<Circuit>>,
    clock: Arc<Clock>,
    power_on_us: u64,
    /// The board has just told how all its pins drive and pull.
    has_looked: bool,
}

impl BoardWires {
    pub(crate) fn new(
        io: Rc<RefCell<Io>>,
        (bench, circuit): (Bench, Option<Box<Circuit>>),
        clock: Arc<Clock>,
        power_on_us: u64,
    ) -> Self {
        Self { io, bench, circuit, clock, power_on_us, has_looked: false }
    }

    /// Does to the circuit what has arrived for it. Before it becomes another one, the board tells how its pins drive
    /// and pull that nothing was wired to.
    fn act(&mut self, now_ns: u64) -> Option<Stimulus> {
        let circuit = self.circuit.as_mut()?;
        loop {
            let next = self.io.borrow_mut().for_circuit.pop_front()?;
            match next {
                // Whoever sent it has asked whether it can be done.
                ForCircuit::Deed(after_ns, deed) => {
                    let _ = circuit.plan_deed(now_ns.saturating_add(after_ns), deed);
                }
                ForCircuit::Plan(plan) if self.has_looked => {
                    self.has_looked = false;
                    circuit.rewire(now_ns, &plan);
                }
                ForCircuit::Plan(plan) => {
                    self.has_looked = true;
                    self.io.borrow_mut().for_circuit.push_front(ForCircuit::Plan(plan));
                    return Some(Stimulus::LookAround);
                }
            }
        }
    }

    /// Tells what the circuit has to tell.
    fn tell(&mut self) {
        let Some(circuit) = &mut self.circuit else { return };
        while let Some((at_ns, note)) = circuit.take_note() {
            if let Some(o) = &mut self.io.borrow_mut().observer {
                o.event(at_ns, &note.into());
            }
        }
    }

    fn now_us(&self) -> u64 {
        self.clock.now_us() - self.power_on_us
    }
}

impl Wires for BoardWires {
    fn emit(&mut self, at_ns: u64, event: Event) {
        if let Some(o) = &mut self.io.borrow_mut().observer
            && o.watches().has(event.kind())
        {
            o.event(at_ns, &event);
        }
        if let Some(circuit) = &mut self.circuit
            && circuit.watches().has(event.kind())
        {
            circuit.emit(at_ns, event.clone());
            self.tell();
        }
        self.bench.emit(at_ns, event);
    }

    fn watches(&self) -> Kinds {
        let io = self.io.borrow();
        let observed = io.observer.as_ref().map_or(Kinds::NONE, |o| o.watches());
        let circuit = self.circuit.as_ref().map_or(Kinds::NONE, |c| c.watches());
        observed.or(self.bench.watches()).or(circuit)
    }

    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)> {
        let now_us = self.now_us();
        let mut io = self.io.borrow_mut();
        if let Some((at_us, what)) = io.script.pop_front_if(|s| s.0 <= now_us) {
            return Some((at_us * 1000, what));
        }
        if let Some(what) = io.stimuli.pop_front() {
            return Some((now_ns, what));
        }
        drop(io);
        if self.circuit.is_some() {
            if let Some(first) = self.act(now_ns) {
                return Some((now_ns, first));
            }
            let taken = self.circuit.as_mut().and_then(|c| c.take(now_ns));
            self.tell();
            if taken.is_some() {
                return taken;
            }
        }
        self.bench.take(now_ns)
    }

    fn next_ns(&self) -> Option<u64> {
        self.circuit.as_ref().and_then(|c| c.next_ns())
    }

    fn wired(&self) -> u64 {
        self.circuit.as_ref().map_or(0, |c| c.wired())
    }

    fn pad(&mut self, at_ns: u64, gpio: u8, pad: Pad) {
        if let Some(circuit) = &mut self.circuit {
            circuit.pad(at_ns, gpio, pad);
            self.tell();
        }
    }

    fn microvolts(&mut self, at_ns: u64, gpio: u8) -> Option<u32> {
        self.circuit.as_mut()?.microvolts(at_ns, gpio)
    }

    fn noise(&mut self, at_ns: u64, gpio: u8) -> Option<bool> {
        let level = self.circuit.as_mut()?.noise(at_ns, gpio);
        self.tell();
        level
    }

    fn hears(&mut self, who: Listener) {
        self.io.borrow_mut().set_listener(who);
    }

    fn looked(&mut self, view: View) {
        let shown = self.circuit.as_ref().map(|c| c.everything_shown()).unwrap_or_default();
        let mut io = self.io.borrow_mut();
        let at_ns = (self.power_on_us + view.at_us) * 1000;
        for tell in std::mem::take(&mut io.askers) {
            // Who asked may have gone.
            let _ = tell.send(Look { at_ns, view: view.clone(), parts: shown.clone() });
        }
        if let Some(o) = &mut io.observer {
            o.looked(view, shown);
        }
    }

    fn i2c(&mut self, lines: I2cLines, address: u16) -> Option<&mut dyn I2cDevice> {
        // Which of the two it is must be known before it is borrowed.
        if Wires::i2c(&mut self.bench, lines, address).is_some() {
            return Wires::i2c(&mut self.bench, lines, address);
        }
        self.circuit.as_mut().and_then(|c| c.i2c(lines, address))
    }

    fn has_pull_ups(&self, lines: I2cLines) -> bool {
        self.bench.has_pull_ups(lines)
            || self.circuit.as_ref().is_some_and(|c| c.has_pull_ups(lines))
    }

    fn spi(&mut self, lines: &SpiLines) -> Option<&mut dyn SpiDevice> {
        if Wires::spi(&mut self.bench, lines).is_some() {
            return Wires::spi(&mut self.bench, lines);
        }
        self.circuit.as_mut().and_then(|c| c.spi(lines))
    }

    fn listens(&self, tx: u8) -> bool {
        self.bench.listens(tx)
    }

    fn uart(&mut self, tx: u8, frame: &UartFrame, byte: u8) {
        Wires::uart(&mut self.bench, tx, frame, byte);
    }

    fn card(&mut self, slot: u8) -> Option<&mut dyn SdCard> {
        Wires::card(&mut self.bench, slot)
    }
}
