//! The cloud as its clients see it.

mod m2x;
mod support;
mod wire;
