//! The air from outside: boards on it, services behind it, in virtual time but for the bridge.

mod bridged;
mod lab;
mod network;
mod services;
