//! Collecting the garbage of a full heap.

use crate::bench::{Figure, Screen, runner, spec};

/// Fills the heap with small objects that all live, and tells how long a collection takes.
const PROGRAM: &str = "\
import gc, time
keep = []
spare = bytearray(2000)
try:
    while True:
        keep.append((len(keep), [1]))
except MemoryError:
    spare = None
times = []
for _ in range(31):
    start = time.ticks_us()
    gc.collect()
    times.append(time.ticks_diff(time.ticks_us(), start))
times.sort()
print('TIME', times[15], gc.mem_alloc())
";

/// A full heap is this many bytes of the chip's 112,000 at least.
const FULL: f64 = 100_000.0;

/// The median of 31 collections on one board.
pub(crate) fn measure() -> Vec<Figure> {
    let screen = Screen::default();
    let mut runner = runner();
    let mut spec = spec(&screen);
    spec.program = Some((PROGRAM.into(), "full.py".into()));
    runner.add(spec);
    screen.expect("TIME ");
    let told = screen.expect("\n");
    let mut numbers = told.split_whitespace().map(|n| n.parse::<f64>().expect("a number"));
    let time = numbers.next().expect("the time");
    let used = numbers.next().expect("the heap");
    assert!(used > FULL, "the heap is not full: {used} bytes");
    vec![Figure { name: "collection of a full heap", value: time, unit: "us", limit: Some(150.0) }]
}
