//! The stubs against the firmware of which they speak: its names, its tables, its Python, and a board.

use super::*;
use crate::{catalog, check, names, names_of};
use coil_board::{Device, Profile};
use coil_vm::rom::{Binding, Convention, Item, Native, Rom, RomMap};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const BOARD: &str = "wemos-d1-r32";

fn board() -> (Profile, Device) {
    let device = catalog::device(BOARD).expect("a board");
    (catalog::profile("current").expect("a firmware"), device)
}

fn expect_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every entry with its path, classes before what is in them.
fn entries() -> Vec<(String, &'static Entry)> {
    fn walk(
        path: &str,
        names: &'static BTreeMap<String, Entry>,
        all: &mut Vec<(String, &'static Entry)>,
    ) {
        for (name, entry) in names {
            let path = format!("{path}.{name}");
            all.push((path.clone(), entry));
            walk(&path, &entry.members, all);
        }
    }
    let mut all = Vec::new();
    for (module, stub) in &*READ {
        walk(module, &stub.names, &mut all);
    }
    all
}

/// An entry by its path.
fn entry_at(path: &str) -> &'static Entry {
    let found = entries().into_iter().find(|(at, _)| at == path);
    found.unwrap_or_else(|| panic!("no stub has {path}")).1
}

#[test]
fn every_stub_has_a_row_and_is_python_with_a_sentence_for_every_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../firmware/stubs");
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).expect("the folder is there") {
            let path = file.expect("a file").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let module = |path: &PathBuf| {
        let name = path.strip_prefix(&folder).expect("within").with_extension("");
        name.to_string_lossy().replace('/', ".")
    };
    let there: BTreeSet<String> = files.iter().map(module).collect();
    assert_eq!(there, STUBS.iter().map(|s| s.0.to_owned()).collect());
    let (firmware, _) = board();
    for (module, text) in STUBS {
        let stub = read(text).unwrap_or_else(|e| panic!("{module}: {e}"));
        assert!(stub.about.ends_with('.'), "{module} says what it is for");
        // The firmware's own compiler does not know the slash.
        assert_eq!(check(&text.replace(", /", ""), &firmware), None, "{module}");
    }
    let mut wrong = Vec::new();
    for (path, entry) in entries() {
        let about = &entry.about;
        let length = about.chars().count();
        // A constructor without a sentence has its class's.
        let is_left_out = about.is_empty() && path.ends_with(".__init__");
        let is_sentence = about.ends_with('.') && (8..=150).contains(&length);
        if !is_left_out && !is_sentence {
            wrong.push(format!("{path} ({length}): {about}"));
        }
    }
    expect_none(&wrong);
}

#[test]
fn what_the_firmware_has_in_a_module_with_a_stub_the_stub_has_as_well() {
    let names = names_of("current", BOARD).expect("both are there");
    let is_meant = |name: &str, known: &Known| {
        !name.starts_with('_') && matches!(&*known.kind, "function" | "class")
    };
    let mut wrong = Vec::new();
    for (module, _) in STUBS {
        let known = names.get(*module).unwrap_or_else(|| panic!("the firmware has no {module}"));
        for (name, known) in known.iter().filter(|(name, known)| is_meant(name, known)) {
            if known.about.is_none() {
                wrong.push(format!("{module}.{name} is a {} and has no stub", known.kind));
            }
            for (member, known) in
                known.members.iter().filter(|(name, known)| is_meant(name, known))
            {
                if known.about.is_none() {
                    wrong.push(format!(
                        "{module}.{name}.{member} is a {} and has no stub",
                        known.kind
                    ));
                }
            }
        }
    }
    expect_none(&wrong);
}

#[test]
fn what_a_stub_has_a_firmware_has_as_well_and_of_the_same_kind() {
    let told: Vec<Names> =
        catalog::profile_names().map(|f| names_of(f, BOARD).expect("a firmware")).collect();
    let is_told = |module: &str, path: &[&str]| {
        told.iter().any(|names| {
            let mut level = names.get(module);
            for (i, name) in path.iter().enumerate() {
                match level.and_then(|names| names.get(*name)) {
                    Some(known) if i + 1 == path.len() => return known.about.is_some(),
                    Some(known) => level = Some(&known.members),
                    None => return false,
                }
            }
            false
        })
    };
    let mut wrong = Vec::new();
    for (module, stub) in &*READ {
        let own = stub.names.iter().filter(|(_, entry)| entry.kind != Kind::Nameless);
        for name in own.clone().map(|(name, _)| name).chain(stub.passed_on.keys()) {
            if !is_told(module, &[name]) {
                wrong.push(format!("{module}.{name}"));
            }
        }
        for (name, class) in own {
            let is_meant = |(member, entry): &(&String, &Entry)| {
                *member != "__init__" && entry.kind != Kind::Property
            };
            for (member, _) in class.members.iter().filter(is_meant) {
                if !is_told(module, &[name, member]) {
                    wrong.push(format!("{module}.{name}.{member}"));
                }
            }
        }
    }
    expect_none(&wrong);
}

