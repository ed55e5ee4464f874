//! The prompt for programs: entering it, sending a program in windows or, to older firmware, in slices, and telling its output from its exception.

use super::Error;
use std::time::Duration;

const CTRL_A: u8 = 1;
const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
/// What the prompt for programs says first.
const BANNER: &[u8] = b"raw REPL; CTRL-B to exit\r\n>";
/// What the prompt for people ends with.
const FRIENDLY: &[u8] = b">>> ";
/// How long a board may take to a step of the protocol.
const STEP: Duration = Duration::from_secs(2);
/// How long a board may take back to the prompt for people: it may start anew first, and run its boot.py.
const LEAVE: Duration = Duration::from_secs(10);
/// How often it is asked for it.
const LEAVE_AGAIN: Duration = Duration::from_secs(2);
/// Firmware without windows has a buffer of 260 bytes: so many are sent at a time, this far apart.
const SLICE: usize = 192;
const PAUSE: Duration = Duration::from_millis(15);

/// Bytes of a line that are kept back at most, to see whether it is the banner.
const LINE_MAX: usize = 200;

/// Whether what comes is to go on being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Something of use came: the time that the board has starts anew.
    Progress,
    /// Nothing of use came.
    Nothing,
    /// There will be no end.
    Break,
}

/// The board's wire, for one who speaks with it alone.
pub(super) trait Channel {
    /// Sends bytes.
    fn send(&mut self, bytes: &[u8]) -> Result<(), Error>;

    /// The next byte that comes.
    fn byte(&mut self, patience: Duration) -> Result<u8, Error>;

    /// Hands on what comes before a byte, which is taken; false if it broke off. Without patience it waits for ever.
    fn until(
        &mut self,
        end: u8,
        patience: Option<Duration>,
        sink: &mut dyn FnMut(&[u8]) -> Flow,
    ) -> Result<bool, Error>;

    /// Takes what a program printed in the midst of it: a timer, a thread.
    fn stray(&mut self, bytes: &[u8]);

    /// Lets time pass, while nothing that comes is lost.
    fn pause(&mut self, time: Duration) -> Result<(), Error>;
}

/// Which way of sending programs the firmware knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    #[default]
    Unknown,
    Windows,
    Slices,
}

/// Reads until a text has come; what came before it.
fn expect(
    channel: &mut impl Channel,
    text: &'static [u8],
    patience: Duration,
    what: &'static str,
) -> Result<(), Error> {
    let mut last = Vec::new();
    loop {
        let byte = channel.byte(patience).map_err(|e| match e {
            Error::NoAnswer(_) => Error::NoAnswer(what),
            e => e,
        })?;
        if last.len() == text.len() {
            last.remove(0);
        }
        last.push(byte);
        if last == text {
            return Ok(());
        }
    }
}

/// Clears the line at the prompt for people.
pub(super) fn clear_line(channel: &mut impl Channel) -> Result<(), Error> {
    channel.send(&[CTRL_C])?;
    expect(channel, b"\n>>> ", STEP, "no prompt after Ctrl-C")
}

/// From an empty line of the prompt for people to that for programs.
pub(super) fn enter(channel: &mut impl Channel) -> Result<(), Error> {
    channel.send(&[CTRL_A])?;
    expect(channel, BANNER, STEP, "no prompt for programs after Ctrl-A")
}

/// Back to the prompt for people.
pub(super) fn leave(channel: &mut impl Channel) -> Result<(), Error> {
    let mut rounds = LEAVE.as_millis() / LEAVE_AGAIN.as_millis();
    loop {
        channel.send(&[CTRL_B])?;
        match expect(channel, FRIENDLY, LEAVE_AGAIN, "no prompt after Ctrl-B") {
            Err(Error::NoAnswer(_)) if rounds > 1 => rounds -= 1,
            done => return done,
        }
    }
}

/// Breaks off whatever is at the prompt for programs, and goes back to that for people.
pub(super) fn give_up(channel: &mut impl Channel) -> Result<(), Error> {
    channel.send(&[CTRL_C, CTRL_C])?;
    // Whoever was cut off in the middle of a window takes these as text; the next ones end it.
    channel.pause(PAUSE)?;
    channel.send(&[CTRL_C])?;
    leave(channel)
}

