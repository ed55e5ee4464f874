//! Everything a MicroPython-on-ESP32 workshop needs, in one program.
fn main() {}