/// A function's parameters as a stub or a table has them.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    least: usize,
    /// Nothing for any number.
    most: Option<usize>,
    placed: Vec<String>,
    /// How many of these have no name to callers.
    nameless: usize,
    named: Vec<String>,
}

fn shape_of(parameters: &[String]) -> Shape {
    let mut shape =
        Shape { least: 0, most: Some(0), placed: Vec::new(), nameless: 0, named: Vec::new() };
    let mut by_name = false;
    for parameter in parameters {
        let name = parameter.split([':', '=']).next().unwrap_or_default().trim();
        match name {
            "*" => by_name = true,
            "/" => shape.nameless = shape.placed.len(),
            _ if name.starts_with("**") => {}
            _ if name.starts_with('*') => {
                by_name = true;
                shape.most = None;
            }
            _ if by_name => shape.named.push(name.into()),
            _ => {
                shape.placed.push(name.into());
                shape.most = shape.most.map(|n| n + 1);
                shape.least += usize::from(!parameter.contains('='));
            }
        }
    }
    shape
}

/// What the firmware's table says of a function; nothing if it takes its arguments apart itself.
fn shape_in(rom: &Rom, native: &Native) -> Option<Shape> {
    if native.convention == Convention::Raw {
        return None;
    }
    let is_bound = match native.binding {
        Binding::Method => native.owner.is_some(),
        Binding::Class => true,
        Binding::Static => false,
    };
    let own = usize::from(is_bound);
    let is_any = native.max == u16::MAX;
    let max = usize::from(native.max);
    let name =
        |(q, _): &(coil_vm::Qstr, bool)| String::from_utf8_lossy(rom.strings.get(q.0)).into_owned();
    let names: Vec<String> = native.params.iter().map(name).collect();
    let placed = max.min(names.len());
    Some(Shape {
        least: usize::from(native.min).saturating_sub(own),
        most: (!is_any).then(|| max.saturating_sub(own)),
        placed: names.get(own..placed).unwrap_or_default().to_vec(),
        nameless: 0,
        named: names.get(placed..).unwrap_or_default().to_vec(),
    })
}

/// The functions among attributes, by name.
fn natives<'r>(rom: &'r Rom, attrs: &RomMap) -> BTreeMap<String, &'r Native> {
    let mut found = BTreeMap::new();
    for &q in attrs.names() {
        let number = attrs.get(q).and_then(coil_vm::Value::as_immediate);
        let native = number.and_then(|(_, n)| rom.natives.get(n as usize));
        if let Some(native) = native.filter(|native| native.name == q) {
            found.insert(String::from_utf8_lossy(rom.strings.get(q.0)).into_owned(), native);
        }
    }
    found
}

