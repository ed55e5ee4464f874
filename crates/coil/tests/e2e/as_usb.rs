//! Boards as USB serial ports: tools find them where they look for real ones, and reset them by DTR and RTS.

use crate::support::{COIL, Lab, coil, run_tool, text, tool, tool_of};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command among the ports of a lab, if this system lets us: its code and what it said.
fn among(lab: &Lab, command: &[&str]) -> Option<(i32, String)> {
    let mut args = vec!["as-usb", "--dir", lab.dir.path().to_str().expect("plain")];
    args.extend(command);
    let out = run_tool(Path::new(COIL), &args);
    let said = text(&out.stdout) + &text(&out.stderr);
    if said.contains("gives no own view") {
        assert!(!out.status.success());
        return None;
    }
    Some((out.status.code().expect("a code"), said))
}

/// A tool of the virtual environment.
fn path_of(name: &str) -> Option<String> {
    Some(tool(name)?.to_str().expect("plain").to_owned())
}

/// The names of USB ports that are there without us.
fn real_ports() -> Vec<String> {
    let all = std::fs::read_dir("/dev").expect("there").flatten();
    let names = all.map(|e| e.file_name().to_string_lossy().into_owned());
    names.filter(|n| n.starts_with("ttyUSB")).collect()
}

#[test]
fn a_command_gets_its_input_and_arguments_and_gives_its_end() {
    let lab = Lab::start(&[]);
    let Some(ended) = among(&lab, &["sh", "-c", "exit $#", "sh", "--dir", "x"]) else { return };
    assert_eq!(ended, (2, String::new()));
    assert_eq!(among(&lab, &["sh", "-c", "kill -TERM $$"]), Some((128 + 15, String::new())));
    let (code, said) = among(&lab, &["no-such-program"]).expect("as before");
    assert_eq!((code, said.contains("cannot run `no-such-program`")), (1, true), "{said}");
    let dir = lab.dir.path().to_str().expect("plain");
    let (code, said) = among(&lab, &[COIL, "as-usb", "--dir", dir, "true"]).expect("as before");
    assert!(code == 1 && said.contains("in this shell already"), "{said}");
    let nowhere = coil(&["as-usb", "--dir", "/nowhere", "true"]);
    assert!(text(&nowhere.stderr).contains("no lab is running in `/nowhere`"));
}

#[test]
fn boards_are_among_the_devices_for_the_command_alone() {
    let lab = Lab::start(&["--boards", "2"]);
    let before = real_ports();
    let all = "ls /dev /dev/pts /dev/shm >/dev/null && for f in /dev/null /dev/ttyUSB*; do test -c $f && echo $f; done";
    let Some((code, said)) = among(&lab, &["sh", "-c", all]) else { return };
    assert_eq!((code, said.lines().count()), (0, 3 + before.len()), "{said}");
    // What was in the folders is in them still.
    for folder in ["/dev", "/sys/class/tty"] {
        let here = std::fs::read_dir(folder).expect("there").count();
        let (_, said) = among(&lab, &["ls", folder]).expect("as before");
        assert_eq!(said.lines().count(), here + 2, "{folder}: {said}");
    }
    assert_eq!(real_ports(), before);
    let ids = "cat /sys/class/tty/ttyUSB*/device/../../idVendor";
    let (_, said) = among(&lab, &["sh", "-c", ids]).expect("as before");
    assert!(said.starts_with("1a86\n1a86\n"), "{said}");
}

/// Sets lines and says what they are and what the board said.
const LINES: &str = "
import serial, serial.tools.list_ports, time
found = [p for p in serial.tools.list_ports.comports() if p.vid]
print([(p.description, '%04x:%04x' % (p.vid, p.pid), p.serial_number, p.location) for p in found])
p = serial.Serial(found[0].device, 115200, timeout=10)
print(p.cts, p.dsr, p.cd, p.dtr, p.rts)
def reset(dtr):
    p.dtr = False
    p.rts = True
    time.sleep(0.02)
    p.reset_input_buffer()
    p.dtr = dtr
    p.rts = False
    said = p.read_until(b'\\nwaiting for download\\r\\n' if dtr else b'>>> ')
    print([line for line in said.decode().splitlines() if 'boot:' in line])
reset(True)
reset(False)
p.write(b'6*7\\r')
print(p.read_until(b'>>> '))
p.dtr = p.rts = True
time.sleep(0.5)
p.write(b'7*7\\r')
print(p.read_until(b'>>> '))
";

#[test]
fn their_lines_reset_the_chip_and_choose_what_starts() {
    let Some(python) = path_of("python") else { return };
    let lab = Lab::start(&["--device", "esp32-devkitc"]);
    let Some((code, said)) = among(&lab, &[&python, "-c", LINES]) else { return };
    let expected = "\
        [('CP2102 USB to UART Bridge Controller', '10c4:ea60', '0001', '1-1')]\n\
        True True True True True\n\
        ['rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))']\n\
        ['rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)']\n\
        b'6*7\\r\\n42\\r\\n>>> '\n\
        b'7*7\\r\\n49\\r\\n>>> '\n";
    assert_eq!((code, said.as_str()), (0, expected));
}

