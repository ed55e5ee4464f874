//! The explanations one by one: each is found by what it is for, can be read, and leads somewhere.

use coil_explain::{Explanation, all, explain, texts};
use std::collections::HashSet;

/// Every exception that the machine has of its own.
const EXCEPTIONS: [&str; 23] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "EOFError",
    "Exception",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "TypeError",
    "ValueError",
];

#[test]
fn every_sample_is_explained_by_its_entry() {
    let mut wrong = Vec::new();
    for entry in all() {
        assert!(!entry.sample.is_empty(), "{} has a sample", entry.id);
        for sample in &entry.sample {
            let found = explain(&sample.text);
            let id = found.as_ref().map(|found| found.id);
            if id != Some(&*entry.id) {
                wrong.push(format!("{} is taken for {id:?}: {}", entry.id, sample.text));
            }
            for text in found.iter().flat_map(|found| [&found.title, &found.cause, &found.fix]) {
                assert!(!text.contains(['{', '}']), "{}: a hole is left: {text}", entry.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_many_and_each_has_a_name_of_its_own() {
    assert!(all().len() >= 60, "{}", all().len());
    let mut ids = HashSet::new();
    for Explanation { id, .. } in all() {
        assert!(ids.insert(id), "{id} is there once");
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
    }
}

#[test]
fn texts_are_short_and_plain() {
    for entry in all() {
        let Explanation { id, title, cause, fix, code, .. } = entry;
        for (text, most) in [(title, 72), (cause, 400), (fix, 400)] {
            let length = text.chars().count();
            assert!((8..=most).contains(&length), "{id}: {length} characters: {text}");
            assert!(text.chars().all(|c| !c.is_control()), "{id}: one line: {text}");
            assert_eq!(text.trim(), text, "{id}");
        }
        assert!(!title.ends_with(['.', ',', ':', ';']), "{id}: {title}");
        for text in [cause, fix] {
            assert!(text.ends_with(['.', '?', '!']), "{id}: a sentence ends: {text}");
            assert_eq!(text.matches('`').count() % 2, 0, "{id}: {text}");
        }
        if let Some(code) = code {
            assert!(code.len() <= 80 && !code.contains('\n'), "{id}: one line: {code}");
        }
    }
}

#[test]
fn every_lesson_is_a_text_of_ours_down_to_its_heading() {
    for Explanation { id, lesson, .. } in all() {
        let (path, heading) = lesson.split_once('#').unwrap_or((lesson, ""));
        let there = texts().iter().find(|text| text.path == path);
        let there = there.unwrap_or_else(|| panic!("{id}: there is no {path}"));
        assert!(there.title(heading).is_some(), "{id}: {path} has no `{heading}`");
        // The command that reads it fits into a line.
        assert!("coil explain --read ".len() + lesson.len() <= 82, "{id}: {lesson} is long");
    }
}

#[test]
fn what_says_more_is_a_page_of_micropython_s() {
    for Explanation { id, more, .. } in all() {
        let Some(more) = more else { continue };
        assert!(more.starts_with("https://docs.micropython.org/en/latest/"), "{id}: {more}");
        let page = more.split('#').next().unwrap_or_default();
        assert!(page.ends_with(".html") && !more.contains(' '), "{id}: {more}");
    }
}

#[test]
fn every_exception_has_a_general_explanation() {
    for name in EXCEPTIONS {
        for said in [format!("{name}: "), format!("{name}: something that nobody has said before")]
        {
            let text = format!(
                "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n{said}\n"
            );
            let found = explain(&text).unwrap_or_else(|| panic!("{said} is explained"));
            assert_eq!(found.said, said.trim());
        }
    }
    let own = "Traceback (most recent call last):\n  File \"main.py\", line 7, in <module>\nRobotIsTired: again\n";
    let found = explain(own).expect("an exception of the program's own");
    assert!(found.title.contains("RobotIsTired"), "{}", found.title);
}

#[test]
fn what_is_no_sign_of_trouble_is_not_explained() {
    let nothing = [
        "",
        "\n\n",
        "hello",
        ">>> ",
        "MicroPython v1.29.0 on 2026-08-29; Generic ESP32 module with ESP32",
        "The error is at 23",
        "no errors",
        "Traceback (most recent call last):",
        "  File \"main.py\", line 1, in <module>",
        "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n",
    ];
    for text in nothing {
        assert_eq!(explain(text), None, "{text}");
    }
}

#[test]
fn the_line_and_the_learner_s_own_place_are_told() {
    let text = "WiFi: connected\r\nTraceback (most recent call last):\r\n  File \"main.py\", line 29, in <module>\r\n  \
                File \"main.py\", line 12, in send\r\n  File \"urequests.py\", line 114, in put\r\n  \
                File \"urequests.py\", line 60, in request\r\nIndexError: list index out of range\r\n>>> ";
    let found = explain(text).expect("it is known");
    assert_eq!(found.id, "network-index-error");
    assert_eq!(
        (found.line, &text[found.bytes.clone()]),
        (7, "IndexError: list index out of range")
    );
    let place = found.place.clone().expect("a place");
    assert_eq!(
        (&*place.file, place.line, place.function.as_deref()),
        ("main.py", 12, Some("send"))
    );
    let shown = found.to_string();
    assert!(shown.contains("  Where main.py, line 12, in send\n"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 90), "{shown}");
}

#[test]
fn names_are_filled_in() {
    let found = explain("NameError: name 'pritn' isn't defined").expect("it is known");
    assert!(found.title.contains("`pritn`"), "{}", found.title);
    assert_eq!(found.place, None);
    let odd = format!("NameError: name '{}\u{202e}' isn't defined", "x".repeat(500));
    let found = explain(&odd).expect("it is known");
    assert!(found.title.chars().count() < 140 && !found.title.contains('\u{202e}'));
}

#[test]
fn the_last_thing_that_went_wrong_counts_and_a_reset_is_explained_by_the_crash_before_it() {
    let crash = "Guru Meditation Error: Core  1 panic'ed (LoadProhibited). Exception was unhandled.\r\n\r\n\
                 Backtrace: 0x4010b3f7:0x3ffcd310\r\n\r\nRebooting...\r\nets Jul 29 2019 12:21:46\r\n\r\n\
                 rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";
    let first = "ZeroDivisionError: divide by zero\r\n";
    let far = "all is well\r\n".repeat(100);
    let reset = "rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";
    let id = |text: &str| explain(text).map(|found| found.id);
    assert_eq!(id(&format!("{first}{far}{crash}")), Some("crash-load-prohibited"));
    assert_eq!(id(&format!("{crash}{far}{first}")), Some("division-by-zero"));
    assert_eq!(id(reset), Some("reset-software"));
    assert_eq!(id(&format!("{first}{far}{reset}")), Some("reset-software"));
}

#[test]
fn a_context_of_an_earlier_traceback_does_not_count() {
    let text = "Traceback (most recent call last):\n  File \"urequests.py\", line 60, in request\nOSError: -202\n\
                Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\nIndexError: list index out of range\n";
    assert_eq!(explain(text).map(|found| found.id), Some("list-index"));
}