#[test]
fn signatures_are_those_of_the_firmware_s_tables() {
    let rom = coil_board::modules::rom(&board().0);
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let mut compare = |path: String, native: &Native, found: Option<Found<'_>>| {
        let (Some((_, entry)), Some(table)) = (found, shape_in(&rom, native)) else { return };
        let stub = shape_of(&entry.parameters);
        let is_same = match native.convention {
            // Where arguments have no names, the stub may name them as it likes.
            Convention::Plain => (stub.least, stub.most) == (table.least, table.most),
            // What must be there, such a function may say itself.
            _ => stub.least >= table.least && stub.placed == table.placed,
        };
        let is_same = is_same && stub.named == table.named;
        compared += 1;
        if !is_same {
            wrong.push(format!("{path}: the stub has {stub:?}, the firmware {table:?}"));
        }
    };
    for (module, _) in STUBS {
        let find = |name: &str| find(&READ, module, name, STEPS_MAX);
        let row = rom.modules.iter().find(|m| m.def.name == *module);
        let functions = match *module {
            "builtins" => natives(&rom, &rom.builtins),
            _ => row.map(|row| natives(&rom, &row.attrs)).unwrap_or_default(),
        };
        for (name, native) in functions {
            compare(format!("{module}.{name}"), native, find(&name));
        }
        let own = row.map(|row| row.def.items).unwrap_or_default().iter();
        let mut types: Vec<(String, &RomMap)> = Vec::new();
        for item in own {
            if let Item::Type(name, def) = item {
                let row = rom.types.iter().find(|t| std::ptr::eq(t.def, *def));
                types.extend(row.map(|row| ((*name).to_owned(), &row.attrs)));
            }
        }
        if *module == "builtins" {
            types.extend(rom.types.iter().rev().map(|t| (t.def.name.to_owned(), &t.attrs)));
        }
        for (class, attrs) in types {
            let Some(found) = find(&class) else { continue };
            for (name, native) in natives(&rom, attrs) {
                let member = member(&READ, found, &name, STEPS_MAX);
                compare(format!("{module}.{class}.{name}"), native, member);
            }
        }
    }
    expect_none(&wrong);
    assert!(compared > 500, "{compared}");
}

/// Modules of the firmware that are Python, and their files.
const FROZEN: &[(&str, &str)] = &[
    ("aswitch", include_str!("../../../../firmware/frozen/aswitch.py")),
    ("asyncio", include_str!("../../../../firmware/frozen/asyncio/core.py")),
    ("asyncio", include_str!("../../../../firmware/frozen/asyncio/funcs.py")),
    ("asyncio", include_str!("../../../../firmware/frozen/asyncio/stream.py")),
    ("asyncio", include_str!("../../../../firmware/frozen/asyncio/sync.py")),
    ("dht", include_str!("../../../../firmware/frozen/dht.py")),
    ("ds18x20", include_str!("../../../../firmware/frozen/ds18x20.py")),
    ("espnow", include_str!("../../../../firmware/frozen/espnow.py")),
    ("mip", include_str!("../../../../firmware/frozen/mip/__init__.py")),
    ("neopixel", include_str!("../../../../firmware/frozen/neopixel.py")),
    ("ntptime", include_str!("../../../../firmware/frozen/ntptime.py")),
    ("onewire", include_str!("../../../../firmware/frozen/onewire.py")),
    ("requests", include_str!("../../../../firmware/frozen/requests/__init__.py")),
    ("umqtt.robust", include_str!("../../../../firmware/frozen/umqtt/robust.py")),
    ("umqtt.simple", include_str!("../../../../firmware/frozen/umqtt/simple.py")),
    ("webrepl", include_str!("../../../../firmware/frozen/webrepl.py")),
];

/// The functions of a Python file by their paths within it, with their parameters.
fn functions_in(source: &str) -> Vec<(String, Vec<String>)> {
    let (mut found, mut class) = (Vec::new(), String::new());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("class ") {
            class = name.split(['(', ':']).next().unwrap_or_default().to_owned();
        }
        let plain = line.trim_start().trim_start_matches("async ");
        let Some(head) = plain.strip_prefix("def ") else { continue };
        let mut head = head.to_owned();
        while !head.ends_with(':') {
            head += lines.next().expect("a function's head ends").trim();
        }
        let (name, rest) = head.split_once('(').expect("a function has brackets");
        let inner = rest.trim_end_matches("):").trim_end_matches(',');
        let parameters = inner.split(',').map(|p| p.trim().to_owned());
        let path = if line.starts_with(' ') { format!("{class}.{name}") } else { name.to_owned() };
        found.push((path, parameters.filter(|p| !p.is_empty() && p != "self").collect()));
    }
    found
}

#[test]
fn signatures_are_those_of_the_firmware_s_python() {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (module, source) in FROZEN {
        for (path, python) in functions_in(source) {
            let found = entries().into_iter().find(|(at, _)| *at == format!("{module}.{path}"));
            let Some((path, entry)) = found else { continue };
            // Without annotations, and with defaults that the stub tells.
            let plain = |p: &String| match p.split_once(':') {
                Some((name, rest)) => match rest.split_once(" = ") {
                    Some((_, default)) => format!("{name}={default}"),
                    None => name.to_owned(),
                },
                None => p.clone(),
            };
            let stub: Vec<String> = entry.parameters.iter().map(plain).collect();
            let is_same = stub.len() == python.len()
                && stub.iter().zip(&python).all(|(a, b)| match a.strip_suffix('…') {
                    Some(start) => b.starts_with(start),
                    None => a == b,
                });
            compared += 1;
            if !is_same {
                wrong.push(format!("{path}: the stub has {stub:?}, the firmware {python:?}"));
            }
        }
    }
    expect_none(&wrong);
    assert!(compared > 80, "{compared}");
}

