//! A session with virtual boards of every firmware: programs, the prompt, stops and resets.

use crate::support::{Board, FIRMWARES, PATIENCE, Spoken, ended, run_of};
use coil_link::host::{Answer, Ended, Error, Request, SOURCE_MAX, State, Variable};

#[test]
fn a_program_runs_and_is_shown_and_what_was_done_for_it_is_not() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[("main.py", "print('main')")]);
        board.rest();
        assert_eq!(board.run("x = 6\nprint('is', x * 7)\n"), Ended::Done, "{firmware}");
        let said = board.rest();
        assert!(said.contains("soft reboot"), "{firmware}: {said:?}");
        assert!(said.ends_with("is 42\r\n>>> "), "{firmware}: {said:?}");
        for hidden in ["raw REPL", "OK", "\x04", "main", "help()"] {
            assert!(!said.contains(hidden), "{firmware}: {hidden}: {said:?}");
        }
        board.type_in("x\r");
        assert!(board.until("6\r\n>>> ").starts_with("x\r\n"), "{firmware}");
    }
}

#[test]
fn an_exception_is_told_with_its_line() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[]);
        let Ended::Exception { traceback, line } = board.run("def f():\n    1 / 0\n\nf()\n") else {
            panic!("{firmware}: no exception");
        };
        assert_eq!(line, Some(2), "{firmware}: {traceback}");
        assert!(traceback.contains("ZeroDivisionError: divide by zero"), "{firmware}: {traceback}");
        assert!(board.rest().ends_with("divide by zero\r\n>>> "), "{firmware}");
        let Ended::Exception { traceback, line } = board.run("a = 1\nb = = 2\n") else {
            panic!("{firmware}: no exception");
        };
        assert_eq!((line, traceback.contains("SyntaxError")), (Some(2), true), "{firmware}");
    }
}

#[test]
fn a_program_that_does_not_end_is_stopped_and_one_that_reads_is_heard() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[]);
        board.rest();
        let program =
            board.start_program("n = input('name? ')\nprint('hello', n)\nwhile True: pass\n");
        board.until("name? ");
        assert_eq!(board.session.state(), State::Running(Some("test.py".into())));
        assert!(matches!(board.ask(Request::Files), Err(Error::Busy)), "{firmware}");
        board.type_in("Ada\r");
        board.until("hello Ada\r\n");
        board.done(Request::Stop);
        assert_eq!(program.recv_timeout(PATIENCE).expect("it ends"), Ended::Stopped, "{firmware}");
        board.until("KeyboardInterrupt: \r\n>>> ");
        board.wait_for(|state| *state == State::Prompt);
    }
}

#[test]
fn a_stop_reaches_the_handler_of_a_loop_that_only_counts() {
    let board = Spoken::start("current", &[]);
    let source = "print('is', 'on')\nn = 0\ntry:\n    while True: n += 1\nexcept KeyboardInterrupt:\n    caught = True\n";
    let program = board.start_program(source);
    let mut board = board;
    board.until("is on");
    // It counts by now, or will at once: the handler is there before the first round.
    std::thread::sleep(std::time::Duration::from_millis(50));
    board.done(Request::Stop);
    assert_eq!(program.recv_timeout(PATIENCE).expect("it ends"), Ended::Done);
    assert_eq!(ended(board.ask(run_of("caught", false))), Ended::Done);
}

#[test]
fn a_long_program_arrives_whole_in_windows_and_in_slices() {
    for firmware in FIRMWARES {
        let board = Spoken::start(firmware, &[]);
        let lines: String = (0..400).map(|n| format!("t = t + {n} # ä\n")).collect();
        let source = format!("t = 0\n{lines}if t != 79800: raise ValueError(t)\n");
        assert_eq!(board.run(&source), Ended::Done, "{firmware}");
    }
}

#[test]
fn names_stay_without_a_fresh_start_and_go_with_one() {
    let board = Spoken::start("current", &[]);
    assert_eq!(ended(board.ask(run_of("kept = 1", false))), Ended::Done);
    assert_eq!(ended(board.ask(run_of("kept += 1", false))), Ended::Done);
    assert!(matches!(board.run("kept += 1"), Ended::Exception { .. }));
}

#[test]
fn a_program_that_leaves_or_resets_the_chip_has_an_end() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[]);
        assert_eq!(board.run("import sys\nprint('bye')\nsys.exit()"), Ended::Done, "{firmware}");
        board.wait_for(|state| *state == State::Prompt);
        assert_eq!(board.run("import machine\nmachine.reset()"), Ended::Reset, "{firmware}");
        board.wait_for(|state| *state == State::Prompt);
        assert_eq!(board.run("print(1)"), Ended::Done, "{firmware}");
    }
}

