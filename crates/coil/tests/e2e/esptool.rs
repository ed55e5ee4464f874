//! The real esptool on a virtual board's ports: both of its generations, with its own loader and with the ROM's.

use crate::support::{Lab, run_tool, text, tool, tool_of};
use std::path::{Path, PathBuf};

const FILES_AT: u32 = 0x20_0000;

/// A generation of the tool.
struct Esptool {
    program: PathBuf,
    /// Its commands have an underscore where those of the current one have a hyphen.
    is_old: bool,
}

impl Esptool {
    /// Those that are there.
    fn all() -> Vec<Self> {
        let now = tool("esptool").map(|program| Self { program, is_old: false });
        let old =
            tool_of("COIL_ESPTOOL4", "esptool.py").map(|program| Self { program, is_old: true });
        now.into_iter().chain(old).collect()
    }

    /// What it prints when it does that; all must be well.
    fn says(&self, port: &str, options: &[&str], command: &[&str]) -> String {
        let (ok, said) = self.tries(port, options, command);
        assert!(ok, "{port} {options:?} {command:?}: {said}");
        said
    }

    fn tries(&self, port: &str, options: &[&str], command: &[&str]) -> (bool, String) {
        let rename = |word: &str| match self.is_old {
            true if word.starts_with("--") || !word.contains('-') || word.contains('/') => {
                word.into()
            }
            true => word.replace('-', "_"),
            false => word.to_owned(),
        };
        let mut args = vec!["--port".to_owned(), port.to_owned()];
        args.extend(options.iter().chain(command).map(|w| rename(w)));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let out = run_tool(&self.program, &args);
        (out.status.success(), text(&out.stdout) + &text(&out.stderr))
    }
}

/// The ports of a lab's first board.
fn ports(lab: &Lab) -> Vec<String> {
    let tty = lab.tty().to_str().expect("plain").to_owned();
    let tcp = lab.status()["boards"][0]["tcp"].as_str().expect("an address").to_owned();
    vec![tty, format!("socket://{tcp}")]
}

fn noise(n: usize, seed: u32) -> Vec<u8> {
    let mut x = seed;
    let step = |_| {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        x as u8
    };
    (0..n).map(step).collect()
}

fn put(dir: &Path, name: &str, bytes: &[u8]) -> String {
    let path = dir.join(name);
    std::fs::write(&path, bytes).expect("written");
    path.to_str().expect("plain").to_owned()
}

/// What mpremote gets from the board.
fn prompt(lab: &Lab, args: &[&str]) -> Option<String> {
    let tty = lab.tty();
    let mut all = vec!["connect", tty.to_str().expect("plain")];
    all.extend(args);
    let out = run_tool(&tool("mpremote")?, &all);
    assert!(out.status.success(), "{}", text(&out.stdout) + &text(&out.stderr));
    Some(text(&out.stdout))
}

#[test]
fn it_knows_the_chip_and_the_flash_on_every_port_with_either_loader() {
    let lab = Lab::start(&[]);
    for esptool in Esptool::all() {
        for port in ports(&lab) {
            for options in [&[][..], &["--no-stub"]] {
                let said = esptool.says(&port, options, &["chip-id"]);
                let chip = "ESP32-D0WD-V3 (revision v3.1)";
                assert!(said.contains(chip) && said.contains("24:0a:c4:00:00:01"), "{said}");
                assert!(said.contains("40MHz"), "{said}");
                let said = esptool.says(&port, options, &["flash-id"]);
                assert!(
                    said.contains("4MB") && said.to_lowercase().contains("manufacturer: ef"),
                    "{said}"
                );
                assert!(said.contains("3.3V"), "{said}");
            }
        }
    }
    let id = prompt(&lab, &["exec", "import machine; print(machine.unique_id().hex())"]);
    assert!(id.is_none_or(|id| id == "240ac4000001\n"));
}