/// What takes its arguments apart itself: the stub's path, how it is called, and the arguments without which it does not look at names.
const BY_NAME: &[(&str, &str, &str)] = &[
    ("machine.Pin.__init__", "machine.Pin", "4"),
    ("machine.PWM.__init__", "machine.PWM", "5"),
    ("machine.PWM.init", "machine.PWM(5).init", ""),
    ("machine.ADC.__init__", "machine.ADC", "36"),
    ("machine.ADC.init", "machine.ADC(36).init", ""),
    ("machine.ADCBlock.__init__", "machine.ADCBlock", "0"),
    ("machine.ADCBlock.init", "machine.ADCBlock(0, bits=12).init", ""),
    ("machine.ADCBlock.connect", "machine.ADCBlock(0, bits=12).connect", "0, machine.Pin(36)"),
    ("machine.Timer.__init__", "machine.Timer", "-1"),
    ("machine.I2C.__init__", "machine.I2C", "0"),
    ("machine.I2C.init", "machine.SoftI2C(4, 5).init", "4, 5"),
    ("machine.I2C.readfrom_mem", "machine.I2C(0).readfrom_mem", "9, 0, 1"),
    ("machine.I2C.readfrom_mem_into", "machine.I2C(0).readfrom_mem_into", "9, 0, bytearray(1)"),
    ("machine.I2C.writeto_mem", "machine.I2C(0).writeto_mem", "9, 0, b'1'"),
    ("machine.SoftI2C.__init__", "machine.SoftI2C", "4, 5"),
    ("machine.SPI.__init__", "machine.SPI", "1"),
    ("machine.SPI.init", "machine.SPI(1).init", ""),
    ("machine.SoftSPI.__init__", "machine.SoftSPI", ""),
    ("machine.UART.__init__", "machine.UART", "1"),
    ("machine.UART.init", "machine.UART(1).init", ""),
    ("machine.UART.irq", "machine.UART(1).irq", ""),
    ("machine.I2S.__init__", "given(machine.I2S, I2S)", "0"),
    ("machine.I2S.init", "given(machine.I2S(0, **I2S).init, I2S)", ""),
    ("machine.I2S.shift", "given(machine.I2S.shift, SHIFT)", ""),
    ("machine.SDCard.__init__", "machine.SDCard", ""),
    ("machine.WDT.__init__", "machine.WDT", ""),
    ("machine.Counter.__init__", "machine.Counter", "2, 4"),
    ("machine.Counter.init", "machine.Counter(2, 4).init", "4"),
    ("machine.Encoder.__init__", "machine.Encoder", "3, 4, 5"),
    ("machine.Encoder.init", "machine.Encoder(3, 4, 5).init", "4, 5"),
    ("esp32.PCNT.__init__", "esp32.PCNT", "6"),
    ("esp32.PCNT.init", "esp32.PCNT(6).init", ""),
    ("esp32.RMT.__init__", "esp32.RMT", "0"),
    ("network.WLAN.connect", "network.WLAN(0).connect", "'here'"),
    ("network.WLAN.config", "network.WLAN(1).config", ""),
    ("network.WLAN.ipconfig", "network.WLAN(0).ipconfig", ""),
    ("network.ipconfig", "network.ipconfig", ""),
    ("espnow.ESPNowBase.config", "espnow.ESPNow().config", ""),
    ("espnow.ESPNowBase.add_peer", "espnow.ESPNow().add_peer", "b'123456'"),
    ("espnow.ESPNowBase.mod_peer", "peers().mod_peer", "b'123456'"),
    ("builtins.print", "print", ""),
    ("builtins.sorted", "sorted", "[1, 2]"),
    ("builtins.list.sort", "[2, 1].sort", ""),
    ("builtins.enumerate.__init__", "enumerate", "[1]"),
    ("json.dumps", "json.dumps", "1"),
    ("json.dump", "json.dump", "1, sys.stdout"),
    ("vfs.VfsLfs2.__init__", "vfs.VfsLfs2", "esp32.Partition('vfs')"),
];

