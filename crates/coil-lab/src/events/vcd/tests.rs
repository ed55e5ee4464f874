//! What dumps say, read back as a listener on the wires takes it.

use super::*;
use coil_board::outside::bus::{I2cLines, Parity, SpiLines, UartFrame};
use std::io::Cursor;

/// A dump of these events of one board.
fn dump(events: &[(u64, Event)]) -> String {
    let pin_name = |_: &str, gpio| (gpio == 2).then(|| "LED 1".to_owned());
    let mut vcd = Vcd::new(Cursor::new(Vec::new()), Box::new(pin_name));
    for (t, event) in events {
        vcd.event(*t, "board0", event).unwrap();
    }
    let mut out = Vec::new();
    vcd.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The changes of a wire by the name of its signal, read back.
fn wire(dump: &str, name: &str) -> Vec<(u64, char)> {
    let declared = dump.lines().find(|l| l.starts_with("$var") && l.contains(name));
    let code = declared.unwrap_or_else(|| panic!("no {name} in {dump}")).split(' ').nth(3).unwrap();
    let mut t = 0;
    let mut changes = Vec::new();
    for line in dump.lines().skip_while(|l| !l.starts_with("$enddefinitions")) {
        if let Some(at) = line.strip_prefix('#') {
            let at = at.parse().unwrap();
            assert!(at >= t, "time goes back at {at}");
            t = at;
        } else if line.len() == 1 + code.len() && line.ends_with(code) {
            changes.push((t, line.chars().next().unwrap()));
        }
    }
    changes
}

/// The level of a wire at a moment.
fn level(changes: &[(u64, char)], t: u64) -> bool {
    let last = changes.iter().take_while(|c| c.0 <= t).last();
    last.is_some_and(|c| c.1 == '1')
}

#[test]
fn a_pin_is_a_wire_with_its_header_name() {
    let pin = |level| Event::Pin { gpio: 2, level };
    let dump = dump(&[(1000, pin(true)), (5000, pin(false)), (5000, pin(true))]);
    assert!(dump.contains("$timescale 1 ns $end"));
    assert!(dump.contains("$scope module board0 $end\n$var wire 1 a GPIO2_LED_1 $end"), "{dump}");
    // What happens in one microsecond stays apart.
    assert_eq!(wire(&dump, "GPIO2"), [(0, 'x'), (1000, '1'), (5000, '0'), (5001, '1')]);
}

#[test]
fn characters_of_a_uart_follow_each_other_at_their_rate() {
    let frame =
        UartFrame { baudrate: 9600, bits: 8, parity: Parity::Even, stop: 1, inverted: false };
    let write = |text: &str| Event::Uart { id: 1, tx: Some(4), frame, bytes: text.into() };
    let dump = dump(&[(1_000_000, write("hi")), (1_100_000, write("!"))]);
    let tx = wire(&dump, "GPIO4");
    let symbol = 11 * 1_000_000_000 / 9600;
    let heard: Vec<u8> = (0..3)
        .map(|i| {
            let start = 1_000_000 + i * symbol;
            assert!(!level(&tx, start + 10) && level(&tx, start + symbol - 1000));
            let bit = |n: u64| level(&tx, start + (2 * n + 3) * 1_000_000_000 / 19200);
            (0..8).map(|n| u8::from(bit(n)) << n).sum()
        })
        .collect();
    assert_eq!(heard, b"hi!");
}

/// Starts, bytes with their acknowledgement, and stops, as a listener takes them from the wires.
fn listen(scl: &[(u64, char)], sda: &[(u64, char)]) -> Vec<String> {
    let mut heard = Vec::new();
    let mut bits = Vec::new();
    let mut moments: Vec<(u64, bool)> = scl.iter().map(|c| (c.0, true)).collect();
    moments.extend(sda.iter().map(|c| (c.0, false)));
    moments.sort_unstable();
    let mut clock = true;
    for (t, is_clock) in moments.into_iter().filter(|m| m.0 > 0) {
        let data = level(sda, t);
        if is_clock {
            let now = level(scl, t);
            if now && !clock {
                bits.push(data);
            }
            clock = now;
        } else if level(scl, t) {
            bits.clear();
            heard.push(if data { "P" } else { "S" }.to_owned());
        }
        if bits.len() == 9 {
            let byte = bits[..8].iter().fold(0, |n, &b| n << 1 | u8::from(b));
            heard.push(format!("{byte:02x}{}", if bits[8] { 'N' } else { 'A' }));
            bits.clear();
        }
    }
    heard
}

#[test]
fn a_listener_on_i2c_hears_what_was_sent() {
    let lines = I2cLines { scl: 22, sda: 21 };
    let event = |read, bytes: &[u8], acked, stop| Event::I2c {
        lines,
        freq: 100_000,
        start: true,
        address: 0x48,
        read,
        bytes: bytes.to_vec(),
        acked,
        stop,
    };
    let dump = dump(&[
        (1_000_000, event(false, &[0xf3], Some(1), false)),
        (1_190_000, event(true, &[0x80, 0x16], Some(2), true)),
        (2_000_000, event(true, &[], None, true)),
        (3_000_000, event(false, &[1, 2, 3], Some(1), true)),
    ]);
    let heard = listen(&wire(&dump, "GPIO22"), &wire(&dump, "GPIO21"));
    let expected = "S 90A f3A S 91A 80A 16N P S 91N P S 90A 01A 02N P";
    // Both wires come to rest at the first start.
    assert_eq!(heard.join(" ").trim_start_matches("P "), expected);
    let scl = wire(&dump, "GPIO22");
    let first_bytes = scl.iter().filter(|c| c.1 == '1' && c.0 < 1_190_000).count();
    assert_eq!(first_bytes, 1 + 18);
}

#[test]
fn a_listener_on_spi_takes_the_same_bytes_in_every_mode() {
    let lines = SpiLines { sck: Some(18), mosi: Some(23), miso: Some(19) };
    for mode in 0..4 {
        let (out, back) = (vec![0x9f, 0x01], vec![0x55, 0xc3]);
        let freq = 1_000_000;
        let select = |level| Event::Pin { gpio: 5, level };
        let dump = dump(&[
            (10_000, select(false)),
            (10_000, Event::Spi { lines, freq, mode, out: out.clone(), back: back.clone() }),
            (11_000, select(true)),
        ]);
        let sck = wire(&dump, "GPIO18");
        let taken = if mode == 0 || mode == 3 { '1' } else { '0' };
        // The first change only brings the clock to where it rests.
        let edges: Vec<u64> = sck.iter().skip(2).filter(|c| c.1 == taken).map(|c| c.0).collect();
        assert_eq!(edges.len(), 16, "mode {mode}");
        for (pin, sent) in [("GPIO23", out), ("GPIO19", back)] {
            let data = wire(&dump, pin);
            let bits = edges.iter().map(|&t| u16::from(level(&data, t)));
            let word = bits.fold(0, |n, b| n << 1 | b);
            assert_eq!(word.to_be_bytes().to_vec(), sent, "mode {mode}");
        }
        let select = wire(&dump, "GPIO5");
        assert!(select[1].0 < edges[0] && select[2].0 > edges[15], "{select:?} {edges:?}");
    }
}

#[test]
fn a_minute_of_fast_pwm_stays_small_and_says_what_it_is() {
    let pwm = |freq, duty_u16| Event::Pwm { gpio: 2, freq, duty_u16 };
    let mut events = vec![(0, pwm(10_000, 16_384))];
    // It fades, all the time.
    events.extend((1..3000).map(|i| (i * 20_000_000, pwm(10_000, (i * 20) as u16))));
    let text = dump(&events);
    assert!(text.len() < 5_000_000, "{}", text.len());
    assert!(text.contains("GPIO2_freq") && text.contains("r10000 "));
    let changes = wire(&text, "GPIO2_LED_1");
    assert_eq!(changes[..4], [(0, 'x'), (0, '1'), (25_000, '0'), (100_000, '1')]);
    assert!(changes.iter().filter(|c| c.1 == 'x').count() > 1, "more than can be drawn");
    let steady = dump(&[(0, pwm(10_000, 30_000)), (60_000_000_000, Event::SoftReset)]);
    assert!(steady.len() < 1_000_000, "{}", steady.len());
    assert!(steady.ends_with("#60000000000\n"));
}

#[test]
fn a_servos_pulses_are_all_drawn() {
    let servo = Event::Pwm { gpio: 4, freq: 50, duty_u16: 4915 };
    let stop = Event::Pin { gpio: 4, level: false };
    let text = dump(&[(0, servo), (10_000_000_000, stop)]);
    let changes = wire(&text, "GPIO4");
    assert_eq!(changes.iter().filter(|c| c.1 == '1').count(), 500);
    assert_eq!(changes[2], (1_499_961, '0'));
}

#[test]
fn texts_cannot_be_taken_for_anything_else() {
    let print = |text: &str| Event::Print { bytes: text.into() };
    let text =
        dump(&[(0, print("$end #5\n1!\\ä\n")), (1000, print("again\n")), (2000, print("again\n"))]);
    assert!(text.contains("\ns\\x24end\\x20#5\\n1!\\\\\\xc3\\xa4 a\n"), "{text}");
    assert_eq!(text.matches("sagain a\n").count(), 2);
}

#[test]
fn codes_differ() {
    let all: std::collections::BTreeSet<String> = (0..20_000).map(code).collect();
    assert_eq!(all.len(), 20_000);
}

#[test]
fn hostile_values_only_cost_their_bounds() {
    let lines = I2cLines { scl: 255, sda: 255 };
    let frame = UartFrame { baudrate: 0, bits: 0, parity: Parity::Odd, stop: 255, inverted: true };
    let i2c = Event::I2c {
        lines,
        freq: 0,
        start: true,
        address: u16::MAX,
        read: false,
        bytes: vec![1; 4],
        acked: Some(usize::MAX - 1),
        stop: true,
    };
    let events = [
        (5, i2c),
        (u64::MAX / 4, Event::Uart { id: 9, tx: Some(0), frame, bytes: vec![0; 3] }),
        (0, Event::Pulses { gpio: 1, levels: vec![(true, 0)], repeats: -1 }),
        (0, Event::Pulses { gpio: 2, levels: vec![(true, 1), (false, 1)], repeats: i32::MAX }),
        (1, Event::Pwm { gpio: 3, freq: u32::MAX, duty_u16: 1 }),
        (2, Event::Bits { gpio: 7, timing_ns: [u32::MAX; 4], bytes: vec![0; 40] }),
    ];
    assert!(dump(&events).len() < 4_000_000);
}
