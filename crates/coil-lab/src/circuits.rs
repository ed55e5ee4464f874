//! The circuits of a running lab's boards: a file for each, what its board is wired by, and who may change it.
//!
//! A board's own file is `board0.circuit.toml` beside its flash. Whoever writes one says which version was read, so that nobody's
//! work is lost to another's; what is written is wired to the board at once. Knows no HTTP; `coil-studio/src/circuits.rs` does.

mod file;
mod write;

use crate::events::{Actor, actor};
use crate::runner::BoardHandle;
use coil_board::Device;
use coil_circuit::{Drawing, Plan, PlanError};
use file::Stamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How often a file is looked at for other writers, while somebody wants to know.
pub const LOOK: Duration = Duration::from_millis(500);

/// What a board is wired by, as long as it is wired by it. Copies are of the same board.
#[derive(Clone, Debug, Default)]
pub struct Wired(Arc<RwLock<Plan>>);

impl Wired {
    /// A board that is wired by this for good.
    pub fn new(plan: Plan) -> Self {
        Self(Arc::new(RwLock::new(plan)))
    }

    /// Looks at the plan.
    pub fn with<T>(&self, look: impl FnOnce(&Plan) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, plan: Plan) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = plan;
    }
}

/// Why a circuit was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CircuitError {
    /// There is no such board, or its wires are real ones.
    #[error("there is no board `{0}` here whose circuit can be changed")]
    NoBoard(String),
    /// The file is not what the writer has read.
    #[error("the circuit was changed by somebody else; read it again before you write it")]
    Changed(Option<String>),
    /// It cannot be.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The file cannot be used.
    #[error("`{path}` cannot be used: {source}", path = .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A board's circuit, as it is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// What its own file is known by; nothing if it has none.
    pub version: Option<String>,
    /// The name of that file.
    pub file: String,
    /// Its text, or what the board is wired by without one.
    pub text: String,
    /// What that says; nothing where it cannot be.
    pub circuit: Drawing,
    /// Why it cannot be.
    pub error: Option<String>,
}

/// What a board starts with.
#[derive(Debug)]
pub struct Start {
    /// What is wired to it.
    pub plan: Plan,
    /// The file that says so, if it has one of its own.
    pub own: Option<PathBuf>,
    /// Why that one cannot be; then nothing is wired to it.
    pub error: Option<String>,
}

/// What a file is known to say.
#[derive(Debug, Default)]
struct Known {
    /// What it was when it was read last; nothing if it was not read yet, or there was none.
    stamp: Option<Stamp>,
    version: Option<String>,
    text: String,
    error: Option<String>,
    looked: Option<Instant>,
    board: Option<BoardHandle>,
}

/// A board's circuit.
#[derive(Debug)]
struct Kept {
    device: Device,
    path: PathBuf,
    wired: Wired,
    known: Mutex<Known>,
}

impl Kept {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wires the board by another plan, unless that is the same to it.
    fn wire(&self, known: &mut Known, plan: Plan) {
        if let Some(board) = known.board.as_ref().filter(|_| !self.wired.with(|w| w.is_same(&plan)))
            && let Err(e) = board.rewire(plan.clone())
        {
            known.error = Some(e.to_string());
            return;
        }
        self.wired.set(plan);
    }
}

/// All of them.
#[derive(Debug)]
pub struct Circuits {
    folder: PathBuf,
    /// The text of what boards have that have none of their own.
    base: String,
    seed: Option<u64>,
    boards: BTreeMap<String, Kept>,
}

impl Circuits {
    /// Those of a lab's folder. `base` is the text of what boards have that have no file of their own; noise and bounce
    /// depend on `seed` instead of what files say, if there is one.
    pub fn new(folder: &Path, base: String, seed: Option<u64>) -> Self {
        Self { folder: folder.to_owned(), base, seed, boards: BTreeMap::new() }
    }

    /// A board that is going to start, and what is wired to it.
    pub fn add(&mut self, name: &str, device: &Device) -> Start {
        let path = self.folder.join(format!("{name}.circuit.toml"));
        let (wired, device) = (Wired::default(), device.clone());
        let kept = Kept { device, path, wired, known: Mutex::default() };
        let mut known = kept.known();
        self.read(&kept, &mut known);
        let own = (known.version.is_some() || known.error.is_some()).then(|| kept.path.clone());
        let start = Start { plan: kept.wired.with(Plan::clone), own, error: known.error.clone() };
        drop(known);
        self.boards.insert(name.to_owned(), kept);
        start
    }

    /// The board has started: from now on it is wired anew when its circuit changes.
    pub fn started(&self, name: &str, board: BoardHandle) {
        if let Some(kept) = self.boards.get(name) {
            kept.known().board = Some(board);
        }
    }

    /// Who acts on the circuits of boards that have started, whatever these are by then.
    pub fn actor(&self) -> Actor {
        let taker = |(name, kept): (&String, &Kept)| {
            let board = kept.known().board.clone()?;
            let take = move |after_ns, deed| board.act(after_ns, deed);
            Some((name.clone(), (kept.wired.clone(), take)))
        };
        actor(self.boards.iter().filter_map(taker).collect())
    }

