//! The workshop's programs, each driven from outside: buttons are pressed, pins and output watched.
//! Time is virtual, so that every run is the same and takes no time.

mod support;

use coil_board::Outcome;
use coil_board::outside::{Event, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner};
use coil_vm::rom::Rom;
use std::path::Path;

struct Run {
    output: String,
    events: Vec<(u64, Event)>,
    outcome: Outcome,
}

const MS: u64 = 1000;
const SECOND: u64 = 1_000_000;

/// Runs a program of the workshop; `script` says what is done to the board and when.
fn run(program: &str, script: Vec<(u64, Stimulus)>) -> Run {
    run_at(Pace::Virtual, program, script)
}

fn run_at(pace: Pace, program: &str, script: Vec<(u64, Stimulus)>) -> Run {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop/programs").join(program);
    let source = std::fs::read(&path).expect("the program is there");
    let (spec, seen) = support::bare("wemos-d1-r32");
    let spec = BoardSpec { script, program: Some((source, program.to_owned())), ..spec };
    let mut runner = Runner::start(Rom::new(&coil_board::modules::all()), pace).expect("a thread");
    runner.add(spec);
    let outcome = seen.end().expect("the program ends");
    runner.stop();
    let events = seen.events().into_iter().map(|(at_ns, event)| (at_ns / 1000, event)).collect();
    Run { output: seen.text(), events, outcome }
}

/// A button to ground: pressed, and released `hold` later.
fn press(gpio: u8, at: u64, hold: u64) -> [(u64, Stimulus); 2] {
    [
        (at, Stimulus::Pin { gpio, level: Some(false) }),
        (at + hold, Stimulus::Pin { gpio, level: None }),
    ]
}

fn script(parts: &[[(u64, Stimulus); 2]], end: u64) -> Vec<(u64, Stimulus)> {
    let mut all: Vec<_> = parts.concat();
    all.push((end, Stimulus::PowerOff));
    all.sort_by_key(|s| s.0);
    all
}

#[test]
fn the_led_is_on_for_two_seconds_and_fades() {
    let run = run("01_output.py", Vec::new());
    assert_eq!((run.output.as_str(), run.outcome), ("done\n", Outcome::Done));
    let led: Vec<_> = run
        .events
        .iter()
        .filter_map(|(t, e)| match e {
            Event::Pin { gpio: 2, level } => Some((*t, *level)),
            _ => None,
        })
        .collect();
    let on = led.iter().find(|e| e.1).expect("the LED goes on").0;
    let off = led.iter().find(|e| !e.1 && e.0 > on).expect("the LED goes off").0;
    assert!((2 * SECOND..2 * SECOND + 10 * MS).contains(&(off - on)), "on for {} us", off - on);
    let duties: Vec<u16> = run
        .events
        .iter()
        .filter_map(|(_, e)| match e {
            Event::Pwm { gpio: 2, duty_u16, .. } => Some(*duty_u16),
            _ => None,
        })
        .collect();
    let peak = duties.iter().position(|d| *d == *duties.iter().max().unwrap()).unwrap();
    assert!(peak > 5 && duties.len() - peak > 5, "it fades in and out: {duties:?}");
    assert!(duties[..=peak].is_sorted() && duties[peak..].is_sorted_by(|a, b| a >= b));
}

#[test]
fn a_polled_button_shows_its_state() {
    let end = SECOND;
    let run = run("02_polling.py", script(&[press(18, 200 * MS, 300 * MS)], end));
    assert_eq!(run.output, "button up\nbutton down\nbutton up\n");
}

#[test]
fn interrupts_call_their_functions_beside_the_clock() {
    let presses = [press(18, 300 * MS, 50 * MS), press(19, 1400 * MS, 50 * MS)];
    let run = run("03_interrupts.py", script(&presses, 2500 * MS));
    let lines: Vec<&str> = run.output.lines().collect();
    assert_eq!(
        lines,
        [
            "tick",
            "button 1 Pin(18, mode=Pin.IN, pull=Pin.PULL_UP)",
            "tock",
            "button 2 Pin(19, mode=Pin.IN, pull=Pin.PULL_UP)",
            "tick"
        ]
    );
}

#[test]
fn tasks_see_short_double_and_long_presses_in_both_dialects() {
    let presses = [
        press(18, 300 * MS, 120 * MS),
        press(19, 1200 * MS, 100 * MS),
        press(19, 1450 * MS, 100 * MS),
        press(19, 2300 * MS, 1400 * MS),
    ];
    for program in ["04_asyncio.py", "04_uasyncio_2019.py"] {
        let run = run(program, script(&presses, 4500 * MS));
        let lines: Vec<&str> = run.output.lines().filter(|l| !l.starts_with('t')).collect();
        assert_eq!(lines, ["1 pressed", "1 released", "2 double", "2 long"], "{program}");
        let clock: Vec<&str> = run.output.lines().filter(|l| l.starts_with('t')).collect();
        assert_eq!(clock, ["tick", "tock", "tick", "tock", "tick"], "{program}");
    }
}

#[test]
fn a_photoresistor_is_read() {
    let light = Stimulus::Voltage { gpio: 34, microvolts: 1_600_000 };
    let run = run("05_adc.py", vec![(500 * MS, light)]);
    let raw: Vec<i32> =
        run.output.lines().map(|l| l.split(' ').nth(1).unwrap().parse().unwrap()).collect();
    assert_eq!(raw.len(), 5);
    assert_eq!(raw[0], 0);
    assert!((1900..2300).contains(&raw[4]), "{raw:?}");
}

#[test]
fn memory_is_in_the_range_of_the_firmware() {
    let run = run("08_memory.py", Vec::new());
    for line in run.output.lines() {
        let free: f32 = line.split(' ').nth(1).unwrap().parse().unwrap();
        assert!((80.0..115.0).contains(&free), "{line}");
    }
    assert_eq!(run.output.lines().count(), 2);
}

#[test]
fn keys_are_md5_of_the_names() {
    let run = run("09_keys.py", Vec::new());
    assert_eq!(run.output.lines().count(), 10);
    assert!(run.output.contains("device00 75ed7be11c6ca9631d1e50320dee9663\n"));
    assert!(run.output.contains("device09 2d34e3460550716da2293e0020348ac1\n"));
}

#[test]
fn the_same_run_gives_the_same_events() {
    let presses = [press(18, 300 * MS, 120 * MS), press(19, 1200 * MS, 100 * MS)];
    let runs: Vec<Run> =
        (0..3).map(|_| run("04_asyncio.py", script(&presses, 3 * SECOND))).collect();
    for other in &runs[1..] {
        assert_eq!((&other.output, &other.events), (&runs[0].output, &runs[0].events));
    }
}

#[test]
fn scaled_time_is_the_board_s_own_and_passes_faster_here() {
    let start = std::time::Instant::now();
    let run = run_at(Pace::Scaled(20.0), "01_output.py", Vec::new());
    let here = start.elapsed();
    let led: Vec<_> = run
        .events
        .iter()
        .filter_map(|(t, e)| match e {
            Event::Pin { gpio: 2, level } => Some((*t, *level)),
            _ => None,
        })
        .collect();
    let on = led.iter().find(|e| e.1).expect("the LED goes on").0;
    let off = led.iter().find(|e| !e.1 && e.0 > on).expect("the LED goes off").0;
    assert!(off - on >= 2 * SECOND, "on for {} us of the board's time", off - on);
    assert!(here < std::time::Duration::from_secs(2), "took {here:?} here");
}
