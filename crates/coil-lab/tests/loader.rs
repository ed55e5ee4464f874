//! The ROM's loader over a board's console: how it is entered, what it does, how it is left. Time is virtual.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use coil_board::Outcome;
use coil_board::outside::{Event, Flash, FlashError, RamFlash, Stimulus};
use coil_board::vfs::image::{FileSystem, Kind};
use coil_lab::recording::{Recorder, Recording, Start, VERSION};
use coil_lab::{BoardSpec, Pace, Runner, catalog};
use coil_vm::rom::Rom;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use support::tool::{Answer, MS, Tool, answers, frame, md5, request, sync, unframe, words, zlib};

const SECOND: u64 = 1000 * MS;
const KIT: &str = "esp32-devkitc";
const FILES_AT: u32 = 0x20_0000;
const ROM_WORD: u32 = 0x2012_0707;
const DOWNLOAD: &str = "rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\n\
                        waiting for download\r\n";
const BOOT: &str = "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";

static ROM: LazyLock<Arc<Rom>> = LazyLock::new(|| Rom::new(&coil_board::modules::all()));

/// A flash that outlives its board.
#[derive(Clone)]
struct Kept(Arc<Mutex<RamFlash>>);

impl Kept {
    fn of(flash: RamFlash) -> Self {
        Self(Arc::new(Mutex::new(flash)))
    }

    /// That of a board that has started once, with this program on it.
    fn with_main(main: &str) -> Self {
        let flash = Self::of(RamFlash::new(4 << 20));
        let (spec, seen) = support::bare(KIT);
        let spec = BoardSpec {
            flash: Box::new(flash.clone()),
            files: vec![("main.py".into(), main.into())],
            script: vec![(SECOND, Stimulus::PowerOff)],
            ..spec
        };
        let mut runner = Runner::start(ROM.clone(), Pace::Virtual).unwrap();
        runner.add(spec);
        assert_eq!(seen.end(), Some(Outcome::Done));
        runner.stop();
        flash
    }

    fn bytes(&self, at: u32, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.0.lock().unwrap().read(at, &mut bytes).unwrap();
        bytes
    }
}

impl Flash for Kept {
    fn len(&self) -> u32 {
        self.0.lock().unwrap().len()
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        self.0.lock().unwrap().read(at, into)
    }
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.0.lock().unwrap().program(at, bytes)
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.0.lock().unwrap().erase(at, len)
    }
}

/// What a board has shown.
struct Shown {
    /// Outside of frames.
    text: String,
    frames: Vec<Vec<u8>>,
    /// When it was reset, in milliseconds.
    resets: Vec<u64>,
    /// When its loader began to listen.
    loaders: Vec<u64>,
}

impl Shown {
    fn rom_answers(&self) -> Vec<Answer> {
        answers(self.frames.split(|f| f == b"OHAI").next().unwrap_or_default(), 4)
    }

    /// Those after the tools' loader has said that it runs.
    fn stub_answers(&self) -> Vec<Answer> {
        let hello = self.frames.iter().position(|f| f == b"OHAI").expect("it runs");
        answers(&self.frames[hello..], 2)
    }

    /// How often it has answered a request to synchronise.
    fn synchronised(&self) -> usize {
        self.frames.iter().filter(|f| f.starts_with(&[1, 0x08])).count() / 8
    }
}

type Script = Vec<(u64, Stimulus)>;

/// Runs a board with this flash, to which this is said and done, until its power goes.
fn run(flash: &Kept, tool: &Tool, script: &[(u64, Stimulus)], end_us: u64) -> Shown {
    let (spec, seen) = support::bare(KIT);
    let mut script = script.to_vec();
    script.push((end_us, Stimulus::PowerOff));
    let spec = BoardSpec {
        flash: Box::new(flash.clone()),
        boot_text: true,
        keys: tool.keys.clone(),
        script,
        ..spec
    };
    let mut runner = Runner::start(ROM.clone(), Pace::Virtual).unwrap();
    runner.add(spec);
    let ended = seen.end();
    runner.stop();
    let (frames, outside) = unframe(&seen.bytes());
    let text = String::from_utf8_lossy(&outside).into_owned();
    assert_eq!(ended, Some(Outcome::Done), "{text}");
    let when = |is: fn(&Event) -> bool| {
        let events = seen.events().into_iter().filter(|e| is(&e.1));
        events.map(|e| e.0 / 1_000_000).collect()
    };
    let resets = when(|e| matches!(e, Event::Reset(_)));
    Shown { text, frames, resets, loaders: when(|e| matches!(e, Event::Loader)) }
}

