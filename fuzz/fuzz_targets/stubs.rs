//! `coil_fuzz` owns what is done with the input.
#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| coil_fuzz::run("stubs", input));
