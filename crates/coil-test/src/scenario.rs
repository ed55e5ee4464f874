//! Scenario files, `*.test.toml`: a program, what is around its board, what is done, what is expected.

pub(crate) mod air;
mod expect;

pub(crate) use expect::{
    Expect, Moment, OutputForm, PinForm, RequestForm, Subject, ValueForm, Window,
};

use crate::error::{TestError, at_most};
use crate::files::{Files, Names, read, read_text};
use crate::service::Answer;
use coil_air::{AccessPoint, AccessPointForm, Fault, FaultStep};
use coil_board::{Device, Profile};
use coil_circuit::{Circuit, Draft, Duration, Plan, Step, Stimuli};
use coil_lab::catalog;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Bytes of a scenario file at most.
const FILE_MAX: usize = 1 << 20;
/// Expectations, faults and answers of a scenario at most.
const ENTRIES_MAX: usize = 1000;
/// How long a program may take where nothing is said.
pub(crate) const LIMIT: Duration = Duration { ns: 10_000_000_000 };

/// The file, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    program: Option<PathBuf>,
    main: Option<PathBuf>,
    #[serde(default)]
    files: Names,
    device: Option<String>,
    #[serde(default = "current")]
    firmware: String,
    circuit: Option<CircuitForm>,
    stimulus: Option<PathBuf>,
    #[serde(default)]
    step: Vec<Step>,
    #[serde(rename = "for", default = "limit")]
    limit: Duration,
    network: Option<air::Network>,
    air: Option<PathBuf>,
    #[serde(default)]
    access_point: Vec<AccessPointForm>,
    authority: Option<String>,
    #[serde(default)]
    fault: Vec<FaultStep>,
    #[serde(default)]
    serve: Vec<crate::service::AnswerForm>,
    #[serde(default)]
    expect: Vec<expect::Form>,
}

fn current() -> String {
    "current".into()
}

fn limit() -> Duration {
    LIMIT
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CircuitForm {
    File(PathBuf),
    Table(Draft),
}

/// A scenario, ready to be run.
#[derive(Debug)]
pub struct Scenario {
    pub(crate) device: Device,
    pub(crate) profile: Profile,
    pub(crate) files: Files,
    /// Source, name on the board and place on the host of a program that runs alone.
    pub(crate) program: Option<(Vec<u8>, String, PathBuf)>,
    pub(crate) circuit: Option<Circuit>,
    pub(crate) keys: Vec<(u64, Vec<u8>)>,
    pub(crate) limit_ns: u64,
    pub(crate) access_points: Vec<AccessPoint>,
    /// Where on the flash the certificate is that vouches for the hosts of the network.
    pub(crate) authority: Option<String>,
    /// What goes wrong on the air, and when.
    pub(crate) faults: Vec<(u64, Fault)>,
    pub(crate) answers: Vec<Answer>,
    pub(crate) expect: Vec<Expect>,
}

impl Scenario {
    /// Reads a scenario and the files that it names.
    ///
    /// # Errors
    /// If the file is not well-formed, or names what is not there.
    pub fn read(path: &Path) -> Result<Self, TestError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&read_text(path)?, folder)
    }

    /// Reads a scenario from text; the files that it names are in this folder.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(text: &str, folder: &Path) -> Result<Self, TestError> {
        at_most("bytes", text.len(), FILE_MAX)?;
        let form: Form = toml::from_str(text).map_err(|e| TestError::Toml(e.to_string()))?;
        at_most("expectations", form.expect.len(), ENTRIES_MAX)?;
        at_most("answers", form.serve.len(), ENTRIES_MAX)?;
        at_most("faults", form.fault.len(), ENTRIES_MAX)?;
        let draft = match form.circuit {
            None => None,
            Some(CircuitForm::Table(draft)) => Some(draft),
            Some(CircuitForm::File(file)) => Some(Plan::draft(&read_text(&folder.join(file))?)?),
        };
        let wanted = form.device.as_deref().or(draft.as_ref().and_then(Draft::board));
        let device = device(wanted.unwrap_or("wemos-d1-r32"))?;
        let profile = profile(&form.firmware)?;
        let mut files = Files::default();
        files.add_names(&form.files, folder)?;
        let program = match (form.program, form.main) {
            (Some(program), None) => {
                let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let host = folder.join(program);
                Some((read(&host)?, name, host))
            }
            (None, Some(main)) => {
                files.add("main.py", &folder.join(main))?;
                None
            }
            (None, None) if files.list().iter().any(|f| f.path == "main.py") => None,
            _ => return Err(TestError::Program),
        };
        let mut stimuli = Stimuli::of(form.step)?;
        if let Some(file) = form.stimulus {
            let more = Stimuli::read(&read_text(&folder.join(file))?)?;
            stimuli.deeds.extend(more.deeds);
            stimuli.keys.extend(more.keys);
            stimuli.deeds.sort_by_key(|d| d.0);
            stimuli.keys.sort_by_key(|k| k.0);
        }
        let circuit = circuit(draft.as_ref(), &device, &mut stimuli)?;
        let numbered = form.expect.into_iter().enumerate();
        let expect = numbered.map(|(i, e)| e.check(i + 1, &device)).collect::<Result<_, _>>()?;
        let authority = form.authority.map(|path| path.trim_start_matches('/').to_owned());
        if authority.as_deref() == Some("") {
            return Err(TestError::Authority);
        }
        let faults = form.fault.iter().map(FaultStep::planned).collect::<Result<Vec<_>, _>>()?;
        let numbered = form.serve.into_iter().enumerate();
        let answers = numbered.map(|(i, a)| a.check(i + 1)).collect::<Result<_, _>>()?;
        Ok(Self {
            device,
            profile,
            files,
            program,
            circuit,
            keys: stimuli.keys.into_iter().map(|(ns, keys)| (ns / 1000, keys)).collect(),
            limit_ns: form.limit.ns,
            access_points: air::access_points(
                form.network,
                form.air.as_deref(),
                form.access_point,
                folder,
            )?,
            authority,
            faults: faults.into_iter().flatten().collect(),
            answers,
            expect,
        })
    }
}

/// Builds the circuit, and plans what is done to it. Deeds without a circuit have nothing to act on.
pub(crate) fn circuit(
    draft: Option<&Draft>,
    device: &Device,
    stimuli: &mut Stimuli,
) -> Result<Option<Circuit>, TestError> {
    let deeds = std::mem::take(&mut stimuli.deeds);
    let empty = Draft::default();
    if draft.is_none() && deeds.is_empty() {
        return Ok(None);
    }
    let mut circuit = Circuit::new(&Plan::of(draft.unwrap_or(&empty), device)?);
    for (at_ns, deed) in deeds {
        circuit.plan_deed(at_ns, deed)?;
    }
    Ok(Some(circuit))
}

/// The board of a name.
pub(crate) fn device(name: &str) -> Result<Device, TestError> {
    catalog::device(name).ok_or_else(|| TestError::Unknown {
        what: "board",
        name: name.into(),
        known: catalog::device_names().collect::<Vec<_>>().join(", "),
    })
}

/// The firmware of a name.
pub(crate) fn profile(name: &str) -> Result<Profile, TestError> {
    catalog::profile(name).ok_or_else(|| TestError::Unknown {
        what: "firmware",
        name: name.into(),
        known: catalog::profile_names().collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests;
