//! ampy: all its commands.

use super::{Bare, or_skip, transcript::Place};
use crate::support::tool;

#[test]
fn all_of_ampy_s_commands_do_their_work() {
    or_skip!(tool("ampy"));
    let board = Bare::start();
    let place = Place { dir: board.path(), names: vec![("tty", board.tty())] };
    place.play(include_str!("ampy.txt"));
}
