//! The program as its users meet it: its own commands, and the real tools on its ports.
//!
//! The tools come from the virtual environments that `COIL_TOOLS`, `COIL_ESPTOOL4` and `COIL_M2X_MQTT` name, and espflash from the folder `COIL_ESPFLASH`;
//! `cargo xtask test` makes them.

mod as_usb;
mod capture;
mod circuit;
mod cloud;
mod commands;
mod desk;
mod esptool;
mod explain;
mod fault;
mod image;
mod join;
mod learn;
mod learner;
mod mqtt;
mod outside;
mod packages;
mod pytest;
mod recording;
mod stubs;
mod support;
mod testing;
mod tools;
mod trace;
mod webrepl;
