//! The MicroPython language: objects, builtins, interpreter.
#![no_std]
extern crate alloc;
