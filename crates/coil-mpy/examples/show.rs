//! Shows the code that a file of mpy-cross becomes.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("a file is needed")?;
    let module = coil_mpy::load(&std::fs::read(path)?, coil_mpy::Target { arch: 0 })?;
    print!("{}", coil_compiler::bytecode::disassemble(&module.unit));
    Ok(())
}
