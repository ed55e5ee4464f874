//! Runs every script under `conformance/` on a board with an erased flash and compares what it prints
//! with the file beside it, also when memory is collected at every allocation.

mod board;

use board::{Chip, firmware, run};
use coil_testkit::check_scripts;
use std::path::Path;

fn check_all(stress: bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let rom = firmware();
    check_scripts(&folder, |source| {
        let left_out = stress && source.starts_with("# long");
        (!left_out).then(|| run(&rom, &Chip::erased(), source, stress))
    });
}

#[test]
fn every_script_prints_what_the_reference_prints() {
    check_all(false);
}

#[test]
fn every_script_does_so_when_memory_is_collected_at_every_allocation() {
    check_all(true);
}
