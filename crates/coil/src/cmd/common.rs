//! Options that several commands share.

use anyhow::{Context, Result, bail};
use coil_air::{Air, AirConfig};
use coil_board::outside::{Bench, Event, Kind, Kinds, RamFlash};
use coil_board::{Device, Profile};
use coil_circuit::{Circuit, Plan, Stimuli};
use coil_lab::recording::Recording;
use coil_lab::{BoardSpec, Console, FileCard, FileFlash, Observer, catalog};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The factory address of a board that is alone.
const MAC: [u8; 6] = [0x24, 0x0a, 0xc4, 0x00, 0x00, 0x01];

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Says on standard output, at once, where everything is. Who has read enough of it and gone has not asked for an end.
pub(crate) fn tell(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// What a `stimulus.toml` says is to be done, or what was done in a session that was recorded.
pub(crate) fn read_stimuli(path: &Path) -> Result<Stimuli> {
    let text = read(path)?;
    let context = || format!("stimulus `{}`", path.display());
    if text.starts_with('{') {
        return Ok(Recording::read(text.as_bytes()).with_context(context)?.into());
    }
    Stimuli::read(&text).with_context(context)
}

/// The board that it is where nothing is said, its firmware and its floats.
const DEVICE: &str = "wemos-d1-r32";
const FIRMWARE: &str = "current";
const FLOAT_BITS: u8 = 32;

/// Which board, with which firmware.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BoardOptions {
    /// Board type.
    #[arg(long, default_value = DEVICE)]
    pub(crate) device: String,
    /// Firmware generation.
    #[arg(long, default_value = FIRMWARE)]
    pub(crate) firmware: String,
    /// Bits of a float: 32 as on the chip, or 64.
    #[arg(long, default_value_t = FLOAT_BITS)]
    pub(crate) float: u8,
    /// Size of the Python heap in bytes, instead of the chip's.
    #[arg(long)]
    pub(crate) heap: Option<u32>,
    /// Collect memory at every allocation, for those who look for defects of ours.
    #[arg(long, hide = true)]
    pub(crate) gc_stress: bool,
    /// Flash image file; without it the flash is empty and forgotten at the end.
    #[arg(long)]
    pub(crate) flash: Option<PathBuf>,
    /// A jumper wire between two pins, as `4-5`; may be given more than once.
    #[arg(long, value_name = "PIN-PIN")]
    pub(crate) jumper: Vec<String>,
    /// What is wired to the board: a `circuit.toml`.
    #[arg(long, value_name = "FILE")]
    pub(crate) circuit: Option<PathBuf>,
    /// What is done to the circuit, and when: a `stimulus.toml`.
    #[arg(long, value_name = "FILE", requires = "circuit")]
    pub(crate) stimulus: Option<PathBuf>,
    /// What chance depends on: the same number gives the same noise and random numbers. Without it they
    /// are different every time, and the same every time with `--virtual-time`.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Image file of an SD card, for `machine.SDCard`.
    #[arg(long, value_name = "FILE")]
    pub(crate) card: Option<PathBuf>,
}

/// Tells on stderr what is wrong with what is wired to a board.
struct Faults;

impl Observer for Faults {
    fn event(&mut self, _: u64, event: &Event) {
        if let Event::Fault { part, text } = event {
            tell_fault(None, part.as_deref(), text);
        }
    }
    fn watches(&self) -> Kinds {
        Kinds::of(Kind::Fault)
    }
}

/// Tells on stderr what is wrong with a part, or with the pins, of a board.
pub(crate) fn tell_fault(board: Option<&str>, part: Option<&str>, text: &str) {
    let about: Vec<_> = [board, Some("circuit"), part].into_iter().flatten().collect();
    // Nobody reads: then nobody is told.
    let _ = writeln!(std::io::stderr(), "{}: {text}", about.join(": "));
}

impl Default for BoardOptions {
    fn default() -> Self {
        Self {
            device: DEVICE.into(),
            firmware: FIRMWARE.into(),
            float: FLOAT_BITS,
            heap: None,
            gc_stress: false,
            flash: None,
            jumper: Vec::new(),
            circuit: None,
            stimulus: None,
            seed: None,
            card: None,
        }
    }
}

impl BoardOptions {
    /// Those of a run in virtual time, which is the same every time.
    pub(crate) fn at_pace(mut self, is_virtual: bool) -> Self {
        if is_virtual {
            self.seed.get_or_insert(0);
        }
        self
    }

