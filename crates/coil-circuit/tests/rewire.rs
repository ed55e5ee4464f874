//! A circuit that becomes another one while its board runs.

use coil_board::Device;
use coil_board::outside::{Event, Pad, Sensor, Stimulus, Wires};
use coil_circuit::{Circuit, Deed, Note, Plan, Value};

fn device() -> Device {
    toml::from_str(include_str!("../../../devices/wemos-d1-r32.toml")).expect("a device")
}

fn plan(text: &str) -> Plan {
    Plan::read(text, &device()).unwrap_or_else(|e| panic!("{e}"))
}

/// A circuit, and what it has told so far.
struct Bench {
    circuit: Circuit,
    now_ns: u64,
}

impl Bench {
    fn new(text: &str) -> Self {
        let mut bench = Self { circuit: Circuit::new(&plan(text)), now_ns: 0 };
        bench.taken();
        bench
    }

    fn after(&mut self, ns: u64) -> &mut Self {
        self.now_ns += ns;
        self
    }

    fn rewire(&mut self, text: &str) {
        self.notes();
        self.circuit.rewire(self.now_ns, &plan(text));
    }

    fn pad(&mut self, gpio: u8, pad: Pad) {
        self.circuit.pad(self.now_ns, gpio, pad);
    }

    fn output(&mut self, gpio: u8, latch: bool) {
        self.pad(gpio, Pad { output: true, latch, ..Pad::default() });
    }

    fn set(&mut self, part: &str, setting: &str, value: impl Into<Value>) {
        let deed = Deed { part: part.into(), setting: setting.into(), value: value.into() };
        self.circuit.plan_deed(self.now_ns, deed).expect("it can be done");
        self.taken();
    }

    /// What the board is to take by now.
    fn taken(&mut self) -> Vec<Stimulus> {
        core::iter::from_fn(|| self.circuit.take(self.now_ns)).map(|s| s.1).collect()
    }

    fn notes(&mut self) -> Vec<Note> {
        core::iter::from_fn(|| self.circuit.take_note()).map(|n| n.1).collect()
    }

    fn shown(&self, part: &str, name: &str) -> Option<Value> {
        self.circuit.shown(part)?.get(name).cloned()
    }
}

const LED: &str = "[parts.led]\nkind = 'led'\npins = { anode = 'D6', cathode = 'GND' }\n";
const BUTTON: &str = "[parts.btn]\nkind = 'button'\nbounce = 0\npins = { a = 'D8', b = 'GND' }\n";

#[test]
fn an_led_that_is_wired_to_an_output_lights_at_once_and_goes_dark_when_it_is_taken_off() {
    let mut bench = Bench::new("");
    assert_eq!(bench.circuit.wired(), 0);
    bench.output(27, true);
    bench.after(1000).rewire(LED);
    assert_eq!(bench.shown("led", "lit"), Some(Value::Bool(true)));
    assert_eq!(bench.circuit.wired(), 1 << 27);
    assert_eq!(bench.taken(), [Stimulus::LookAround]);
    bench.after(1000).rewire("[parts.led]\nkind = 'led'\npins = { cathode = 'GND' }\n");
    assert_eq!(bench.shown("led", "lit"), Some(Value::Bool(false)));
    bench.rewire("");
    assert_eq!(bench.shown("led", "lit"), None);
}

#[test]
fn waves_that_began_before_something_was_wired_to_their_pin_are_there() {
    let mut bench = Bench::new("");
    bench.output(27, false);
    bench.circuit.emit(0, Event::Pwm { gpio: 27, freq: 1000, duty_u16: 32768 });
    bench.pad(25, Pad::default());
    bench.circuit.emit(0, Event::Dac { gpio: 25, value: 255 });
    bench.after(5_000_000).rewire(&format!(
        "{LED}[parts.other]\nkind = 'led'\npins = {{ anode = 'D3', cathode = 'GND' }}\n"
    ));
    let brightness = |bench: &Bench, part| match bench.shown(part, "brightness") {
        Some(Value::Number(n)) => n,
        other => panic!("{other:?}"),
    };
    let (half, full) = (brightness(&bench, "led"), brightness(&bench, "other"));
    assert!((0.4..0.6).contains(&(half / full)), "{half} {full}");
    // And they go on over another wire, edge by edge where somebody listens.
    bench.after(5_000_000).rewire("wires = [['D6', 'D7']]");
    bench.pad(14, Pad::default());
    bench.taken();
    let edges = bench.after(10_000_000).taken();
    let edges = edges.iter().filter(|s| matches!(s, Stimulus::Pin { gpio: 14, .. })).count();
    assert!((19..=21).contains(&edges), "{edges}");
}