#[test]
fn what_it_writes_it_reads_back_on_every_port() {
    let lab = Lab::start(&[]);
    let dir = tempfile::tempdir().expect("a folder");
    for (n, esptool) in (1..).zip(Esptool::all()) {
        for (k, port) in (1..).zip(ports(&lab)) {
            // The ROM's loader reads 64 bytes at a time.
            for (options, len) in [(&[][..], 20_000), (&["--no-stub"], 2000)] {
                let data = noise(20_000, 17 * n + k);
                let file = put(dir.path(), "data.bin", &data);
                let back = put(dir.path(), "back.bin", b"");
                let said = esptool.says(&port, options, &["write-flash", "0x110000", &file]);
                assert!(said.contains("Hash of data verified"), "{said}");
                let len = len.to_string();
                esptool.says(&port, options, &["read-flash", "0x110000", &len, &back]);
                let read = std::fs::read(&back).expect("there");
                assert!(
                    read.len().to_string() == len && data.starts_with(&read),
                    "{port} {options:?}"
                );
            }
        }
    }
    // The board itself is as it was.
    let listed = prompt(&lab, &["fs", "ls"]);
    assert!(listed.is_none_or(|l| l.contains("boot.py") && l.contains("config.py")));
}

#[test]
fn it_writes_plain_data_verifies_and_erases() {
    let lab = Lab::start(&[]);
    let port = &ports(&lab)[0];
    let dir = tempfile::tempdir().expect("a folder");
    let file = put(dir.path(), "data.bin", &noise(20_000, 5));
    for esptool in Esptool::all() {
        for options in [&[][..], &["--no-stub"]] {
            let write = ["write-flash", "--no-compress", "0x110000", &file];
            let said = esptool.says(port, options, &write);
            assert!(said.contains("Hash of data verified"), "{said}");
            esptool.says(port, options, &["verify-flash", "0x110000", &file]);
            let (ok, said) = esptool.tries(port, options, &["verify-flash", "0x111000", &file]);
            assert!(!ok && said.contains("erif"), "{said}");
        }
        esptool.says(port, &[], &["erase-region", "0x110000", "0x1000"]);
        let back = put(dir.path(), "back.bin", b"");
        esptool.says(port, &[], &["read-flash", "0x110000", "0x1000", &back]);
        assert!(std::fs::read(&back).expect("there").iter().all(|b| *b == 0xff));
        let (ok, said) = esptool.tries(port, &[], &["erase-region", "0x400000", "0x1000"]);
        assert!(!ok, "{said}");
    }
}

/// What is done over RFC 2217, where DTR and RTS lead into the loader and out of it, and what is said then. At
/// 0x110000 is what `OLD` has; `NEW` is another file, `BACK` one to be written.
const BY_LINES: &[(&[&str], &str)] = &[
    (&["flash-id"], "4MB"),
    (&["write-flash", "0x110000", "NEW"], "Hash of data verified"),
    (&["verify-flash", "0x110000", "OLD"], "digest matched"),
    (&["read-flash", "0x110000", "256", "BACK"], "256"),
    (&["erase-region", "0x110000", "0x1000"], "rase"),
];