fn button(name: &str, pressed: bool) -> Stimulus {
    Stimulus::Button { name: name.into(), pressed }
}

fn lines(dtr: bool, rts: bool) -> Stimulus {
    Stimulus::Lines { dtr, rts }
}

/// Into the loader as tools do it by the lines.
fn to_loader(at_us: u64) -> Script {
    let steps = [
        (0, false, false),
        (10, false, true),
        (110, true, true),
        (110, true, false),
        (160, false, false),
    ];
    steps.map(|(ms, dtr, rts)| (at_us + ms * MS, lines(dtr, rts))).to_vec()
}

/// Into the firmware.
fn to_firmware(at_us: u64) -> Script {
    vec![(at_us, lines(false, true)), (at_us + 100 * MS, lines(false, false))]
}

fn noise(n: usize) -> Vec<u8> {
    let mut x = 1u32;
    let step = |_| {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        x as u8
    };
    (0..n).map(step).collect()
}

/// What a client of the raw prompt says, all at once or in steps.
fn raw_prompt(at_us: u64) -> Tool {
    let mut tool = Tool::at(at_us).says(b"\r\x03".to_vec());
    tool.at_us += 80 * MS;
    tool = tool.says(b"\r\x01".to_vec());
    tool.at_us += 180 * MS;
    tool.says(b"print(40+2)\x04".to_vec())
}

fn joined(a: Tool, b: Tool) -> Tool {
    b.after(a)
}

#[test]
fn a_request_to_synchronise_leads_to_the_loader_whatever_the_board_does() {
    for main in [
        "",
        "while True: pass",
        "import micropython\nmicropython.kbd_intr(-1)\nwhile True: pass",
        "import time\ntime.sleep(1000)",
        "input()",
        "import sys\nsys.stdin.buffer.read(100)",
        "import machine\nmachine.deepsleep()",
        "import machine\nmachine.lightsleep()",
        "try:\n    while True: pass\nexcept BaseException: print('caught')\nfinally: print('finally')",
        "import _thread, time\n_thread.start_new_thread(lambda: time.sleep(1000), ())\nwhile True: pass",
    ] {
        let tool = Tool::at(2 * SECOND).sync().asks(0x0a, &[0x4000_1000]);
        let shown =
            run(&Kept::with_main(main), &tool, &[(3 * SECOND, Stimulus::HungUp)], 4 * SECOND);
        let answers = shown.rom_answers();
        assert_eq!(answers.len(), 9, "{main}: {}", shown.text);
        assert!(answers[..8].iter().all(|a| a.op == 8 && a.word == ROM_WORD && a.status == [0, 0]));
        assert_eq!((answers[8].op, answers[8].word), (0x0a, 0x00f0_1d83));
        assert!(
            !shown.text.contains("caught") && !shown.text.contains("finally"),
            "{}",
            shown.text
        );
        // Nothing but the answers is sent, and the program starts again when nobody is there any more.
        assert_eq!(shown.resets, [0, 2000, 3000], "{main}: {}", shown.text);
        assert_eq!(shown.loaders, [2000]);
        assert_eq!(shown.text.matches(BOOT).count(), 2, "{main}: {}", shown.text);
        assert!(!shown.text.contains("DOWNLOAD"), "{main}: {}", shown.text);
    }
}

#[test]
fn a_request_is_heard_in_pieces_and_what_only_looks_like_one_is_the_program_s() {
    let whole = sync();
    let main = "import sys\nfor i in range(6): print(sys.stdin.buffer.read(45))\n";
    let flash = Kept::with_main(main);
    let tool = whole.iter().fold(Tool::at(2 * SECOND), |tool, b| tool.says(vec![*b]));
    let shown = run(&flash, &tool, &[], 5 * SECOND);
    assert_eq!(shown.synchronised(), 1, "{}", shown.text);
    // Bytes come as they are, and at once.
    let mut tool = Tool::at(2 * SECOND);
    for n in 0..5u8 {
        let mut almost = whole[..45].to_vec();
        almost[40] ^= n.min(1);
        if n == 0 {
            almost.rotate_left(1);
        }
        tool = tool.says(almost);
    }
    let shown = run(&flash, &tool, &[], 5 * SECOND);
    assert_eq!(shown.synchronised(), 0);
    assert_eq!(shown.text.matches("\\xc0").count(), 5, "{}", shown.text);
    assert_eq!(shown.resets, [0]);
}

