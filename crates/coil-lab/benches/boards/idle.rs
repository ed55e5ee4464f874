//! How fast virtual time runs while a board has nothing to do.

use crate::bench::{Figure, Screen, spec};
use coil_lab::{Pace, Runner};
use coil_vm::rom::Rom;
use std::time::Instant;

/// Wakes up every second for a day, and looks at a pin.
const PROGRAM: &str = "\
import time
from machine import Pin
p = Pin(12, Pin.IN, Pin.PULL_UP)
for _ in range(86400):
    time.sleep(1)
    p.value()
print('DONE')
";
const SECONDS: f64 = 86_400.0;

/// Real time for a day, and for so much virtual time as 100 000 times real makes.
pub(crate) fn measure() -> Vec<Figure> {
    let screen = Screen::default();
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    let mut spec = spec(&screen);
    spec.program = Some((PROGRAM.into(), "idle.py".into()));
    let start = Instant::now();
    runner.add(spec);
    screen.expect("DONE");
    let took = start.elapsed().as_secs_f64();
    // The limit is one not to be exceeded: a day at 100 000 times real time.
    let (name, limit) = ("a day of virtual time, idle but for a look each second", Some(864.0));
    vec![Figure { name, value: took * 1000.0, unit: "ms", limit }, ratio(took)]
}

fn ratio(took: f64) -> Figure {
    let name = "virtual time of an idle board beside real time";
    Figure { name, value: SECONDS / took, unit: "times", limit: None }
}
