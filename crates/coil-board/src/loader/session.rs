//! The loader as a machine: bytes in, bytes out. It knows neither the console nor the clock.

use super::command::{Dialect, Refusal, Request, answer, op};
use super::flash::{Download, Upload, Work, Worked, peek};
use super::registers::Registers;
use super::slip::{self, Decoder, Got};
use crate::outside::Flash;
use crate::profile::Silicon;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

/// What starts the payload of a request to synchronise.
const SYNC: [u8; 4] = [0x07, 0x07, 0x12, 0x20];
/// Answers to one.
const SYNC_ANSWERS: usize = 8;
/// The word in those of the ROM; that of what a tool has started is zero, which is how they are told apart.
const ROM_SYNC_WORD: u32 = 0x2012_0707;
/// How what a tool has started says that it runs.
const HELLO: &[u8] = b"OHAI";
/// Bytes of a slow read.
const SLOW_BYTES: usize = 64;
/// Keys that lead out of the loader: it is not meant to be left by them, but whoever types them is no tool for it.
const KEYS: [u8; 2] = [b'\r', 0x03];

/// What is to be known of the chip.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What is burnt into it.
    pub silicon: Silicon,
    /// Its factory address.
    pub mac: [u8; 6],
    /// The levels of its strapping pins.
    pub straps: u8,
}

/// What becomes of the loader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Next {
    /// It goes on.
    Listen,
    /// The chip is reset and starts its firmware.
    Leave,
}

/// What it does beside listening.
#[derive(Debug)]
enum Doing {
    Nothing,
    /// Work for a request, which is answered when it is done.
    Work(u8, Work),
    Upload(Upload),
}

/// What has come of a request.
enum Done {
    /// It is answered with a word.
    Word(u32),
    /// It is answered with data.
    Data(Vec<u8>),
    /// It is answered as a request to synchronise is.
    Synchronised,
    /// It is answered when the work is done.
    Work(Work),
    /// After the answer, blocks follow.
    Upload(Upload),
    /// The tools' loader takes over.
    Stub,
    /// The ROM's does.
    Rom,
    /// The loader is left.
    Leave,
}

/// The loader between its start and the moment it is left.
pub struct Session {
    flash: Rc<RefCell<Box<dyn Flash>>>,
    registers: Registers,
    /// Bits in a second that the client speaks at.
    line_baud: u32,
    dialect: Dialect,
    decoder: Decoder,
    download: Option<Download>,
    doing: Doing,
    /// The last request was to stay in the loader whatever happens.
    stays: bool,
}

impl core::fmt::Debug for Session {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session")
            .field("dialect", &self.dialect)
            .field("doing", &self.doing)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// The ROM's loader, which has just started.
    pub fn new(flash: Rc<RefCell<Box<dyn Flash>>>, facts: Facts) -> Self {
        let Facts { silicon, mac, straps } = facts;
        let bytes = flash.borrow().len();
        Self {
            flash,
            registers: Registers::new(silicon, mac, straps, bytes),
            line_baud: super::BAUD,
            dialect: Dialect::Rom,
            decoder: Decoder::default(),
            download: None,
            doing: Doing::Nothing,
            stays: false,
        }
    }

    /// Takes a byte of the line; what is to be sent goes to `out`. Not while it [is busy](Self::is_busy).
    pub fn receive(&mut self, byte: u8, out: &mut Vec<u8>) -> Next {
        let acknowledges = matches!(self.doing, Doing::Upload(_));
        match self.decoder.push(byte, acknowledges) {
            Got::Nothing => Next::Listen,
            Got::Outside(key) if KEYS.contains(&key) => Next::Leave,
            Got::Outside(_) => Next::Listen,
            Got::Frame => {
                let frame = self.decoder.take();
                let next = self.frame(&frame, out);
                self.decoder.reuse(frame);
                next.unwrap_or_else(|| {
                    self.decoder.open();
                    Next::Listen
                })
            }
        }
    }

    /// Whether work is to be done before it listens again.
    pub fn is_busy(&self) -> bool {
        matches!(self.doing, Doing::Work(..))
    }

    /// Does a slice of its work.
    pub fn work(&mut self, out: &mut Vec<u8>) {
        let Doing::Work(op, work) = &mut self.doing else { return };
        let op = *op;
        let worked = work.go_on(&mut **self.flash.borrow_mut());
        match worked {
            Ok(Worked::More) => return,
            Ok(Worked::Erased) => answer(out, self.dialect, op, 0, Ok(&[])),
            Ok(Worked::Digest(digest)) => self.answer_digest(op, &digest, out),
            Err(refusal) => {
                self.download = None;
                answer(out, self.dialect, op, 0, Err(refusal));
            }
        }
        self.doing = Doing::Nothing;
    }

