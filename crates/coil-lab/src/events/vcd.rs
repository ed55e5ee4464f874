//! Events as signals: a value change dump (IEEE 1364), which PulseView and GTKWave show.
//!
//! Which signals there are is known at the end only, but the format names them first: the changes
//! go to a spool, and [`Vcd::finish`] puts the head before them.

mod bus;
mod queue;
mod train;

use coil_board::outside::Event;
use coil_board::outside::event::PartValue;
use queue::{Change, Queue};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Read, Seek, SeekFrom, Write};
use train::Train;

/// Events may come so many nanoseconds later than their time: boards hand them on in batches.
const LATE_NS: u64 = 20_000_000;
/// Later moments are this one: more than thirty years.
const TIME_MAX: u64 = 1 << 60;
/// Signals at most; what more there is stays away. Boards of a lab have fewer.
const SIGNALS_MAX: usize = 1 << 16;

/// Gives the header name of a board's pin, if it has one.
pub type PinName = Box<dyn Fn(&str, u8) -> Option<String>>;

/// What a signal is on its board.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Signal {
    Wire(u8),
    Freq(u8),
    Duty(u8),
    Adc(u8),
    Dac(u8),
    Print,
    Part(String, String),
}

/// What a signal is at.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Level(bool),
    /// It changes faster than is drawn.
    Unknown,
    Number(f64),
    Text(String),
}

/// A signal that has been seen.
struct Known {
    board: String,
    signal: Signal,
    last: Option<Value>,
}

/// What is drawn of a board.
#[derive(Default)]
struct Drawn {
    /// Nothing begins before this: what a bus does takes its time, and the program waits for it.
    busy_ns: u64,
    /// When the last change of a wire was.
    last_ns: BTreeMap<u8, u64>,
    /// Until when a UART sends.
    uart_ns: BTreeMap<u8, u64>,
    /// Wires that change by themselves.
    trains: BTreeMap<u8, Train>,
}

/// Writes signals.
pub struct Vcd<S: Write> {
    spool: io::BufWriter<S>,
    pin_name: PinName,
    queue: Queue,
    known: Vec<Known>,
    by_name: HashMap<(String, Signal), usize>,
    boards: BTreeMap<String, Drawn>,
    /// The time that stands in the spool last.
    written_ns: Option<u64>,
    newest_ns: u64,
}

impl<S: Write> std::fmt::Debug for Vcd<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vcd").field("signals", &self.known.len()).finish_non_exhaustive()
    }
}

impl<S: Read + Write + Seek> Vcd<S> {
    /// Begins; the changes go to an empty spool.
    pub fn new(spool: S, pin_name: PinName) -> Self {
        Self {
            spool: io::BufWriter::new(spool),
            pin_name,
            queue: Queue::default(),
            known: Vec::new(),
            by_name: HashMap::new(),
            boards: BTreeMap::new(),
            written_ns: None,
            newest_ns: 0,
        }
    }

    /// Takes an event of a board at a moment of the lab's clock, in nanoseconds.
    ///
    /// # Errors
    /// If the spool cannot be written.
    pub fn event(&mut self, t: u64, board: &str, event: &Event) -> io::Result<()> {
        let t = t.min(TIME_MAX);
        self.newest_ns = self.newest_ns.max(t);
        let mut drawn = self.boards.remove(board).unwrap_or_default();
        self.draw(t, board, &mut drawn, event);
        self.boards.insert(board.to_owned(), drawn);
        self.write_until(self.newest_ns.saturating_sub(LATE_NS))
    }

    /// Writes head and changes.
    ///
    /// # Errors
    /// If the spool or `out` fail.
    pub fn finish(mut self, out: &mut impl Write) -> io::Result<()> {
        let end = self.newest_ns.max(self.queue.last_ns().unwrap_or(0));
        // Signals that go on by themselves go on to the end.
        self.write_until(end + 1)?;
        if self.written_ns.is_none_or(|t| t < end) {
            writeln!(self.spool, "#{end}")?;
        }
        self.write_head(out)?;
        let mut spool = self.spool.into_inner().map_err(io::IntoInnerError::into_error)?;
        spool.seek(SeekFrom::Start(0))?;
        io::copy(&mut spool, out)?;
        out.flush()
    }

