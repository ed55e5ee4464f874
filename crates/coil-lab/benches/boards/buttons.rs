//! A thousand boards, each with an asyncio program that watches a button and blinks, in real time.

use crate::bench::{Figure, Screen, processor_seconds, runner, spec};
use coil_board::outside::Stimulus;
use std::time::{Duration, Instant};

const BOARDS: usize = 1000;
const BUTTON: u8 = 14;
/// Looks at its button every 20 ms, as the course's program does. From the first press on it counts how
/// late it is woken, in quarters of a millisecond, and tells after 250 looks.
const PROGRAM: &str = "\
import asyncio, time
from machine import Pin
button = Pin(14, Pin.IN, Pin.PULL_UP)
led = Pin(2, Pin.OUT)
late = [0] * 200
pressed = 0
async def blink():
    while True:
        led.value(not led.value())
        await asyncio.sleep_ms(500)
async def watch():
    global pressed
    before = 1
    looks = 0
    print('READY')
    while looks < 250:
        start = time.ticks_us()
        await asyncio.sleep_ms(20)
        after = time.ticks_diff(time.ticks_us(), start) - 20000
        now = button.value()
        if before and not now:
            pressed += 1
        before = now
        if pressed:
            looks += 1
            late[min(199, max(0, after) // 250)] += 1
    print('LATE', pressed, *late)
async def main():
    asyncio.create_task(blink())
    await watch()
asyncio.run(main())
";

/// How late timers are, in milliseconds.
pub(crate) fn measure() -> Vec<Figure> {
    let mut runners = [runner(), runner()];
    let boards: Vec<_> = (0..BOARDS)
        .map(|i| {
            let screen = Screen::default();
            let mut spec = spec(&screen);
            spec.program = Some((PROGRAM.into(), "button.py".into()));
            (runners[i % 2].add(spec), screen)
        })
        .collect();
    for (_, screen) in &boards {
        screen.expect("READY");
    }
    let hold = |seat: usize, level| {
        boards[seat].0.stimulate(Stimulus::Pin { gpio: BUTTON, level: Some(level) });
    };
    let machine = std::thread::spawn(machine_lateness);
    let (start, used) = (Instant::now(), processor_seconds());
    (0..BOARDS).for_each(|seat| hold(seat, false));
    std::thread::sleep(Duration::from_millis(100));
    (0..BOARDS).for_each(|seat| hold(seat, true));
    // Somebody is always pressing somewhere.
    let mut seat = 0;
    while start.elapsed() < Duration::from_secs(4) {
        hold(seat % BOARDS, false);
        std::thread::sleep(Duration::from_millis(50));
        hold(seat % BOARDS, true);
        seat += 77;
    }
    let cores = (processor_seconds() - used) / start.elapsed().as_secs_f64();
    let mut late = vec![0; 200];
    for (_, screen) in &boards {
        screen.expect("LATE ");
        let told = screen.expect("\n");
        let numbers = told.split_whitespace().map(|n| n.parse::<u64>().expect("a count"));
        for (sum, n) in late.iter_mut().zip(numbers.skip(1)) {
            *sum += n;
        }
    }
    let all: u64 = late.iter().sum();
    assert_eq!(all, 250 * BOARDS as u64, "every look is counted");
    let quantile = |percent: u64| {
        let mut seen = 0;
        let at = late.iter().position(|n| {
            seen += n;
            seen * 100 >= all * percent
        });
        (at.expect("the last one has seen all") + 1) as f64 / 4.0
    };
    let told = |name, percent, limit| Figure { name, value: quantile(percent), unit: "ms", limit };
    vec![
        Figure {
            name: "1,000 boards with buttons: processors in use",
            value: cores,
            unit: "cores",
            limit: None,
        },
        told("1,000 boards with buttons: lateness of timers, p50", 50, None),
        told("1,000 boards with buttons: lateness of timers, p99", 99, Some(5.0)),
        Figure {
            name: "meanwhile, lateness of a thread that only sleeps, p99",
            value: machine.join().expect("it only sleeps"),
            unit: "ms",
            limit: None,
        },
    ]
}

/// How late the machine itself wakes a thread, in milliseconds: what no board can be better than.
fn machine_lateness() -> f64 {
    let nap = Duration::from_millis(20);
    let mut late: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            std::thread::sleep(nap);
            (start.elapsed() - nap).as_secs_f64() * 1e3
        })
        .collect();
    late.sort_by(f64::total_cmp);
    late[late.len() * 99 / 100]
}
