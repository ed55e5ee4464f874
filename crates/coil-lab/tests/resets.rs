//! What each firmware says of a reset: before it, and when it is up again. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardSpec, Pace, Runner, catalog};

const SECOND: u64 = 1_000_000;
const FIRMWARES: [&str; 3] = ["1.11", "1.19.1", "current"];

/// What a board with these files shows until it loses its power, after what happens to it.
fn run(
    firmware: &str,
    files: &[(&str, &str)],
    script: &[(u64, Stimulus)],
    keys: &[(u64, &str)],
) -> String {
    let profile = catalog::profile(firmware).unwrap();
    let rom = coil_board::modules::rom(&profile);
    let (spec, seen) = support::bare("wemos-d1-r32");
    let mut script = script.to_vec();
    script.push((20 * SECOND, Stimulus::PowerOff));
    let spec = BoardSpec {
        profile,
        boot_text: true,
        files: files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect(),
        script,
        keys: keys.iter().map(|(at, k)| (at * SECOND, k.as_bytes().to_vec())).collect(),
        ..spec
    };
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    text
}

const CAUSE: &str =
    "import machine\nprint('cause', machine.reset_cause(), machine.wake_reason())\n";

/// The causes that a board told, one a start.
fn causes(text: &str) -> Vec<&str> {
    text.lines().filter_map(|l| l.strip_prefix("cause ")).collect()
}

#[test]
fn a_cause_is_told_by_the_rom_and_by_each_firmware_in_its_numbers() {
    // What happens, the ROM's word for it, and what the oldest firmware and the others make of it.
    let cases = [
        ("machine.reset()", "0xc (SW_CPU_RESET)", "5 0", "2 0"),
        ("machine.deepsleep(1000)", "0x5 (DEEPSLEEP_RESET)", "4 4", "4 4"),
        ("machine.WDT(timeout=2000)", "0xc (SW_CPU_RESET)", "5 0", "3 0"),
    ];
    for firmware in FIRMWARES {
        for (what, rst, oldest, others) in cases {
            let main = format!("{CAUSE}if machine.reset_cause() == 1:\n    {what}\n");
            let text = run(firmware, &[("main.py", &main)], &[], &[]);
            let wanted = if firmware == "1.11" { oldest } else { others };
            assert_eq!(causes(&text), ["1 0", wanted], "{firmware} {what}: {text}");
            assert!(text.contains(&format!("rst:{rst},boot:0x13 (SPI_FAST_FLASH_BOOT)")), "{text}");
        }
        let text = run(
            firmware,
            &[("main.py", CAUSE)],
            &[(2 * SECOND, Stimulus::Reset), (4 * SECOND, Stimulus::BrownOut)],
            &[],
        );
        let brown_out = if firmware == "1.11" { "3 0" } else { "1 0" };
        assert_eq!(causes(&text), ["1 0", "1 0", brown_out], "{firmware}: {text}");
        assert_eq!(text.matches("rst:0x1 (POWERON_RESET)").count(), 2, "{firmware}: {text}");
    }
}

#[test]
fn the_watchdog_s_bite_is_told_in_each_firmware_s_words() {
    let main = format!(
        "{CAUSE}if machine.reset_cause() == 1:\n    machine.WDT(timeout=2000)\n    while True: pass\n"
    );
    let abort = [" task_wdt: Aborting.\r\n", "abort() was called at PC 0x400"];
    let cases: [(&str, &str, &str, &[&str]); 3] = [
        ("1.11", "tasks", " - mp_task (CPU 0/1)", &abort),
        ("1.19.1", "tasks", " - mp_task (CPU 1)", &abort),
        ("current", "tasks/users", " - mpy_machine_wdt (CPU 0/1)", &abort[..1]),
    ];
    for (firmware, who, name, others) in cases {
        let text = run(firmware, &[("main.py", &main)], &[], &[]);
        let first = format!(
            " task_wdt: Task watchdog got triggered. The following {who} did not reset the watchdog in time:\r\n"
        );
        for part in [first.as_str(), &format!(" task_wdt: {name}\r\n")].iter().chain(others) {
            assert!(text.contains(part), "{firmware}, {part}: {text}");
        }
        for part in [
            " task_wdt: Tasks currently running:\r\n",
            " task_wdt: CPU 0: IDLE0\r\n",
            "Backtrace:",
            "\r\nRebooting...\r\n",
        ] {
            assert!(text.contains(part), "{firmware}, {part}: {text}");
        }
    }
}

#[test]
fn a_soft_reset_runs_both_files_at_the_friendly_prompt_and_boot_py_alone_at_the_raw_one() {
    let files = [("boot.py", "print('boot')\n"), ("main.py", "print('main')\n")];
    for firmware in FIRMWARES {
        let text = run(firmware, &files, &[], &[(1, "\x04"), (2, "\x01"), (3, "\x04")]);
        let (start, rest) = text.split_once("MPY: soft reboot\r\n").unwrap();
        let (friendly, raw) = rest.split_once("MPY: soft reboot\r\n").unwrap();
        assert!(start.contains("boot\r\nmain\r\nMicroPython v"), "{firmware}: {text}");
        assert!(friendly.starts_with("boot\r\nmain\r\nMicroPython v"), "{firmware}: {text}");
        assert!(raw.contains("boot\r\n") && !raw.contains("main"), "{firmware}: {text}");
        assert!(raw.contains("raw REPL; CTRL-B to exit\r\n>"), "{firmware}: {text}");
    }
}

#[test]
fn files_that_are_not_there_are_not_missed() {
    for firmware in FIRMWARES {
        let text =
            run(firmware, &[], &[], &[(1, "import os; os.remove('boot.py')\r"), (2, "\x04")]);
        let (_, after) = text.split_once("MPY: soft reboot\r\n").unwrap();
        assert!(after.starts_with("MicroPython v"), "{firmware}: {text}");
    }
}
