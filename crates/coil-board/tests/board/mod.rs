//! A board without surroundings, on a flash that outlives it.

#![allow(dead_code, reason = "each test takes its part")]

use coil_board::outside::{
    Bench, Datagrams, Flash, FlashError, NoRadio, RamFlash, Tls, TlsClient, TlsFault, TlsSession,
    Wires,
};
use coil_board::{Board, Outcome, Setup};
use coil_testkit::Kept;
use coil_vm::rom::Rom;
use coil_vm::shared::Shared;
use std::cell::RefCell;
use std::rc::Rc;

/// The flash chip of a board, which can be put on another board.
#[derive(Clone)]
pub(crate) struct Chip(pub(crate) Rc<RefCell<RamFlash>>);

impl Chip {
    /// An erased one of 4 MB.
    pub(crate) fn erased() -> Self {
        Self(Rc::new(RefCell::new(RamFlash::new(4 << 20))))
    }
}

impl Flash for Chip {
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

/// No TLS: nothing here opens a session.
pub(crate) struct NoTls;

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

/// The firmware, to be shared by all boards of a test.
pub(crate) fn firmware() -> Shared<Rom> {
    Rom::new(&coil_board::modules::all())
}

/// What a program prints on a board that has just got power, an exception that ends it included. A
/// leading comment `# jumper: 4-5` puts a wire between two pins.
pub(crate) fn run(rom: &Shared<Rom>, flash: &Chip, source: &str, stress: bool) -> String {
    let comments = source.lines().take_while(|line| line.starts_with('#'));
    let jumpers = comments.filter_map(|line| line.strip_prefix("# jumper: "));
    let bench = jumpers.fold(Bench::default(), |bench, pins| {
        let (a, b) = pins.split_once('-').expect("a jumper has two ends");
        let [a, b] = [a, b].map(|pin| pin.parse().expect("an end is a pin number"));
        bench.jumper(a, b)
    });
    run_on(rom, flash, source, stress, Box::new(bench))
}

/// The same on a board with these wires.
pub(crate) fn run_on(
    rom: &Shared<Rom>,
    flash: &(impl Flash + Clone + 'static),
    source: &str,
    stress: bool,
    wires: Box<dyn Wires>,
) -> String {
    let profile = include_str!("../../../../firmware/profiles/current.toml");
    let device = include_str!("../../../../devices/esp32-devkitc.toml");
    let port = Kept::default();
    let out = port.output();
    let mut board = Board::new(Setup {
        profile: Rc::new(toml::from_str(profile).expect("the profile is well-formed")),
        device: Rc::new(toml::from_str(device).expect("the device is well-formed")),
        rom: rom.clone(),
        port: Box::new(port),
        wires,
        radio: Box::new(NoRadio::default()),
        tls: Box::new(NoTls),
        flash: Box::new(flash.clone()),
        mac: [0x24, 0x0a, 0xc4, 0, 0, 1],
        rtc_offset_us: 0,
        boot_text: false,
        single_precision: true,
        heap: Some(1 << 20),
        files: Vec::new(),
    });
    board.vm().gc_stress = stress;
    if let Outcome::Raised(text) = board.run_program(source.as_bytes(), "script.py") {
        out.add(&text);
    }
    out.text()
}

/// A partition table with two applications to choose from.
pub(crate) fn put_update_table(flash: &mut dyn Flash) {
    let rows: [(u8, u8, u32, u32, &str); 4] = [
        (1, 2, 0x9000, 0x4000, "nvs"),
        (1, 0, 0xd000, 0x2000, "otadata"),
        (0, 0x10, 0x1_0000, 0x18_0000, "ota_0"),
        (0, 0x11, 0x19_0000, 0x18_0000, "ota_1"),
    ];
    for (i, (kind, subtype, offset, size, label)) in rows.into_iter().enumerate() {
        let mut e = vec![0xaa, 0x50, kind, subtype];
        e.extend_from_slice(&offset.to_le_bytes());
        e.extend_from_slice(&size.to_le_bytes());
        e.extend_from_slice(label.as_bytes());
        e.resize(32, 0);
        flash.program(0x8000 + 32 * i as u32, &e).expect("inside the flash");
    }
}