#[test]
fn resets_run_what_they_run_on_a_board() {
    for firmware in FIRMWARES {
        let main = "print('main', 'runs')\nimport time\nwhile True: time.sleep_ms(5)\n";
        let mut board = Spoken::connect(firmware, &[("main.py", main)]);
        board.wait_for(|state| *state == State::Running(None));
        board.rest();
        board.done(Request::Reset);
        let said = board.until("main runs\r\n");
        assert!(said.contains("rst:0x1 "), "{firmware}: {said:?}");
        board.wait_for(|state| *state == State::Running(None));
        assert!(matches!(board.ask(Request::Variables), Err(Error::Busy)), "{firmware}");
        board.done(Request::SoftReset);
        assert!(board.until("main runs\r\n").contains("soft reboot"), "{firmware}");
        board.done(Request::Stop);
        board.wait_for(|state| *state == State::Prompt);
        assert!(board.files().files.iter().any(|f| f.path == "/main.py"), "{firmware}");
    }
}

#[test]
fn a_reset_from_outside_ends_a_program_and_what_else_is_done() {
    let mut board = Spoken::start("current", &[]);
    let program = board.start_program("print('is', 'on')\nwhile True: pass");
    board.until("is on");
    board.done(Request::Reset);
    assert_eq!(program.recv_timeout(PATIENCE).expect("it ends"), Ended::Reset);
    board.wait_for(|state| *state == State::Prompt);
    let (sender, written) = std::sync::mpsc::channel();
    let write = Request::Write { path: "a.bin".into(), content: vec![7; 1 << 20] };
    board.session.request(write, move |done| drop(sender.send(done)));
    board.wait_for(|state| *state == State::Busy);
    board.done(Request::Reset);
    let done = written.recv_timeout(PATIENCE).expect("an answer");
    assert!(matches!(done, Err(Error::BrokenOff)), "{done:?}");
    board.wait_for(|state| *state == State::Prompt);
    assert!(!board.files().files.iter().any(|f| f.path == "/a.bin"));
}

#[test]
fn a_write_is_given_up_by_a_stop_and_the_old_file_is_whole() {
    let mut board = Spoken::start("current", &[("a.py", "old")]);
    let (sender, written) = std::sync::mpsc::channel();
    let write = Request::Write { path: "a.py".into(), content: vec![7; 1 << 20] };
    board.session.request(write, move |done| drop(sender.send(done)));
    board.wait_for(|state| *state == State::Busy);
    board.done(Request::Stop);
    let done = written.recv_timeout(PATIENCE).expect("an answer");
    assert!(matches!(done, Err(Error::BrokenOff)), "{done:?}");
    assert_eq!(board.read("a.py"), b"old");
}

#[test]
fn the_boot_button_is_gpio0() {
    let board = Spoken::start("current", &[]);
    let level = |wanted: i32| {
        let read = format!(
            "from machine import Pin\nif Pin(0, Pin.IN, Pin.PULL_UP).value() != {wanted}: raise ValueError\n"
        );
        ended(board.ask(run_of(&read, false)))
    };
    assert_eq!(level(1), Ended::Done);
    board.done(Request::Boot { held: true });
    assert_eq!(level(0), Ended::Done);
    board.done(Request::Boot { held: false });
    assert_eq!(level(1), Ended::Done);
}

#[test]
fn what_is_typed_at_the_prompt_stays_there_while_something_is_done() {
    for firmware in FIRMWARES {
        let mut board = Spoken::start(firmware, &[]);
        board.rest();
        board.type_in("prinx\x08t(1");
        board.until("t(1");
        board.files();
        assert_eq!(board.rest(), "", "{firmware}: nothing of it is shown");
        board.type_in(" + 1)\r");
        assert_eq!(board.until("\r\n>>> "), " + 1)\r\n2\r\n>>> ", "{firmware}");
        board.type_in("if 1:\r");
        board.until("...     ");
        assert!(matches!(board.ask(Request::Files), Err(Error::Editing)), "{firmware}");
        board.type_in("\x03");
        board.until(">>> ");
        board.files();
    }
}

#[test]
fn a_timer_that_prints_meanwhile_is_shown_and_disturbs_nothing() {
    let mut board = Spoken::start("current", &[]);
    let content: Vec<u8> = (0..20_000_u32).map(|n| (n % 251) as u8).collect();
    let source = "from machine import Timer\nt = Timer(0)\nt.init(period=1, callback=lambda t: print('tick'))\n";
    assert_eq!(board.run(source), Ended::Done);
    // What it writes over the prompt does not make it a program that runs.
    (0..30).for_each(|_| drop(board.until("tick\r\n")));
    board.write("data.bin", &content);
    (0..30).for_each(|_| drop(board.until("tick\r\n")));
    assert_eq!(board.read("data.bin"), content);
}