#[test]
fn what_held_an_input_lets_go_of_it_and_a_button_that_is_held_stays_down() {
    let mut bench = Bench::new(BUTTON);
    bench.pad(12, Pad { pull_up: true, ..Pad::default() });
    let deed = Deed { part: "btn".into(), setting: "pressed".into(), value: Value::Bool(true) };
    bench.circuit.plan_deed(0, deed).expect("it can be done");
    assert!(bench.taken().contains(&Stimulus::Pin { gpio: 12, level: Some(false) }));
    // Something else is wired: the button knows nothing of it.
    bench.after(1000).rewire(&format!("{BUTTON}{LED}"));
    assert_eq!(bench.taken(), [Stimulus::LookAround]);
    assert_eq!(bench.shown("btn", "pressed"), Some(Value::Bool(true)));
    // Its other end goes to another pin, where it is still down.
    bench.pad(14, Pad { pull_up: true, ..Pad::default() });
    bench.after(1000).rewire(&BUTTON.replace("D8", "D7"));
    let taken = bench.taken();
    assert!(taken.contains(&Stimulus::Pin { gpio: 12, level: None }), "{taken:?}");
    assert!(taken.contains(&Stimulus::Pin { gpio: 14, level: Some(false) }), "{taken:?}");
    bench.rewire("");
    assert!(bench.taken().contains(&Stimulus::Pin { gpio: 14, level: None }));
}

#[test]
fn pins_that_are_not_joined_any_more_are_unplugged_and_others_stay() {
    let jumper = |a, b, plugged| Stimulus::Jumper { a, b, plugged };
    let mut bench = Bench::new("wires = [['D6', 'D7'], ['D2', 'D3']]");
    bench.rewire("wires = [['D3', 'D2'], ['D6', 'D8']]");
    let taken = bench.taken();
    let jumpers: Vec<_> =
        taken.into_iter().filter(|s| matches!(s, Stimulus::Jumper { .. })).collect();
    assert_eq!(jumpers, [jumper(14, 27, false), jumper(12, 27, true)]);
}

#[test]
fn what_was_set_while_it_ran_stays_unless_the_plan_says_something_else_now() {
    let pot = "[parts.pot]\nkind = 'potentiometer'\nposition = 0.5\npins = { wiper = 'A2' }\n";
    let mut bench = Bench::new(pot);
    bench.set("pot", "position", 0.25);
    bench.rewire(&format!("{pot}{LED}"));
    assert_eq!(bench.shown("pot", "position"), Some(Value::Number(0.25)));
    let volts = |bench: &mut Bench| bench.circuit.microvolts(bench.now_ns, 35).expect("held");
    assert!((800_000..850_000).contains(&volts(&mut bench)));
    bench.rewire(&pot.replace("0.5", "0.75"));
    assert_eq!(bench.shown("pot", "position"), Some(Value::Number(0.75)));
    assert!((2_450_000..2_500_000).contains(&volts(&mut bench)));
    // What is made otherwise is made anew, and set as it was.
    let card =
        |mb| format!("[parts.x]\nkind = 'rgb-led'\ncommon = '{mb}'\npins = {{ common = '3V3' }}\n");
    bench.rewire(&card("cathode"));
    bench.rewire(&card("anode"));
    // A part of another kind is another part.
    bench.rewire(&LED.replace("led]", "pot]"));
    assert_eq!(bench.shown("pot", "position"), None);
    assert_eq!(bench.shown("pot", "lit"), Some(Value::Bool(false)));
}

#[test]
fn a_register_keeps_what_is_in_it_and_sees_no_edge_where_none_is() {
    let register = |more: &str| {
        format!(
            "{more}[parts.sr]\nkind = 'shift-register'\npins = {{ ser = 'D2', srclk = 'D3', rclk = 'D4' }}\n"
        )
    };
    let mut bench = Bench::new(&register(""));
    let pulse = |bench: &mut Bench, gpio| {
        bench.output(gpio, true);
        bench.output(gpio, false);
    };
    bench.output(26, true);
    pulse(&mut bench, 25);
    bench.output(25, true);
    pulse(&mut bench, 17);
    let outputs = bench.shown("sr", "outputs");
    assert!(matches!(outputs, Some(Value::Int(n)) if n & 3 == 3), "{outputs:?}");
    // The clock is high: it stays so over wires that are the same, and moves nothing.
    bench.rewire(&register(LED));
    pulse(&mut bench, 17);
    assert_eq!(bench.shown("sr", "outputs"), outputs);
    // Its supply is taken away.
    bench.rewire(&register("").replace("rclk = 'D4'", "rclk = 'D4', vcc = 'nc'"));
    let faults = bench.notes();
    let is_unpowered = |n: &Note| matches!(n, Note::Fault(f) if f.text.contains("no power"));
    assert!(faults.iter().any(is_unpowered), "{faults:?}");
}

