//! Error numbers and their names, as the current firmware prints them; other editions have their own table (newlib's numbers).

/// Number and name, as in the `errno` module. The compiler puts the numbers in place of `errno.NAME`.
pub use coil_compiler::ERRNO as TABLE;

/// The name of an error number in a table.
pub fn name(table: &[(&'static str, i64)], number: i64) -> Option<&'static str> {
    table.iter().find(|e| e.1 == number).map(|e| e.0)
}
