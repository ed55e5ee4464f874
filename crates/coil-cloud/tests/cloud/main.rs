//! The cloud as its clients see it.

mod beside;
mod m2x;
mod support;
mod wire;
