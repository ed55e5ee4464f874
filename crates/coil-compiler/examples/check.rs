//! Compiles the files named on standard input and prints what becomes of each.
#![allow(clippy::print_stdout, reason = "this is what the example is for")]

use std::io::BufRead as _;

use coil_compiler::{Options, bytecode, compile};

fn main() {
    for path in std::io::stdin().lock().lines().map_while(Result::ok) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let source = String::from_utf8_lossy(&bytes);
        match compile(&source, &Options::default()) {
            Ok(unit) => match bytecode::verify(&unit) {
                Ok(()) => println!("OK"),
                Err(error) => println!("BAD {error}"),
            },
            Err(e) => println!("{}\t{}\t{}", e.kind.exception(), e.message, e.line),
        }
    }
}