    fn write_head(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "$version coil $end\n$timescale 1 ns $end")?;
        let mut order: Vec<usize> = (0..self.known.len()).collect();
        order.sort_by_key(|&i| (&self.known[i].board, &self.known[i].signal));
        let mut scope = None;
        for &i in &order {
            let known = &self.known[i];
            if scope != Some(&known.board) {
                if scope.is_some() {
                    writeln!(out, "$upscope $end")?;
                }
                writeln!(out, "$scope module {} $end", word(&known.board))?;
                scope = Some(&known.board);
            }
            let kind = match known.signal {
                Signal::Wire(_) => "wire 1",
                Signal::Print | Signal::Part(..) => "string 1",
                _ => "real 64",
            };
            writeln!(out, "$var {kind} {} {} $end", code(i), self.name(known))?;
        }
        if scope.is_some() {
            writeln!(out, "$upscope $end")?;
        }
        writeln!(out, "$enddefinitions $end\n$dumpvars")?;
        for &i in &order {
            match self.known[i].signal {
                Signal::Wire(_) => writeln!(out, "x{}", code(i))?,
                Signal::Print | Signal::Part(..) => writeln!(out, "s {}", code(i))?,
                _ => writeln!(out, "r0 {}", code(i))?,
            }
        }
        writeln!(out, "$end")
    }

    fn name(&self, known: &Known) -> String {
        match &known.signal {
            Signal::Wire(gpio) => match (self.pin_name)(&known.board, *gpio) {
                Some(name) => format!("GPIO{gpio}_{}", word(&name)),
                None => format!("GPIO{gpio}"),
            },
            Signal::Freq(gpio) => format!("GPIO{gpio}_freq"),
            Signal::Duty(gpio) => format!("GPIO{gpio}_duty"),
            Signal::Adc(gpio) => format!("ADC{gpio}_volts"),
            Signal::Dac(gpio) => format!("DAC{gpio}_volts"),
            Signal::Print => "print".into(),
            Signal::Part(part, name) => format!("{}_{}", word(part), word(name)),
        }
    }

    /// Writes what comes before a moment.
    fn write_until(&mut self, until_ns: u64) -> io::Result<()> {
        for (board, drawn) in &mut self.boards {
            for (&gpio, train) in &mut drawn.trains {
                let to = (board.as_str(), Signal::Wire(gpio));
                let Some(signal) = number(&mut self.known, &mut self.by_name, to) else { continue };
                train.advance(until_ns, &mut |t, value| self.queue.put(t, signal, value));
            }
        }
        while let Some(Change { t, signal, value }) = self.queue.take_before(until_ns) {
            let known = &mut self.known[signal];
            if known.last.as_ref() == Some(&value) && known.signal != Signal::Print {
                continue;
            }
            // What came too late is shown late.
            let t = self.written_ns.map_or(t, |written| written.max(t));
            if self.written_ns != Some(t) {
                writeln!(self.spool, "#{t}")?;
                self.written_ns = Some(t);
            }
            let code = code(signal);
            match &value {
                Value::Level(level) => writeln!(self.spool, "{}{code}", u8::from(*level))?,
                Value::Unknown => writeln!(self.spool, "x{code}")?,
                Value::Number(number) => writeln!(self.spool, "r{number} {code}")?,
                Value::Text(text) => writeln!(self.spool, "s{text} {code}")?,
            }
            known.last = Some(value);
        }
        Ok(())
    }

    fn set(&mut self, t: u64, board: &str, signal: Signal, value: Value) {
        if let Some(i) = number(&mut self.known, &mut self.by_name, (board, signal)) {
            self.queue.put(t, i, value);
        }
    }

    fn draw(&mut self, t: u64, board: &str, drawn: &mut Drawn, event: &Event) {
        let t = t.max(drawn.busy_ns);
        match event {
            Event::Pin { gpio, level } | Event::Input { gpio, level } => {
                drawn.take_wire(*gpio, t);
                let t = drawn.apart(*gpio, t);
                self.set(t, board, Signal::Wire(*gpio), Value::Level(*level));
            }
            Event::Pwm { gpio, freq, duty_u16 } => {
                let duty = f64::from(*duty_u16) / 65535.0;
                self.set(t, board, Signal::Freq(*gpio), Value::Number(f64::from(*freq)));
                self.set(t, board, Signal::Duty(*gpio), Value::Number(duty));
                let t = drawn.apart(*gpio, t);
                let budget = self.end_train(drawn, (t, board, *gpio));
                drawn.trains.insert(*gpio, Train::pwm(t, *freq, *duty_u16, budget));
            }
            Event::Pulses { gpio, levels, repeats } => {
                let t = drawn.apart(*gpio, t);
                let budget = self.end_train(drawn, (t, board, *gpio));
                drawn.trains.insert(*gpio, Train::pulses(t, levels, *repeats, budget));
            }
            Event::Adc { gpio, microvolts } => {
                let volts = f64::from(*microvolts) / 1e6;
                self.set(t, board, Signal::Adc(*gpio), Value::Number(volts));
            }
            Event::Dac { gpio, value } => {
                let volts = f64::from(*value) * 3.3 / 255.0;
                self.set(t, board, Signal::Dac(*gpio), Value::Number(volts));
            }
            Event::Print { bytes } => {
                self.set(t, board, Signal::Print, Value::Text(escaped(bytes)));
            }
            Event::Part { part, name, value } => {
                let text = match value {
                    PartValue::Switch(on) => on.to_string(),
                    PartValue::Count(n) => n.to_string(),
                    PartValue::Amount(x) => x.to_string(),
                    PartValue::Text(text) => escaped(text.as_bytes()),
                };
                let signal = Signal::Part(part.clone(), name.clone().into_owned());
                self.set(t, board, signal, Value::Text(text));
            }
            _ => self.draw_bus(t, board, drawn, event),
        }
    }

    /// A wire no longer does by itself what it did; what of its edges may still be drawn.
    fn end_train(&mut self, drawn: &mut Drawn, at: (u64, &str, u8)) -> train::Budget {
        let (t, board, gpio) = at;
        let Some(mut old) = drawn.trains.remove(&gpio) else { return train::Budget::new(t) };
        let wire = (board, Signal::Wire(gpio));
        if let Some(signal) = number(&mut self.known, &mut self.by_name, wire) {
            old.advance(t, &mut |t, value| self.queue.put(t, signal, value));
        }
        old.budget()
    }

    fn draw_bus(&mut self, t: u64, board: &str, drawn: &mut Drawn, event: &Event) {
        let begins = match event {
            Event::Uart { tx: Some(tx), .. } => t.max(drawn.uart_ns.get(tx).copied().unwrap_or(0)),
            _ => t,
        };
        let mut wires = bus::Wires::new(begins.min(TIME_MAX));
        wires.draw(event);
        let end = wires.end_ns();
        for (gpio, t, level) in wires.changes {
            self.set(t, board, Signal::Wire(gpio), Value::Level(level));
        }
        match event {
            Event::Uart { tx: Some(tx), .. } => {
                drawn.uart_ns.insert(*tx, end);
            }
            _ => drawn.busy_ns = end,
        }
    }
}