/// Whether the text of an exception is about an argument's name.
const ATTEMPT: &str = "
import machine, esp32, network, espnow, json, sys, os, vfs
class Odd: pass
WORDS = ('keyword', 'unknown config', 'unexpected', 'unknown')
def given(f, settings):
    return lambda *args, **more: f(*args, **dict(settings, **more))
I2S = dict(sck=machine.Pin(14), ws=machine.Pin(13), sd=machine.Pin(12), mode=machine.I2S.TX, bits=16, format=machine.I2S.MONO, rate=8000, ibuf=4000)
SHIFT = dict(buf=bytearray(4), bits=16, shift=1)
def peers():
    e = espnow.ESPNow()
    e.active(True)
    try:
        e.add_peer(b'123456')
    except OSError:
        pass
    return e
def is_known(make, first, name):
    try:
        make()(*first, **{name: Odd()})
    except (TypeError, ValueError) as e:
        return not any(w in str(e) for w in WORDS)
    except Exception:
        pass
    return True
def attempt(path, make, first, names):
    if is_known(make, first, 'no_such_name'):
        print(path, 'takes any name, or does not come to look at it')
    for name in names:
        if not is_known(make, first, name):
            print(path, 'does not know', name)
";

#[test]
fn a_board_takes_the_arguments_that_stubs_name() {
    let (firmware, device) = board();
    let mut wrong = Vec::new();
    // A few at a time: all of it is too much for a board.
    for some in BY_NAME.chunks(12) {
        let mut program = ATTEMPT.to_owned();
        for (path, made, first) in some {
            let by_place = first.split(", ").filter(|a| !a.is_empty()).count();
            let shape = shape_of(&entry_at(path).parameters);
            let by_place = by_place.max(shape.nameless);
            let names: Vec<&String> =
                shape.placed.iter().skip(by_place).chain(&shape.named).collect();
            assert!(!names.is_empty(), "{path} has no names");
            let comma = if first.is_empty() { "" } else { "," };
            let _ =
                writeln!(program, "attempt('{path}', lambda: {made}, ({first}{comma}), {names:?})");
        }
        program += "print('end')\n";
        let printed = names::run(&firmware, &device, &program);
        let mut lines: Vec<String> = printed.lines().map(str::to_owned).collect();
        assert_eq!(lines.pop().as_deref(), Some("end"), "{printed}");
        wrong.extend(lines);
    }
    expect_none(&wrong);
}

/// How an object is made, of classes whose objects have what the class does not tell.
const OBJECTS: &[(&str, &str)] = &[
    ("io.File", "open('a.txt', 'w')"),
    ("re.Pattern", "__import__('re').compile('a')"),
    ("re.Match", "__import__('re').match('a', 'a')"),
    ("select.Poll", "__import__('select').poll()"),
    ("ssl.SSLContext", "__import__('ssl').SSLContext(0)"),
    ("sys.Stream", "__import__('sys').stdin"),
    ("builtins.BaseException", "ValueError()"),
    ("builtins.OSError", "OSError(5)"),
    ("builtins.StopIteration", "StopIteration()"),
];
/// Its attributes are set by what makes it of a server's answer.
const ELSEWHERE: &str = "requests.Response";

#[test]
fn objects_without_a_class_to_name_have_what_stubs_say_and_nothing_else() {
    let (firmware, device) = board();
    let mut program = String::new();
    for (path, made) in OBJECTS {
        let members: Vec<&String> =
            entry_at(path).members.keys().filter(|m| *m != "__init__").collect();
        let is_whole = entry_at(path).kind == Kind::Nameless;
        let _ = writeln!(
            program,
            "x = {made}\nfor m in {members:?}:\n    if not hasattr(x, m): print('{path} has no', m)"
        );
        if is_whole {
            let _ = writeln!(
                program,
                "for m in dir(x):\n    if not m.startswith('__') and m not in {members:?}: print('{path} has', m)"
            );
        }
    }
    program += "print('end')\n";
    assert_eq!(names::run(&firmware, &device, &program).trim_end(), "end");
    let is_special = |entry: &Entry| {
        entry.kind == Kind::Nameless || entry.members.values().any(|m| m.kind == Kind::Property)
    };
    let special =
        entries().into_iter().filter(|(_, entry)| is_special(entry)).map(|(path, _)| path);
    let tried = OBJECTS.iter().map(|(path, _)| (*path).to_owned()).chain([ELSEWHERE.to_owned()]);
    assert_eq!(special.collect::<BTreeSet<_>>(), tried.collect());
}

