//! Real time steered by hand, and a look at a board that runs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_air::{Air, AirConfig};
use coil_board::Outcome;
use coil_board::look::View;
use coil_board::outside::event::PartValue;
use coil_board::outside::{Event, Stimulus};
use coil_circuit::{Circuit, Plan};
use coil_lab::{BoardHandle, LookError, Observer, Pace, Runner, Steer, SteerError, catalog};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::Seen;

const CIRCUIT: &str =
    "wires = [['D6', 'led.anode'], ['led.cathode', 'GND']]\n[parts.led]\nkind = 'led'\n";
/// How long anything may take where others build.
const PATIENCE: Duration = Duration::from_secs(20);

fn run(pace: Pace, program: &str) -> (Runner, BoardHandle, Seen) {
    let (mut spec, seen) = support::bare("wemos-d1-r32");
    spec.program = Some((program.as_bytes().to_vec(), "main.py".into()));
    let plan = Plan::read(CIRCUIT, &catalog::device("wemos-d1-r32").unwrap()).unwrap();
    spec.circuit = Some(Circuit::new(&plan));
    let air = AirConfig::without_access_points().and_then(Air::new).unwrap();
    spec.station = Some(air.attach(spec.mac));
    let rom = coil_board::modules::rom(&spec.profile);
    let mut runner = Runner::start(rom, pace).unwrap();
    let board = runner.add(spec);
    (runner, board, seen)
}

#[track_caller]
fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "in vain");
        std::thread::sleep(Duration::from_millis(1));
    }
}

const TICKS: &str = "import time\nwhile True:\n    print(time.ticks_ms())\n    time.sleep_ms(5)\n";
const BUSY: &str = "n = 0\nwhile True:\n    n += 1\n    if n % 1000 == 0:\n        print(n)\n";

#[test]
fn a_pause_stops_boards_that_wait_and_boards_that_compute() {
    for program in [TICKS, BUSY] {
        let (runner, _board, seen) = run(Pace::Real, program);
        let steering = runner.steering();
        until(|| seen.text().lines().count() > 2);
        let at = steering.steer(Steer::Pause(true)).unwrap();
        assert!(at.is_paused);
        let printed = seen.text();
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(seen.text(), printed);
        assert_eq!(steering.told().now_us, at.now_us);
        steering.steer(Steer::Pause(false)).unwrap();
        until(|| seen.text().len() > printed.len());
        assert!(steering.told().now_us < at.now_us + PATIENCE.as_micros() as u64);
    }
}

#[test]
fn a_step_is_as_long_as_it_was_asked_for() {
    let (runner, _board, seen) = run(Pace::Real, TICKS);
    let steering = runner.steering();
    until(|| seen.text().lines().count() > 2);
    let before = steering.steer(Steer::Pause(true)).unwrap().now_us;
    let printed = seen.text().lines().count();
    steering.steer(Steer::Step(100_000)).unwrap();
    until(|| {
        let now_us = steering.told().now_us;
        std::thread::sleep(Duration::from_millis(5));
        now_us == steering.told().now_us
    });
    let went = steering.told().now_us - before;
    assert!((100_000..200_000).contains(&went), "{went}");
    let lines = seen.text().lines().count() - printed;
    assert!((1..=40).contains(&lines), "{lines}");
}

#[test]
fn time_goes_as_fast_as_it_is_told_to() {
    let program = "import time\nprint('go')\ninput()\ntime.sleep(20)\nprint(time.ticks_ms())\n";
    let (runner, board, seen) = run(Pace::Real, program);
    let steering = runner.steering();
    until(|| seen.text().starts_with("go"));
    assert_eq!(steering.steer(Steer::Speed(100.0)).unwrap().speed, 100.0);
    let start = Instant::now();
    board.send(b"\r");
    seen.end().unwrap();
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    let ticks: u64 = seen.text().lines().last().unwrap().parse().unwrap();
    assert!(ticks >= 20_000, "{ticks}");
}

