//! Parts that do something: lights, motors, sounds, contacts.

use crate::support::circuit::run;

#[test]
fn a_resistor_before_an_led_limits_its_current() {
    let circuit = "
wires = [['D6', 'r.a'], ['r.b', 'led.anode']]
[parts.r]
kind = 'resistor'
ohms = 470
[parts.led]
kind = 'led'
ohms = 0
pins = { cathode = 'GND' }
";
    let source = "
from machine import Pin
Pin(27, Pin.OUT, value=1)
";
    let with = run(circuit, "", source);
    assert_eq!(with.faults(), [""; 0]);
    // 3.3 V less 1.8 V, over 470 ohms and those of the pin and the diode.
    assert_eq!(with.amount("led", "brightness"), 0.149);
    let without = run(&circuit.replace("ohms = 470", "ohms = 0"), "", source);
    let told = without.faults();
    assert!(told.iter().any(|f| f.contains("put a resistor of 220 ohms before it")), "{told:?}");
}

#[test]
fn two_resistors_divide_a_voltage() {
    let circuit = "
wires = [['5V', 'up.a'], ['up.b', 'A2', 'down.a'], ['down.b', 'GND']]
[parts.up]
kind = 'resistor'
ohms = 10000
[parts.down]
kind = 'resistor'
ohms = 10000
";
    let source = "
from machine import Pin, ADC
print(round(ADC(Pin(35)).read_uv() / 1e6, 1))
";
    let run = run(circuit, "", source);
    assert_eq!((run.text.as_str(), run.faults().len()), ("2.5\n", 0));
}

#[test]
fn an_rgb_led_mixes_colours_from_either_common_leg() {
    for (common, rail, duty) in [("cathode", "GND", 32768), ("anode", "3V3", 65535 - 32768)] {
        let circuit = format!(
            "
[parts.rgb]
kind = 'rgb-led'
common = '{common}'
pins = {{ red = 'D6', green = 'D7', blue = 'D8', common = '{rail}' }}
"
        );
        let source = format!(
            "
from machine import Pin, PWM
off = {}
Pin(12, Pin.OUT, value=off)
Pin(14, Pin.OUT, value=1 - off)
PWM(Pin(27), freq=1000, duty_u16={duty})
",
            u8::from(common == "anode")
        );
        let run = run(&circuit, "", &source);
        let [red, green, blue] = ["red", "green", "blue"].map(|c| run.amount("rgb", c));
        assert!((0.1..0.2).contains(&red) && green > 0.15 && blue == 0.0, "{red} {green} {blue}");
        assert_eq!(run.faults(), [""; 0]);
    }
}

const SERVO: &str = "
[parts.servo]
kind = 'servo'
pins = { signal = 'D6' }
";

