//! mpremote and esptool, killed at any moment of their work: the next client finds a board that answers. Every byte at
//! which they can be cut off is tried in virtual time, with what they say (`coil-lab/tests`); here they are real.

use super::or_skip;
use crate::support::{Lab, tool};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How often each is killed; more by hand: `COIL_KILLS=500`.
const KILLS: usize = 12;
/// No tool starts faster after the one before.
const START: Duration = Duration::from_millis(50);
/// The next client has its answer within a second, on a machine that has time for it.
const SOON: Duration = Duration::from_secs(1);
/// And in any case.
const PATIENCE: Duration = Duration::from_secs(8);

/// A tool at work.
struct Victim {
    program: PathBuf,
    args: Vec<String>,
    tty: PathBuf,
}

impl Victim {
    fn start(&self) -> Child {
        Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts")
    }

    /// Has it killed so often; how long the next client waited each time, and when it was killed.
    fn suffer(&self, kills: usize, seed: u64) -> Vec<(Duration, Duration)> {
        let start = Instant::now();
        assert!(self.start().wait().expect("a child").success(), "{:?}", self.args);
        let whole = start.elapsed();
        let mut seed = seed;
        let moment = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            whole.mul_f64((seed >> 40) as f64 / (1 << 24) as f64)
        };
        (0..kills)
            .map(moment)
            .map(|moment| {
                let mut child = self.start();
                std::thread::sleep(moment);
                // It may have ended.
                let _ = child.kill();
                child.wait().expect("a child");
                std::thread::sleep(START);
                (moment, ask(&self.tty, moment))
            })
            .collect()
    }
}

/// Asks the board something as mpremote does; how long that takes.
fn ask(tty: &Path, moment: Duration) -> Duration {
    let mut port = File::options().read(true).write(true).open(tty).expect("it opens");
    let mut reader = port.try_clone().expect("a copy");
    let (found, incoming) = channel();
    // It ends with the answer: a port that is open is not read from for ever.
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            if found.send(buffer[..n].to_vec()).is_err() {
                return;
            }
        }
    });
    let start = Instant::now();
    let mut seen = Vec::new();
    port.write_all(b"\r\x03").and_then(|()| port.write_all(b"\r\x01")).expect("sent");
    until(&incoming, &mut seen, b"raw REPL; CTRL-B to exit\r\n>", moment);
    port.write_all(b"print(6 * 7)\x04").expect("sent");
    until(&incoming, &mut seen, b"OK42\r\n\x04\x04>", moment);
    let took = start.elapsed();
    drop(incoming);
    // Its answer ends the other thread's reading.
    port.write_all(b"\r\x02").expect("sent");
    took
}

fn until(incoming: &Receiver<Vec<u8>>, seen: &mut Vec<u8>, wanted: &[u8], moment: Duration) {
    while !seen.ends_with(wanted) {
        let Ok(bytes) = incoming.recv_timeout(PATIENCE) else {
            panic!("no answer after a kill at {moment:?}; so far: {}", seen.escape_ascii());
        };
        seen.extend(bytes);
    }
}

#[test]
fn whoever_comes_after_a_killed_tool_finds_a_board_that_answers_within_a_second() {
    let (mpremote, esptool) = (or_skip!(tool("mpremote")), or_skip!(tool("esptool")));
    let kills = std::env::var("COIL_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let lab = Lab::start(&["--boards", "2"]);
    let dir = tempfile::tempdir().expect("a folder");
    let plain = |path: &Path| path.to_str().expect("plain").to_owned();
    let [there, back] = ["there.bin", "back.bin"].map(|name| plain(&dir.path().join(name)));
    let noise: Vec<u8> =
        (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(&there, &noise[..20_000]).expect("written");
    let image = plain(&dir.path().join("image.bin"));
    std::fs::write(&image, &noise).expect("written");
    let [a, b] = [0, 1].map(|n| lab.dir.path().join(format!("tty-board{n}")));
    let words = |line: &[&str]| line.iter().map(|w| (*w).to_owned()).collect();
    // By the devices' own names mpremote waits for bytes, and has more to do in less time.
    let pts = plain(&std::fs::read_link(&a).expect("a link"));
    let files = ["fs", "cp", &there, ":a.bin", "+", "fs", "cp", ":a.bin", &back];
    let line = [&["connect", &pts][..], &files, &["+", "exec", "print(sum(range(9999)))"]].concat();
    let copying = Victim { program: mpremote, args: words(&line), tty: a };
    let port = plain(&b);
    let line = ["--port", &port, "write-flash", "0x110000", &image];
    let flashing = Victim { program: esptool, args: words(&line), tty: b };
    let waited = std::thread::scope(|scope| {
        let copied = scope.spawn(|| copying.suffer(kills, 1));
        let flashed = flashing.suffer(kills, 2);
        [copied.join().expect("no panic"), flashed].concat()
    });
    let late: Vec<_> = waited.iter().filter(|w| w.1 > SOON).collect();
    assert!(late.len() <= waited.len() / 4, "killed at, and waited then: {late:?}");
}
