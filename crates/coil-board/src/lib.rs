//! A virtual ESP32: chip, firmware modules, boot, flash, REPL.
#![no_std]
extern crate alloc;
