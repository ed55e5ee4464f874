//! Compiles a file (or standard input) and prints its bytecode.
#![allow(clippy::print_stdout, reason = "this is what the example is for")]

use std::io::Read as _;

use coil_compiler::{Options, bytecode, compile};

fn main() {
    let mut source = String::new();
    let read = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path).map(|text| source = text),
        None => std::io::stdin().read_to_string(&mut source).map(|_| ()),
    };
    if let Err(error) = read {
        eprintln!("{error}");
        return;
    }
    match compile(&source, &Options::default()) {
        Ok(unit) => {
            println!("{}", bytecode::disassemble(&unit));
            println!("{:?}", bytecode::verify(&unit));
        }
        Err(error) => println!("{error}"),
    }
}
