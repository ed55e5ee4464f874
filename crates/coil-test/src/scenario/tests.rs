//! What scenarios say, and what they cannot say.

use super::*;

fn parse(text: &str) -> Result<Scenario, TestError> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("p.py"), "pass\n").expect("written");
    Scenario::parse(text, folder.path())
}

#[test]
fn what_a_scenario_cannot_say_is_refused_in_words() {
    for (text, words) in [
        ("", "either `program`"),
        ("program = 'p.py'\nmain = 'p.py'", "either `program`"),
        ("program = 'q.py'", "cannot read"),
        ("program = '/dev/zero'", "it is no file"),
        ("program = 'p.py'\ndevice = 'x'", "there is no board `x`"),
        ("program = 'p.py'\nfirmware = 'x'", "there is no firmware `x`"),
        ("program = 'p.py'\nprogramm = 1", "unknown field `programm`"),
        ("program = 'p.py'\n[[expect]]\nis = 1", "has to say one of: output"),
        ("program = 'p.py'\n[[expect]]\noutput = 'a'\npin = 1", "has to say one of: output"),
        ("program = 'p.py'\n[[expect]]\noutput = 'a'\nis = 1", "`is` says nothing about this"),
        ("program = 'p.py'\n[[expect]]\noutput = { matches = '(' }", "no regular expression"),
        ("program = 'p.py'\n[[expect]]\noutput = { }", "say one of `contains`"),
        ("program = 'p.py'\n[[expect]]\npin = 'D99'\nis = 1", "there is no such pin"),
        ("program = 'p.py'\n[[expect]]\npin = 4\nis = 2", "a pin is 0 or 1"),
        ("program = 'p.py'\n[[expect]]\npin = 4", "say one thing of the pin"),
        ("program = 'p.py'\n[[expect]]\npin = 4\nedges = '4..2'", "a number or a range"),
        ("program = 'p.py'\n[[expect]]\npin = 4\nfreq = 1\nwithin = '5'", "a percentage"),
        ("program = 'p.py'\n[[expect]]\nshows = 'led'\nis = 1", "has to be `part.name`"),
        ("program = 'p.py'\n[[expect]]\nrequest = '/x'", "`METHOD /path`"),
        ("program = 'p.py'\n[[serve]]\nrequest = 'GET /'\nstatus = 99", "a status is"),
        ("program = 'p.py'\n[[step]]\nat = '1s'\npress = 'btn'", "there is no part `btn`"),
    ] {
        let error = parse(text).map(|_| ()).expect_err(text).to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_scenario_has_no_more_than_it_can_have() {
    let many = "[[expect]]\nends = true\n".repeat(ENTRIES_MAX + 1);
    let long = format!("program = 'p.py'\n# {}", "x".repeat(FILE_MAX));
    let deep = format!("program = 'p.py'\nx = {}", "[".repeat(10_000));
    for text in [format!("program = 'p.py'\n{many}"), long, deep] {
        assert!(parse(&text).is_err());
    }
    let huge = "program = 'p.py'\n[[expect]]\noutput = { matches = '((a{1000}){1000}){1000}' }";
    assert!(parse(huge).is_err());
}

#[test]
fn times_counts_and_pins_are_read() {
    let scenario = parse(
        "program = 'p.py'\nfor = '1min'\n[[expect]]\npin = 'D6'\nrising = '2..'\nafter = '1s'\nby = '2s'\n",
    )
    .expect("well-formed");
    assert_eq!(scenario.limit_ns, 60_000_000_000);
    let expect = &scenario.expect[0];
    assert_eq!(expect.window, Window { from_ns: 1_000_000_000, to_ns: 2_000_000_000 });
    let Subject::Pin { gpio, form } = &expect.subject else { panic!("a pin") };
    let least = expect::Count { least: 2, most: usize::MAX };
    assert_eq!((*gpio, form), (27, &expect::PinForm::Edges(Some(true), least)));
}
