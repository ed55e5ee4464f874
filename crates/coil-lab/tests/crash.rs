//! Programs that crash a board: what each firmware prints, and what it says when it is up again.
//! Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::Stimulus;
use coil_lab::{BoardSpec, Pace, Runner, catalog};

const SECOND: u64 = 1_000_000;

/// What a board with this program shows in its first seconds, line ends as on the wire.
fn run(firmware: &str, main: &str) -> String {
    let profile = catalog::profile(firmware).unwrap();
    let rom = coil_board::modules::rom(&profile);
    let (spec, seen) = support::bare("wemos-d1-r32");
    let spec = BoardSpec {
        profile,
        boot_text: true,
        files: vec![("main.py".into(), main.into())],
        script: vec![(4 * SECOND, Stimulus::PowerOff)],
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

/// A program that does something after its first start, and only then.
fn once(crash: &str) -> String {
    format!(
        "import machine, uctypes
print('cause', machine.reset_cause())
if machine.reset_cause() == 1:
    print('now')
    {crash}
    print('never')
"
    )
}

/// What is printed between the crash and the ROM's next words, and what comes after it.
fn crashed(firmware: &str, crash: &str) -> (String, String) {
    let text = run(firmware, &once(crash));
    let dump = text.split_once("now\r\n").map(|t| t.1).unwrap_or_else(|| panic!("{text}"));
    assert!(!dump.contains("never"), "{text}");
    let (dump, after) = dump.split_once("ets J").unwrap_or_else(|| panic!("{text}"));
    (dump.to_owned(), after.to_owned())
}

/// The value of a register in a dump.
fn register(dump: &str, name: &str) -> u32 {
    let at = dump.split_once(&format!("{name:8}: 0x")).unwrap_or_else(|| panic!("{dump}")).1;
    u32::from_str_radix(&at[..8], 16).unwrap()
}

const REGISTERS: [[&str; 4]; 6] = [
    ["PC", "PS", "A0", "A1"],
    ["A2", "A3", "A4", "A5"],
    ["A6", "A7", "A8", "A9"],
    ["A10", "A11", "A12", "A13"],
    ["A14", "A15", "SAR", "EXCCAUSE"],
    ["EXCVADDR", "LBEG", "LEND", "LCOUNT"],
];

#[test]
fn a_crash_is_told_as_each_firmware_does() {
    let machine = "Machine     : Generic ESP32 module with ESP32\r\n\r\nGuru";
    let cases = [
        // The text's start, what leads to the registers, to the backtrace, and to the end.
        (
            "current",
            "\r\nA fatal error occurred. The crash dump",
            "\r\n\r\nCore  1 register dump:\r\n",
            "\r\n\r\n\r\nBacktrace: 0x",
            "\r\n\r\n\r\n\r\n\r\nELF file SHA256: 000000000\r\n\r\nRebooting...\r\n",
        ),
        (
            "1.19.1",
            "Guru Meditation Error: Core  1",
            "\r\n\r\nCore  1 register dump:\r\n",
            "\r\n\r\n\r\nBacktrace:0x",
            "\r\n\r\n\r\n\r\n\r\nELF file SHA256: 0000000000000000\r\n\r\nRebooting...\r\n",
        ),
        (
            "1.11",
            "Guru Meditation Error: Core  1",
            "\r\nCore 1 register dump:\r\n",
            "\r\n\r\nBacktrace: 0x",
            "\r\n\r\nRebooting...\r\n",
        ),
    ];
    for (firmware, start, registers, backtrace, end) in cases {
        let (dump, after) = crashed(firmware, "machine.mem32[0x10]");
        assert!(dump.starts_with(start), "{firmware}: {dump}");
        assert_eq!(dump.contains(machine), firmware == "current", "{dump}");
        let guru = "Core  1 panic'ed (LoadProhibited). Exception was unhandled.";
        let (_, rest) =
            dump.split_once(&format!("{guru}{registers}")).unwrap_or_else(|| panic!("{dump}"));
        let (rows, rest) = rest.split_once(backtrace).unwrap();
        for (row, names) in rows.split("\r\n").zip(REGISTERS) {
            let (first, others) = row.split_once(": 0x").unwrap();
            let others = others.split(": 0x").map(|w| &w[8..]);
            let wanted = names.map(|name| format!("{name:8}")).join("  ") + "  ";
            assert_eq!(first.to_owned() + &others.collect::<String>(), wanted);
        }
        assert_eq!(rows.split("\r\n").count(), 6, "{rows}");
        assert!(rest.ends_with(end), "{rest:?}");
        // The first call of the backtrace is the one of the program counter, in the mapped flash.
        let pc = register(&dump, "PC");
        assert!((0x400d_0000..0x4040_0000).contains(&pc), "{pc:x}");
        let shown = u32::from_str_radix(&rest[..8], 16).unwrap();
        assert_eq!(pc - shown, if firmware == "1.11" { 0 } else { 3 });
        let cause = if firmware == "1.11" { 5 } else { 2 };
        assert!(after.contains("rst:0xc (SW_CPU_RESET)"), "{after}");
        assert!(after.contains(&format!("cause {cause}\r\n")), "{after}");
    }
}

#[test]
fn the_dump_has_cause_and_address_of_what_was_done() {
    let viper = |body: &str| {
        format!("exec('@micropython.viper\\ndef f(n: int) -> int:\\n    {body}\\nf(0)')")
    };
    let cases = [
        ("machine.mem32[0]".to_owned(), "LoadProhibited", 28, 0),
        ("machine.mem8[0x12345677]".to_owned(), "LoadProhibited", 28, 0x1234_5677),
        ("machine.mem16[-2]".to_owned(), "LoadProhibited", 28, 0xffff_fffe),
        ("machine.mem32[0] = 1".to_owned(), "StoreProhibited", 29, 0),
        ("machine.mem8[0x80000003] = 1".to_owned(), "StoreProhibited", 29, 0x8000_0003),
        // The ROM and the flash can be read.
        ("machine.mem32[0x40000000] = 1".to_owned(), "StoreProhibited", 29, 0x4000_0000),
        ("machine.mem32[0x3f400000] = 1".to_owned(), "StoreProhibited", 29, 0x3f40_0000),
        // Nothing is beside this chip.
        ("machine.mem32[0x3f800000]".to_owned(), "LoadProhibited", 28, 0x3f80_0000),
        // Instructions are to be had in words.
        ("machine.mem8[0x40080400]".to_owned(), "LoadStoreError", 3, 0x4008_0400),
        ("machine.mem16[0x400d0020] ".to_owned(), "LoadStoreError", 3, 0x400d_0020),
        (viper("return ptr32(0)[1]"), "LoadProhibited", 28, 4),
        (viper("p = ptr8(0x20)\\n    p[n] = 1\\n    return 0"), "StoreProhibited", 29, 0x20),
        (viper("return ptr32(0x3ff44002)[0]"), "LoadStoreAlignment", 9, 0x3ff4_4002),
        (viper("return 1 // n"), "IntegerDivideByZero", 6, 0),
        (
            "uctypes.struct(0x30, {'a': uctypes.UINT32 | 4}, uctypes.LITTLE_ENDIAN).a".to_owned(),
            "LoadProhibited",
            28,
            0x34,
        ),
        ("uctypes.bytes_at(8, 100)".to_owned(), "LoadProhibited", 28, 8),
    ];
    for (crash, name, cause, address) in cases {
        let (dump, _) = crashed("current", &crash);
        assert!(dump.contains(&format!(" panic'ed ({name}). Exception")), "{crash}: {dump}");
        assert_eq!(register(&dump, "EXCCAUSE"), cause, "{crash}");
        assert_eq!(register(&dump, "EXCVADDR"), address, "{crash}");
    }
}

#[test]
fn no_handler_catches_a_crash_and_it_ends_a_program() {
    let (dump, after) = crashed(
        "current",
        "
    import _thread, time
    def body():
        try:
            machine.mem32[4]
        except BaseException:
            print('never')
        finally:
            print('never')
    _thread.start_new_thread(body, ())
    time.sleep(1)",
    );
    assert!(dump.contains("(LoadProhibited)"), "{dump}");
    assert!(after.contains("cause 2\r\n"), "{after}");
    let (spec, seen) = support::bare("wemos-d1-r32");
    let program = Some(("import machine\nmachine.mem32[0]\n".into(), "program.py".into()));
    let rom = coil_board::modules::rom(&spec.profile);
    let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
    runner.add(BoardSpec { program, ..spec });
    assert_eq!(seen.end(), Some(Outcome::Exit(1)));
    runner.stop();
}

#[test]
fn interrupts_held_back_too_long_are_a_crash_of_both_processors() {
    for (firmware, cause) in [("current", 3), ("1.19.1", 3), ("1.11", 5)] {
        for busy in ["time.sleep(1)", "\n    while True: pass"] {
            let body = format!("import time; machine.disable_irq(); {busy}");
            let (dump, after) = crashed(firmware, &body.replace("; \n", "\n"));
            assert!(dump.contains("Core  1 panic'ed (Interrupt wdt timeout on CPU1)"), "{dump}");
            assert_eq!(dump.matches("EXCCAUSE: 0x00000006").count(), 2, "{dump}");
            assert_eq!(dump.matches("Backtrace:").count(), 2, "{dump}");
            assert!(after.contains(&format!("cause {cause}\r\n")), "{after}");
        }
    }
    let short = "
import machine, time
for i in range(5):
    state = machine.disable_irq()
    time.sleep_ms(250)
    machine.enable_irq(state)
print('fine')
";
    assert!(run("current", short).contains("fine\r\n"));
}

#[test]
fn memories_and_registers_of_the_chip_read_as_zero_and_slow_memory_keeps() {
    let program = "
import machine, uctypes
from machine import Pin, mem8, mem16, mem32
p = Pin(2, Pin.OUT)
# Flash, registers, both ends of the data memory, ROM, instructions.
print([mem32[a] for a in (0x3f500000, 0x3ff48000, 0x3ffae000, 0x3ffffffc, 0x40000400, 0x40080400, 0x400d0020)])
mem32[0x3ffe0000] = 5
mem32[0x3ff5a000] = 5
print(mem32[0x3ffe0000], mem32[0x3ff5a000], uctypes.bytes_at(0x40000400, 6 - 2))
if machine.reset_cause() == 1:
    mem32[0x50001000] = 0x11223344
    mem8[0x50001003] = 0xaa
    machine.reset()
print(hex(mem32[0x50001000]), hex(mem16[0x50001002]), mem32[0x50001ffc])
@micropython.viper
def on():
    gpio = ptr32(0x3ff44000)
    gpio[2] = 4
on()
print(p.value(), mem8[0x3ff44004], mem32[0x60004004])
s = uctypes.struct(0x3ff44000, {'out': uctypes.UINT32 | 4}, uctypes.LITTLE_ENDIAN)
s.out = 0
print(p.value())
";
    let text = run("current", program);
    let wanted = "[0, 0, 0, 0, 0, 0, 0]\r\n0 0 b'\\x00\\x00\\x00\\x00'\r\n0xaa223344 0xaa22 0\r\n1 4 4\r\n0\r\n";
    assert!(text.contains(wanted), "{text}");
}