/// Its client waits 0.2 seconds in each request, so that each of these has a board of its own, and all are done at the
/// same time.
#[test]
fn by_the_lines_of_rfc_2217_it_does_the_same() {
    let tools = Esptool::all();
    let mut cases = Vec::new();
    for esptool in &tools {
        for options in [&["--baud", "57600"][..], &["--baud", "57600", "--no-stub"]] {
            // The ROM's loader erases only what it writes.
            let possible =
                BY_LINES.iter().filter(|c| options.len() == 2 || c.0[0] != "erase-region");
            cases.extend(possible.map(|(command, says)| (esptool, options, *command, *says)));
        }
    }
    if cases.is_empty() {
        return;
    }
    let lab = Lab::start(&["--boards", &cases.len().to_string()]);
    let status = lab.status();
    let dir = tempfile::tempdir().expect("a folder");
    let (old, new) = (noise(3000, 1), noise(3000, 2));
    let [old_path, new_path] =
        [("old.bin", &old), ("new.bin", &new)].map(|f| put(dir.path(), f.0, f.1));
    let write_old = |n: usize| {
        let tty = lab.dir.path().join(format!("tty-board{n}"));
        let tty = tty.to_str().expect("plain");
        tools[0].says(tty, &[], &["write-flash", "0x110000", &old_path]);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| (0..cases.len()).step_by(2).for_each(write_old));
        (1..cases.len()).step_by(2).for_each(write_old);
    });
    std::thread::scope(|scope| {
        for (n, (esptool, options, command, says)) in cases.iter().enumerate() {
            let board = &status["boards"][n];
            let back = put(dir.path(), &format!("back{n}.bin"), b"");
            let (old_path, new_path, old, new) = (&old_path, &new_path, &old, &new);
            scope.spawn(move || {
                let path = |word: &&'static str| match *word {
                    "OLD" => old_path.clone(),
                    "NEW" => new_path.clone(),
                    "BACK" => back.clone(),
                    word => word.to_owned(),
                };
                let words: Vec<String> = command.iter().map(path).collect();
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let said =
                    esptool.says(board["rfc2217"].as_str().expect("a text"), options, &words);
                assert!(said.contains(says) && !said.contains("NOT reset"), "{command:?}: {said}");
                assert!(said.contains("40MHz"), "it is called at another speed: {said}");
                let image = std::fs::read(board["flash"].as_str().expect("a path")).expect("there");
                let there = &image[0x11_0000..][..4096];
                match command[0] {
                    "write-flash" => assert!(there.starts_with(new)),
                    "erase-region" => assert!(there.iter().all(|b| *b == 0xff)),
                    _ => assert!(there.starts_with(old)),
                }
                if command[0] == "read-flash" {
                    assert!(std::fs::read(&back).expect("there") == old[..256]);
                }
            });
        }
    });
}

#[test]
fn files_that_it_writes_are_the_board_s_at_once() {
    let Some(esptool) = Esptool::all().into_iter().next() else { return };
    let lab = Lab::start(&[]);
    let dir = tempfile::tempdir().expect("a folder");
    put(dir.path(), "greeting.py", b"print('flashed')\n");
    let image = dir.path().join("image.bin").to_str().expect("plain").to_owned();
    let source = dir.path().join("greeting.py").to_str().expect("plain").to_owned();
    let built = crate::support::coil(&["image", "build", &source, "-o", &image]);
    assert!(built.status.success(), "{}", text(&built.stderr));
    let all = std::fs::read(&image).expect("there");
    let files = put(dir.path(), "files.bin", &all[FILES_AT as usize..]);
    for port in ports(&lab) {
        // A program that runs for ever is no obstacle.
        let busy = "with open('main.py', 'w') as f: f.write('while True: pass')";
        prompt(&lab, &["exec", busy]);
        prompt(&lab, &["reset"]);
        esptool.says(&port, &[], &["write-flash", "0x200000", &files]);
        let said = prompt(&lab, &["exec", "import os, greeting; print(os.listdir())"]);
        assert!(said.is_none_or(|s| s == "flashed\n['greeting.py']\n"));
    }
    // An erased flash is that of a new board.
    esptool.says(&ports(&lab)[0], &[], &["erase-flash"]);
    let listed = prompt(&lab, &["fs", "ls"]);
    assert!(listed.is_none_or(|l| l.contains("boot.py") && !l.contains("greeting.py")));
}

