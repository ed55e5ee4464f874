//! What a board's ROM does with its strapping pins and buttons. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::{Event, Stimulus};
use coil_lab::{BoardSpec, Pace, Runner, catalog};

const MS: u64 = 1000;
const SECOND: u64 = 1000 * MS;

/// What a board shows to which these things happen, and when it was reset, in milliseconds.
fn run(
    device: &str,
    firmware: &str,
    main: &str,
    script: &[(u64, Stimulus)],
    keys: &[(u64, &str)],
    end_us: u64,
) -> (String, Vec<u64>) {
    let profile = catalog::profile(firmware).unwrap();
    let rom = coil_board::modules::rom(&profile);
    let (spec, seen) = support::bare(device);
    let mut script = script.to_vec();
    script.push((end_us, Stimulus::PowerOff));
    let spec = BoardSpec {
        profile,
        boot_text: true,
        files: vec![("main.py".into(), main.into())],
        keys: keys.iter().map(|(at, keys)| (*at, keys.as_bytes().to_vec())).collect(),
        script,
        ..spec
    };
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let text = seen.text();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    let resets = seen.events().into_iter().filter(|e| matches!(e.1, Event::Reset(_)));
    (text, resets.map(|e| e.0 / 1_000_000).collect())
}

fn pin(gpio: u8, level: bool) -> Stimulus {
    Stimulus::Pin { gpio, level: Some(level) }
}

fn free(gpio: u8) -> Stimulus {
    Stimulus::Pin { gpio, level: None }
}

fn button(name: &str, pressed: bool) -> Stimulus {
    Stimulus::Button { name: name.into(), pressed }
}

const KIT: &str = "esp32-devkitc";
const READY: &str = "print('ready')\n";
const DOWNLOAD: &str = "rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\n\
                        waiting for download\r\n";

#[test]
fn the_boot_button_held_at_reset_lets_the_rom_wait_for_a_download() {
    let script = [
        (SECOND, button("BOOT", true)),
        (2 * SECOND, button("EN", true)),
        (3 * SECOND, button("EN", false)),
        (4 * SECOND, button("BOOT", false)),
        (8 * SECOND, Stimulus::Reset),
    ];
    let keys = [(5 * SECOND, "print('heard')\n\x04\x01")];
    let (text, resets) = run(KIT, "current", READY, &script, &keys, 10 * SECOND);
    assert!(text.contains(DOWNLOAD), "{text}");
    assert!(!text.contains("heard"), "{text}");
    // The button alone does nothing, and letting go of it does not start the firmware.
    assert_eq!(text.matches("ready").count(), 2, "{text}");
    assert_eq!(resets, [0, 3000, 8000]);
    let (_, after) = text.split_once("waiting for download\r\n").unwrap();
    assert!(after.starts_with("ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1"), "{after}");
    assert!(after.contains("boot:0x13 (SPI_FAST_FLASH_BOOT)\r\nconfigsip: 0"), "{after}");
}

#[test]
fn a_chip_whose_reset_button_is_down_does_nothing_until_it_is_up() {
    let script = [(SECOND, button("RESET", true)), (9 * SECOND, button("RESET", false))];
    let program = "
import machine, time
led = machine.Pin(2, machine.Pin.OUT, value=1)
while True:
    print('on')
    time.sleep(0.3)
";
    let (text, resets) = run("wemos-d1-r32", "current", program, &script, &[], 10 * SECOND);
    assert_eq!(resets, [0, 9000], "{text}");
    assert_eq!(text.matches("on\r\n").count(), 8, "{text}");
    // The power may go meanwhile, and a button that is not there does nothing.
    let script = [(SECOND, button("BOOT", true)), (2 * SECOND, button("RESET", true))];
    let (text, resets) = run("wemos-d1-r32", "current", READY, &script, &[], 5 * SECOND);
    assert_eq!(resets, [0], "{text}");
}

#[test]
fn the_boot_button_is_a_button_to_a_program() {
    let program = "
from machine import Pin
import time
p = Pin(0, Pin.IN, Pin.PULL_UP)
for i in range(3):
    print(p.value())
    time.sleep(1)
";
    let script = [(500 * MS, button("BOOT", true)), (1500 * MS, button("BOOT", false))];
    let (text, _) = run(KIT, "current", program, &script, &[], 5 * SECOND);
    assert!(text.contains("1\r\n0\r\n1\r\n"), "{text}");
}

#[test]
fn gpio_12_high_at_reset_is_a_flash_that_cannot_be_read() {
    for (firmware, date) in
        [("1.11", "ets Jun  8 2016 00:22:57"), ("current", "ets Jul 29 2019 12:21:46")]
    {
        let cause = "import machine\nprint('cause', machine.reset_cause())\n";
        let script = [(0, pin(12, true)), (2100 * MS, free(12))];
        let (text, resets) = run(KIT, firmware, cause, &script, &[], 5 * SECOND);
        let first = format!(
            "{date}\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x33 (SPI_FAST_FLASH_BOOT)\r\n\
             flash read err, 1000\r\nets_main.c 371 \r\n"
        );
        let again = first.replace("0x1 (POWERON_RESET)", "0x10 (RTCWDT_RTC_RESET)");
        assert!(text.starts_with(&(first + &again.repeat(5))), "{text}");
        assert_eq!(resets, [0, 400, 800, 1200, 1600, 2000, 2400]);
        assert!(
            text.contains("rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)"),
            "{text}"
        );
        assert!(text.ends_with(">>> ") && text.contains("cause 3\r\n"), "{text}");
    }
}

#[test]
fn strapping_pins_are_read_at_a_reset_of_the_whole_chip_alone() {
    let program = "
import machine
print(machine.reset_cause(), hex(machine.mem32[0x3ff44038]))
if machine.reset_cause() == 1: machine.reset()
if machine.reset_cause() == 2: machine.deepsleep(1000)
";
    // Held after the start: what restarts by software, or wakes, starts the firmware.
    let script =
        [(0, pin(4, true)), (0, pin(5, false)), (500, pin(0, false)), (500, pin(12, true))];
    let (text, _) = run(KIT, "current", program, &script, &[], 5 * SECOND);
    for line in ["1 0x16\r\n", "2 0x16\r\n", "4 0x16\r\n"] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(text.matches("boot:0x16 (SPI_FAST_FLASH_BOOT)").count(), 3, "{text}");
}

#[test]
fn other_strapping_pins_change_the_mode_or_silence_the_rom() {
    let boot = |pins: &[(u8, bool)]| {
        let script: Vec<_> = pins.iter().map(|(gpio, level)| (0, pin(*gpio, *level))).collect();
        run(KIT, "1.11", READY, &script, &[], SECOND).0
    };
    let text = boot(&[(0, false), (2, true)]);
    assert!(text.contains("boot:0xb (HSPI_FLASH_BOOT)\r\nflash read err, 1000\r\n"), "{text}");
    let text = boot(&[(0, false), (5, false), (4, true)]);
    assert!(
        text.contains("boot:0x6 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_FEO_V2))\r\nwaiting"),
        "{text}"
    );
    // The firmware is not the ROM.
    let text = boot(&[(15, false)]);
    assert!(text.starts_with("I (433) cpu_start"), "{text}");
    let text = boot(&[(15, false), (0, false)]);
    assert_eq!(text, "");
}