#[test]
fn what_time_cannot_do_is_refused() {
    let (runner, _board, _seen) = run(Pace::Real, BUSY);
    let steering = runner.steering();
    assert_eq!(steering.steer(Steer::Step(1000)), Err(SteerError::Going));
    for speed in [0.0, -1.0, 101.0, f64::NAN, f64::INFINITY] {
        assert_eq!(steering.steer(Steer::Speed(speed)), Err(SteerError::Speed));
    }
    steering.steer(Steer::Pause(true)).unwrap();
    for us in [0, 3_600_000_001, u64::MAX] {
        assert_eq!(steering.steer(Steer::Step(us)), Err(SteerError::Step));
    }
    let (runner, _board, _seen) = run(Pace::Virtual, BUSY);
    assert_eq!(runner.steering().steer(Steer::Pause(true)), Err(SteerError::Counted));
    let steering = runner.steering();
    drop(runner);
    assert_eq!(steering.steer(Steer::Pause(true)), Err(SteerError::Over));
}

#[test]
fn a_look_tells_pins_parts_memory_and_sockets_of_a_board_that_computes() {
    let program = "import socket\nfrom machine import Pin\nPin(27, Pin.OUT, value=1)\nPin(4, Pin.IN, Pin.PULL_UP)\ns = socket.socket()\nprint('go')\nwhile True:\n    pass\n";
    let (_runner, board, seen) = run(Pace::Real, program);
    until(|| seen.text() == "go\n");
    let look = board.look().wait(PATIENCE).unwrap();
    let pin = |gpio| look.view.pins.iter().find(|p| p.gpio == gpio).unwrap();
    assert!(pin(27).output && pin(27).level);
    assert_eq!((pin(4).output, pin(4).pull), (false, Some(true)));
    let value = PartValue::Switch(true);
    let lit = Event::Part { part: "led".into(), name: "lit".into(), value };
    assert!(look.parts.contains(&lit), "{:?}", look.parts);
    let heap = look.view.heap;
    assert!(heap.used > 0 && heap.free > 50_000, "{heap:?}");
    assert!(look.view.idf_heap.free >= look.view.idf_lowest);
    let [socket] = &look.view.sockets[..] else { panic!("{:?}", look.view.sockets) };
    assert_eq!((socket.kind, &*socket.calls[0]), ("tcp", "main.py:5 <module>"));
    board.stimulate(Stimulus::PowerOff);
    until(|| board.look().wait(PATIENCE).is_err_and(|e| e == LookError::Gone));
}

/// Who counts looks, and those that saw a main module.
struct Counts(Arc<Mutex<(usize, usize)>>);

impl Observer for Counts {
    fn event(&mut self, _: u64, _: &Event) {}
    fn looked(&mut self, view: View, _: Vec<Event>) {
        let mut counts = self.0.lock().unwrap();
        counts.0 += 1;
        counts.1 += usize::from(!view.globals.is_empty());
    }
}

#[test]
fn a_board_can_be_looked_at_at_any_moment_of_its_starts() {
    const MS: u64 = 1_000_000;
    let button = |pressed| Stimulus::Button { name: "BOOT".into(), pressed };
    // From power on, over a reset to the loader, and from there to the prompt.
    let mut script = vec![
        (2000 * MS, button(true)),
        (2000 * MS, Stimulus::Reset),
        (3000 * MS, button(false)),
        (3000 * MS, Stimulus::Reset),
    ];
    script.extend((0..5000).map(|at| (at * MS, Stimulus::Look)));
    script.push((5000 * MS, Stimulus::PowerOff));
    script.sort_by_key(|(at, _)| *at);
    let (mut spec, seen) = support::bare("esp32-devkitc");
    let counts = Arc::default();
    spec.observer = Some(Box::new(Counts(Arc::clone(&counts))));
    spec.script = script;
    let rom = coil_board::modules::rom(&spec.profile);
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(spec);
    assert!(matches!(seen.end(), Some(Outcome::Done)), "{}", seen.text());
    let text = seen.text();
    assert!(text.contains("waiting for download") && text.ends_with(">>> "), "{text}");
    let (all, of_programs) = *counts.lock().unwrap();
    assert_eq!(all, 5000);
    assert!((1000..4500).contains(&of_programs), "{of_programs}");
}
