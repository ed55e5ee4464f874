//! Parts of circuits, and the files that say what is wired and what is done to it.

use crate::chance::Choices;
use coil_board::outside::bus::{I2cLines, SpiLines};
use coil_board::outside::event::OneWire;
use coil_board::outside::{Event, Pad, Wires};
use coil_board::{Device, chip::ResetCause};
use coil_circuit::parts::ALL;
use coil_circuit::{Circuit, Deed, Drawing, Kind, Plan, Role, Sort, Stimuli, Value};
use coil_lab::circuits::draw;
use std::fmt::Write;

/// Pieces of such files.
pub(crate) const WORDS: &[&str] = &[
    "[parts.a]\n",
    "kind = 'led'\n",
    "kind = 'sd-card'\n",
    "pins = { ",
    " }\n",
    "anode",
    "wires = [",
    "['D6', 'a.anode']",
    "'3V3'",
    "'GND'",
    "'5V'",
    "'nc'",
    "seed = 1\n",
    "ohms = ",
    "1e300",
    "-1",
    "nan",
    "[[step]]\n",
    "at = '1s'\n",
    "press = 'a'\n",
    "for = '5ms'\n",
    "set = 'a.ohms'\n",
    "value = ",
    "type = 'x'\n",
    "\u{0}",
    "board = ",
    "at = [1, 2.5]\n",
    "turned = 90\n",
    "# x\n",
    "{\"parts\":{",
    "\"a\":{\"kind\":\"led\"}",
    "},\"wires\":[",
    "[\"D6\",\"a.anode\"]",
    "]}",
];

/// The board that the circuits are for.
fn device() -> Device {
    let file = crate::root().join("devices/wemos-d1-r32.toml");
    let text = std::fs::read_to_string(file).expect("the board's file is there");
    toml::from_str(&text).expect("the board's file is well-formed")
}

/// Both files: refused, or a circuit with power to which that is done.
pub(crate) fn files(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (circuit, stimuli) = text.split_once('\u{0}').unwrap_or((&text, &text));
    let stimuli = Stimuli::read(stimuli);
    let Ok(plan) = Plan::read(circuit, &device()) else { return };
    let mut circuit = Circuit::new(&plan);
    for (at_ns, deed) in stimuli.map(|s| s.deeds).unwrap_or_default() {
        assert_eq!(plan.check(&deed), circuit.plan_deed(at_ns, deed.clone()));
    }
    let mut due = 0;
    while let Some(ns) = circuit.next_ns().filter(|_| due < 1000) {
        circuit.take(ns);
        due += 1;
    }
    while circuit.take_note().is_some() {}
    let now_ns = circuit.next_ns().unwrap_or(0);
    for plan in [&Plan::default(), &plan] {
        circuit.rewire(now_ns, plan);
        while circuit.take(now_ns).is_some() {}
    }
    assert!(plan.parts().all(|(name, _)| circuit.shown(name).is_some()));
}

/// A file, and a drawing that is written into it: the file says that then and nothing else, and to write it again changes nothing.
pub(crate) fn drawing(input: &[u8]) {
    let (text, device) = (String::from_utf8_lossy(input), device());
    let (file, drawn) = text.split_once('\u{0}').unwrap_or((&text, ""));
    let Ok((like, is)) = Plan::draft(file).and_then(|d| Drawing::of(&d, &device).map(|is| (d, is)))
    else {
        return;
    };
    // One that is none takes something away.
    let drawn = serde_json::from_str(drawn).unwrap_or_else(|_| Drawing {
        wires: is.wires.iter().skip(drawn.len() % 3).step_by(2).cloned().collect(),
        ..is.clone()
    });
    let drafts = [is.draft(&like), drawn.draft(&like)];
    for draft in &drafts {
        let Ok(wanted) = Drawing::of(draft, &device) else { continue };
        let written = draw(file, &wanted, &device).expect("every file can say it");
        let plan = Plan::read(&written, &device).expect("it was written to be read");
        assert!(plan.is_same(&Plan::of(draft, &device).expect("it was drawn")), "{written}");
        assert_eq!(draw(&written, &wanted, &device).as_ref(), Some(&written));
        let anew = draw("", &wanted, &device).expect("an empty file can say it");
        assert_eq!(draw(&anew, &wanted, &device), Some(anew));
    }
}

/// Pins that parts are wired to.
const GPIOS: [u8; 16] = [2, 4, 5, 12, 13, 14, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27];

/// A value that the setting accepts, mostly.
fn value(sort: &Sort, c: &mut Choices<'_>) -> Value {
    let part = f64::from(c.word()) / 65535.0;
    match *sort {
        Sort::Flag(_) => Value::Bool(part > 0.5),
        Sort::Int(least, most, _) => Value::Int(least + ((most - least) as f64 * part) as i64),
        Sort::Number(least, most, _) => Value::Number(least + (most - least) * part),
        Sort::Choice(of) => Value::Text(c.pick(of).to_owned()),
    }
}