#[test]
fn a_chip_that_is_held_in_reset_hears_nothing() {
    let script = [(SECOND, button("EN", true)), (3 * SECOND, button("EN", false))];
    let tool = Tool::at(2 * SECOND).sync().says(b"print('typed')\r".to_vec());
    let tool = joined(tool, raw_prompt(4 * SECOND));
    let shown = run(&Kept::with_main(""), &tool, &script, 6 * SECOND);
    assert_eq!(shown.synchronised(), 0);
    assert_eq!(shown.resets, [0, 3000]);
    assert!(!shown.text.contains("typed") && shown.text.contains("OK42"), "{}", shown.text);
}

#[test]
fn the_lines_lead_to_the_loader_which_says_so_and_back() {
    let flash = Kept::with_main("while True: pass");
    let tool = Tool::at(2 * SECOND).sync();
    let script = [to_loader(SECOND), to_firmware(3 * SECOND)].concat();
    let shown = run(&flash, &tool, &script, 4 * SECOND);
    assert_eq!(shown.resets, [0, 1110, 3100], "{}", shown.text);
    assert_eq!(shown.text.matches(DOWNLOAD).count(), 1, "{}", shown.text);
    assert_eq!(shown.text.matches(BOOT).count(), 2, "{}", shown.text);
    assert_eq!(shown.synchronised(), 1);
    // A request right after the lines is not lost.
    let tool = Tool::at(SECOND + 110 * MS).sync();
    let shown = run(&flash, &tool, &to_loader(SECOND), 2 * SECOND);
    assert_eq!(shown.synchronised(), 1, "{}", shown.text);
    // Opening and closing a port does nothing.
    let script = [(true, false), (true, true), (true, false), (false, false)];
    let script: Script =
        (1..).zip(script).map(|(s, (dtr, rts))| (s * SECOND, lines(dtr, rts))).collect();
    assert_eq!(run(&flash, &Tool::at(0), &script, 6 * SECOND).resets, [0]);
    // A client that goes in the middle lets go of the lines; one that leaves both set gets the firmware.
    let script = [(SECOND, lines(false, true)), (2 * SECOND, Stimulus::HungUp)];
    assert_eq!(run(&flash, &Tool::at(0), &script, 6 * SECOND).resets, [0, 2000]);
    let script = [(SECOND, lines(false, true)), (2 * SECOND, lines(true, true))];
    let shown = run(&flash, &Tool::at(0), &script, 6 * SECOND);
    assert_eq!(shown.resets, [0, 2400]);
    assert!(!shown.text.contains("DOWNLOAD"), "{}", shown.text);
}

#[test]
fn the_speed_at_which_it_is_called_is_told() {
    const DIVIDER: u32 = 0x3ff4_0014;
    let told = |tool: Tool, script: &[(u64, Stimulus)]| {
        let answers = run(&Kept::with_main(""), &tool, script, 4 * SECOND).rom_answers();
        answers.iter().filter(|a| a.op == 0x0a).map(|a| a.word).collect::<Vec<_>>()
    };
    let speed = |at_us, baud| (at_us, Stimulus::Speed { baud });
    let asks = |tool: Tool| tool.sync().asks(0x0a, &[DIVIDER]);
    assert_eq!(told(asks(Tool::at(SECOND)), &[]), [347]);
    assert_eq!(told(asks(Tool::at(SECOND)), &[speed(SECOND - 1, 57_600)]), [694]);
    assert_eq!(told(asks(Tool::at(SECOND)), &[speed(SECOND - 1, 0)]), [40_000_000]);
    // What was agreed on holds until the next one calls.
    let tool = asks(Tool::at(SECOND)).asks(0x0f, &[921_600, 0]).asks(0x0a, &[DIVIDER]);
    let (agreed, next) = (tool.at_us, Tool::at(2 * SECOND).after(tool));
    let script = [speed(agreed, 921_600), speed(2 * SECOND - 1, 115_200)];
    assert_eq!(told(asks(next), &script), [347, 43, 347]);
}

#[test]
fn the_boot_button_leads_to_the_loader_and_held_there_again() {
    let script = [
        (SECOND, button("BOOT", true)),
        (SECOND, button("EN", true)),
        (2 * SECOND, button("EN", false)),
        (4 * SECOND, button("BOOT", false)),
    ];
    let tool = Tool::at(2500 * MS).sync();
    let mut tool = tool.says(b"\r".to_vec());
    tool.at_us = 5 * SECOND;
    let tool = tool.says(b"\x03".to_vec());
    let shown = run(&Kept::with_main(""), &tool, &script, 7 * SECOND);
    assert_eq!(shown.resets, [0, 2000, 2520, 5000], "{}", shown.text);
    assert_eq!(shown.text.matches(DOWNLOAD).count(), 2, "{}", shown.text);
    assert_eq!(shown.synchronised(), 1);
    assert!(shown.text.ends_with(">>> "), "{}", shown.text);
}