    /// A board's circuit, as its file says it now.
    ///
    /// # Errors
    /// If there is no such board.
    pub fn tell(&self, name: &str) -> Result<Told, CircuitError> {
        let kept = self.kept(name)?;
        let mut known = kept.known();
        self.read(kept, &mut known);
        let file = kept.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (version, text, error) =
            (known.version.clone(), known.text.clone(), known.error.clone());
        let drawn = drawn(&text, &kept.device).ok().filter(|_| error.is_none());
        Ok(Told { version, file, text, circuit: drawn.unwrap_or_default(), error })
    }

    /// What a board's own file is known by, after a look at it if nobody has looked just now.
    ///
    /// # Errors
    /// If there is no such board.
    pub fn look(&self, name: &str) -> Result<Option<String>, CircuitError> {
        let kept = self.kept(name)?;
        let mut known = kept.known();
        // Several who want to know look once together.
        if known.looked.is_none_or(|at| at.elapsed() >= LOOK * 4 / 5) {
            self.read(kept, &mut known);
        }
        Ok(known.version.clone())
    }

    /// Writes a drawing into a board's own file, if that is in the version that the writer has read (nothing: there was
    /// none), and wires the board by it; its version then. What cannot be changes nothing.
    ///
    /// # Errors
    /// If it is another version by now, if the drawing cannot be, or if the file cannot be written.
    pub fn write(
        &self,
        name: &str,
        read: Option<&str>,
        drawing: &Drawing,
    ) -> Result<String, CircuitError> {
        let kept = self.kept(name)?;
        let mut known = kept.known();
        self.read(kept, &mut known);
        if known.version.as_deref() != read {
            return Err(CircuitError::Changed(known.version.clone()));
        }
        let device = &kept.device;
        let before = known.error.is_none().then(|| known.text.clone());
        let like = Plan::draft(before.as_deref().unwrap_or_default())?;
        let drawing = Drawing::of(&drawing.draft(&like), device)?;
        // In what cannot be understood nothing can be kept but all of it, beside the new one.
        let changed = before.as_deref().and_then(|text| draw(text, &drawing, device));
        let is_lost = changed.is_none() && known.version.is_some();
        let text = match changed {
            Some(text) => text,
            None => write::write("", &drawing, device)?,
        };
        Plan::draft(&text)?;
        let io = |source| CircuitError::Io { path: kept.path.clone(), source };
        if is_lost {
            file::keep(&kept.path).map_err(io)?;
        }
        file::write(&kept.path, text.as_bytes()).map_err(io)?;
        self.read(kept, &mut known);
        Ok(known.version.clone().unwrap_or_else(|| version(text.as_bytes())))
    }

    fn kept(&self, name: &str) -> Result<&Kept, CircuitError> {
        self.boards.get(name).ok_or_else(|| CircuitError::NoBoard(name.to_owned()))
    }

    /// Finds out what the file says, if it is not known, and wires the board by it.
    fn read(&self, kept: &Kept, known: &mut Known) {
        let is_first = known.looked.replace(Instant::now()).is_none();
        let stamp = Stamp::at(&kept.path).unwrap_or_default();
        if stamp == known.stamp && !is_first {
            return;
        }
        known.stamp = stamp;
        let read = file::read(&kept.path);
        let (version, text) = match read {
            Ok(Some(content)) => (Some(version(&content)), String::from_utf8(content).ok()),
            Ok(None) => (None, Some(self.base.clone())),
            Err(e) => {
                (known.version, known.error) = (None, Some(e.to_string()));
                return;
            }
        };
        if version == known.version && known.error.is_none() && !is_first {
            return;
        }
        known.version = version;
        let plan = text.as_deref().ok_or_else(|| "it is no UTF-8 text".to_owned());
        let plan = plan.and_then(|text| self.plan(text, &kept.device));
        known.text = text.unwrap_or_default();
        known.error = plan.as_ref().err().cloned();
        if let Ok(plan) = plan {
            kept.wire(known, plan);
        }
    }

    /// What a text says for a board, or why it cannot be.
    fn plan(&self, text: &str, device: &Device) -> Result<Plan, String> {
        let plan = Plan::read(text, device).map_err(|e| e.to_string())?;
        if let Some(board) = plan.board().filter(|b| *b != device.name) {
            return Err(format!("it is for the board `{board}`, and this is `{}`", device.name));
        }
        Ok(match self.seed {
            Some(seed) => plan.with_seed(seed),
            None => plan,
        })
    }
}

/// What a text draws.
fn drawn(text: &str, device: &Device) -> Result<Drawing, PlanError> {
    Drawing::of(&Plan::draft(text)?, device)
}

/// The text of a file with another drawing in it, which has the names that [`Drawing::of`] gives; nothing if it cannot be
/// brought to say that.
pub fn draw(text: &str, drawing: &Drawing, device: &Device) -> Option<String> {
    let changed = write::write(text, drawing, device).ok()?;
    drawn(&changed, device).is_ok_and(|is| is.is_same(drawing)).then_some(changed)
}

/// What a content is known by.
fn version(content: &[u8]) -> String {
    Sha256::digest(content)[..16].iter().map(|b| format!("{b:02x}")).collect()
}
