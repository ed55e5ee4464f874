//! A board that lives as long as its input, on a flash that is changed for one run alone.

use coil_board::outside::{
    Datagrams, Event, Flash, FlashError, NoRadio, RamFlash, Stimulus, Tls, TlsClient, TlsFault,
    TlsSession, Wires,
};
use coil_board::{Board, Device, Profile, Setup};
use coil_vm::rom::Rom;
use coil_vm::shared::Shared;
use coil_vm::{Port, Wake};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

static ROM: LazyLock<Shared<Rom>> = LazyLock::new(|| Rom::new(&coil_board::modules::all()));

/// Bytes of a sector.
const SECTOR: usize = 4096;
/// Bytes of the chip.
const FLASH: u32 = 4 << 20;

/// A flash whose sectors are copied when they are changed.
#[derive(Clone, Debug)]
pub(crate) struct Layered {
    base: Arc<Vec<u8>>,
    changed: Rc<RefCell<BTreeMap<usize, Vec<u8>>>>,
}

impl Layered {
    /// The flash of a board that has booted once and has some settings and files.
    pub(crate) fn prepared() -> Self {
        static BASE: LazyLock<Arc<Vec<u8>>> = LazyLock::new(prepare);
        Self { base: BASE.clone(), changed: Rc::default() }
    }

    /// Changes a part of a sector, whatever a flash could do.
    pub(crate) fn edit(&self, sector: usize, edit: impl FnOnce(&mut [u8])) {
        let from = sector * SECTOR;
        let base = &self.base[from..from + SECTOR];
        let mut changed = self.changed.borrow_mut();
        edit(changed.entry(sector).or_insert_with(|| base.to_vec()));
    }

    fn pieces(
        &self,
        at: u32,
        len: usize,
        mut each: impl FnMut(usize, std::ops::Range<usize>, std::ops::Range<usize>),
    ) -> Result<(), FlashError> {
        let mut at = at as usize;
        if at + len > self.base.len() {
            return Err(FlashError::Range);
        }
        let mut done = 0;
        while done < len {
            let inside = at % SECTOR;
            let n = (SECTOR - inside).min(len - done);
            each(at / SECTOR, inside..inside + n, done..done + n);
            (at, done) = (at + n, done + n);
        }
        Ok(())
    }
}

impl Flash for Layered {
    fn len(&self) -> u32 {
        self.base.len() as u32
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        let (base, changed) = (self.base.clone(), self.changed.clone());
        self.pieces(at, into.len(), |sector, inside, part| {
            let from = sector * SECTOR;
            let changed = changed.borrow();
            let bytes = changed.get(&sector).map_or(&base[from..from + SECTOR], |s| &s[..]);
            into[part].copy_from_slice(&bytes[inside]);
        })
    }
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.pieces(at, bytes.len(), |sector, inside, part| {
            self.edit(sector, |s| {
                s[inside].iter_mut().zip(&bytes[part]).for_each(|(t, b)| *t &= b);
            });
        })
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.pieces(at, len as usize, |sector, inside, _| {
            self.edit(sector, |s| s[inside].fill(0xff));
        })
    }
}

/// A flash that outlives its board.
struct Kept(Rc<RefCell<RamFlash>>);

impl Flash for Kept {
    fn len(&self) -> u32 {
        self.0.borrow().len()
    }
    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        self.0.borrow_mut().read(at, into)
    }
    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.0.borrow_mut().program(at, bytes)
    }
    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.0.borrow_mut().erase(at, len)
    }
}

const PREPARATION: &str = "
import esp32, os, vfs
n = esp32.NVS('lab')
n.set_i32('x', 5)
n.set_blob('b', b'abc' * 30)
n.commit()
with open('f', 'w') as f: f.write('text' * 30)
with open('big', 'w') as f: f.write('0123456789abcdef' * 1200)
os.mkdir('d')
with open('d/g', 'w') as f: f.write('more')
";

fn prepare() -> Arc<Vec<u8>> {
    let chip = Rc::new(RefCell::new(RamFlash::new(FLASH)));
    let (mut board, _) = board(Box::new(Kept(chip.clone())), &[], 64_000);
    board.run_program(PREPARATION.as_bytes(), "prepare.py");
    drop(board);
    let mut image = vec![0; FLASH as usize];
    chip.borrow_mut().read(0, &mut image).expect("the whole flash can be read");
    Arc::new(image)
}

/// What is typed on a board, and how long it may still live.
#[derive(Debug, Default)]
pub(crate) struct Life {
    input: VecDeque<u8>,
    /// What is typed when the board waits for more, a piece at a time.
    pub(crate) later: VecDeque<Vec<u8>>,
    output: u64,
    /// What it says, where somebody listens.
    pub(crate) said: Option<Vec<u8>>,
    interrupt_char: i16,
    interrupted: bool,
    polls: u32,
    waits: u32,
    cut: bool,
}

/// Polls of a board's life.
const POLLS: u32 = 600;
/// Waits of it once nothing more is typed.
const WAITS: u32 = 60;
/// Polls after which a program that runs is interrupted.
const PATIENCE: u32 = 40;