/// Which pins of the board parts' pins of a role are on.
#[derive(Default)]
struct Wiring(Vec<(Role, u8)>);

impl Wiring {
    /// One of them, or any.
    fn pick(&self, role: Role, c: &mut Choices<'_>) -> u8 {
        let of: Vec<u8> = self.0.iter().filter(|w| w.0 == role).map(|w| w.1).collect();
        if of.is_empty() { c.pick(&GPIOS) } else { c.pick(&of) }
    }
}

/// A circuit with a few parts, wired to pins of the board in turn or to where they belong.
fn file(kinds: &[&Kind], c: &mut Choices<'_>) -> (String, Wiring) {
    let (mut text, mut wiring) = (String::new(), Wiring::default());
    let mut gpio = c.below(GPIOS.len());
    for (n, kind) in kinds.iter().enumerate() {
        write!(text, "[parts.p{n}]\nkind = '{}'\n", kind.name).expect("memory is enough");
        for setting in kind.settings {
            if !c.one_in(3) {
                continue;
            }
            let value = match value(&setting.sort, c) {
                Value::Number(n) => format!("{n:?}"),
                Value::Text(t) => format!("'{t}'"),
                other => other.to_string(),
            };
            writeln!(text, "{} = {value}", setting.name).expect("memory is enough");
        }
        text.push_str("pins = {");
        for pin in kind.pins {
            let end = match c.below(16) {
                0 => "'GND'".to_owned(),
                1 => "'3V3'".to_owned(),
                2 => format!("'p0.{}'", kinds[0].pins[0].name),
                _ if matches!(pin.role, Role::Power(_) | Role::Ground) => continue,
                _ => {
                    gpio = (gpio + 1) % GPIOS.len();
                    wiring.0.push((pin.role, GPIOS[gpio]));
                    GPIOS[gpio].to_string()
                }
            };
            write!(text, " {} = {end},", pin.name).expect("memory is enough");
        }
        text.truncate(text.trim_end_matches(',').len());
        text.push_str(" }\n");
    }
    (text, wiring)
}

/// One thing that a board or a user does.
fn act(
    circuit: &mut Circuit,
    (kinds, wiring): (&[&Kind], &Wiring),
    now_ns: u64,
    c: &mut Choices<'_>,
) {
    let (a, b) = (c.pick(&GPIOS), c.pick(&GPIOS));
    match c.below(12) {
        0 | 1 => {
            let bits = c.byte();
            let pad = Pad {
                output: bits & 3 != 0,
                open_drain: bits & 4 != 0,
                latch: bits & 8 != 0,
                pull_up: bits & 16 != 0,
                pull_down: bits & 32 != 0,
            };
            circuit.pad(now_ns, a, pad);
        }
        2 => {
            // Every edge may be followed: fast waves take their time.
            let (freq, duty_u16) = (1 + u32::from(c.word() % 1000), c.word());
            circuit.emit(now_ns, Event::Pwm { gpio: a, freq, duty_u16 });
        }
        3 => {
            let timing_ns = c.pick(&[[400, 850, 800, 450], [0, u32::MAX, 800, 1]]);
            let bytes = c.bytes(64).to_vec();
            circuit.emit(now_ns, Event::Bits { gpio: a, timing_ns, bytes });
        }
        4 => {
            let levels =
                c.bytes(9).iter().map(|b| (b & 1 != 0, u32::from(*b) << (b & 15))).collect();
            let repeats = i32::from(c.byte()) - 2;
            circuit.emit(now_ns, Event::Pulses { gpio: a, levels, repeats });
        }
        5 => {
            let lines = I2cLines { scl: wiring.pick(Role::Scl, c), sda: wiring.pick(Role::Sda, c) };
            i2c(circuit, now_ns, lines, c);
        }
        6 => {
            let [sck, mosi, miso] =
                [Role::Sck, Role::Mosi, Role::Miso].map(|role| Some(wiring.pick(role, c)));
            let is_selected = !c.one_in(4);
            let pad = Pad { output: true, latch: !is_selected, ..Pad::default() };
            circuit.pad(now_ns, wiring.pick(Role::Select, c), pad);
            spi(circuit, now_ns, SpiLines { sck, mosi, miso }, c);
        }
        7 => {
            let part = c.below(kinds.len());
            let Some(setting) = kinds[part].settings.get(c.below(8)) else { return };
            let value = value(&setting.sort, c);
            let deed = Deed { part: format!("p{part}"), setting: setting.name.into(), value };
            let refused = circuit.plan_deed(now_ns, deed).is_err();
            assert_eq!(refused, setting.is_fixed, "{} of {}", setting.name, kinds[part].name);
        }
        8 => {
            circuit.microvolts(now_ns, a);
            circuit.noise(now_ns, b);
        }
        9 => by_hand(circuit, now_ns, wiring, c),
        10 => {
            let action = OneWire::Reset { present: false };
            circuit.emit(now_ns, Event::OneWire { gpio: a, action });
            circuit.emit(now_ns, Event::Dac { gpio: b, value: c.byte() });
        }
        _ => circuit.emit(now_ns, Event::Reset(ResetCause::Software)),
    }
}

