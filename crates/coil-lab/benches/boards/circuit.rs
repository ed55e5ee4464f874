//! What a part on a pin costs: toggles of one with nothing on it, and of one with an LED.

use crate::bench::{Figure, Screen, runner, spec};
use coil_circuit::{Circuit, Plan};
use coil_lab::catalog;

const CIRCUIT: &str = "
[parts.led]
kind = \"led\"
pins = { anode = \"GPIO2\", cathode = \"GND\" }
";

const PROGRAM: &str = "\
import time
from machine import Pin
def timed(p):
    best = 1e9
    for _ in range(5):
        start = time.ticks_us()
        for _ in range(20000):
            p.on(); p.off()
        best = min(best, time.ticks_diff(time.ticks_us(), start))
    return best * 1000 / 40000
print('TIMES', timed(Pin(4, Pin.OUT)), timed(Pin(2, Pin.OUT)))
";

/// Nanoseconds of an edge.
pub(crate) fn measure() -> Vec<Figure> {
    let device = catalog::device("wemos-d1-r32").expect("built in");
    let plan = Plan::read(CIRCUIT, &device).expect("a circuit");
    let screen = Screen::default();
    let mut runner = runner();
    let mut spec = spec(&screen);
    spec.circuit = Some(Circuit::new(&plan));
    spec.program = Some((PROGRAM.into(), "toggle.py".into()));
    runner.add(spec);
    screen.expect("TIMES ");
    let told = screen.expect("\n");
    let times: Vec<f64> = told.split_whitespace().map(|n| n.parse().expect("a number")).collect();
    let figure = |name, value, limit| Figure { name, value, unit: "ns", limit };
    vec![
        figure("an edge of a pin with nothing on it", times[0], None),
        figure("an edge of a pin with an LED on it", times[1], Some(1000.0)),
    ]
}