/// The interpreter starts anew, with boot.py and without main.py; what is printed goes to `show`. False if it broke off.
pub(super) fn soft_reset(
    channel: &mut impl Channel,
    show: &mut dyn FnMut(&[u8]) -> Flow,
) -> Result<bool, Error> {
    channel.send(&[CTRL_D])?;
    expect(channel, b"OK\r\n", STEP, "no soft reset after Ctrl-D")?;
    // Lines are passed on whole; the banner's first line and the prompt after it are not.
    let banner = &BANNER[..BANNER.len() - 3];
    let mut line = Vec::new();
    loop {
        let mut broke = false;
        let mut sink = |bytes: &[u8]| {
            line.extend_from_slice(bytes);
            if line.len() > LINE_MAX {
                let shown: Vec<u8> = line.drain(..line.len() - banner.len()).collect();
                broke |= show(&shown) == Flow::Break;
            }
            if broke { Flow::Break } else { Flow::Nothing }
        };
        if !channel.until(b'\n', None, &mut sink)? {
            return Ok(false);
        }
        while line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.ends_with(banner) {
            // What was printed without a line end before it.
            line.truncate(line.len() - banner.len());
            if !line.is_empty() && show(&line) == Flow::Break {
                return Ok(false);
            }
            return match channel.byte(STEP)? {
                b'>' => Ok(true),
                _ => Err(Error::NoAnswer("no prompt for programs after a soft reset")),
            };
        }
        line.extend_from_slice(b"\r\n");
        if show(&std::mem::take(&mut line)) == Flow::Break {
            return Ok(false);
        }
    }
}

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// With this exception's text; empty if there was none.
    Ended(Vec<u8>),
    /// The sink broke it off.
    Broke,
}

/// Bytes that a program may print in the midst of a step.
const STRAY_MAX: usize = 64 << 10;
/// Bytes of an exception's text that are kept.
const TRACEBACK_MAX: usize = 32 << 10;

/// Waits for the end of a program that was sent; its output goes to `sink`. Without patience it may take for ever.
pub(super) fn listen(
    channel: &mut impl Channel,
    patience: Option<Duration>,
    sink: &mut dyn FnMut(&[u8]) -> Flow,
) -> Result<Outcome, Error> {
    if !channel.until(CTRL_D, patience, sink)? {
        return Ok(Outcome::Broke);
    }
    let mut text = Vec::new();
    let mut keep = |bytes: &[u8]| {
        let room = TRACEBACK_MAX - text.len();
        text.extend_from_slice(&bytes[..bytes.len().min(room)]);
        Flow::Progress
    };
    channel.until(CTRL_D, Some(STEP), &mut keep)?;
    Ok(Outcome::Ended(text))
}

/// The prompt after a program that ended. One that left by `sys.exit()` starts the interpreter anew before.
pub(super) fn next_prompt(channel: &mut impl Channel) -> Result<(), Error> {
    one_of(channel, &[b">"], "no prompt after a program").map(drop)
}

/// The first of some answers that comes, by its number; what comes before it is a program's.
fn one_of(
    channel: &mut impl Channel,
    answers: &[&[u8]],
    what: &'static str,
) -> Result<usize, Error> {
    let mut came = Vec::new();
    loop {
        came.push(channel.byte(STEP).map_err(|e| match e {
            Error::NoAnswer(_) => Error::NoAnswer(what),
            e => e,
        })?);
        if let Some(found) = answers.iter().position(|a| came.ends_with(a)) {
            came.truncate(came.len() - answers[found].len());
            channel.stray(&came);
            return Ok(found);
        }
        if came.len() > STRAY_MAX {
            return Err(Error::NoAnswer(what));
        }
    }
}

/// What is said of a program that is not taken.
const NOT_TAKEN: &str = "a program was not taken";

/// Sends a program, which is executed then.
pub(super) fn send_program(
    channel: &mut impl Channel,
    way: &mut Way,
    source: &[u8],
) -> Result<(), Error> {
    if *way != Way::Slices {
        channel.send(b"\x05A\x01")?;
        match one_of(channel, &[b"R\x01", b"R\x00", BANNER], NOT_TAKEN)? {
            0 => {
                *way = Way::Windows;
                return send_windows(channel, source);
            }
            // The firmware knows what was asked and has none, or knows nothing of it and has said its banner again.
            _ => *way = Way::Slices,
        }
    }
    for slice in source.chunks(SLICE) {
        channel.send(slice)?;
        channel.pause(PAUSE)?;
    }
    channel.send(&[CTRL_D])?;
    one_of(channel, &[b"OK"], NOT_TAKEN).map(drop)
}

fn send_windows(channel: &mut impl Channel, source: &[u8]) -> Result<(), Error> {
    let window = u16::from_le_bytes([channel.byte(STEP)?, channel.byte(STEP)?]);
    if window == 0 {
        return Err(Error::Nonsense("a window of no bytes"));
    }
    let (mut room, mut rest) = (usize::from(window), source);
    while !rest.is_empty() {
        while room == 0 {
            match one_of(channel, &[&[1], &[CTRL_D]], NOT_TAKEN)? {
                0 => room += usize::from(window),
                // The board takes no more.
                _ => return channel.send(&[CTRL_D]),
            }
        }
        let (now, later) = rest.split_at(room.min(rest.len()));
        channel.send(now)?;
        (room, rest) = (room - now.len(), later);
    }
    channel.send(&[CTRL_D])?;
    while one_of(channel, &[&[1], &[CTRL_D]], NOT_TAKEN)? == 0 {}
    Ok(())
}
