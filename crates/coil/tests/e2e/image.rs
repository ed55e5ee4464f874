//! Flash images: ours, those of the tools that people use for the chip, and each read by the other.
//!
//! No official firmware can be downloaded here. What stands for it has its places and formats: boot
//! loader, partition table, application. The two programs are images of ours, which have the chip's
//! format and no code.

use crate::support::{coil, run_tool, text, tool};
use coil_board::flash::{Partition, application, write_table};
use std::path::{Path, PathBuf};

const MIB: usize = 1 << 20;
const LOADER_AT: usize = 0x1000;
const TABLE_AT: usize = 0x8000;
const APP_AT: usize = 0x1_0000;
const FILES_AT: usize = 0x20_0000;

/// A folder to work in, with files to pack.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for (path, content) in [
            ("src/main.py", b"print('from the image')\n".to_vec()),
            ("src/data/noise.bin", noise(20_000)),
            ("src/.git/config", b"not for the board".to_vec()),
            ("src/__pycache__/main.pyc", b"nor this".to_vec()),
            ("lib/helper.py", b"def answer():\n    return 42\n".to_vec()),
        ] {
            let path = desk.path(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, content).expect("written");
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().expect("plain").to_owned()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("it is there")
    }

    fn put(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path(name), bytes).expect("written");
        self.name(name)
    }

    /// `coil image build` of all files here into `output`.
    fn build(&self, output: &str, more: &[&str]) -> String {
        let (src, lib, output) = (self.name("src"), self.name("lib") + ":/lib", self.name(output));
        let mut args = vec!["image", "build", &src, &lib, "-o", &output];
        args.extend(more);
        says(&args)
    }

    /// What a program prints on a board with this flash.
    fn board(&self, flash: &str, program: &str) -> String {
        let program = self.put("program.py", program.as_bytes());
        says(&["run", "--flash", &self.name(flash), &program])
    }
}

