//! MicroPython's portable modules.
#![no_std]
extern crate alloc;
