//! The cloud as its clients see it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api;
mod beside;
mod charts;
mod crash;
mod db_json;
mod hostile;
mod journal;
mod keys;
mod later;
mod m2x;
mod mqtt;
mod packages;
mod seats;
mod support;
mod thingspeak;
mod triggers;
mod wire;
