//! Parts that measure: what programs read from them, and what they get without them.

use crate::support::circuit::run;

const DHT: &str = "
[parts.air]
kind = 'dht22'
temperature = 21.5
pins = { data = 'D6' }
";

const DHT_READER: &str = "
from machine import Pin
import dht, time
d = dht.DHT22(Pin(27))
for _ in range(2):
    try:
        d.measure()
        print(d.temperature(), d.humidity())
    except OSError as e:
        print('no answer', e)
    time.sleep(2)
";

#[test]
fn a_dht_measures_what_is_around_it() {
    let weather = "
[[step]]
at = '1s'
set = 'air.temperature'
value = -4.25
[[step]]
at = '1s'
set = 'air.humidity'
value = 99.9
";
    let dht22 = run(DHT, weather, DHT_READER);
    assert_eq!((dht22.text.as_str(), dht22.faults().len()), ("21.5 50.0\n-4.3 99.9\n", 0));
    let circuit = DHT.replace("dht22", "dht11");
    let source = DHT_READER.replace("DHT22", "DHT11");
    assert_eq!(run(&circuit, "", &source).text, "22 50\n22 50\n");
}

#[test]
fn a_dht_without_power_or_on_another_pin_does_not_answer() {
    let no_answer = "no answer [Errno 116] ETIMEDOUT\n".repeat(2);
    let no_power = run(&DHT.replace("data =", "vcc = 'nc', data ="), "", DHT_READER);
    assert_eq!(no_power.text, no_answer);
    assert_eq!(no_power.faults(), ["it has no power and does nothing: wire its `vcc` to 3V3"]);
    assert_eq!(run(&DHT.replace("D6", "D7"), "", DHT_READER).text, no_answer);
}

#[test]
fn a_dht_whose_power_comes_from_a_pin_answers_while_that_is_high() {
    let circuit = DHT.replace("data =", "vcc = 'D7', data =");
    let source = format!("import machine\nmachine.Pin(14, machine.Pin.OUT, value=1)\n{DHT_READER}");
    let run = run(&circuit, "", &source);
    assert_eq!((run.text.as_str(), run.faults().len()), ("21.5 50.0\n21.5 50.0\n", 0));
}

#[test]
fn thermometers_on_one_wire_are_told_apart() {
    let circuit = "
[parts.inside]
kind = 'ds18b20'
temperature = 21.5
serial = 1
pins = { data = 'D6' }
[parts.outside]
kind = 'ds18b20'
temperature = -10.125
pins = { data = 'D6' }
";
    let source = "
from machine import Pin
import onewire, ds18x20, time
ds = ds18x20.DS18X20(onewire.OneWire(Pin(27)))
roms = ds.scan()
ds.convert_temp()
time.sleep_ms(750)
print(sorted(ds.read_temp(rom) for rom in roms))
print(bytes(roms[0][:7]).hex() if roms[0][1] == 1 else bytes(roms[1][:7]).hex())
";
    let both = run(circuit, "", source);
    assert_eq!(both.text, "[-10.125, 21.5]\n28010000000000\n");
    assert_eq!(both.shown("inside", "address"), ["28010000000000"]);
    let none = "
from machine import Pin
import onewire, ds18x20
ds = ds18x20.DS18X20(onewire.OneWire(Pin(27)))
print(ds.scan())
try:
    ds.convert_temp()
except onewire.OneWireError as e:
    print('no device')
";
    let run = run(&circuit.replace("data =", "gnd = 'nc', data ="), "", none);
    assert_eq!(run.text, "[]\nno device\n");
    assert!(run.faults()[0].ends_with("wire its `gnd` to GND"), "{:?}", run.faults());
}

const RANGER: &str = "
wires = [['far.echo', 'up.a'], ['up.b', 'D7', 'down.a'], ['down.b', 'GND']]
[parts.far]
kind = 'ultrasonic'
distance = 50
pins = { trig = 'D6' }
[parts.up]
kind = 'resistor'
[parts.down]
kind = 'resistor'
ohms = 2000
";

const RANGE_READER: &str = "
from machine import Pin, time_pulse_us
import time
trig = Pin(27, Pin.OUT, value=0)
echo = Pin(14, Pin.IN)
for _ in range(3):
    trig(1)
    time.sleep_us(10)
    trig(0)
    us = time_pulse_us(echo, 1, 30_000)
    print(round(us / 58.3) if us > 0 else us)
    time.sleep_ms(500)
";

#[test]
fn an_echo_lasts_as_long_as_sound_takes() {
    let moves = "
[[step]]
at = '300ms'
set = 'far.distance'
value = 8
[[step]]
at = '800ms'
set = 'far.distance'
value = 700
";
    let run = run(RANGER, moves, RANGE_READER);
    assert_eq!(run.text, "50\n8\n-1\n");
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn an_echo_of_five_volts_on_a_pin_is_told() {
    let circuit = "
[parts.far]
kind = 'ultrasonic'
pins = { trig = 'D6', echo = 'D7' }
";
    let faults = run(circuit, "", RANGE_READER).faults();
    assert!(faults[0].starts_with("D7 (GPIO14) gets 5.0 V from far.echo"), "{faults:?}");
}

#[test]
fn a_knob_is_counted_in_both_directions() {
    let circuit = "
[parts.knob]
kind = 'rotary-encoder'
pins = { clk = 'D6', dt = 'D7', sw = 'D8' }
";
    let turns = "
[[step]]
at = '100ms'
set = 'knob.position'
value = 5
[[step]]
at = '500ms'
set = 'knob.position'
value = -2
[[step]]
at = '900ms'
press = 'knob'
";
    let source = "
from machine import Pin
import time
clk, dt = Pin(27, Pin.IN), Pin(14, Pin.IN)
sw = Pin(12, Pin.IN, Pin.PULL_UP)
n = 0
def turned(pin):
    global n
    n += 1 if dt() else -1
clk.irq(turned, Pin.IRQ_FALLING)
for ms in (400, 400, 150):
    time.sleep_ms(ms)
    print(n, sw())
";
    let run = run(circuit, turns, source);
    assert_eq!(run.text, "5 1\n-2 1\n-2 0\n");
    assert_eq!(run.shown("knob", "position").last().map(String::as_str), Some("-2"));
}