#[test]
fn a_servo_turns_to_where_the_duty_says() {
    let source = "
from machine import Pin, PWM
import time
p = PWM(Pin(27), freq=50)
for us in (500, 1000, 1500, 2000, 2500, 2800):
    time.sleep_ms(200)
    p.duty_ns(us * 1000)
";
    let run = run(SERVO, "", source);
    assert_eq!(run.shown("servo", "angle"), ["0", "45", "90", "135", "180"]);
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn a_servo_takes_pulses_made_by_hand_and_refuses_other_rates() {
    let source = "
from machine import Pin, PWM
import time
p = Pin(27, Pin.OUT)
for us in (1500, 1500, 2500):
    p.on()
    time.sleep_us(us)
    p.off()
    time.sleep_ms(18)
PWM(p, freq=1000, duty_u16=32768)
";
    let run = run(SERVO, "", source);
    assert_eq!(run.shown("servo", "angle"), ["90", "180"]);
    assert!(run.faults()[0].contains("at 998 Hz and follows 50 Hz"), "{:?}", run.faults());
}

const BUZZER: &str = "
[parts.buzzer]
kind = 'buzzer'
pins = { signal = 'D6' }
";

#[test]
fn a_passive_buzzer_sounds_at_the_frequency_of_its_pin() {
    let source = "
from machine import Pin, PWM
import time
p = PWM(Pin(27), freq=440, duty_u16=32768)
for freq in (494, 523):
    time.sleep_ms(100)
    p.freq(freq)
time.sleep_ms(100)
p.deinit()
time.sleep_ms(100)
p = Pin(27, Pin.OUT)
for _ in range(50):
    p.on()
    time.sleep_us(500)
    p.off()
    time.sleep_us(500)
time.sleep_ms(100)
";
    let run = run(BUZZER, "", source);
    let tones = run.shown("buzzer", "tone");
    assert_eq!(tones[..5], ["0", "440", "494", "523", "0"], "{tones:?}");
    let by_hand: f64 = tones[5].parse().expect("a number");
    assert!((900.0..=1000.0).contains(&by_hand), "{tones:?}");
    assert_eq!(tones.last().map(String::as_str), Some("0"));
}

#[test]
fn an_active_buzzer_has_its_own_tone() {
    let circuit = BUZZER.replace("'buzzer'\n", "'buzzer'\ntype = 'active'\n");
    let source = "
from machine import Pin
import time
p = Pin(27, Pin.OUT, value=1)
time.sleep_ms(100)
p.off()
";
    assert_eq!(run(&circuit, "", source).shown("buzzer", "tone"), ["0", "2300", "0"]);
}

#[test]
fn a_relay_joins_the_other_side_after_its_contact_has_moved() {
    let circuit = "
wires = [['relay.no', '3V3'], ['relay.nc', 'GND'], ['relay.com', 'D7']]
[parts.relay]
kind = 'relay'
pins = { in = 'D6' }
";
    let source = "
from machine import Pin
import time
coil = Pin(27, Pin.OUT, value=0)
contact = Pin(14, Pin.IN)
print(contact())
for level in (1, 0):
    coil(level)
    print(contact())
    time.sleep_ms(20)
    print(contact())
";
    let on = run(circuit, "", source);
    assert_eq!(on.text, "0\n0\n1\n1\n0\n");
    assert_eq!(on.shown("relay", "on"), ["false", "true", "false"]);
    let without = run(&circuit.replace("in = 'D6'", "in = 'D6', vcc = 'nc'"), "", source);
    assert_eq!(without.text, "0\n0\n0\n0\n0\n");
    assert_eq!(without.faults(), ["it has no power and does nothing: wire its `vcc` to 5V"]);
}

#[test]
fn lights_in_a_row_have_the_colours_that_were_sent() {
    let circuit = "
[parts.strip]
kind = 'neopixel'
count = 3
pins = { din = 'D6' }
";
    let source = "
from machine import Pin
from neopixel import NeoPixel
np = NeoPixel(Pin(27), 3)
np[0] = (255, 16, 1)
np[2] = (0, 0, 7)
np.write()
NeoPixel(Pin(27), 1).write()
NeoPixel(Pin(27), 9).write()
NeoPixel(Pin(27), 3, timing=0).write()
";
    let run = run(circuit, "", source);
    let rows = ["000000000000000000", "ff1001000000000007", "000000000000000007"];
    let shown = run.shown("strip", "pixels");
    assert_eq!(shown, [rows[0], rows[1], rows[2], rows[0]]);
    assert_eq!(run.shown("strip", "lit"), ["0", "2", "1", "0"]);
    assert!(run.faults()[0].starts_with("it does not understand bits of"), "{:?}", run.faults());
}

#[test]
fn a_slide_switch_stays_where_it_is_pushed() {
    let circuit = "
wires = [['sw.left', '3V3'], ['sw.common', 'D7'], ['sw.right', 'GND']]
[parts.sw]
kind = 'slide-switch'
";
    let push = "
[[step]]
at = '500ms'
set = 'sw.position'
value = 'right'
";
    let source = "
from machine import Pin
import time
p = Pin(14, Pin.IN)
print(p())
time.sleep(1)
print(p())
";
    let run = run(circuit, push, source);
    assert_eq!(run.text, "1\n0\n");
    assert_eq!(run.shown("sw", "position"), ["left", "right"]);
}

#[test]
fn a_photoresistor_gives_more_voltage_in_more_light() {
    let circuit = "
[parts.eye]
kind = 'photoresistor'
light = 10
pins = { out = 'A2' }
";
    let light = "
[[step]]
at = '500ms'
set = 'eye.light'
value = 1000
[[step]]
at = '1500ms'
set = 'eye.light'
value = 0
";
    let source = "
from machine import Pin, ADC
import time
a = ADC(Pin(35))
for _ in range(3):
    print(round(a.read_uv() / 1e6, 1))
    time.sleep(1)
";
    let run = run(circuit, light, source);
    // 14 kilohms at 10 lux, 559 ohms at 1000, a megohm in the dark.
    assert_eq!(run.shown("eye", "ohms"), ["14000", "557", "1000000"]);
    assert_eq!(run.text, "1.4\n3.1\n0.0\n");
}
