//! Programs on boards with circuits, in virtual time.

use coil_board::outside::Event;
use coil_board::outside::event::PartValue;
use coil_circuit::{Circuit, Plan, Stimuli};
use coil_lab::{BoardSpec, Pace, Runner, catalog};
use coil_vm::rom::Rom;

pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) events: Vec<(u64, Event)>,
}

impl Run {
    /// What a part has shown under a name, one after the other.
    pub(crate) fn shown(&self, part: &str, name: &str) -> Vec<String> {
        let of = |e: &(u64, Event)| match &e.1 {
            Event::Part { part: p, name: n, value } if p == part && n == name => {
                Some(match value {
                    PartValue::Switch(b) => b.to_string(),
                    PartValue::Count(i) => i.to_string(),
                    PartValue::Amount(a) => a.to_string(),
                    PartValue::Text(t) => t.clone(),
                })
            }
            _ => None,
        };
        self.events.iter().filter_map(of).collect()
    }

    /// The last of them as a number.
    pub(crate) fn amount(&self, part: &str, name: &str) -> f64 {
        let shown = self.shown(part, name);
        let last = shown.last().unwrap_or_else(|| panic!("{part}.{name} shows nothing"));
        last.parse().unwrap_or_else(|_| panic!("{part}.{name} is {last}"))
    }

    /// All faults.
    pub(crate) fn faults(&self) -> Vec<String> {
        let of = |e: &(u64, Event)| match &e.1 {
            Event::Fault { text, .. } => Some(text.clone()),
            _ => None,
        };
        self.events.iter().filter_map(of).collect()
    }
}

/// Runs a program on a board with this circuit, to which this is done.
pub(crate) fn run(circuit: &str, stimuli: &str, source: &str) -> Run {
    let device = catalog::device("wemos-d1-r32").expect("a device");
    let plan = Plan::read(circuit, &device).unwrap_or_else(|e| panic!("{e}"));
    let stimuli = Stimuli::read(stimuli).unwrap_or_else(|e| panic!("{e}"));
    let mut circuit = Circuit::new(&plan);
    for (at_ns, deed) in stimuli.deeds {
        circuit.plan_deed(at_ns, deed).unwrap_or_else(|e| panic!("{e}"));
    }
    let (spec, seen) = super::bare("wemos-d1-r32");
    let spec = BoardSpec {
        circuit: Some(circuit),
        program: Some((source.into(), "program.py".into())),
        ..spec
    };
    let rom = Rom::new(&coil_board::modules::all());
    let mut runner = Runner::start(rom, Pace::Virtual).expect("a thread");
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    assert!(ended.is_some(), "{}", seen.text());
    Run { text: seen.text(), events: seen.events() }
}
