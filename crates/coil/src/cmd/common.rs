//! Options that several commands share.

use anyhow::{Context, Result, bail};
use coil_air::{Air, AirConfig};
use coil_board::outside::{Bench, RamFlash};
use coil_board::{Device, Profile};
use coil_circuit::{Circuit, Plan, Stimuli};
use coil_lab::{BoardSpec, Console, FileCard, FileFlash, catalog};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The factory address of a board that is alone.
const MAC: [u8; 6] = [0x24, 0x0a, 0xc4, 0x00, 0x00, 0x01];

/// The text of a file.
fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Which board, with which firmware.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BoardOptions {
    /// Board type.
    #[arg(long, default_value = "wemos-d1-r32")]
    pub(crate) device: String,
    /// Firmware generation.
    #[arg(long, default_value = "current")]
    pub(crate) firmware: String,
    /// Bits of a float: 32 as on the chip, or 64.
    #[arg(long, default_value_t = 32)]
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
    /// Image file of an SD card, for `machine.SDCard`.
    #[arg(long, value_name = "FILE")]
    pub(crate) card: Option<PathBuf>,
}

impl BoardOptions {
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
        self.circuit(&device)?;
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

    /// What is to be wired around the board, if anything is.
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
        Ok(Some(plan))
    }

    /// The circuit around the board and what is typed at it, if there is one.
    fn circuit(&self, device: &Device) -> Result<Option<(Circuit, Stimuli)>> {
        let Some(plan) = self.plan(device)? else { return Ok(None) };
        let mut circuit = Circuit::new(&plan);
        let mut stimuli = Stimuli::default();
        if let Some(path) = &self.stimulus {
            let context = || format!("stimulus `{}`", path.display());
            stimuli = Stimuli::read(&read(path)?).with_context(context)?;
            for (at_ns, deed) in std::mem::take(&mut stimuli.deeds) {
                circuit.plan_deed(at_ns, deed).with_context(context)?;
            }
        }
        Ok(Some((circuit, stimuli)))
    }

    /// A board with these options.
    pub(crate) fn spec(&self, console: Box<dyn Console>) -> Result<BoardSpec> {
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
        let (circuit, stimuli) = self.circuit(&device)?.unzip();
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
            seed: now.as_nanos() as u64,
            program: None,
            console,
            observer: None,
            coverage: None,
        })
    }
}
