//! The program as its users meet it: its own commands, and the real tools on its ports.
//!
//! The tools come from the virtual environment that `COIL_TOOLS` names; `cargo xtask test` makes it.

mod circuit;
mod commands;
mod image;
mod pytest;
mod recording;
mod stubs;
mod support;
mod testing;
mod tools;
mod trace;
mod webrepl;