/// An image of files with this program.
fn files_with_main(main: &str) -> Vec<u8> {
    let mut image = vec![0xff; 2 << 20];
    let mut files = FileSystem::format(Kind::Littlefs, &mut image).unwrap();
    files.write("/main.py", main.as_bytes()).unwrap();
    files.write("/noise.bin", &noise(50_000)).unwrap();
    image
}

/// The part of an image of files that is not erased, to the next sector's end.
fn written(image: &[u8]) -> &[u8] {
    let end = image.iter().rposition(|b| *b != 0xff).unwrap() + 1;
    &image[..end.next_multiple_of(4096)]
}

#[test]
fn what_a_tool_writes_is_what_the_board_starts() {
    let new = "print('from the image', sum(open('noise.bin', 'rb').read()))";
    let image = files_with_main(new);
    let part = written(&image);
    let sum: u32 = noise(50_000).iter().map(|b| u32::from(*b)).sum();
    let expected = format!("from the image {sum}\r\n");
    let at = Tool::at(2 * SECOND).sync();
    for (how, tool) in [
        ("the ROM's, compressed", at.clone().writes(FILES_AT, part)),
        ("the ROM's, plain", at.clone().writes_plain(FILES_AT, part)),
        ("the tools', compressed", at.clone().stub().writes(FILES_AT, part)),
        ("the tools', plain", at.stub().writes_plain(FILES_AT, part)),
    ] {
        let flash = Kept::with_main("while True: pass");
        let tool = tool.asks(0x13, &[FILES_AT, part.len() as u32, 0, 0]);
        let end = tool.at_us + SECOND;
        let shown = run(&flash, &tool, &[(end, Stimulus::HungUp)], end + 2 * SECOND);
        let is_stub = how.starts_with("the tools'");
        let answers = if is_stub { shown.stub_answers() } else { shown.rom_answers() };
        assert!(answers.iter().all(|a| a.status == [0, 0]), "{how}: {answers:x?}");
        let digest = &answers.last().unwrap().data;
        let hex: String = md5(part).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(*digest, if is_stub { md5(part) } else { hex.into_bytes() }, "{how}");
        assert!(shown.text.contains(&expected), "{how}: {}", shown.text);
        assert_eq!(flash.bytes(FILES_AT, 4096)[8..16], *b"littlefs");
    }
}

#[test]
fn the_flash_is_read_as_it_is() {
    let flash = Kept::with_main("");
    let data = noise(10_000);
    flash.0.lock().unwrap().program(0x10_0000, &data).unwrap();
    let tool = Tool::at(SECOND).sync().asks(0x0e, &[0x10_0000, 64]).asks(0x0e, &[0x10_0040, 5]);
    let tool = tool.stub().reads(0x10_0000, 10_000).reads(0x10_0000, 0);
    let shown = run(&flash, &tool, &[], tool.at_us + SECOND);
    let slow: Vec<_> = shown.rom_answers().into_iter().filter(|a| a.op == 0x0e).collect();
    assert_eq!(slow[0].data, data[..64]);
    assert_eq!((&slow[1].data[..5], slow[1].data.len()), (&data[64..69], 64));
    let hello = shown.frames.iter().position(|f| f == b"OHAI").unwrap();
    let rest = &shown.frames[hello + 1..];
    // The answer, a block for each acknowledgement, the digest; then the same of nothing.
    let sizes: Vec<_> = rest.iter().map(Vec::len).collect();
    assert_eq!(sizes, [10, 4096, 4096, 1808, 16, 10, 16]);
    assert_eq!((rest[1..4].concat(), &rest[4]), (data.clone(), &md5(&data)));
}

#[test]
fn erasing_leaves_all_ones_and_the_rest() {
    let flash = Kept::with_main("print('there')");
    let tool = Tool::at(SECOND).sync().stub();
    let some = tool.clone().asks(0xd1, &[FILES_AT, 0x2000]);
    let shown = run(&flash, &some, &[], some.at_us + SECOND);
    assert!(shown.stub_answers().iter().all(|a| a.status == [0, 0]));
    assert!(flash.bytes(FILES_AT, 0x2000).iter().all(|b| *b == 0xff));
    assert_eq!(flash.bytes(0x8000, 2), [0xaa, 0x50]);
    // An erased flash is that of a new board.
    let all = tool.asks(0xd0, &[]);
    let end = all.at_us + SECOND;
    let shown = run(&flash, &all, &[(end, Stimulus::HungUp)], end + 2 * SECOND);
    assert!(shown.text.contains("Performing initial setup"), "{}", shown.text);
}

