//! What the type stubs of a real board name is there, or listed with a reason.

use crate::support::{COIL, run_tool, text, tool};
use std::path::Path;

#[test]
fn a_board_has_what_the_stubs_of_a_real_one_name() {
    let Some(python) = tool("python") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e");
    let [script, list] = ["stubs.py", "stubs.txt"].map(|f| folder.join(f).display().to_string());
    let out = run_tool(&python, &[&script, COIL, &list]);
    assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
}