/// Bytes to and from whoever has an address.
fn i2c(circuit: &mut Circuit, now_ns: u64, lines: I2cLines, c: &mut Choices<'_>) {
    let address = c.pick(&[0x3c, 0x48, 0x68]);
    let (read, mut out) = (c.one_in(3), c.bytes(24).to_vec());
    if c.one_in(2) {
        out.insert(0, c.pick(&[0x40, 0, 0x80, 0xc0]));
    }
    let Some(device) = circuit.i2c(lines, address) else { return };
    device.start(read);
    for byte in &out {
        // The board asks anew for every byte.
        let Some(device) = circuit.i2c(lines, address) else { break };
        if read {
            device.read();
        } else {
            device.write(*byte);
        }
    }
    let event = Event::I2c {
        lines,
        freq: 1,
        start: true,
        address,
        read,
        bytes: out,
        acked: Some(0),
        stop: true,
    };
    circuit.emit(now_ns, event);
    if let Some(device) = circuit.i2c(lines, address) {
        device.stop();
    }
}

/// A command of a memory card, with the checksum that those have which are always checked.
fn command(number: u8, argument: u8) -> [u8; 8] {
    let (argument, crc) = if number == 0 { (0, 0x95) } else { (argument & 0xfe, 0x87) };
    [0x40 | number, 0, 0, argument, 0, crc, 0xff, 0xff]
}

/// Bytes over SPI: anything, or what a card takes, which is made to start before.
fn spi(circuit: &mut Circuit, now_ns: u64, lines: SpiLines, c: &mut Choices<'_>) {
    let mut out = c.bytes(16).to_vec();
    if c.one_in(2) {
        let start = [0, 55, 41, 55, 41];
        let number = c.pick(&[9, 10, 12, 13, 16, 17, 18, 24, 25, 58, 59]);
        out.splice(0..0, start.iter().chain([&number]).flat_map(|n| command(*n, c.byte())));
        out.push(c.pick(&[0xfe, 0xfc, 0xfd]));
        out.extend(vec![c.byte(); usize::from(c.word() % 1200)]);
    }
    if let Some(device) = circuit.spi(&lines) {
        for byte in &out {
            device.transfer(*byte);
        }
    }
    let (back, mode) = (Vec::new(), c.byte() & 3);
    circuit.emit(now_ns, Event::Spi { lines, freq: 1, mode, out, back });
}

/// Bytes on two pins that are switched by hand, with a start and a stop.
fn by_hand(circuit: &mut Circuit, now_ns: u64, wiring: &Wiring, c: &mut Choices<'_>) {
    let (clock, data) = (wiring.pick(Role::Input, c), wiring.pick(Role::Input, c));
    let mut put =
        |gpio, latch| circuit.pad(now_ns, gpio, Pad { output: true, latch, ..Pad::default() });
    put(clock, true);
    put(data, true);
    put(data, false);
    for byte in c.bytes(8) {
        for bit in 0..9 {
            put(clock, false);
            put(data, bit < 8 && byte >> bit & 1 != 0);
            put(clock, true);
        }
    }
    put(clock, false);
    put(data, false);
    put(clock, true);
    put(data, true);
}

/// Parts of some kinds, and a board and a user who do anything to them.
pub(crate) fn parts(input: &[u8]) {
    let mut c = Choices(input);
    let kinds: Vec<&Kind> = (0..1 + c.below(4)).map(|_| c.pick(ALL)).collect();
    let (text, mut wiring) = file(&kinds, &mut c);
    // Supplies may have been wired together.
    let Ok(plan) = Plan::read(&text, &device()) else { return };
    let mut circuit = Circuit::new(&plan);
    let mut now_ns = 0;
    while !c.is_over() {
        act(&mut circuit, (&kinds, &wiring), now_ns, &mut c);
        if c.one_in(16) {
            let (text, other) = file(&kinds, &mut c);
            if let Ok(plan) = Plan::read(&text, &device()) {
                circuit.rewire(now_ns, &plan);
                wiring = other;
            }
        }
        now_ns += u64::from(c.byte()) << c.below(20);
        for _ in 0..200 {
            if circuit.take(now_ns).is_none() {
                break;
            }
        }
        while circuit.take_note().is_some() {}
    }
    for (name, _) in plan.parts() {
        assert!(circuit.shown(name).is_some_and(|shown| shown.len() < 10));
    }
}
