//! MicroPython's portable modules.
//!
//! A file per module; a new one is a file, a `mod` line and a row in [`ALL`]. Must not know the board.
#![no_std]
extern crate alloc;

pub mod args;
pub mod binascii;
pub mod btree;
pub mod cmath;
pub mod collections;
pub mod cryptolib;
pub mod deflate;
pub mod errno;
pub mod framebuf;
pub mod gc;
pub mod hashlib;
pub mod heapq;
pub mod io;
pub mod json;
pub mod marshal;
pub mod math;
pub mod micropython;
pub mod platform;
pub mod random;
pub mod re;
pub mod select;
pub mod stream;
pub mod string;
pub mod structs;
pub mod sys;
pub mod time;
pub mod uctypes;
pub mod weakref;

use coil_vm::rom::ModuleDef;

/// Every portable module.
pub static ALL: &[&ModuleDef] = &[
    &coil_vm::objects::array::MODULE,
    &binascii::MODULE,
    &btree::MODULE,
    &cmath::MODULE,
    &collections::MODULE,
    &cryptolib::MODULE,
    &deflate::MODULE,
    &errno::MODULE,
    &framebuf::MODULE,
    &gc::MODULE,
    &hashlib::MODULE,
    &heapq::MODULE,
    &io::MODULE,
    &json::MODULE,
    &marshal::MODULE,
    &math::MODULE,
    &micropython::MODULE,
    &platform::MODULE,
    &random::MODULE,
    &re::MODULE,
    &select::MODULE,
    &string::MODULE,
    &structs::MODULE,
    &sys::MODULE,
    &time::MODULE,
    &uctypes::MODULE,
    &weakref::MODULE,
];