fn noise(n: u32) -> Vec<u8> {
    (0..n).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// What a successful `coil` prints.
fn says(args: &[&str]) -> String {
    let out = coil(args);
    assert!(out.status.success(), "{args:?}: {}", text(&out.stderr));
    text(&out.stdout)
}

/// What a successful tool prints.
fn tool_says(program: &Path, args: &[&str]) -> String {
    let out = run_tool(program, args);
    let said = text(&out.stdout) + &text(&out.stderr);
    assert!(out.status.success(), "{args:?}: {said}");
    said
}

const LISTED: &str = "        0 /data/
    20000 /data/noise.bin
        0 /lib/
       28 /lib/helper.py
       24 /main.py
";

const ROWS: [(&str, u8, u8, u32, u32); 4] = [
    ("nvs", 1, 2, 0x9000, 0x6000),
    ("phy_init", 1, 1, 0xf000, 0x1000),
    ("factory", 0, 0, 0x1_0000, 0x1f_0000),
    ("vfs", 1, 0x81, 0x20_0000, 0x20_0000),
];

/// A firmware as it is downloaded, with so many rows of the table, of some version.
fn firmware(rows: &[(&str, u8, u8, u32, u32)], version: &str) -> Vec<u8> {
    let mut profile = coil_lab::catalog::profile("current").expect("it is built in");
    profile.version = version.into();
    let program = application(&profile);
    let partition = |&(label, kind, subtype, offset, size): &(&str, u8, u8, u32, u32)| Partition {
        label: label.into(),
        kind,
        subtype,
        offset,
        size,
        encrypted: false,
    };
    let table = write_table(&rows.iter().map(partition).collect::<Vec<_>>());
    let mut flash = vec![0xff; APP_AT + program.len()];
    for (at, part) in [(LOADER_AT, &program), (TABLE_AT, &table), (APP_AT, &program)] {
        flash[at..at + part.len()].copy_from_slice(part);
    }
    flash.split_off(LOADER_AT)
}

#[test]
fn a_folder_becomes_a_board_s_flash_and_comes_back() {
    let desk = Desk::new();
    let said = desk.build("built.bin", &[]);
    assert!(said.ends_with("built.bin: 3 files, 20052 bytes, for 0x0\n"), "{said}");
    let built = desk.name("built.bin");
    assert_eq!(desk.bytes("built.bin").len(), 4 * MIB);
    assert_eq!(says(&["image", "ls", &built]), LISTED);
    assert_eq!(says(&["image", "cat", &built, "main.py"]), "print('from the image')\n");
    says(&["image", "extract", &built, &desk.name("out")]);
    for (there, here) in [
        ("out/data/noise.bin", "src/data/noise.bin"),
        ("out/lib/helper.py", "lib/helper.py"),
        ("out/main.py", "src/main.py"),
    ] {
        assert_eq!(desk.bytes(there), desk.bytes(here));
    }
    let before = desk.bytes("built.bin");
    desk.build("again.bin", &[]);
    assert_eq!(desk.bytes("again.bin"), before, "the same files make the same image");
    let program = "import helper, os\nprint(helper.answer(), sorted(os.listdir('/')))\nexec(open('main.py').read())\nwith open('new.txt', 'w') as f:\n    f.write('x' * 5000)\n";
    assert_eq!(desk.board("built.bin", program), "42 ['data', 'lib', 'main.py']\nfrom the image\n");
    assert!(says(&["image", "ls", &built]).contains("     5000 /new.txt\n"));
}

#[test]
fn fat_images_are_read_by_boards_too() {
    let desk = Desk::new();
    desk.build("fat.bin", &["--fs", "fat"]);
    assert_eq!(says(&["image", "ls", &desk.name("fat.bin")]), LISTED);
    let program = "import helper, os, vfs\nprint(helper.answer(), type(vfs.mount()[0][0]).__name__, len(open('data/noise.bin', 'rb').read()))\n";
    assert_eq!(desk.board("fat.bin", program), "42 VfsFat 20000\n");
}

#[test]
fn a_firmware_gets_the_files_where_it_looks_for_them() {
    let desk = Desk::new();
    let fw = desk.put("fw.bin", &firmware(&ROWS, "1.25.0"));
    desk.build("whole.bin", &["--firmware", &fw]);
    desk.build("upper.bin", &["--firmware", &fw, "--at", "0x1000"]);
    let (whole, upper) = (desk.bytes("whole.bin"), desk.bytes("upper.bin"));
    assert_eq!(whole.len(), 4 * MIB);
    assert_eq!(whole[LOADER_AT..], upper);
    assert_eq!(whole[LOADER_AT..][..desk.bytes("fw.bin").len()], desk.bytes("fw.bin"));
    assert_eq!(whole[FILES_AT + 8..][..8], *b"littlefs");
    for image in ["whole.bin", "upper.bin"] {
        assert_eq!(says(&["image", "ls", &desk.name(image)]), LISTED);
    }
    assert_eq!(desk.board("whole.bin", "import helper\nprint(helper.answer())\n"), "42\n");
    // Without an entry for files they follow the last partition, up to the end of the flash.
    let fw = desk.put("new.bin", &firmware(&ROWS[..3], "1.29.0"));
    desk.build("large.bin", &["--firmware", &fw, "--size", "8M"]);
    let large = desk.bytes("large.bin");
    assert_eq!((large.len(), &large[FILES_AT + 8..][..8]), (8 * MIB, &b"littlefs"[..]));
    assert_eq!(says(&["image", "ls", &desk.name("large.bin")]), LISTED);
    // Older firmware does not read today's littlefs; 1.11 keeps its files at 2 MiB.
    let old = [ROWS[0], ROWS[1], ("factory", 0, 0, 0x1_0000, 0x18_0000)];
    for (rows, version) in [(&ROWS[..], "1.19.1"), (&old[..], "1.11")] {
        let fw = desk.put("old.bin", &firmware(rows, version));
        desk.build("fat.bin", &["--firmware", &fw]);
        assert_eq!(desk.bytes("fat.bin")[FILES_AT + 54..][..3], *b"FAT", "{version}");
    }
}

#[test]
fn what_cannot_be_built_or_read_is_one_line_with_the_remedy() {
    let desk = Desk::new();
    let (src, out) = (desk.name("src"), desk.name("never.bin"));
    let big = desk.put("big.bin", &noise(3 << 20));
    let text_file = desk.name("src/main.py");
    let short = desk.put("short.bin", &firmware(&ROWS, "1.25.0")[..0x9000]);
    let mut other = firmware(&ROWS, "1.25.0");
    other[12] = 9;
    let other = desk.put("s3.bin", &other);
    let old = desk.put("old.bin", &firmware(&ROWS, "1.19.1"));
    let fw = desk.put("fw.bin", &firmware(&ROWS, "1.25.0"));
    let app = desk.put("app.bin", &firmware(&ROWS, "1.25.0")[APP_AT - LOADER_AT..]);
    let empty = desk.put("empty.bin", &firmware(&ROWS[..3], "1.29.0"));
    let build = |more: &[&str]| {
        let mut args = vec!["image", "build", "-o", &out];
        args.extend(more);
        args.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let plain = |args: &[&str]| args.iter().map(|&a| a.to_owned()).collect::<Vec<_>>();
    let cases = [
        (build(&[&big]), "`/big.bin` does not fit: the file system has 2097152 bytes"),
        (build(&["/no/such/folder"]), "there is no file or folder `/no/such/folder`"),
        (build(&[&src, "--size", "lots"]), "`--size lots` is not possible"),
        (
            build(&[&src, "--size", "2M"]),
            "no room for files: what is in front of them ends at 0x200000",
        ),
        (build(&[&src, "--at", "0x10"]), "`--at 0x10` is not possible; it is 0x0 or 0x1000"),
        (build(&[&src, "--firmware", &text_file]), "is not an image of an ESP32"),
        (build(&[&src, "--firmware", &short]), "ends before its application at 0x10000"),
        (build(&[&src, "--firmware", &other]), "is firmware for another chip"),
        (build(&[&src, "--firmware", &app]), "is an application alone"),
        (
            build(&[&src, "--firmware", &old, "--fs", "littlefs"]),
            "MicroPython 1.19.1 does not read",
        ),
        (build(&[&src, "--firmware", &fw, "--size", "2M"]), "give a larger `--size`"),
        (plain(&["image", "ls", &text_file]), "is not an image of an ESP32"),
        (
            plain(&["image", "ls", "/no/such/file"]),
            "cannot use `/no/such/file`: No such file or directory (os error 2)\n",
        ),
        (plain(&["image", "ls", &empty]), "has no file system yet"),
        (plain(&["image", "ls", &fw]), "has no file system yet"),
    ];
    for (args, message) in &cases {
        let out = coil(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let err = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{args:?} {err}");
        assert!(err.contains(message) && err.lines().count() == 1, "{args:?}: {err}");
    }
    assert!(!desk.path("never.bin").exists(), "nothing is half-written");
    desk.build("built.bin", &[]);
    let out = coil(&["image", "cat", &desk.name("built.bin"), "nothing.py"]);
    assert!(text(&out.stderr).contains("no file `nothing.py` on it"), "{}", text(&out.stderr));
}

#[test]
fn littlefs_python_and_boards_read_each_other_s_files() {
    let Some(littlefs) = tool("littlefs-python") else { return };
    let desk = Desk::new();
    // Theirs here: by the command, and on a board.
    let size = (2 * MIB).to_string();
    let theirs = desk.name("theirs.bin");
    let create = ["create", "--block-size", "4096", "--fs-size", &size];
    tool_says(&littlefs, &[&create[..], &[&desk.name("src/data"), &theirs]].concat());
    assert_eq!(says(&["image", "ls", &theirs]), "    20000 /noise.bin\n");
    desk.build("flash.bin", &[]);
    let mut flash = desk.bytes("flash.bin");
    flash[FILES_AT..].copy_from_slice(&desk.bytes("theirs.bin"));
    desk.put("flash.bin", &flash);
    let program = "import os\nprint(os.listdir(), len(open('noise.bin', 'rb').read()))\nos.mkdir('made')\nwith open('made/here.txt', 'w') as f:\n    f.write('on the board' * 1000)\nos.rename('noise.bin', 'made/moved.bin')\n";
    assert_eq!(desk.board("flash.bin", program), "['noise.bin'] 20000\n");
    // Ours there.
    let ours = desk.put("ours.bin", &desk.bytes("flash.bin")[FILES_AT..]);
    let listed = tool_says(&littlefs, &["list", "--block-size", "4096", &ours]);
    assert!(listed.contains("/made/here.txt") && listed.contains("/made/moved.bin"), "{listed}");
    std::fs::create_dir(desk.path("out")).expect("made");
    tool_says(&littlefs, &["extract", "--block-size", "4096", &ours, &desk.name("out")]);
    assert_eq!(desk.bytes("out/made/here.txt"), "on the board".repeat(1000).as_bytes());
    assert_eq!(desk.bytes("out/made/moved.bin"), noise(20_000));
}

#[test]
fn mp_image_tool_and_esptool_take_our_images_for_the_chip_s() {
    let (Some(mp), Some(esptool)) = (tool("mp-image-tool-esp32"), tool("esptool")) else { return };
    let desk = Desk::new();
    let fw = desk.put("fw.bin", &firmware(&ROWS, "1.25.0"));
    desk.build("built.bin", &["--firmware", &fw, "--at", "0x1000"]);
    let built = desk.name("built.bin");
    // The table and the files as the tool sees them.
    let seen = tool_says(&mp, &[&built]);
    for (label, ..) in ROWS {
        assert!(seen.contains(label), "{label} in {seen}");
    }
    let seen = tool_says(&mp, &["-q", &built, "--fs", "ls"]);
    assert!(seen.contains("lib/helper.py") && seen.contains("data/noise.bin"), "{seen}");
    let seen = tool_says(&mp, &["-q", &built, "--fs", "cat", "/main.py"]);
    assert!(seen.contains("print('from the image')"), "{seen}");
    // What the tool puts there, a board reads.
    let (added, edited) = (desk.put("added.txt", b"by the tool\n"), desk.name("edited.bin"));
    tool_says(&mp, &["-q", &built, "-o", &edited, "--fs", "put", &added, "/"]);
    assert_eq!(says(&["image", "cat", &edited, "/added.txt"]), "by the tool\n");
    let mut flash = vec![0xff; LOADER_AT];
    flash.extend_from_slice(&desk.bytes("edited.bin"));
    desk.put("whole.bin", &flash);
    assert_eq!(
        desk.board("whole.bin", "print(open('added.txt').read(), end='')\n"),
        "by the tool\n"
    );
    // A file system that the tool makes, on a firmware that reaches to the end of the flash.
    let mut padded = desk.bytes("fw.bin");
    padded.resize(4 * MIB - LOADER_AT, 0xff);
    let (padded, made) = (desk.put("padded.bin", &padded), desk.name("made.bin"));
    tool_says(&mp, &["-q", &padded, "-o", &made, "--fs", "mkfs", "vfs"]);
    assert_eq!(says(&["image", "ls", &made]), "      139 /boot.py\n");
    let mut flash = vec![0xff; LOADER_AT];
    flash.extend_from_slice(&desk.bytes("made.bin"));
    desk.put("whole.bin", &flash);
    let program = "import os\nprint(os.listdir())\nwith open('new.txt', 'w') as f:\n    f.write('n' * 9000)\n";
    assert_eq!(desk.board("whole.bin", program), "['boot.py']\n");
    let back = desk.put("back.bin", &desk.bytes("whole.bin")[LOADER_AT..]);
    assert!(tool_says(&mp, &["-q", &back, "--fs", "ls"]).contains("new.txt"));
    // Boot loader and application are images in esptool's eyes.
    desk.build("board.bin", &[]);
    let board = desk.bytes("board.bin");
    let app = desk.put("app.bin", &board[APP_AT..][..0x1000]);
    for image in [&built, &app] {
        let seen = tool_says(&esptool, &["image-info", image]);
        for line in ["Chip ID: 0 (ESP32)", "(valid)", "Project name: micropython"] {
            assert!(seen.contains(line), "{line} in {seen}");
        }
        assert!(!seen.contains("invalid"), "{seen}");
    }
}

#[test]
fn settings_are_the_same_bytes_as_espressif_s_own_generator_writes() {
    let Some(python) = tool("python") else { return };
    let desk = Desk::new();
    let blob: String = noise(300).iter().map(|b| format!("{b:02x}")).collect();
    let csv = format!(
        "key,type,encoding,value\nlab,namespace,,\nx,data,i32,-5\nb,data,hex2bin,{blob}\ny,data,i32,70000\n"
    );
    let (csv, theirs) = (desk.put("nvs.csv", csv.as_bytes()), desk.name("theirs.bin"));
    let generate = ["-m", "esp_idf_nvs_partition_gen", "generate", &csv, &theirs, "0x6000"];
    tool_says(&python, &generate);
    let program = format!(
        "from esp32 import NVS\nn = NVS('lab')\nn.set_i32('x', -5)\nn.set_blob('b', bytes.fromhex('{blob}'))\nn.set_i32('y', 70000)\n"
    );
    desk.build("flash.bin", &[]);
    assert_eq!(desk.board("flash.bin", &program), "");
    let mut flash = desk.bytes("flash.bin");
    assert!(flash[0x9000..0xf000] == desk.bytes("theirs.bin"), "the partitions differ");
    // And a board reads theirs, and goes on with it.
    flash[0x9000..0xf000].copy_from_slice(&desk.bytes("theirs.bin"));
    desk.put("flash.bin", &flash);
    let program = "from esp32 import NVS\nn, b = NVS('lab'), bytearray(300)\nprint(n.get_i32('x'), n.get_i32('y'), n.get_blob('b', b), b[1])\nn.set_i32('x', 6)\nprint(n.get_i32('x'))\n";
    let expected = format!("-5 70000 300 {}\n6\n", noise(2)[1]);
    assert_eq!(desk.board("flash.bin", program), expected);
}
