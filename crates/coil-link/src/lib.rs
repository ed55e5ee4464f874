//! The host's side of a board's wire: pty, REPL, files, flashing.