#[test]
fn tools_find_a_board_by_themselves() {
    let (Some(esptool), Some(mpremote)) = (path_of("esptool"), path_of("mpremote")) else { return };
    let lab = Lab::start(&["--device", "esp32-devkitc"]);
    let Some((code, said)) = among(&lab, &[&esptool, "flash-id"]) else { return };
    assert!(code == 0 && said.contains("4MB") && said.contains("Hard resetting"), "{said}");
    assert!(!said.contains("NOT reset"), "{said}");
    for how in [&[][..], &["connect", "auto"], &["connect", "id:0001"]] {
        let mut command = vec![mpremote.as_str()];
        command.extend(how);
        command.extend(["eval", "6 * 7"]);
        assert_eq!(among(&lab, &command), Some((0, "42\n".into())), "{how:?}");
    }
    let (_, said) = among(&lab, &[&mpremote, "connect", "list"]).expect("as before");
    assert!(said.contains("0001 10c4:ea60 Silicon Labs CP2102"), "{said}");
}

/// What espflash is told, and what it must say. `{d}` is what it writes, `{b}` what it reads.
const ESPFLASH: &[(&str, &str)] = &[
    ("list-ports", "EA60:10C4  Silicon Labs  CP2102 USB to UART Bridge Controller"),
    ("board-info", "esp32 (revision v3.1)\nCrystal frequency: 40 MHz\nFlash size:        4MB\n"),
    ("board-info --no-stub", "MAC address:       24:0a:c4:00:00:01"),
    ("erase-region 0x110000 0x10000", "Erasing region at 0x00110000 (65536 bytes)"),
    ("checksum-md5 0x110000 4096", "0x6ae59e64850377ee5470c854761551ea"),
    ("write-bin 0x110000 {d}", "successfully written"),
    ("read-flash 0x110000 50000 {b}", "successfully read"),
    ("write-bin --no-stub 0x120000 {d}", "successfully written"),
    ("read-flash 0x120000 50000 {b}", "successfully read"),
    ("reset", "Resetting target device"),
];

#[test]
fn espflash_finds_a_board_reads_it_and_writes_it() {
    let Some(espflash) = tool_of("COIL_ESPFLASH", "espflash") else { return };
    let espflash = espflash.to_str().expect("plain");
    let lab = Lab::start(&["--device", "esp32-devkitc"]);
    let dir = tempfile::tempdir().expect("a folder");
    let [data, back] = ["data.bin", "back.bin"].map(|n| dir.path().join(n));
    let bytes: Vec<u8> = (0..50_000u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
    std::fs::write(&data, &bytes).expect("written");
    for (told, expected) in ESPFLASH {
        let told = told.replace("{d}", &data.display().to_string());
        let told = told.replace("{b}", &back.display().to_string());
        let mut command = vec![espflash, "--skip-update-check"];
        command.extend(told.split(' '));
        let Some((code, said)) = among(&lab, &command) else { return };
        assert!(code == 0 && said.contains(expected), "{told}: {said}");
        if told.starts_with("read") {
            assert!(std::fs::read(&back).expect("there") == bytes, "{told}");
        }
    }
    let Some(mpremote) = path_of("mpremote") else { return };
    assert_eq!(among(&lab, &[&mpremote, "eval", "6 * 7"]), Some((0, "42\n".into())));
}

/// A test of a board, which is reset by lines before it.
const EMBEDDED: &str = r#"
def test_the_boot_text_is_read_after_a_reset_by_lines(dut):
    dut.expect_exact("rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)")
    dut.expect_exact('Type "help()" for more information.')
    dut.write("print(6 * 7)\r")
    dut.expect_exact("42")
    dut.serial.hard_reset()
    dut.expect_exact('Type "help()" for more information.')
"#;

#[test]
fn pytest_embedded_finds_a_board_and_resets_it_by_its_lines() {
    let Some(pytest) = path_of("pytest") else { return };
    let lab = Lab::start(&[]);
    let test = lab.dir.path().join("test_board.py");
    std::fs::write(&test, EMBEDDED).expect("written");
    let services = ["--embedded-services", "esp,serial", "-q", "-p", "no:cacheprovider"];
    let mut command = vec![pytest.as_str(), test.to_str().expect("plain")];
    command.extend(services);
    let Some((code, said)) = among(&lab, &command) else { return };
    assert!(code == 0 && said.contains("1 passed"), "{said}");
}

#[test]
fn a_workshop_with_a_shell_ends_with_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("lab");
    let start = || {
        Command::new(COIL)
            .args(["up", path.to_str().expect("plain"), "--port", "0", "--as-usb"])
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("coil starts")
    };
    let mut child = start();
    let script = format!("test -c /dev/ttyUSB{}\necho $? $COIL_LAB\nexit 3\n", real_ports().len());
    child.stdin.take().expect("piped").write_all(script.as_bytes()).expect("sent");
    let out = child.wait_with_output().expect("output");
    if text(&out.stderr).contains("gives no own view") {
        assert!(!out.status.success());
        return;
    }
    let said = text(&out.stdout);
    assert!(said.ends_with(&format!("0 {}\n", path.display())), "{said}{}", text(&out.stderr));
    assert_eq!(out.status.code(), Some(3));
    // And whoever ends the workshop ends the shell.
    let mut child = start();
    let mut first = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().expect("piped"));
    std::io::BufRead::read_line(&mut out, &mut first).expect("readable");
    assert!(first.contains("open"), "{first}");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("it runs").success());
    assert!(child.wait().expect("it ends").success());
}
