//! The air from outside: boards on it, services behind it, all in virtual time.

mod lab;
mod network;
