//! The circuits of the workshop, each with its program, and what is done to it.

use crate::support::circuit::{Run, run};
use std::path::Path;

/// Runs the program of a circuit up to a moment.
fn run_circuit(name: &str, stimuli: &str, end_s: u32) -> Run {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workshop/circuits");
    let read = |ending| {
        std::fs::read_to_string(folder.join(format!("{name}.{ending}"))).expect("the file is there")
    };
    let source = format!(
        "import sys, machine\nmachine.Timer(0, period={}, mode=machine.Timer.ONE_SHOT, callback=lambda t: sys.exit())\n{}",
        end_s * 1000,
        read("py")
    );
    run(&read("toml"), stimuli, &source)
}

#[test]
fn a_traffic_light_goes_through_its_colours_after_a_press() {
    let press = "[[step]]\nat = '3s'\npress = 'button'";
    let run = run_circuit("traffic_light", press, 15);
    assert_eq!(run.shown("green", "lit"), ["false", "true", "false", "true"]);
    assert_eq!(run.shown("yellow", "lit"), ["false", "true", "false", "true", "false"]);
    assert_eq!(run.shown("red", "lit"), ["false", "true", "false"]);
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn a_weather_station_draws_what_it_measures() {
    let night = "
[[step]]
at = '3s'
set = 'eye.light'
value = 1
[[step]]
at = '3s'
set = 'air.temperature'
value = -3.5
";
    let run = run_circuit("weather_station", night, 7);
    assert!(
        run.text.starts_with("21.5 48.0 bright\n21.5 48.0 bright\n-3.5 48.0 dark\n"),
        "{}",
        run.text
    );
    let lit: Vec<f64> =
        run.shown("screen", "lit").iter().map(|n| n.parse().expect("a number")).collect();
    assert!(lit[1] > 900.0 && *lit.last().expect("it shows") < 400.0, "{lit:?}");
    assert_eq!(run.faults(), [""; 0]);
}

#[test]
fn a_parking_sensor_warns_of_the_wall() {
    let drive = "
[[step]]
at = '2s'
set = 'ranger.distance'
value = 60
[[step]]
at = '4s'
set = 'ranger.distance'
value = 30
";
    let run = run_circuit("parking_sensor", drive, 6);
    assert_eq!(run.shown("strip", "lit"), ["0", "6", "8"]);
    assert_eq!(run.shown("buzzer", "tone"), ["0", "540", "741"]);
    assert_eq!(run.faults(), [""; 0]);
}