#[test]
fn who_asks_to_stay_in_the_loader_is_found_there() {
    let lab = Lab::start(&[]);
    for esptool in Esptool::all() {
        let (before, after) =
            if esptool.is_old { ("no_reset", "no_reset") } else { ("no-reset", "no-reset") };
        let port = &ports(&lab)[0];
        for _ in 0..2 {
            let said = esptool.says(port, &["--before", before, "--after", after], &["flash-id"]);
            assert!(said.contains("4MB"), "{said}");
        }
        let said = prompt(&lab, &["exec", "print(6*7)"]);
        assert!(said.is_none_or(|s| s == "42\n"));
    }
}

#[test]
fn other_rates_are_agreed_on() {
    let lab = Lab::start(&[]);
    for esptool in Esptool::all() {
        for options in [&["--baud", "921600"][..], &["--baud", "460800", "--no-stub"]] {
            let said = esptool.says(&ports(&lab)[0], options, &["flash-id"]);
            assert!(said.contains("40MHz") && said.contains("Changed."), "{said}");
        }
        // It is called at this one, and finds the crystal by what the chip makes of it.
        let said = esptool.says(&ports(&lab)[0], &["--baud", "57600"], &["flash-id"]);
        assert!(said.contains("40MHz") && !said.contains("nsupported crystal"), "{said}");
    }
}

#[test]
fn a_dump_is_read_by_littlefs_python_and_edited_by_mp_image_tool() {
    let (Some(esptool), Some(littlefs), Some(mp)) =
        (Esptool::all().into_iter().next(), tool("littlefs-python"), tool("mp-image-tool-esp32"))
    else {
        return;
    };
    let lab = Lab::start(&[]);
    let dir = tempfile::tempdir().expect("a folder");
    let port = ports(&lab)[0].clone();
    prompt(&lab, &["exec", "with open('kept.txt', 'w') as f: f.write('on the board')"]);
    let dump = put(dir.path(), "dump.bin", b"");
    esptool.says(&port, &[], &["read-flash", "0x200000", "0x200000", &dump]);
    let out = run_tool(&littlefs, &["list", "--block-size", "4096", &dump]);
    let listed = text(&out.stdout);
    assert!(listed.contains("kept.txt") && listed.contains("boot.py"), "{listed}");
    // This tool starts esptool for each step; it needs a boot loader, and a table with an entry for the files.
    let rows = [
        ("nvs", 1, 2, 0x9000, 0x6000),
        ("factory", 0, 0, 0x1_0000, 0x1f_0000),
        ("vfs", 1, 0x81, FILES_AT, 0x20_0000),
    ];
    let rows = rows.map(|(label, kind, subtype, offset, size)| coil_board::flash::Partition {
        label: label.into(),
        kind,
        subtype,
        offset,
        size,
        encrypted: false,
    });
    let mut table = coil_board::flash::write_table(&rows);
    table.resize(0xc00, 0xff);
    let table = put(dir.path(), "table.bin", &table);
    let profile = coil_lab::catalog::profile("current").expect("it is built in");
    let boot = put(dir.path(), "boot.bin", &coil_board::flash::application(&profile));
    esptool.says(&port, &[], &["write-flash", "0x1000", &boot, "0x8000", &table]);
    // It takes for a port what is below `/dev`.
    let status = lab.status();
    let pts = status["boards"][0]["pts"].as_str().expect("a path");
    let out = run_tool(&mp, &["-m", "command", pts]);
    let said = text(&out.stdout) + &text(&out.stderr);
    assert!(out.status.success() && said.contains("vfs"), "{said}");
    let local = put(dir.path(), "put.txt", b"by the tool\n");
    let out = run_tool(&mp, &["-m", "command", pts, "--fs", "put", &local, "/"]);
    let said = text(&out.stdout) + &text(&out.stderr);
    assert!(out.status.success(), "{said}");
    let said = prompt(&lab, &["exec", "print(open('put.txt').read(), open('kept.txt').read())"]);
    assert_eq!(
        said.as_deref().unwrap_or("by the tool\n on the board\n"),
        "by the tool\n on the board\n"
    );
}