impl Drawn {
    /// The moment for a change of a wire, which is later than that of its last one.
    fn apart(&mut self, gpio: u8, t: u64) -> u64 {
        // A wire that has got far ahead is not held up.
        let last = self.last_ns.get(&gpio).filter(|&&last| last >= t && last - t < LATE_NS);
        let t = last.map_or(t, |last| last + 1);
        self.last_ns.insert(gpio, t);
        t
    }

    /// Something else has a wire from now on.
    fn take_wire(&mut self, gpio: u8, t: u64) {
        if let Some(train) = self.trains.get_mut(&gpio) {
            train.end_at(t);
        }
    }
}

/// The number of a signal; nothing if there are too many already.
fn number(
    known: &mut Vec<Known>,
    by_name: &mut HashMap<(String, Signal), usize>,
    (board, signal): (&str, Signal),
) -> Option<usize> {
    let key = (board.to_owned(), signal);
    if let Some(&i) = by_name.get(&key) {
        return Some(i);
    }
    if known.len() >= SIGNALS_MAX {
        return None;
    }
    known.push(Known { board: key.0.clone(), signal: key.1.clone(), last: None });
    by_name.insert(key, known.len() - 1);
    Some(known.len() - 1)
}

/// What stands for signals: no value begins with one of these, for readers that know no texts.
const CODES: &[u8; 24] = b"acdefgijkmnopqtvyACDEFGI";

/// A signal's number as the characters that stand for it.
fn code(mut n: usize) -> String {
    let mut code = String::new();
    loop {
        code.push(char::from(CODES[n % CODES.len()]));
        n /= CODES.len();
        if n == 0 {
            return code;
        }
        n -= 1;
    }
}

/// A name that cannot be taken for anything else.
fn word(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let word: String = name.chars().take(64).map(keep).collect();
    if word.is_empty() { "_".into() } else { word }
}

/// Text without spaces and line ends, as GTKWave takes it.
fn escaped(text: &[u8]) -> String {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut out = String::new();
    for &b in text {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            // A `$` at its start could be taken for a keyword.
            b'!'..=b'~' if b != b'$' => out.push(char::from(b)),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests;
