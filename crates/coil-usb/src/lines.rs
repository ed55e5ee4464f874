//! DTR and RTS of ports that have none: calls that set or read them are answered here.

use crate::error::UsbError;
use crate::filter::{TIOCMBIC, TIOCMBIS, TIOCMGET, TIOCMSET};
use crate::notify::{Question, Questions, Verdict};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt};
use std::sync::mpsc::channel;

/// The lines that a port drives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Data terminal ready.
    pub dtr: bool,
    /// Request to send.
    pub rts: bool,
}

/// Sets lines of the port whose device file has this number, as `st_rdev` has it, and tells what they are: DTR and RTS, left out
/// where they stay as they are. It says nothing of a port that is not a board's, and an error where the board has gone.
pub type LinesOf = dyn FnMut(u64, Option<bool>, Option<bool>) -> Option<io::Result<Levels>> + Send;

// Bits of the calls. What a board at a bridge shows: it is there, and takes what comes.
const DTR: u32 = 0x002;
const RTS: u32 = 0x004;
const SHOWN: u32 = 0x020 | 0x040 | 0x100;

/// Has `lines` asked when a process that this thread starts from now on reads or sets the lines of a port.
///
/// # Errors
/// If the kernel does not tell of such calls, or this process has been started by one that is told already.
pub fn serve_lines(lines: Box<LinesOf>) -> Result<(), UsbError> {
    let (give, take) = channel::<Questions>();
    // It is there before the filter, so that its own calls are not asked about.
    let serve = move || {
        if let Ok(questions) = take.recv() {
            answer_all(&questions, lines);
        }
    };
    std::thread::Builder::new().name("lines".into()).spawn(serve).map_err(UsbError::Lines)?;
    let questions = Questions::install().map_err(|e| match e.raw_os_error() {
        Some(libc::EBUSY) => UsbError::Nested,
        _ => UsbError::Lines(e),
    })?;
    // The thread waits for it.
    let _ = give.send(questions);
    Ok(())
}

fn answer_all(questions: &Questions, mut lines: Box<LinesOf>) {
    loop {
        match questions.next() {
            Ok(question) => {
                let verdict = judge(&question, &mut *lines).unwrap_or(Verdict::Pass);
                questions.answer(&question, verdict);
            }
            // Whoever asked was killed, or a signal came.
            Err(e) if matches!(e.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => {}
            Err(_) => return,
        }
    }
}

/// What becomes of a call; an error where its process cannot be looked into, which is not ours then.
fn judge(question: &Question, lines: &mut LinesOf) -> io::Result<Verdict> {
    let [file, command, at, ..] = question.args;
    let (thread, file) = (question.thread, file as u32);
    let meta = std::fs::metadata(format!("/proc/{thread}/fd/{file}"))?;
    if !meta.file_type().is_char_device() {
        return Ok(Verdict::Pass);
    }
    let memory = || OpenOptions::new().read(true).write(true).open(format!("/proc/{thread}/mem"));
    let command = command as u32;
    let change = match command {
        TIOCMGET => (None, None),
        _ => changed(command, read(&memory()?, at)?),
    };
    match lines(meta.rdev(), change.0, change.1) {
        None => Ok(Verdict::Pass),
        Some(Err(_)) => Ok(Verdict::Failed(libc::EIO)),
        Some(Ok(levels)) => {
            if command == TIOCMGET {
                memory()?.write_all_at(&shown(levels).to_ne_bytes(), at)?;
            }
            Ok(Verdict::Done)
        }
    }
}

fn read(memory: &File, at: u64) -> io::Result<u32> {
    let mut bits = [0; 4];
    memory.read_exact_at(&mut bits, at)?;
    Ok(u32::from_ne_bytes(bits))
}

/// What a call makes of DTR and RTS.
fn changed(command: u32, bits: u32) -> (Option<bool>, Option<bool>) {
    let of = |line: u32| {
        let is_named = bits & line != 0;
        match command {
            TIOCMBIS => is_named.then_some(true),
            TIOCMBIC => is_named.then_some(false),
            TIOCMSET => Some(is_named),
            _ => None,
        }
    };
    (of(DTR), of(RTS))
}

/// What a call that reads them is told.
fn shown(levels: Levels) -> u32 {
    let bit = |is_on: bool, line: u32| if is_on { line } else { 0 };
    SHOWN | bit(levels.dtr, DTR) | bit(levels.rts, RTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_change_the_lines_that_they_name() {
        const ON: Option<bool> = Some(true);
        const OFF: Option<bool> = Some(false);
        let cases = [
            (TIOCMBIS, DTR, (ON, None)),
            (TIOCMBIS, RTS | DTR, (ON, ON)),
            (TIOCMBIC, RTS, (None, OFF)),
            (TIOCMBIC, 0, (None, None)),
            (TIOCMSET, DTR, (ON, OFF)),
            (TIOCMSET, 0, (OFF, OFF)),
            (TIOCMSET, 0xffff_ffff, (ON, ON)),
            (TIOCMBIS, 0x2000 | 0x8, (None, None)),
        ];
        for (command, bits, expected) in cases {
            assert_eq!(changed(command, bits), expected, "{command:#x} {bits:#x}");
        }
        assert_eq!(shown(Levels { dtr: true, rts: false }), 0x162);
        assert_eq!(shown(Levels { dtr: false, rts: true }), 0x164);
    }
}
