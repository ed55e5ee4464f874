//! The air from outside: boards on it, services behind it, in virtual time but for the bridge.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod boards;
mod bridged;
mod faults;
mod fleet;
mod groups;
mod guest;
mod guests;
mod lab;
mod network;
mod outside;
mod services;
