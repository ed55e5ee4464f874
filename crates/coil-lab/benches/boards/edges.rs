//! Pins that Python toggles: what a toggle costs beside a method that does nothing, and how many edges
//! get through the stream of events to who reads it.

use crate::bench::{Figure, PATIENCE, Screen, runner, spec};
use coil_lab::events::Filter;
use coil_lab::{Events, Observer};
use std::time::{Duration, Instant};

/// Times loops of calls, without the loop itself: a method that does nothing, and toggles. The best of
/// some rounds each.
const CALLS: &str = "\
import time
from machine import Pin
class Thing:
    def nothing(self): pass
    def take(self, x): pass
N = 20000
def timed(f):
    best = 1e9
    for _ in range(15):
        start = time.ticks_us()
        f()
        best = min(best, time.ticks_diff(time.ticks_us(), start))
    return best
def loop():
    for _ in range(N): pass; pass
def bare(t=Thing()):
    for _ in range(N): t.nothing(); t.nothing()
def bare_1(t=Thing()):
    for _ in range(N): t.take(1); t.take(0)
def on_off(p=Pin(2, Pin.OUT)):
    for _ in range(N): p.on(); p.off()
def call(p=Pin(2, Pin.OUT)):
    for _ in range(N): p(1); p(0)
def value(p=Pin(2, Pin.OUT)):
    for _ in range(N): p.value(1); p.value(0)
empty = timed(loop)
times = [timed(f) - empty for f in (bare, bare_1, on_off, call, value)]
print('TIMES', *[1000 * t / (2 * N) for t in times])
";

/// Edges that the program makes.
const EDGES: usize = 2_000_000;
const TOGGLE: &str = "\
from machine import Pin
def run(p=Pin(2, Pin.OUT)):
    on, off = p.on, p.off
    for _ in range(100_000):
        on(); off(); on(); off(); on(); off(); on(); off(); on(); off()
        on(); off(); on(); off(); on(); off(); on(); off(); on(); off()
run()
print('DONE')
";

/// Nanoseconds a call, and edges a second.
pub(crate) fn measure() -> Vec<Figure> {
    let [bare, bare_1, on, call, value] = calls(None);
    let events = Events::new();
    let unheard = calls(Some(Box::new(events.board("board0"))));
    let ratio = |name, time: f64, bare: f64| {
        let limit = Some(2.0);
        Figure { name, value: time / bare, unit: "times", limit }
    };
    let ns = |name, value| Figure { name, value, unit: "ns", limit: None };
    vec![
        ns("a call of a method that does nothing", bare),
        ns("p.on()", on),
        ratio("p.on() beside such a call", on, bare),
        ratio("p(1) beside one with an argument", call, bare_1),
        ratio("p.value(1) beside one with an argument", value, bare_1),
        ratio("p.on(), on a stream without a reader", unheard[2], unheard[0]),
        edges(),
    ]
}

/// The times that the program tells.
fn calls(observer: Option<Box<dyn Observer>>) -> [f64; 5] {
    let screen = Screen::default();
    let mut runner = runner();
    let mut spec = spec(&screen);
    spec.observer = observer;
    spec.program = Some((CALLS.into(), "calls.py".into()));
    runner.add(spec);
    screen.expect("TIMES ");
    let told = screen.expect("\n");
    let numbers: Vec<f64> = told.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    numbers.try_into().expect("five times")
}

/// From Python through the stream to a reader, which takes every edge.
fn edges() -> Figure {
    let events = Events::new();
    let filter = Filter::new(vec!["pin".into()], vec![], vec![]).expect("there are pins");
    let reader = events.subscribe(filter, EDGES + 1);
    let screen = Screen::default();
    let mut runner = runner();
    let mut spec = spec(&screen);
    spec.observer = Some(Box::new(events.board("board0")));
    spec.program = Some((TOGGLE.into(), "toggle.py".into()));
    let start = Instant::now();
    runner.add(spec);
    let mut read = 0;
    while read < EDGES && start.elapsed() < PATIENCE {
        let batch = reader.next(Duration::from_secs(1));
        assert_eq!(batch.as_ref().map_or(0, |b| b.missed), 0, "the ring holds them all");
        read += batch.map_or(0, |b| b.events.len());
    }
    let seconds = start.elapsed().as_secs_f64();
    // The limit of the others is one not to be exceeded, so that it is told as a time.
    let value = seconds * 1e9 / read as f64;
    Figure { name: "an edge from Python to a reader", value, unit: "ns", limit: Some(1000.0) }
}
