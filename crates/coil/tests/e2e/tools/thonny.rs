//! Thonny's back end for the ESP32: all that its window asks of a board, at its serial port and over WebREPL.

use super::{Bare, or_skip, python};
use crate::support::tool;
use crate::webrepl::{PASSWORD, Served};

fn dialog(body: &str, args: &[&str]) {
    let program = [include_str!("thonny_backend.py"), body].concat();
    assert_eq!(python(&program, args, ""), "done\n");
}

#[test]
fn thonny_s_back_end_does_all_that_its_window_asks() {
    or_skip!(tool("python"));
    let board = Bare::start();
    dialog(include_str!("thonny.py"), &[&board.tty()]);
}

#[test]
fn thonny_s_back_end_does_it_over_webrepl_too() {
    or_skip!(tool("python"));
    let board = Served::start();
    dialog(include_str!("thonny_webrepl.py"), &[&format!("ws://{}", board.address), PASSWORD]);
}