impl Life {
    fn is_over(&self) -> bool {
        self.polls > POLLS || self.waits > WAITS
    }
}

struct Serial {
    life: Rc<RefCell<Life>>,
    now_us: u64,
}

impl Port for Serial {
    fn now_us(&mut self) -> u64 {
        self.now_us
    }
    fn write(&mut self, bytes: &[u8]) {
        let mut life = self.life.borrow_mut();
        life.output += bytes.len() as u64;
        if let Some(said) = &mut life.said {
            said.extend_from_slice(bytes);
        }
    }
    fn read(&mut self) -> Option<u8> {
        self.life.borrow_mut().input.pop_front()
    }
    fn readable(&mut self) -> bool {
        !self.life.borrow().input.is_empty()
    }
    fn wait(&mut self, until_us: Option<u64>) -> Wake {
        let mut life = self.life.borrow_mut();
        if life.input.is_empty()
            && let Some(piece) = life.later.pop_front()
        {
            life.input.extend(piece);
            return Wake::Event;
        }
        life.waits += 1;
        self.now_us = self.now_us.max(until_us.unwrap_or(self.now_us + 100_000));
        Wake::Time
    }
    fn poll(&mut self, steps: u32) {
        self.now_us += u64::from(steps) / 64 + 1;
        let mut life = self.life.borrow_mut();
        life.polls += 1;
        if life.polls.is_multiple_of(PATIENCE) && life.interrupt_char >= 0 {
            life.interrupted = true;
        }
    }
    fn take_interrupt(&mut self) -> bool {
        std::mem::take(&mut self.life.borrow_mut().interrupted)
    }
    fn set_interrupt_char(&mut self, c: i16) {
        let mut life = self.life.borrow_mut();
        life.interrupt_char = c;
        // What was typed ahead counts, as on a wire.
        if let Ok(c) = u8::try_from(c)
            && let Some(at) = life.input.iter().position(|&b| b == c)
        {
            life.input.drain(..=at);
            life.interrupted = true;
        }
        if c < 0 {
            life.interrupted = false;
        }
    }
    fn random(&mut self) -> u32 {
        4
    }
}

struct Power(Rc<RefCell<Life>>);

impl Wires for Power {
    fn emit(&mut self, _: u64, _: Event) {}
    fn take(&mut self, now_ns: u64) -> Option<(u64, Stimulus)> {
        let mut life = self.0.borrow_mut();
        let cut = life.is_over() && !life.cut;
        life.cut |= cut;
        cut.then_some((now_ns, Stimulus::PowerOff))
    }
}

struct NoTls;

impl Tls for NoTls {
    fn check_certificates(&mut self, _: &[u8]) -> Result<(), TlsFault> {
        Err(TlsFault::Material("invalid cert"))
    }
    fn check_key(&mut self, _: &[u8]) -> Result<(), TlsFault> {
        Err(TlsFault::Material("invalid key"))
    }
    fn client(&mut self, _: TlsClient) -> Result<Box<dyn TlsSession>, TlsFault> {
        Err(TlsFault::Other(-1, "none"))
    }
    fn server(
        &mut self,
        _: Option<(Vec<u8>, Vec<u8>)>,
        _: Vec<String>,
    ) -> Result<Box<dyn TlsSession>, TlsFault> {
        Err(TlsFault::Other(-1, "none"))
    }
    fn datagrams(&mut self, _: Datagrams, _: u64) -> Result<Box<dyn TlsSession>, TlsFault> {
        Err(TlsFault::Other(-1, "none"))
    }
}

/// A board on a flash, with what is typed on it; its power goes some time after the last byte.
pub(crate) fn board(flash: Box<dyn Flash>, typed: &[u8], heap: u32) -> (Board, Rc<RefCell<Life>>) {
    static DATA: LazyLock<(Profile, Device)> = LazyLock::new(|| {
        let profile = include_str!("../../../firmware/profiles/current.toml");
        let device = include_str!("../../../devices/esp32-devkitc.toml");
        (
            toml::from_str(profile).expect("the profile is well-formed"),
            toml::from_str(device).expect("the device is well-formed"),
        )
    });
    let life = Rc::new(RefCell::new(Life {
        input: typed.iter().copied().collect(),
        interrupt_char: -1,
        ..Life::default()
    }));
    let board = Board::new(Setup {
        profile: Rc::new(DATA.0.clone()),
        device: Rc::new(DATA.1.clone()),
        rom: ROM.clone(),
        port: Box::new(Serial { life: life.clone(), now_us: 0 }),
        wires: Box::new(Power(life.clone())),
        radio: Box::new(NoRadio::default()),
        tls: Box::new(NoTls),
        flash,
        mac: [0x24, 0x0a, 0xc4, 0, 0, 1],
        rtc_offset_us: 0,
        boot_text: false,
        single_precision: true,
        heap: Some(heap),
        files: Vec::new(),
    });
    (board, life)
}
