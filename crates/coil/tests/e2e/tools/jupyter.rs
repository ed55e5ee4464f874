//! The MicroPython kernel for Jupyter: cells in a notebook, files from it, a program that is interrupted.

use super::{Bare, or_skip, python};
use crate::support::tool;

#[test]
fn cells_of_a_notebook_run_on_the_board() {
    or_skip!(tool("python"));
    let board = Bare::start();
    let data: Vec<u8> = (0..=255).cycle().take(1024).collect();
    std::fs::write(board.path().join("data.bin"), &data).expect("written");
    let dir = board.path().display().to_string();
    let cells = include_str!("jupyter.txt").replace("{tty}", &board.tty()).replace("{dir}", &dir);
    assert_eq!(python(include_str!("jupyter.py"), &[], &cells), "done\n");
    assert_eq!(std::fs::read(board.path().join("back.bin")).expect("fetched"), data);
}
