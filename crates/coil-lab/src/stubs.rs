//! What the firmware's names mean and how they are called: our own stubs of its modules, in `firmware/stubs/`.
//!
//! Adding one means adding a file there and its row here. Which names there are, the firmware says (`names.rs`): what a stub has and a firmware
//! has not is left out.

mod read;
#[cfg(test)]
mod tests;

pub use read::{Entry, Kind, Stub, StubError, read};

use crate::names::{Known, Names};
use std::collections::BTreeMap;
use std::sync::LazyLock;

macro_rules! stubs {
    ($($module:literal $file:literal;)*) => {
        &[$(($module, include_str!(concat!("../../../firmware/stubs/", $file, ".pyi")))),*]
    };
}

/// Modules and their stubs.
const STUBS: &[(&str, &str)] = stubs! {
    "_thread" "_thread";
    "apa106" "apa106";
    "array" "array";
    "aswitch" "aswitch";
    "asyncio" "asyncio";
    "binascii" "binascii";
    "builtins" "builtins";
    "cmath" "cmath";
    "collections" "collections";
    "cryptolib" "cryptolib";
    "deflate" "deflate";
    "dht" "dht";
    "ds18x20" "ds18x20";
    "errno" "errno";
    "esp" "esp";
    "esp32" "esp32";
    "espnow" "espnow";
    "framebuf" "framebuf";
    "gc" "gc";
    "hashlib" "hashlib";
    "heapq" "heapq";
    "io" "io";
    "json" "json";
    "machine" "machine";
    "math" "math";
    "micropython" "micropython";
    "mip" "mip";
    "neopixel" "neopixel";
    "network" "network";
    "ntptime" "ntptime";
    "onewire" "onewire";
    "os" "os";
    "platform" "platform";
    "random" "random";
    "re" "re";
    "requests" "requests";
    "select" "select";
    "socket" "socket";
    "ssl" "ssl";
    "struct" "struct";
    "sys" "sys";
    "time" "time";
    "tls" "tls";
    "umqtt.robust" "umqtt/robust";
    "umqtt.simple" "umqtt/simple";
    "urequests" "urequests";
    "vfs" "vfs";
    "webrepl" "webrepl";
};

/// How far names are followed from stub to stub, and classes from base to base.
const STEPS_MAX: usize = 8;

type Stubs = BTreeMap<&'static str, Stub>;

static READ: LazyLock<Stubs> = LazyLock::new(|| {
    let each = STUBS.iter();
    each.map(|&(module, text)| (module, read(text).expect("built-in stubs are tested"))).collect()
});

/// What modules are for: those of these that have a stub.
pub fn about<'m>(modules: impl Iterator<Item = &'m String>) -> BTreeMap<&'m str, &'static str> {
    let sentence = |module: &'m String| Some((module.as_str(), &*stub_of(&READ, module)?.1.about));
    modules.filter_map(sentence).collect()
}

/// Adds to names what stubs say of them.
pub(crate) fn explain(names: &mut Names) {
    let stubs = &*READ;
    for (module, known) in names.iter_mut() {
        let Some((module, stub)) = stub_of(stubs, module) else { continue };
        for (name, known) in known.iter_mut() {
            if let Some(found) = find(stubs, module, name, STEPS_MAX) {
                fill(stubs, known, found);
            }
        }
        for (name, entry) in &stub.names {
            if entry.kind == Kind::Nameless {
                known.insert(name.clone(), nameless(stubs, module, entry));
            }
        }
    }
}

/// The stub of a module; older firmware's `utime` has that of `time`.
fn stub_of<'s>(stubs: &'s Stubs, module: &str) -> Option<(&'static str, &'s Stub)> {
    let plain = || stubs.get_key_value(module.strip_prefix('u')?);
    stubs.get_key_value(module).or_else(plain).map(|(module, stub)| (*module, stub))
}

/// An entry, and the module in whose stub it is.
type Found<'s> = (&'static str, &'s Entry);

/// What a module's stub says of a name, or the stub that it is passed on from.
fn find<'s>(stubs: &'s Stubs, module: &str, name: &str, steps: usize) -> Option<Found<'s>> {
    let (module, stub) = stubs.get_key_value(module)?;
    if let Some(entry) = stub.names.get(name) {
        return Some((module, entry));
    }
    let steps = steps.checked_sub(1)?;
    if let Some((module, name)) = stub.passed_on.get(name) {
        return find(stubs, module, name, steps);
    }
    stub.whole.iter().find_map(|module| find(stubs, module, name, steps))
}

