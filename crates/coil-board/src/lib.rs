//! A virtual ESP32: chip, firmware modules, boot, flash, REPL.
//!
//! Owns what is on the board; must not know sockets, files or clocks of the host. All of these
//! come in through [`coil_vm::Port`] and the traits of [`outside`].
#![no_std]
extern crate alloc;

pub mod board;
pub mod chip;
mod dupterm;
pub mod flash;
mod frozen;
pub mod idf_heap;
pub mod loader;
pub mod look;
pub mod modules;
pub mod outside;
pub mod profile;
mod readline;
pub mod repl;
mod rom;
pub mod vfs;

pub use board::{Board, Outcome, Setup};
pub use profile::{Button, Device, Era, Header, Profile, Shape};
