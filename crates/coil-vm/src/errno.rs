//! Error numbers and their names, as the current firmware prints them (newlib's numbers).

/// Number and name, as in the `errno` module. The compiler puts the numbers in place of `errno.NAME`.
pub use coil_compiler::ERRNO as TABLE;

/// The name of an error number.
pub fn name(number: i64) -> Option<&'static str> {
    TABLE.iter().find(|e| e.1 == number).map(|e| e.0)
}