#[test]
fn the_loader_is_left_by_each_way_out_and_by_no_other() {
    let flash = Kept::with_main("");
    let rom = Tool::at(SECOND).sync();
    let stub = rom.clone().stub();
    let hung_up = |tool: &Tool| vec![(tool.at_us, Stimulus::HungUp)];
    let empty = |tool: &Tool| tool.clone().asks(0x02, &[0, 0, 0x4000, 0]);
    let cases: Vec<(&str, Tool, Script, bool)> = vec![
        ("ROM: reboot", rom.clone().asks(0x04, &[0]), vec![], true),
        ("ROM: run", rom.clone().asks(0x04, &[1]), vec![], true),
        ("ROM: the same for compressed data", rom.clone().asks(0x12, &[1]), vec![], true),
        ("tools': stay", empty(&stub).asks(0x04, &[1]), vec![], false),
        ("tools': to the ROM's", empty(&stub).asks(0x04, &[0]), vec![], false),
        ("tools': run", stub.clone().asks(0xd3, &[]), vec![], true),
        ("return", rom.clone().says(b"\r".to_vec()), vec![], true),
        ("Ctrl-C", stub.clone().says(b"\x03".to_vec()), vec![], true),
        ("other keys", rom.clone().says(b"print(1)\n\x04\x01".to_vec()), vec![], false),
        ("a key in a frame", rom.clone().says(request(0x77, b"\r\x03", 0)), vec![], false),
        ("hung up", rom.clone(), hung_up(&rom), true),
        ("hung up, the tools'", stub.clone(), hung_up(&stub), true),
        ("lines", rom.clone(), to_firmware(rom.at_us), true),
        ("the reset button", rom.clone(), vec![(rom.at_us, Stimulus::Reset)], true),
        ("nothing", rom.clone(), vec![], false),
    ];
    for (what, tool, script, leaves) in cases {
        let shown = run(&flash, &tool, &script, tool.at_us + 2 * SECOND);
        assert_eq!(shown.resets.len(), if leaves { 3 } else { 2 }, "{what}: {}", shown.text);
        let starts = if leaves { 2 } else { 1 };
        assert_eq!(shown.text.matches(BOOT).count(), starts, "{what}: {}", shown.text);
    }
}

#[test]
fn whoever_asks_to_stay_finds_the_loader_again() {
    let flash = Kept::with_main("");
    let stays = Tool::at(SECOND).sync().stub().asks(0x02, &[0, 0, 0x4000, 0]).asks(0x04, &[0]);
    let gone = stays.at_us;
    // The next tool finds the ROM's loader; when it goes the firmware starts.
    let mut next = stays.clone();
    next.at_us += SECOND;
    let next = next.sync();
    let script = [(gone, Stimulus::HungUp), (next.at_us, Stimulus::HungUp)];
    let shown = run(&flash, &next, &script, next.at_us + SECOND);
    assert_eq!(shown.resets, [0, 1000, next.at_us / MS], "{}", shown.text);
    let rom = shown.frames.iter().rev().take(8).filter(|f| f[4..8] == ROM_WORD.to_le_bytes());
    assert_eq!(rom.count(), 8);
    // Who types instead gets the prompt.
    let typed = joined(stays, raw_prompt(gone + SECOND));
    let shown = run(&flash, &typed, &[(gone, Stimulus::HungUp)], gone + 3 * SECOND);
    assert!(shown.text.contains("OK42"), "{}", shown.text);
}

#[test]
fn a_tool_s_own_loader_that_runs_says_so() {
    let tool = Tool::at(SECOND).sync().stub().sync();
    let shown = run(&Kept::with_main(""), &tool, &[], tool.at_us + SECOND);
    let answers = shown.stub_answers();
    assert_eq!(answers.len(), 8);
    assert!(answers.iter().all(|a| a.word == 0 && a.status == [0, 0] && a.status_len == 2));
}