#[test]
fn what_is_wrong_is_told_once_in_each_run_of_the_interpreter() {
    let mut bench = Bench::new(&format!("wires = [['D5', 'D4']]\n{LED}ohms = 0\n"));
    let run = |bench: &mut Bench| {
        bench.output(16, true);
        for level in [true, false, true] {
            bench.after(1000).output(17, !level);
            bench.output(27, level);
        }
        let faults = bench.notes().into_iter().filter(|n| matches!(n, Note::Fault(_)));
        faults.collect::<Vec<_>>()
    };
    let first = run(&mut bench);
    let of_led = |n: &&Note| matches!(n, Note::Fault(f) if f.part.as_deref() == Some("led"));
    assert_eq!((first.len(), first.iter().filter(of_led).count()), (3, 1), "{first:?}");
    assert_eq!(run(&mut bench), []);
    for gpio in [16, 17, 27] {
        bench.pad(gpio, Pad::default());
    }
    bench.circuit.emit(bench.now_ns, Event::SoftReset);
    assert_eq!(run(&mut bench), first);
}

#[test]
fn sensors_with_protocols_of_their_own_move_with_their_wires() {
    let dht = |pin: &str| format!("[parts.dht]\nkind = 'dht22'\npins = {{ data = '{pin}' }}\n");
    let mut bench = Bench::new(&dht("D2"));
    bench.set("dht", "temperature", 30.0);
    let sensor = Sensor::Dht22 { decicelsius: 300, decihumidity: 500 };
    bench.rewire(&format!("{}{LED}", dht("D2")));
    assert_eq!(bench.taken(), [Stimulus::LookAround]);
    bench.rewire(&dht("D3"));
    let taken = bench.taken();
    assert!(taken.contains(&Stimulus::Sensor { gpio: 26, sensor: Sensor::Gone }), "{taken:?}");
    assert!(taken.contains(&Stimulus::Sensor { gpio: 25, sensor }), "{taken:?}");
    bench.rewire("");
    assert!(bench.taken().contains(&Stimulus::Sensor { gpio: 25, sensor: Sensor::Gone }));
}

#[test]
fn what_is_planned_for_a_part_that_is_still_there_is_done() {
    let mut bench = Bench::new(BUTTON);
    let deed = Deed { part: "btn".into(), setting: "pressed".into(), value: Value::Bool(true) };
    bench.circuit.plan_deed(1_000_000, deed.clone()).expect("it can be done");
    bench.rewire(&format!("{LED}{BUTTON}"));
    bench.after(1_000_000).taken();
    assert_eq!(bench.shown("btn", "pressed"), Some(Value::Bool(true)));
    bench.circuit.plan_deed(2_000_000, deed).expect("it can be done");
    bench.rewire(LED);
    bench.after(1_000_000).taken();
    assert_eq!(bench.shown("btn", "pressed"), None);
}

#[test]
fn what_is_wrong_is_told_again_as_long_as_it_is() {
    let bare = format!("{LED}ohms = 0\n");
    let mut bench = Bench::new(&bare);
    bench.output(27, true);
    let is_wrong = |notes: Vec<Note>| notes.iter().any(|n| matches!(n, Note::Fault(_)));
    assert!(is_wrong(bench.notes()));
    bench.output(27, false);
    bench.output(27, true);
    assert!(!is_wrong(bench.notes()), "it was told");
    bench.rewire(&format!("{bare}{BUTTON}"));
    assert!(is_wrong(bench.notes()));
    bench.rewire(LED);
    assert!(!is_wrong(bench.notes()), "it has a resistor");
    assert_eq!(bench.shown("led", "lit"), Some(Value::Bool(true)));
}

#[test]
fn plans_are_the_same_if_nobody_can_tell_them_apart() {
    let same = plan(&format!("{LED}at = [1, 2.5]\nturned = 90\n"));
    assert!(plan(LED).is_same(&same));
    assert!(plan(LED).is_same(&plan(
        "wires = [['GND', 'led.cathode'], ['led.anode', 27]]\n[parts.led]\nkind = 'led'\n"
    )));
    for other in [
        "",
        BUTTON,
        "[parts.led]\nkind = 'led'\n",
        &LED.replace("D6", "D7"),
        &format!("{LED}color = 'green'"),
    ] {
        assert!(!plan(LED).is_same(&plan(other)), "{other}");
    }
}

#[test]
fn a_place_or_a_turn_that_is_none_is_refused() {
    for (more, text) in [
        ("at = [1e9, 0]", "part `led`: `at` is two numbers of millimetres"),
        ("at = [nan, 0]", "part `led`: `at` is two numbers of millimetres"),
        ("turned = 45", "part `led`: `turned` is 45, and must be 0, 90, 180 or 270"),
    ] {
        let error = Plan::read(&format!("{LED}{more}\n"), &device()).map_err(|e| e.to_string());
        assert!(error.as_ref().is_err_and(|e| e.starts_with(text)), "{more}: {error:?}");
    }
}