    /// Whether a frame has started and not ended.
    pub fn is_in_frame(&self) -> bool {
        self.decoder.is_inside()
    }

    /// Forgets a frame whose end does not come.
    pub fn abandon_frame(&mut self) {
        self.decoder.abandon();
    }

    /// Nobody is at the line any more.
    pub fn hang_up(&mut self) -> Next {
        self.decoder.abandon();
        if self.stays { Next::Listen } else { Next::Leave }
    }

    /// The client speaks at so many bits a second. It is measured when it synchronises.
    pub fn set_speed(&mut self, baud: u32) {
        self.line_baud = baud;
    }

    /// Answers a request to synchronise.
    pub fn synchronise(&mut self, out: &mut Vec<u8>) {
        self.registers.baud = self.line_baud;
        let word = if self.dialect == Dialect::Rom { ROM_SYNC_WORD } else { 0 };
        for _ in 0..SYNC_ANSWERS {
            answer(out, self.dialect, op::SYNC, word, Ok(&[]));
        }
    }

    fn answer_digest(&self, op: u8, digest: &[u8; 16], out: &mut Vec<u8>) {
        if self.dialect == Dialect::Stub {
            return answer(out, self.dialect, op, 0, Ok(digest));
        }
        let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
        let text: Vec<u8> = digest.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect();
        answer(out, self.dialect, op, 0, Ok(&text));
    }

    /// Takes a frame; nothing if it is none of anything.
    fn frame(&mut self, frame: &[u8], out: &mut Vec<u8>) -> Option<Next> {
        if let Doing::Upload(upload) = &self.doing
            && let Some(bytes) = <[u8; 4]>::try_from(frame).ok().map(u32::from_le_bytes)
        {
            if upload.is_acknowledged(bytes) {
                self.send_next(out);
            } else {
                self.doing = Doing::Nothing;
            }
            return Some(Next::Listen);
        }
        let (op, request) = Request::parse(frame)?;
        self.doing = Doing::Nothing;
        self.stays = false;
        match request.and_then(|request| self.obey(&request)) {
            Ok(done) => Some(self.answer(op, done, out)),
            Err(refusal) => {
                answer(out, self.dialect, op, 0, Err(refusal));
                Some(Next::Listen)
            }
        }
    }

    /// Answers what was done, and does what comes after the answer.
    fn answer(&mut self, op: u8, done: Done, out: &mut Vec<u8>) -> Next {
        let (word, data) = match &done {
            Done::Work(_) => (0, None),
            Done::Synchronised => {
                self.synchronise(out);
                (0, None)
            }
            Done::Word(word) => (*word, Some(&[][..])),
            Done::Data(data) => (0, Some(&data[..])),
            _ => (0, Some(&[][..])),
        };
        if let Some(data) = data {
            answer(out, self.dialect, op, word, Ok(data));
        }
        match done {
            Done::Work(work) => self.doing = Doing::Work(op, work),
            Done::Upload(upload) => {
                self.doing = Doing::Upload(upload);
                self.send_next(out);
            }
            Done::Stub => {
                self.dialect = Dialect::Stub;
                self.download = None;
                slip::send(out, &[HELLO]);
            }
            Done::Rom => {
                self.dialect = Dialect::Rom;
                self.registers.baud = self.line_baud;
                self.stays = true;
            }
            Done::Leave => return Next::Leave,
            Done::Synchronised | Done::Word(_) | Done::Data(_) => {}
        }
        Next::Listen
    }

