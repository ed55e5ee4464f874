//! Completing a name at the prompt.

use crate::board::{MAIN_DICT, MAIN_MODULE};
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::{Qstr, Raised, Value, Vm};

/// What completing did.
pub(super) enum Found {
    /// This is to be inserted; nothing where no name fits.
    Rest(String),
    /// Several names fit and were listed: the line is to be drawn again.
    Listed,
}

const IMPORT: &str = "import ";
/// Columns that a name takes at least, and those of a row.
const SLOT: usize = 16;
const ROW: usize = 4 * SLOT;

/// Completes the last name of a line that goes up to the cursor.
pub(super) fn complete(vm: &mut Vm, line: &str) -> Found {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let chain = &line[line.trim_end_matches(is_name).len()..];
    let (path, part) = chain.rsplit_once('.').map_or((None, chain), |(p, part)| (Some(p), part));
    let mark = vm.mark();
    let found = if line.starts_with(IMPORT) {
        // As in the firmware, what is before the dot only has to be there.
        path.is_none_or(|path| follow(vm, path).is_some()).then(|| modules(vm, part))
    } else {
        match path {
            None => Some(vm.pinned(MAIN_MODULE)),
            Some(path) => follow(vm, path),
        }
        .map(|owner| attributes(vm, owner, part))
    };
    vm.release(mark);
    let Some(names) = found else { return Found::Rest(String::new()) };
    let Some(first) = names.first() else {
        let begins_line = part.len() == line.len() && !part.is_empty();
        let rest = IMPORT.strip_prefix(part).filter(|_| begins_line);
        return Found::Rest(rest.unwrap_or_default().into());
    };
    let common = names.iter().fold(first.len(), |n, name| {
        n.min(first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count())
    });
    // Names that begin with the same byte may still begin with different characters.
    let common = first.floor_char_boundary(common);
    if names.len() == 1 || common > part.len() {
        return Found::Rest(first[part.len()..common].into());
    }
    vm.write_lines(rows(&names).as_bytes());
    Found::Listed
}

/// The object that names with dots between them stand for.
fn follow(vm: &mut Vm, path: &str) -> Option<Value> {
    let mut owner = vm.pinned(MAIN_MODULE);
    for name in path.split('.') {
        let name = vm.names.find(name.as_bytes())?;
        owner = attribute(vm, owner, name)?;
        vm.root(owner);
    }
    Some(owner)
}

/// An attribute if there is one; getting it may fail in any way.
fn attribute(vm: &mut Vm, owner: Value, name: Qstr) -> Option<Value> {
    if owner == vm.pinned(MAIN_MODULE)
        && let Some(v) = vm.dict_get(vm.pinned(MAIN_DICT), name)
    {
        return Some(v);
    }
    match vm.get_attr_maybe(owner, name) {
        Ok(v) => Some(v).filter(|v| !v.is_null()),
        Err(Raised) => {
            vm.pending = Value::NULL;
            None
        }
    }
}

fn attributes(vm: &mut Vm, owner: Value, part: &str) -> Vec<String> {
    let mut names = fitting(vm, part);
    names.retain(|&name| {
        let mark = vm.mark();
        let found = attribute(vm, owner, name).is_some();
        vm.release(mark);
        found
    });
    texts(vm, &names)
}

fn modules(vm: &mut Vm, part: &str) -> Vec<String> {
    let mut names = fitting(vm, part);
    names.retain(|&name| vm.rom.find_module(name).is_some());
    texts(vm, &names)
}

/// All names known to the board that begin so, in the firmware's order: those that never change
/// their number, its other ones by the alphabet, then the program's as they came up.
fn fitting(vm: &Vm, part: &str) -> Vec<Qstr> {
    let fixed = |name: &[u8]| {
        coil_mpy::STATIC_NAMES
            .iter()
            .position(|fixed| fixed.as_bytes() == name)
            .unwrap_or(usize::MAX)
    };
    let mut names: Vec<Qstr> = vm
        .names
        .all()
        .filter(|&q| {
            let name = vm.names.get(q);
            let is_hidden = part.is_empty() && name.starts_with(b"_");
            !name.is_empty() && name.starts_with(part.as_bytes()) && !is_hidden
        })
        .collect();
    names.sort_by_cached_key(|&q| {
        let name = vm.names.get(q);
        let own = !vm.names.is_firmware(q);
        (fixed(name), own, if own { Vec::new() } else { name.to_vec() })
    });
    names
}

fn texts(vm: &Vm, names: &[Qstr]) -> Vec<String> {
    names
        .iter()
        .filter_map(|&q| core::str::from_utf8(vm.names.get(q)).ok())
        .map(Into::into)
        .collect()
}

/// Names in columns, each row begun with a new line.
fn rows(names: &[String]) -> String {
    let mut text = String::new();
    let mut width = ROW;
    for name in names {
        let mut gap = width.next_multiple_of(SLOT) - width;
        if gap < 2 {
            gap += SLOT;
        }
        if width + gap + name.len() <= ROW {
            text.extend(core::iter::repeat_n(' ', gap));
            width += gap + name.len();
        } else {
            text.push('\n');
            width = name.len();
        }
        text.push_str(name);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn long_names_take_two_slots_and_rows_are_full_at_64() {
        let names = ["a", "fifteen_letters", "b", "c", "d"].map(Into::into);
        let wanted = "\na               fifteen_letters                 b\nc               d\n";
        assert_eq!(rows(&names), wanted);
    }
}