    /// Whether there is such a board; says what there is if not.
    pub(crate) fn check(&self) -> Result<(Device, Profile)> {
        let Some(device) = catalog::device(&self.device) else {
            let known: Vec<_> = catalog::device_names().collect();
            bail!("unknown board `{}`; known are: {}", self.device, known.join(", "));
        };
        let Some(profile) = catalog::profile(&self.firmware) else {
            let known: Vec<_> = catalog::profile_names().collect();
            bail!("unknown firmware `{}`; known are: {}", self.firmware, known.join(", "));
        };
        if self.float != 32 && self.float != 64 {
            bail!("`--float {}` is not possible; it is 32 or 64", self.float);
        }
        self.bench()?;
        self.circuit(self.plan(&device)?)?;
        Ok((device, profile))
    }

    /// What is wired to the board.
    fn bench(&self) -> Result<Bench> {
        let mut bench = Bench::default();
        for jumper in &self.jumper {
            let pins = jumper.split_once('-').and_then(|(a, b)| {
                let [a, b] = [a, b].map(|p| p.parse::<u8>().ok().filter(|p| *p < 40));
                a.zip(b)
            });
            let Some((a, b)) = pins else {
                bail!("`--jumper {jumper}` is not possible; it is two pin numbers, as in `4-5`");
            };
            bench = bench.jumper(a, b);
        }
        if let Some(path) = &self.card {
            match FileCard::open(path) {
                Ok(card) => bench = bench.card(None, card),
                Err(e) => bail!("card image `{}`: {e}", path.display()),
            }
        }
        Ok(bench)
    }

    /// What is wired to the board, if something is.
    pub(crate) fn plan(&self, device: &Device) -> Result<Option<Plan>> {
        let Some(path) = &self.circuit else { return Ok(None) };
        let plan = Plan::read(&read(path)?, device)
            .with_context(|| format!("circuit `{}`", path.display()))?;
        if let Some(board) = plan.board().filter(|b| *b != device.name) {
            bail!(
                "circuit `{}` is for the board `{board}`, and this is `{}`; use `--device {board}`",
                path.display(),
                device.name
            );
        }
        Ok(Some(match self.seed {
            Some(seed) => plan.with_seed(seed),
            None => plan,
        }))
    }

    /// The circuit around the board and what is typed at it, if there is one.
    fn circuit(&self, plan: Option<Plan>) -> Result<Option<(Circuit, Stimuli)>> {
        let Some(plan) = plan else { return Ok(None) };
        let mut circuit = Circuit::new(&plan);
        let mut stimuli = Stimuli::default();
        if let Some(path) = &self.stimulus {
            stimuli = read_stimuli(path)?;
            for (at_ns, deed) in std::mem::take(&mut stimuli.deeds) {
                circuit
                    .plan_deed(at_ns, deed)
                    .with_context(|| format!("stimulus `{}`", path.display()))?;
            }
        }
        Ok(Some((circuit, stimuli)))
    }

    /// A board with these options.
    pub(crate) fn spec(&self, console: Box<dyn Console>) -> Result<BoardSpec> {
        let (device, _) = self.check()?;
        self.spec_with(self.plan(&device)?, console)
    }

    /// The same with this wired to it, whatever the options say.
    pub(crate) fn spec_with(
        &self,
        plan: Option<Plan>,
        console: Box<dyn Console>,
    ) -> Result<BoardSpec> {
        let (device, profile) = self.check()?;
        let flash: Box<dyn coil_board::outside::Flash + Send> = match &self.flash {
            Some(path) => match FileFlash::open(path, device.flash_bytes) {
                Ok(f) => Box::new(f),
                Err(e) => bail!("flash image `{}`: {e}", path.display()),
            },
            None => Box::new(RamFlash::new(device.flash_bytes)),
        };
        let air =
            AirConfig::without_access_points().and_then(Air::new).context("the board's air")?;
        let (circuit, stimuli) = self.circuit(plan)?.unzip();
        let keys = stimuli.unwrap_or_default().keys;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(BoardSpec {
            profile,
            device,
            flash,
            mac: MAC,
            station: Some(air.attach(MAC)),
            // A board without a network starts at the epoch, as the chip does.
            rtc_offset_us: 0,
            boot_text: true,
            single_precision: self.float == 32,
            gc_stress: self.gc_stress,
            heap: self.heap,
            files: Vec::new(),
            bench: self.bench()?,
            circuit,
            script: Vec::new(),
            keys: keys.into_iter().map(|(ns, keys)| (ns / 1000, keys)).collect(),
            replay: Vec::new(),
            recorder: None,
            seed: self.seed.unwrap_or(now.as_nanos() as u64),
            program: None,
            console,
            observer: Some(Box::new(Faults)),
            coverage: None,
        })
    }
}
