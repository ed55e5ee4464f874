//! Files of a board: what is frozen into the firmware, and what is on its flash.

use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::interp::import::Found;
use coil_vm::{Raised, Vm};

/// Python modules that are part of the firmware: name and source.
pub static FROZEN: &[(&str, &str)] = &[];

/// Mounts the file system of the flash; formats an erased one.
pub fn mount_root(_vm: &mut Vm) {}

/// A whole file, if it is there.
pub fn read_file(_vm: &mut Vm, _path: &str) -> Option<Vec<u8>> {
    None
}

/// Finds a module for `import`.
pub fn import(_vm: &mut Vm, path: &str, _dir: Option<&str>) -> Result<Option<Found>, Raised> {
    Ok(FROZEN
        .iter()
        .find(|f| f.0 == path)
        .map(|f| Found::Source(f.1.as_bytes().to_vec(), String::from(f.0) + ".py")))
}
