//! The project's own chores: checks, benchmarks.
fn main() {}