/// What it is, a request, and the numbers of the ROM's refusal and of the tools'; nothing where it is not refused.
type Refused = (&'static str, Vec<u8>, Option<u8>, Option<u8>);

fn refused() -> Vec<Refused> {
    let far = 4 << 20;
    let block = |op: u8, n: u32, data: &[u8], sum: u32| {
        request(op, &[&words(&[data.len() as u32, n, 0, 0]), data].concat(), sum)
    };
    vec![
        ("security info", request(0x14, &[], 0), Some(0x05), Some(0xff)),
        ("a number that is none", request(0x99, &[], 0), Some(0x05), Some(0xff)),
        ("erase, in the ROM", request(0xd0, &[1; 3], 0), Some(0x05), None),
        ("read slowly, in the tools'", request(0x0e, &words(&[0, 65]), 0), Some(0x05), Some(0xff)),
        ("no word", request(0x0a, &[1, 2, 3], 0), Some(0x05), Some(0xc0)),
        ("half a write", request(0x09, &[0; 17], 0), Some(0x05), Some(0xc0)),
        ("another length", frame(&[0, 0x0a, 5, 0, 0, 0, 0, 0, 1, 2, 3, 4]), Some(0x05), Some(0xc0)),
        ("no such synchronisation", request(0x08, &[0; 36], 0), Some(0x05), Some(0xc0)),
        ("a wrong sum", block(0x07, 0, b"abc", 1), Some(0x07), Some(0xc1)),
        (
            "a length that is none",
            request(0x07, &words(&[9, 0, 0, 0]), 0xef),
            Some(0x05),
            Some(0xc0),
        ),
        ("no beginning", block(0x03, 0, &[], 0xef), Some(0x06), Some(0xc6)),
        ("no beginning, compressed", block(0x11, 0, &[], 0xef), Some(0x06), Some(0xc6)),
        ("beyond the end", request(0x02, &words(&[1, 1, 0x400, far]), 0), Some(0x06), Some(0xc4)),
        (
            "around the end",
            request(0x10, &words(&[u32::MAX, 1, 0x400, 2]), 0),
            Some(0x06),
            Some(0xc4),
        ),
        ("blocks of nothing", request(0x02, &words(&[1, 1, 0, 0]), 0), Some(0x05), Some(0xc0)),
        ("blocks too long", request(0x02, &words(&[1, 1, 0x4001, 0]), 0), Some(0x05), Some(0xc0)),
        (
            "a digest beyond the end",
            request(0x13, &words(&[far, 1, 0, 0]), 0),
            Some(0x06),
            Some(0xc4),
        ),
        (
            "a digest of too much",
            request(0x13, &words(&[1, u32::MAX, 0, 0]), 0),
            Some(0x06),
            Some(0xc4),
        ),
        ("no sector", request(0xd1, &words(&[1, 0x1000]), 0), Some(0x05), Some(0x32)),
        ("no sectors", request(0xd1, &words(&[0, 0x1001]), 0), Some(0x05), Some(0x32)),
        (
            "sectors beyond the end",
            request(0xd1, &words(&[far, 0x1000]), 0),
            Some(0x05),
            Some(0xc4),
        ),
        (
            "read beyond the end",
            request(0xd2, &words(&[far - 1, 2, 1, 1]), 0),
            Some(0x05),
            Some(0xc4),
        ),
        (
            "read by blocks of nothing",
            request(0xd2, &words(&[0, 2, 0, 1]), 0),
            Some(0x05),
            Some(0xc0),
        ),
    ]
}

#[test]
fn refusals_have_their_numbers_and_change_nothing() {
    let flash = Kept::with_main("");
    let before = flash.bytes(0, 4 << 20);
    for (what, request, rom, stub) in refused() {
        for (refusal, tool) in
            [(rom, Tool::at(SECOND).sync()), (stub, Tool::at(SECOND).sync().stub())]
        {
            let Some(refusal) = refusal else { continue };
            let is_stub = tool.keys.len() > 1;
            let tool = tool.says(request.clone()).asks(0x0a, &[0x4000_1000]);
            let shown = run(&flash, &tool, &[], tool.at_us + SECOND);
            let answers = if is_stub { shown.stub_answers() } else { shown.rom_answers() };
            let [.., refused, next] = &answers[..] else { panic!("{what}: {answers:x?}") };
            assert_eq!(refused.status, [1, refusal], "{what}: {refused:x?}");
            assert_eq!(next.word, 0x00f0_1d83, "{what}");
        }
    }
    assert!(flash.bytes(0, 4 << 20) == before);
}

#[test]
fn a_download_is_refused_where_it_goes_wrong() {
    let data = noise(6000);
    let packed = zlib(&data);
    let flash = Kept::with_main("");
    let start = Tool::at(SECOND).sync().stub();
    let begin = |op: u8, len: u32| start.clone().asks(op, &[len, 1, 0x4000, 0x10_0000]);
    let mut broken = packed.clone();
    broken[1] ^= 0xff;
    for (what, tool, status) in [
        ("more than was said", begin(0x10, 5999).block(0x11, 0, &packed), [1, 0xc9]),
        (
            "less than was said",
            begin(0x10, 6001).block(0x11, 0, &packed).asks(0x12, &[1]),
            [1, 0xc8],
        ),
        ("no stream", begin(0x10, 6000).block(0x11, 0, &broken), [1, 0xc7]),
        ("plain for compressed", begin(0x10, 6000).block(0x03, 0, &data), [1, 0xc6]),
        ("compressed for plain", begin(0x02, 6000).block(0x11, 0, &packed), [1, 0xc6]),
        (
            "a block too many",
            begin(0x02, 6000).block(0x03, 0, &data).block(0x03, 1, &data),
            [1, 0xc9],
        ),
        ("a block is missing", begin(0x02, 6000).block(0x03, 1, &data), [1, 0xc6]),
        (
            "the last block again",
            begin(0x02, 6000).block(0x03, 0, &data).block(0x03, 0, &data),
            [0, 0],
        ),
        ("all is well", begin(0x10, 6000).block(0x11, 0, &packed).asks(0x12, &[1]), [0, 0]),
    ] {
        let shown = run(&flash, &tool, &[], tool.at_us + SECOND);
        assert_eq!(shown.stub_answers().last().unwrap().status, status, "{what}");
    }
    assert_eq!(flash.bytes(0x10_0000, 6000), data);
}

#[test]
fn whatever_a_client_has_sent_the_next_one_is_served() {
    let flash = Kept::with_main("");
    let mut long = vec![0xc0, 0x00, 0x03];
    long.resize(3_000_000, b'\r');
    for (what, rubbish) in [
        ("half a frame", sync()[..20].to_vec()),
        ("a frame that does not end", long),
        ("wrong escapes", b"\xc0\x00\xdb\x00\xdb\xdb\xc0".to_vec()),
        ("frames of nothing", vec![0xc0; 1001]),
        ("frames of a byte", b"\xc0\x00".repeat(500)),
        ("answers", frame(&[1, 8, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("a block of a download", request(0x03, &[0xc0; 5000], 0)),
    ] {
        let tool = Tool::at(SECOND).sync().says(rubbish);
        // At once, over another port, or after it has gone.
        let again = tool.clone().sync().sync();
        let shown = run(&flash, &again, &[], again.at_us + SECOND);
        assert!(shown.synchronised() >= 2, "{what}: {}", shown.text);
        let gone = tool.at_us + SECOND;
        let next = joined(tool, raw_prompt(gone));
        let shown = run(&flash, &next, &[(gone - 1, Stimulus::HungUp)], gone + SECOND);
        assert!(shown.text.contains("OK42"), "{what}: {}", shown.text);
    }
    // Without anyone who notices that it has gone, half a frame is given up.
    let tool = Tool::at(SECOND).sync().says(sync()[..20].to_vec());
    let next = joined(tool.clone(), raw_prompt(tool.at_us + SECOND));
    let shown = run(&flash, &next, &[], next.at_us + SECOND);
    assert!(shown.text.contains("OK42"), "{}", shown.text);
}

/// A session with a bit of everything, as one stream of bytes and the moments of its parts.
fn session() -> Tool {
    let data = b"some data for the flash \xc0\xdb\x00".repeat(10);
    Tool::at(200 * MS)
        .sync()
        .asks(0x0a, &[0x4000_1000])
        .says(request(0x09, &words(&[0x3ff4_2000, 1 << 18, u32::MAX, 0]), 0))
        .asks(0x0d, &[0, 0])
        .stub()
        .writes(0x10_0000, &data)
        .writes_plain_small(0x10_1000, &data[..100])
        .asks(0x13, &[0x10_0000, data.len() as u32, 0, 0])
        .reads(0x10_0000, 6000)
        .asks(0xd1, &[0x10_0000, 0x1000])
        .asks(0x02, &[0, 0, 0x4000, 0])
        .asks(0x04, &[1])
}

/// What a board shows whose client sends so many bytes of a session and goes, and what the next one gets within
/// a second.
fn after_a_cut(flash: &RamFlash, session: &Tool, cut: usize) -> String {
    let (mut left, mut keys, mut gone) = (cut, Vec::new(), 200 * MS);
    for (at, bytes) in &session.keys {
        let n = left.min(bytes.len());
        if n > 0 {
            keys.push((*at, bytes[..n].to_vec()));
            gone = *at + MS;
        }
        left -= n;
    }
    // No tool starts faster, and a Ctrl-C that meets boot.py does not end main.py.
    keys.extend(raw_prompt(gone + 50 * MS).keys);
    let (spec, seen) = support::bare(KIT);
    let script = vec![(gone, Stimulus::HungUp), (gone + SECOND, Stimulus::PowerOff)];
    let flash = Box::new(flash.clone());
    let mut runner = Runner::start(ROM.clone(), Pace::Virtual).unwrap();
    runner.add(BoardSpec { flash, boot_text: true, keys, script, ..spec });
    assert_eq!(seen.end(), Some(Outcome::Done), "{cut}");
    runner.stop();
    seen.text()
}

#[test]
fn wherever_a_client_is_cut_off_the_next_finds_a_working_board_within_a_second() {
    const THREADS: usize = 4;
    let session = session();
    let total: usize = session.keys.iter().map(|k| k.1.len()).sum();
    assert!((500..4000).contains(&total), "{total}");
    let flash = Kept::with_main("import time\ntime.sleep(1000)").0.lock().unwrap().clone();
    let check = &|first: usize| {
        for cut in (first..=total).step_by(THREADS) {
            let text = after_a_cut(&flash, &session, cut);
            assert!(text.contains("OK42"), "{cut} of {total}: {text}");
        }
    };
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            scope.spawn(move || check(first));
        }
    });
}

#[test]
fn what_a_program_kept_in_memory_is_gone_after_the_loader_and_its_files_are_not() {
    let typed = Tool::at(SECOND)
        .says(b"y = 1; f = open('new.txt', 'w'); f.write('kept'); f.close()\r".to_vec());
    let tool = raw_prompt(3 * SECOND).after(Tool::at(2 * SECOND).sync().after(typed));
    let tool = tool.says(b"print(open('new.txt').read(), 'y' in globals())\x04".to_vec());
    let shown = run(&Kept::with_main(""), &tool, &[], 5 * SECOND);
    assert!(shown.text.contains("OKkept False\r\n"), "{}", shown.text);
}

#[test]
fn older_firmware_has_the_same_loader() {
    for firmware in ["1.11", "1.19.1"] {
        let profile = catalog::profile(firmware).unwrap();
        let rom = coil_board::modules::rom(&profile);
        let (spec, seen) = support::bare(KIT);
        let tool = joined(Tool::at(2 * SECOND).sync(), raw_prompt(3 * SECOND));
        let script = vec![(2500 * MS, Stimulus::HungUp), (5 * SECOND, Stimulus::PowerOff)];
        let spec = BoardSpec { profile, keys: tool.keys, script, ..spec };
        let mut runner = Runner::start(rom, Pace::Virtual).unwrap();
        runner.add(spec);
        assert_eq!(seen.end(), Some(Outcome::Done));
        runner.stop();
        let (frames, outside) = unframe(&seen.bytes());
        assert_eq!(frames.len(), 8, "{firmware}");
        let text = String::from_utf8_lossy(&outside);
        assert!(text.contains("OK42"), "{firmware}: {text}");
    }
}

/// What a recorder writes on.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_session_with_the_loader_is_repeated_from_its_recording() {
    let start = Start {
        recording: VERSION,
        device: KIT.into(),
        firmware: "current".into(),
        float: 32,
        heap: None,
        seed: 1,
        circuit: None,
        program: None,
        jumpers: Vec::new(),
        flash: Vec::new(),
    };
    let paper = Paper::default();
    let recorder = Recorder::new(Box::new(paper.clone()), &start).unwrap();
    let (spec, live) = support::bare(KIT);
    let mut runner = Runner::start(ROM.clone(), Pace::Live).unwrap();
    let board = runner.add(BoardSpec { boot_text: true, recorder: Some(recorder), ..spec });
    let prompts = |n| until("a prompt", || live.text().matches(">>> ").count() >= n);
    let synchronised = |n: usize| {
        until("an answer", || {
            let (frames, _) = unframe(&live.bytes());
            frames.iter().filter(|f| f.starts_with(&[1, 0x08])).count() == 8 * n
        });
    };
    prompts(1);
    board.send(&sync()[..20]);
    board.send(&sync()[20..]);
    synchronised(1);
    board.stimulate(Stimulus::HungUp);
    prompts(2);
    for (_, what) in to_loader(0) {
        board.stimulate(what);
    }
    until("the ROM", || live.text().contains("waiting for download"));
    board.send(&sync());
    synchronised(2);
    for (_, what) in to_firmware(0) {
        board.stimulate(what);
    }
    prompts(3);
    runner.stop();
    let recording = Recording::read(&paper.0.lock().unwrap()[..]).unwrap();
    let (spec, again) = support::bare(KIT);
    let mut runner = Runner::start(ROM.clone(), Pace::Virtual).unwrap();
    runner.add(BoardSpec { boot_text: true, replay: recording.entries, ..spec });
    assert_eq!(again.end(), Some(Outcome::Done));
    runner.stop();
    assert_eq!(again.text(), live.text());
    assert_eq!(again.events(), live.events());
}
