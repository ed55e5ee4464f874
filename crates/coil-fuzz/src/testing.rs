//! Scenario files, and the requests of other test runners.

use coil_test::Scenario;
use coil_test::control::Lines;

/// Pieces of scenario files.
pub(crate) const SCENARIO_WORDS: &[&str] = &[
    "program = '09_keys.py'\n",
    "main = '09_keys.py'\n",
    "files = ['.']\n",
    "files = { '/a' = '09_keys.py' }\n",
    "circuit = { wires = [['D6', 'GND']] }\n",
    "for = '1h'\n",
    "[[step]]\n",
    "at = '1s'\n",
    "press = 'btn'\n",
    "[[serve]]\n",
    "request = 'GET /*'\n",
    "status = 599\n",
    "[[expect]]\n",
    "output = { matches = '(a*)*' }\n",
    "output = 'x'\n",
    "pin = 'D6'\n",
    "is = 1\n",
    "edges = '1..'\n",
    "within = '100%'\n",
    "shows = 'led.lit'\n",
    "json = { a = [1, 2.5, true] }\n",
    "header = { a = 'b' }\n",
    "99999999999999999999",
    "'1e300h'",
    "1979-05-27",
];

/// Pieces of requests.
pub(crate) const CONTROL_WORDS: &[&str] = &[
    "{\"do\":\"exec\"",
    "{\"do\":\"set\"",
    "{\"do\":\"pin\"",
    "\"code\":",
    "\"for\":",
    "\"by\":",
    "\"part\":",
    "\"value\":",
    "\"1s\"",
    "\"\\ud800\"",
    "1e400",
    "null",
    "}\n",
];

/// Refused in words, or a scenario.
pub(crate) fn scenario(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    if let Err(e) = Scenario::parse(text, &crate::root().join("workshop/programs")) {
        assert!(!e.to_string().is_empty());
    }
}

/// Each line is a request or refused in words, and the reader comes to the end.
pub(crate) fn control(input: &[u8]) {
    let lines = input.iter().filter(|b| **b == b'\n').count() + 1;
    let read: Vec<_> = Lines::new(input).collect();
    assert!(read.len() <= lines);
    assert!(read.iter().all(|r| r.as_ref().err().is_none_or(|e| !e.is_empty())));
}