#[test]
fn variables_are_told_as_the_prompt_shows_them() {
    for firmware in FIRMWARES {
        let board = Spoken::start(firmware, &[]);
        let source = "a = 42\nb = 'x' * 1000\nc = [1, 2]\nclass D:\n    def __repr__(self): raise ValueError\nd = D()\ne = None\n";
        assert_eq!(board.run(source), Ended::Done);
        let Ok(Answer::Variables(all)) = board.ask(Request::Variables) else {
            panic!("{firmware}")
        };
        let of = |name: &str| {
            all.iter()
                .find(|v| v.name == name)
                .unwrap_or_else(|| panic!("{firmware}: {all:?}"))
                .clone()
        };
        let variable = |name: &str, class: &str, value: &str, length| Variable {
            name: name.into(),
            class: class.into(),
            value: value.into(),
            length,
        };
        assert_eq!(of("a"), variable("a", "int", "42", None));
        assert_eq!(of("b").length, Some(1000));
        assert_eq!(of("b").value, format!("'{}", "x".repeat(199)));
        assert_eq!(of("c"), variable("c", "list", "[1, 2]", Some(2)));
        assert_eq!(of("d"), variable("d", "D", "...", None));
        assert_eq!(of("e"), variable("e", "NoneType", "None", None));
        assert!(all.iter().all(|v| !v.name.starts_with("__")), "{all:?}");
    }
}

#[test]
fn the_running_board_completes_names() {
    for firmware in FIRMWARES {
        let board = Spoken::start(firmware, &[]);
        assert_eq!(board.run("import machine\nlength = 1\n"), Ended::Done);
        let names = |text: &str| match board.ask(Request::Complete { text: text.into() }) {
            Ok(Answer::Names(names)) => names,
            other => panic!("{firmware}: {other:?}"),
        };
        let pins = names("x = machine.P");
        assert!(
            pins.contains(&"Pin".into()) && pins.contains(&"PWM".into()),
            "{firmware}: {pins:?}"
        );
        assert!(pins.iter().all(|n| n.starts_with('P')), "{pins:?}");
        assert_eq!(names("print(len"), ["len", "length"], "{firmware}");
        assert!(names("nothing.x").is_empty() && names("").is_empty(), "{firmware}");
        assert!(names("machine.Pin.PULL_U").contains(&"PULL_UP".into()), "{firmware}");
    }
}

#[test]
fn a_program_that_will_not_stop_is_said_to_be_so_and_a_reset_ends_it() {
    let mut board = Spoken::start("current", &[]);
    let program = board.start_program(
        "import time\nwhile True:\n    try:\n        print('is', 'on')\n        while True: time.sleep_ms(1)\n    except KeyboardInterrupt: pass\n",
    );
    board.until("is on");
    let stopped = board.ask(Request::Stop);
    assert!(matches!(stopped, Err(Error::Stuck)), "{stopped:?} {:?}", board.rest());
    board.done(Request::Reset);
    assert_eq!(program.recv_timeout(PATIENCE).expect("it ends"), Ended::Reset);
}

#[test]
fn a_port_that_goes_is_told_and_what_is_too_much_is_refused() {
    let mut board = Spoken::start("current", &[]);
    let long = board.ask(run_of(&"#".repeat(SOURCE_MAX + 1), true));
    assert!(matches!(long, Err(Error::Source)), "{long:?}");
    for path in ["", "/", "/../x", "a//b"] {
        let refused = board.ask(Request::Remove { path: path.into() });
        assert!(matches!(refused, Err(Error::Path { .. })), "{path}: {refused:?}");
    }
    assert!(!board.session.type_in(&vec![b'x'; 1 << 20]));
    let program = board.start_program_gone();
    board.wait_for(|state| matches!(state, State::Running(Some(_))));
    board.board.unplug();
    let done = program.recv_timeout(PATIENCE).expect("an answer");
    assert!(matches!(done, Err(Error::Gone)), "{done:?}");
    board.wait_for(|state| *state == State::Gone);
    assert!(matches!(board.ask(Request::Files), Err(Error::Gone)));
    assert!(matches!(board.ask(Request::Stop), Err(Error::Gone)));
}

#[test]
fn a_serial_device_is_spoken_to_as_well_and_one_without_lines_says_so() {
    let board = Board::start("current", &[]);
    let path = board.pts();
    let mut board = Spoken::at(board, &path);
    board.wait_for(|state| *state == State::Prompt);
    let content: Vec<u8> = (0..=255).cycle().take(3000).collect();
    board.write("/a.bin", &content);
    assert_eq!(board.read("/a.bin"), content);
    assert_eq!(board.run("print('hello')"), Ended::Done);
    board.until("hello\r\n>>> ");
    assert!(matches!(board.ask(Request::Reset), Err(Error::NoLines)));
    assert!(matches!(board.ask(Request::Boot { held: true }), Err(Error::NoLines)));
}

#[test]
fn a_port_that_is_not_there_yet_is_taken_up_when_it_comes() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("tty");
    let board = Board::start("current", &[]);
    let target = board.pts();
    let mut board = Spoken::at(board, path.to_str().expect("plain"));
    board.wait_for(|state| *state == State::Gone);
    std::os::unix::fs::symlink(target, &path).expect("a link");
    board.wait_for(|state| *state == State::Prompt);
    board.files();
}
