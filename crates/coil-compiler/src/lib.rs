//! MicroPython source text to verified register bytecode.
//!
//! Owns the grammar and the instruction set; must not know values, heaps or boards.
#![no_std]
extern crate alloc;

pub mod bytecode;
