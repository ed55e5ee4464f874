//! What a serial port costs: a client that speaks as mpremote does, without what Python adds, and mpremote itself.

use super::report::Figure;
use super::timing::median;
use crate::shell::{root, say};
use crate::tools;
use anyhow::{Context, Result, bail, ensure};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const RESETS: usize = 31;
const MEGABYTE: usize = 1 << 20;
/// What mpremote moves at a time.
const CHUNK: usize = 256;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
const PROMPT: &[u8] = b"raw REPL; CTRL-B to exit\r\n>";

/// Soft resets, and a megabyte there and back, of a bare board.
pub(super) fn measure(coil: &Path) -> Result<Vec<Figure>> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let link = folder.join("tty");
    let mut board = Board::start(coil, &link)?;
    let mut client = Client::open(&link)?;
    client.send(b"\r\x03\r\x01")?;
    client.until(PROMPT)?;
    let mut resets = Vec::new();
    for _ in 0..RESETS {
        let start = Instant::now();
        client.send(b"\x04")?;
        client.until(PROMPT)?;
        resets.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let noise: Vec<u8> =
        (0..MEGABYTE as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let (up, down) = (client.put(&noise)?, client.get(&noise)?);
    let mut figures = vec![
        Figure::new("soft reset to raw prompt, on a pty", median(&mut resets), "ms", Some(5.0)),
        Figure::new("1 MB to a board, in mpremote's steps", up, "s", Some(2.0)),
        Figure::new("1 MB from a board, in mpremote's steps", down, "s", Some(2.0)),
    ];
    // The client reads as long as there is a board.
    board.stop()?;
    let mut board = Board::start(coil, &link)?;
    figures.extend(mpremote(&link, &folder, &noise)?);
    board.stop()?;
    Ok(figures)
}

/// The same with mpremote, where the tools can be had: most of it is its own.
fn mpremote(link: &Path, folder: &Path, noise: &[u8]) -> Result<Vec<Figure>> {
    let Ok(tools) = tools::python() else {
        say("no tools here: mpremote is left out");
        return Ok(Vec::new());
    };
    let (there, back) = (folder.join("there.bin"), folder.join("back.bin"));
    std::fs::write(&there, noise)?;
    let copy = |from: &str, to: &str| -> Result<f64> {
        let start = Instant::now();
        let done = Command::new(tools.join("bin/mpremote"))
            .args(["connect", &link.to_string_lossy(), "fs", "cp", from, to])
            .stdout(Stdio::null())
            .status()?;
        ensure!(done.success(), "mpremote could not copy {from} to {to}");
        Ok(start.elapsed().as_secs_f64())
    };
    let up = copy(&there.to_string_lossy(), ":there.bin")?;
    let down = copy(":there.bin", &back.to_string_lossy())?;
    ensure!(std::fs::read(&back)? == noise, "mpremote brought back something else");
    Ok(vec![
        Figure::new("1 MB to a board, by mpremote", up, "s", None),
        Figure::new("1 MB from a board, by mpremote", down, "s", None),
    ])
}

struct Board(Child);

impl Board {
    fn start(coil: &Path, link: &PathBuf) -> Result<Self> {
        let mut child = Command::new(coil)
            .args(["board", "--link"])
            .arg(link)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut name = String::new();
        BufReader::new(child.stdout.take().context("it has an output")?).read_line(&mut name)?;
        ensure!(name.starts_with("/dev/"), "the board has no port: {name}");
        Ok(Self(child))
    }

    fn stop(&mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ = self.stop();
    }
}

/// Someone at a serial port.
struct Client {
    port: File,
    incoming: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Client {
    fn open(link: &Path) -> Result<Self> {
        let port = OpenOptions::new().read(true).write(true).open(link)?;
        let mut reader = port.try_clone()?;
        let (found, incoming) = channel();
        // It ends when the board does.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || found.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        Ok(Self { port, incoming, seen: Vec::new() })
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.port.write_all(bytes)?)
    }

    /// What comes up to and with an end.
    fn until(&mut self, end: &[u8]) -> Result<Vec<u8>> {
        loop {
            if let Some(at) = self.seen.windows(end.len()).position(|w| w == end) {
                let rest = self.seen.split_off(at + end.len());
                return Ok(std::mem::replace(&mut self.seen, rest));
            }
            let Ok(bytes) = self.incoming.recv_timeout(PATIENCE) else {
                bail!("the board does not answer; so far: {}", self.seen.escape_ascii());
            };
            self.seen.extend(bytes);
        }
    }

    /// Runs a program in windows; what it prints.
    fn exec(&mut self, source: &[u8]) -> Result<Vec<u8>> {
        self.send(b"\x05A\x01")?;
        self.until(b"R\x01\x80\x00\x01")?;
        let mut windows = source.chunks(128);
        // One window is free from the start.
        for (i, window) in windows.by_ref().enumerate() {
            if i > 0 {
                self.until(b"\x01")?;
            }
            self.send(window)?;
        }
        self.send(b"\x04")?;
        self.until(b"\x04")?;
        let mut out = self.until(b"\x04")?;
        let error = self.until(b"\x04>")?;
        ensure!(error.len() == 2, "the board says {}", error.escape_ascii());
        out.pop();
        Ok(out)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<f64> {
        let start = Instant::now();
        self.exec(b"f = open('noise', 'wb')\nw = f.write")?;
        for chunk in bytes.chunks(CHUNK) {
            let mut source = b"w(b'".to_vec();
            for &b in chunk {
                match b {
                    b'\'' | b'\\' => source.extend([b'\\', b]),
                    b' '..=b'~' => source.push(b),
                    _ => source.extend(format!("\\x{b:02x}").bytes()),
                }
            }
            source.extend(b"')");
            self.exec(&source)?;
        }
        self.exec(b"f.close()")?;
        Ok(start.elapsed().as_secs_f64())
    }

    fn get(&mut self, expected: &[u8]) -> Result<f64> {
        let start = Instant::now();
        self.exec(b"f = open('noise', 'rb')\nr = f.read")?;
        let mut size = 0;
        while size < expected.len() {
            let out = self.exec(format!("print(repr(r({CHUNK})))").as_bytes())?;
            ensure!(out.starts_with(b"b"), "the board says {}", out.escape_ascii());
            size += CHUNK;
        }
        let took = start.elapsed().as_secs_f64();
        // That it is the same is asked of the board, beside the time.
        let found = self.exec(b"f.seek(0)\nn = 0\nwhile True:\n b = r(4096)\n if not b: break\n for x in b: n = (n * 31 + x) & 0xffffff\nprint(n)")?;
        let sum = expected.iter().fold(0u32, |n, &b| (n * 31 + u32::from(b)) & 0xff_ffff);
        ensure!(found == format!("{sum}\r\n").as_bytes(), "another file came to be on the board");
        Ok(took)
    }
}