#[test]
fn older_firmware_has_the_same_sentences_for_what_it_has_and_nothing_more() {
    let old = names_of("1.11", BOARD).expect("a firmware");
    let new = names_of("current", BOARD).expect("a firmware");
    let pin = |names: &Names, member: &str| names["machine"]["Pin"].members.get(member).cloned();
    assert_eq!(pin(&old, "toggle"), None);
    let toggle = pin(&new, "toggle").expect("it is there");
    assert_eq!(toggle.signature, Some(Vec::new()));
    assert!(toggle.about.is_some_and(|about| about.starts_with("Sets the other level")));
    assert!(old["utime"]["sleep_ms"].about.is_some());
    assert_eq!(old["utime"]["sleep_ms"], new["time"]["sleep_ms"]);
    assert_eq!(new["urequests"]["get"], new["requests"]["get"]);
    assert_eq!(new["tls"]["SSLContext"].about, new["ssl"]["SSLContext"].about);
}

#[test]
fn names_lead_to_the_classes_of_what_they_give() {
    let names = names_of("current", BOARD).expect("a firmware");
    let gives = |path: &str| {
        let mut parts = path.split('/');
        let module = &names[parts.next().expect("a module")];
        let mut known = &module[parts.next().expect("a name")];
        for part in parts {
            known = &known.members[part];
        }
        known.gives.as_deref().unwrap_or("nothing").to_owned()
    };
    for (path, class) in [
        ("builtins/open", "io.File"),
        ("builtins/str/split", "builtins.list"),
        ("builtins/bytes/decode", "builtins.str"),
        ("re/match", "re.Match"),
        ("re/Match/group", "builtins.str"),
        ("requests/get", "requests.Response"),
        ("requests/Response/text", "builtins.str"),
        ("sys/path", "builtins.list"),
        ("machine/ADC/block", "machine.ADCBlock"),
        ("esp32/Partition/get_next_update", "esp32.Partition"),
        ("socket/socket/accept", "builtins.tuple"),
        ("asyncio/start_server", "asyncio.Server"),
        ("machine/I2C/scan", "builtins.list"),
        ("machine/SoftI2C/scan", "builtins.list"),
        ("random/choice", "nothing"),
    ] {
        assert_eq!(gives(path), class, "{path}");
    }
    let pin = &names["machine"]["Pin"];
    let signature = pin.signature.as_ref().expect("a class that is called");
    assert_eq!(signature[..3], ["id: int", "mode: int = -1", "pull: int | None = -1"]);
    assert_eq!(signature[4..], ["value: int = …", "drive: int = …", "hold: bool = …"]);
    assert_eq!(names["math"]["pi"].value.as_deref().map(|v| &v[..4]), Some("3.14"));
}

#[test]
fn what_is_no_stub_is_refused_at_its_line() {
    let line = |text: &str| read(text).expect_err("it is no stub").line;
    for (text, wrong) in [
        ("x: int\n  y: int\n", 2),
        ("x: int\n    y: int\n", 2),
        ("\n\nif x:\n", 3),
        ("x: int\nx: int\n", 2),
        ("def f(x: int -> None:\n", 1),
        ("def f(x: int):\n", 1),
        ("def f(,) -> int:\n", 1),
        ("def f(1) -> int:\n", 1),
        ("class A:\n    def f(x: int) -> int:\n", 2),
        ("class A\n", 1),
        ("@overload\n", 1),
        ("@staticmethod\nx: int\n", 2),
        ("@staticmethod\n", 1),
        ("\"\"\"One.\"\"\"\n\"\"\"Two.\"\"\"\n", 2),
        ("\"\"\"One.\n", 1),
        ("class A:\n    class B:\n        class C:\n            class D:\n", 4),
        ("from a\n", 1),
    ] {
        assert_eq!(line(text), wrong, "{text}");
    }
    let stub = read("def f(a: str = \"(,\", *b: int, c: dict[str, int] = ...) -> int: ...\n");
    let entry = &stub.expect("it is one").names["f"];
    assert_eq!(entry.parameters, ["a: str = \"(,\"", "*b: int", "c: dict[str, int] = …"]);
}

#[test]
fn a_stub_that_is_cut_anywhere_is_read_or_refused() {
    for (_, text) in STUBS {
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(7) {
            let _ = read(&text[..at]);
            let _ = read(&text[at..]);
        }
    }
}