/// What `Pin` or `simple.MQTTClient` is in a stub's text.
fn resolve<'s>(stubs: &'s Stubs, module: &str, text: &str) -> Option<(Found<'s>, String)> {
    let stub = stubs.get(module)?;
    let (first, rest) = text.split_once('.').map_or((text, None), |(a, b)| (a, Some(b)));
    let place = match (stub.imports.get(first), rest) {
        (Some((from, Some(name))), None) => (from.clone(), name.as_str()),
        (Some((from, None)), Some(name)) => (from.clone(), name),
        // The name of a module in a package.
        (Some((package, Some(name))), Some(rest)) => (format!("{package}.{name}"), rest),
        (_, None) if stub.names.contains_key(first) => (module.to_owned(), first),
        (_, None) => ("builtins".to_owned(), first),
        _ => return None,
    };
    let found = find(stubs, &place.0, place.1, STEPS_MAX)?;
    Some((found, format!("{}.{}", found.0, place.1)))
}

/// A member of a class, or of one that it derives from.
fn member<'s>(stubs: &'s Stubs, class: Found<'s>, name: &str, steps: usize) -> Option<Found<'s>> {
    let (module, entry) = class;
    if let Some(member) = entry.members.get(name) {
        return Some((module, member));
    }
    let steps = steps.checked_sub(1)?;
    let base = |text: &String| resolve(stubs, module, text).map(|(found, _)| found);
    entry.bases.iter().filter_map(base).find_map(|base| member(stubs, base, name, steps))
}

/// The class that an annotation speaks of, by its path: of `list[int]` and `Match | None` it is `builtins.list` and `re.Match`.
fn class_of(stubs: &Stubs, module: &str, annotation: &str) -> Option<String> {
    let plain = annotation.split('|').map(str::trim).find(|one| *one != "None")?;
    let name = plain.split('[').next()?;
    let ((_, entry), path) = resolve(stubs, module, name)?;
    matches!(entry.kind, Kind::Class | Kind::Nameless).then_some(path)
}

fn fill(stubs: &Stubs, known: &mut Known, (module, entry): Found<'_>) {
    // Older firmware may have something else of this name.
    let is_same = match entry.kind {
        Kind::Function => known.kind == "function",
        Kind::Class => known.kind == "class",
        Kind::Value | Kind::Property => known.kind == "constant",
        Kind::Nameless => known.kind == "type",
    };
    if !is_same {
        return;
    }
    known.about = Some(entry.about.clone());
    known.gives = class_of(stubs, module, &entry.gives);
    match entry.kind {
        Kind::Function => {
            known.signature = Some(entry.parameters.clone());
            let says_nothing = matches!(&*entry.gives, "None" | "Any");
            known.returns = (!says_nothing).then(|| entry.gives.clone());
        }
        Kind::Class | Kind::Nameless => fill_class(stubs, known, (module, entry)),
        Kind::Property => known.kind = "property".into(),
        Kind::Value => {}
    }
}

fn fill_class(stubs: &Stubs, known: &mut Known, class: Found<'_>) {
    if let Some((_, init)) = member(stubs, class, "__init__", STEPS_MAX) {
        known.signature = Some(init.parameters.clone());
        if !init.about.is_empty() {
            known.about = Some(format!("{} {}", class.1.about, init.about));
        }
    }
    for (name, known) in &mut known.members {
        if let Some(found) = member(stubs, class, name, STEPS_MAX) {
            fill(stubs, known, found);
        }
    }
    // What objects have, their class does not tell.
    for (name, entry) in &class.1.members {
        if entry.kind == Kind::Property && !known.members.contains_key(name) {
            let mut known_member = Known { kind: "constant".into(), ..Known::default() };
            fill(stubs, &mut known_member, (class.0, entry));
            known.members.insert(name.clone(), known_member);
        }
    }
}

/// A class that the firmware has no name for.
fn nameless(stubs: &Stubs, module: &'static str, entry: &Entry) -> Known {
    let mut known = Known { kind: "type".into(), ..Known::default() };
    for (name, member) in &entry.members {
        if member.kind == Kind::Function {
            known
                .members
                .insert(name.clone(), Known { kind: "function".into(), ..Known::default() });
        }
    }
    fill(stubs, &mut known, (module, entry));
    known
}
