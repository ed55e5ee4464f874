//! What a firmware knows: its modules, and the names in them. The firmware tells it itself, on a board in virtual time; what they mean, stubs say.

use crate::catalog;
use crate::clock::Pace;
use crate::runner::{BoardSpec, Console, Runner};
use crate::stubs;
use coil_board::outside::{RamFlash, Stimulus};
use coil_board::{Device, Outcome, Profile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// A name in a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// `function`, `class`, `module`, `constant`; `property` of what only objects have, `type` of a class that programs cannot name.
    pub kind: String,
    /// What a constant stands for, as the board writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The parameters of a function, or of what makes an object of a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Vec<String>>,
    /// What a function gives, as its stub writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// The class of that, or of what a constant is: `builtins.list`, `re.Match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gives: Option<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What a class has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Self>,
}

/// Modules by name, and the names in them.
pub type Names = BTreeMap<String, BTreeMap<String, Known>>;

/// A line of what it tells.
#[derive(Deserialize)]
struct Told {
    module: String,
    names: BTreeMap<String, Known>,
}

const TELL: &str = include_str!("names/tell.py");
/// How long a program may take, on the wall.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a module cannot be called that can be written in Python.
const MAIN: &str = "__main__";
/// Modules that do something when they are imported: ask for a password, make a file system, start the firmware.
const DOERS: [&str; 3] = ["webrepl_setup", "inisetup", "_boot"];
/// What waits for what does not come loses its power then, in virtual time.
const END_US: u64 = 600_000_000;

/// What this firmware knows on such a board. What it does not tell in time is left out.
pub fn names(profile: &Profile, device: &Device) -> Names {
    let listed = run(profile, device, "help('modules')");
    // Columns of names, and below them a sentence with more of them than one.
    let lines = listed.lines().take_while(|line| !line.starts_with("Plus "));
    let words = lines.flat_map(str::split_whitespace).filter(|name| *name != MAIN);
    let mut modules: Vec<String> = words.map(|name| name.replace('/', ".")).collect();
    // Older firmware lists `umachine` alone, and knows `machine` as well; what it does not know it does not tell.
    let plain = modules.iter().filter_map(|name| name.strip_prefix('u')).map(str::to_owned);
    modules.extend(plain.collect::<Vec<_>>());
    modules.retain(|name| !DOERS.contains(&name.as_str()));
    modules.sort();
    modules.dedup();
    // `builtins` is told as any other.
    let source = TELL.replace("MODULES", &format!("{modules:?}"));
    let told = run(profile, device, &source);
    let read = told.lines().filter_map(|line| serde_json::from_str::<Told>(line).ok());
    let mut names = read.map(|told| (told.module, told.names)).collect();
    stubs::explain(&mut names);
    names
}

/// What a program prints.
pub(crate) fn run(profile: &Profile, device: &Device, source: &str) -> String {
    let (end, printed) = channel();
    let flash = Box::new(RamFlash::new(device.flash_bytes));
    let console = Box::new(Screen { text: Vec::new(), end });
    let mut spec = BoardSpec::new(profile.clone(), device.clone(), flash, console);
    spec.script = vec![(END_US, Stimulus::PowerOff)];
    spec.program = Some((source.as_bytes().to_vec(), "names.py".into()));
    let rom = coil_board::modules::rom(profile);
    let Ok(mut runner) = Runner::start(rom, Pace::Virtual) else { return String::new() };
    runner.add(spec);
    let text = printed.recv_timeout(PATIENCE).unwrap_or_default();
    runner.stop();
    String::from_utf8_lossy(&text).into_owned()
}

struct Screen {
    text: Vec<u8>,
    end: Sender<Vec<u8>>,
}

impl Console for Screen {
    fn write(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }
    fn end(&mut self, _: Outcome) {
        // Who waited may have gone.
        let _ = self.end.send(std::mem::take(&mut self.text));
    }
}

/// The same of a firmware and a board of the catalogue; nothing if there are no such.
pub fn names_of(firmware: &str, device: &str) -> Option<Names> {
    Some(names(&catalog::profile(firmware)?, &catalog::device(device)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_firmware_tells_what_programs_of_beginners_use() {
        for firmware in catalog::profile_names() {
            let names = names_of(firmware, "wemos-d1-r32").expect("both are there");
            let kind = |module: &str, name: &str| {
                let known = names.get(module).and_then(|m| m.get(name));
                known
                    .map(|k| k.kind.as_str())
                    .unwrap_or_else(|| panic!("{firmware} {module}.{name}"))
            };
            assert_eq!(kind("machine", "Pin"), "class");
            assert_eq!(names["machine"]["Pin"].members["value"].kind, "function");
            assert_eq!(names["machine"]["Pin"].members["OUT"].kind, "constant");
            assert_eq!(kind("machine", "reset"), "function");
            assert_eq!(kind("network", "WLAN"), "class");
            assert_eq!(kind("builtins", "print"), "function");
            assert_eq!(kind("math", "pi"), "constant");
            assert!(names["math"]["pi"].value.as_ref().is_some_and(|v| v.starts_with("3.14")));
            assert_eq!(kind("neopixel", "NeoPixel"), "class");
            assert!(names.len() > 30, "{firmware}: {}", names.len());
        }
        assert_eq!(names_of("0.1", "wemos-d1-r32"), None);
    }
}
