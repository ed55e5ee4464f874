//! Programs on boards with circuits, in virtual time.

#[path = "../support/mod.rs"]
mod support;

mod actors;
mod buses;
mod displays;
mod rewire;
mod sensors;
mod workshop;

use coil_board::outside::Event;
use coil_circuit::{Deed, Plan, Value};
use coil_lab::catalog;
use support::circuit::run;

const LED: &str = "
[parts.led]
kind = 'led'
pins = { anode = 'D6', cathode = 'GND' }
";

#[test]
fn an_led_lights_while_its_pin_is_high() {
    let run = run(
        LED,
        "",
        "
from machine import Pin
p = Pin(27, Pin.OUT)
p.on()
p.off()
p.on()
",
    );
    assert_eq!(run.shown("led", "lit"), ["false", "true", "false", "true"]);
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn an_led_is_as_bright_as_the_duty_says() {
    let run = run(
        LED,
        "",
        "
from machine import Pin, PWM
p = PWM(Pin(27), freq=1000, duty_u16=0)
for duty in (65535, 32768, 16384, 0):
    p.duty_u16(duty)
",
    );
    let shown = run.shown("led", "brightness");
    let bright: Vec<f64> = shown.iter().map(|b| b.parse().expect("a number")).collect();
    let full = bright[1];
    assert!((0.2..0.5).contains(&full), "{bright:?}");
    let shares: Vec<_> = bright.iter().map(|b| (b / full * 100.0).round()).collect();
    assert_eq!(shares, [0.0, 100.0, 50.0, 25.0, 0.0]);
}

const BUTTON: &str = "
[parts.btn]
kind = 'button'
pins = { a = 'D8', b = 'GND' }
";

#[test]
fn a_press_interrupts_more_than_once_because_it_bounces() {
    let press = "
[[step]]
at = '1s'
press = 'btn'
for = '200ms'
";
    let source = "
from machine import Pin
import time
p = Pin(12, Pin.IN, Pin.PULL_UP)
n = 0
def pressed(pin):
    global n
    n += 1
p.irq(pressed, Pin.IRQ_FALLING)
print(p.value())
time.sleep_ms(1100)
print(p.value(), n > 1)
time.sleep_ms(900)
print(p.value())
";
    let run1 = run(BUTTON, press, source);
    assert_eq!(run1.text, "1\n0 True\n1\n");
    let edges: Vec<u64> = run1
        .events
        .iter()
        .filter_map(|(at, e)| matches!(e, Event::Input { gpio: 12, .. }).then_some(*at))
        .collect();
    assert!(edges.len() >= 4, "{edges:?}");
    assert_eq!(edges.iter().find(|at| **at > 1), Some(&1_000_000_000));
    // And the same every time.
    let run2 = run(BUTTON, press, source);
    assert_eq!(run1.events, run2.events);
}

#[test]
fn a_button_without_a_pull_up_reads_anything_and_is_told_so() {
    let source = "
from machine import Pin
p = Pin(12, Pin.IN)
print(len(set(p.value() for _ in range(50))))
";
    let run = run(BUTTON, "", source);
    assert_eq!(run.text, "2\n");
    let faults = run.faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("D8 (GPIO12) is read while nothing holds it"), "{faults:?}");
}

#[test]
fn a_potentiometer_is_read_where_it_is_set() {
    let circuit = "
[parts.pot]
kind = 'potentiometer'
pins = { wiper = 'A2' }
";
    let source = "
from machine import Pin, ADC
import time
a = ADC(Pin(35))
for _ in range(3):
    print(round(a.read_uv() / 1e6, 1))
    time.sleep(1)
";
    let stimuli = "
[[step]]
at = '500ms'
set = 'pot.position'
value = 0.25
[[step]]
at = '1500ms'
set = 'pot.position'
value = 0
";
    assert_eq!(run(circuit, stimuli, source).text, "1.6\n0.8\n0.0\n");
}

#[test]
fn outputs_that_fight_are_told() {
    let source = "
from machine import Pin
a = Pin(27, Pin.OUT, value=1)
b = Pin(14, Pin.OUT, value=0)
";
    let run = run("wires = [['D6', 'D7']]", "", source);
    let faults = run.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
    let fight = "D6 (GPIO27) is an output at 1 and drives against D7 (GPIO14): 55 mA";
    assert!(faults.iter().any(|f| f.starts_with(fight)), "{faults:?}");
}

#[test]
fn five_volts_on_a_pin_are_told() {
    let run = run("wires = [['D8', '5V']]", "", "");
    let faults = run.faults();
    assert!(faults[0].starts_with("D8 (GPIO12) gets 5.0 V from 5 V"), "{faults:?}");
    assert!(faults[1].contains("held high by 5 V while the board starts"), "{faults:?}");
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_wave_over_a_wire_is_measured_at_its_other_end() {
    let source = "
from machine import Pin, PWM, time_pulse_us
PWM(Pin(27), freq=1000, duty_u16=16384)
p = Pin(14, Pin.IN)
print([time_pulse_us(p, level) // 10 for level in (0, 1, 0, 1)])
";
    assert_eq!(run("wires = [['D6', 'D7']]", "", source).text, "[75, 24, 74, 24]\n");
}

#[test]
fn a_wave_too_fast_to_be_followed_is_told_and_stops_nobody() {
    let source = "
from machine import Pin, PWM
import time
p = Pin(14, Pin.IN)
PWM(Pin(27), freq=1_000_000, duty_u16=32768)
time.sleep(60)
print('done')
";
    let run = run("wires = [['D6', 'D7']]", "", source);
    assert_eq!(run.text, "done\n");
    let faults = run.faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].starts_with("the wave on D6 (GPIO27) is faster than the 100 kHz"),
        "{faults:?}"
    );
}

#[test]
fn a_deed_that_cannot_be_done_is_refused_in_words() {
    let device = catalog::device("wemos-d1-r32").expect("a device");
    let plan = Plan::read(BUTTON, &device).expect("a circuit");
    for (part, setting, value, text) in [
        ("bin", "pressed", Value::Bool(true), "there is no part `bin`; there are: btn"),
        (
            "btn",
            "turned",
            Value::Int(1),
            "part `btn` has no setting `turned`; it has: pressed, bounce",
        ),
        (
            "btn",
            "bounce",
            Value::Int(99),
            "`bounce` of `btn` cannot be `99`; it is a number from 0 to 50",
        ),
    ] {
        let deed = Deed { part: part.into(), setting: setting.into(), value };
        assert_eq!(plan.check(&deed).map_err(|e| e.to_string()), Err(text.into()));
    }
}