    /// Does what a request asks for, or says why not.
    fn obey(&mut self, request: &Request<'_>) -> Result<Done, Refusal> {
        match (self.dialect, request.op) {
            (_, op::SYNC) if request.payload.starts_with(&SYNC) => return Ok(Done::Synchronised),
            (_, op::SYNC) => return Err(Refusal::Message),
            (_, op::READ_REG) => {
                let [address] = request.words()?;
                return Ok(Done::Word(self.registers.read(address)));
            }
            (_, op::WRITE_REG) => self.write_registers(request)?,
            (_, op::SPI_ATTACH | op::SPI_SET_PARAMS) => {
                request.words::<1>()?;
            }
            (_, op::CHANGE_BAUDRATE) => [self.registers.baud, _] = request.words()?,
            (_, op::MEM_BEGIN) => {
                request.words::<4>()?;
            }
            (_, op::MEM_DATA) => {
                request.block()?;
            }
            // There is no processor for what was put into memory: whatever is to be started there is taken for the
            // tools' own loader, which this one is from then on.
            (_, op::MEM_END) => {
                let [stays, entry] = request.words()?;
                return Ok(if stays == 0 && entry != 0 { Done::Stub } else { Done::Word(0) });
            }
            (_, op::FLASH_BEGIN | op::DEFL_BEGIN) => return self.begin_download(request),
            (_, op::FLASH_DATA | op::DEFL_DATA) => self.take_block(request)?,
            (_, op::FLASH_END | op::DEFL_END) => return self.end_download(request),
            (_, op::FLASH_MD5) => {
                let [at, len] = request.words()?;
                return Work::digest(&**self.flash.borrow(), at, len).map(Done::Work);
            }
            (Dialect::Rom, op::READ_FLASH_SLOW) => {
                return self.read_slowly(request).map(Done::Data);
            }
            (Dialect::Stub, op::ERASE_FLASH) => {
                return Ok(Done::Work(Work::erase_all(&**self.flash.borrow())));
            }
            (Dialect::Stub, op::ERASE_REGION) => {
                let [at, len] = request.words()?;
                return Work::erase(&**self.flash.borrow(), at, len).map(Done::Work);
            }
            (Dialect::Stub, op::READ_FLASH) => {
                return Upload::new(&**self.flash.borrow(), request.words()?).map(Done::Upload);
            }
            (Dialect::Stub, op::RUN_USER_CODE) => return Ok(Done::Leave),
            _ => return Err(Refusal::Unknown),
        }
        Ok(Done::Word(0))
    }

    /// Stores in registers, one after the other: address, word, mask, and microseconds to wait, which here none takes.
    fn write_registers(&mut self, request: &Request<'_>) -> Result<(), Refusal> {
        let (writes, []) = request.payload.as_chunks::<16>() else { return Err(Refusal::Message) };
        if writes.is_empty() {
            return Err(Refusal::Message);
        }
        for write in writes {
            let word = |at: usize| {
                u32::from_le_bytes([write[at], write[at + 1], write[at + 2], write[at + 3]])
            };
            self.registers.write(word(0), word(4), word(8));
        }
        Ok(())
    }

    fn begin_download(&mut self, request: &Request<'_>) -> Result<Done, Refusal> {
        self.download = None;
        let compressed = request.op == op::DEFL_BEGIN;
        let words = request.words()?;
        let (download, erasing) = Download::new(&**self.flash.borrow(), words, compressed)?;
        self.download = Some(download);
        Ok(Done::Work(erasing))
    }

    fn take_block(&mut self, request: &Request<'_>) -> Result<(), Refusal> {
        let block = request.block()?;
        let download = self.download.as_mut().ok_or(Refusal::NotBegun)?;
        download.take(request.op == op::DEFL_DATA, &mut **self.flash.borrow_mut(), block)
    }

    /// The end of a download. The ROM's loader is left by it, whatever it says; the tools' stays, or gives its place
    /// back to the ROM's.
    fn end_download(&mut self, request: &Request<'_>) -> Result<Done, Refusal> {
        let [stays] = request.words()?;
        if self.dialect == Dialect::Rom {
            return Ok(Done::Leave);
        }
        let download = self.download.take().ok_or(Refusal::NotBegun)?;
        if !download.is_whole() {
            return Err(Refusal::TooLittle);
        }
        Ok(if stays == 0 { Done::Rom } else { Done::Word(0) })
    }

    /// Always the same number of bytes, whatever is asked for.
    fn read_slowly(&self, request: &Request<'_>) -> Result<Vec<u8>, Refusal> {
        let [at, len] = request.words()?;
        if len as usize > SLOW_BYTES {
            return Err(Refusal::Message);
        }
        let mut data = peek(&mut **self.flash.borrow_mut(), at, len)?;
        data.resize(SLOW_BYTES, 0);
        Ok(data)
    }

    /// The next block of an upload, or the digest of all.
    fn send_next(&mut self, out: &mut Vec<u8>) {
        let Doing::Upload(mut upload) = core::mem::replace(&mut self.doing, Doing::Nothing) else {
            return;
        };
        match upload.next(&mut **self.flash.borrow_mut()) {
            Ok(Some(block)) => {
                slip::send(out, &[&block]);
                self.doing = Doing::Upload(upload);
            }
            Ok(None) => slip::send(out, &[&upload.digest()]),
            // It ends short; the tool sees that its digest does not come.
            Err(_) => {}
        }
    }
}
