//! Thonny's back end for the ESP32: all that its window asks of a board.

use super::{Bare, or_skip, python};
use crate::support::tool;

#[test]
fn thonny_s_back_end_does_all_that_its_window_asks() {
    or_skip!(tool("python"));
    let board = Bare::start();
    assert_eq!(python(include_str!("thonny.py"), &[&board.tty()], ""), "done\n");
}
