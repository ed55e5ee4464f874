//! Values, arena and collector of the MicroPython machine.
#![no_std]
extern crate alloc;
