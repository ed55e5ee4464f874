//! rshell: its commands from a file, files there and back, and its way to the prompt.

use super::{Bare, or_skip, transcript::Place};
use crate::support::tool;

#[test]
fn all_of_rshell_s_commands_do_their_work() {
    or_skip!(tool("rshell"));
    let board = Bare::start();
    let place = Place { dir: board.path(), names: vec![("tty", board.tty())] };
    place.play(include_str!("rshell.txt"));
}
